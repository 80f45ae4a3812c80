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

/* Bytes that a source may have kept in its vault. */
#define FETCH_VAULT_MAX (64 * 1024)

/* One source to be fetched in this run, and what became of it. */
struct fetch {
	const char *name;    /* the source's, for user agents and the like */
	const void *conf;    /* the kind's bound options */
	const char *command; /* POSIX sh; NULL if none (exec and ssh only) */
	struct span state;   /* what fetch left as new_state last time */
	struct span vault;   /* what was kept last, by any of its name */
	double timeout;	     /* seconds */
	int64_t now;
	void *owner; /* the caller's */

	/*
	 * Makes these bytes durable before it returns: what must outlive this
	 * process whatever becomes of the source (a token that was changed for
	 * a new one). -1: they were not kept, and `vault` is as before.
	 */
	int (*keep)(struct fetch *, struct span, struct err *);
	void *keeper; /* the caller's */

	int rc;		      /* 0, or -1 with err */
	struct err err;	      /* code is an enum outcome */
	struct buf body;      /* ready, its max is the limit in bytes */
	struct buf new_state; /* ready; left empty: nothing to remember */
	double ms;	      /* how long it took */
	double max_age;	      /* seconds that it may be kept; 0: not said */
	const char *warning;  /* of a good one, NULL: none */

	/* Where the parts of the body end that are decoded one by one. */
	const size_t *ends;
	size_t n_ends; /* 0: it is one */
};

/* Called as each job ends; body and new_state are freed after it returns. */
struct fetch_sink {
	void (*done)(void *ctx, struct fetch *);
	void *ctx;
};

/*
 * One-time consent of a person in a browser: begin() makes the address to be
 * opened there, end() takes what came back (the whole address that the browser
 * was sent to, its query, or the code alone) and makes the new contents of the
 * vault. Neither reads or writes the store.
 */
struct consent {
	const char *address;
	const char *redirect; /* where the browser is sent back to */
	int port;	   /* of the redirect, if it is this machine's; or 0 */
	const char *path;  /* of the redirect */
	const char *state; /* what comes back with the code */
};

struct consent_given {
	struct buf vault;      /* ready; what is to be kept */
	const char *missing;   /* scopes that were asked for in vain, or NULL */
	int64_t refresh_until; /* 0: not known */
};

struct source_login {
	/* -1: this source needs no consent, or lacks what it takes. */
	int (*begin)(
	    const void *conf, struct arena *, struct consent *, struct err *);
	int (*end)(const void *conf, struct arena *, const struct consent *,
	    const char *answer, int64_t now, struct consent_given *,
	    struct err *);
};

/* The options of a mapping within a source: "paging". The list ends with a
 * NULL name. */
struct source_part {
	const char *name, *help;
	const struct option *options;
};

struct source_kind {
	const char *name; /* the key that chooses the kind: "ssh" */
	const char *help; /* one line for the manual */
	const struct option *options;
	const struct source_part *parts; /* of the manual; NULL: none */
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

	/*
	 * The name of what its sources keep (struct fetch): those with the
	 * same one share it, and a child. NULL from it, or no function: none.
	 */
	const char *(*vault)(const void *conf, struct arena *);

	/* How a person gives access to it; NULL: not of this kind. */
	const struct source_login *login;

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
