/*
 * The straight line through a series that outliers do not bend, and when it
 * reaches a level. Pure.
 *
 * The slope is the median of those between any two points, the level the
 * median of what is left: Theil (A rank-invariant method of linear and
 * polynomial regression analysis, 1950) and Sen (Estimates of the regression
 * coefficient based on Kendall's tau, 1968). More than TREND_POINTS points
 * are first made into as many medians of neighbours, which costs no
 * robustness and is the same every time.
 *
 * How sure the slope is comes from Sen's interval of 95 % over Kendall's S,
 * whose variance is multiplied, as by Yue and Wang (The Mann-Kendall test
 * modified by effective sample size, 2004), because neighbouring values are
 * alike: fewer of them are independent. A slope that could be zero by it is
 * no trend. Of made-up series without one 2 to 8 in a hundred pass for one all
 * the same; of those that wander (autocorrelation 0.97, 30 to 120 values) 18
 * to 29: what has no aim seems to have one for a while.
 *
 * It knows nothing of days or seasons: what swings around the line, for
 * whatever cause, is its spread.
 */
#ifndef FORECAST_TREND_H
#define FORECAST_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/series.h"

#define TREND_POINTS 300
#define TREND_LEAST  10 /* points that a trend takes */
#define TREND_AHEAD  5	/* looked ahead as many times as looked back */

enum trend_course { TREND_TOO_FEW, TREND_FLAT, TREND_RISES, TREND_FALLS };

struct trend {
	enum trend_course course;
	size_t n;
	int64_t from, to;		     /* first and last point */
	double level;			     /* of the line at `to` */
	double slope, slope_low, slope_high; /* per second */
	double low, high; /* four fifths keep within level + low..high */
};

/* Points rise in time; those that are not within ±1e300 do not count. */
struct trend trend_fit(struct arena *, const struct point *, size_t n);

/* The line and its band at a time; the slope's doubt grows with distance. */
struct trend_value {
	double mean, low, high;
};

struct trend_value trend_at(const struct trend *, int64_t ts);

enum reach_state {
	REACH_UNKNOWN, /* too few points */
	REACH_FLAT,    /* no trend */
	REACH_AWAY,    /* it goes the other way */
	REACH_FAR,     /* farther than TREND_AHEAD times what is known */
	REACH_IN,
};

/* Seconds from now; latest may be INFINITY. */
struct trend_reach {
	enum reach_state state;
	double in, soonest, latest;
};

struct trend_reach trend_reach(const struct trend *, double level, int64_t now);

#endif
