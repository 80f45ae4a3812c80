#include <math.h>

#include "chart/plot.h"
#include "chart/trace.h"

#define DOT 5.0

/* All of the height for the data's range: a spark shows shape, not level. */
static struct scale range_of(const struct plot_line *l)
{
	struct scale s = {INFINITY, -INFINITY, {0}, 0, 0};

	for (size_t i = 0; i < l->n; i++) {
		s.lo = fmin(s.lo, l->points[i].mean);
		s.hi = fmax(s.hi, l->points[i].mean);
	}
	if (!(s.hi > s.lo)) {
		s.lo -= 1;
		s.hi = s.lo + 2;
	}
	return s;
}

struct scene *plot_spark(struct arena *a, const struct plot_line *l,
    int64_t from, int64_t to, double w, double h)
{
	struct scene *s = scene_new(a, w, h);
	struct frame f = {
	    .x0 = 1,
	    .x1 = w - DOT,
	    .y0 = h - DOT,
	    .y1 = DOT,
	    .from = from,
	    .to = to > from ? to : from + 1,
	    .divisor = 1,
	    .scale = range_of(l),
	};
	struct trace t;

	if (l->n == 0)
		return s;
	t = trace_make(a, &f, l);
	scene_line(s, t.mean, t.n, l->ink, 1.5)->title = l->name;
	scene_mark(
	    s, t.mean[t.n - 1].x, t.mean[t.n - 1].y, MARK_CIRCLE, DOT, l->ink);
	return s;
}
