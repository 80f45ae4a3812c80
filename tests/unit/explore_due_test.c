/* What of the explorer's data is due, and how much it is. */
#include <dirent.h>

#include "base/file.h"
#include "output/explore.h"
#include "run/explore.h"
#include "store_rig.h"

#define HOUR INT64_C(3600)
#define DAY  (24 * HOUR)

static struct plan plan;

static int setup(void **state)
{
	int rc = rig_setup(state);

	plan = (struct plan){.every = 60};
	plan.common.output = arena_printf(rig_arena, "%s/out", rig_dir);
	return rc;
}

/* One run: what is due is put. */
static struct explorer run(struct store *st, int64_t now)
{
	struct arena *a = arena_new();
	struct explorer x;
	struct stage *stage;
	struct err e = {0};

	rig_ok(explore_gather(&plan, st, now, a, &x, &e));
	rig_ok(stage_open(&stage, plan.common.output, &e));
	rig_ok(explore_put(&x, stage, &e));
	rig_ok(stage_commit(stage, &e));
	rig_ok(explore_sweep(&x, stage, &e));
	stage_close(stage);
	arena_free(a);
	x.series = NULL;
	return x;
}

static const char *path_of(const char *name, const char *end)
{
	char id[EXPLORE_ID];

	explore_id(name, id);
	return arena_printf(rig_arena, "%s/%s/%s%s", plan.common.output,
	    EXPLORE_FOLDER, id, end);
}

static int64_t dated(const char *name, const char *end)
{
	struct stat st;

	return stat(path_of(name, end), &st) == 0 ? st.st_mtime : 0;
}

static const char *content(const char *name, const char *end)
{
	struct err e = {0};
	struct span s;

	rig_ok(file_read(rig_arena, path_of(name, end), 1 << 24, &s, &e));
	return s.p;
}

static size_t count_files(const char *end)
{
	DIR *d = opendir(arena_printf(
	    rig_arena, "%s/%s", plan.common.output, EXPLORE_FOLDER));
	struct dirent *f;
	size_t n = 0;

	assert_non_null(d);
	while ((f = readdir(d)) != NULL) {
		size_t len = strlen(f->d_name), tail = strlen(end);

		n += len > tail && strcmp(f->d_name + len - tail, end) == 0;
	}
	closedir(d);
	return n;
}

static const char *metric(size_t i)
{
	return arena_printf(rig_arena, "m%zu", i);
}

static void deliver_many(struct store *st, size_t n, int64_t now)
{
	struct readings *r = rig_readings();

	for (size_t i = 0; i < n; i++)
		readings_sample(r, metric(i), (double)i, UNIT_PERCENT);
	rig_deliver(st, "s", now, r);
}

static void what_is_missing_or_of_the_future_is_due(void **state)
{
	(void)state;
	assert_true(explore_due("s/m", HOUR, 0, T0));
	assert_true(explore_due("s/m", HOUR, T0 + 1, T0));
	assert_false(explore_due("s/m", HOUR, T0, T0));
	assert_true(explore_due("s/m", HOUR, T0 - HOUR, T0));
}

static void each_name_has_one_turn_in_a_period(void **state)
{
	static const char *const names[] = {"s/m", "a/cpu", "a/disk", ""};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		int64_t written = T0, turns = 0;

		for (int64_t now = T0 + 60; now <= T0 + 24 * HOUR; now += 60) {
			if (!explore_due(names[i], HOUR, written, now))
				continue;
			written = now;
			turns++;
		}
		assert_int_equal(turns, 24);
	}
}

static void turns_are_spread_over_the_hour(void **state)
{
	size_t most = 0;

	(void)state;
	for (int64_t now = T0; now < T0 + HOUR; now += 60) {
		size_t n = 0;

		for (size_t i = 0; i < 6000; i++)
			n += explore_due(
			    arena_printf(rig_arena, "host%zu/cpu", i), HOUR,
			    now - 60, now);
		most = n > most ? n : most;
	}
	assert_in_range(most, 100, 150);
}

static void an_hour_rewrites_each_series_once(void **state)
{
	struct store *st = rig_open();
	int64_t before[40], now = T0;

	(void)state;
	deliver_many(st, 40, now);
	assert_false(run(st, now).left);
	for (size_t i = 0; i < 40; i++)
		before[i] = T0;
	for (now = T0 + 60; now < T0 + HOUR; now += 60) {
		size_t n = 0;

		deliver_many(st, 40, now);
		run(st, now);
		for (size_t i = 0; i < 40; i++) {
			int64_t at = dated(
			    arena_printf(rig_arena, "s/m%zu", i), "-day.js");

			if (at == before[i])
				continue;
			assert_int_equal(at, now);
			assert_int_equal(before[i], T0);
			before[i] = at;
			n++;
		}
		assert_in_range(n, 0, 10);
		assert_int_equal(dated("s", "-now.js"), now);
	}
	run(st, now);
	for (size_t i = 0; i < 40; i++) {
		const char *name = arena_printf(rig_arena, "s/m%zu", i);

		assert_int_not_equal(dated(name, "-day.js"), T0);
		assert_in_range(dated(name, "-all.js"), T0, now);
	}
	store_close(st);
}

static void many_new_ones_take_some_runs(void **state)
{
	struct store *st = rig_open();

	(void)state;
	deliver_many(st, 150, T0);
	assert_true(run(st, T0).left);
	assert_int_equal(count_files("-day.js"), 64);
	assert_true(run(st, T0 + 1).left);
	assert_int_equal(count_files("-day.js"), 128);
	assert_false(run(st, T0 + 2).left);
	assert_int_equal(count_files("-day.js"), 150);
	assert_int_equal(count_files(".csv"), 150);
	store_close(st);
}

/* Of a series: the differences after "t":[. */
static size_t points_of(const char *text)
{
	const char *p = strstr(text, "\"t\":["), *end;
	size_t n = 1;

	assert_non_null(p);
	end = strchr(p, ']');
	if (end == p + 5)
		return 0;
	for (; p < end; p++)
		n += *p == ',';
	return n;
}

static void ten_years_stay_bounded(void **state)
{
	static const char *const ends[] = {
	    "-day.js", "-month.js", "-all.js", ".csv", NULL};
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	int64_t now = T0;
	size_t size = 0;

	(void)state;
	for (int64_t ts = now - 3650 * DAY; ts <= now; ts += HOUR) {
		struct sample *s = readings_sample(
		    r, "m", (double)(ts % 86399) / 7, UNIT_PERCENT);

		s->ts = ts;
	}
	rig_deliver(st, "s", now, r);
	run(st, now);
	for (size_t i = 0; ends[i] != NULL; i++)
		size += strlen(content("s/m", ends[i]));
	assert_in_range(size, 10000, 200 * 1024);
	assert_in_range(points_of(content("s/m", "-all.js")), 500, 1500);
	assert_int_equal(points_of(content("s/m", "-month.js")), 32 * 24);
	assert_in_range(points_of(content("s/m", "-day.js")), 25, 26);
	assert_non_null(strstr(content("s/m", "-all.js"), "\"step\":432000"));
	store_close(st);
}

static void a_fast_source_stays_bounded(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();

	(void)state;
	for (int64_t ts = T0 - 30 * HOUR; ts <= T0; ts += 10)
		readings_sample(r, "m", (double)(ts % 97), UNIT_PERCENT)->ts =
		    ts;
	rig_deliver(st, "s", T0, r);
	run(st, T0);
	assert_in_range(
	    points_of(content("s/m", "-day.js")), 500, EXPLORE_POINTS);
	assert_in_range(points_of(content("s", "-now.js")), 60, 150);
	store_close(st);
}

static void a_pattern_for_a_name_is_only_that(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();

	(void)state;
	readings_sample(r, "m*", 1, UNIT_PERCENT);
	readings_sample(r, "mm", 2, UNIT_PERCENT);
	readings_sample(r, "m[\\?]", 3, UNIT_PERCENT);
	rig_deliver(st, "s", T0, r);
	run(st, T0 + 1);
	assert_non_null(strstr(content("s/m*", "-day.js"), "\"mean\":[1]"));
	assert_non_null(strstr(content("s/mm", "-day.js"), "\"mean\":[2]"));
	assert_non_null(strstr(content("s/m[\\?]", "-day.js"), "\"mean\":[3]"));
	store_close(st);
}

static void what_has_gone_is_removed(void **state)
{
	struct store *st = rig_open();
	struct keep keep = {.raw = 3600, .m5 = 3600, .h1 = 3600, .d1 = 3600};
	struct err e = {0};
	int64_t late = T0 + 3 * DAY;

	(void)state;
	deliver_many(st, 2, T0);
	run(st, T0);
	deliver_many(st, 1, late);
	for (int i = 0; i < 50; i++)
		rig_ok(store_tend(st, &keep, late, &e));
	while (late % HOUR != 0)
		late++;
	run(st, late);
	assert_int_equal(count_files("-day.js"), 1);
	assert_int_equal(dated("s/m0", "-day.js"), late);
	store_close(st);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_missing_or_of_the_future_is_due),
	    TEST(each_name_has_one_turn_in_a_period),
	    TEST(turns_are_spread_over_the_hour),
	    TEST(an_hour_rewrites_each_series_once),
	    TEST(many_new_ones_take_some_runs),
	    TEST(ten_years_stay_bounded),
	    TEST(a_fast_source_stays_bounded),
	    TEST(a_pattern_for_a_name_is_only_that),
	    TEST(what_has_gone_is_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
