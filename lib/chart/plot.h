/*
 * A chart over time as a scene: lines, bands of minimum and maximum, stacked
 * areas, gaps with their cause, axes, and each line's name at its end.
 */
#ifndef CHART_PLOT_H
#define CHART_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "chart/scene.h"
#include "model/series.h"

/* Nobody measures more, and sums of less do not overflow. */
#define PLOT_MAX 1e300

struct plot_line {
	const char *name; /* tooltip, and what the page's script calls it */
	const char *end;  /* at its end, before the value; NULL: no label */
	const char *age;  /* behind the value of a line that ended; or NULL */
	enum ink ink;
	bool dashed;
	bool strong;		    /* above the others, a little wider */
	const struct point *points; /* rising, within ±PLOT_MAX */
	size_t n;
	int64_t step; /* a point stands for this long; 0: a moment */
	int64_t hole; /* points further apart than this are not joined */
	double last;  /* for the label */
};

/* A time without values, and why. */
struct plot_gap {
	int64_t from, to;
	const char *text;  /* in the plot if there is room */
	const char *title; /* tooltip */
};

/* A level that values are past, or may not be. */
struct plot_level {
	double value;
	const char *text; /* "75 %" */
	bool strong;	  /* red: an alert fires */
};

struct plot {
	double w, h;
	int64_t from, to;
	const char *unit;
	double min, max; /* NaN: from the data */
	bool stack;
	bool labels; /* lines are named at their ends */
	const struct plot_line *lines;
	size_t n_lines;
	const struct plot_line *clouds; /* light dots below the lines */
	size_t n_clouds;
	const struct plot_gap *gaps;
	size_t n_gaps;
	struct plot_level *levels; /* within sight, whatever the values */
	size_t n_levels;
	const struct ruler *ruler;
};

/* Can n lines be named at their ends in a plot of this height? */
bool plot_can_label(size_t n, double h);

struct scene *plot_draw(struct arena *, const struct plot *);

/* A small line without axes, its end marked. */
struct scene *plot_spark(struct arena *, const struct plot_line *, int64_t from,
    int64_t to, double w, double h);

#endif
