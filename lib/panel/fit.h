/*
 * A straight line through points by least squares:
 *
 *	slope = Sxy / Sxx    at = mean(y) - slope mean(x)
 *	r2    = Sxy^2 / (Sxx Syy)
 *
 * where Sxy = sum (x - mean(x)) (y - mean(y)) and so on. Pure.
 */
#ifndef PANEL_FIT_H
#define PANEL_FIT_H

#include <stddef.h>

#include "chart/scene.h"

struct fit {
	const char *why; /* there is no line; else NULL */
	double at, slope;
	double r2; /* NaN where all y are the same */
	size_t n;
};

struct fit fit_line(const struct xy *, size_t n);

#endif
