/*
 * A time axis in the configured zone (base/clock): ticks at local
 * boundaries from a second to years, and their words.
 *
 * Where clocks go forward, times that do not exist have no tick; where they
 * go back, the repeated hour has ticks only the first time, so that no two
 * ticks read the same. The first tick of a new day, month or year bears the
 * date instead of the time.
 */
#ifndef CHART_AXIS_H
#define CHART_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "chart/scene.h"

struct axis_tick {
	int64_t ts;
	double x;
	const char *text; /* NULL: no room for words */
	bool strong;	  /* a new day, month or year begins here */
};

struct axis {
	struct axis_tick *ticks;
	size_t n, cap;
};

/* Where the axis is drawn, and the words' size. */
struct axis_place {
	double x0, x1;	    /* of from and to */
	double left, right; /* words keep within */
	double size;
	const struct ruler *ruler;
};

/* from < to, else there are no ticks. */
struct axis axis_make(
    struct arena *, int64_t from, int64_t to, const struct axis_place *);

#endif
