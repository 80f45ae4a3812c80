/* Samples of records go with what was edited, moved or is gone. */
#include "store_rig.h"

#define DAY INT64_C(86400)

/* A record with its weight, which is a series; kg NAN: it has none. */
static void weigh(struct readings *r, const char *key, int64_t ts, double kg)
{
	struct record *rec = readings_record(r, key, 1);
	char text[32];

	snprintf(text, sizeof(text), "%g", kg);
	rec->ts = ts;
	record_field(r, rec, 0, "weight", isnan(kg) ? NULL : text, true);
	if (!isnan(kg))
		readings_sample(r, "weight", kg, "kg")->ts = ts;
}

static void deliver(
    struct store *st, int64_t now, const char *key, int64_t ts, double kg)
{
	struct readings *r = rig_readings();

	weigh(r, key, ts, kg);
	rig_deliver(st, "scale", now, r);
}

/* Runs until all is closed; nothing new comes. */
static void tend(struct store *st, int64_t from, int64_t to)
{
	struct keep keep = {0};
	struct err e = {0};

	for (int64_t now = from; now <= to; now += 3600) {
		rig_ok(store_run_begin(st, now, &e));
		rig_ok(store_tend(st, &keep, now, &e));
		rig_ok(store_run_end(st, now, 1, &e));
	}
}

static void assert_points(
    struct store *st, size_t max, size_t n, const int64_t *ts, const double *kg)
{
	struct series s = rig_one(st, "scale/weight", 0, T0 + 40 * DAY, max);

	assert_int_equal(s.n, n);
	for (size_t i = 0; i < n; i++) {
		if (s.step == 0)
			assert_int_equal(s.points[i].ts, ts[i]);
		assert_float_equal(s.points[i].mean, kg[i], 1e-9);
	}
	s = rig_one(st, "scale/weight", 0, T0 + 40 * DAY, 0);
	assert_int_equal(s.last_ts, n > 0 ? ts[n - 1] : 0);
	if (n > 0)
		assert_float_equal(s.last, kg[n - 1], 1e-9);
}

static const int64_t was[] = {T0 - 5 * DAY, T0 - 3 * DAY, T0 - DAY};
static const double kgs[] = {80, 81, 82};

/* Three weighings, in chunks if they are to be. */
static struct store *three(bool closed)
{
	struct store *st = rig_open();

	deliver(st, T0, "a", was[0], 80);
	deliver(st, T0, "b", was[1], 81);
	deliver(st, T0, "c", was[2], 82);
	if (closed)
		tend(st, T0, T0 + 4 * DAY);
	assert_points(st, 100, 3, was, kgs);
	return st;
}

/* The change comes, is seen at once, and also when it is in chunks. */
static void then(struct store *st, bool closed, const char *key, int64_t ts,
    double kg, size_t n, const int64_t *times, const double *values)
{
	int64_t now = closed ? T0 + 5 * DAY : T0 + 60;

	deliver(st, now, key, ts, kg);
	assert_points(st, 100, n, times, values);
	tend(st, now, now + 4 * DAY);
	assert_points(st, 100, n, times, values);
	assert_int_equal(rig_sum().n, n);
	store_close(st);
}

static void moved(bool closed)
{
	static const int64_t times[] = {T0 - 5 * DAY, T0 - 2 * DAY, T0 - DAY};

	then(three(closed), closed, "b", times[1], 81, 3, times, kgs);
}

static void one_that_moved_in_time(void **state)
{
	(void)state;
	moved(false);
}

static void one_that_moved_in_time_and_was_in_chunks(void **state)
{
	(void)state;
	moved(true);
}

static void the_newest_moved_back(void **state)
{
	static const int64_t times[] = {
	    T0 - 5 * DAY, T0 - 4 * DAY, T0 - 3 * DAY};
	static const double values[] = {80, 82, 81};

	(void)state;
	then(three(true), true, "c", times[1], 82, 3, times, values);
}

static void one_whose_number_went(void **state)
{
	(void)state;
	then(three(true), true, "c", was[2], NAN, 2, was, kgs);
}

static void another_of_the_same_time_stays(void **state)
{
	static const int64_t times[] = {
	    T0 - 5 * DAY, T0 - 3 * DAY, T0 - 2 * DAY, T0 - DAY};
	static const double values[] = {80, 81, 81, 82};
	struct store *st = three(false);

	(void)state;
	deliver(st, T0, "twin", was[1], 81);
	then(st, false, "b", times[2], 81, 4, times, values);
}

static void those_that_are_no_longer_listed(void **state)
{
	struct store *st = three(true);
	struct readings *r = rig_readings();
	struct delivery d = rig_delivery("scale", T0 + 5 * DAY, r);
	struct err e = {0};

	(void)state;
	weigh(r, "a", was[0], 80);
	weigh(r, "b", was[1], 81);
	d.whole = true;
	rig_ok(store_deliver(st, &d, 1, &e));
	assert_points(st, 100, 2, was, kgs);
	store_close(st);
}

/* Daily cells tell of it, before and after its day is closed anew. */
static void the_rollups_know_it_too(void **state)
{
	struct store *st = rig_open();
	static const double daily[] = {80, 80, 80};
	struct series s;

	(void)state;
	for (int i = 0; i < 60; i++) {
		char key[16];

		snprintf(key, sizeof(key), "k%d", i);
		deliver(st, T0, key, T0 - (i / 20 + 1) * DAY + i * 60,
		    i == 5 ? 400 : 80);
	}
	tend(st, T0, T0 + 4 * DAY);
	s = rig_one(st, "scale/weight", T0 - 30 * DAY, T0, 20);
	assert_true(s.step > 0 && s.points[s.n - 1].mean > 85);
	deliver(st, T0 + 5 * DAY, "k5", T0 - 3 * DAY, 80);
	for (int closed = 0; closed < 2; closed++) {
		s = rig_one(st, "scale/weight", T0 - 30 * DAY, T0, 20);
		for (size_t i = 0; i < s.n; i++)
			assert_float_equal(s.points[i].mean, daily[0], 1e-9);
		tend(st, T0 + 5 * DAY, T0 + 9 * DAY);
	}
	assert_int_equal(rig_sum().n, 60);
	store_close(st);
}

/* A thing whose state is told anew at each run: its past stays. */
static void a_record_without_a_time(void **state)
{
	struct store *st = rig_open();
	struct readings *r;

	(void)state;
	for (int i = 0; i < 3; i++) {
		r = rig_readings();
		weigh(r, "a", 0, 80 + i);
		rig_deliver(st, "scale", T0 + 60 * i, r);
	}
	assert_int_equal(rig_one(st, "scale/weight", T0, T0 + 600, 100).n, 3);
	store_close(st);
}

static void a_key_takes_the_place_of_a_time(void **state)
{
	struct store *st = rig_open();
	char key[32];

	(void)state;
	snprintf(key, sizeof(key), "%lld", (long long)was[0]);
	deliver(st, T0, key, was[0], 80);
	deliver(st, T0 + 60, "4100001", was[0], 80);
	deliver(st, T0 + 120, "4100002", was[1], 81);
	assert_int_equal(rig_ask("SELECT count(*) FROM record"), 2);
	assert_int_equal(
	    rig_ask("SELECT count(*) FROM record WHERE key = '4100001'"), 1);
	assert_points(st, 100, 2, was, kgs);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(one_that_moved_in_time),
	    RIG_TEST(one_that_moved_in_time_and_was_in_chunks),
	    RIG_TEST(the_newest_moved_back),
	    RIG_TEST(one_whose_number_went),
	    RIG_TEST(another_of_the_same_time_stays),
	    RIG_TEST(those_that_are_no_longer_listed),
	    RIG_TEST(the_rollups_know_it_too),
	    RIG_TEST(a_record_without_a_time),
	    RIG_TEST(a_key_takes_the_place_of_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
