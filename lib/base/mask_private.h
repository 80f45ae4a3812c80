/*
 * What the files of the mask share: for lib/base/mask*.c only.
 *
 *	mask.c		what is to be masked, and the pseudonyms
 *	mask_find.c	where it is in a text
 *	mask_address.c	addresses
 *	mask_regex.c	regular expressions
 */
#ifndef BASE_MASK_PRIVATE_H
#define BASE_MASK_PRIVATE_H

#include "base/mask.h"
#include "base/mask_address.h"
#include "base/mask_regex.h"
#include "base/names.h"

extern const char *const mask_kind_words[MASK_KINDS];

struct word {
	enum mask_kind kind;
	const char *text; /* in small letters */
	const char *same;
	size_t n;
	size_t next; /* with the same first part, + 1; or 0 */
	bool spared;
};

struct match {
	size_t from, to;
	enum mask_kind kind;
	bool spared;
	const char *same; /* that its pseudonym is made from */
};

struct mask {
	struct arena *arena;
	struct span key;
	struct word *words;
	size_t n_words, cap_words;
	struct names known; /* words */
	struct names heads; /* their first parts */
	size_t *foreign;    /* words with letters beyond ASCII */
	size_t n_foreign, cap_foreign;
	struct names domains;
	bool addresses;
	regex_t *patterns;
	size_t n_patterns;

	struct names given;   /* pseudonyms: who has it */
	struct names by_word; /* "KIND WORD": its pseudonym */
	const char **pseudonyms;
	size_t n_pseudonyms, cap_pseudonyms;
	struct mask_seen *seen;
	size_t n_seen, cap_seen;
	struct names seen_words;

	struct match *found; /* in the text at hand */
	size_t n_found, cap_found;
};

/* --- mask_find.c */

/* Sets found: all that is to be masked, from left to right, apart. */
bool mask_find(struct mask *, const char *text);

/* In small letters. */
char *mask_lower(struct arena *, const char *, size_t n);

/* As it is compared: in small letters, and whatever is none is a dot. */
const char *mask_folded(struct arena *, const char *, size_t n);

/* How many letters a text begins with. */
size_t mask_head(const char *);

#endif
