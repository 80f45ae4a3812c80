/*
 * The explorer's data in the output directory, and what of it is due.
 *
 *	data/explore/index.js		all series; changes once an hour
 *	data/explore/SOURCE-now.js	the last hour and a bit of one source;
 *					every run
 *	data/explore/SERIES-day.js	25 hours as sampled; hourly
 *	data/explore/SERIES-month.js	32 days by the hour; twice a day
 *	data/explore/SERIES-all.js	everything, in at most EXPLORE_POINTS
 *	data/explore/SERIES.csv		the same, for people; daily
 *
 * So that a run writes a sixtieth of the series, and not all at once, each
 * has turns of its own, by a hash of its name; each level reaches further
 * back than the time between two of its turns, and the file before it bridges
 * the rest. The dates of the files are the memory of all this: one that is
 * missing, or dated before its last turn (or after now), is due. Files of
 * series that are gone are removed after two days.
 */
#ifndef RUN_EXPLORE_H
#define RUN_EXPLORE_H

#include "base/arena.h"
#include "run/plan.h"
#include "run/stage.h"
#include "store/store.h"

#define EXPLORE_FOLDER "data/explore"

/* The most points of any level of one series. */
#define EXPLORE_POINTS 1600

struct explorer {
	const struct plan *plan;
	struct store *store;
	int64_t now;
	struct series *series; /* all, with their newest points */
	size_t n;
	bool left; /* some series had to wait for the next run */
};

/* Reads the newest points of all series, into the arena. */
must_use int explore_gather(const struct plan *, struct store *, int64_t now,
    struct arena *, struct explorer *, struct err *);

/* Puts what is due. */
must_use int explore_put(struct explorer *, struct stage *, struct err *);

/* After the stage's commit: removes, once an hour, what has gone. */
must_use int explore_sweep(
    const struct explorer *, struct stage *, struct err *);

/*
 * Has a turn come since `written` (0: never)? Turns are `period` seconds
 * apart, shifted by a hash of the name.
 */
bool explore_due(
    const char *name, int64_t period, int64_t written, int64_t now);

#endif
