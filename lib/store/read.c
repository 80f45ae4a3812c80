#include "store/read.h"
#include "store/day.h"

#include <stdlib.h>

#define DAY INT64_C(86400)

/* Kept at once, of so many cohorts; then all are let go. */
#define WARM_MAX 64

struct warmth {
	struct arena *arena;
	struct warm *cohorts[WARM_MAX];
	size_t n;
};

void warm_forget(struct store *st)
{
	if (st->warmth == NULL)
		return;
	arena_free(st->warmth->arena);
	free(st->warmth);
	st->warmth = NULL;
}

static struct warmth *warmth(struct store *st)
{
	if (st->warmth != NULL && st->warmth->n == WARM_MAX)
		warm_forget(st);
	if (st->warmth == NULL) {
		st->warmth = calloc(1, sizeof(*st->warmth));
		if (st->warmth != NULL)
			st->warmth->arena = arena_new();
	}
	return st->warmth;
}

int warm_get(
    struct store *st, int64_t series, const struct warm **out, struct err *e)
{
	struct warmth *all = warmth(st);
	struct warm *w;
	bool found;

	*out = NULL;
	if (all == NULL)
		return err_set(e, "%s: out of memory", st->path);
	for (size_t i = 0; i < all->n; i++)
		if (all->cohorts[i]->cohort.id == cohort_of(series)) {
			*out = all->cohorts[i];
			return 0;
		}
	w = arena_make(all->arena, struct warm);
	if (cohort_get(st, cohort_of(series), &w->cohort, &found, e) != 0)
		return -1;
	if (!found)
		return 0;
	if (hot_read(st, all->arena, &w->cohort, INT64_MAX, w->slots, e) != 0)
		return -1;
	all->cohorts[all->n++] = w;
	*out = w;
	return 0;
}

static struct pairs hot_between(
    const struct warm *w, int64_t series, int64_t from, int64_t to)
{
	return pairs_between(&w->slots[series % COHORT_SLOTS], from, to + 1);
}

/* One past the end, for the ranges of chunks; no time is as large. */
static int64_t until(int64_t to)
{
	return to == INT64_MAX ? to : to + 1;
}

int series_samples(struct store *st, struct arena *a, int64_t series,
    int64_t from, int64_t to, struct pairs *out, struct err *e)
{
	const struct warm *w;
	struct pairs hot;

	if (warm_get(st, series, &w, e) != 0)
		return -1;
	if (w == NULL || to < from)
		return 0;
	if (raw_read(st, a, &w->cohort, series, from, until(to), out, e) != 0)
		return -1;
	hot = hot_between(w, series, from, until(to) - 1);
	for (size_t i = 0; i < hot.n; i++)
		pairs_add(a, out, hot.items[i].ts, hot.items[i].value);
	pairs_tidy(a, out);
	*out = pairs_whole(a, out);
	return 0;
}

static void add_pairs(struct arena *a, struct cells *out, const struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		cells_add_pair(a, out, p->items[i].ts, p->items[i].value);
}

static struct pairs outside(
    struct arena *a, const struct pairs *p, int64_t from, int64_t to)
{
	struct pairs rest = {0};

	for (size_t i = 0; i < p->n; i++)
		if (p->items[i].ts < from || p->items[i].ts >= to)
			pairs_add(a, &rest, p->items[i].ts, p->items[i].value);
	return rest;
}

/*
 * Cells of days that are over, in which something was replaced or taken back
 * since, are made anew, if their samples are still there. What is hot of them
 * is then no longer to be added.
 */
static int mend_cells(struct store *st, struct arena *a, int64_t series,
    int64_t width, struct pairs *hot, struct cells *cells, struct err *e)
{
	struct cells mended = {0};

	for (size_t i = 0; i < cells->n; i++) {
		const struct cell *c = &cells->items[i];
		int64_t end = c->ts + width;
		struct pairs late = pairs_between(hot, c->ts, end), all = {0};

		if (late.n > 0 &&
		    series_samples(st, a, series, c->ts, end - 1, &all, e) != 0)
			return -1;
		if (late.n == 0 || all.n + late.n < (size_t)c->count) {
			cells_add(a, &mended, c);
			continue;
		}
		cells_of(a, &all, width, &mended);
		*hot = outside(a, hot, c->ts, end);
	}
	*cells = mended;
	return 0;
}

/* What no cell tells of: sparse days, and what came since the last day. */
static int add_samples(struct store *st, struct arena *a, const struct warm *w,
    enum chunk_kind kind, int64_t series, int64_t from, int64_t to,
    struct cells *out, struct err *e)
{
	int64_t open = from > w->cohort.rolled ? from : w->cohort.rolled;
	struct pairs p = {0}, hot = hot_between(w, series, from, to);

	if (mend_cells(st, a, series, chunk_shapes[kind].width, &hot, out, e) !=
	    0)
		return -1;
	if (kind != CHUNK_D1 &&
	    chunk_read(st, a, CHUNK_SPARSE, series, from, to + 1, &p, e) != 0)
		return -1;
	if (chunk_read(st, a, CHUNK_HOUR, series, open, to + 1, &p, e) != 0)
		return -1;
	for (size_t i = 0; i < hot.n; i++)
		pairs_add(a, &p, hot.items[i].ts, hot.items[i].value);
	pairs_tidy(a, &p);
	p = pairs_whole(a, &p);
	add_pairs(a, out, &p);
	return 0;
}

/* Where the cell begins that the moment is in, unless it ends with it. */
static int64_t split_of(const struct store *st, enum chunk_kind kind)
{
	int64_t end = until(st->at);

	return end - end % chunk_shapes[kind].width;
}

int series_cells(struct store *st, struct arena *a, enum chunk_kind kind,
    int64_t series, int64_t from, int64_t to, struct cells *out, struct err *e)
{
	int64_t end = until(to), first;
	const struct warm *w;

	if (warm_get(st, series, &w, e) != 0)
		return -1;
	if (w == NULL || to < from)
		return 0;
	first = from - from % chunk_shapes[kind].width;
	if (end > st->at && split_of(st, kind) < w->cohort.rolled) {
		/* A cell that goes on past the moment tells of later. */
		end = split_of(st, kind);
		if (series_finest(st, a, series, end > from ? end : from,
			st->at, out, e) != 0)
			return -1;
	}
	if (chunk_read_cells(st, a, kind, series, first,
		end < w->cohort.rolled ? end : w->cohort.rolled, out, e) != 0 ||
	    add_samples(st, a, w, kind, series, from, end - 1, out, e) != 0)
		return -1;
	cells_sort(a, out);
	return 0;
}

/* Those of the coarser list in whose width nothing of the finer lies. */
static void fill_in(struct arena *a, struct cells *fine,
    const struct cells *coarse, int64_t width)
{
	size_t n = fine->n, j = 0;

	for (size_t i = 0; i < coarse->n; i++) {
		const struct cell *c = &coarse->items[i];

		while (j < n && fine->items[j].ts < c->ts)
			j++;
		if (j == n || fine->items[j].ts >= c->ts + width)
			cells_add(a, fine, c);
	}
	cells_sort(a, fine);
}

int series_finest(struct store *st, struct arena *a, int64_t series,
    int64_t from, int64_t to, struct cells *out, struct err *e)
{
	static const enum chunk_kind kinds[] = {CHUNK_M5, CHUNK_H1, CHUNK_D1};
	struct pairs samples = {0}, hot = {0};
	const struct warm *w;

	/* From the start of a day, so that a part of a cell is seen. */
	if (series_samples(st, a, series, from - from % DAY, to, &samples, e) !=
	    0)
		return -1;
	add_pairs(a, out, &samples);
	if (warm_get(st, series, &w, e) != 0)
		return -1;
	if (w != NULL)
		hot = hot_between(w, series, from - from % DAY, until(to) - 1);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct cells coarse = {0};

		if (chunk_read_cells(st, a, kinds[i], series, from - from % DAY,
			until(to), &coarse, e) != 0 ||
		    mend_cells(st, a, series, chunk_shapes[kinds[i]].width,
			&hot, &coarse, e) != 0)
			return -1;
		fill_in(a, out, &coarse, chunk_shapes[kinds[i]].width);
	}
	for (size_t i = 0; i <= out->n; i++)
		if (i == out->n || out->items[i].ts >= from) {
			out->items += i;
			out->n -= i;
			out->cap -= i; /* more may be added */
			break;
		}
	return 0;
}
