#include "store/store_private.h"

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

int store_table(struct store *st, struct arena *a, const char *source,
    const char *name, int64_t at, struct table **out, int64_t *ts,
    struct err *e)
{
	static const char sql[] =
	    "SELECT min(t.until, ?3), t.content FROM snapshot t"
	    " JOIN source o ON o.id = t.source"
	    " WHERE o.name = ?1 AND t.name = ?2 AND t.ts <= ?3"
	    " ORDER BY t.ts DESC LIMIT 1";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*out = NULL;
	*ts = 0;
	if (s == NULL)
		return -1;
	db_bind_text(s, 1, source);
	db_bind_text(s, 2, name);
	db_bind_int(s, 3, at);
	if ((rc = db_step(s, e)) != 1)
		return rc;
	*ts = db_int(s, 0);
	*out = table_decode(a, db_blob(s, 1));
	db_reset(s);
	if (*out == NULL)
		return err_set(e, "%s: the table %s of source %s is damaged",
		    st->path, name, source);
	(*out)->name = arena_strdup(a, name);
	return 0;
}

/* The newest of each name stays, however old. */
int tables_prune(struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM snapshot WHERE id IN (SELECT id FROM snapshot t"
	    " WHERE until < ?1 AND EXISTS (SELECT 1 FROM snapshot n"
	    " WHERE n.source = t.source AND n.name = t.name AND n.ts > t.ts)"
	    " LIMIT ?2)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, cut);
	db_bind_int(s, 2, limit);
	return db_run(s, e);
}
