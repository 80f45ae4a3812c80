/*
 * Levels across a plot: dashed lines, and over all else what they stand for.
 */
#ifndef CHART_LEVEL_H
#define CHART_LEVEL_H

#include "chart/plot.h"
#include "chart/trace.h"

/* Those outside the frame (the user gave it its ends) are left out. */
void levels_draw(
    struct scene *, const struct frame *, const struct plot_level *, size_t n);
void levels_name(
    struct scene *, const struct frame *, const struct plot_level *, size_t n);

#endif
