#include "store/store_private.h"

#define LAST_RUNS 4

static int add(struct store *st, const char *kind, int64_t now, struct err *e)
{
	static const char sql[] = "INSERT INTO run (kind, begun) VALUES (?, ?)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, kind);
	db_bind_int(s, 2, now);
	return db_run(s, e);
}

int store_run_begin(struct store *st, int64_t now, struct err *e)
{
	return add(st, "run", now, e);
}

/* Without the caller's lock: if need be SQLite waits for the run's writes. */
int store_run_overlap(struct store *st, int64_t now, struct err *e)
{
	return add(st, "overlap", now, e);
}

int store_run_end(struct store *st, int64_t now, double ms, struct err *e)
{
	static const char sql[] =
	    "UPDATE run SET ms = ?2 WHERE id = (SELECT max(id) FROM run"
	    " WHERE kind = 'run' AND begun <= ?1)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, now);
	db_bind_real(s, 2, ms);
	return db_run(s, e);
}

int store_history(
    struct store *st, int64_t now, struct run_history *h, struct err *e)
{
	static const char sql[] =
	    "SELECT (SELECT begun FROM run WHERE kind = 'run' ORDER BY id"
	    "  LIMIT 1),"
	    " (SELECT begun FROM run WHERE kind = 'run' AND begun <= ?1"
	    "  ORDER BY id DESC LIMIT 1),"
	    " (SELECT ms FROM run WHERE kind = 'run' AND begun <= ?1"
	    "  AND ms IS NOT NULL ORDER BY id DESC LIMIT 1),"
	    " (SELECT count(*) FROM run WHERE kind = 'overlap'"
	    "  AND begun <= ?1 AND begun > ?1 - 3600)";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*h = (struct run_history){0};
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, now);
	if ((rc = db_step(s, e)) == 1) {
		h->first = db_int(s, 0);
		h->last = db_int(s, 1);
		h->ms = db_type(s, 2) == DB_NULL ? 0 : db_real(s, 2);
		h->overlaps = db_int(s, 3);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

/*
 * The middle one of the last three distances: neither one long pause nor one
 * run by hand changes it.
 */
static int64_t median(int64_t a, int64_t b, int64_t c)
{
	int64_t low = a < b ? a : b, high = a < b ? b : a;

	return c < low ? low : c > high ? high : c;
}

int runs_spacing(struct store *st, int64_t now, int64_t *spacing, struct err *e)
{
	static const char sql[] =
	    "SELECT begun FROM run WHERE kind = 'run' AND begun <= ?1"
	    " ORDER BY id DESC LIMIT 4";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int64_t begun[LAST_RUNS] = {0};
	int n = 0, rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, now);
	while ((rc = db_step(s, e)) == 1 && n < LAST_RUNS)
		begun[n++] = db_int(s, 0);
	*spacing = n < LAST_RUNS
		       ? 0
		       : median(begun[0] - begun[1], begun[1] - begun[2],
			     begun[2] - begun[3]);
	return rc;
}

/* The first one stays: it says how far back anything may go. */
int runs_prune(struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM run WHERE id IN (SELECT id FROM run"
	    " WHERE id > (SELECT min(id) FROM run WHERE kind = 'run')"
	    " ORDER BY id LIMIT ?2) AND begun < ?1";

	return prune_rows(st, sql, cut, limit, e);
}
