/*
 * Bits that flip, rows in the wrong place, files that are cut: what is
 * damaged is a gap that is told of, what is not comes back as it was.
 */
#include "store_rig.h"

#define DAY 86400

static uint64_t dice = 20261122;

/* The same in each run (Marsaglia's xorshift). */
static uint64_t roll(uint64_t n)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice % n;
}

#define START (T0 - T0 % DAY)

/* The value tells the time and the series, so that none is taken for another.
 */
static double value_at(int series, int64_t ts)
{
	return (double)(ts - START) + 0.25 * series;
}

static void deliver(struct store *st, int64_t now)
{
	struct readings *r = rig_readings();

	for (int i = 0; i < 3; i++)
		readings_sample(
		    r, arena_printf(rig_arena, "m%d", i), value_at(i, now), "");
	rig_deliver(st, "s", now, r);
}

static void tend(struct store *st, int64_t now)
{
	static const struct keep keep = {.ledger = 30 * DAY};
	struct err e = {0};

	rig_ok(store_tend(st, &keep, now, &e));
}

/* Two days that are closed and a morning. */
static void fill(void)
{
	struct store *st = rig_open();

	for (int64_t now = START; now < START + 2 * DAY + 5 * 3600; now += 60) {
		deliver(st, now);
		if (now % 1200 == 0)
			tend(st, now);
	}
	store_close(st);
}

/* A statement behind the store's back. */
static void alter(const char *sql)
{
	struct err e = {0};
	struct db *db;

	rig_ok(db_open(&db, rig_path, DB_WRITE, &e));
	rig_ok(db_exec(db, sql, &e));
	db_close(db);
}

struct seen {
	size_t n, wrong;
	int64_t gap_from, gap_to; /* of m1 */
	int64_t last;
};

static int take(
    void *ctx, const char *series, int64_t ts, double value, struct err *e)
{
	struct seen *s = ctx;
	int i = series[strlen(series) - 1] - '0';

	(void)e;
	s->n++;
	s->wrong += value != value_at(i, ts);
	if (i == 1 && s->last != 0 && ts > s->last + 60 && s->gap_from == 0) {
		s->gap_from = s->last + 60;
		s->gap_to = ts;
	}
	s->last = i == 1 ? ts : 0;
	return 0;
}

static struct seen look(struct store *st)
{
	struct strings all = rig_names("*", NULL);
	struct seen s = {0};
	struct err e = {0};

	rig_ok(store_each_sample(st, &all, 0, INT64_MAX, take, &s, &e));
	return s;
}

#define ALL (3 * (2 * 1440 + 300))

static size_t damages(struct store *st, struct damage **d)
{
	struct err e = {0};
	size_t n;

	rig_ok(store_damages(st, rig_arena, d, &n, &e));
	return n;
}

/* Six hours of m1, of the first day: day, series 1 of cohort 1, quarter. */
#define ONE "((%lld / 86400 << 34) + (65 << 2) + %lld %% 86400 / 21600)"

static void flip_chunk(int64_t ts)
{
	alter(arena_printf(rig_arena,
	    "UPDATE chunk_raw SET data = CAST(x'ff' || substr(data, 2) AS BLOB)"
	    " WHERE id = " ONE,
	    (long long)ts, (long long)ts));
}

static void a_damaged_chunk_is_a_gap_that_is_told(void **state)
{
	struct damage *d;
	struct store *st;
	struct seen s;

	(void)state;
	fill();
	flip_chunk(START + 6 * 3600);
	st = rig_open();
	assert_int_equal(damages(st, &d), 0);
	s = look(st);
	/* The means of five minutes are there in its place. */
	assert_int_equal(s.n, ALL - 360 + 72);
	assert_int_equal(s.gap_from, START + 6 * 3600 + 60);
	assert_int_equal(damages(st, &d), 1);
	assert_string_equal(d->what, "samples of s/m1");
	assert_int_equal(d->from, START + 6 * 3600);
	assert_int_equal(d->to, START + 12 * 3600);
	assert_int_equal(d->found, 0);
	tend(st, START + 3 * DAY);
	look(st);
	tend(st, START + 3 * DAY + 60);
	assert_int_equal(damages(st, &d), 1);
	assert_int_equal(d->found, START + 3 * DAY);
	store_close(st);
	st = rig_open();
	assert_int_equal(damages(st, &d), 1);
	/* What lasts is told again after as long as the ledger reaches. */
	tend(st, START + 40 * DAY);
	assert_int_equal(damages(st, &d), 0);
	store_close(st);
}

/* A late sample makes the day anew: rollups know what is lost. */
static void rollups_outlive_damaged_samples(void **state)
{
	struct store *st;
	struct series s;
	struct err e = {0};
	struct import_row row = {"s/m1", START + 7 * 3600 + 30, 9};

	(void)state;
	fill();
	flip_chunk(START + 6 * 3600);
	st = rig_open();
	rig_ok(store_import(st, &row, 1, START + 3 * DAY, &e));
	s = rig_one(st, "s/m1", START, START + DAY - 1, 24);
	assert_int_equal(s.n, 24);
	assert_int_equal(s.step, 3600);
	for (int i = 0; i < 24; i++)
		assert_true(
		    s.points[i].mean == value_at(1, START + 3600 * i + 1770));
	store_close(st);
	rig_assert_whole();
}

struct blob {
	int64_t row; /* of the table's rows, in its order */
	char *p;
	size_t n;
};

#define CHUNKS(table)                                                          \
	{                                                                      \
		"SELECT count(*) FROM " table,                                 \
		    "SELECT data FROM " table " ORDER BY id LIMIT 1 OFFSET ?", \
		    "UPDATE " table " SET data = ?2 WHERE id = (SELECT id"     \
		    " FROM " table " ORDER BY id LIMIT 1 OFFSET ?1)"           \
	}

/* The table's key in one row; all have the data as their last column. */
static const struct {
	const char *count, *get, *set;
} tables[] = {
    {"SELECT count(*) FROM hot",
	"SELECT data FROM hot ORDER BY lane, at, cohort LIMIT 1 OFFSET ?",
	"UPDATE hot SET data = ?2 WHERE (lane, at, cohort) ="
	" (SELECT lane, at, cohort FROM hot"
	" ORDER BY lane, at, cohort LIMIT 1 OFFSET ?1)"},
    CHUNKS("chunk_hour"),
    CHUNKS("chunk_raw"),
    CHUNKS("chunk_m5"),
    CHUNKS("chunk_h1"),
    CHUNKS("chunk_d1"),
};
#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

static struct db *open_db(void)
{
	struct err e = {0};
	struct db *db;

	rig_ok(db_open(&db, rig_path, DB_WRITE, &e));
	return db;
}

static struct blob get_blob(size_t table, int64_t row)
{
	struct db *db = open_db();
	struct err e = {0};
	struct db_stmt *s = db_stmt(db, tables[table].get, &e);
	struct blob b = {.row = row};

	assert_non_null(s);
	db_bind_int(s, 1, row);
	assert_int_equal(db_step(s, &e), 1);
	b.n = db_blob(s, 0).n;
	b.p = arena_copy(rig_arena, db_blob(s, 0).p, b.n);
	db_close(db);
	return b;
}

static void set_blob(size_t table, const struct blob *b)
{
	struct db *db = open_db();
	struct err e = {0};
	struct db_stmt *s = db_stmt(db, tables[table].set, &e);

	assert_non_null(s);
	db_bind_int(s, 1, b->row);
	db_bind_blob(s, 2, (struct span){b->p, b->n});
	rig_ok(db_run(s, &e));
	assert_int_equal(db_changes(db), 1);
	db_close(db);
}

static struct seen look_again(size_t *n_damages)
{
	struct store *st = rig_open();
	struct seen s = look(st);
	struct series *series;
	struct damage *d;

	/* Through the rollups as well. */
	rig_series(st, "*", START, START + 3 * DAY, 48, &series);
	rig_series(st, "*", START, START + 3 * DAY, 4, &series);
	*n_damages = damages(st, &d);
	store_close(st);
	return s;
}

/* The bytes that the store keeps as bytes, a bit at a time. */
static void a_flipped_bit_is_never_a_value(void **state)
{
	size_t n;

	(void)state;
	fill();
	assert_int_equal(look_again(&n).n, ALL);
	assert_int_equal(n, 0);
	for (size_t i = 0; i < 240; i++) {
		size_t table = i % N_TABLES, bit;
		int64_t rows = rig_ask(tables[table].count);
		struct blob b;

		if (rows == 0)
			continue;
		b = get_blob(table, (int64_t)roll((uint64_t)rows));
		bit = roll(8 * b.n);
		b.p[bit / 8] ^= (char)(1 << bit % 8);
		set_blob(table, &b);
		look_again(&n);
		/* A row that only waits to be swept is not read. */
		assert_true(n == 1 || table == 0);
		b.p[bit / 8] ^= (char)(1 << bit % 8);
		set_blob(table, &b);
	}
	assert_int_equal(look_again(&n).n, ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(a_damaged_chunk_is_a_gap_that_is_told),
	    RIG_TEST(rollups_outlive_damaged_samples),
	    RIG_TEST(a_flipped_bit_is_never_a_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
