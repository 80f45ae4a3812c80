/*
 * Alerts: a row from the first value past the level until it is over. Rows
 * of alerts that never fired stay a while, for pages of the past.
 */
#include "store/store_private.h"

#include <math.h>

/* Nobody asks about those that never fired after so long. */
#define PENDING_KEPT (14 * 86400)

#define COLUMNS "id, " ALERT_COLUMNS ", snapshot, snapped"

static const char *text(struct arena *a, const struct db_stmt *s, int i)
{
	const char *t = db_text(s, i);

	return t != NULL ? arena_strdup(a, t) : "";
}

static int64_t time_or_0(const struct db_stmt *s, int i)
{
	return db_type(s, i) == DB_NULL ? 0 : db_int(s, i);
}

/* Words that a newer version wrote become something that can be shown. */
struct alert alert_read(struct arena *a, const struct db_stmt *s)
{
	struct alert x = {
	    .id = db_int(s, 0),
	    .rule = text(a, s, 1),
	    .series = text(a, s, 2),
	    .source = text(a, s, 3),
	    .unit = text(a, s, 4),
	    .message = text(a, s, 5),
	    .low = db_real(s, 8),
	    .high = db_real(s, 9),
	    .since = db_int(s, 10),
	    .fired = time_or_0(s, 11),
	    .ended = time_or_0(s, 12),
	    .first = db_real(s, 13),
	    .value = db_real(s, 14),
	    .peak = db_real(s, 15),
	    .seen = db_int(s, 16),
	    .clear = db_int(s, 17),
	    .why = "",
	    .acked = time_or_0(s, 18),
	    .ack_until = time_or_0(s, 19),
	    .note = text(a, s, 20),
	    .snapshot = text(a, s, 21),
	    .snapped = time_or_0(s, 22),
	};

	if (!alert_severity_parse(text(a, s, 6), &x.severity))
		x.severity = ALERT_CRITICAL;
	if (!alert_test_parse(text(a, s, 7), &x.test))
		x.test = ALERT_EQUALS;
	x.state = x.ended != 0	 ? ALERT_ENDED
		  : x.fired != 0 ? ALERT_FIRING
				 : ALERT_PENDING;
	return x;
}

static int read_all(struct arena *a, struct db_stmt *s, struct alert **out,
    size_t *n, struct err *e)
{
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = alert_read(a, s);
	return rc;
}

static int read_judged(struct store *st, int64_t *judged, struct err *e)
{
	struct db_stmt *s = db_stmt(st->db, "SELECT until FROM judged", e);
	int rc;

	*judged = 0;
	if (s == NULL)
		return -1;
	if ((rc = db_step(s, e)) == 1) {
		*judged = db_int(s, 0);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

int store_alerts_live(struct store *st, struct arena *a, struct alert **out,
    size_t *n, int64_t *judged, struct err *e)
{
	static const char sql[] =
	    "SELECT " COLUMNS " FROM alert WHERE ended IS NULL ORDER BY id";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL || read_all(a, s, out, n, e) != 0)
		return -1;
	return read_judged(st, judged, e);
}

/* What was not yet so at the time. */
static void as_of(struct alert *x, int64_t at)
{
	if (x->ended > at)
		x->ended = 0;
	if (x->fired > at)
		x->fired = 0;
	if (x->acked > at)
		x->acked = 0;
	/* It is taken once the page of the moment is out. */
	if (x->snapped >= at)
		x->snapshot = "";
	if (x->snapped > at)
		x->snapped = 0;
	x->state = x->ended != 0   ? ALERT_ENDED
		   : x->fired != 0 ? ALERT_FIRING
				   : ALERT_PENDING;
}

int store_alerts(struct store *st, struct arena *a, int64_t from, int64_t at,
    size_t max, struct alert **out, size_t *n, struct err *e)
{
	/* Those that go on, then those that ended lately. */
	static const char sql[] =
	    "SELECT " COLUMNS " FROM alert WHERE since <= ?2"
	    " AND (ended IS NULL OR ended > ?2)"
	    " UNION ALL SELECT * FROM (SELECT " COLUMNS " FROM alert"
	    " WHERE ended > ?1 AND ended <= ?2 AND fired IS NOT NULL"
	    " ORDER BY ended DESC, id DESC LIMIT ?3)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, from);
	db_bind_int(s, 2, at);
	db_bind_int(s, 3, (int64_t)max);
	if (read_all(a, s, out, n, e) != 0)
		return -1;
	for (size_t i = 0; i < *n; i++)
		as_of(&(*out)[i], at);
	return 0;
}

static void bind_time(struct db_stmt *s, int i, int64_t ts)
{
	if (ts == 0)
		db_bind_real(s, i, NAN); /* NULL */
	else
		db_bind_int(s, i, ts);
}

static void bind_course(struct db_stmt *s, const struct alert *x)
{
	db_bind_int(s, 2, x->since);
	bind_time(s, 3, x->fired);
	bind_time(s, 4, x->ended);
	db_bind_real(s, 5, x->first);
	db_bind_real(s, 6, x->value);
	db_bind_real(s, 7, x->peak);
	db_bind_int(s, 8, x->seen);
	db_bind_int(s, 9, x->clear);
	db_bind_text(s, 10, x->message);
	db_bind_text(s, 11, alert_severity_word(x->severity));
	db_bind_text(s, 12, alert_test_word(x->test));
	db_bind_real(s, 13, x->low);
	db_bind_real(s, 14, x->high);
}

void alert_bind(struct db_stmt *s, const struct alert *x)
{
	bind_course(s, x);
	db_bind_text(s, 15, x->rule);
	db_bind_text(s, 16, x->series);
	db_bind_text(s, 17, x->source);
	db_bind_text(s, 18, x->unit);
}

static int insert(struct store *st, struct alert *x, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO alert (" ALERT_BOUND ") VALUES (" ALERT_BINDS ")";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	alert_bind(s, x);
	if (db_run(s, e) != 0)
		return -1;
	x->id = db_last_id(st->db);
	return 0;
}

static int update(struct store *st, const struct alert *x, struct err *e)
{
	static const char sql[] =
	    "UPDATE alert SET since = ?2, fired = ?3, ended = ?4, first = ?5,"
	    " value = ?6, peak = ?7, seen = ?8, clear = ?9, message = ?10,"
	    " severity = ?11, test = ?12, low = ?13, high = ?14 WHERE id = ?1";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, x->id);
	bind_course(s, x);
	return db_run(s, e);
}

static int set_judged(struct store *st, int64_t now, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO judged (id, until) VALUES (1, ?1)"
	    " ON CONFLICT DO UPDATE SET until = ?1";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, now);
	return db_run(s, e);
}

struct saving {
	struct alert *alerts;
	size_t n;
	const struct news *news;
	size_t n_news;
	int64_t now;
};

static int save(struct store *st, void *ctx, struct err *e)
{
	const struct saving *v = ctx;

	for (size_t i = 0; i < v->n; i++) {
		struct alert *x = &v->alerts[i];

		if ((x->id == 0 ? insert(st, x, e) : update(st, x, e)) != 0)
			return -1;
	}
	for (size_t i = 0; i < v->n_news; i++)
		if (news_save(st, &v->news[i], v->now, e) != 0)
			return -1;
	return set_judged(st, v->now, e);
}

int store_alerts_save(struct store *st, struct alert *alerts, size_t n,
    const struct news *news, size_t n_news, int64_t now, struct err *e)
{
	struct saving v = {alerts, n, news, n_news, now};

	return store_write(st, save, &v, e);
}

static int ack(struct store *st, void *ctx, struct err *e)
{
	static const char sql[] =
	    "UPDATE alert SET acked = ?2, ack_until = ?3, note = ?4"
	    " WHERE id = ?1";
	const struct alert *x = ctx;
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, x->id);
	bind_time(s, 2, x->acked);
	bind_time(s, 3, x->ack_until);
	db_bind_text(s, 4, x->note);
	return db_run(s, e);
}

int store_alert_ack(struct store *st, const struct alert *x, struct err *e)
{
	struct alert copy = *x;

	return store_write(st, ack, &copy, e);
}

struct snapping {
	const struct alert *const *alerts;
	size_t n;
	const char *path;
	int64_t now;
};

static int snap(struct store *st, void *ctx, struct err *e)
{
	static const char sql[] =
	    "UPDATE alert SET snapped = ?2, snapshot = nullif(?3, '')"
	    " WHERE id = ?1";
	const struct snapping *x = ctx;
	struct db_stmt *s;

	for (size_t i = 0; i < x->n; i++) {
		if ((s = db_stmt(st->db, sql, e)) == NULL)
			return -1;
		db_bind_int(s, 1, x->alerts[i]->id);
		db_bind_int(s, 2, x->now);
		db_bind_text(s, 3, x->path);
		if (db_run(s, e) != 0)
			return -1;
	}
	return 0;
}

int store_alerts_snap(struct store *st, const struct alert *const *alerts,
    size_t n, const char *path, int64_t now, struct err *e)
{
	struct snapping x = {alerts, n, path, now};

	return store_write_through(st, snap, &x, e);
}

int alerts_prune(
    struct store *st, int64_t now, int64_t age, int64_t limit, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM alert WHERE id IN (SELECT id FROM alert"
	    " WHERE ended < ?1 OR (ended < ?2 AND fired IS NULL) LIMIT ?3)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, age > 0 ? now - age : 0);
	db_bind_int(s, 2, now - PENDING_KEPT);
	db_bind_int(s, 3, limit);
	return db_run(s, e);
}
