/*
 * Filling in: "{name}" in a text becomes a value, escaped for where it
 * lands, so that no name of a host or word of a log can break out. Braces
 * that hold no lower-case word are text, so JSON needs no quoting.
 */
#ifndef NOTIFY_FILL_H
#define NOTIFY_FILL_H

#include "base/buf.h"
#include "conf/node.h"

enum fill_as {
	FILL_TEXT,   /* as it is */
	FILL_JSON,   /* within a JSON string */
	FILL_FORM,   /* percent-encoded: forms and URLs */
	FILL_HEADER, /* one line of printable ASCII */
};

struct fill_value {
	const char *name, *value;
	bool raw; /* not escaped: it is JSON itself */
};

struct fill {
	const struct fill_value *values;
	size_t n;
	enum fill_as as;
	bool entities; /* &, < and > become &amp; and so on, first */
};

/* What has no value stays as it is written. */
void fill_in(const struct fill *, const char *text, struct buf *out);

/* Does the text hold {name}? */
bool fill_has(const char *text, const char *name);

/* Faults for names that are none of these, with "did you mean". */
void fill_check(const struct fill *, const char *text, const char *key,
    const struct node *, struct faults *);

#endif
