/*
 * A run: the stages in their order. The only callers are the verbs.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "run/collect.h"
#include "run/plan.h"

/* A source that began to fail in this run, or ended. */
struct change {
	const char *source;
	bool fails;
	const char *message, *hint; /* of what began, or of what ended */
	int64_t since;		    /* when what ended had begun */
};

struct run_watch {
	void (*changed)(void *ctx, const struct change *);
	void (*progress)(void *ctx, size_t ended, size_t all); /* or NULL */
	void *ctx;
};

struct run_result {
	size_t asked, failed;
	bool reauth; /* one of them needs to be authorised again */
	size_t hot;  /* alerts that fire, once run_judge() was called */
};

/* Asks what is due (or all) and stores what it yields. */
must_use int run_collect(const struct plan *, struct store *, int64_t now,
    bool all, const struct run_watch *, struct run_result *, struct err *);

/* Judges what was stored since the last time. */
must_use int run_judge(const struct plan *, struct store *, int64_t now,
    struct run_result *, struct err *);

/* Where the program's own files are, and how long the run took so far. */
struct run_print {
	const char *data; /* the directory of templates/ and assets/ */
	int64_t now;	  /* the moment that the pages show */
	double started;	  /* clock_monotonic() */
	int64_t past;	  /* the time now, if that is another; or 0 */
};

/* What became of the panels of all pages. */
struct run_printed {
	size_t drawn;
	size_t kept;   /* as they were in the last run */
	size_t shared; /* as they are for another period of their page */
};

/* Composes the report and publishes it. */
must_use int run_print(const struct plan *, struct store *,
    const struct run_print *, struct run_printed *, struct err *);

/*
 * Puts a notice into the pages that are there, when no new ones can be
 * printed: the first of the faults, or the error. 1 if the index page had it
 * already, so that it need not be said again; else 0, also where no page can
 * be found.
 */
int run_notice(const struct plan *, const struct faults *, const struct err *);

#endif
