/*
 * Text: bounded, validated, parsed strictly.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Bytes somewhere, not owned, not NUL-terminated. */
struct span {
	const char *p;
	size_t n;
};

/* A list of texts. */
struct strings {
	const char **items;
	size_t n, cap;
};

void strings_add(struct arena *, struct strings *, const char *);

bool str_eq(const char *, const char *); /* NULL equals only NULL */
bool str_starts(const char *s, const char *prefix);

/*
 * Shell pattern over a whole name; '*' crosses '/'. A pattern also matches
 * the name that is just the same, so that any name can be given as it is.
 */
bool str_glob(const char *pattern, const char *name);

/* Does any of the patterns match? An empty list matches nothing. */
bool str_glob_any(const struct strings *patterns, const char *name);

/* The next line of *rest without its LF or CRLF; false at the end. */
bool str_line(struct span *rest, struct span *line);

struct span str_trim(struct span);
bool span_eq(struct span, const char *);

/*
 * Numbers as people and programs write them: decimal, optional sign,
 * fraction and exponent, nothing before or after. NaN and infinities are
 * refused unless by str_real().
 */
bool str_number(const char *, double *out);
bool str_real(const char *, double *out); /* also NaN, Inf, +Inf, -Inf */
bool str_int(const char *, int64_t *out);

/* "90", "90s", "500ms", "15m", "3h", "14d", "2w", "1mo", "1y" in seconds. */
bool str_duration(const char *, double *seconds);

/* "512", "64KB", "1MB", "2GB" (powers of 1024) in bytes. */
bool str_size(const char *, uint64_t *bytes);

/* A number, "75%", a size ("4GB") or a length of time ("90s"). */
bool str_quantity(const char *, double *out);

bool str_utf8_valid(const char *, size_t n);

/*
 * Text fit to be shown: valid UTF-8 (bad bytes become U+FFFD), ANSI escape
 * sequences removed, tabs to a space, line feeds left as they are, other
 * control characters and those that turn text around (bidi overrides) to
 * U+FFFD, at most max bytes, never cut inside a character.
 */
char *str_clean(struct arena *, const char *, size_t n, size_t max);

/* The same into dst of size bytes (NUL included). */
void str_clean_into(char *dst, size_t size, const char *, size_t n);

/* Would str_clean() leave it as it is? */
bool str_is_clean(const char *, size_t n);

/* Line feeds to spaces, in place. */
void str_one_line(char *);

/* Length of the text without a character that n cuts in the middle. */
size_t str_whole(const char *, size_t n);

/* The same number for the same text, always (FNV-1a). */
uint32_t str_hash(const char *);

/* The candidate nearest in spelling, or NULL if none is near. */
const char *str_nearest(const char *word, const struct strings *candidates);

/*
 * Lower-case letters, digits and dashes only, at most STR_SLUG_MAX of them: a
 * file name or an HTML id.
 */
#define STR_SLUG_MAX 64

char *str_slug(struct arena *, const char *);

/* Percent-encoded, all but what RFC 3986 calls unreserved. */
char *str_percent(struct arena *, const char *);

#endif
