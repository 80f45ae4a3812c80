/*
 * Option tables: what a mapping of the configuration may hold, said once.
 *
 * A kind's table binds the configuration to the kind's struct, reports what
 * does not fit, and makes that kind's part of the manual.
 *
 *	static const struct option options[] = {
 *	    {"timeout", OPTION_DURATION, offsetof(struct conf, timeout),
 *		.min = 0.1, .max = 600, .deflt = "10s",
 *		.help = "how long it may take"},
 *	    {0},
 *	};
 */
#ifndef CONF_OPTION_H
#define CONF_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "conf/node.h"

enum option_type {
	OPTION_TEXT,	 /* const char * */
	OPTION_BOOL,	 /* bool: true false yes no */
	OPTION_INT,	 /* int64_t */
	OPTION_NUMBER,	 /* double */
	OPTION_DURATION, /* double, seconds */
	OPTION_SIZE,	 /* uint64_t, bytes */
	OPTION_PATH,	 /* const char *, relative to the file's directory */
	OPTION_CHOICE,	 /* int, position in choices */
	OPTION_LIST,	 /* struct strings; a scalar is a list of one */
	OPTION_MAP,	 /* struct pairs, scalar values, in order */
	OPTION_NODE,	 /* const struct node *, as it is */
};

struct pair {
	const char *key, *value;
};

struct pairs {
	struct pair *items;
	size_t n, cap;
};

struct option {
	const char *key; /* NULL ends a table */
	enum option_type type;
	size_t offset;	     /* of the member in the struct */
	const char *help;    /* one line for the manual, no full stop */
	const char *deflt;   /* as the user would write it; NULL: zero */
	const char *choices; /* "a|b|c" */
	double min, max;     /* of numbers; both 0: any */
	bool required;
};

/* One table and the struct that it binds to. */
struct binding {
	const struct option *options;
	void *out;
};

/*
 * Binds a map to several tables at once: a key belongs to the first table
 * that knows it, one that none knows is a fault with "did you mean", as are
 * a duplicate, a missing required one, and a value that does not fit.
 * Defaults are set first. Members point into the arena of the faults.
 */
void option_bind(
    const struct node *map, const struct binding *, size_t n, struct faults *);

/* The reference of one table for broadsheet.yaml(5), in mdoc(7). */
void option_manual(const struct option *, struct buf *);

#endif
