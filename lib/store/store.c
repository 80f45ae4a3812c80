#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

#define DAY 86400

static int opened(
    struct store **out, const char *path, enum db_mode mode, struct err *e)
{
	struct store *st = calloc(1, sizeof(*st));

	*out = st;
	if (st == NULL || (st->path = strdup(path)) == NULL)
		return err_set(e, "%s: out of memory", path);
	if (db_open(&st->db, path, mode, e) != 0)
		return -1;
	return store_migrate(
	    st->db, path, mode == DB_WRITE, store_steps, store_n_steps, e);
}

/* What to do about it, for the faults that have a remedy. */
static void advise(const char *path, enum db_mode mode, struct err *e)
{
	if (e->code == DB_DAMAGED)
		err_hint(e, "move %s aside and a new one is made", path);
	else if (e->code == DB_MISSING && mode == DB_READ)
		err_hint(e, "broadsheet run makes it");
	else if (e->code == DB_FULL)
		err_hint(e, "make room on the disk of %s", path);
}

static int open_mode(
    struct store **out, const char *path, enum db_mode mode, struct err *e)
{
	if (opened(out, path, mode, e) == 0)
		return 0;
	advise(path, mode, e);
	store_close(*out);
	*out = NULL;
	return -1;
}

int store_open(struct store **out, const char *path, struct err *e)
{
	return open_mode(out, path, DB_WRITE, e);
}

int store_open_read(struct store **out, const char *path, struct err *e)
{
	return open_mode(out, path, DB_READ, e);
}

void store_close(struct store *st)
{
	if (st == NULL)
		return;
	catalog_forget(st);
	db_close(st->db);
	free(st->path);
	free(st);
}

static int between(struct store *st, const char *begin,
    int (*work)(struct store *, void *, struct err *), void *ctx, struct err *e)
{
	struct err ignored;

	if (db_exec(st->db, begin, e) != 0)
		return -1;
	if (work(st, ctx, e) == 0 && db_exec(st->db, "COMMIT", e) == 0)
		return 0;
	/* After some faults SQLite has rolled back already: no matter. */
	(void)!db_exec(st->db, "ROLLBACK", &ignored);
	return -1;
}

int store_write(struct store *st,
    int (*work)(struct store *, void *, struct err *), void *ctx, struct err *e)
{
	int rc = between(st, "BEGIN IMMEDIATE", work, ctx, e);

	catalog_forget(st);
	if (rc != 0)
		advise(st->path, DB_WRITE, e);
	return rc;
}

int store_read(struct store *st,
    int (*work)(struct store *, void *, struct err *), void *ctx, struct err *e)
{
	int rc = between(st, "BEGIN", work, ctx, e);

	if (rc != 0)
		advise(st->path, DB_READ, e);
	return rc;
}

bool store_time_ok(int64_t ts, int64_t now)
{
	return ts > 0 && ts <= now + DAY;
}
