/*
 * Snapshots: one page of one moment, as a file that can leave the machine.
 */
#ifndef RUN_SNAPSHOT_H
#define RUN_SNAPSHOT_H

#include "base/buf.h"
#include "run/plan.h"

struct run_snapshot {
	const char *data;      /* the directory of templates/ and assets/ */
	int64_t now;	       /* the moment that it shows */
	int64_t taken;	       /* the time now */
	bool past;	       /* they differ */
	const char *page;      /* NULL: the first */
	struct strings panels; /* globs of their titles and ids; none: all */
	size_t max_size;       /* bytes */
};

/*
 * Appends the file. The page has the first of its periods: see plan_narrow().
 * A page or panel that is not there is an error with its name.
 */
must_use int run_snapshot(const struct plan *, struct store *,
    const struct run_snapshot *, struct buf *, struct err *);

#endif
