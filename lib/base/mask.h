/*
 * Pseudonyms in place of words that must not be seen: names of hosts,
 * addresses, and whatever patterns match.
 *
 *	connect to db1.example.net (10.0.0.7) failed
 *	connect to host-4k7q (address-m2x9) failed
 *
 * A pseudonym is a kind and letters of an HMAC-SHA-1 of the word: the same
 * word has the same one everywhere, and neither the word nor its place among
 * the others can be told from it by whoever lacks the key.
 *
 * What is masked:
 * - Words, whole: between letters and digits and anything else, in any case
 *   of ASCII letters. db1 is found in app-db1, db1_old and db1.lan, not in
 *   db12; db1.lan also as db1_lan, as names of metrics are written. A word
 *   with letters beyond ASCII is found within others, too.
 * - Hosts below a domain: app9.example.net if example.net is one.
 * - Addresses: IPv4 (also 10-0-0-7, as clouds call their hosts, and
 *   10_0_0_7), IPv6 (RFC 4291, with a zone, and of IPv4), of Ethernet, and of
 *   mail. However one is written, its pseudonym is the same.
 * - Matches of extended regular expressions (regex(7)), with \d and \D too.
 *
 * The longest match counts, and what overlaps becomes one pseudonym, so that
 * no part of a match is left. A pseudonym is not masked again.
 */
#ifndef BASE_MASK_H
#define BASE_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* The worse, the later: of two that match the same, the last one names it. */
enum mask_kind {
	MASK_PATTERN,
	MASK_WORD,
	MASK_USER,
	MASK_HOST,
	MASK_MAIL,
	MASK_ADDRESS,
	MASK_KINDS,
};

struct mask;

/* It lives in the arena, until mask_close(). The key is copied. */
struct mask *mask_open(struct arena *, struct span key);
void mask_close(struct mask *); /* accepts NULL */

/*
 * A word; `same` is the one whose pseudonym it shares, NULL: its own. The
 * first one of a word counts. What stands around its letters and digits is
 * left out of it; one without any is not added.
 */
void mask_word(
    struct mask *, enum mask_kind, const char *word, const char *same);
void mask_domain(struct mask *, const char *domain);

/* One that stays as it is, whatever else is said of it: before the others. */
void mask_spare(struct mask *, const char *word);

void mask_addresses(struct mask *); /* of mail as well */

/* -1: it is none, or could match nothing at all. */
must_use int mask_pattern(struct mask *, const char *regex, struct err *);

/*
 * The text with its pseudonyms: itself if there are none, else of the arena.
 * NULL stays NULL. Not for several threads at once.
 */
const char *mask_text(struct mask *, struct arena *, const char *);

/* Is the whole text one match? For numbers, which otherwise stay. */
bool mask_is_match(struct mask *, const char *);

/* What was masked so far, each as it was first written. */
struct mask_seen {
	enum mask_kind kind;
	const char *word;
};

const struct mask_seen *mask_seen(const struct mask *, size_t *n);

#endif
