/*
 * Snapshots that alerts take by themselves: of what fires, is not muted and
 * has `snapshot`, once the pages are out. One for each page and run, however
 * many fire, into the archive; at most one of a page in
 * `snapshots: min_interval`, which goes for what failed, too. Who fired in
 * between has one after it, if it still fires.
 *
 * The store knows of each alert when it was tried, before that begins, so that
 * a run which is killed by it does not meet it again in the next; and where it
 * is, once it is there. Pages lead there from the next run on.
 */
#ifndef RUN_SNAP_H
#define RUN_SNAP_H

#include "run/plan.h"
#include "store/store.h"

/* What became of one. */
struct snap_event {
	const char *page;	     /* its name */
	const char *path;	     /* where it is; NULL: it could not be */
	const struct err *err;	     /* why not */
	const struct recipient *was; /* failing: since when, or 0 */
};

struct snap_watch {
	void (*taken)(void *ctx, const struct snap_event *);
	void *ctx;
};

/*
 * Takes those that are wanted. What fails is told; -1 only if the store fails.
 * `data` has templates/ and assets/.
 */
must_use int snap_take(const struct plan *, struct store *, const char *data,
    int64_t now, const struct snap_watch *, struct err *);

/* The page that shows most of the alert: the first if none does. */
const struct plan_page *snap_page(const struct plan *, const struct alert *);

#endif
