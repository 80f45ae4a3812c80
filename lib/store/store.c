#include "store/damage.h"
#include "store/read.h"

#include <stdlib.h>
#include <string.h>

#define DAY 86400

/* The year 6325: far below what chunks are numbered for. */
#define TIME_MAX (INT64_C(1) << 37)

static int opened(
    struct store **out, const char *path, enum db_mode mode, struct err *e)
{
	struct store *st = calloc(1, sizeof(*st));

	*out = st;
	if (st == NULL || (st->path = strdup(path)) == NULL)
		return err_set(e, "%s: out of memory", path);
	st->at = INT64_MAX;
	if (db_open(&st->db, path, mode, e) != 0)
		return -1;
	return store_migrate(
	    st, mode == DB_WRITE, store_steps, store_n_steps, e);
}

/* What to do about it, for the faults that have a remedy. */
static void advise(const char *path, enum db_mode mode, struct err *e)
{
	if (e->code == DB_DAMAGED)
		err_hint(e,
		    "move %s aside and a new one is made; sqlite3 FILE "
		    ".recover gets out of the old one what can still be read",
		    path);
	else if (e->code == DB_MISSING && mode == DB_READ)
		err_hint(e, "broadsheet run makes it");
	else if (e->code == DB_DENIED)
		err_hint(e, "the user who runs broadsheet must be able to %s",
		    mode == DB_READ ? "read it" : "write it and its directory");
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
	store_forget(st);
	damage_forget(st);
	db_close(st->db);
	free(st->path);
	free(st);
}

void store_forget(struct store *st)
{
	catalog_forget(st);
	chunks_forget(st);
	hot_forget(st);
	warm_forget(st);
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
	int rc;

	store_forget(st);
	rc = between(st, "BEGIN IMMEDIATE", work, ctx, e);
	store_forget(st);
	if (rc != 0)
		advise(st->path, DB_WRITE, e);
	return rc;
}

/* An earlier commit that was not is on the disk then as well. */
int store_write_through(struct store *st,
    int (*work)(struct store *, void *, struct err *), void *ctx, struct err *e)
{
	struct err ignored;
	int rc;

	if (db_exec(st->db, "PRAGMA synchronous = FULL", e) != 0)
		return -1;
	rc = store_write(st, work, ctx, e);
	(void)!db_exec(st->db, "PRAGMA synchronous = NORMAL", &ignored);
	return rc;
}

/* What another connection wrote since is not in what is kept. */
static int freshen(struct store *st, struct err *e)
{
	struct db_stmt *s = db_stmt(st->db, "PRAGMA data_version", e);
	int64_t version;

	if (s == NULL || db_step(s, e) != 1)
		return -1;
	version = db_int(s, 0);
	db_reset(s);
	if (version != st->version)
		store_forget(st);
	st->version = version;
	return 0;
}

struct reading {
	int (*work)(struct store *, void *, struct err *);
	void *ctx;
};

static int read_fresh(struct store *st, void *ctx, struct err *e)
{
	const struct reading *r = ctx;

	return freshen(st, e) != 0 ? -1 : r->work(st, r->ctx, e);
}

int store_read(struct store *st,
    int (*work)(struct store *, void *, struct err *), void *ctx, struct err *e)
{
	struct reading r = {work, ctx};
	int rc = between(st, "BEGIN", read_fresh, &r, e);

	if (rc != 0)
		advise(st->path, DB_READ, e);
	return rc;
}

bool store_time_ok(int64_t ts, int64_t now)
{
	return ts > 0 && ts <= now + DAY && ts < TIME_MAX;
}
