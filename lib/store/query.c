#include "store/store_private.h"

#include <math.h>

struct request {
	struct arena *arena;
	const struct strings *globs;
	int64_t from, to;
	size_t max_points;
	struct series *series;
	size_t n;
};

/* The samples of the view; its points, if any are asked for. */
static int read_points(struct store *st, const struct request *q,
    const struct entry *entry, struct series *series, struct err *e)
{
	struct gather g = {
	    .max = q->max_points,
	    .step = bucket_step(q->from, q->to, entry->every, q->max_points),
	};
	int rc = samples_read(st, entry, q->from, q->to, gather_add, &g, e);

	if (rc == 0 && g.failed)
		rc = err_set(e, "%s: out of memory", st->path);
	if (rc == 0) {
		series->points =
		    arena_copy(q->arena, g.points, g.n * sizeof(*g.points));
		series->n = g.n;
		series->step = g.bucketed ? g.step : 0;
		series->last_ts = g.last_ts;
		series->last = g.last_ts != 0 ? g.last : NAN;
	}
	gather_free(&g);
	return rc;
}

static int read_series(struct store *st, const struct request *q,
    const struct entry *entry, struct series *series, struct err *e)
{
	*series = (struct series){
	    .name = entry->name,
	    .source = entry->source,
	    .metric = entry->metric,
	    .unit = entry->unit,
	    .every = entry->every,
	    .last = NAN,
	};
	if (q->max_points > 0 && read_points(st, q, entry, series, e) != 0)
		return -1;
	if (series->last_ts != 0)
		return 0;
	return samples_newest(
	    st, entry, q->to, &series->last_ts, &series->last, e);
}

static int read_all(struct store *st, void *ctx, struct err *e)
{
	struct request *q = ctx;
	struct entry *entries;

	if (catalog_match(st, q->arena, q->globs, &entries, &q->n, e) != 0)
		return -1;
	q->series = arena_array(q->arena, q->n, sizeof(*q->series));
	for (size_t i = 0; i < q->n; i++)
		if (read_series(st, q, &entries[i], &q->series[i], e) != 0)
			return -1;
	return 0;
}

int store_series(struct store *st, struct arena *a, const struct strings *globs,
    int64_t from, int64_t to, size_t max_points, struct series **out, size_t *n,
    struct err *e)
{
	struct request q = {.arena = a,
	    .globs = globs,
	    .from = from < 0 ? 0 : from,
	    .to = to < 0 ? 0 : to,
	    .max_points = max_points};
	int rc = store_read(st, read_all, &q, e);

	*out = rc == 0 ? q.series : NULL;
	*n = rc == 0 ? q.n : 0;
	return rc;
}
