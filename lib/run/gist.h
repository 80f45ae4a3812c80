/*
 * What can be compared of a moment, out of the store.
 */
#ifndef RUN_GIST_H
#define RUN_GIST_H

#include "model/gist.h"
#include "run/plan.h"

/*
 * The window is of this length, unless another was asked for; of a source
 * that is asked less often than three times in it, three times as long as
 * that takes.
 */
#define GIST_WINDOW 3600

struct gist_wanted {
	int64_t at;	/* the store reads as of then */
	int64_t window; /* seconds */
	/*
	 * Only what the panels of the plan's first page ask for, but for
	 * queries; alerts and sources are always all there are.
	 */
	bool page;
};

/* In the arena. */
must_use int gist_gather(const struct plan *, struct store *,
    const struct gist_wanted *, struct arena *, struct gist *, struct err *);

/* -1: the store begins later than the moment; runs or what was imported. */
must_use int gist_reaches(
    struct store *, int64_t at, struct arena *, struct err *);

#endif
