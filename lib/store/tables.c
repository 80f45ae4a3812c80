#include "store/pack.h"
#include "store/tablepack.h"

/*
 * The newest one of this name, if it is just the same and the source has
 * gone well without a break since: then it only lasts longer.
 */
static int lengthen(struct store *st, const struct source_row *source,
    const struct delivery *d, const char *name, struct span content, bool *done,
    struct err *e)
{
	static const char sql[] =
	    "UPDATE snapshot SET until = ?4 WHERE id = (SELECT id"
	    " FROM snapshot WHERE source = ?1 AND name = ?2"
	    " ORDER BY ts DESC LIMIT 1)"
	    " AND until = ?3 AND until <= ?4 AND content = ?5";
	struct db_stmt *s;

	*done = false;
	if (source->failures > 0 || source->last_ok == 0)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, source->id);
	db_bind_text(s, 2, name);
	db_bind_int(s, 3, source->last_ok);
	db_bind_int(s, 4, d->now);
	db_bind_blob(s, 5, content);
	if (db_run(s, e) != 0)
		return -1;
	*done = db_changes(st->db) == 1;
	return 0;
}

static int insert(struct store *st, const struct source_row *source,
    const struct delivery *d, const char *name, struct span content,
    struct err *e)
{
	static const char sql[] =
	    "INSERT INTO snapshot (source, name, ts, until, content)"
	    " VALUES (?1, ?2, ?3, ?3, ?4) ON CONFLICT (source, name, ts)"
	    " DO UPDATE SET until = ?3, content = ?4";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source->id);
	db_bind_text(s, 2, name);
	db_bind_int(s, 3, d->now);
	db_bind_blob(s, 4, content);
	st->appended++;
	return db_run(s, e);
}

static int append_one(struct store *st, const struct source_row *source,
    const struct delivery *d, const struct table *t, struct buf *b,
    struct err *e)
{
	const char *name = t->name == NULL ? "" : t->name;
	struct span content;
	bool done;

	buf_reset(b);
	if (!table_encode(t, b))
		return err_set(e, "source %s: table %s: larger than %zu bytes",
		    d->source, name, TABLE_BLOB_MAX);
	content = (struct span){b->data, b->len};
	if (lengthen(st, source, d, name, content, &done, e) != 0)
		return -1;
	return done ? 0 : insert(st, source, d, name, content, e);
}

int tables_append(struct store *st, const struct source_row *source,
    const struct delivery *d, struct err *e)
{
	struct buf b;
	int rc = 0;

	buf_init(&b, TABLE_BLOB_MAX);
	for (size_t i = 0; i < d->readings->n_tables && rc == 0; i++)
		rc = append_one(st, source, d, &d->readings->tables[i], &b, e);
	buf_free(&b);
	return rc;
}

struct lookup {
	struct arena *arena;
	struct pack_key key;
	const char *source;
	int64_t at;
	int64_t found; /* the time of what was found, 0: nothing */
	int64_t until; /* seen last */
	struct table *table;
};

/* One that is damaged is as if it were not there. */
static int find_row(struct store *st, struct lookup *q, struct err *e)
{
	static const char sql[] =
	    "SELECT ts, min(until, ?3), content, id, until FROM snapshot"
	    " WHERE source = ?1 AND name = ?2 AND ts <= ?3 ORDER BY ts DESC";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, q->key.source);
	db_bind_text(s, 2, q->key.name);
	db_bind_int(s, 3, q->at);
	while ((rc = db_step(s, e)) == 1 && q->table == NULL) {
		q->found = db_int(s, 0);
		q->until = db_int(s, 1);
		q->table = table_decode(q->arena, db_blob(s, 2));
		if (q->table == NULL) {
			q->found = 0;
			pack_damaged(st, &q->key,
			    &(struct pack){.id = -db_int(s, 3),
				.first = db_int(s, 0),
				.last = db_int(s, 4)});
		}
	}
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

/* The last one of a pack at or before `at`, if it is newer than what was found.
 */
static bool take_version(struct lookup *q, struct span bytes)
{
	struct table_version *v;
	size_t n, best;

	if (!tablepack_times(q->arena, bytes, &v, &n))
		return false;
	best = n;
	for (size_t i = 0; i < n; i++)
		if (v[i].ts <= q->at && v[i].ts > q->found) {
			best = i;
			q->found = v[i].ts;
		}
	if (best == n)
		return true;
	q->table = tablepack_get(q->arena, bytes, best);
	q->until = v[best].until < q->at ? v[best].until : q->at;
	return q->table != NULL;
}

static int find_packed(struct store *st, struct lookup *q, struct err *e)
{
	struct pack *packs;
	struct span bytes;
	size_t n;

	if (packs_find(
		st, q->arena, &q->key, q->found + 1, q->at, &packs, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n && packs[i].last > q->found; i++) {
		int64_t found = q->found;
		struct table *table = q->table;

		if (pack_load(st, q->arena, &q->key, &packs[i], &bytes, e) != 0)
			return -1;
		if (bytes.p == NULL || take_version(q, bytes))
			continue;
		pack_damaged(st, &q->key, &packs[i]);
		q->found = found;
		q->table = table;
	}
	return 0;
}

static int look_up(struct store *st, void *ctx, struct err *e)
{
	struct lookup *q = ctx;
	struct source_row source;

	if (source_find(st, q->source, &source, e) != 0)
		return -1;
	if (source.id == 0)
		return 0;
	q->key.source = source.id;
	if (find_row(st, q, e) != 0)
		return -1;
	return find_packed(st, q, e);
}

int store_table(struct store *st, struct arena *a, const char *source,
    const char *name, int64_t at, struct table **out, int64_t *ts,
    struct err *e)
{
	struct lookup q = {
	    .arena = a,
	    .key = {PACK_TABLES, 0, name},
	    .source = source,
	    .at = at,
	};

	*out = NULL;
	*ts = 0;
	if (store_read(st, look_up, &q, e) != 0)
		return -1;
	if (q.table == NULL)
		return 0;
	q.table->name = arena_strdup(a, name);
	*out = q.table;
	*ts = q.until;
	return 0;
}

/* The newest of each name stays a row, so these are all. */
int store_table_names(struct store *st, struct arena *a, const char *source,
    struct strings *out, struct err *e)
{
	static const char sql[] =
	    "SELECT DISTINCT name FROM snapshot WHERE source ="
	    " (SELECT id FROM source WHERE name = ?1) ORDER BY name";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, source);
	while ((rc = db_step(s, e)) == 1)
		strings_add(a, out, arena_strdup(a, db_text(s, 0)));
	return rc;
}

/* The newest of each name stays, however old. */
int tables_prune(struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM snapshot WHERE id IN (SELECT id FROM snapshot t"
	    " WHERE until < ?1 AND EXISTS (SELECT 1 FROM snapshot n"
	    " WHERE n.source = t.source AND n.name = t.name AND n.ts > t.ts)"
	    " LIMIT ?2)";
	int64_t n;

	if (prune_rows(st, sql, cut, limit, e) != 0)
		return -1;
	return packs_prune(st, PACK_TABLES, cut, limit, &n, e);
}
