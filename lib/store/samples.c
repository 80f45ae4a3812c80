#include "store/store_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * All of the samples' SQL.
 *
 * A sample lies in a cell of time, and in it by series and time. With cells
 * of 30 samples a run touches only the pages of the cells that are open,
 * however long the history; a chart reads a cell with one search; and what
 * is old is at the front of the tree. The width of its cells is a series'
 * span.
 */
#define SAMPLES_PER_CELL 30

/* Wide enough that a year of cells is few, whatever `every` says. */
static int64_t span_of(int64_t every)
{
	if (every < 1)
		every = 1;
	if (every > 86400)
		every = 86400;
	return every * SAMPLES_PER_CELL;
}

/* As it was read: a damaged one must not divide by zero or loop for ever. */
static int64_t sane_span(int64_t span)
{
	return span < SAMPLES_PER_CELL ? span_of(1) : span;
}

static int64_t cell_of(int64_t ts, int64_t span)
{
	return ts - ts % sane_span(span);
}

/* A series on the way to its next sample. */
struct head {
	int64_t id, span;
	bool same_unit;
	int64_t ts; /* of the newest sample; 0: none */
	double value;
	struct counter counter;
};

/* What the samples of one delivery share. */
struct append {
	struct store *st;
	int64_t source, now, every, gap;
	struct db_stmt *find, *insert, *latest;
};

static int64_t or_zero(const struct db_stmt *s, int i)
{
	return db_type(s, i) == DB_NULL ? 0 : db_int(s, i);
}

static const char find_sql[] =
    "SELECT s.id, s.span, s.unit = ?3, l.ts, l.value, l.raw_ts, l.raw,"
    " l.before_ts, l.before FROM series s"
    " LEFT JOIN latest l ON l.series = s.id"
    " WHERE s.source = ?1 AND s.metric = ?2";

static int find(struct append *x, const char *metric, const char *unit,
    struct head *h, struct err *e)
{
	struct db_stmt *s = x->find;
	int rc;

	db_reset(s);
	db_bind_int(s, 1, x->source);
	db_bind_text(s, 2, metric);
	db_bind_text(s, 3, unit);
	if ((rc = db_step(s, e)) != 1)
		return rc;
	h->id = db_int(s, 0);
	h->span = db_int(s, 1);
	h->same_unit = db_int(s, 2) != 0;
	h->ts = or_zero(s, 3);
	h->value = db_real(s, 4);
	h->counter = (struct counter){
	    or_zero(s, 5), or_zero(s, 7), db_real(s, 6), db_real(s, 8)};
	db_reset(s);
	return 1;
}

static int make_series(struct append *x, const char *metric, const char *unit,
    struct head *h, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO series (source, metric, unit, span, created)"
	    " VALUES (?, ?, ?, ?, ?)";
	struct db_stmt *s = db_stmt(x->st->db, sql, e);

	if (s == NULL)
		return -1;
	h->span = span_of(x->every);
	db_bind_int(s, 1, x->source);
	db_bind_text(s, 2, metric);
	db_bind_text(s, 3, unit);
	db_bind_int(s, 4, h->span);
	db_bind_int(s, 5, x->now);
	if (db_run(s, e) != 0)
		return -1;
	h->id = db_last_id(x->st->db);
	h->same_unit = true;
	h->value = h->counter.raw = h->counter.before = NAN;
	return 0;
}

static int change_unit(
    struct append *x, int64_t id, const char *unit, struct err *e)
{
	static const char sql[] = "UPDATE series SET unit = ?2 WHERE id = ?1";
	struct db_stmt *s = db_stmt(x->st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, id);
	db_bind_text(s, 2, unit);
	return db_run(s, e);
}

static const char insert_sql[] =
    "INSERT INTO sample (cell, series, ts, value) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET value = excluded.value";

static int insert(
    struct append *x, struct head *h, int64_t ts, double value, struct err *e)
{
	struct db_stmt *s = x->insert;

	db_reset(s);
	db_bind_int(s, 1, cell_of(ts, h->span));
	db_bind_int(s, 2, h->id);
	db_bind_int(s, 3, ts);
	db_bind_real(s, 4, value);
	if (ts >= h->ts) {
		h->ts = ts;
		h->value = value;
	}
	x->st->appended++;
	return db_run(s, e);
}

static const char latest_sql[] =
    "REPLACE INTO latest (series, ts, value, raw_ts, raw, before_ts, before)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)";

/* Binds nothing, which is NULL, where there is no value. */
static void bind_pair(struct db_stmt *s, int i, int64_t ts, double value)
{
	if (isnan(value))
		return;
	db_bind_int(s, i, ts);
	db_bind_real(s, i + 1, value);
}

static int note_latest(struct append *x, const struct head *h, struct err *e)
{
	struct db_stmt *s = x->latest;

	db_reset(s);
	db_bind_int(s, 1, h->id);
	bind_pair(s, 2, h->ts, h->value);
	bind_pair(s, 4, h->counter.ts, h->counter.raw);
	bind_pair(s, 6, h->counter.before_ts, h->counter.before);
	return db_run(s, e);
}

/* The unit of a counter's rate; a count has none but "per second". */
static const char *unit_of(const struct sample *sample, char *dst, size_t size)
{
	const char *unit = sample->unit == NULL ? "" : sample->unit;

	if (!sample->counter)
		return unit;
	if (strcmp(unit, UNIT_COUNT) == 0)
		unit = "";
	snprintf(dst, size, "%.*s/s", (int)size - 3, unit);
	return dst;
}

static int append_one(
    struct append *x, const struct sample *sample, struct err *e)
{
	int64_t ts = sample->ts == 0 ? x->now : sample->ts;
	char rate[READING_NAME_MAX + 3];
	const char *unit = unit_of(sample, rate, sizeof(rate));
	double value = sample->value;
	struct head h = {0};
	int rc;

	if (!isfinite(value) || !store_time_ok(ts, x->now))
		return 0;
	rc = find(x, sample->metric, unit, &h, e);
	if (rc == 0)
		rc = make_series(x, sample->metric, unit, &h, e);
	if (rc < 0 || (!h.same_unit && change_unit(x, h.id, unit, e) != 0))
		return -1;
	if (sample->counter)
		value = counter_rate(&h.counter, ts, value, x->gap);
	if (isfinite(value) && insert(x, &h, ts, value, e) != 0)
		return -1;
	return note_latest(x, &h, e);
}

int samples_append(struct store *st, const struct source_row *source,
    const struct delivery *d, struct err *e)
{
	struct append x = {
	    .st = st, .source = source->id, .now = d->now, .every = d->every};

	if (d->readings->n_samples == 0)
		return 0;
	x.find = db_stmt(st->db, find_sql, e);
	x.insert = db_stmt(st->db, insert_sql, e);
	x.latest = db_stmt(st->db, latest_sql, e);
	if (x.find == NULL || x.insert == NULL || x.latest == NULL ||
	    runs_spacing(st, d->now, &x.gap, e) != 0)
		return -1;
	if (x.gap < d->every)
		x.gap = d->every;
	x.gap *= 3;
	for (size_t i = 0; i < d->readings->n_samples; i++)
		if (append_one(&x, &d->readings->samples[i], e) != 0)
			return -1;
	return 0;
}

/* Where there is anything to look for. */
struct extent {
	int64_t oldest; /* no sample of any series is older */
	int64_t newest; /* of this series; 0: none */
	double value;	/* at newest */
};

static int extent(struct store *st, const struct entry *series,
    struct extent *x, struct err *e)
{
	static const char sql[] =
	    "SELECT (SELECT min(cell) FROM sample), ts, value FROM latest"
	    " WHERE series = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*x = (struct extent){.value = NAN};
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, series->id);
	if ((rc = db_step(s, e)) == 1) {
		x->oldest = or_zero(s, 0);
		x->newest = or_zero(s, 1);
		x->value = db_real(s, 2);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

int samples_read(struct store *st, const struct entry *series, int64_t from,
    int64_t to, void (*take)(void *, int64_t, double), void *ctx, struct err *e)
{
	static const char sql[] =
	    "SELECT ts, value FROM sample WHERE cell = ? AND series = ?"
	    " AND ts BETWEEN ? AND ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int64_t span = sane_span(series->span);
	struct extent x;
	int rc = 0;

	if (s == NULL || extent(st, series, &x, e) != 0)
		return -1;
	if (from < x.oldest)
		from = x.oldest;
	if (to > x.newest)
		to = x.newest;
	for (int64_t cell = cell_of(from, span); cell <= to && rc == 0;
	     cell += span) {
		db_reset(s);
		db_bind_int(s, 1, cell);
		db_bind_int(s, 2, series->id);
		db_bind_int(s, 3, from);
		db_bind_int(s, 4, to);
		while ((rc = db_step(s, e)) == 1)
			take(ctx, db_int(s, 0), db_real(s, 1));
	}
	return rc;
}

static int newest_in(struct store *st, const struct entry *series, int64_t cell,
    int64_t at, int64_t *ts, double *value, struct err *e)
{
	static const char sql[] =
	    "SELECT ts, value FROM sample WHERE cell = ? AND series = ?"
	    " AND ts <= ? ORDER BY ts DESC LIMIT 1";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, cell);
	db_bind_int(s, 2, series->id);
	db_bind_int(s, 3, at);
	if ((rc = db_step(s, e)) == 1) {
		*ts = db_int(s, 0);
		*value = db_real(s, 1);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

int samples_newest(struct store *st, const struct entry *series, int64_t at,
    int64_t *ts, double *value, struct err *e)
{
	int64_t span = sane_span(series->span), cell;
	struct extent x;

	if (extent(st, series, &x, e) != 0)
		return -1;
	*ts = x.newest <= at ? x.newest : 0;
	*value = *ts > 0 ? x.value : NAN;
	for (cell = cell_of(at, span);
	     *ts == 0 && at < x.newest && cell >= x.oldest && cell >= 0;
	     cell -= span)
		if (newest_in(st, series, cell, at, ts, value, e) != 0)
			return -1;
	return 0;
}

/* Series that have nothing left; their ids may be used again. */
static int prune_series(
    struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char series[] =
	    "DELETE FROM series WHERE id IN (SELECT series FROM latest"
	    " WHERE max(ifnull(ts, 0), ifnull(raw_ts, 0)) < ?1 LIMIT ?2)";
	static const char latest[] =
	    "DELETE FROM latest WHERE series NOT IN (SELECT id FROM series)";
	struct db_stmt *s = db_stmt(st->db, series, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, cut);
	db_bind_int(s, 2, limit);
	if (db_run(s, e) != 0)
		return -1;
	if (db_changes(st->db) == 0)
		return 0;
	s = db_stmt(st->db, latest, e);
	return s == NULL ? -1 : db_run(s, e);
}

int samples_prune(struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM sample WHERE (cell, series, ts) IN"
	    " (SELECT cell, series, ts FROM sample"
	    " WHERE cell < ?1 AND ts < ?1 ORDER BY cell, series, ts LIMIT ?2)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, cut);
	db_bind_int(s, 2, limit);
	if (db_run(s, e) != 0)
		return -1;
	/* Not while some of their samples may remain. */
	if (db_changes(st->db) == limit)
		return 0;
	return prune_series(st, cut, limit, e);
}
