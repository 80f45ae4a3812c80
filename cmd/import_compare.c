#include "import_compare.h"

#include <stdlib.h>
#include <string.h>

void tally_rows(
    struct arena *a, struct tally *t, const struct import_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t ts = rows[i].ts;

		if (t->rows == 0 || ts < t->first)
			t->first = ts;
		if (t->rows == 0 || ts > t->last)
			t->last = ts;
		t->rows++;
		/* One text for each series: no need to compare them. */
		if (rows[i].series != t->newest &&
		    names_add(a, &t->known, rows[i].series, 0))
			t->series++;
		t->newest = rows[i].series;
	}
}

void tally_tiers(struct tally *t, const struct keep *keep, int64_t now,
    const struct import_row *rows, size_t n)
{
	const int64_t ages[] = {keep->raw, keep->m5, keep->h1, keep->d1};

	for (size_t i = 0; i < n; i++) {
		size_t tier = 0;

		while (tier < 4 && ages[tier] != 0 &&
		       rows[i].ts < now - ages[tier])
			tier++;
		t->tier[tier]++;
	}
}

static int by_series_and_time(const void *a, const void *b)
{
	const struct import_row *x = *(const struct import_row *const *)a;
	const struct import_row *y = *(const struct import_row *const *)b;
	int c = x->series == y->series ? 0 : strcmp(x->series, y->series);

	if (c != 0)
		return c;
	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The rows of one series beside what is stored of it, both by time. */
struct beside {
	struct tally *tally;
	const struct import_row *const *rows;
	size_t n, at;
	const char *series;
};

/* Of rows of the same time the last one counts. */
static bool is_again(const struct beside *b, size_t i)
{
	return i + 1 < b->n && b->rows[i + 1]->ts == b->rows[i]->ts;
}

static void take_until(struct beside *b, int64_t ts)
{
	for (; b->at < b->n && b->rows[b->at]->ts < ts; b->at++)
		b->tally->fresh += !is_again(b, b->at);
}

static int take(
    void *ctx, const char *series, int64_t ts, double value, struct err *e)
{
	struct beside *b = ctx;

	(void)e;
	if (!str_eq(series, b->series))
		return 0;
	take_until(b, ts);
	for (; b->at < b->n && b->rows[b->at]->ts == ts; b->at++)
		b->tally->changed +=
		    !is_again(b, b->at) && b->rows[b->at]->value != value;
	return 0;
}

static int compare_series(struct beside *b, struct store *store, struct err *e)
{
	struct strings name = {&b->series, 1, 1};
	int rc = 0;

	if (store != NULL)
		rc = store_each_sample(store, &name, b->rows[0]->ts,
		    b->rows[b->n - 1]->ts, take, b, e);
	take_until(b, INT64_MAX);
	return rc;
}

int tally_compare(struct tally *t, struct store *store,
    const struct import_row *rows, size_t n, struct err *e)
{
	const struct import_row **order;
	int rc = 0;

	if (t->scratch == NULL)
		t->scratch = arena_new();
	arena_reset(t->scratch);
	order = arena_array(t->scratch, n, sizeof(*order));
	for (size_t i = 0; i < n; i++)
		order[i] = &rows[i];
	qsort(order, n, sizeof(*order), by_series_and_time);
	for (size_t i = 0, j; i < n && rc == 0; i = j) {
		struct beside b = {
		    .tally = t, .rows = order + i, .series = order[i]->series};

		for (j = i; j < n && order[j]->series == b.series; j++)
			b.n++;
		rc = compare_series(&b, store, e);
	}
	return rc;
}

void tally_free(struct tally *t)
{
	arena_free(t->scratch);
}
