/*
 * What panels show instead of the values themselves: `derive:` and
 * `smooth:`. Pure.
 *
 *	delta	x(i) - x(i-1), at the time of x(i); of percentages in points
 *	rate	(x(i) - x(i-1)) / (t(i) - t(i-1)), per second
 *	smooth	the mean of all x(k) with t - w < t(k) <= t, w being the width:
 *		by time, so it is right with irregular times and after gaps
 *
 * Where points are further apart than the series' gap nothing is derived.
 * Points that stand for buckets count once each, at the bucket's beginning.
 */
#ifndef PANEL_DERIVE_H
#define PANEL_DERIVE_H

#include "panel/panel.h"

enum derive { DERIVE_NONE, DERIVE_RATE, DERIVE_DELTA };

/* Series as panels show them, finite and in view. */
struct derived {
	struct series *series;	 /* smoothed, if that is asked for */
	struct series *measured; /* what they were made of; NULL: the same */
	size_t n;
};

struct derived series_derived(struct arena *, const struct panel_input *);

/* How long before the view their points are wanted, in seconds. */
int64_t derive_reach(const struct panel_common *, int64_t span);

/* Both leave what they are given, and share nothing with it but its names. */
struct series derive_difference(
    struct arena *, const struct series *, enum derive);
struct series derive_mean(struct arena *, const struct series *, int64_t width);

#endif
