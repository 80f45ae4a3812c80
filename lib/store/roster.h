/*
 * The series of one source while a run is stored: found in the order of the
 * run before, which is most often this one's, else by the index.
 */
#ifndef STORE_ROSTER_H
#define STORE_ROSTER_H

#include "store/cohort.h"

struct member {
	const char *metric, *unit; /* NULL: nobody's slot */
};

/* A cohort, and what the run brings for it. */
struct block {
	struct cohort cohort;
	struct member members[COHORT_SLOTS];
	struct hot_row row;
	struct counter *counters; /* of all slots; NULL until asked for */
};

struct roster {
	struct store *st;
	struct arena *arena;
	int64_t source, now, every;
	int64_t today;	      /* from when new cohorts are open */
	struct block *blocks; /* by id */
	size_t n, cap;
	size_t next; /* block × slots + slot where the next one may be */
};

struct place {
	size_t block, slot;
};

must_use int roster_open(struct roster *, struct store *, int64_t source,
    int64_t now, int64_t every, struct err *);
void roster_close(struct roster *);

/*
 * A series by its metric, made if it is new; another unit than it has is
 * noted, if one is given.
 */
must_use int roster_find(struct roster *, const char *metric, const char *unit,
    struct place *, struct err *);

/* What is known of a counter; it is written with the rest. */
must_use int roster_counter(
    struct roster *, const struct place *, struct counter **, struct err *);

/* For a migration: the counters of one cohort. */
must_use int counters_write(struct store *, const struct block *, struct err *);

/* The rows of all that came, into the table hot. */
must_use int roster_write(struct roster *, struct err *);

static inline int64_t roster_series(
    const struct roster *r, const struct place *at)
{
	return slot_series(&r->blocks[at->block].cohort, at->slot);
}

#endif
