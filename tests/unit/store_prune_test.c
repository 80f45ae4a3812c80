/* What is old goes, a bit at a time; what is the only one of its kind stays. */
#include "store_rig.h"

#define DAY 86400

static void prune(struct store *st, struct keep keep, int64_t now)
{
	struct err e = {0};

	rig_ok(store_tend(st, &keep, now, &e));
}

/* Minutes from start on, tended now and then as runs do. */
static void fill_days(struct store *st, int64_t start, int days)
{
	for (int i = 0; i < days * 1440; i++) {
		rig_sample(st, start + 60 * i, i % 100);
		if (i % 30 == 29)
			prune(st, (struct keep){0}, start + 60 * i);
	}
	for (int i = 0; i < 3; i++)
		prune(st, (struct keep){0}, start + (days + 1) * DAY + i);
}

static int64_t first_time(struct store *st, int64_t from, size_t max)
{
	struct series s = rig_one(st, "s/m", from, T0 + DAY, max);

	return s.n == 0 ? 0 : s.points[0].ts;
}

static void each_tier_goes_by_its_age(void **state)
{
	struct store *st = rig_open();
	int64_t start = T0 - T0 % DAY - 8 * DAY, now = start + 8 * DAY;
	struct keep keep = {.raw = DAY, .m5 = 3 * DAY, .h1 = 5 * DAY};
	struct reach reach;
	struct err e = {0};
	struct series s;

	(void)state;
	fill_days(st, start, 8);
	s = rig_one(st, "s/m", start, now, 20000);
	assert_int_equal(s.n, 8 * 1440);
	prune(st, keep, now);
	rig_ok(store_reach(st, &reach, &e));
	assert_int_equal(reach.raw, now - DAY);
	assert_int_equal(reach.m5, now - 3 * DAY);
	assert_true(reach.h1 <= start && reach.d1 <= start);
	/* What is asked for finer than it is kept comes coarser. */
	assert_int_equal(
	    rig_one(st, "s/m", now - 3 * DAY, now, 9000).step, 300);
	assert_int_equal(first_time(st, now - 3 * DAY, 9000), now - 3 * DAY);
	s = rig_one(st, "s/m", start, now - 4 * DAY, 9000);
	assert_int_equal(s.step, 3600);
	assert_int_equal(s.points[0].ts, start);
	assert_true(s.points[0].min == 0 && s.points[0].max == 59);
	assert_true(s.points[0].mean == 29.5);
	/* The newest value of a time whose samples are gone. */
	s = rig_one(st, "s/m", 0, start + 7205, 0);
	assert_int_equal(s.last_ts, start + 7200);
	store_close(st);
	rig_assert_whole();
}

/* A clock that is a year ahead for an hour, and a year that did pass. */
static void a_leap_ahead_costs_nothing(void **state)
{
	static const int64_t year = 365 * DAY;
	struct keep keep = {.raw = 4 * DAY,
	    .m5 = 4 * DAY,
	    .h1 = 4 * DAY,
	    .d1 = 4 * DAY,
	    .lines = 4 * DAY};
	struct store *st = rig_open();
	struct err e = {0};

	(void)state;
	fill_days(st, T0 - 2 * DAY, 2);
	for (int64_t now = T0 - 2 * DAY; now <= T0; now += 3600)
		rig_ok(store_run_begin(st, now, &e));
	for (int64_t now = T0 + year; now < T0 + year + 3600; now += 300) {
		rig_ok(store_run_begin(st, now, &e));
		prune(st, keep, now);
	}
	assert_int_equal(rig_sum().n, 2 * 1440);
	for (int64_t now = T0 + year; now <= T0 + year + DAY; now += 3600) {
		rig_ok(store_run_begin(st, now, &e));
		prune(st, keep, now);
	}
	assert_int_equal(rig_sum().n, 0);
	store_close(st);
}

static void a_rare_series_keeps_its_samples(void **state)
{
	struct store *st = rig_open();
	struct keep keep = {.raw = DAY, .m5 = DAY, .h1 = 90 * DAY};
	int64_t start = T0 - T0 % DAY;

	(void)state;
	for (int i = 0; i < 80; i++) {
		struct readings *r = rig_readings();
		struct delivery d = rig_delivery("s", start + 10800 * i, r);
		struct err e = {0};

		d.every = 10800;
		readings_sample(r, "m", i, "kg");
		rig_ok(store_deliver(st, &d, 1, &e));
		prune(st, keep, d.now);
	}
	prune(st, keep, start + 60 * DAY);
	assert_int_equal(
	    rig_one(st, "s/m", start, start + 60 * DAY, 100).n, 80);
	/* All of it is one or two chunks and one of days. */
	assert_true(rig_ask("SELECT count(*) FROM " RIG_CHUNKS) <= 4);
	prune(st, keep, start + 130 * DAY);
	assert_int_equal(
	    rig_one(st, "s/m", start, start + 60 * DAY, 100).step, DAY);
	store_close(st);
}

static void a_series_goes_with_its_last_sample(void **state)
{
	struct keep keep = {.raw = DAY, .m5 = DAY, .h1 = DAY, .d1 = 2 * DAY};
	struct store *st = rig_open();
	struct series *series;

	(void)state;
	rig_sample(st, T0, 1);
	rig_counter(st, T0, 5); /* no sample yet, but a raw value */
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 2);
	prune(st, keep, T0 + DAY);
	prune(st, keep, T0 + 2 * DAY - 7200);
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 2);
	for (int i = 0; i < 4; i++)
		prune(st, keep, T0 + 2 * DAY + 7200 + i);
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 0);
	assert_int_equal(rig_ask("SELECT count(*) FROM " RIG_CHUNKS), 0);
	/* One that is silent for long and comes back in time stays. */
	rig_sample(st, T0 + 2 * DAY, 3);
	prune(st, keep, T0 + 2 * DAY + 10800);
	rig_sample(st, T0 + 20 * DAY, 4);
	prune(st, keep, T0 + 20 * DAY);
	assert_true(rig_one(st, "s/m", 0, T0 + 21 * DAY, 10).last == 4);
	for (int i = 0; i < 4; i++)
		prune(st, keep, T0 + 23 * DAY + i);
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 0);
	/* One that comes back starts anew. */
	rig_sample(st, T0 + 24 * DAY, 2);
	assert_int_equal(rig_one(st, "s/m", 0, T0 + 25 * DAY, 10).n, 1);
	store_close(st);
}

static void a_large_store_forgets_its_oldest_samples(void **state)
{
	struct keep keep = {.max_size = 1};
	struct store *st = rig_open();
	int64_t start = T0 - T0 % DAY - 8 * DAY, now = start + 8 * DAY;
	struct series s;

	(void)state;
	fill_days(st, start, 8);
	prune(st, keep, now);
	s = rig_one(st, "s/m", start + 3 * DAY, now, 20000);
	assert_int_equal(s.step, 300);
	for (int i = 0; i < 20; i++)
		prune(st, keep, now);
	/* The newest day stays whole. */
	s = rig_one(st, "s/m", now - DAY, now, 20000);
	assert_int_equal(s.n, 1440);
	assert_int_equal(s.step, 0);
	s = rig_one(st, "s/m", start, now - DAY - 1, 20000);
	assert_int_equal(s.step, 3600);
	assert_int_equal(s.n, 7 * 24);
	store_close(st);
}

/* 30 runs of 2,000 series, and the day after. */
static void fill(struct store *st)
{
	struct readings *r = rig_readings();

	for (int i = 0; i < 2000; i++)
		readings_sample(r, arena_printf(rig_arena, "m%d", i), 1.5, "");
	for (int i = 0; i < 30; i++)
		rig_deliver(st, "big", T0 + 60 * i, r);
	for (int i = 0; i < 100; i++)
		prune(st, (struct keep){0}, T0 + 2 * DAY + i);
}

static void what_is_removed_gives_its_space_back(void **state)
{
	struct keep keep = {.raw = DAY, .m5 = DAY, .h1 = DAY, .d1 = DAY};
	struct store *st = rig_open();
	struct series *series;
	int64_t pages, empty = rig_ask("PRAGMA page_count");

	(void)state;
	fill(st);
	store_close(st);
	pages = rig_ask("PRAGMA page_count");
	st = rig_open();
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 2000);
	for (int i = 0; i < 4; i++)
		prune(st, keep, T0 + 1000 * DAY);
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 0);
	assert_int_equal(rig_ask("SELECT count(*) FROM " RIG_CHUNKS), 0);
	store_close(st);
	assert_true((rig_ask("PRAGMA page_count") - empty) * 2 < pages - empty);
	rig_assert_whole();
}

/* 30,000 chunks are more than one call removes. */
static void a_call_is_bounded_and_calls_add_up(void **state)
{
	struct store *st = rig_open();
	struct err e = {0};
	struct db *db;

	(void)state;
	store_close(st);
	rig_ok(db_open(&db, rig_path, DB_WRITE, &e));
	rig_ok(db_exec(db,
	    "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 29999) INSERT INTO chunk_raw SELECT (i / 4 << 34) + i "
	    "% 4,"
	    " x'00' FROM n",
	    &e));
	db_close(db);
	st = rig_open();
	prune(st, (struct keep){.raw = DAY}, T0);
	assert_int_equal(rig_ask("SELECT count(*) FROM " RIG_CHUNKS), 10000);
	prune(st, (struct keep){.raw = DAY}, T0);
	assert_int_equal(rig_ask("SELECT count(*) FROM " RIG_CHUNKS), 0);
	store_close(st);
}

static void lines_and_their_gaps(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();

	(void)state;
	assert_true(readings_line(r, 0, "text", 4));
	r->lines_left_out = 1;
	for (int i = 0; i < 10; i++)
		rig_deliver(st, "log", T0 + 60 * i, r);
	prune(st, (struct keep){.lines = 300}, T0 + 540);
	store_close(st);
	assert_int_equal(rig_ask("SELECT count(*) FROM line"), 6);
	assert_int_equal(rig_ask("SELECT count(*) FROM line_gap"), 6);
	assert_int_equal(rig_ask("SELECT min(ts) FROM line"), T0 + 240);
}

static void deliver_table(struct store *st, const char *name, int64_t now)
{
	struct readings *r = rig_readings();
	struct table *t = readings_table(r, name, 1);
	char *cell = arena_printf(rig_arena, "%lld", (long long)now);

	table_column(r, t, 0, "now", "");
	table_cell(r, table_row(r, t), 0, cell, strlen(cell));
	rig_deliver(st, "s", now, r);
}

static void the_newest_table_stays(void **state)
{
	struct store *st = rig_open();

	(void)state;
	deliver_table(st, "rare", T0);
	for (int i = 1; i < 10; i++)
		deliver_table(st, "often", T0 + 60 * i);
	prune(st, (struct keep){.tables = 120}, T0 + 540);
	assert_int_equal(rig_ask("SELECT count(*) FROM snapshot"), 4);
	prune(st, (struct keep){.tables = 120}, T0 + 10 * DAY);
	assert_int_equal(rig_ask("SELECT count(*) FROM snapshot"), 2);
	assert_int_equal(rig_ask("SELECT sum(ts) FROM snapshot"), 2 * T0 + 540);
	store_close(st);
}

static void the_ledger_keeps_what_is_current(void **state)
{
	struct store *st = rig_open();
	struct source_status *sources;
	struct err e = {0};
	struct run_history runs;
	size_t n;

	(void)state;
	for (int i = 0; i < 10; i++) {
		int64_t now = T0 + 60 * i;

		rig_ok(store_run_begin(st, now, &e));
		rig_fail(st, "bad", now,
		    i % 2 == 0 ? OUTCOME_DNS : OUTCOME_TIMEOUT, "m");
		rig_deliver(st, "good", now, rig_readings());
	}
	prune(st, (struct keep){.ledger = 120}, T0 + 540);
	assert_int_equal(rig_ask("SELECT count(*) FROM spell"), 3 + 1);
	prune(st, (struct keep){.ledger = 120}, T0 + 10 * DAY);
	assert_int_equal(rig_ask("SELECT count(*) FROM spell"), 2);
	rig_ok(store_status(st, rig_arena, &sources, &n, &e));
	assert_int_equal(n, 2);
	rig_ok(store_history(st, T0 + 86400, &runs, &e));
	assert_int_equal(runs.first, T0);
	assert_int_equal(rig_ask("SELECT count(*) FROM run"), 1);
	store_close(st);
}

static void what_came_with_an_old_time_is_the_oldest(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct err e = {0};
	struct reach reach;
	int64_t oldest;

	(void)state;
	rig_sample(st, T0, 1);
	rig_ok(store_oldest(st, &oldest, &e));
	assert_int_equal(oldest, 0);
	readings_sample(r, "m", 2, UNIT_PERCENT)->ts = T0 - 100 * DAY;
	readings_sample(r, "m", 3, UNIT_PERCENT)->ts = T0 - 50 * DAY;
	rig_deliver(st, "s", T0 + 60, r);
	rig_ok(store_oldest(st, &oldest, &e));
	assert_int_equal(oldest, T0 - 100 * DAY);
	/* And is said, though no day was closed yet. */
	rig_ok(store_reach(st, &reach, &e));
	assert_int_equal(reach.raw, T0 - 100 * DAY);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(each_tier_goes_by_its_age),
	    RIG_TEST(a_leap_ahead_costs_nothing),
	    RIG_TEST(a_rare_series_keeps_its_samples),
	    RIG_TEST(a_series_goes_with_its_last_sample),
	    RIG_TEST(a_large_store_forgets_its_oldest_samples),
	    RIG_TEST(what_is_removed_gives_its_space_back),
	    RIG_TEST(a_call_is_bounded_and_calls_add_up),
	    RIG_TEST(lines_and_their_gaps),
	    RIG_TEST(what_came_with_an_old_time_is_the_oldest),
	    RIG_TEST(the_newest_table_stays),
	    RIG_TEST(the_ledger_keeps_what_is_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
