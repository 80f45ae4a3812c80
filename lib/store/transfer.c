#include "store/day.h"
#include "store/read.h"
#include "store/roster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400)

/* Read at once; a bound on memory. */
#define WINDOW (30 * DAY)

struct giving {
	const struct strings *globs;
	int64_t from, to;
	store_take *take;
	void *ctx;
	struct arena *arena, *scratch;
};

/* What is hot may be from any time before its run, and a day after. */
static int hot_extent(struct store *st, struct extent *all, struct err *e)
{
	static const char sql[] = "SELECT min(at), max(at) FROM hot";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL || db_step(s, e) != 1)
		return -1;
	if (db_type(s, 0) == DB_INTEGER) {
		all->first = 0;
		if (db_int(s, 1) + 2 * DAY > all->end)
			all->end = db_int(s, 1) + 2 * DAY;
	}
	db_reset(s);
	return 0;
}

int store_extent(struct store *st, int64_t *from, int64_t *to, struct err *e)
{
	struct extent all = {INT64_MAX, 0}, x;

	for (enum chunk_kind k = 0; k < CHUNK_KINDS; k++) {
		if (chunk_extent(st, k, &x, e) != 0)
			return -1;
		if (x.first >= x.end)
			continue;
		all.first = x.first < all.first ? x.first : all.first;
		all.end = x.end > all.end ? x.end : all.end;
	}
	if (hot_extent(st, &all, e) != 0)
		return -1;
	*from = all.first;
	*to = all.end;
	return 0;
}

static int give_window(struct store *st, const struct giving *g,
    const struct entry *entry, int64_t from, int64_t to, struct err *e)
{
	struct cells c = {0};

	if (series_finest(st, g->scratch, entry->id, from, to, &c, e) != 0)
		return -1;
	for (size_t i = 0; i < c.n; i++)
		if (g->take(g->ctx, entry->name, c.items[i].ts,
			(double)(c.items[i].sum /
				 (long double)c.items[i].count),
			e) != 0)
			return -1;
	return 0;
}

static int give_series(struct store *st, const struct giving *g,
    const struct entry *entry, struct err *e)
{
	/* Windows end with a day, so that none cuts a cell. */
	for (int64_t from = g->from, end; from <= g->to; from = end + 1) {
		end = from - from % DAY + WINDOW - 1;
		end = end < g->to ? end : g->to;
		if (give_window(st, g, entry, from, end, e) != 0)
			return -1;
		arena_reset(g->scratch);
	}
	return 0;
}

static int give_all(struct store *st, void *ctx, struct err *e)
{
	struct giving *g = ctx;
	struct entry *entries;
	int64_t from, to;
	size_t n;

	if (catalog_match(st, g->arena, g->globs, &entries, &n, e) != 0 ||
	    store_extent(st, &from, &to, e) != 0)
		return -1;
	g->from = from > g->from ? from : g->from;
	g->to = to < g->to ? to : g->to;
	for (size_t i = 0; i < n; i++)
		if (give_series(st, g, &entries[i], e) != 0)
			return -1;
	return 0;
}

int store_each_sample(struct store *st, const struct strings *globs,
    int64_t from, int64_t to, store_take *take, void *ctx, struct err *e)
{
	struct giving g = {.globs = globs,
	    .from = from < 0 ? 0 : from,
	    .to = to,
	    .take = take,
	    .ctx = ctx,
	    .arena = arena_new(),
	    .scratch = arena_new()};
	int rc = store_read(st, give_all, &g, e);

	arena_free(g.scratch);
	arena_free(g.arena);
	return rc;
}

struct importing {
	const struct import_row *rows;
	const struct import_row **order; /* by series */
	size_t n;
	int64_t now;
	struct arena *arena;
};

static int by_series(const void *a, const void *b)
{
	const struct import_row *x = *(const struct import_row *const *)a;
	const struct import_row *y = *(const struct import_row *const *)b;
	int c = strcmp(x->series, y->series);

	return c != 0 ? c : x < y ? -1 : x > y ? 1 : 0;
}

/* Those of hours that are open go to what is hot, the others into chunks. */
static int import_series(
    struct roster *r, const struct place *at, struct pairs *p, struct err *e)
{
	struct block *b = &r->blocks[at->block];
	int64_t end = b->cohort.hot_from;
	struct pairs closed, open;

	pairs_tidy(r->arena, p);
	closed = pairs_between(p, 0, end);
	open = pairs_between(p, end, INT64_MAX);
	if (closed.n > 0 &&
	    cohort_note(r->st, &b->cohort, closed.items[0].ts, e) != 0)
		return -1;
	for (size_t i = 0; i < open.n; i++)
		*arena_push(r->arena, &b->row.own, &b->row.n_own,
		    &b->row.cap_own) = (struct own){
		    at->slot, open.items[i].ts, open.items[i].value};
	return series_place(
	    r->st, r->arena, &b->cohort, roster_series(r, at), &closed, e);
}

static int import_hot(struct roster *r, struct err *e)
{
	for (size_t i = 0; i < r->n; i++) {
		struct block *b = &r->blocks[i];

		if (cohort_update(r->st, &b->cohort, e) != 0)
			return -1;
		if (b->row.n_own > 0 &&
		    hot_put(r->st, r->arena, &b->cohort, b->cohort.hot_from,
			&b->row, e) != 0)
			return -1;
	}
	return 0;
}

static bool same_source(const char *a, const char *b)
{
	size_t n = strcspn(a, "/");

	return strncmp(a, b, n + 1) == 0;
}

static int import_rows(const struct importing *x, struct roster *r,
    const struct import_row *const *rows, size_t n, struct err *e)
{
	for (size_t i = 0, j; i < n; i = j) {
		const char *name = rows[i]->series;
		struct pairs p = {0};
		struct place at;

		if (roster_find(r, strchr(name, '/') + 1, NULL, &at, e) != 0)
			return -1;
		for (j = i; j < n && strcmp(rows[j]->series, name) == 0; j++)
			pairs_add(x->arena, &p, rows[j]->ts, rows[j]->value);
		if (import_series(r, &at, &p, e) != 0)
			return -1;
	}
	return import_hot(r, e);
}

static int source_every(
    struct store *st, int64_t source, int64_t *every, struct err *e)
{
	static const char sql[] = "SELECT every FROM source WHERE id = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*every = 0;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	if ((rc = db_step(s, e)) == 1) {
		*every = db_int(s, 0);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

static int import_source(struct store *st, const struct importing *x,
    const struct import_row *const *rows, size_t n, struct err *e)
{
	const char *name = rows[0]->series;
	struct source_row source;
	struct roster r;
	int64_t every;
	int rc;

	name = arena_strndup(x->arena, name, strcspn(name, "/"));
	if (source_find_or_make(st, name, &source, e) != 0 ||
	    source_every(st, source.id, &every, e) != 0)
		return -1;
	rc = roster_open(&r, st, source.id, x->now, every, e);
	if (rc == 0)
		rc = import_rows(x, &r, rows, n, e);
	roster_close(&r);
	return rc;
}

static int import_all(struct store *st, void *ctx, struct err *e)
{
	const struct importing *x = ctx;

	for (size_t i = 0, j; i < x->n; i = j) {
		for (j = i; j < x->n && same_source(x->order[i]->series,
					    x->order[j]->series);)
			j++;
		if (import_source(st, x, x->order + i, j - i, e) != 0)
			return -1;
	}
	return 0;
}

static int check_row(const struct import_row *r, int64_t now, struct err *e)
{
	const char *slash = strchr(r->series, '/');

	if (slash == NULL || slash == r->series || slash[1] == '\0')
		return err_set(e,
		    "series '%.80s': a series is named source/metric",
		    r->series);
	if (!isfinite(r->value))
		return err_set(
		    e, "series %s: the value is not a number", r->series);
	if (!store_time_ok(r->ts, now))
		return err_set(e,
		    "series %s: the time %lld is before 1970 or ahead",
		    r->series, (long long)r->ts);
	return 0;
}

int store_import(struct store *st, const struct import_row *rows, size_t n,
    int64_t now, struct err *e)
{
	struct importing x = {
	    .rows = rows, .n = n, .now = now, .arena = arena_new()};
	int rc = 0;

	x.order = arena_array(x.arena, n, sizeof(*x.order));
	for (size_t i = 0; i < n && rc == 0; i++) {
		x.order[i] = &rows[i];
		rc = check_row(&rows[i], now, e);
	}
	if (n > 0 && rc == 0) {
		qsort(x.order, n, sizeof(*x.order), by_series);
		rc = store_write(st, import_all, &x, e);
	}
	arena_free(x.arena);
	return rc;
}

/* The first of what there is of a kind: its chunk's oldest. */
static int oldest(
    struct store *st, enum chunk_kind kind, int64_t *ts, struct err *e)
{
	struct extent x;
	int64_t cut;

	if (chunk_extent(st, kind, &x, e) != 0 ||
	    chunk_cut(st, kind, &cut, e) != 0)
		return -1;
	if (x.first < x.end && (*ts == 0 || x.first < *ts))
		*ts = x.first > cut ? x.first : cut;
	return 0;
}

static int one_number(
    struct store *st, const char *sql, int64_t *n, struct err *e)
{
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL || db_step(s, e) != 1)
		return -1;
	*n = db_int(s, 0);
	db_reset(s);
	return 0;
}

int store_oldest(struct store *st, int64_t *ts, struct err *e)
{
	static const char sql[] =
	    "SELECT min(oldest) FROM cohort WHERE oldest > 0";

	return one_number(st, sql, ts, e);
}

/* Until a day was closed even old samples are in rows of their runs. */
static int raw_of_hot(struct store *st, int64_t *ts, struct err *e)
{
	static const char sql[] =
	    "SELECT min(at) FROM hot"
	    " WHERE at >= (SELECT min(hot_from) FROM cohort)";
	struct extent days;
	int64_t first;

	if (one_number(st, sql, ts, e) != 0 ||
	    chunk_extent(st, CHUNK_D1, &days, e) != 0)
		return -1;
	if (days.first < days.end)
		return 0;
	if (store_oldest(st, &first, e) != 0)
		return -1;
	if (first > 0 && first < *ts)
		*ts = first;
	return 0;
}

static int find_reach(struct store *st, void *ctx, struct err *e)
{
	static const char size[] =
	    "SELECT p.page_count * s.page_size FROM pragma_page_count AS p,"
	    " pragma_page_size AS s";
	static const char lines[] =
	    "SELECT min(t) FROM (SELECT min(ts) AS t FROM line UNION ALL"
	    " SELECT min(first) FROM pack WHERE kind = 0)";
	static const char tables[] =
	    "SELECT min(t) FROM (SELECT min(ts) AS t FROM snapshot UNION ALL"
	    " SELECT min(first) FROM pack WHERE kind = 1)";
	struct reach *r = ctx;

	if (one_number(st, size, &r->bytes, e) != 0 ||
	    raw_of_hot(st, &r->raw, e) != 0 ||
	    one_number(st, lines, &r->lines, e) != 0 ||
	    one_number(st, tables, &r->tables, e) != 0 ||
	    oldest(st, CHUNK_HOUR, &r->raw, e) != 0 ||
	    oldest(st, CHUNK_RAW, &r->raw, e) != 0 ||
	    oldest(st, CHUNK_SPARSE, &r->raw, e) != 0 ||
	    oldest(st, CHUNK_M5, &r->m5, e) != 0 ||
	    oldest(st, CHUNK_H1, &r->h1, e) != 0)
		return -1;
	return oldest(st, CHUNK_D1, &r->d1, e);
}

int store_reach(struct store *st, struct reach *r, struct err *e)
{
	*r = (struct reach){0};
	return store_read(st, find_reach, r, e);
}
