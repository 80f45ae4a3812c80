#include "store/store_private.h"

#include <stdio.h>

/* What the header of a file says of it. */
struct header {
	int64_t application, layout, tables;
};

static int read_header(struct db *db, struct header *h, struct err *e)
{
	static const char sql[] =
	    "SELECT a.application_id, v.user_version,"
	    " (SELECT count(*) FROM sqlite_master)"
	    " FROM pragma_application_id AS a, pragma_user_version AS v";
	struct db_stmt *s = db_stmt(db, sql, e);

	if (s == NULL || db_step(s, e) != 1)
		return -1;
	h->application = db_int(s, 0);
	h->layout = db_int(s, 1);
	h->tables = db_int(s, 2);
	db_reset(s);
	return 0;
}

static int take(
    struct store *st, const struct step *step, size_t layout, struct err *e)
{
	char pragmas[128];

	snprintf(pragmas, sizeof(pragmas),
	    "PRAGMA application_id = %d; PRAGMA user_version = %zu;",
	    STORE_APPLICATION, layout);
	if (db_exec(st->db, step->sql, e) != 0 ||
	    (step->convert != NULL && step->convert(st, e) != 0) ||
	    (step->after != NULL && db_exec(st->db, step->after, e) != 0) ||
	    db_exec(st->db, pragmas, e) != 0)
		return -1;
	return db_exec(st->db, "COMMIT", e);
}

/* The layout is read again inside: another process may have been faster. */
static int take_next(
    struct store *st, const struct step *steps, size_t n, struct err *e)
{
	struct err ignored;
	struct header h;

	if (db_exec(st->db, "BEGIN IMMEDIATE", e) != 0)
		return -1;
	if (read_header(st->db, &h, e) == 0) {
		if (h.layout >= (int64_t)n)
			return db_exec(st->db, "COMMIT", e);
		if (take(st, &steps[h.layout], (size_t)h.layout + 1, e) == 0)
			return 0;
	}
	(void)!db_exec(st->db, "ROLLBACK", &ignored);
	return -1;
}

static int foreign(const char *path, struct err *e)
{
	err_set(e, "%s: not a broadsheet store", path);
	return err_hint(
	    e, "it is another program's database: name a file of its own");
}

static int newer(
    const struct header *h, const char *path, size_t n, struct err *e)
{
	err_set(e,
	    "%s: written by a newer broadsheet (layout %lld, this one knows "
	    "%zu)",
	    path, (long long)h->layout, n);
	return err_hint(e, "install the newer broadsheet again");
}

/* Why a reader cannot use it as it is. */
static int older(
    const struct header *h, const char *path, size_t n, struct err *e)
{
	if (h->layout == 0)
		err_set(e, "%s: nothing is stored yet", path);
	else
		err_set(e,
		    "%s: written by an older broadsheet (layout %lld, now "
		    "%zu)",
		    path, (long long)h->layout, n);
	return err_hint(e, "broadsheet run brings it up to date");
}

static bool is_fresh(const struct header *h)
{
	return h->application == 0 && h->layout == 0 && h->tables == 0;
}

int store_migrate(struct store *st, bool may_write, const struct step *steps,
    size_t n, struct err *e)
{
	struct header h;

	if (read_header(st->db, &h, e) != 0)
		return -1;
	if (!is_fresh(&h) &&
	    (h.application != STORE_APPLICATION || h.layout < 1))
		return foreign(st->path, e);
	if (h.layout > (int64_t)n)
		return newer(&h, st->path, n, e);
	if (h.layout < (int64_t)n && !may_write)
		return older(&h, st->path, n, e);
	for (int64_t i = h.layout; i < (int64_t)n; i++)
		if (take_next(st, steps, n, e) != 0)
			return -1;
	store_forget(st);
	return 0;
}
