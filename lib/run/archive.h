/*
 * The archive: snapshots in the output directory, in snapshots/, and the page
 * that lists them.
 *
 * It is what its files are: those that were removed, or copied there, count
 * from the next run on. What makes one appear in it is a rename, so that a
 * kill leaves all of a snapshot or nothing.
 *
 * The public output has none: what is taken is of all that there is.
 */
#ifndef RUN_ARCHIVE_H
#define RUN_ARCHIVE_H

#include "run/snapshot.h"

#define ARCHIVE_FOLDER "snapshots"
#define ARCHIVE_INDEX  ARCHIVE_FOLDER "/index.html"

struct archive_taken {
	const char *path;    /* in the output directory: "snapshots/….html" */
	const char *warning; /* limits that can't be kept, or NULL */
};

/*
 * Takes a snapshot of the format into the archive, with its picture, under a
 * name that nothing has; then limits are kept and the list is renewed. The
 * reason is shown there: "by hand", "alert busy on app1/cpu"; masked, if the
 * snapshot is. The texts live in the plan's arena.
 */
must_use int archive_take(const struct plan *, struct store *,
    const struct run_snapshot *, const char *reason, struct archive_taken *,
    struct err *);

/*
 * Keeps the limits, and renews the list if anything has changed; nothing if
 * there is no archive. It costs a look at the directory. `data` has
 * templates/ and assets/.
 */
must_use int archive_tend(
    const struct plan *, const char *data, int64_t now, struct err *);

/*
 * Marks a snapshot, which then stays whatever the limits, or no longer. It is
 * named by its path or by its name there, with or without a suffix.
 */
must_use int archive_mark(const struct plan *, const char *data,
    const char *file, bool marked, int64_t now, struct err *);

/* Where pages find the list, or NULL if there is none. */
const char *archive_link(const struct plan *, struct arena *);

#endif
