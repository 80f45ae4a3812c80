/*
 * Sources: how bytes are fetched. A kind is one file, which ends in its
 * `const struct source_kind`, and one line in kinds.h.
 *
 * fetch() runs in a child of its own process group that may be killed at any
 * moment, so it is plain blocking code. It knows nothing of stores or pages.
 *
 * Duties of every kind: keep each job's timeout and limit; put an enum
 * outcome into err->code and a sentence without the source's name into
 * err->text; treat all that comes from outside as hostile.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/option.h"
#include "model/outcome.h"

/* One source to be fetched in this run, and what became of it. */
struct fetch {
	const char *name;    /* the source's, for user agents and the like */
	const void *conf;    /* the kind's bound options */
	const char *command; /* POSIX sh; NULL if none (exec and ssh only) */
	struct span state;   /* what fetch left as new_state last time */
	double timeout;	     /* seconds */
	int64_t now;
	void *owner; /* the caller's */

	int rc;		      /* 0, or -1 with err */
	struct err err;	      /* code is an enum outcome */
	struct buf body;      /* ready, its max is the limit in bytes */
	struct buf new_state; /* ready; left empty: nothing to remember */
	double ms;	      /* how long it took */
};

/* Called as each job ends; body and new_state are freed after it returns. */
struct fetch_sink {
	void (*done)(void *ctx, struct fetch *);
	void *ctx;
};

struct source_kind {
	const char *name; /* the key that chooses the kind: "ssh" */
	const char *help; /* one line for the manual */
	const struct option *options;
	size_t conf_size;

	/* Most jobs that one child may take. */
	size_t batch;

	/*
	 * Sources with equal endpoints share a child (and a connection). NULL
	 * from it, or no function: a child of its own.
	 */
	const char *(*endpoint)(const void *conf, struct arena *);

	/* Faults that the table can't see; may complete conf. May be NULL. */
	void (*check)(void *conf, const struct node *, struct faults *);

	/* The only decoder of its bytes, where that is so; else NULL. */
	const char *decoder;

	/* Does it run shell commands (run:, tail:, decode: linux)? */
	bool commands;

	/* Fetches n jobs that share an endpoint; done() once for each. */
	void (*fetch)(struct fetch *jobs, size_t n, const struct fetch_sink *);
};

/* By name; NULL if there is none. The table ends with NULL. */
const struct source_kind *source_kind(const char *name);
extern const struct source_kind *const source_kinds[];

#endif
