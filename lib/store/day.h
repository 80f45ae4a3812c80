/*
 * What is closed, by the hour while its day is open, then by the day with
 * its rollups. c->kinds may change: cohort_update() is the caller's.
 */
#ifndef STORE_DAY_H
#define STORE_DAY_H

#include "store/chunk.h"
#include "store/cohort.h"

/* Adds the samples in [from, to) that are in chunks, in any order. */
must_use int raw_read(struct store *, struct arena *, const struct cohort *,
    int64_t series, int64_t from, int64_t to, struct pairs *, struct err *);

/* Tidy samples of one hour, into its chunk. */
must_use int hour_merge(struct store *, struct arena *, struct cohort *,
    int64_t series, int64_t hour, const struct pairs *, struct err *);

/*
 * Tidy samples of one day, or none, and those of it that are there, as a
 * closed day; rollups are made anew where the samples are whole.
 */
must_use int day_merge(struct store *, struct arena *, struct cohort *,
    int64_t series, int64_t day, const struct pairs *, struct err *);

/*
 * close.c: tidy samples into the chunks of their hours and days, those that
 * are closed as well.
 */
must_use int series_place(struct store *, struct arena *, struct cohort *,
    int64_t series, const struct pairs *, struct err *);

#endif
