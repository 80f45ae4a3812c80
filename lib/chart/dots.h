/*
 * Points of two values as a scene: both axes with a title, marks by size and
 * category, and a fitted line.
 */
#ifndef CHART_DOTS_H
#define CHART_DOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "chart/scene.h"

struct dot {
	double x, y;	   /* finite; above zero on a logarithmic axis */
	double size;	   /* NaN: none */
	size_t category;   /* of dots.categories */
	const char *title; /* tooltip */
};

struct dots_axis {
	const char *title, *unit;
	bool log;
};

struct dots_category {
	const char *name;
	enum ink ink;
	enum mark mark;
};

struct dots {
	double w, h;
	struct dots_axis x, y;
	const char *size_title, *size_unit; /* NULL: all are of one size */
	const struct dot *dots;
	size_t n;
	const struct dots_category *categories;
	size_t n_categories; /* one has no legend */
	bool fitted;	     /* a line y = at + slope x, of logs on such axes */
	double at, slope;
	const struct ruler *ruler;
};

struct scene *dots_draw(struct arena *, const struct dots *);

#endif
