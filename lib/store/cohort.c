#include "store/cohort.h"

#define DAY 86400

#define COHORT "SELECT id, source, lane, hot_from, rolled, kinds FROM cohort"

static struct cohort read_row(const struct db_stmt *s)
{
	return (struct cohort){
	    .id = db_int(s, 0),
	    .source = db_int(s, 1),
	    .lane = db_int(s, 2) == LANE_SLOW ? LANE_SLOW : LANE_FAST,
	    .hot_from = db_int(s, 3),
	    .rolled = db_int(s, 4),
	    .kinds = db_int(s, 5),
	};
}

int cohort_get(
    struct store *st, int64_t id, struct cohort *c, bool *found, struct err *e)
{
	static const char sql[] = COHORT " WHERE id = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*found = false;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, id);
	if ((rc = db_step(s, e)) == 1) {
		*c = read_row(s);
		*found = true;
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

static int read_rows(struct db_stmt *s, struct arena *a, struct cohort **out,
    size_t *n, struct err *e)
{
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = read_row(s);
	return rc;
}

int cohorts_of_source(struct store *st, struct arena *a, int64_t source,
    struct cohort **out, size_t *n, struct err *e)
{
	static const char sql[] = COHORT " WHERE source = ? ORDER BY id";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	return read_rows(s, a, out, n, e);
}

int cohorts_all(struct store *st, struct arena *a, struct cohort **out,
    size_t *n, struct err *e)
{
	static const char sql[] = COHORT " ORDER BY id";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	return s == NULL ? -1 : read_rows(s, a, out, n, e);
}

static int64_t lane_of(int64_t every)
{
	return every > LANE_EVERY ? LANE_SLOW : LANE_FAST;
}

/* Nothing of it is closed: the day of `now` is open from its first hour. */
int cohort_make(struct store *st, int64_t source, int64_t every, int64_t now,
    struct cohort *c, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO cohort (source, lane, hot_from, rolled, kinds)"
	    " VALUES (?, ?, ?, ?, 0)";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int64_t day = now - now % DAY;

	*c = (struct cohort){.source = source,
	    .lane = lane_of(every),
	    .hot_from = day,
	    .rolled = day};
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_int(s, 2, c->lane);
	db_bind_int(s, 3, c->hot_from);
	db_bind_int(s, 4, c->rolled);
	if (db_run(s, e) != 0)
		return -1;
	c->id = db_last_id(st->db);
	return 0;
}

int cohort_update(struct store *st, const struct cohort *c, struct err *e)
{
	static const char sql[] =
	    "UPDATE cohort SET lane = ?2, hot_from = ?3, rolled = ?4,"
	    " kinds = ?5 WHERE id = ?1";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, c->id);
	db_bind_int(s, 2, c->lane);
	db_bind_int(s, 3, c->hot_from);
	db_bind_int(s, 4, c->rolled);
	db_bind_int(s, 5, c->kinds);
	return db_run(s, e);
}

int cohort_note(
    struct store *st, const struct cohort *c, int64_t ts, struct err *e)
{
	static const char sql[] = "UPDATE cohort SET oldest = ?2 WHERE id = ?1"
				  " AND (oldest = 0 OR oldest > ?2)";
	struct db_stmt *s;

	if (ts >= c->hot_from)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, c->id);
	db_bind_int(s, 2, ts);
	return db_run(s, e);
}

/* A row that waits to be removed stays behind, and is: see hot_sweep(). */
int cohort_relane(
    struct store *st, struct cohort *c, int64_t every, struct err *e)
{
	static const char sql[] =
	    "UPDATE hot SET lane = ?2 WHERE lane = ?1 AND at >= ?3"
	    " AND cohort = ?4";
	struct db_stmt *s;

	if (c->lane == lane_of(every))
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, c->lane);
	db_bind_int(s, 2, lane_of(every));
	db_bind_int(s, 3, c->hot_from);
	db_bind_int(s, 4, c->id);
	hot_forget(st);
	c->lane = lane_of(every);
	if (db_run(s, e) != 0)
		return -1;
	return cohort_update(st, c, e);
}
