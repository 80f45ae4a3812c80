#include "store/day.h"

/*
 * Closing, in turn: of n cohorts the i-th closes an hour i/n hours after it
 * ended, and a day i/n days after, so that each run has its share and rows
 * come into the table of chunks in its order. What was missed is caught up
 * with over several runs.
 */
#define HOUR INT64_C(3600)
#define DAY  (24 * HOUR)

/* Runs are as far apart as this, where that is not known or makes no sense. */
#define SPACING INT64_C(60)

struct closing {
	struct store *st;
	struct arena *arena; /* reset after each cohort */
	int64_t now;
	size_t hours, days; /* that may still be closed */
};

static int64_t floor_to(int64_t ts, int64_t unit)
{
	return ts - ts % unit;
}

static int note_newest(
    struct store *st, int64_t series, const struct pair *p, struct err *e)
{
	static const char sql[] =
	    "UPDATE series SET ts = ?2, value = ?3 WHERE id = ?1"
	    " AND (ts IS NULL OR ts <= ?2)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, series);
	db_bind_int(s, 2, p->ts);
	db_bind_real(s, 3, p->value);
	return db_run(s, e);
}

int series_place(struct store *st, struct arena *a, struct cohort *c,
    int64_t series, const struct pairs *p, struct err *e)
{
	bool fast = c->lane == LANE_FAST;
	int64_t start, unit;
	struct pairs part;
	int rc = 0;

	for (size_t i = 0; i < p->n && rc == 0; i += part.n) {
		int64_t ts = p->items[i].ts;

		unit = fast && ts >= c->rolled ? HOUR : DAY;
		start = floor_to(ts, unit);
		part = pairs_between(p, start, start + unit);
		rc = unit == HOUR
			 ? hour_merge(st, a, c, series, start, &part, e)
			 : day_merge(st, a, c, series, start, &part, e);
	}
	if (rc != 0 || p->n == 0)
		return rc;
	return note_newest(st, series, &p->items[p->n - 1], e);
}

/* Samples of a time that is not over yet wait for it. */
static void carry(struct arena *a, const struct pairs *p, size_t slot,
    int64_t end, struct hot_row *row)
{
	struct pairs later = pairs_between(p, end, INT64_MAX);

	for (size_t i = 0; i < later.n; i++)
		*arena_push(a, &row->own, &row->n_own, &row->cap_own) =
		    (struct own){slot, later.items[i].ts, later.items[i].value};
}

static int roll_series(
    struct closing *x, struct cohort *c, int64_t day, struct err *e)
{
	static const struct pairs none;

	for (size_t i = 0; i < COHORT_SLOTS; i++)
		if (day_merge(x->st, x->arena, c, slot_series(c, i), day, &none,
			e) != 0)
			return -1;
	return chunk_delete(x->st, CHUNK_HOUR, day, day + DAY,
	    slot_series(c, 0), slot_series(c, COHORT_SLOTS - 1), e);
}

/* Days without an hour of any series need no work. */
static int roll_day(struct closing *x, struct cohort *c, struct err *e)
{
	int64_t day = c->rolled, next = floor_to(c->hot_from, DAY);
	struct extent hours;

	if (chunk_extent(x->st, CHUNK_HOUR, &hours, e) != 0)
		return -1;
	if (hours.first < hours.end && floor_to(hours.first, DAY) < next)
		next = floor_to(hours.first, DAY);
	if (next <= day) {
		if (roll_series(x, c, day, e) != 0)
			return -1;
		next = day + DAY;
	}
	c->rolled = next;
	return cohort_update(x->st, c, e);
}

static int close_until(
    struct closing *x, struct cohort *c, int64_t end, struct err *e)
{
	struct pairs slots[COHORT_SLOTS] = {0}, closed;
	struct hot_row later = {0};

	if (hot_read(x->st, x->arena, c, end, slots, e) != 0)
		return -1;
	for (size_t i = 0; i < COHORT_SLOTS; i++) {
		closed = pairs_between(&slots[i], 0, end);
		carry(x->arena, &slots[i], i, end, &later);
		if (series_place(
			x->st, x->arena, c, slot_series(c, i), &closed, e) != 0)
			return -1;
	}
	c->hot_from = end;
	/* It may have been in the other lane, with hours of its own. */
	while (c->lane == LANE_SLOW && c->rolled < end)
		if (roll_day(x, c, e) != 0)
			return -1;
	if (later.n_own > 0 && hot_put(x->st, x->arena, c, end, &later, e) != 0)
		return -1;
	return cohort_update(x->st, c, e);
}

static int close_fast(
    struct closing *x, struct cohort *c, size_t i, size_t n, struct err *e)
{
	int64_t late = HOUR * (int64_t)i / (int64_t)n;
	int64_t end = floor_to(x->now - late, HOUR);

	/* The clock went back: days that seemed over go on. */
	if (c->rolled > floor_to(x->now, DAY))
		c->rolled = floor_to(x->now, DAY);
	if (c->hot_from < end && x->hours > 0) {
		x->hours--;
		if (close_until(x, c, end, e) != 0)
			return -1;
	}
	if (x->days > 0 && c->hot_from >= c->rolled + DAY &&
	    x->now >= c->rolled + DAY + 24 * late) {
		x->days--;
		return roll_day(x, c, e);
	}
	return 0;
}

static int close_slow(
    struct closing *x, struct cohort *c, size_t i, size_t n, struct err *e)
{
	int64_t late = DAY * (int64_t)i / (int64_t)n;
	int64_t end = floor_to(x->now - late, DAY);

	if (c->hot_from >= end || x->days == 0)
		return 0;
	x->days--;
	return close_until(x, c, end, e);
}

/* What no cohort of a lane needs any longer. */
static int sweep(struct store *st, const struct cohort *all, size_t n,
    enum lane lane, struct err *e)
{
	int64_t bound = INT64_MAX;

	for (size_t i = 0; i < n; i++)
		if (all[i].lane == (int64_t)lane && all[i].hot_from < bound)
			bound = all[i].hot_from;
	return hot_sweep(st, lane, bound, e);
}

/*
 * In one run at most so many of n that have a turn each: four times what
 * comes between two runs, so that a backlog shrinks.
 */
static size_t share(size_t n, int64_t spacing, int64_t turn)
{
	return n * 4 * (size_t)spacing / (size_t)turn + 1;
}

static int take_share(struct closing *x, size_t n, struct err *e)
{
	int64_t spacing;

	if (runs_spacing(x->st, x->now, &spacing, e) != 0)
		return -1;
	if (spacing < SPACING || spacing > DAY)
		spacing = SPACING;
	x->hours = share(n, spacing, HOUR);
	x->days = share(n, spacing, DAY);
	return 0;
}

static int close_all(struct closing *x, struct arena *list, struct err *e)
{
	struct cohort *all;
	size_t n;

	if (cohorts_all(x->st, list, &all, &n, e) != 0 ||
	    take_share(x, n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int rc = all[i].lane == LANE_FAST
			     ? close_fast(x, &all[i], i, n, e)
			     : close_slow(x, &all[i], i, n, e);

		if (rc != 0)
			return -1;
		arena_reset(x->arena);
	}
	if (sweep(x->st, all, n, LANE_FAST, e) != 0)
		return -1;
	return sweep(x->st, all, n, LANE_SLOW, e);
}

int samples_close(struct store *st, int64_t now, struct err *e)
{
	struct arena *list = arena_new();
	struct closing x = {.st = st, .arena = arena_new(), .now = now};
	int rc = close_all(&x, list, e);

	arena_free(x.arena);
	arena_free(list);
	hot_forget(st);
	return rc;
}
