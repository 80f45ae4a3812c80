#include "store/convert.h"
#include "store/seal.h"

/*
 * Row by row into a new table, in its order, which fills pages best; a row
 * in memory at a time, all in the transaction of the step.
 */
static int put_chunk(
    struct store *st, int64_t id, struct span bytes, struct err *e)
{
	static const char sql[] = "INSERT INTO chunk (id, data) VALUES (?, ?)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, id);
	db_bind_blob(s, 2, bytes);
	return db_run(s, e);
}

static int put_hot(struct store *st, const struct db_stmt *row,
    struct span bytes, struct err *e)
{
	static const char sql[] = "UPDATE hot SET data = ?4 WHERE lane = ?1"
				  " AND at = ?2 AND cohort = ?3";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	for (int i = 0; i < 3; i++)
		db_bind_int(s, i + 1, db_int(row, i));
	db_bind_blob(s, 4, bytes);
	return db_run(s, e);
}

static void seal(struct buf *b, struct span bytes, int64_t x, int64_t y)
{
	struct span there = bytes;

	buf_reset(b);
	buf_add(b, bytes.p, bytes.n);
	if (!seal_take(&there, x, y))
		seal_put(b, x, y);
}

static int seal_chunks(struct store *st, struct buf *b, struct err *e)
{
	static const char sql[] = "SELECT id, data FROM old_chunk ORDER BY id";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1) {
		seal(b, db_blob(s, 1), db_int(s, 0), 0);
		if (put_chunk(st, db_int(s, 0), (struct span){b->data, b->len},
			e) != 0) {
			db_reset(s);
			return -1;
		}
	}
	return rc;
}

/* Only the data changes, so the rows keep their place under the scan. */
static int seal_hot(struct store *st, struct buf *b, struct err *e)
{
	static const char sql[] = "SELECT lane, at, cohort, data FROM hot";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1) {
		seal(b, db_blob(s, 3), db_int(s, 2), db_int(s, 1));
		if (put_hot(st, s, (struct span){b->data, b->len}, e) != 0) {
			db_reset(s);
			return -1;
		}
	}
	return rc;
}

int convert_seals(struct store *st, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, (size_t)512 * 1024 * 1024);
	rc = seal_chunks(st, &b, e);
	if (rc == 0)
		rc = seal_hot(st, &b, e);
	if (b.failed)
		rc = err_set(e, "%s: out of memory", st->path);
	buf_free(&b);
	store_forget(st);
	return rc;
}
