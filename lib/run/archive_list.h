/*
 * The archive's directory while it is locked, and the page that lists it: for
 * lib/run/archive*.c only.
 */
#ifndef RUN_ARCHIVE_LIST_H
#define RUN_ARCHIVE_LIST_H

#include "run/archive_shelf.h"
#include "run/stage.h"

/* The directory while it is locked. */
struct archivist {
	const struct plan *plan;
	const char *data;
	int64_t now;
	struct arena *arena;
	const char *dir;
	struct stage *stage;
	struct shelf shelf;
	const char *warning;
};

const char *list_folder(const struct plan *, struct arena *);

/* Locks and reads it, and makes it if it is missing. */
must_use int list_begin(struct archivist *, const struct plan *,
    const char *data, int64_t now, struct err *);
void list_end(struct archivist *); /* also if that failed */

/* Keeps the limits; prints the page if anything has changed. */
must_use int list_renew(struct archivist *, struct err *);

/* The same after files were put or removed. */
must_use int list_read_again(struct archivist *, struct err *);

#endif
