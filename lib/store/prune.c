#include "store/damage.h"
#include "store/pack.h"
#include "store/read.h"

/*
 * Bounded work: what a call may remove is a little more than what came in
 * since the store was opened, so that it keeps up, and a backlog (a shorter
 * `keep`) is worked off over many runs.
 */
#define ROWS 20000

/* Pages to give back to the file system in one call: 2 MB. */
#define PAGES "512"

/* Spans that one call may remove because the store is too large. */
#define SPANS_MAX 4

#define DAY 86400

struct prune {
	const struct keep *keep;
	int64_t now, limit;
	int64_t counted; /* the moment that ages are counted from */
};

int prune_rows(struct store *st, const char *sql, int64_t cut, int64_t limit,
    struct err *e)
{
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, cut);
	db_bind_int(s, 2, limit);
	return db_run(s, e);
}

static int prune_one(struct store *st, const struct prune *p, int64_t age,
    int (*prune)(struct store *, int64_t, int64_t, struct err *), struct err *e)
{
	return age <= 0 ? 0 : prune(st, p->counted - age, p->limit, e);
}

/* The longer of two ages, of which 0 is for ever. */
static int64_t longer(int64_t a, int64_t b)
{
	return a <= 0 || b <= 0 ? 0 : a > b ? a : b;
}

/* The samples of sparse days take the place of their finer rollups. */
static int64_t age_of(const struct keep *k, enum chunk_kind kind)
{
	switch (kind) {
	case CHUNK_RAW:
		return k->raw;
	case CHUNK_SPARSE:
		return longer(k->raw, longer(k->m5, k->h1));
	case CHUNK_M5:
		return k->m5;
	case CHUNK_H1:
		return k->h1;
	case CHUNK_D1:
		return k->d1;
	default:
		return 0; /* open hours go into their day first */
	}
}

static const enum chunk_kind kinds[] = {
    CHUNK_RAW, CHUNK_M5, CHUNK_SPARSE, CHUNK_H1, CHUNK_D1};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* What is left of a series that ended: chunks that reach past the cut. */
static int drop_chunks(
    struct store *st, int64_t series, int64_t ts, struct err *e)
{
	for (size_t i = 0; i < KINDS; i++)
		if (chunk_delete(st, kinds[i], ts, ts + 1, series, series, e) !=
		    0)
			return -1;
	return 0;
}

static int drop_series(struct store *st, int64_t series, struct err *e)
{
	static const char sql[] = "DELETE FROM series WHERE id = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, series);
	return db_run(s, e);
}

/* Not while any of it is hot, or in an hour of a day that is open. */
static int is_open(
    struct store *st, int64_t series, int64_t ts, bool *open, struct err *e)
{
	const struct warm *w;

	if (warm_get(st, series, &w, e) != 0)
		return -1;
	*open = w != NULL && (w->cohort.rolled <= ts ||
				 w->slots[series % COHORT_SLOTS].n > 0);
	return 0;
}

static int end_series(
    struct store *st, int64_t series, int64_t ts, struct err *e)
{
	bool open;

	if (is_open(st, series, ts, &open, e) != 0)
		return -1;
	if (open)
		return 0;
	if (drop_chunks(st, series, ts, e) != 0)
		return -1;
	return drop_series(st, series, e);
}

/* Series that have nothing left; their slots may be used again. */
static int prune_series(
    struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char sql[] =
	    "SELECT id, ifnull(ts, created) FROM series"
	    " WHERE ifnull(ts, created) < ?1 AND created < ?1 LIMIT ?2";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	warm_forget(st);
	db_bind_int(s, 1, cut);
	db_bind_int(s, 2, limit);
	while ((rc = db_step(s, e)) == 1)
		if (end_series(st, db_int(s, 0), db_int(s, 1), e) != 0) {
			db_reset(s);
			return -1;
		}
	return rc;
}

static int prune_samples(struct store *st, const struct prune *p, struct err *e)
{
	int64_t oldest = INT64_MAX, n;
	bool all = true;

	for (size_t i = 0; i < KINDS; i++) {
		int64_t age = age_of(p->keep, kinds[i]);

		oldest = p->counted - age < oldest ? p->counted - age : oldest;
		all = all && age > 0;
		if (age <= 0)
			continue;
		if (chunk_prune(
			st, kinds[i], p->counted - age, p->limit, &n, e) != 0)
			return -1;
		/* Not while some of their samples may remain. */
		all = all && n < p->limit;
	}
	return all ? prune_series(st, oldest, p->limit, e) : 0;
}

static int is_too_large(
    struct store *st, uint64_t max, bool *too_large, struct err *e)
{
	static const char sql[] =
	    "SELECT (p.page_count - f.freelist_count) * s.page_size"
	    " FROM pragma_page_count AS p, pragma_freelist_count AS f,"
	    " pragma_page_size AS s";
	struct db_stmt *s;

	*too_large = false;
	if (max == 0)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL || db_step(s, e) != 1)
		return -1;
	*too_large = (uint64_t)db_int(s, 0) > max;
	db_reset(s);
	return 0;
}

/* The oldest of lines and tables that are closed; INT64_MAX: there are none. */
static int oldest_text(struct store *st, int64_t *oldest, struct err *e)
{
	int64_t first, last;

	*oldest = INT64_MAX;
	for (int k = PACK_LINES; k <= PACK_TABLES; k++) {
		if (packs_oldest(st, (enum pack_kind)k, &first, &last, e) != 0)
			return -1;
		if (last != 0 && last < *oldest)
			*oldest = last;
	}
	return 0;
}

static int shed_texts(struct store *st, const struct prune *p, int64_t end,
    bool *shed, struct err *e)
{
	int64_t n;

	for (int k = PACK_LINES; k <= PACK_TABLES; k++) {
		if (packs_prune(st, (enum pack_kind)k, end, p->limit, &n, e) !=
		    0)
			return -1;
		*shed = *shed || n > 0;
	}
	return 0;
}

/*
 * The oldest batch of what is finest and has any but of the newest day: first
 * samples, and lines and tables of the same age, then rollups.
 */
static int shed_span(
    struct store *st, const struct prune *p, bool *shed, struct err *e)
{
	struct extent x;
	int64_t end, text, n = 0;

	*shed = false;
	if (oldest_text(st, &text, e) != 0)
		return -1;
	for (size_t i = 0; i < KINDS && !*shed; i++) {
		if (chunk_extent(st, kinds[i], &x, e) != 0)
			return -1;
		if (x.first >= x.end)
			x.first = INT64_MAX;
		if (kinds[i] == CHUNK_RAW && text < x.first)
			x.first = chunk_batch(CHUNK_RAW, text);
		if (x.first > p->now - DAY - chunk_shapes[kinds[i]].batch)
			continue;
		end = x.first + chunk_shapes[kinds[i]].batch;
		if (chunk_prune(st, kinds[i], end, p->limit, &n, e) != 0)
			return -1;
		*shed = n > 0;
		if (kinds[i] == CHUNK_RAW &&
		    shed_texts(st, p, end, shed, e) != 0)
			return -1;
	}
	return 0;
}

static int shed(struct store *st, const struct prune *p, struct err *e)
{
	bool too_large, more = true;

	for (int i = 0; i < SPANS_MAX && more; i++) {
		if (is_too_large(st, p->keep->max_size, &too_large, e) != 0)
			return -1;
		if (!too_large)
			return 0;
		if (shed_span(st, p, &more, e) != 0)
			return -1;
	}
	return 0;
}

/*
 * A clock that leaps ahead makes all look old. So time has passed once there
 * are runs that saw it pass: of the newest that is a day old, a day later.
 */
static int count_from(struct store *st, struct prune *p, struct err *e)
{
	static const char sql[] =
	    "SELECT begun FROM run WHERE kind = 'run' AND begun <= ?"
	    " ORDER BY id DESC LIMIT 1";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, p->now - DAY);
	rc = db_step(s, e);
	p->counted = rc == 1 ? db_int(s, 0) + DAY : p->now;
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

static int tend_all(struct store *st, void *ctx, struct err *e)
{
	struct prune *p = ctx;
	const struct keep *k = p->keep;

	if (count_from(st, p, e) != 0)
		return -1;
	if (samples_close(st, p->now, e) != 0 ||
	    texts_close(st, p->now, e) != 0 || prune_samples(st, p, e) != 0 ||
	    prune_one(st, p, k->lines, lines_prune, e) != 0 ||
	    prune_one(st, p, k->tables, tables_prune, e) != 0 ||
	    prune_one(st, p, k->records, records_prune, e) != 0 ||
	    prune_one(st, p, k->ledger, ledger_prune, e) != 0 ||
	    prune_one(st, p, k->ledger, runs_prune, e) != 0 ||
	    prune_one(st, p, k->ledger, damage_prune, e) != 0 ||
	    alerts_prune(st, p->counted, k->alerts, p->limit, e) != 0 ||
	    dispatch_prune(st, p->counted, p->limit, e) != 0 ||
	    shed(st, p, e) != 0)
		return -1;
	return damage_keep(st, p->now, e);
}

/*
 * The pages of a steady state are soon used again: only where more than a
 * tenth of the file is free does it shrink.
 */
static int is_hollow(struct store *st, bool *hollow, struct err *e)
{
	static const char sql[] =
	    "SELECT f.freelist_count * 10 > p.page_count"
	    " FROM pragma_freelist_count AS f, pragma_page_count AS p";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL || db_step(s, e) != 1)
		return -1;
	*hollow = db_int(s, 0) != 0;
	db_reset(s);
	return 0;
}

int store_tend(
    struct store *st, const struct keep *keep, int64_t now, struct err *e)
{
	struct prune p = {keep, now, ROWS + 2 * st->appended, now};
	bool hollow;

	if (store_write(st, tend_all, &p, e) != 0 ||
	    is_hollow(st, &hollow, e) != 0)
		return -1;
	if (!hollow)
		return 0;
	return db_exec(st->db, "PRAGMA incremental_vacuum(" PAGES ")", e);
}
