/*
 * Keeping labels apart along one axis: each as near as can be to where it
 * wants to be, in the order that they came in.
 */
#ifndef CHART_SPREAD_H
#define CHART_SPREAD_H

#include <stdbool.h>
#include <stddef.h>

/* Labels an even height can hold between lo and hi. */
size_t spread_room(double height, double lo, double hi);

/*
 * at[] comes rising and goes rising, at least `height` apart and within
 * lo..hi (their middles); the sum of the squares of what they are moved is
 * the least. False, and nothing moved, if they do not fit.
 */
bool spread(double *at, size_t n, double height, double lo, double hi);

#endif
