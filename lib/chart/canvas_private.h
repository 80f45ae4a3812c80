/*
 * What the painters of pictures and of documents share: for
 * lib/chart/canvas*.c only.
 */
#ifndef CHART_CANVAS_PRIVATE_H
#define CHART_CANVAS_PRIVATE_H

#include "chart/canvas.h"

/* As in cairo.h, whose directory only the build knows. */
typedef struct _cairo cairo_t;

/* Paints a scene, scaled as cairo is; on a ground of paper, if so wished. */
must_use int canvas_paint(struct canvas *, const struct scene *, enum theme,
    bool ground, cairo_t *, struct err *);

#endif
