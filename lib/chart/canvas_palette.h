/*
 * A painted picture as a PNG with a palette: a third of the bytes and of the
 * time of true colour, and a chart has few colours.
 */
#ifndef CHART_CANVAS_PALETTE_H
#define CHART_CANVAS_PALETTE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "chart/theme.h"

/* Rows of 32-bit pixels 0x00RRGGBB in the machine's byte order. */
struct pixels {
	const unsigned char *data;
	size_t stride, w, h;
};

/* The theme's own colours come out exactly, the others as near as can be. */
must_use int palette_png(
    const struct pixels *, enum theme, struct buf *, struct err *);

#endif
