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
		step = multiple(round[i], every);
		if (fits(from, to, step, max))
			return step;
	}
	while (!fits(from, to, step, max))
		step *= 2;
	return step;
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

static void add_to_bucket(struct gather *g, int64_t ts, double value)
{
	struct point *p = g->n > 0 ? &g->points[g->n - 1] : NULL;
	int64_t start = ts - ts % g->step;

	if (p == NULL || p->ts != start) {
		if ((p = push(g)) == NULL)
			return;
		*p = (struct point){start, value, value, value};
		g->sum = 0;
		g->count = 0;
	}
	g->sum += value;
	g->count++;
	p->mean = (double)(g->sum / (long double)g->count);
	if (value < p->min)
		p->min = value;
	if (value > p->max)
		p->max = value;
}

/* What was taken as samples, in place: buckets are never more. */
static void fold(struct gather *g)
{
	size_t n = g->n;

	g->bucketed = true;
	g->n = 0;
	for (size_t i = 0; i < n; i++)
		add_to_bucket(g, g->points[i].ts, g->points[i].mean);
}

void gather_add(void *ctx, int64_t ts, double value)
{
	struct gather *g = ctx;

	g->last_ts = ts;
	g->last = value;
	if (g->max == 0)
		return;
	if (!g->bucketed && g->n == g->max)
		fold(g);
	if (g->bucketed)
		add_to_bucket(g, ts, value);
	else
		add_raw(g, ts, value);
}

void gather_free(struct gather *g)
{
	free(g->points);
	g->points = NULL;
	g->n = g->cap = 0;
}
