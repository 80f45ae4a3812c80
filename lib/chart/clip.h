/*
 * Lines and polygons cut to a rectangle and rid of what is smaller than a
 * pixel. All in pixels; what comes out lives in the arena.
 */
#ifndef CHART_CLIP_H
#define CHART_CLIP_H

#include <stddef.h>

#include "base/arena.h"
#include "chart/geo.h"

/* Growing points; a NaN stands between one line or ring and the next. */
struct path {
	struct arena *arena;
	struct xy *points;
	size_t n, cap;
};

/*
 * Appends the part of a closed ring that is within the frame (Sutherland and
 * Hodgman, Reentrant Polygon Clipping, CACM 17, 1974): one ring, which runs
 * along the frame's edges where the ring leaves it. What is left of it less
 * than `tolerance` high and wide is left out.
 */
void clip_ring(struct path *, const struct xy *, size_t n, const struct frame *,
    double tolerance);

/* Appends the parts of a line that are within the frame (Liang and Barsky). */
void clip_line(struct path *, const struct xy *, size_t n, const struct frame *,
    double tolerance);

/*
 * Leaves out points that are no further than tolerance off the line through
 * those that stay (Douglas and Peucker, 1973), in place; the ends stay.
 */
size_t simplify(struct arena *, struct xy *, size_t n, double tolerance);

#endif
