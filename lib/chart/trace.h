/*
 * From points of a series to points of a picture: thinned to what the pixels
 * can show, broken at holes.
 */
#ifndef CHART_TRACE_H
#define CHART_TRACE_H

#include "chart/plot.h"
#include "chart/scale.h"

/* Where times and values are in the picture; y0 is the bottom. */
struct frame {
	double x0, x1, y0, y1;
	int64_t from, to;
	double divisor; /* of the values, before the scale */
	struct scale scale;
};

double frame_x(const struct frame *, double ts);
double frame_y(const struct frame *, double v);

/* Runs are parted by a point whose x is NaN. */
struct trace {
	struct xy *mean;
	double *min, *max; /* y in pixels, beside each mean */
	size_t n;
	double spread; /* the mean of |max - min| in pixels */
};

struct trace trace_make(
    struct arena *, const struct frame *, const struct plot_line *);

/*
 * Lines on top of each other, at every time that any of them has a point;
 * between its own points a line is taken as straight, in its holes as
 * nothing. Values, not pixels.
 */
struct stack {
	double *ts;
	size_t n;
	double **top; /* n_lines × n: the sum up to and with each line */
	bool *hole;   /* no line has a value here */
};

struct stack stack_make(
    struct arena *, const struct plot_line *, size_t n_lines);

#endif
