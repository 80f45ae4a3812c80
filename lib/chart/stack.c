#include <math.h>
#include <stdlib.h>

#include "chart/trace.h"

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Every time of every line, once. */
static size_t all_times(
    const struct plot_line *lines, size_t n_lines, double *ts)
{
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < n_lines; i++)
		for (size_t k = 0; k < lines[i].n; k++)
			ts[n++] = (double)lines[i].points[k].ts +
				  (double)lines[i].step / 2;
	qsort(ts, n, sizeof(*ts), rising);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || ts[i] > ts[kept - 1])
			ts[kept++] = ts[i];
	return kept;
}

/* The line's value at a time, NaN in a hole; *k is where the last one was. */
static double value_at(const struct plot_line *l, double ts, size_t *k)
{
	const struct point *p = l->points;
	double half = (double)l->step / 2, part;

	while (*k + 1 < l->n && (double)p[*k + 1].ts + half <= ts)
		*k += 1;
	if (l->n == 0 || ts < (double)p[*k].ts + half)
		return NAN;
	if (ts == (double)p[*k].ts + half)
		return p[*k].mean;
	if (*k + 1 >= l->n || p[*k + 1].ts - p[*k].ts > l->hole)
		return NAN;
	part =
	    (ts - half - (double)p[*k].ts) / (double)(p[*k + 1].ts - p[*k].ts);
	return p[*k].mean + part * (p[*k + 1].mean - p[*k].mean);
}

struct stack stack_make(
    struct arena *a, const struct plot_line *lines, size_t n_lines)
{
	struct stack s = {0};
	size_t total = 0;

	for (size_t i = 0; i < n_lines; i++)
		total += lines[i].n;
	s.ts = arena_array(a, total, sizeof(double));
	s.n = all_times(lines, n_lines, s.ts);
	s.top = arena_array(a, n_lines, sizeof(*s.top));
	s.hole = arena_array(a, s.n, sizeof(*s.hole));
	for (size_t j = 0; j < s.n; j++)
		s.hole[j] = true;
	for (size_t i = 0; i < n_lines; i++) {
		size_t k = 0;

		s.top[i] = arena_array(a, s.n, sizeof(double));
		for (size_t j = 0; j < s.n; j++) {
			double v = value_at(&lines[i], s.ts[j], &k);

			s.hole[j] = s.hole[j] && isnan(v);
			s.top[i][j] =
			    (i > 0 ? s.top[i - 1][j] : 0) + (isnan(v) ? 0 : v);
		}
	}
	return s;
}
