#include "store/store_private.h"

#include <stdlib.h>

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Far past any time; twice as much does not overflow. */
#define TIME_MAX (INT64_C(1) << 60)

static int64_t multiple(int64_t n, int64_t every)
{
	return (n + every - 1) / every * every;
}

static bool fits(int64_t from, int64_t to, int64_t step, size_t max)
{
	return (uint64_t)(to / step - from / step) < max;
}

/* What a step is to be a multiple of, if it is about so wide. */
static int64_t unit_of(int64_t step, int64_t every)
{
	static const int64_t rollups[] = {DAY, HOUR, 5 * MINUTE};

	for (size_t i = 0; i < sizeof(rollups) / sizeof(rollups[0]); i++)
		if (step >= rollups[i])
			return multiple(every, rollups[i]);
	return every;
}

int64_t bucket_step(int64_t from, int64_t to, int64_t every, size_t max)
{
	static const int64_t round[] = {1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE,
	    5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR,
	    3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY,
	    20 * DAY, 50 * DAY, 100 * DAY};
	int64_t step = 0;

	if (every < 1 || every > TIME_MAX)
		every = 1;
	if (max < 1)
		max = 1;
	if (to > TIME_MAX)
		to = TIME_MAX;
	for (size_t i = 0; i < sizeof(round) / sizeof(round[0]); i++) {
		step = multiple(round[i], unit_of(round[i], every));
		if (fits(from, to, step, max))
			return step;
	}
	while (!fits(from, to, step, max))
		step *= 2;
	return step;
}

int64_t store_step(int64_t from, int64_t to, int64_t every, size_t max_points)
{
	return bucket_step(from, to, every, max_points);
}

static struct point *push(struct gather *g)
{
	if (g->n == g->cap) {
		size_t cap = g->cap == 0 ? 1024 : g->cap * 2;
		struct point *grown = realloc(g->points, cap * sizeof(*grown));

		if (grown == NULL) {
			g->failed = true;
			return NULL;
		}
		g->points = grown;
		g->cap = cap;
	}
	return &g->points[g->n++];
}

static void add_raw(struct gather *g, int64_t ts, double value)
{
	struct point *p = push(g);

	if (p != NULL)
		*p = (struct point){ts, value, value, value};
}

static void add_to_bucket(struct gather *g, const struct cell *c)
{
	struct point *p = g->n > 0 ? &g->points[g->n - 1] : NULL;
	int64_t start = c->ts - c->ts % g->step;

	if (p == NULL || p->ts != start) {
		if ((p = push(g)) == NULL)
			return;
		*p = (struct point){start, c->min, c->min, c->max};
		g->sum = 0;
		g->count = 0;
	}
	g->sum += c->sum;
	g->count += (size_t)c->count;
	p->mean = (double)(g->sum / (long double)g->count);
	if (c->min < p->min)
		p->min = c->min;
	if (c->max > p->max)
		p->max = c->max;
}

/* What was taken as samples, in place: buckets are never more. */
static void fold(struct gather *g)
{
	size_t n = g->n;

	g->bucketed = true;
	g->n = 0;
	for (size_t i = 0; i < n; i++) {
		double v = g->points[i].mean;
		struct cell c = {g->points[i].ts, 1, v, v, v};

		add_to_bucket(g, &c);
	}
}

void gather_cell(struct gather *g, const struct cell *c)
{
	g->bucketed = true;
	add_to_bucket(g, c);
}

void gather_add(struct gather *g, int64_t ts, double value)
{
	struct cell c = {ts, 1, value, value, value};

	g->last_ts = ts;
	g->last = value;
	if (g->max == 0)
		return;
	if (!g->bucketed && g->n == g->max)
		fold(g);
	if (g->bucketed)
		add_to_bucket(g, &c);
	else
		add_raw(g, ts, value);
}

void gather_free(struct gather *g)
{
	free(g->points);
	g->points = NULL;
	g->n = g->cap = 0;
}
