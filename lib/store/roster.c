#include "store/roster.h"

#include <math.h>
#include <string.h>

#include "store/bits.h"

static int read_members(struct roster *r, struct block *b, struct err *e)
{
	static const char sql[] =
	    "SELECT id, metric, unit FROM series WHERE id BETWEEN ?1 AND ?2";
	struct db_stmt *s = db_stmt(r->st->db, sql, e);
	struct member *m;
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, slot_series(&b->cohort, 0));
	db_bind_int(s, 2, slot_series(&b->cohort, COHORT_SLOTS - 1));
	while ((rc = db_step(s, e)) == 1) {
		m = &b->members[db_int(s, 0) % COHORT_SLOTS];
		m->metric = arena_strdup(r->arena, db_text(s, 1));
		m->unit = arena_strdup(r->arena, db_text(s, 2));
	}
	return rc;
}

int roster_open(struct roster *r, struct store *st, int64_t source, int64_t now,
    int64_t every, struct err *e)
{
	struct cohort *cohorts;
	size_t n;

	*r = (struct roster){.st = st,
	    .arena = arena_new(),
	    .source = source,
	    .now = now,
	    .today = now,
	    .every = every};
	if (cohorts_of_source(st, r->arena, source, &cohorts, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct block *b =
		    arena_push(r->arena, &r->blocks, &r->n, &r->cap);

		b->cohort = cohorts[i];
		if (cohort_relane(st, &b->cohort, every, e) != 0 ||
		    read_members(r, b, e) != 0)
			return -1;
	}
	return 0;
}

void roster_close(struct roster *r)
{
	arena_free(r->arena);
}

static int change_unit(
    struct roster *r, const struct place *at, const char *unit, struct err *e)
{
	static const char sql[] = "UPDATE series SET unit = ?2 WHERE id = ?1";
	struct db_stmt *s = db_stmt(r->st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, roster_series(r, at));
	db_bind_text(s, 2, unit);
	r->blocks[at->block].members[at->slot].unit =
	    arena_strdup(r->arena, unit);
	return db_run(s, e);
}

/* The first free slot, in a new cohort if need be. */
static int find_free(struct roster *r, struct place *at, struct err *e)
{
	struct block *b;

	for (at->block = r->n > 0 ? r->n - 1 : 0; at->block < r->n; at->block++)
		for (at->slot = 0; at->slot < COHORT_SLOTS; at->slot++)
			if (r->blocks[at->block].members[at->slot].metric ==
			    NULL)
				return 0;
	b = arena_push(r->arena, &r->blocks, &r->n, &r->cap);
	*at = (struct place){r->n - 1, 0};
	return cohort_make(r->st, r->source, r->every, r->today, &b->cohort, e);
}

static int make(struct roster *r, const char *metric, const char *unit,
    struct place *at, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO series (id, source, metric, unit, created)"
	    " VALUES (?, ?, ?, ?, ?)";
	struct db_stmt *s = db_stmt(r->st->db, sql, e);

	if (s == NULL || find_free(r, at, e) != 0)
		return -1;
	db_bind_int(s, 1, roster_series(r, at));
	db_bind_int(s, 2, r->source);
	db_bind_text(s, 3, metric);
	db_bind_text(s, 4, unit);
	db_bind_int(s, 5, r->now);
	r->blocks[at->block].members[at->slot] = (struct member){
	    arena_strdup(r->arena, metric), arena_strdup(r->arena, unit)};
	return db_run(s, e);
}

static bool place_of(const struct roster *r, int64_t series, struct place *at)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->blocks[middle].cohort.id < cohort_of(series))
			low = middle + 1;
		else
			high = middle;
	}
	*at = (struct place){low, (size_t)series % COHORT_SLOTS};
	return low < r->n && r->blocks[low].cohort.id == cohort_of(series);
}

static int search(struct roster *r, const char *metric, bool *found,
    struct place *at, struct err *e)
{
	static const char sql[] =
	    "SELECT id FROM series WHERE source = ? AND metric = ?";
	struct db_stmt *s = db_stmt(r->st->db, sql, e);
	int rc;

	*found = false;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, r->source);
	db_bind_text(s, 2, metric);
	if ((rc = db_step(s, e)) == 1) {
		*found = place_of(r, db_int(s, 0), at);
		db_reset(s);
		if (!*found)
			return err_code(e, DB_DAMAGED,
			    "%s: some of the series are damaged", r->st->path);
	}
	return rc < 0 ? -1 : 0;
}

static bool is_next(
    const struct roster *r, const char *metric, struct place *at)
{
	*at = (struct place){r->next / COHORT_SLOTS, r->next % COHORT_SLOTS};
	return at->block < r->n &&
	       str_eq(r->blocks[at->block].members[at->slot].metric, metric);
}

int roster_find(struct roster *r, const char *metric, const char *unit,
    struct place *at, struct err *e)
{
	bool found = is_next(r, metric, at);

	if (!found && search(r, metric, &found, at, e) != 0)
		return -1;
	if (!found && make(r, metric, unit == NULL ? "" : unit, at, e) != 0)
		return -1;
	r->next = at->block * COHORT_SLOTS + at->slot + 1;
	if (unit == NULL ||
	    str_eq(r->blocks[at->block].members[at->slot].unit, unit))
		return 0;
	return change_unit(r, at, unit, e);
}

/*
 * The counters of a cohort, one after the other: slot, time (from that of
 * the one before), time of the value before (back from that), both values.
 */
static void read_counters(struct span bytes, struct counter *counters)
{
	struct bits_in b = bits_begin(bytes);
	int64_t ts = 0;

	while (!b.past_end && (b.left > 0 || b.n > 0)) {
		struct counter *c = &counters[bits_get(&b, 8) % COHORT_SLOTS];
		uint64_t raw;

		ts = (int64_t)((uint64_t)ts + (uint64_t)bits_get_signed(&b));
		c->ts = ts;
		c->before_ts =
		    (int64_t)((uint64_t)ts - (uint64_t)bits_get_signed(&b));
		raw = bits_get(&b, 64);
		memcpy(&c->raw, &raw, sizeof(raw));
		raw = bits_get(&b, 64);
		memcpy(&c->before, &raw, sizeof(raw));
	}
}

static int load_counters(struct roster *r, struct block *b, struct err *e)
{
	static const char sql[] = "SELECT data FROM counter WHERE cohort = ?";
	struct db_stmt *s = db_stmt(r->st->db, sql, e);
	int rc;

	b->counters = arena_array(r->arena, COHORT_SLOTS, sizeof(*b->counters));
	for (size_t i = 0; i < COHORT_SLOTS; i++)
		b->counters[i] = (struct counter){0, 0, NAN, NAN};
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, b->cohort.id);
	if ((rc = db_step(s, e)) == 1) {
		read_counters(db_blob(s, 0), b->counters);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

int roster_counter(struct roster *r, const struct place *at,
    struct counter **out, struct err *e)
{
	struct block *b = &r->blocks[at->block];

	if (b->counters == NULL && load_counters(r, b, e) != 0)
		return -1;
	*out = &b->counters[at->slot];
	return 0;
}

static void put_counters(const struct block *b, struct buf *out)
{
	struct bits_out bits = {.out = out};
	int64_t ts = 0;
	uint64_t raw;

	for (size_t i = 0; i < COHORT_SLOTS; i++) {
		const struct counter *c = &b->counters[i];

		if (isnan(c->raw) || b->members[i].metric == NULL)
			continue;
		bits_put(&bits, i, 8);
		bits_put_signed(&bits, c->ts - ts);
		bits_put_signed(&bits, c->ts - c->before_ts);
		memcpy(&raw, &c->raw, sizeof(raw));
		bits_put(&bits, raw, 64);
		memcpy(&raw, &c->before, sizeof(raw));
		bits_put(&bits, raw, 64);
		ts = c->ts;
	}
}

int counters_write(struct store *st, const struct block *b, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO counter (cohort, data) VALUES (?1, ?2)"
	    " ON CONFLICT DO UPDATE SET data = ?2";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct buf out;
	int rc;

	if (s == NULL)
		return -1;
	buf_init(&out, 65536);
	put_counters(b, &out);
	db_bind_int(s, 1, b->cohort.id);
	db_bind_blob(s, 2, (struct span){out.data, out.len});
	rc = db_run(s, e);
	buf_free(&out);
	return rc;
}

static int note_oldest(struct store *st, const struct block *b, struct err *e)
{
	int64_t oldest = b->cohort.hot_from;

	for (size_t i = 0; i < b->row.n_own; i++)
		if (b->row.own[i].ts < oldest)
			oldest = b->row.own[i].ts;
	return cohort_note(st, &b->cohort, oldest, e);
}

int roster_write(struct roster *r, struct err *e)
{
	for (size_t i = 0; i < r->n; i++) {
		struct block *b = &r->blocks[i];

		if ((b->row.present != 0 || b->row.n_own > 0) &&
		    (note_oldest(r->st, b, e) != 0 ||
			hot_put(r->st, r->arena, &b->cohort, r->now, &b->row,
			    e) != 0))
			return -1;
		if (b->counters != NULL && counters_write(r->st, b, e) != 0)
			return -1;
	}
	return 0;
}
