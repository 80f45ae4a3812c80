#include "store/cohort.h"
#include "store/damage.h"
#include "store/seal.h"

#include <stdlib.h>
#include <string.h>

#include "store/bits.h"

/*
 * A row: the bits of its slots, 64 of them with the first slot lowest; the
 * doubles of those that are set; then, until the end, samples with times of
 * their own: slot, distance from the run's time, double.
 */
#define ROW_BYTES_MAX ((size_t)256 * 1024 * 1024)

static uint64_t bits_of(double v)
{
	uint64_t u;

	memcpy(&u, &v, sizeof(u));
	return u;
}

static double from_bits(uint64_t u)
{
	double v;

	memcpy(&v, &u, sizeof(v));
	return v;
}

void hot_encode(const struct hot_row *r, int64_t at, struct buf *out)
{
	struct bits_out b = {.out = out};

	bits_put(&b, r->present, 64);
	for (size_t i = 0; i < COHORT_SLOTS; i++)
		if (r->present >> i & 1)
			bits_put(&b, bits_of(r->values[i]), 64);
	for (size_t i = 0; i < r->n_own; i++) {
		bits_put(&b, r->own[i].slot, 8);
		bits_put_signed(&b, r->own[i].ts - at);
		bits_put(&b, bits_of(r->own[i].value), 64);
	}
}

bool hot_decode(
    struct arena *a, struct span bytes, int64_t at, struct hot_row *r)
{
	struct bits_in b = bits_begin(bytes);

	*r = (struct hot_row){.present = bits_get(&b, 64)};
	for (size_t i = 0; i < COHORT_SLOTS; i++)
		if (r->present >> i & 1)
			r->values[i] = from_bits(bits_get(&b, 64));
	while (!b.past_end && (b.left > 0 || b.n > 0)) {
		size_t slot = bits_get(&b, 8);
		int64_t off = bits_get_signed(&b);
		struct own o = {slot, 0, from_bits(bits_get(&b, 64))};

		if (slot >= COHORT_SLOTS ||
		    __builtin_add_overflow(at, off, &o.ts) || o.ts <= 0)
			return false;
		*arena_push(a, &r->own, &r->n_own, &r->cap_own) = o;
	}
	return !b.past_end;
}

static void note_damage(struct store *st, const struct cohort *c, int64_t at)
{
	damage_note(
	    st, &(struct damaged){damage_id(DAMAGE_HOT, at << 24 | c->id),
		    "samples", DAMAGED_SOURCE, c->source, at, at + 1});
}

/* The row of a time, an empty one if there is none or it is damaged. */
static int get(struct store *st, struct arena *a, const struct cohort *c,
    int64_t at, struct hot_row *r, struct err *e)
{
	static const char sql[] =
	    "SELECT data FROM hot WHERE lane = ? AND at = ? AND cohort = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct span bytes;
	int rc;

	r->present = 0;
	r->n_own = 0;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, c->lane);
	db_bind_int(s, 2, at);
	db_bind_int(s, 3, c->id);
	if ((rc = db_step(s, e)) != 1)
		return rc;
	bytes = db_blob(s, 0);
	if (!seal_take(&bytes, c->id, at) || !hot_decode(a, bytes, at, r)) {
		note_damage(st, c, at);
		r->present = 0;
		r->n_own = 0;
	}
	db_reset(s);
	return 0;
}

static int write_row(struct store *st, const struct cohort *c, int64_t at,
    const struct hot_row *r, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO hot (lane, at, cohort, data) VALUES (?1, ?2, ?3, ?4)"
	    " ON CONFLICT DO UPDATE SET data = ?4";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct buf b;
	int rc = -1;

	buf_init(&b, ROW_BYTES_MAX);
	hot_encode(r, at, &b);
	seal_put(&b, c->id, at);
	if (b.failed)
		err_set(e, "%s: too many samples at once", st->path);
	else if (s != NULL) {
		db_bind_int(s, 1, c->lane);
		db_bind_int(s, 2, at);
		db_bind_int(s, 3, c->id);
		db_bind_blob(s, 4, (struct span){b.data, b.len});
		rc = db_run(s, e);
	}
	buf_free(&b);
	return rc;
}

/*
 * The clock went back: rows from then on that only waited to be removed must
 * not count again, over what took their place in the chunks since.
 */
static int go_back(
    struct store *st, struct cohort *c, int64_t at, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM hot WHERE lane = ? AND at >= ? AND at < ?"
	    " AND cohort = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, c->lane);
	db_bind_int(s, 2, at);
	db_bind_int(s, 3, c->hot_from);
	db_bind_int(s, 4, c->id);
	c->hot_from = at;
	if (db_run(s, e) != 0)
		return -1;
	return cohort_update(st, c, e);
}

static void lay_over(
    struct arena *a, struct hot_row *to, const struct hot_row *from)
{
	for (size_t i = 0; i < COHORT_SLOTS; i++)
		if (from->present >> i & 1)
			to->values[i] = from->values[i];
	to->present |= from->present;
	for (size_t i = 0; i < from->n_own; i++)
		*arena_push(a, &to->own, &to->n_own, &to->cap_own) =
		    from->own[i];
}

int hot_put(struct store *st, struct arena *a, struct cohort *c, int64_t at,
    const struct hot_row *r, struct err *e)
{
	struct hot_row there;

	hot_forget(st);
	if (at < c->hot_from && go_back(st, c, at, e) != 0)
		return -1;
	if (get(st, a, c, at, &there, e) != 0)
		return -1;
	if (there.present == 0 && there.n_own == 0)
		return write_row(st, c, at, r, e);
	lay_over(a, &there, r);
	return write_row(st, c, at, &there, e);
}

/* The times of both lanes. */
struct hot_known {
	bool known[2];
	int64_t *times[2];
	size_t n[2], cap[2];
};

void hot_forget(struct store *st)
{
	if (st->hot == NULL)
		return;
	free(st->hot->times[LANE_FAST]);
	free(st->hot->times[LANE_SLOW]);
	free(st->hot);
	st->hot = NULL;
}

static bool note_time(struct hot_known *k, enum lane lane, int64_t at)
{
	if (k->n[lane] == k->cap[lane]) {
		size_t cap = k->cap[lane] == 0 ? 256 : 2 * k->cap[lane];
		int64_t *grown = realloc(k->times[lane], cap * sizeof(*grown));

		if (grown == NULL)
			return false;
		k->times[lane] = grown;
		k->cap[lane] = cap;
	}
	k->times[lane][k->n[lane]++] = at;
	return true;
}

/* From one time to the next by a search, past the rows that share it. */
static int find_times(
    struct store *st, struct hot_known *k, enum lane lane, struct err *e)
{
	static const char sql[] =
	    "SELECT at FROM hot WHERE lane = ? AND at > ? ORDER BY at LIMIT 1";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int64_t at = INT64_MIN;
	int rc;

	if (s == NULL)
		return -1;
	do {
		db_reset(s);
		db_bind_int(s, 1, lane);
		db_bind_int(s, 2, at);
		if ((rc = db_step(s, e)) == 1) {
			at = db_int(s, 0);
			if (!note_time(k, lane, at))
				rc = err_set(e, "%s: out of memory", st->path);
		}
	} while (rc == 1);
	db_reset(s);
	k->known[lane] = rc == 0;
	return rc;
}

int hot_times(struct store *st, enum lane lane, const int64_t **times,
    size_t *n, struct err *e)
{
	if (st->hot == NULL)
		st->hot = calloc(1, sizeof(*st->hot));
	if (st->hot == NULL)
		return err_set(e, "%s: out of memory", st->path);
	if (!st->hot->known[lane] && find_times(st, st->hot, lane, e) != 0)
		return -1;
	*times = st->hot->times[lane];
	*n = st->hot->n[lane];
	return 0;
}

void hot_deal(struct arena *a, const struct hot_row *r, int64_t at,
    struct pairs slots[COHORT_SLOTS])
{
	for (size_t i = 0; i < COHORT_SLOTS; i++)
		if (r->present >> i & 1)
			pairs_add(a, &slots[i], at, r->values[i]);
	for (size_t i = 0; i < r->n_own; i++)
		pairs_add(
		    a, &slots[r->own[i].slot], r->own[i].ts, r->own[i].value);
}

int hot_read(struct store *st, struct arena *a, const struct cohort *c,
    int64_t before, struct pairs slots[COHORT_SLOTS], struct err *e)
{
	struct hot_row r;
	const int64_t *times = NULL;
	size_t n = 0;

	if (hot_times(st, (enum lane)c->lane, &times, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n && times[i] < before; i++) {
		if (times[i] < c->hot_from)
			continue;
		if (get(st, a, c, times[i], &r, e) != 0)
			return -1;
		hot_deal(a, &r, times[i], slots);
	}
	for (size_t i = 0; i < COHORT_SLOTS; i++)
		pairs_tidy(a, &slots[i]);
	return 0;
}

/* Four at least, more if runs ended without sweeping. */
static int count_stale(
    struct store *st, enum lane lane, int64_t bound, size_t *n, struct err *e)
{
	const int64_t *times = NULL;
	size_t all = 0, stale = 0;

	if (hot_times(st, lane, &times, &all, e) != 0)
		return -1;
	while (stale < all && times[stale] < bound)
		stale++;
	*n = stale < 4 ? stale : 4 + (stale - 4) / 16;
	return 0;
}

int hot_sweep(struct store *st, enum lane lane, int64_t bound, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM hot WHERE lane = ?1 AND at < ?2 AND at ="
	    " (SELECT min(at) FROM hot WHERE lane = ?1)";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	size_t n;

	if (s == NULL || count_stale(st, lane, bound, &n, e) != 0)
		return -1;
	for (; n > 0; n--) {
		db_reset(s);
		db_bind_int(s, 1, lane);
		db_bind_int(s, 2, bound);
		if (db_run(s, e) != 0)
			return -1;
	}
	return 0;
}
