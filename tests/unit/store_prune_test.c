/* What is old goes, a bit at a time; what is the only one of its kind stays. */
#include "store_rig.h"

#define DAY 86400

static void prune(struct store *st, struct keep keep, int64_t now)
{
	struct err e = {0};

	rig_ok(store_prune(st, &keep, now, &e));
}

static void samples_go_by_their_age(void **state)
{
	struct store *st = rig_open();
	struct series s;

	(void)state;
	for (int i = 0; i < 200; i++)
		rig_sample(st, T0 + 60 * i, i);
	prune(st, (struct keep){0}, T0 + 400 * DAY);
	assert_int_equal(rig_ask("SELECT count(*) FROM sample"), 200);
	prune(st, (struct keep){.samples = 3600}, T0 + 60 * 199);
	s = rig_one(st, "s/m", 0, T0 + DAY, 1000);
	assert_int_equal(s.n, 61);
	assert_int_equal(s.points[0].ts, T0 + 60 * 139);
	assert_true(s.last == 199);
	assert_int_equal(rig_ask("SELECT count(*) FROM sample"), 61);
	store_close(st);
}

static void a_series_goes_with_its_last_sample(void **state)
{
	struct store *st = rig_open();
	struct series *series;

	(void)state;
	rig_sample(st, T0, 1);
	rig_counter(st, T0, 5); /* no sample yet, but a raw value */
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 2);
	prune(st, (struct keep){.samples = DAY}, T0 + DAY);
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 2);
	rig_counter(st, T0 + DAY, 5);
	prune(st, (struct keep){.samples = DAY}, T0 + DAY + 1);
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 1);
	assert_string_equal(series[0].name, "s/c");
	assert_int_equal(rig_ask("SELECT count(*) FROM latest"), 1);
	/* One that comes back starts anew. */
	rig_sample(st, T0 + DAY + 60, 2);
	assert_int_equal(rig_one(st, "s/m", 0, T0 + 2 * DAY, 10).n, 1);
	store_close(st);
}

/* 30 runs of 1,000 series, in fewer deliveries than rows. */
static void fill(struct store *st)
{
	struct readings *r = rig_readings();

	for (int i = 0; i < 1000; i++)
		readings_sample(r, arena_printf(rig_arena, "m%d", i), 1.5, "");
	for (int i = 0; i < 30; i++)
		rig_deliver(st, "big", T0 + 60 * i, r);
}

static void a_call_is_bounded_and_calls_add_up(void **state)
{
	struct keep keep = {.samples = DAY};
	struct store *st = rig_open();
	struct series *series;
	int64_t pages;

	(void)state;
	fill(st);
	store_close(st);
	pages = rig_ask("PRAGMA page_count");
	st = rig_open();
	prune(st, keep, T0 + 10 * DAY);
	assert_int_equal(rig_ask("SELECT count(*) FROM sample"), 10000);
	/* Their ids are not free while samples bear them. */
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 1000);
	prune(st, keep, T0 + 10 * DAY);
	assert_int_equal(rig_ask("SELECT count(*) FROM sample"), 0);
	assert_int_equal(rig_series(st, "*", 0, T0, 0, &series), 0);
	assert_int_equal(rig_ask("SELECT count(*) FROM latest"), 0);
	prune(st, keep, T0 + 10 * DAY);
	store_close(st);
	assert_true(rig_ask("PRAGMA page_count") * 4 < pages);
	rig_assert_whole();
}

static void it_keeps_up_with_what_came_in(void **state)
{
	struct store *st = rig_open();

	(void)state;
	fill(st);
	prune(st, (struct keep){.samples = DAY}, T0 + 10 * DAY);
	assert_int_equal(rig_ask("SELECT count(*) FROM sample"), 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(samples_go_by_their_age),
	    RIG_TEST(a_series_goes_with_its_last_sample),
	    RIG_TEST(a_call_is_bounded_and_calls_add_up),
	    RIG_TEST(it_keeps_up_with_what_came_in),
	    RIG_TEST(lines_and_their_gaps),
	    RIG_TEST(the_newest_table_stays),
	    RIG_TEST(the_ledger_keeps_what_is_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
