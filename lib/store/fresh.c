/*
 * What came lately, for whoever judges it: out of the hot rows, which are
 * numbered by the run that brought them, whatever times their samples bear.
 */
#include "store/cohort.h"
#include "store/seal.h"

struct freshness {
	struct arena *arena, *scratch;
	int64_t since, now;
	struct fresh *items;
	size_t n, cap;
};

/* One cohort's rows, lane by lane in the order of its runs. */
struct batch {
	int64_t cohort;
	struct pairs slots[COHORT_SLOTS];
};

static struct fresh make_fresh(struct arena *a, const struct fresh *source,
    const struct db_stmt *s, const struct pairs *p)
{
	struct fresh f = *source;

	f.series = series_name(a, f.source, db_text(s, 1));
	f.unit = arena_strdup(a, db_text(s, 2));
	f.samples = arena_array(a, p->n, sizeof(*f.samples));
	f.n = p->n;
	for (size_t i = 0; i < p->n; i++)
		f.samples[i] =
		    (struct fresh_sample){p->items[i].ts, p->items[i].value};
	return f;
}

/* The source of a cohort, which all of its series have. */
static int read_source(struct store *st, struct arena *a, int64_t cohort,
    struct fresh *f, struct err *e)
{
	static const char sql[] =
	    "SELECT o.name, o.every FROM cohort c"
	    " JOIN source o ON o.id = c.source WHERE c.id = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, cohort);
	if ((rc = db_step(s, e)) == 1) {
		f->source = arena_strdup(a, db_text(s, 0));
		f->every = db_int(s, 1);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

/* Gives the slots of a batch their names. */
static int take_batch(
    struct store *st, struct freshness *f, struct batch *b, struct err *e)
{
	static const char sql[] =
	    "SELECT id, metric, unit FROM series WHERE id >= ?1 AND id < ?2";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct fresh source = {0};
	int rc = 0;

	if (s == NULL || read_source(st, f->arena, b->cohort, &source, e) != 0)
		return -1;
	for (size_t i = 0; i < COHORT_SLOTS; i++) {
		pairs_tidy(f->scratch, &b->slots[i]);
		b->slots[i] = pairs_whole(f->scratch, &b->slots[i]);
	}
	db_bind_int(s, 1, b->cohort * COHORT_SLOTS);
	db_bind_int(s, 2, (b->cohort + 1) * COHORT_SLOTS);
	while (source.source != NULL && (rc = db_step(s, e)) == 1) {
		const struct pairs *p = &b->slots[db_int(s, 0) % COHORT_SLOTS];

		if (p->n > 0)
			*arena_push(f->arena, &f->items, &f->n, &f->cap) =
			    make_fresh(f->arena, &source, s, p);
	}
	*b = (struct batch){0};
	arena_reset(f->scratch);
	return rc;
}

/* What is damaged is a gap, as elsewhere. */
static void add_row(struct arena *a, struct batch *b, const struct db_stmt *s)
{
	int64_t cohort = db_int(s, 0), at = db_int(s, 1);
	struct span data = db_blob(s, 2);
	struct hot_row r;

	b->cohort = cohort;
	if (seal_take(&data, cohort, at) && hot_decode(a, data, at, &r))
		hot_deal(a, &r, at, b->slots);
}

static int read_fresh(struct store *st, void *ctx, struct err *e)
{
	static const char sql[] =
	    "SELECT cohort, at, data FROM hot WHERE lane IN (0, 1)"
	    " AND at > ?1 AND at <= ?2 ORDER BY cohort, at";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct freshness *f = ctx;
	struct batch b = {0};
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, f->since);
	db_bind_int(s, 2, f->now);
	while ((rc = db_step(s, e)) == 1) {
		if (b.cohort != db_int(s, 0) && take_batch(st, f, &b, e) != 0)
			break;
		add_row(f->scratch, &b, s);
	}
	db_reset(s);
	return rc != 0 ? -1 : take_batch(st, f, &b, e);
}

int store_fresh(struct store *st, struct arena *a, int64_t since, int64_t now,
    struct fresh **out, size_t *n, struct err *e)
{
	struct freshness f = {
	    .arena = a, .scratch = arena_new(), .since = since, .now = now};
	int rc = store_read(st, read_fresh, &f, e);

	arena_free(f.scratch);
	*out = rc == 0 ? f.items : NULL;
	*n = rc == 0 ? f.n : 0;
	return rc;
}

struct naming {
	struct arena *arena;
	const struct strings *globs;
	struct strings *names;
};

static int read_names(struct store *st, void *ctx, struct err *e)
{
	const struct naming *n = ctx;
	struct entry *entries;
	size_t count;

	if (catalog_match(st, n->arena, n->globs, &entries, &count, e) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		strings_add(n->arena, n->names, entries[i].name);
	return 0;
}

int store_names(struct store *st, struct arena *a, const struct strings *globs,
    struct strings *names, struct err *e)
{
	struct naming n = {a, globs, names};

	*names = (struct strings){0};
	return store_read(st, read_names, &n, e);
}
