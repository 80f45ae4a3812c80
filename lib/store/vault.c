/*
 * What sources have kept apart from their state: logins, of which a lost one
 * costs a person's time. So a commit is on the disk before it is over, which
 * those of readings are only at the next checkpoint.
 */
#include "store/store_private.h"

int store_vault(struct store *st, struct arena *a, const char *name,
    struct span *out, struct err *e)
{
	static const char sql[] = "SELECT data FROM vault WHERE name = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct span data;
	int rc;

	*out = (struct span){0};
	if (s == NULL)
		return -1;
	db_bind_text(s, 1, name);
	if ((rc = db_step(s, e)) == 1) {
		data = db_blob(s, 0);
		*out = (struct span){arena_strndup(a, data.p, data.n), data.n};
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

struct entry_of_vault {
	const char *name;
	struct span data;
};

static int forget(struct store *st, const char *name, struct err *e)
{
	static const char sql[] = "DELETE FROM vault WHERE name = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, name);
	return db_run(s, e);
}

static int put(struct store *st, void *ctx, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO vault (name, data) VALUES (?1, ?2)"
	    " ON CONFLICT DO UPDATE SET data = ?2";
	const struct entry_of_vault *v = ctx;
	struct db_stmt *s;

	if (v->data.n == 0)
		return forget(st, v->name, e);
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_text(s, 1, v->name);
	db_bind_blob(s, 2, v->data);
	return db_run(s, e);
}

int store_vault_put(
    struct store *st, const char *name, struct span data, struct err *e)
{
	struct entry_of_vault v = {name, data};

	return store_write_through(st, put, &v, e);
}
