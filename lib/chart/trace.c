#include "chart/trace.h"

#include <math.h>

#define SPACING 1.2 /* pixels between points, at least */

double frame_x(const struct frame *f, double ts)
{
	double x = f->x0 + (f->x1 - f->x0) * (ts - (double)f->from) /
			       (double)(f->to - f->from);

	return x < f->x0 ? f->x0 : x > f->x1 ? f->x1 : x;
}

double frame_y(const struct frame *f, double v)
{
	return scale_at(&f->scale, v / f->divisor, f->y0, f->y1);
}

/* Points that share a pixel: what will become one. */
struct gather {
	double x, mean, min, max;
	size_t n;
};

static void begin(struct gather *g, double x, const struct point *p)
{
	*g = (struct gather){x, p->mean, p->min, p->max, 1};
}

static void take(struct gather *g, double x, const struct point *p)
{
	g->n++;
	g->x += (x - g->x) / (double)g->n;
	g->mean += (p->mean - g->mean) / (double)g->n;
	g->min = fmin(g->min, p->min);
	g->max = fmax(g->max, p->max);
}

static void put(struct trace *t, const struct frame *f, const struct gather *g)
{
	if (g->n == 0)
		return;
	t->mean[t->n] = (struct xy){g->x, frame_y(f, g->mean)};
	t->min[t->n] = frame_y(f, g->min);
	t->max[t->n] = frame_y(f, g->max);
	t->spread += fabs(t->max[t->n] - t->min[t->n]);
	t->n++;
}

static void part(struct trace *t)
{
	if (t->n > 0)
		t->mean[t->n++] = (struct xy){NAN, NAN};
}

struct trace trace_make(
    struct arena *a, const struct frame *f, const struct plot_line *l)
{
	struct trace t = {
	    .mean = arena_array(a, 2 * l->n + 1, sizeof(struct xy)),
	    .min = arena_array(a, 2 * l->n + 1, sizeof(double)),
	    .max = arena_array(a, 2 * l->n + 1, sizeof(double)),
	};
	struct gather g = {0};
	double start = -INFINITY;
	int64_t last = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct point *p = &l->points[i];
		double x = frame_x(f, (double)p->ts + (double)l->step / 2);
		bool hole = i > 0 && p->ts - last > l->hole;

		if (!hole && x - start < SPACING && g.n > 0) {
			take(&g, x, p);
		} else {
			put(&t, f, &g);
			if (hole)
				part(&t);
			begin(&g, x, p);
			start = x;
		}
		last = p->ts;
	}
	put(&t, f, &g);
	if (t.n > 0)
		t.spread /= (double)t.n;
	return t;
}
