/*
 * How often a series has values, which is not always as often as its source is
 * asked: a scale that is asked every three hours is stood on once a day, and
 * of history from elsewhere nobody knows.
 */
#ifndef PANEL_PACE_H
#define PANEL_PACE_H

#include "base/arena.h"
#include "model/series.h"

/*
 * The distance of a series' points that nine in ten do not exceed, seconds;
 * 0 with fewer than two points.
 */
int64_t series_pace(struct arena *, const struct series *);

/* Sets `every` to the pace, if that is so much longer that lines would break */
void series_keep_pace(struct arena *, struct series *);

#endif
