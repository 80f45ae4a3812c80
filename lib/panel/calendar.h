/*
 * Units of the calendar in the configured zone, and what a series comes to
 * in each of them. Days begin at local midnight, weeks on Monday. Pure.
 */
#ifndef PANEL_CALENDAR_H
#define PANEL_CALENDAR_H

#include <stdint.h>

#include "base/arena.h"
#include "model/series.h"

enum calendar {
	CALENDAR_NONE,
	CALENDAR_DAY,
	CALENDAR_WEEK,
	CALENDAR_MONTH,
	CALENDAR_YEAR,
};

/* For options of this name: in the order of the enum. */
#define CALENDAR_CHOICES "none|day|week|month|year"

const char *calendar_word(enum calendar);

/* About how long, in seconds; no unit is longer by a twelfth. */
int64_t calendar_length(enum calendar);

/* The beginning of the unit that a moment is in, and of the one after it. */
int64_t calendar_floor(enum calendar, int64_t ts);
int64_t calendar_next(enum calendar, int64_t ts);

/* "Mon 16 Nov 2026", "week of 16 Nov 2026", "November 2026", "2026" */
const char *calendar_words(struct arena *, enum calendar, int64_t ts);

/* The finest unit from this one on of which a span has no more than so many. */
enum calendar calendar_coarsen(enum calendar, int64_t span, size_t max);

/*
 * What the values in [from, to) come to. A point that stands for a bucket
 * counts as one value in mean, min, max and last, in sum and count as often
 * as a value was due in it. `change` is the last value less the last one
 * before `from`, unless that is more than `reach` seconds older than that.
 * NaN: there is no value.
 */
enum aggregate {
	AGGREGATE_SUM,
	AGGREGATE_MEAN,
	AGGREGATE_MAX,
	AGGREGATE_MIN,
	AGGREGATE_LAST,
	AGGREGATE_CHANGE,
	AGGREGATE_COUNT,
};

#define AGGREGATE_CHOICES "sum|mean|max|min|last|change|count"

const char *aggregate_word(enum aggregate);

double aggregate_of(enum aggregate, const struct series *, int64_t from,
    int64_t to, int64_t reach);

#endif
