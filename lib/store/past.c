/*
 * The ledger as of a moment that is over. Of a spell the store knows when it
 * began and when it ended; when the source was asked in between follows from
 * the runs and from how often it is asked.
 */
#include "store/store_private.h"

#include <math.h>

/* What is asked less often than this is taken to be asked on time. */
#define REACH (8 * INT64_C(86400))

void store_as_of(struct store *st, int64_t at)
{
	st->at = at;
}

int64_t store_moment(const struct store *st)
{
	return st->at;
}

int past_open(struct store *st, struct arena *a, int64_t at, struct past *past,
    struct err *e)
{
	static const char sql[] = "SELECT begun FROM run WHERE kind = 'run'"
				  " AND begun BETWEEN ?1 AND ?2 ORDER BY begun";
	struct db_stmt *s;
	int rc;

	*past = (struct past){.at = at};
	if (st->at == INT64_MAX)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, at - REACH);
	db_bind_int(s, 2, at);
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, &past->runs, &past->n, &past->cap) =
		    db_int(s, 0);
	return rc;
}

static int64_t apart(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/*
 * Asked last when it was due last, by the run that is nearest to that; or by
 * the newest one, if that came about as much later as makes it due again.
 */
int64_t past_asked(
    const struct past *past, int64_t since, int64_t until, int64_t every)
{
	int64_t due, best;

	if (until <= past->at)
		return until;
	if (every < 1)
		every = 1;
	due = since + (past->at - since) / every * every;
	if (past->n == 0 || past->runs[0] > due)
		return due;
	best = past->runs[past->n - 1];
	for (size_t i = past->n; i-- > 0;) {
		if (apart(past->runs[i], due) > apart(best, due))
			break;
		best = past->runs[i];
	}
	if (past->runs[past->n - 1] - best >= every - every / 10)
		best = past->runs[past->n - 1];
	return best > since ? best : since;
}

static struct source_status read_status(
    struct arena *a, const struct db_stmt *s, const struct past *past)
{
	int64_t every = db_int(s, 10);
	bool over = db_int(s, 5) <= past->at;
	struct source_status x = {
	    .name = arena_strdup(a, db_text(s, 0)),
	    .outcome = ledger_outcome(s, 1),
	    .message = arena_strdup(a, db_text(s, 2)),
	    .hint = arena_strdup(a, db_text(s, 3)),
	    .since = db_int(s, 4),
	    .tried = past_asked(past, db_int(s, 4), db_int(s, 5), every),
	    .every = every,
	    .ms = over ? db_real(s, 6) : NAN,
	    .bytes = over ? (uint64_t)db_int(s, 7) : 0,
	};

	if (db_type(s, 8) != DB_NULL)
		x.last_ok = past_asked(past, db_int(s, 8), db_int(s, 9), every);
	return x;
}

int past_status(struct store *st, struct arena *a, struct source_status **out,
    size_t *n, struct err *e)
{
	/* The newest spell, and the newest that went well. */
	static const char sql[] =
	    "SELECT o.name, p.outcome, p.message, p.hint, p.since, p.until,"
	    " p.ms, p.bytes, w.since, w.until, o.every FROM source o"
	    " JOIN spell p ON p.id = (SELECT id FROM spell"
	    "  WHERE source = o.id AND since <= ?1 ORDER BY since DESC, id "
	    "DESC)"
	    " LEFT JOIN spell w ON w.id = (SELECT id FROM spell"
	    "  WHERE source = o.id AND outcome = 'ok' AND since <= ?1"
	    "  ORDER BY since DESC, id DESC) ORDER BY o.name";
	struct db_stmt *s;
	struct past past;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	if (past_open(st, a, st->at, &past, e) != 0 ||
	    (s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, st->at);
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, &cap) = read_status(a, s, &past);
	return rc;
}
