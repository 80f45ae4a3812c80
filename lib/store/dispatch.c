/*
 * The queue of what recipients are told: told (what a channel knows of an
 * alert), dispatch and dispatch_item (what waits, and for a while what was
 * sent), recipient (how it goes).
 */
#include "store/store_private.h"

/* Sent ones stay so long, for who wonders what was said. */
#define SENT_KEPT (7 * 86400)

/* A channel that says nothing of an alert for so long has forgotten it. */
#define TOLD_KEPT (30 * 86400)

/* Between two tries: a little less than a run, doubled each time. */
#define WAIT_FIRST "50"
#define WAIT_MOST  "3600"

static const char *copy(struct arena *a, const struct db_stmt *s, int i)
{
	const char *t = db_text(s, i);

	return t != NULL ? arena_strdup(a, t) : "";
}

int store_told(struct store *st, struct arena *a, struct told **out, size_t *n,
    struct err *e)
{
	static const char sql[] =
	    "SELECT channel, rule, series, fired, last, open FROM told"
	    " ORDER BY channel, rule, series";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = (struct told){
		    .channel = copy(a, s, 0),
		    .rule = copy(a, s, 1),
		    .series = copy(a, s, 2),
		    .fired = db_int(s, 3),
		    .last = db_int(s, 4),
		    .open = db_int(s, 5) != 0,
		};
	return rc;
}

/* A new key for an alert that begins; the same one until it has ended. */
static int remember(struct store *st, const char *channel,
    const struct dispatch_item *item, int64_t now, struct err *e)
{
	static const char begin[] =
	    "INSERT OR REPLACE INTO told"
	    " (channel, rule, series, fired, last, open)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	static const char go_on[] =
	    "UPDATE told SET fired = ?4, last = ?5, open = ?6"
	    " WHERE channel = ?1 AND rule = ?2 AND series = ?3";
	struct db_stmt *s =
	    db_stmt(st->db, item->event == DISPATCH_BEGINS ? begin : go_on, e);

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, channel);
	db_bind_text(s, 2, item->alert.rule);
	db_bind_text(s, 3, item->alert.series);
	db_bind_int(s, 4, item->alert.fired);
	db_bind_int(s, 5, now);
	db_bind_int(s, 6, item->event != DISPATCH_ENDED);
	return db_run(s, e);
}

/* ?1 and ?19 to ?21 are the item's own. */
static int add_item(struct store *st, int64_t id, size_t i,
    const struct news *w, const struct dispatch_item *item, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO dispatch_item (dispatch, n, event, key, " ALERT_BOUND
	    ") SELECT ?1, ?19, ?20, key, " ALERT_BINDS " FROM told"
	    " WHERE channel = ?21 AND rule = ?15 AND series = ?16";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	alert_bind(s, &item->alert);
	db_bind_int(s, 1, id);
	db_bind_int(s, 19, (int64_t)i);
	db_bind_text(s, 20, dispatch_event_word(item->event));
	db_bind_text(s, 21, w->channel);
	return db_run(s, e);
}

static int add_dispatch(struct store *st, const struct news *w,
    const char *recipient, const struct dispatch_item *items, size_t n,
    int64_t now, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO dispatch (channel, recipient, made, left_out, next)"
	    " VALUES (?1, ?2, ?3, ?4, ?3)";
	size_t kept = n < NEWS_ITEMS_MAX ? n : NEWS_ITEMS_MAX;
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int64_t id;

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, w->channel);
	db_bind_text(s, 2, recipient);
	db_bind_int(s, 3, now);
	db_bind_int(s, 4, (int64_t)(n - kept));
	if (db_run(s, e) != 0)
		return -1;
	id = db_last_id(st->db);
	for (size_t i = 0; i < kept; i++)
		if (add_item(st, id, i, w, &items[i], e) != 0)
			return -1;
	return 0;
}

/* Sets what is there of a recipient, or makes it. */
static int set_recipient(
    struct store *st, const struct recipient *r, struct err *e)
{
	static const char sql[] =
	    "INSERT OR REPLACE INTO recipient"
	    " (channel, recipient, sent, failing, message, lost)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, r->channel);
	db_bind_text(s, 2, r->recipient);
	db_bind_int(s, 3, r->sent);
	db_bind_int(s, 4, r->failing);
	db_bind_text(s, 5, r->message);
	db_bind_int(s, 6, r->lost);
	return db_run(s, e);
}

static int find_recipient(struct store *st, struct arena *a,
    const char *channel, const char *recipient, struct recipient *out,
    struct err *e)
{
	static const char sql[] =
	    "SELECT sent, failing, message, lost FROM recipient"
	    " WHERE channel = ?1 AND recipient = ?2";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*out = (struct recipient){
	    .channel = channel, .recipient = recipient, .message = ""};
	if (s == NULL)
		return -1;
	db_bind_text(s, 1, channel);
	db_bind_text(s, 2, recipient);
	if ((rc = db_step(s, e)) == 1) {
		out->sent = db_int(s, 0);
		out->failing = db_int(s, 1);
		out->message = copy(a, s, 2);
		out->lost = db_int(s, 3);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

/* Of more than may wait the oldest are given up. */
static int bound_queue(struct store *st, const char *channel,
    const char *recipient, int64_t now, struct err *e)
{
	static const char sql[] =
	    "UPDATE dispatch SET ended = ?3 WHERE ended IS NULL AND id IN"
	    " (SELECT id FROM dispatch WHERE channel = ?1 AND recipient = ?2"
	    " AND ended IS NULL ORDER BY id DESC LIMIT -1 OFFSET ?4)";
	struct arena *a = arena_new();
	struct recipient r;
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc = -1;

	if (s != NULL) {
		db_bind_text(s, 1, channel);
		db_bind_text(s, 2, recipient);
		db_bind_int(s, 3, now);
		db_bind_int(s, 4, NEWS_WAIT_MAX);
		rc = db_run(s, e);
	}
	if (rc == 0 && db_changes(st->db) > 0) {
		rc = find_recipient(st, a, channel, recipient, &r, e);
		r.lost = now;
		r.message = "too many waited: the oldest were given up";
		if (rc == 0)
			rc = set_recipient(st, &r, e);
	}
	arena_free(a);
	return rc;
}

static int tell(struct store *st, const struct news *w, const char *recipient,
    int64_t now, struct err *e)
{
	size_t step = w->grouped ? w->n : 1;

	for (size_t i = 0; i < w->n; i += step)
		if (add_dispatch(
			st, w, recipient, &w->items[i], step, now, e) != 0)
			return -1;
	return bound_queue(st, w->channel, recipient, now, e);
}

int news_save(
    struct store *st, const struct news *w, int64_t now, struct err *e)
{
	for (size_t i = 0; i < w->n; i++)
		if (remember(st, w->channel, &w->items[i], now, e) != 0)
			return -1;
	for (size_t i = 0; i < w->recipients.n; i++)
		if (tell(st, w, w->recipients.items[i], now, e) != 0)
			return -1;
	return 0;
}

static int read_items(
    struct store *st, struct arena *a, struct dispatch *d, struct err *e)
{
	static const char sql[] =
	    "SELECT n, " ALERT_COLUMNS ", (SELECT max(snapshot) FROM alert AS a"
	    " WHERE a.rule = i.rule AND a.series = i.series"
	    " AND a.fired = i.fired AND a.snapshot IS NOT NULL), NULL,"
	    " event, key FROM dispatch_item AS i"
	    " WHERE dispatch = ? ORDER BY n";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct dispatch_item *x;
	size_t cap = 0;
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, d->id);
	while ((rc = db_step(s, e)) == 1) {
		x = arena_push(a, &d->items, &d->n, &cap);
		x->alert = alert_read(a, s);
		x->alert.id = 0;
		if (!dispatch_event_parse(copy(a, s, 23), &x->event))
			x->event = DISPATCH_LASTS;
		x->key = copy(a, s, 24);
	}
	return rc;
}

/* The oldest that waits of each recipient says when all of them may go. */
static int read_due(struct store *st, struct arena *a, int64_t now, size_t each,
    struct dispatch **out, size_t *n, struct err *e)
{
	static const char sql[] =
	    "SELECT id, uid, channel, recipient, made, left_out, tries,"
	    " span_from, span_to, missed FROM"
	    " (SELECT *, row_number() OVER w AS place,"
	    " first_value(next) OVER w AS at FROM dispatch"
	    " WHERE ended IS NULL"
	    " WINDOW w AS (PARTITION BY channel, recipient ORDER BY id))"
	    " WHERE at <= ?1 AND place <= ?2 ORDER BY channel, recipient, id";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	size_t cap = 0;
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, now);
	db_bind_int(s, 2, (int64_t)each);
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = (struct dispatch){
		    .id = db_int(s, 0),
		    .uid = copy(a, s, 1),
		    .channel = copy(a, s, 2),
		    .recipient = copy(a, s, 3),
		    .made = db_int(s, 4),
		    .left_out = (size_t)db_int(s, 5),
		    .tries = db_int(s, 6),
		    .from = db_int(s, 7),
		    .to = db_int(s, 8),
		    .missed = db_int(s, 9),
		};
	return rc;
}

int store_dispatches(struct store *st, struct arena *a, int64_t now,
    size_t each, struct dispatch **out, size_t *n, struct err *e)
{
	*out = NULL;
	*n = 0;
	if (read_due(st, a, now, each, out, n, e) != 0)
		return -1;
	for (size_t i = 0; i < *n; i++)
		if (read_items(st, a, &(*out)[i], e) != 0)
			return -1;
	return 0;
}

struct trying {
	const struct dispatch *dispatches;
	size_t n;
	int64_t now;
};

static int try_all(struct store *st, void *ctx, struct err *e)
{
	static const char sql[] =
	    "UPDATE dispatch SET tries = tries + 1, next = ?2 +"
	    " min(" WAIT_FIRST " << min(tries, 16), " WAIT_MOST ")"
	    " WHERE id = ?1";
	const struct trying *t = ctx;
	struct db_stmt *s;

	for (size_t i = 0; i < t->n; i++) {
		if ((s = db_stmt(st->db, sql, e)) == NULL)
			return -1;
		db_bind_int(s, 1, t->dispatches[i].id);
		db_bind_int(s, 2, t->now);
		if (db_run(s, e) != 0)
			return -1;
	}
	return 0;
}

int store_dispatch_try(struct store *st, const struct dispatch *d, size_t n,
    int64_t now, struct err *e)
{
	struct trying t = {d, n, now};

	return store_write_through(st, try_all, &t, e);
}

struct ending {
	struct arena *arena;
	const struct dispatch_end *end;
	struct recipient *was;
	int64_t now;
};

static int end_or_wait(struct store *st, const struct ending *x, struct err *e)
{
	static const char over[] = "UPDATE dispatch SET ended = ?2"
				   " WHERE id = ?1 AND ended IS NULL";
	static const char wait[] = "UPDATE dispatch SET next = max(next, ?2)"
				   " WHERE id = ?1 AND ended IS NULL";
	bool later = x->end->fate == DISPATCH_LATER;
	struct db_stmt *s = db_stmt(st->db, later ? wait : over, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, x->end->id);
	db_bind_int(s, 2, later ? x->end->retry_at : x->now);
	return db_run(s, e);
}

static int end_one(struct store *st, void *ctx, struct err *e)
{
	const struct ending *x = ctx;
	const struct dispatch_end *end = x->end;
	struct recipient r;

	if (find_recipient(
		st, x->arena, end->channel, end->recipient, x->was, e) != 0)
		return -1;
	r = *x->was;
	if (end->fate == DISPATCH_SENT) {
		r.sent = x->now;
		r.failing = 0;
	} else {
		r.message = end->message;
		if (r.failing == 0)
			r.failing = x->now;
	}
	if (end->fate == DISPATCH_LOST)
		r.lost = x->now;
	if (set_recipient(st, &r, e) != 0)
		return -1;
	return end->id != 0 ? end_or_wait(st, x, e) : 0;
}

int store_dispatch_end(struct store *st, struct arena *a,
    const struct dispatch_end *end, int64_t now, struct recipient *was,
    struct err *e)
{
	struct ending x = {a, end, was, now};

	return store_write_through(st, end_one, &x, e);
}

int store_recipients(struct store *st, struct arena *a, struct recipient **out,
    size_t *n, struct err *e)
{
	static const char sql[] =
	    "WITH d AS (SELECT channel, recipient, count(*) AS waiting"
	    " FROM dispatch WHERE ended IS NULL GROUP BY channel, recipient),"
	    " k AS (SELECT channel, recipient FROM d UNION"
	    " SELECT channel, recipient FROM recipient)"
	    " SELECT k.channel, k.recipient, ifnull(r.sent, 0),"
	    " ifnull(r.failing, 0), ifnull(r.message, ''), ifnull(r.lost, 0),"
	    " ifnull(d.waiting, 0)"
	    " FROM k LEFT JOIN d USING (channel, recipient)"
	    " LEFT JOIN recipient AS r USING (channel, recipient)"
	    " ORDER BY k.channel, k.recipient";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = (struct recipient){
		    .channel = copy(a, s, 0),
		    .recipient = copy(a, s, 1),
		    .sent = db_int(s, 2),
		    .failing = db_int(s, 3),
		    .message = copy(a, s, 4),
		    .lost = db_int(s, 5),
		    .waiting = db_int(s, 6),
		};
	return rc;
}

int dispatch_prune(struct store *st, int64_t now, int64_t limit, struct err *e)
{
	static const char items[] =
	    "DELETE FROM dispatch_item WHERE dispatch IN"
	    " (SELECT id FROM dispatch WHERE ended < ?1 LIMIT ?2)";
	static const char dispatches[] =
	    "DELETE FROM dispatch WHERE id IN"
	    " (SELECT id FROM dispatch WHERE ended < ?1 LIMIT ?2)";
	static const char old[] =
	    "DELETE FROM told WHERE last < ?1 - open * 11 * 2592000 AND ?2";
	static const char silent[] =
	    "DELETE FROM recipient WHERE max(sent, failing, lost) < ?1 AND ?2";

	if (prune_rows(st, items, now - SENT_KEPT, limit, e) != 0 ||
	    prune_rows(st, dispatches, now - SENT_KEPT, limit, e) != 0 ||
	    prune_rows(st, old, now - TOLD_KEPT, limit, e) != 0)
		return -1;
	return prune_rows(st, silent, now - 12 * TOLD_KEPT, limit, e);
}
