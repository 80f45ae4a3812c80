/*
 * Cohorts: up to 64 series of one source, which are stored and closed
 * together. A series' number is its cohort's × 64 plus its slot.
 *
 * What a run brought for a cohort is one row of the table hot: the values by
 * slot, and those samples that bear times of their own. Rows from hot_from
 * on are not yet in chunks; those before it are only waiting to be removed,
 * which is done for all cohorts of a lane together. A source that is asked
 * more rarely than each ten minutes has a lane of its own, as its cohorts
 * are closed by day.
 */
#ifndef STORE_COHORT_H
#define STORE_COHORT_H

#include "store/pairs.h"
#include "store/store_private.h"

#define COHORT_SLOTS 64
#define COHORT_SHIFT 6

/* More seconds than this between samples: the slow lane. */
#define LANE_EVERY 600

enum lane { LANE_FAST, LANE_SLOW };

struct cohort {
	int64_t id, source;
	int64_t lane;
	int64_t hot_from; /* samples before are in chunks */
	int64_t rolled;	  /* days before are in rollups */
	int64_t kinds;	  /* bits of the kinds of chunk it ever had */
};

static inline int64_t cohort_of(int64_t series)
{
	return series >> COHORT_SHIFT;
}

static inline int64_t slot_series(const struct cohort *c, size_t slot)
{
	return c->id * COHORT_SLOTS + (int64_t)slot;
}

/* *out NULL if there is none. */
must_use int cohort_get(
    struct store *, int64_t id, struct cohort *, bool *found, struct err *);
must_use int cohorts_of_source(struct store *, struct arena *, int64_t source,
    struct cohort **, size_t *n, struct err *);
/* All, by id. */
must_use int cohorts_all(
    struct store *, struct arena *, struct cohort **, size_t *n, struct err *);
must_use int cohort_make(struct store *, int64_t source, int64_t every,
    int64_t now, struct cohort *, struct err *);
must_use int cohort_update(struct store *, const struct cohort *, struct err *);
/* Remembers when a sample was, if its day is closed: see store_oldest(). */
must_use int cohort_note(
    struct store *, const struct cohort *, int64_t ts, struct err *);
/* Into the lane that `every` asks for, with what is hot. */
must_use int cohort_relane(
    struct store *, struct cohort *, int64_t every, struct err *);

/* A sample with a time of its own. */
struct own {
	size_t slot;
	int64_t ts;
	double value;
};

/* One row of the table hot. */
struct hot_row {
	uint64_t present; /* slots that have a value */
	double values[COHORT_SLOTS];
	struct own *own;
	size_t n_own, cap_own;
};

/*
 * What a run brought: over what is there at that time. One from before
 * hot_from (the clock went back) makes hot_from earlier.
 */
must_use int hot_put(struct store *, struct arena *, struct cohort *,
    int64_t at, const struct hot_row *, struct err *);

/*
 * The times of the rows of a lane, known as long as nothing is written; then
 * hot_forget().
 */
must_use int hot_times(
    struct store *, enum lane, const int64_t **, size_t *n, struct err *);
void hot_forget(struct store *);

/* Samples of each slot from the rows in [hot_from, before), tidy. */
must_use int hot_read(struct store *, struct arena *, const struct cohort *,
    int64_t before, struct pairs slots[COHORT_SLOTS], struct err *);

/* The bytes of a row, as they lie in the table. False: not such bytes. */
void hot_encode(const struct hot_row *, int64_t at, struct buf *);
bool hot_decode(struct arena *, struct span, int64_t at, struct hot_row *);
/* Adds its samples to those of the slots; not yet tidy. */
void hot_deal(struct arena *, const struct hot_row *, int64_t at,
    struct pairs slots[COHORT_SLOTS]);

/* Removes rows of a lane from before `bound`, of a few runs. */
must_use int hot_sweep(struct store *, enum lane, int64_t bound, struct err *);

#endif
