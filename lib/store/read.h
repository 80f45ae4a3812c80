/*
 * Reading a series back, from hot rows, open hours, chunks and rollups.
 */
#ifndef STORE_READ_H
#define STORE_READ_H

#include "store/chunk.h"
#include "store/cohort.h"

/*
 * A series' cohort with what is hot of it, kept while nothing is written:
 * panels ask for one series of a source after the other.
 */
struct warm {
	struct cohort cohort;
	struct pairs slots[COHORT_SLOTS];
};

/* *out NULL if there is no such cohort. */
must_use int warm_get(
    struct store *, int64_t series, const struct warm **, struct err *);
void warm_forget(struct store *);

/* Samples in [from, to], tidy. */
must_use int series_samples(struct store *, struct arena *, int64_t series,
    int64_t from, int64_t to, struct pairs *, struct err *);

/*
 * Cells of a kind that begin at or before `to` and end after `from`, and
 * where there are none the samples in [from, to] as cells of one; by time.
 */
must_use int series_cells(struct store *, struct arena *, enum chunk_kind,
    int64_t series, int64_t from, int64_t to, struct cells *, struct err *);

/*
 * All that is known of [from, to]: samples as cells of one, and where they
 * are gone the finest cells that are left; by time.
 */
must_use int series_finest(struct store *, struct arena *, int64_t series,
    int64_t from, int64_t to, struct cells *, struct err *);

/* transfer.c: no series has anything outside; from > to: nothing at all. */
must_use int store_extent(
    struct store *, int64_t *from, int64_t *to, struct err *);

#endif
