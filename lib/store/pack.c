#include "store/pack.h"
#include "store/damage.h"
#include "store/seal.h"

/* Unpacked: a table as large as they get, and what it takes to tell it. */
#define PACK_BYTES_MAX (2 * TABLE_BLOB_MAX)

static void bind_key(struct db_stmt *s, const struct pack_key *k)
{
	db_bind_int(s, 1, k->kind);
	db_bind_int(s, 2, k->source);
	db_bind_text(s, 3, k->name);
}

int packs_find(struct store *st, struct arena *a, const struct pack_key *k,
    int64_t from, int64_t to, struct pack **out, size_t *n, struct err *e)
{
	static const char of_name[] =
	    "SELECT id, closed, first, last, n, name FROM pack WHERE kind = ?1"
	    " AND source = ?2 AND name = ?3 AND last >= ?4 AND first <= ?5"
	    " ORDER BY last DESC, id DESC";
	static const char of_any[] =
	    "SELECT id, closed, first, last, n, name FROM pack WHERE kind = ?1"
	    " AND source = ?2 AND last >= ?4 AND first <= ?5"
	    " ORDER BY name, last, id";
	struct db_stmt *s =
	    db_stmt(st->db, k->name == NULL ? of_any : of_name, e);
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	if (s == NULL)
		return -1;
	bind_key(s, k);
	db_bind_int(s, 4, from);
	db_bind_int(s, 5, to);
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = (struct pack){db_int(s, 0),
		    db_int(s, 1), db_int(s, 2), db_int(s, 3), db_int(s, 4),
		    arena_strdup(a, db_text(s, 5))};
	return rc;
}

void pack_damaged(
    struct store *st, const struct pack_key *k, const struct pack *p)
{
	damage_note(st, &(struct damaged){damage_id(DAMAGE_PACK, p->id),
			    k->kind == PACK_LINES ? "lines" : "tables",
			    DAMAGED_SOURCE, k->source, p->first, p->last + 1});
}

int pack_load(struct store *st, struct arena *a, const struct pack_key *k,
    const struct pack *p, struct span *out, struct err *e)
{
	static const char sql[] = "SELECT data FROM pack WHERE id = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct span bytes;
	int rc;

	*out = (struct span){NULL, 0};
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, p->id);
	if ((rc = db_step(s, e)) != 1)
		return rc;
	bytes = db_blob(s, 0);
	if (!seal_take(&bytes, p->id, k->source) ||
	    !zip_unpack(a, bytes, PACK_BYTES_MAX, out)) {
		pack_damaged(st, k, p);
		*out = (struct span){NULL, 0};
	}
	db_reset(s);
	return 0;
}

static int next_id(struct store *st, int64_t *id, struct err *e)
{
	static const char sql[] = "SELECT ifnull(max(id), 0) + 1 FROM pack";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL || db_step(s, e) != 1)
		return -1;
	*id = db_int(s, 0);
	db_reset(s);
	return 0;
}

static int insert(struct store *st, const struct pack_key *k,
    const struct pack *p, int64_t id, struct span bytes, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO pack (kind, source, name, id, closed, first, last, n,"
	    " data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	bind_key(s, k);
	db_bind_int(s, 4, id);
	db_bind_int(s, 5, p->closed);
	db_bind_int(s, 6, p->first);
	db_bind_int(s, 7, p->last);
	db_bind_int(s, 8, p->n);
	db_bind_blob(s, 9, bytes);
	return db_run(s, e);
}

int pack_add(struct store *st, const struct pack_key *k, const struct pack *p,
    struct span in, struct err *e)
{
	struct buf b;
	int64_t id;
	int rc;

	if (next_id(st, &id, e) != 0)
		return -1;
	buf_init(&b, PACK_BYTES_MAX);
	zip_pack(&b, in);
	seal_put(&b, id, k->source);
	if (b.failed)
		rc = err_set(e, "%s: out of memory", st->path);
	else
		rc = insert(st, k, p, id, (struct span){b.data, b.len}, e);
	buf_free(&b);
	return rc;
}

int pack_is_closed(struct store *st, const struct pack_key *k, int64_t hour,
    bool *closed, struct err *e)
{
	static const char sql[] =
	    "SELECT 1 FROM pack WHERE kind = ?1 AND source = ?2 AND name = ?3"
	    " AND closed = ?4 LIMIT 1";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	bind_key(s, k);
	db_bind_int(s, 4, hour);
	rc = db_step(s, e);
	*closed = rc == 1;
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

int packs_prune(struct store *st, enum pack_kind kind, int64_t cut,
    int64_t limit, int64_t *n, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM pack WHERE id IN (SELECT id FROM pack"
	    " WHERE kind = ?1 AND last < ?2 ORDER BY last LIMIT ?3)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	*n = 0;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, kind);
	db_bind_int(s, 2, cut);
	db_bind_int(s, 3, limit);
	if (db_run(s, e) != 0)
		return -1;
	*n = db_changes(st->db);
	return 0;
}

int packs_oldest(struct store *st, enum pack_kind kind, int64_t *first,
    int64_t *last, struct err *e)
{
	static const char sql[] =
	    "SELECT first, last FROM pack WHERE kind = ? ORDER BY last LIMIT 1";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*first = *last = 0;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, kind);
	if ((rc = db_step(s, e)) == 1) {
		*first = db_int(s, 0);
		*last = db_int(s, 1);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}
