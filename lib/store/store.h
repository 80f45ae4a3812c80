/*
 * The memory: everything that was collected, and what each source remembers.
 *
 * An interface of few verbs, so that another engine could stand behind it;
 * nothing outside this folder names SQLite. One writer at a time, seen to by
 * the caller's lock; readers at any time. Times are epoch seconds; what is
 * given out lives in the caller's arena.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/outcome.h"
#include "model/reading.h"
#include "model/series.h"

struct store;

/* Opens for writing, made and migrated as needed. */
must_use int store_open(struct store **, const char *path, struct err *);
/* Opens an existing one for reading. */
must_use int store_open_read(struct store **, const char *path, struct err *);
void store_close(struct store *); /* accepts NULL */

/*
 * What one source yielded in one run: committed whole or not at all, state
 * together with the readings that it accounts for.
 */
struct delivery {
	const char *source;
	int64_t now;   /* time of the run */
	int64_t every; /* of the source, seconds */
	enum outcome outcome;
	const char *message, *hint; /* "" if ok */
	double ms;
	uint64_t bytes;
	const struct readings *readings; /* NULL unless ok */
	struct span fetch_state;	 /* kept unless outcome is ok */
};

/*
 * Appends; counters become rates from their last raw value (a reset or a
 * longer gap than 3 × every gives none). A sample of a time that is there
 * already replaces it.
 */
must_use int store_deliver(
    struct store *, const struct delivery *, size_t n, struct err *);

/* What a source remembers; empty spans if nothing. */
struct memory {
	struct span fetch_state;  /* of its transport */
	struct span decode_state; /* of its decoder */
	int64_t tried, last_ok;	  /* last runs that asked, that went well */
	enum outcome outcome;	  /* of the last run that asked */
	int failures;		  /* in a row */
};

must_use int store_memory(struct store *, struct arena *, const char *source,
    struct memory *, struct err *);

/* The run itself: begun, ended, or refused because another held the lock. */
must_use int store_run_begin(struct store *, int64_t now, struct err *);
must_use int store_run_end(
    struct store *, int64_t now, double ms, struct err *);
must_use int store_run_overlap(struct store *, int64_t now, struct err *);

/* Time of the first run (0: none), for "how far back". */
must_use int store_first_run(struct store *, int64_t *, struct err *);

/*
 * Series whose names match a glob, sorted by name, with their points in
 * [from, to] gathered into at most max_points buckets (0: no points, only
 * the last values).
 */
must_use int store_series(struct store *, struct arena *,
    const struct strings *globs, int64_t from, int64_t to, size_t max_points,
    struct series **, size_t *n, struct err *);

/* The newest table of a source at or before `at`; *out NULL if none. */
must_use int store_table(struct store *, struct arena *, const char *source,
    const char *name, int64_t at, struct table **out, int64_t *ts,
    struct err *);

/* The newest `max` lines of the sources in [from, to], oldest first. */
must_use int store_lines(struct store *, struct arena *,
    const struct strings *sources, int64_t from, int64_t to, size_t max,
    struct log_line **, size_t *n, size_t *left_out, struct err *);

/* Every source that was ever asked, as of its last run. */
must_use int store_status(struct store *, struct arena *,
    struct source_status **, size_t *n, struct err *);

/* Spells that are not ok and touch [from, to], oldest first. */
must_use int store_spells(struct store *, struct arena *, int64_t from,
    int64_t to, struct spell **, size_t *n, struct err *);

/* Removes what is older than these ages (seconds; 0: keep), a bit at a time. */
struct keep {
	int64_t samples, lines, tables, ledger;
};

must_use int store_prune(
    struct store *, const struct keep *, int64_t now, struct err *);

#endif
