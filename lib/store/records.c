#include "store/store_private.h"

#include <math.h>

#include "base/json.h"

/* 256 fields of the longest text, each byte escaped. */
#define FIELDS_MAX ((size_t)32 * 1024 * 1024)

/* A number stays one, whole ones exactly; what claims to be one is text. */
static void put(struct json *object, const struct field *f)
{
	int64_t whole;
	double real;

	if (f->value == NULL)
		json_put_real(object, f->name, NAN);
	else if (f->number && str_int(f->value, &whole))
		json_put_int(object, f->name, whole);
	else if (f->number && str_number(f->value, &real))
		json_put_real(object, f->name, real);
	else
		json_put_text(object, f->name, f->value);
}

static void write_fields(const struct record *r, struct buf *b)
{
	struct json *object = json_object_new();

	for (size_t i = 0; i < r->n; i++)
		if (r->fields[i].name != NULL)
			put(object, &r->fields[i]);
	json_write(object, 0, b);
	json_free(object);
}

/* What is replaced by something else stays, with its times. */
static int keep_past(struct store *st, int64_t source, const struct record *r,
    int64_t now, const char *fields, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO record_past (record, since, until, ts, seen, fields)"
	    " SELECT id, since, ifnull(gone, ?3), ts, seen, fields FROM record"
	    " WHERE source = ?1 AND key = ?2 AND since < ?3"
	    " AND (fields <> ?4 OR gone IS NOT NULL)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_text(s, 2, r->key);
	db_bind_int(s, 3, now);
	db_bind_text(s, 4, fields);
	if (db_run(s, e) != 0)
		return -1;
	st->appended += db_changes(st->db);
	return 0;
}

static int upsert(struct store *st, int64_t source, const struct record *r,
    int64_t now, const char *fields, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO record (source, key, ts, fields, since, seen)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (source, key)"
	    " DO UPDATE SET ts = ?3, seen = ?5, fields = ?4, gone = NULL,"
	    " since = CASE WHEN fields <> ?4 OR gone IS NOT NULL THEN ?5"
	    "  ELSE since END";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_text(s, 2, r->key);
	db_bind_int(s, 3, r->ts == 0 ? now : r->ts);
	db_bind_text(s, 4, fields);
	db_bind_int(s, 5, now);
	st->appended++;
	return db_run(s, e);
}

/*
 * A record whose key is but its time has none of its own: it is the one of
 * that time that has, once this is known. So a file that knows no keys may be
 * followed by a service that does.
 */
static int give_key(
    struct store *st, int64_t source, const struct record *r, struct err *e)
{
	static const char sql[] =
	    "UPDATE record SET key = ?2 WHERE source = ?1"
	    " AND key = CAST(?3 AS TEXT) AND ts = ?3 AND NOT EXISTS"
	    " (SELECT 1 FROM record WHERE source = ?1 AND key = ?2)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_text(s, 2, r->key);
	db_bind_int(s, 3, r->ts);
	return db_run(s, e);
}

static int put_record(struct store *st, int64_t source, const struct record *r,
    int64_t now, struct retractions *gone, struct buf *b, struct err *e)
{
	buf_reset(b);
	write_fields(r, b);
	if (b->failed)
		return err_set(e, "record %s: too large", r->key);
	if (r->key != NULL && r->ts != 0 && give_key(st, source, r, e) != 0)
		return -1;
	if (r->key != NULL &&
	    (keep_past(st, source, r, now, buf_text(b), e) != 0 ||
		retract_replaced(st, source, r, buf_text(b), gone, e) != 0))
		return -1;
	return upsert(st, source, r, now, buf_text(b), e);
}

/* An empty list is more often a fault than the end of all things. */
static int end_unlisted(struct store *st, int64_t source,
    const struct delivery *d, struct retractions *gone, struct err *e)
{
	static const char sql[] =
	    "UPDATE record SET gone = ?2 WHERE source = ?1 AND seen <> ?2"
	    " AND gone IS NULL";
	struct db_stmt *s;

	if (!d->whole || d->readings->n_records == 0)
		return 0;
	if (retract_unlisted(st, source, d->now, gone, e) != 0 ||
	    (s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_int(s, 2, d->now);
	return db_run(s, e);
}

int records_append(struct store *st, const struct source_row *source,
    const struct delivery *d, struct retractions *gone, struct err *e)
{
	struct buf b;
	int rc;

	if (d->readings->n_records == 0)
		return 0;
	rc = retract_begin(st, source->id, gone, e);
	buf_init(&b, FIELDS_MAX);
	for (size_t i = 0; i < d->readings->n_records && rc == 0; i++)
		rc = put_record(st, source->id, &d->readings->records[i],
		    d->now, gone, &b, e);
	buf_free(&b);
	if (rc != 0 || end_unlisted(st, source->id, d, gone, e) != 0)
		return -1;
	return retract_end(st, source->id, gone, e);
}

int records_prune(struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char past[] =
	    "DELETE FROM record_past WHERE id IN"
	    " (SELECT id FROM record_past WHERE until < ?1 LIMIT ?2)";
	static const char gone[] =
	    "DELETE FROM record WHERE id IN (SELECT id FROM record r"
	    " WHERE gone < ?1 AND NOT EXISTS (SELECT 1 FROM record_past p"
	    "  WHERE p.record = r.id) LIMIT ?2)";

	if (prune_rows(st, past, cut, limit, e) != 0)
		return -1;
	return prune_rows(st, gone, cut, limit, e);
}

/* The versions as they are read: a row for each field. */
struct reading_records {
	struct arena *arena;
	struct records *out;
	size_t cap, cap_fields;
	int64_t since; /* of the last version: tells it from the next */
	struct field *fields;
};

static struct version *begin_version(
    struct reading_records *r, const struct db_stmt *s)
{
	const char *key = db_text(s, 0);
	struct records *out = r->out;
	struct version *last = out->n > 0 ? &out->versions[out->n - 1] : NULL;
	bool same = last != NULL && str_eq(last->key, key);

	if (same && r->since == db_int(s, 3))
		return last;
	key = same ? last->key : arena_strdup(r->arena, key);
	last = arena_push(r->arena, &out->versions, &out->n, &r->cap);
	*last = (struct version){key, db_int(s, 1), db_int(s, 2), NULL, 0};
	r->since = db_int(s, 3);
	r->fields = NULL;
	r->cap_fields = 0;
	return last;
}

static void take_row(struct reading_records *r, const struct db_stmt *s)
{
	struct version *v = begin_version(r, s);
	enum db_type type = db_type(s, 5);
	struct field *f;

	if (type == DB_NULL)
		return;
	f = arena_push(r->arena, &r->fields, &v->n, &r->cap_fields);
	f->name = arena_strdup(r->arena, db_text(s, 4));
	f->number = type == DB_INTEGER || type == DB_REAL;
	f->value = arena_strdup(r->arena, db_text(s, 5));
	v->fields = r->fields;
}

static int read_versions(struct store *st, struct arena *a,
    const struct records_wanted *w, struct records *out, struct err *e)
{
	static const char sql[] =
	    "WITH k AS (SELECT r.* FROM record r JOIN source o"
	    "  ON o.id = r.source WHERE o.name = ?1"
	    "  AND (r.gone IS NULL OR r.gone > ?3)"
	    "  AND (r.since <= ?3 OR EXISTS (SELECT 1 FROM record_past p"
	    "   WHERE p.record = r.id AND p.since <= ?3 AND p.until > ?3))"
	    "  ORDER BY r.seen DESC, r.key LIMIT ?4),"
	    " v AS (SELECT key, ts, seen, since, fields, 1 AS held"
	    "  FROM k WHERE since <= ?3 UNION ALL"
	    "  SELECT k.key, p.ts, p.seen, p.since, p.fields, p.until > ?3"
	    "  FROM k JOIN record_past p ON p.record = k.id"
	    "  WHERE p.until > ?2 AND p.since <= ?3"
	    "  ORDER BY 6 DESC, 4 DESC LIMIT ?5)"
	    " SELECT v.key, min(v.ts, ?3), min(v.seen, ?3), v.since, j.key,"
	    " j.value FROM v LEFT JOIN json_each(v.fields) j"
	    " ORDER BY v.key, v.since";
	struct reading_records r = {.arena = a, .out = out};
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, w->source);
	db_bind_int(s, 2, w->from < w->at ? w->from : w->at);
	db_bind_int(s, 3, w->at);
	db_bind_int(s, 4, (int64_t)w->keys);
	db_bind_int(s, 5, (int64_t)w->versions);
	while ((rc = db_step(s, e)) == 1)
		take_row(&r, s);
	return rc;
}

/* When the source last answered. */
static int read_listed(struct store *st, struct arena *a,
    const struct records_wanted *w, struct records *out, struct err *e)
{
	static const char sql[] =
	    "SELECT s.since, s.until, o.every, (SELECT count(*) FROM record r"
	    "  WHERE r.source = o.id AND (r.gone IS NULL OR r.gone > ?2))"
	    " FROM source o JOIN spell s ON s.source = o.id"
	    " WHERE o.name = ?1 AND s.outcome = 'ok' AND s.since <= ?2"
	    " ORDER BY s.since DESC, s.id DESC LIMIT 1";
	struct db_stmt *s;
	struct past past;
	int64_t keys;
	int rc;

	if (past_open(st, a, w->at, &past, e) != 0 ||
	    (s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_text(s, 1, w->source);
	db_bind_int(s, 2, w->at);
	if ((rc = db_step(s, e)) != 1)
		return rc;
	out->listed =
	    past_asked(&past, db_int(s, 0), db_int(s, 1), db_int(s, 2));
	keys = db_int(s, 3);
	out->left_out =
	    keys > (int64_t)w->keys ? (size_t)(keys - (int64_t)w->keys) : 0;
	db_reset(s);
	return 0;
}

struct records_question {
	struct arena *arena;
	const struct records_wanted *wanted;
	struct records *out;
};

static int read_records(struct store *st, void *ctx, struct err *e)
{
	const struct records_question *q = ctx;

	if (read_versions(st, q->arena, q->wanted, q->out, e) != 0)
		return -1;
	return read_listed(st, q->arena, q->wanted, q->out, e);
}

int store_records(struct store *st, struct arena *a,
    const struct records_wanted *wanted, struct records *out, struct err *e)
{
	struct records_question q = {a, wanted, out};

	*out = (struct records){0};
	return store_read(st, read_records, &q, e);
}
