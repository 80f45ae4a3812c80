#include "store/store_private.h"

/*
 * Bounded work: what a call may remove is a little more than what came in
 * since the store was opened, so that it keeps up, and a backlog (a shorter
 * `keep`) is worked off over many runs.
 */
#define ROWS 20000

/* Pages to give back to the file system in one call: 2 MB. */
#define PAGES "512"

struct prune {
	const struct keep *keep;
	int64_t now, limit;
};

static int prune_one(struct store *st, const struct prune *p, int64_t age,
    int (*prune)(struct store *, int64_t, int64_t, struct err *), struct err *e)
{
	return age <= 0 ? 0 : prune(st, p->now - age, p->limit, e);
}

static int prune_all(struct store *st, void *ctx, struct err *e)
{
	const struct prune *p = ctx;
	const struct keep *k = p->keep;

	if (prune_one(st, p, k->samples, samples_prune, e) != 0 ||
	    prune_one(st, p, k->lines, lines_prune, e) != 0 ||
	    prune_one(st, p, k->tables, tables_prune, e) != 0 ||
	    prune_one(st, p, k->ledger, ledger_prune, e) != 0)
		return -1;
	return prune_one(st, p, k->ledger, runs_prune, e);
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

int store_prune(
    struct store *st, const struct keep *keep, int64_t now, struct err *e)
{
	struct prune p = {keep, now, ROWS + 2 * st->appended};
	bool hollow;

	if (store_write(st, prune_all, &p, e) != 0 ||
	    is_hollow(st, &hollow, e) != 0)
		return -1;
	if (!hollow)
		return 0;
	return db_exec(st->db, "PRAGMA incremental_vacuum(" PAGES ")", e);
}
