/*
 * Reports: of each up to when its periods were seen to, and in the queue of
 * dispatches what waits for its recipients.
 */
#include "store/store_private.h"

int store_reports(struct store *st, struct arena *a, struct report_state **out,
    size_t *n, struct err *e)
{
	struct db_stmt *s =
	    db_stmt(st->db, "SELECT name, until FROM report ORDER BY name", e);
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = (struct report_state){
		    .name = arena_strdup(a, db_text(s, 0)),
		    .until = db_int(s, 1),
		};
	return rc;
}

static int forget(struct store *st, void *ctx, struct err *e)
{
	const char *const *name = ctx;
	struct db_stmt *s =
	    db_stmt(st->db, "DELETE FROM report WHERE name = ?", e);

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, *name);
	return db_run(s, e);
}

int store_report_forget(struct store *st, const char *name, struct err *e)
{
	return store_write_through(st, forget, &name, e);
}

struct turning {
	const struct report_turn *turn;
	int64_t now;
};

static int set_until(
    struct store *st, const struct report_turn *t, struct err *e)
{
	static const char sql[] =
	    "INSERT OR REPLACE INTO report (name, until) VALUES (?1, ?2)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, t->name);
	db_bind_int(s, 2, t->until);
	return db_run(s, e);
}

static int queue(struct store *st, const struct turning *x,
    const char *recipient, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO dispatch (uid, channel, recipient, made, left_out,"
	    " next, span_from, span_to, missed)"
	    " VALUES (?1, ?2, ?3, ?4, 0, ?4, ?5, ?6, ?7)";
	const struct report_turn *t = x->turn;
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, t->uid);
	db_bind_text(s, 2, t->channel);
	db_bind_text(s, 3, recipient);
	db_bind_int(s, 4, x->now);
	db_bind_int(s, 5, t->from);
	db_bind_int(s, 6, t->to);
	db_bind_int(s, 7, t->missed);
	return db_run(s, e);
}

static int turn(struct store *st, void *ctx, struct err *e)
{
	const struct turning *x = ctx;

	if (set_until(st, x->turn, e) != 0)
		return -1;
	for (size_t i = 0; i < x->turn->recipients.n; i++)
		if (queue(st, x, x->turn->recipients.items[i], e) != 0)
			return -1;
	return 0;
}

int store_report_turn(
    struct store *st, const struct report_turn *t, int64_t now, struct err *e)
{
	struct turning x = {t, now};

	return store_write_through(st, turn, &x, e);
}
