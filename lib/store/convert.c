#include "store/convert.h"
#include "store/day.h"
#include "store/roster.h"

#include <math.h>

/*
 * Layout 1 had a row for each sample, in cells of the width of a series'
 * span, and a row for the newest and the counters. It is read here with SQL
 * of its own, which never changes.
 */
#define DAY INT64_C(86400)

/* Read and placed at once; a bound on memory. */
#define WINDOW (30 * DAY)

struct old_series {
	int64_t id, span, source, created, every;
	const char *metric, *unit;
	struct counter counter;
};

static const char list_sql[] =
    "SELECT s.id, s.span, s.source, s.created, o.every, s.metric, s.unit,"
    " l.raw_ts, l.raw, l.before_ts, l.before FROM old_series s"
    " JOIN source o ON o.id = s.source LEFT JOIN latest l ON l.series = s.id"
    " ORDER BY s.source, s.id";

static int list(struct store *st, struct arena *a, struct old_series **out,
    size_t *n, struct err *e)
{
	struct db_stmt *s = db_stmt(st->db, list_sql, e);
	size_t cap = 0;
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = (struct old_series){
		    .id = db_int(s, 0),
		    .span = db_int(s, 1) < 30 ? 30 : db_int(s, 1),
		    .source = db_int(s, 2),
		    .created = db_int(s, 3),
		    .every = db_int(s, 4),
		    .metric = arena_strdup(a, db_text(s, 5)),
		    .unit = arena_strdup(a, db_text(s, 6)),
		    .counter = {db_int(s, 7), db_int(s, 9), db_real(s, 8),
			db_real(s, 10)},
		};
	return rc;
}

struct converting {
	struct store *st;
	struct arena *arena; /* reset after each window */
	int64_t first, end;  /* of all samples */
	int64_t now;	     /* the newest run */
};

/* When the store was last written, and where its samples lie. */
static int measure(struct converting *x, struct err *e)
{
	static const char sql[] =
	    "SELECT (SELECT min(cell) FROM sample),"
	    " (SELECT max(cell) FROM sample), (SELECT max(tried) FROM source)";
	struct db_stmt *s = db_stmt(x->st->db, sql, e);

	if (s == NULL || db_step(s, e) != 1)
		return -1;
	x->first = db_int(s, 0) - db_int(s, 0) % DAY;
	/* A cell is at most thirty days wide. */
	x->end = db_type(s, 1) == DB_NULL ? 0 : db_int(s, 1) + 31 * DAY;
	x->now = db_int(s, 2);
	db_reset(s);
	return 0;
}

static int read_window(struct converting *x, const struct old_series *o,
    int64_t from, struct pairs *out, struct err *e)
{
	static const char sql[] =
	    "SELECT ts, value FROM sample WHERE cell = ? AND series = ?"
	    " AND ts >= ? AND ts < ?";
	struct db_stmt *s = db_stmt(x->st->db, sql, e);
	int64_t to = from + WINDOW;
	int rc = 0;

	if (s == NULL)
		return -1;
	for (int64_t cell = from - from % o->span; cell < to && rc == 0;
	     cell += o->span) {
		db_reset(s);
		db_bind_int(s, 1, cell);
		db_bind_int(s, 2, o->id);
		db_bind_int(s, 3, from);
		db_bind_int(s, 4, to);
		while ((rc = db_step(s, e)) == 1)
			pairs_add(x->arena, out, db_int(s, 0), db_real(s, 1));
	}
	return rc;
}

/* Hours that are not over are closed again when they are: nothing is hot. */
static int place_all(struct converting *x, const struct old_series *o,
    struct cohort *c, int64_t series, struct err *e)
{
	for (int64_t from = x->first; from < x->end; from += WINDOW) {
		struct pairs p = {0};

		if (read_window(x, o, from, &p, e) != 0 ||
		    series_place(x->st, x->arena, c, series, &p, e) != 0)
			return -1;
		arena_reset(x->arena);
	}
	return 0;
}

static int convert_one(struct converting *x, struct roster *r,
    const struct old_series *o, struct err *e)
{
	struct counter *counter;
	struct place at;

	r->now = o->created;
	if (roster_find(r, o->metric, o->unit, &at, e) != 0)
		return -1;
	if (!isnan(o->counter.raw)) {
		if (roster_counter(r, &at, &counter, e) != 0)
			return -1;
		*counter = o->counter;
	}
	return place_all(
	    x, o, &r->blocks[at.block].cohort, roster_series(r, &at), e);
}

static int end_source(struct roster *r, struct err *e)
{
	for (size_t i = 0; i < r->n; i++) {
		struct block *b = &r->blocks[i];

		if (cohort_update(r->st, &b->cohort, e) != 0 ||
		    (b->counters != NULL && counters_write(r->st, b, e) != 0))
			return -1;
	}
	return 0;
}

static int convert_source(
    struct converting *x, const struct old_series *o, size_t n, struct err *e)
{
	struct roster r;
	int rc = roster_open(&r, x->st, o->source, x->now, o->every, e);

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = convert_one(x, &r, &o[i], e);
	if (rc == 0)
		rc = end_source(&r, e);
	roster_close(&r);
	return rc;
}

static int convert_all(
    struct converting *x, const struct old_series *o, size_t n, struct err *e)
{
	size_t first = 0;

	for (size_t i = 1; i <= n; i++) {
		if (i < n && o[i].source == o[first].source)
			continue;
		if (convert_source(x, &o[first], i - first, e) != 0)
			return -1;
		first = i;
	}
	return 0;
}

int convert_samples(struct store *st, struct err *e)
{
	struct arena *names = arena_new();
	struct converting x = {.st = st, .arena = arena_new()};
	struct old_series *o = NULL;
	size_t n = 0;
	int rc = db_exec(st->db, CHUNK_TABLES, e);

	if (rc == 0)
		rc = measure(&x, e);
	if (rc == 0)
		rc = list(st, names, &o, &n, e);
	if (rc == 0)
		rc = convert_all(&x, o, n, e);
	store_forget(st);
	arena_free(x.arena);
	arena_free(names);
	return rc;
}
