/*
 * Bars as a scene: one or more beside or upon each other in each slot. Slots
 * are lengths of time, moments, or words; where time has no slot there is
 * none.
 */
#ifndef CHART_BARS_H
#define CHART_BARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "chart/scene.h"

struct bar_slot {
	int64_t from, to;     /* of time; equal: a moment */
	const char *word;     /* of words */
	bool part;	      /* it is not over: lighter, and hatched */
	const double *values; /* n_values of them; NaN: no bar */
	const char **titles;  /* likewise: tooltips */
};

struct bars {
	double w, h;
	const char *unit;
	bool words;	  /* slots follow each other, named below */
	int64_t from, to; /* of the axis, unless words */
	const struct bar_slot *slots;
	size_t n;
	size_t n_values;
	const enum ink *inks; /* of each value */
	enum ink minus;	      /* of those below zero; INK_NONE: the same */
	bool stack;
	const struct ruler *ruler;
};

struct scene *bars_draw(struct arena *, const struct bars *);

#endif
