#include "forecast/trend.h"

#include <math.h>

#include "forecast/order.h"

#define VALUE_MAX 1e300
#define SURE	  1.96 /* of a normal distribution: 95 % within */
#define ALIKE_MAX 0.99 /* of neighbours: more would leave nothing */

struct spot {
	double t, v; /* seconds before the last point, as a negative number */
};

static size_t usable_points(
    const struct point *p, size_t n, struct spot *out, struct trend *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (!(fabs(p[i].mean) <= VALUE_MAX))
			continue;
		if (kept == 0)
			t->from = p[i].ts;
		t->to = p[i].ts;
		out[kept++] = (struct spot){(double)p[i].ts, p[i].mean};
	}
	for (size_t i = 0; i < kept; i++)
		out[i].t -= (double)t->to;
	return kept;
}

/* Medians of neighbours, so many that all pairs can be looked at. */
static size_t thin(
    struct arena *a, const struct spot *all, size_t n, struct spot *out)
{
	size_t m = n < TREND_POINTS ? n : TREND_POINTS;
	double *ts = arena_array(a, n, sizeof(*ts));
	double *vs = arena_array(a, n, sizeof(*vs));

	for (size_t g = 0; g < m; g++) {
		size_t first = g * n / m, end = (g + 1) * n / m;

		for (size_t i = first; i < end; i++) {
			ts[i - first] = all[i].t;
			vs[i - first] = all[i].v;
		}
		out[g].t = order_median(ts, end - first);
		out[g].v = order_median(vs, end - first);
	}
	return m;
}

static size_t all_slopes(const struct spot *s, size_t n, double *out)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			if (s[j].t > s[i].t)
				out[m++] = (s[j].v / 2 - s[i].v / 2) /
					   (s[j].t - s[i].t) * 2;
	order(out, m);
	return m;
}

/* What the line leaves of the values. */
static void residuals(
    const struct spot *s, size_t n, double slope, double level, double *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = s[i].v - slope * s[i].t - level;
}

/* How alike neighbours are, from 0 (not at all) on: autocorrelation. */
static double likeness(const double *v, size_t n)
{
	double largest = 0, all = 0, both = 0;

	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs(v[i]));
	if (largest == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		all += v[i] / largest * (v[i] / largest);
		if (i > 0)
			both += v[i] / largest * (v[i - 1] / largest);
	}
	return fmin(fmax(both / all, 0), ALIKE_MAX);
}

/* Ranks of the slopes between which the true one is; false: who knows. */
static bool interval(
    const double *slopes, size_t m, size_t n, double alike, struct trend *t)
{
	double d = (double)n;
	double variance = d * (d - 1) * (2 * d + 5) / 18;
	double c = SURE * sqrt(variance * (1 + alike) / (1 - alike));
	double low = ((double)m - c) / 2 - 1, high = ((double)m + c) / 2;

	if (low < 0 || high > (double)(m - 1))
		return false;
	t->slope_low = slopes[(size_t)low];
	t->slope_high = slopes[(size_t)ceil(high)];
	return true;
}

static void spread(
    struct arena *a, const struct spot *s, size_t n, struct trend *t)
{
	double *left = arena_array(a, n, sizeof(*left));

	residuals(s, n, t->slope, t->level, left);
	order(left, n);
	t->low = fmin(order_quantile(left, n, 0.1), 0);
	t->high = fmax(order_quantile(left, n, 0.9), 0);
}

static void fit(
    struct arena *a, const struct spot *s, size_t n, struct trend *t)
{
	double *slopes = arena_array(a, n * (n - 1) / 2, sizeof(*slopes));
	double *left = arena_array(a, n, sizeof(*left));
	size_t m = all_slopes(s, n, slopes);

	if (m == 0)
		return;
	t->slope = order_quantile(slopes, m, 0.5);
	residuals(s, n, t->slope, 0, left);
	t->level = order_median(left, n);
	residuals(s, n, t->slope, t->level, left);
	t->course = TREND_FLAT;
	if (!interval(slopes, m, n, likeness(left, n), t)) {
		t->slope_low = slopes[0];
		t->slope_high = slopes[m - 1];
		return;
	}
	if (t->slope_low > 0)
		t->course = TREND_RISES;
	if (t->slope_high < 0)
		t->course = TREND_FALLS;
}

struct trend trend_fit(struct arena *a, const struct point *p, size_t n)
{
	struct trend t = {.course = TREND_TOO_FEW};
	struct spot *all = arena_array(a, n + 1, sizeof(*all));
	struct spot *few = arena_array(a, TREND_POINTS, sizeof(*few));

	t.n = usable_points(p, n, all, &t);
	if (t.n < TREND_LEAST)
		return t;
	fit(a, few, thin(a, all, t.n, few), &t);
	spread(a, all, t.n, &t);
	return t;
}

struct trend_value trend_at(const struct trend *t, int64_t ts)
{
	double ahead = (double)(ts - t->to);
	double low = ahead > 0 ? t->slope_low : t->slope;
	double high = ahead > 0 ? t->slope_high : t->slope;

	return (struct trend_value){
	    t->level + t->slope * ahead,
	    t->level + low * ahead + t->low,
	    t->level + high * ahead + t->high,
	};
}

/* Seconds until the line covers a distance at a slope. */
static double time_for(double way, double slope)
{
	double s = way / slope;

	return s >= 0 ? s : INFINITY;
}

struct trend_reach trend_reach(const struct trend *t, double level, int64_t now)
{
	double way = level - trend_at(t, now).mean;
	double fast = t->slope > 0 ? t->slope_high : t->slope_low;
	double slow = t->slope > 0 ? t->slope_low : t->slope_high;
	struct trend_reach r = {REACH_IN, time_for(way, t->slope),
	    time_for(way, fast), time_for(way, slow)};

	if (t->course == TREND_TOO_FEW)
		r.state = REACH_UNKNOWN;
	else if (t->course == TREND_FLAT)
		r.state = REACH_FLAT;
	else if (way * t->slope < 0)
		r.state = REACH_AWAY;
	else if (r.in > TREND_AHEAD * (double)(t->to - t->from))
		r.state = REACH_FAR;
	return r;
}
