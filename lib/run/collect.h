/*
 * Collecting: a child process for every endpoint, a bounded number at once,
 * under one deadline. What hangs, floods or crashes costs its endpoint.
 */
#ifndef RUN_COLLECT_H
#define RUN_COLLECT_H

#include "run/plan.h"
#include "run/wire.h"
#include "store/store.h"

/* One source that is asked in this run. */
struct job {
	const struct plan_source *source;
	struct memory memory;
	const char *vault;	  /* its name, NULL: none */
	struct span kept;	  /* what is in it */
	struct delivery delivery; /* what became of it; only for the sink, */
	struct readings readings; /* while it is told */
	bool ended;
};

/* The sources that are due, with what the store remembers of them. */
must_use int collect_due(const struct plan *, struct store *, int64_t now,
    bool all, struct arena *, struct job **, size_t *n, struct err *);

/* What the store remembers of the job's source, vault included. */
must_use int collect_remember(
    struct store *, struct job *, struct arena *, struct err *);

struct collect_sink {
	/* Gets the jobs of one endpoint as soon as all have ended. */
	int (*deliver)(
	    void *ctx, const struct delivery *, size_t n, struct err *);
	/* Makes the contents of a vault durable. */
	int (*keep)(void *ctx, const char *vault, struct span, struct err *);
	/* May be NULL: so many of all have ended. */
	void (*progress)(void *ctx, size_t ended, size_t all);
	void *ctx;
};

/*
 * Asks all the jobs and delivers each once, whatever became of it. Ends by
 * the deadline (seconds from now). -1 only if delivering failed.
 */
must_use int collect_jobs(const struct plan *, struct job *, size_t n,
    int64_t now, double deadline, const struct collect_sink *, struct err *);

/*
 * In the child: fetches and decodes jobs of one endpoint and writes a message
 * for each to fd, where it also asks for what must be kept at once. Returns the
 * child's exit status.
 */
int collect_child(
    struct job *const *jobs, size_t n, int64_t now, double deadline, int fd);

#endif
