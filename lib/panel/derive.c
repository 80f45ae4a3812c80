#include "panel/derive.h"

#include <math.h>

#include "chart/unit.h"
#include "panel/gaps.h"
#include "panel/parts.h"

#define REACH_PARTS 20 /* of the view: a derivative wants a point before it */

int64_t derive_reach(const struct panel_common *c, int64_t span)
{
	return (int64_t)c->smooth +
	       (c->derive == DERIVE_NONE ? 0 : span / REACH_PARTS + 1);
}

static const char *derived_unit(
    struct arena *a, const char *unit, enum derive how)
{
	const char *base = unit_is_percent(unit) ? "points" : unit;

	return how == DERIVE_DELTA ? base : arena_printf(a, "%s/s", base);
}

/* The newest point is what it is called now. */
static void set_last(struct series *s)
{
	s->last = s->n > 0 ? s->points[s->n - 1].mean : NAN;
}

struct series derive_difference(
    struct arena *a, const struct series *s, enum derive how)
{
	struct series d = *s;
	int64_t gap = gap_least(s);

	d.unit = derived_unit(a, s->unit, how);
	d.points = arena_array(a, s->n, sizeof(*d.points));
	d.n = 0;
	for (size_t i = 1; i < s->n; i++) {
		const struct point *p = &s->points[i - 1], *q = p + 1;
		double by = q->mean - p->mean;

		if (q->ts - p->ts > gap || q->ts <= p->ts)
			continue;
		if (how == DERIVE_RATE)
			by /= (double)(q->ts - p->ts);
		d.points[d.n++] = (struct point){q->ts, by, by, by};
	}
	set_last(&d);
	return d;
}

/*
 * The sum of a window that only moves on, without ever subtracting: large
 * values leave no trace. Sums from each point of the front to its end are
 * kept, and the sum of what came since.
 */
struct window {
	const struct point *points;
	long double *front; /* front[i]: the sum of i..middle */
	size_t first, middle, end;
	long double back; /* of middle..end */
};

static void take(struct window *w)
{
	w->back += w->points[w->end++].mean;
}

static void drop(struct window *w)
{
	long double sum = 0;

	if (w->first == w->middle) {
		for (size_t i = w->middle = w->end; i-- > w->first;)
			w->front[i] = sum += w->points[i].mean;
		w->back = 0;
	}
	w->first++;
}

static double mean_of(const struct window *w)
{
	long double sum = w->back;

	if (w->first < w->middle)
		sum += w->front[w->first];
	return (double)(sum / (long double)(w->end - w->first));
}

struct series derive_mean(
    struct arena *a, const struct series *s, int64_t width)
{
	struct series m = *s;
	struct window w = {
	    .points = s->points,
	    .front = arena_array(a, s->n, sizeof(long double)),
	};

	m.points = arena_array(a, s->n, sizeof(*m.points));
	for (size_t i = 0; i < s->n; i++) {
		double mean;

		take(&w);
		while (s->points[w.first].ts <= s->points[i].ts - width)
			drop(&w);
		mean = mean_of(&w);
		m.points[i] = (struct point){s->points[i].ts, mean, mean, mean};
	}
	/* Within its width a mean is known without further measurements. */
	if (gap_least(&m) < width)
		m.every = (int64_t)((double)width / LATE_AFTER);
	set_last(&m);
	return m;
}

static void keep_view(struct series *s, const struct panel_input *in)
{
	size_t before = 0;

	while (before < s->n && s->points[before].ts + s->step < in->from)
		before++;
	s->points += before;
	s->n -= before;
}

static struct series *in_view(
    struct arena *a, const struct series *all, const struct panel_input *in)
{
	struct series *s = arena_copy(a, all, in->n_series * sizeof(*all));

	for (size_t i = 0; i < in->n_series; i++)
		keep_view(&s[i], in);
	return s;
}

struct derived series_derived(struct arena *a, const struct panel_input *in)
{
	const struct panel_common *c = in->common;
	struct derived d = {.n = in->n_series};
	struct series *s = arena_copy(a, in->series, in->n_series * sizeof(*s));

	for (size_t i = 0; i < in->n_series; i++) {
		series_finite(a, &s[i]);
		if (c->derive != DERIVE_NONE)
			s[i] =
			    derive_difference(a, &s[i], (enum derive)c->derive);
	}
	if (c->derive == DERIVE_NONE && c->smooth <= 0) {
		d.series = s;
		return d;
	}
	d.series = in_view(a, s, in);
	if (c->smooth <= 0)
		return d;
	d.measured = d.series;
	for (size_t i = 0; i < in->n_series; i++)
		s[i] = derive_mean(a, &s[i], (int64_t)c->smooth);
	d.series = in_view(a, s, in);
	return d;
}
