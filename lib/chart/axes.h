/*
 * The axes of charts: values at the left with a grid, times below.
 */
#ifndef CHART_AXES_H
#define CHART_AXES_H

#include "chart/scale.h"
#include "chart/trace.h"

#define AXES_TEXT   11.0 /* the words' size */
#define AXES_TOP    9.0	 /* room above the plot: half a word */
#define AXES_BOTTOM 20.0 /* room below: the times */

/* What is to be seen of some values. */
struct values_data {
	const char *unit;
	double lo, hi;	 /* NaN: no data */
	double min, max; /* that the user set; NaN: free */
	bool integral;	 /* all are whole */
	double room;	 /* pixels that the axis has */
	double spacing;	 /* between ticks, at least; 0: that of rows */
};

/* An axis of values: a round scale, and its words. */
struct values {
	const char *unit, *suffix;
	double divisor;	     /* of the values, before the scale */
	double unit_divisor; /* of the unit's scale alone */
	struct scale scale;
	const char *words[SCALE_TICKS_MAX];
	double gutter; /* the width of the widest */
};

/* Figures too long for an axis are in powers of a thousand: "×10⁻⁶". */
struct values values_make(
    struct arena *, const struct ruler *, const struct values_data *);

/* Lines of one pixel are sharp where they lie between two. */
double crisp(double);

/* A line of one pixel. */
void axes_rule(
    struct scene *, double x0, double y0, double x1, double y1, enum ink);

/* Words at the left, hair lines between x0 and x1 of the frame. */
void axes_grid(struct scene *, const struct frame *, const struct values *);

/* The unit once, behind the topmost number, over the grid. */
void axes_unit(struct scene *, const struct frame *, const struct values *,
    const struct ruler *);

/* The base line and the times below it. */
void axes_times(struct scene *, const struct frame *, const struct ruler *);

#endif
