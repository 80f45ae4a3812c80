/*
 * When a report is due, and of which time it is: a day, a week (from Monday)
 * or a month of the calendar, in the configured zone, which is over. Days when
 * clocks are changed have 23 or 25 hours. Pure.
 */
#ifndef RUN_SCHEDULE_H
#define RUN_SCHEDULE_H

#include <stdint.h>

#include "panel/calendar.h"

struct schedule {
	enum calendar every; /* day, week or month */
	int64_t length;	     /* seconds that it reaches back; 0: the period */
	int minute;	     /* of the local day when it is due */
	int day; /* days after the first of the period in which it is due; in
		    a month that is too short its last day */
};

struct term {
	int64_t from, to; /* of what it is about: [from, to) */
	int64_t due;	  /* a minute that DST skips or repeats: as
			     clock_instant() */
};

/* The newest that is due by now, and the one after it. */
struct term schedule_last(const struct schedule *, int64_t now);
struct term schedule_next(const struct schedule *, int64_t now);

/* The one that ends then, which is an end. */
struct term schedule_term(const struct schedule *, int64_t to);

/* The end before that one. */
int64_t schedule_before(const struct schedule *, int64_t to);

/* "week of 16 Nov 2026"; "30 d to Sun 22 Nov 2026" where it has a length */
const char *schedule_words(
    struct arena *, const struct schedule *, int64_t from, int64_t to);

#endif
