#include "store/chunk.h"
#include "store/damage.h"
#include "store/seal.h"

#include <stdlib.h>

#define HOUR INT64_C(3600)
#define DAY  (24 * HOUR)

const struct chunk_shape chunk_shapes[CHUNK_KINDS] = {
    [CHUNK_HOUR] = {HOUR, 0, HOUR},
    [CHUNK_RAW] = {6 * HOUR, 0, DAY},
    [CHUNK_SPARSE] = {30 * DAY, 0, 30 * DAY},
    [CHUNK_M5] = {DAY, 300, DAY},
    [CHUNK_H1] = {30 * DAY, HOUR, 30 * DAY},
    [CHUNK_D1] = {360 * DAY, DAY, 360 * DAY},
};

/* What is in them, for people. */
static const char *const chunk_words[CHUNK_KINDS] = {
    [CHUNK_HOUR] = "samples",
    [CHUNK_RAW] = "samples",
    [CHUNK_SPARSE] = "samples",
    [CHUNK_M5] = "5-minute means",
    [CHUNK_H1] = "hourly means",
    [CHUNK_D1] = "daily means",
};

/*
 * What seals and damage know it by: the kind, the number of the span since
 * 1970, the series. 27 bits of hours are fifteen thousand years.
 */
#define KIND_SHIFT 60
#define SPAN_MAX   (INT64_C(1) << 27)

/* The key of its row: the batch since 1970, the series, which of the batch. */
#define PART_BITS   2
#define BATCH_SHIFT (SERIES_BITS + PART_BITS)

/*
 * A statement for each kind. Each has a table of its own, so that new chunks
 * come at its end and its pages are full.
 */
#define OF_EACH_KIND(before, after)                                            \
	{                                                                      \
		[CHUNK_HOUR] = before "chunk_hour" after,                      \
		[CHUNK_RAW] = before "chunk_raw" after,                        \
		[CHUNK_SPARSE] = before "chunk_sparse" after,                  \
		[CHUNK_M5] = before "chunk_m5" after,                          \
		[CHUNK_H1] = before "chunk_h1" after,                          \
		[CHUNK_D1] = before "chunk_d1" after,                          \
	}

#define CHUNK_BYTES_MAX ((size_t)4 * 1024 * 1024)

int64_t chunk_start(enum chunk_kind kind, int64_t ts)
{
	return ts - ts % chunk_shapes[kind].span;
}

int64_t chunk_id(enum chunk_kind kind, int64_t ts, int64_t series)
{
	int64_t span = ts < 0 ? 0 : ts / chunk_shapes[kind].span;

	if (span >= SPAN_MAX)
		span = SPAN_MAX - 1;
	return (int64_t)kind << KIND_SHIFT | span << SERIES_BITS | series;
}

int64_t chunk_batch(enum chunk_kind kind, int64_t ts)
{
	return ts - ts % chunk_shapes[kind].batch;
}

static int64_t key_of(enum chunk_kind kind, int64_t ts, int64_t series)
{
	const struct chunk_shape *shape = &chunk_shapes[kind];
	int64_t batch = ts < 0 ? 0 : ts / shape->batch;
	int64_t part = ts < 0 ? 0 : ts % shape->batch / shape->span;

	if (batch >= SPAN_MAX)
		batch = SPAN_MAX - 1;
	return batch << BATCH_SHIFT | series << PART_BITS | part;
}

/* The first of the series in the batch, and behind the last. */
static int64_t first_key(enum chunk_kind kind, int64_t ts, int64_t series)
{
	return key_of(kind, chunk_batch(kind, ts), series);
}

static int64_t batch_of_key(enum chunk_kind kind, int64_t key)
{
	return (key >> BATCH_SHIFT) * chunk_shapes[kind].batch;
}

/* The extents of the kinds that were asked for. */
struct extents {
	bool known[CHUNK_KINDS];
	struct extent of[CHUNK_KINDS];
};

void chunks_forget(struct store *st)
{
	free(st->extents);
	st->extents = NULL;
}

/* 1: there is one; 0: none; -1. */
static int step_id(struct db_stmt *s, int64_t *id, struct err *e)
{
	int rc = s == NULL ? -1 : db_step(s, e);

	if (rc == 1) {
		*id = db_int(s, 0);
		db_reset(s);
	}
	return rc;
}

static int read_extent(
    struct store *st, enum chunk_kind kind, struct extent *x, struct err *e)
{
	static const char *const first[] =
	    OF_EACH_KIND("SELECT id FROM ", " ORDER BY id LIMIT 1");
	static const char *const last[] =
	    OF_EACH_KIND("SELECT id FROM ", " ORDER BY id DESC LIMIT 1");
	int64_t id = 0;
	int rc;

	*x = (struct extent){0, -1};
	if ((rc = step_id(db_stmt(st->db, first[kind], e), &id, e)) <= 0)
		return rc;
	x->first = batch_of_key(kind, id);
	if (step_id(db_stmt(st->db, last[kind], e), &id, e) < 0)
		return -1;
	x->end = batch_of_key(kind, id) + chunk_shapes[kind].batch;
	return 0;
}

int chunk_extent(
    struct store *st, enum chunk_kind kind, struct extent *x, struct err *e)
{
	if (st->extents == NULL)
		st->extents = calloc(1, sizeof(*st->extents));
	if (st->extents == NULL)
		return err_set(e, "%s: out of memory", st->path);
	if (!st->extents->known[kind]) {
		if (read_extent(st, kind, &st->extents->of[kind], e) != 0)
			return -1;
		st->extents->known[kind] = true;
	}
	*x = st->extents->of[kind];
	return 0;
}

/* One row came: the extent reaches to it. */
static void extend(struct store *st, enum chunk_kind kind, int64_t ts)
{
	struct extent *x;
	int64_t start = chunk_batch(kind, ts);
	int64_t end = start + chunk_shapes[kind].batch;

	if (st->extents == NULL || !st->extents->known[kind])
		return;
	x = &st->extents->of[kind];
	if (x->end < x->first) {
		x->first = start;
		x->end = end;
	}
	if (start < x->first)
		x->first = start;
	if (end > x->end)
		x->end = end;
}

/* What a chunk's bytes come out into. */
struct taking {
	struct store *st;
	struct arena *arena;
	enum chunk_kind kind;
	int64_t start, from, to;
	struct pairs *pairs;
	struct cells *cells;
};

static bool take_samples(const struct taking *t, struct span bytes)
{
	static int64_t ts[CODEC_MAX];
	static double values[CODEC_MAX];
	size_t n = codec_get_samples(bytes, ts, values);

	if (n == 0 || ts[0] < t->start ||
	    ts[n - 1] >= t->start + chunk_shapes[t->kind].span)
		return false;
	for (size_t i = 0; i < n; i++)
		if (ts[i] >= t->from && ts[i] < t->to)
			pairs_add(t->arena, t->pairs, ts[i], values[i]);
	return true;
}

static bool take_cells(const struct taking *t, struct span bytes)
{
	static struct cell cells[CODEC_MAX];
	size_t n = codec_get_cells(bytes, cells, chunk_shapes[t->kind].width);

	if (n == 0 || cells[0].ts < t->start ||
	    cells[n - 1].ts >= t->start + chunk_shapes[t->kind].span)
		return false;
	for (size_t i = 0; i < n; i++)
		if (cells[i].ts >= t->from && cells[i].ts < t->to)
			cells_add(t->arena, t->cells, &cells[i]);
	return true;
}

/* One that is damaged is a gap. */
static int take_one(struct taking *t, int64_t series, struct err *e)
{
	static const char *const sql[] =
	    OF_EACH_KIND("SELECT data FROM ", " WHERE id = ?");
	struct db_stmt *s = db_stmt(t->st->db, sql[t->kind], e);
	int64_t id = chunk_id(t->kind, t->start, series);
	struct span bytes;
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, key_of(t->kind, t->start, series));
	if ((rc = db_step(s, e)) != 1)
		return rc;
	bytes = db_blob(s, 0);
	if (!seal_take(&bytes, id, 0) ||
	    !(t->pairs != NULL ? take_samples(t, bytes) : take_cells(t, bytes)))
		damage_note(t->st, &(struct damaged){id, chunk_words[t->kind],
				       DAMAGED_SERIES, series, t->start,
				       t->start + chunk_shapes[t->kind].span});
	db_reset(s);
	return 0;
}

static int take_all(struct taking *t, int64_t series, struct err *e)
{
	struct extent x = {0};

	if (chunk_extent(t->st, t->kind, &x, e) != 0)
		return -1;
	if (t->from < x.first)
		t->from = x.first;
	if (t->to > x.end)
		t->to = x.end;
	for (t->start = chunk_start(t->kind, t->from); t->start < t->to;
	     t->start += chunk_shapes[t->kind].span)
		if (take_one(t, series, e) != 0)
			return -1;
	return 0;
}

int chunk_read(struct store *st, struct arena *a, enum chunk_kind kind,
    int64_t series, int64_t from, int64_t to, struct pairs *pairs,
    struct err *e)
{
	struct taking t = {.st = st,
	    .arena = a,
	    .kind = kind,
	    .from = from,
	    .to = to,
	    .pairs = pairs};

	return take_all(&t, series, e);
}

int chunk_read_cells(struct store *st, struct arena *a, enum chunk_kind kind,
    int64_t series, int64_t from, int64_t to, struct cells *cells,
    struct err *e)
{
	struct taking t = {.st = st,
	    .arena = a,
	    .kind = kind,
	    .from = from,
	    .to = to,
	    .cells = cells};

	return take_all(&t, series, e);
}

static int put(struct store *st, enum chunk_kind kind, int64_t series,
    int64_t ts, struct buf *b, struct err *e)
{
	static const char *const sql[] = OF_EACH_KIND("INSERT INTO ",
	    " (id, data) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET data = ?2");
	struct db_stmt *s = db_stmt(st->db, sql[kind], e);
	int64_t id = chunk_id(kind, ts, series);
	int rc = -1;

	seal_put(b, id, 0);
	if (b->failed)
		err_set(e, "%s: out of memory", st->path);
	else if (s != NULL) {
		db_bind_int(s, 1, key_of(kind, ts, series));
		db_bind_blob(s, 2, (struct span){b->data, b->len});
		rc = db_run(s, e);
		extend(st, kind, ts);
	}
	buf_free(b);
	return rc;
}

static int drop(struct store *st, enum chunk_kind kind, int64_t series,
    int64_t ts, struct err *e)
{
	static const char *const sql[] =
	    OF_EACH_KIND("DELETE FROM ", " WHERE id = ?");
	struct db_stmt *s = db_stmt(st->db, sql[kind], e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, key_of(kind, ts, series));
	return db_run(s, e);
}

static int too_many(struct store *st, struct err *e)
{
	return err_set(
	    e, "%s: more than %d samples in a chunk", st->path, CODEC_MAX);
}

int chunk_write(struct store *st, enum chunk_kind kind, int64_t series,
    int64_t ts, const struct pairs *p, struct err *e)
{
	static int64_t times[CODEC_MAX];
	static double values[CODEC_MAX];
	struct buf b;

	if (p->n == 0)
		return drop(st, kind, series, ts, e);
	if (p->n > CODEC_MAX)
		return too_many(st, e);
	for (size_t i = 0; i < p->n; i++) {
		times[i] = p->items[i].ts;
		values[i] = p->items[i].value;
	}
	buf_init(&b, CHUNK_BYTES_MAX);
	codec_put_samples(&b, times, values, p->n);
	return put(st, kind, series, ts, &b, e);
}

int chunk_write_cells(struct store *st, enum chunk_kind kind, int64_t series,
    int64_t ts, const struct cells *c, struct err *e)
{
	struct buf b;

	if (c->n == 0)
		return drop(st, kind, series, ts, e);
	if (c->n > CODEC_MAX)
		return too_many(st, e);
	buf_init(&b, CHUNK_BYTES_MAX);
	codec_put_cells(&b, c->items, c->n, chunk_shapes[kind].width);
	return put(st, kind, series, ts, &b, e);
}

static int drop_between(struct store *st, enum chunk_kind kind, int64_t first,
    int64_t last, struct err *e)
{
	static const char *const sql[] =
	    OF_EACH_KIND("DELETE FROM ", " WHERE id BETWEEN ?1 AND ?2");
	struct db_stmt *s = db_stmt(st->db, sql[kind], e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, first);
	db_bind_int(s, 2, last);
	return db_run(s, e);
}

int chunk_delete(struct store *st, enum chunk_kind kind, int64_t from,
    int64_t to, int64_t first, int64_t last, struct err *e)
{
	struct extent x = {0};

	if (chunk_extent(st, kind, &x, e) != 0)
		return -1;
	if (from < x.first)
		from = x.first;
	if (to > x.end)
		to = x.end;
	for (int64_t ts = chunk_batch(kind, from); ts < to;
	     ts += chunk_shapes[kind].batch)
		if (drop_between(st, kind, first_key(kind, ts, first),
			first_key(kind, ts, last + 1) - 1, e) != 0)
			return -1;
	return 0;
}

static int note_cut(
    struct store *st, enum chunk_kind kind, int64_t cut, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO pruned (kind, until) VALUES (?1, ?2)"
	    " ON CONFLICT DO UPDATE SET until = ?2 WHERE until < ?2";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, kind);
	db_bind_int(s, 2, cut);
	return db_run(s, e);
}

/* The first that is one too many; 0: there are no more than n. */
static int after(struct store *st, enum chunk_kind kind, int64_t n, int64_t *id,
    struct err *e)
{
	static const char *const sql[] =
	    OF_EACH_KIND("SELECT id FROM ", " ORDER BY id LIMIT 1 OFFSET ?");
	struct db_stmt *s = db_stmt(st->db, sql[kind], e);

	*id = 0;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, n);
	return step_id(s, id, e) < 0 ? -1 : 0;
}

int chunk_prune(struct store *st, enum chunk_kind kind, int64_t cut,
    int64_t limit, int64_t *n, struct err *e)
{
	/* The batch in which the cut lies is the first that stays. */
	int64_t stays = first_key(kind, cut, 0), next;

	*n = 0;
	if (after(st, kind, limit, &next, e) != 0)
		return -1;
	if (next != 0 && next < stays)
		stays = next;
	if (drop_between(st, kind, 0, stays - 1, e) != 0)
		return -1;
	*n = db_changes(st->db);
	chunks_forget(st);
	return *n == 0 ? 0 : note_cut(st, kind, chunk_batch(kind, cut), e);
}

int chunk_cut(
    struct store *st, enum chunk_kind kind, int64_t *cut, struct err *e)
{
	static const char sql[] = "SELECT until FROM pruned WHERE kind = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*cut = 0;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, kind);
	if ((rc = db_step(s, e)) == 1) {
		*cut = db_int(s, 0);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}
