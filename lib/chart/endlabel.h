/*
 * Names and values at the ends of lines, kept apart.
 */
#ifndef CHART_ENDLABEL_H
#define CHART_ENDLABEL_H

#include "base/arena.h"
#include "chart/scene.h"

#define END_LABELS_MAX 6

struct end_label {
	const char *name, *value;
	enum ink ink;
	size_t line; /* which one, for the caller */
	double x, y; /* where the line ends */
};

/* Is there room for n labels between y1 and y0? */
bool end_labels_fit(size_t n, double y1, double y0);

/*
 * Shortens names so that no label is wider than max; what to leave free at
 * the right of the plot.
 */
double end_labels_fit_width(struct arena *, const struct ruler *,
    struct end_label *, size_t n, double max);

/* Draws them right of x1; a label that had to move is tied to its line. */
void end_labels_draw(struct scene *, struct end_label *, size_t n, double x1,
    double y1, double y0);

#endif
