#include "store/read.h"

#include <math.h>

struct request {
	struct arena *arena, *scratch;
	const struct strings *globs;
	int64_t from, to;
	size_t max_points;
	struct series *series;
	size_t n;
};

/* Rollups, the coarsest first. */
static const enum chunk_kind rollups[] = {CHUNK_D1, CHUNK_H1, CHUNK_M5};

#define ROLLUPS (sizeof(rollups) / sizeof(rollups[0]))

/* The coarsest kind whose cells make up buckets of this step. */
static enum chunk_kind kind_for(int64_t step)
{
	for (size_t i = 0; i < ROLLUPS; i++)
		if (step % chunk_shapes[rollups[i]].width == 0)
			return rollups[i];
	return CHUNK_RAW;
}

/*
 * Where a view begins before what is left of its kind it takes a coarser
 * one that reaches further back, and wider buckets.
 */
static int widen(struct store *st, const struct request *q, int64_t every,
    enum chunk_kind *kind, int64_t *step, struct err *e)
{
	int64_t cut, coarser_cut;

	for (size_t i = ROLLUPS; i-- > 0;) {
		int64_t width = chunk_shapes[rollups[i]].width;

		if (*kind != CHUNK_RAW && chunk_shapes[*kind].width >= width)
			continue;
		if (chunk_cut(st, *kind, &cut, e) != 0 ||
		    chunk_cut(st, rollups[i], &coarser_cut, e) != 0)
			return -1;
		if (q->from >= cut || coarser_cut >= cut)
			continue;
		*kind = rollups[i];
		*step = (*step + width - 1) / width * width;
		if (*step < every && *step % every != 0)
			*step = (every + width - 1) / width * width;
	}
	return 0;
}

static void gather_pairs(struct gather *g, const struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		gather_add(g, p->items[i].ts, p->items[i].value);
}

/* Few samples that are all still there are points themselves. */
static int take_few(struct store *st, struct arena *a, const struct request *q,
    const struct entry *entry, const struct cells *c, struct gather *g,
    bool *few, struct err *e)
{
	struct pairs p = {0};
	uint64_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += (uint64_t)c->items[i].count;
	*few = false;
	if (n > q->max_points)
		return 0;
	if (series_samples(st, a, entry->id, q->from, q->to, &p, e) != 0)
		return -1;
	*few = p.n >= n;
	if (*few)
		gather_pairs(g, &p);
	return 0;
}

static int take_points(struct store *st, struct arena *a,
    const struct request *q, const struct entry *entry, struct gather *g,
    struct err *e)
{
	enum chunk_kind kind;
	struct pairs p = {0};
	struct cells c = {0};
	bool few;

	g->step = bucket_step(q->from, q->to, entry->every, q->max_points);
	kind = kind_for(g->step);
	if (widen(st, q, entry->every, &kind, &g->step, e) != 0)
		return -1;
	if (kind == CHUNK_RAW) {
		if (series_samples(st, a, entry->id, q->from, q->to, &p, e) !=
		    0)
			return -1;
		gather_pairs(g, &p);
		return 0;
	}
	if (series_cells(st, a, kind, entry->id, q->from, q->to, &c, e) != 0 ||
	    take_few(st, a, q, entry, &c, g, &few, e) != 0)
		return -1;
	for (size_t i = 0; i < c.n && !few; i++)
		gather_cell(g, &c.items[i]);
	return 0;
}

/* The samples of the view; its points, if any are asked for. */
static int read_points(struct store *st, const struct request *q,
    const struct entry *entry, struct series *series, struct err *e)
{
	struct gather g = {.max = q->max_points};
	int rc = take_points(st, q->scratch, q, entry, &g, e);

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

/* Further and further back, until something is found. */
static int search_back(struct store *st, struct arena *a,
    const struct entry *entry, int64_t at, struct point *newest, struct err *e)
{
	int64_t first = at;
	struct extent x;

	for (enum chunk_kind k = 0; k < CHUNK_KINDS; k++) {
		if (chunk_extent(st, k, &x, e) != 0)
			return -1;
		if (x.first < x.end && x.first < first)
			first = x.first;
	}
	for (int64_t width = 7200, to = at; to >= first; width *= 8) {
		int64_t from = to > width ? to - width : 0;
		struct cells c = {0};

		if (series_finest(st, a, entry->id, from, to, &c, e) != 0)
			return -1;
		if (c.n > 0) {
			const struct cell *last = &c.items[c.n - 1];

			newest->ts = last->ts;
			newest->mean =
			    (double)(last->sum / (long double)last->count);
			return 0;
		}
		to = from - 1;
	}
	return 0;
}

/* Is what was the newest in the chunks no longer, so that nobody knows? */
static bool taken_back(const struct pairs *hot, const struct entry *entry)
{
	struct pairs then = pairs_between(hot, entry->ts, entry->ts + 1);

	return entry->ts != 0 &&
	       (isnan(entry->value) ||
		   (then.n > 0 && isnan(then.items[0].value)));
}

static int find_newest(struct store *st, struct arena *a,
    const struct entry *entry, int64_t at, struct point *newest, struct err *e)
{
	const struct warm *w;
	struct pairs hot = {0};

	*newest = (struct point){.mean = NAN};
	if (warm_get(st, entry->id, &w, e) != 0)
		return -1;
	if (w != NULL)
		hot = pairs_between(&w->slots[entry->id % COHORT_SLOTS], 0,
		    at == INT64_MAX ? at : at + 1);
	if (taken_back(&hot, entry))
		return search_back(st, a, entry, at, newest, e);
	hot = pairs_whole(a, &hot);
	if (hot.n > 0) {
		newest->ts = hot.items[hot.n - 1].ts;
		newest->mean = hot.items[hot.n - 1].value;
	}
	if (entry->ts != 0 && entry->ts <= at) {
		if (entry->ts > newest->ts) {
			newest->ts = entry->ts;
			newest->mean = entry->value;
		}
		return 0;
	}
	if (hot.n > 0 || entry->ts == 0)
		return 0;
	return search_back(st, a, entry, at, newest, e);
}

static int read_series(struct store *st, const struct request *q,
    const struct entry *entry, struct series *series, struct err *e)
{
	struct point newest;

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
	if (find_newest(st, q->scratch, entry, q->to, &newest, e) != 0)
		return -1;
	series->last_ts = newest.ts;
	series->last = newest.mean;
	return 0;
}

/* Those that there were by then. */
static int read_all(struct store *st, void *ctx, struct err *e)
{
	struct request *q = ctx;
	struct entry *entries;
	size_t n;

	if (catalog_match(st, q->arena, q->globs, &entries, &n, e) != 0)
		return -1;
	q->series = arena_array(q->arena, n, sizeof(*q->series));
	for (size_t i = 0; i < n; i++) {
		struct series *s = &q->series[q->n];

		if (read_series(st, q, &entries[i], s, e) != 0)
			return -1;
		arena_reset(q->scratch);
		q->n += s->last_ts != 0 || entries[i].created <= st->at;
	}
	return 0;
}

int store_series(struct store *st, struct arena *a, const struct strings *globs,
    int64_t from, int64_t to, size_t max_points, struct series **out, size_t *n,
    struct err *e)
{
	struct request q = {.arena = a,
	    .scratch = arena_new(),
	    .globs = globs,
	    .from = from < 0 ? 0 : from,
	    .to = to < 0 ? 0 : to,
	    .max_points = max_points};
	int rc = store_read(st, read_all, &q, e);

	arena_free(q.scratch);
	*out = rc == 0 ? q.series : NULL;
	*n = rc == 0 ? q.n : 0;
	return rc;
}
