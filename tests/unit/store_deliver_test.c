/* What is delivered: rates, states, all or nothing, kills and full disks. */
#include "store_rig.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static double rate_at(struct store *st, int64_t ts)
{
	struct series s = rig_one(st, "s/c", ts, ts, 10);

	return s.n == 0 ? NAN : s.points[0].mean;
}

static void counters_become_rates(void **state)
{
	struct store *st = rig_open();

	(void)state;
	rig_counter(st, T0, 1000);
	assert_true(isnan(rate_at(st, T0)));
	assert_true(isnan(rig_one(st, "s/c", T0, T0, 10).last));
	rig_counter(st, T0 + 60, 1600);
	assert_true(rate_at(st, T0 + 60) == 10);
	rig_counter(st, T0 + 120, 1600);
	assert_true(rate_at(st, T0 + 120) == 0);
	rig_counter(st, T0 + 180, 40); /* a reset */
	assert_true(isnan(rate_at(st, T0 + 180)));
	rig_counter(st, T0 + 240, 100);
	assert_true(rate_at(st, T0 + 240) == 1);
	assert_string_equal(rig_one(st, "s/c", T0, T0, 10).unit, "bytes/s");
	store_close(st);
}

static void a_gap_gives_no_rate(void **state)
{
	struct store *st = rig_open();

	(void)state;
	rig_counter(st, T0, 0);
	rig_counter(st, T0 + 180, 180);
	assert_true(rate_at(st, T0 + 180) == 1);
	rig_counter(st, T0 + 361, 1000);
	assert_true(isnan(rate_at(st, T0 + 361)));
	rig_counter(st, T0 + 420, 1059);
	assert_true(rate_at(st, T0 + 420) == 1);
	store_close(st);
}

/* A source of every 60 s, asked by a cron that runs each 10 minutes. */
static void runs_far_apart_are_no_gap(void **state)
{
	struct store *st = rig_open();
	struct err e = {0};

	(void)state;
	for (int i = 0; i < 4; i++)
		rig_ok(store_run_begin(st, T0 + 600 * i, &e));
	rig_counter(st, T0 + 1200, 0);
	rig_counter(st, T0 + 1800, 1200);
	assert_true(rate_at(st, T0 + 1800) == 2);
	rig_ok(store_run_begin(st, T0 + 9000, &e));
	rig_counter(st, T0 + 9000, 9000);
	assert_true(isnan(rate_at(st, T0 + 9000)));
	store_close(st);
}

static void the_same_run_again_replaces(void **state)
{
	struct store *st = rig_open();
	struct series s;

	(void)state;
	rig_sample(st, T0, 1);
	rig_sample(st, T0, 2);
	s = rig_one(st, "s/m", T0, T0 + 60, 10);
	assert_int_equal(s.n, 1);
	assert_true(s.points[0].mean == 2 && s.last == 2);
	rig_counter(st, T0, 0);
	rig_counter(st, T0 + 60, 60);
	rig_counter(st, T0 + 60, 120);
	assert_true(rate_at(st, T0 + 60) == 2);
	rig_counter(st, T0 + 120, 180);
	assert_true(rate_at(st, T0 + 120) == 1);
	store_close(st);
}

static void late_values_take_their_place(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct series s;

	(void)state;
	rig_sample(st, T0, 5);
	readings_sample(r, "m", 4, UNIT_PERCENT)->ts = T0 - 7200;
	readings_sample(r, "c", 100, UNIT_BYTES)->counter = true;
	rig_deliver(st, "s", T0 + 60, r);
	r = rig_readings();
	readings_sample(r, "c", 50, UNIT_BYTES)->counter = true;
	r->samples[0].ts = T0;
	rig_deliver(st, "s", T0 + 120, r);
	s = rig_one(st, "s/m", T0 - 86400, T0 + 600, 10);
	assert_int_equal(s.n, 2);
	assert_true(s.points[0].ts == T0 - 7200 && s.points[0].mean == 4);
	assert_true(s.last == 5 && s.last_ts == T0);
	assert_true(isnan(rate_at(st, T0)));
	rig_counter(st, T0 + 120, 160);
	assert_true(rate_at(st, T0 + 120) == 1);
	store_close(st);
}

static void what_is_not_a_number_is_not_stored(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct series *series;

	(void)state;
	readings_sample(r, "nan", NAN, "");
	readings_sample(r, "inf", INFINITY, "");
	readings_sample(r, "minus", -INFINITY, "")->counter = true;
	readings_sample(r, "past", 1, "")->ts = -5;
	readings_sample(r, "future", 1, "")->ts = T0 + 86401;
	readings_sample(r, "far", 1, "")->ts = INT64_MAX;
	rig_deliver(st, "s", T0, r);
	assert_int_equal(rig_series(st, "*", 0, INT64_MAX, 10, &series), 0);
	store_close(st);
	assert_int_equal(rig_sum().n, 0);
}

static void units_follow_the_decoder(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();

	(void)state;
	readings_sample(r, "n", 1, UNIT_COUNT)->counter = true;
	readings_sample(r, "e", 1, "")->counter = true;
	readings_sample(r, "g", 1, "kg");
	rig_deliver(st, "s", T0, r);
	assert_string_equal(rig_one(st, "s/n", T0, T0, 1).unit, "/s");
	assert_string_equal(rig_one(st, "s/e", T0, T0, 1).unit, "/s");
	assert_string_equal(rig_one(st, "s/g", T0, T0, 1).unit, "kg");
	r = rig_readings();
	readings_sample(r, "g", 1, "lb");
	rig_deliver(st, "s", T0 + 60, r);
	assert_string_equal(rig_one(st, "s/g", T0, T0, 1).unit, "lb");
	store_close(st);
}

static void assert_states(
    struct store *st, const char *fetch, const char *decode)
{
	struct err e = {0};
	struct memory m;

	rig_ok(store_memory(st, rig_arena, "s", &m, &e));
	assert_int_equal(m.fetch_state.n, strlen(fetch));
	assert_memory_equal(m.fetch_state.p, fetch, strlen(fetch));
	assert_int_equal(m.decode_state.n, strlen(decode));
	assert_memory_equal(m.decode_state.p, decode, strlen(decode));
}

static void states_are_of_the_last_run_that_went_well(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct delivery d = rig_delivery("s", T0, r);
	struct err e = {0};

	(void)state;
	assert_states(st, "", "");
	d.fetch_state = (struct span){"etag", 4};
	r->state = (struct span){"inode 7", 7};
	rig_ok(store_deliver(st, &d, 1, &e));
	assert_states(st, "etag", "inode 7");
	d = rig_delivery("s", T0 + 60, NULL);
	d.outcome = OUTCOME_TIMEOUT;
	d.message = "no answer in 10 s";
	d.fetch_state = (struct span){"lost", 4};
	rig_ok(store_deliver(st, &d, 1, &e));
	assert_states(st, "etag", "inode 7");
	rig_deliver(st, "s", T0 + 120, rig_readings());
	assert_states(st, "", "");
	store_close(st);
}

static void all_of_a_batch_or_nothing(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings(), *bad = rig_readings();
	struct delivery d[2];
	struct err e = {0};
	struct series *series;
	char text[256];

	(void)state;
	readings_sample(r, "m", 1, "");
	readings_line(r, T0, "one", 3);
	/* No decoder can do this; a key that is missing is refused late. */
	readings_record(bad, "k", 0)->key = NULL;
	d[0] = rig_delivery("a", T0, r);
	d[1] = rig_delivery("b", T0, bad);
	assert_int_equal(store_deliver(st, d, 2, &e), -1);
	snprintf(text, sizeof(text),
	    "%s: NOT NULL constraint failed: record.key", rig_path);
	assert_string_equal(e.text, text);
	assert_int_equal(rig_series(st, "*", 0, T0, 10, &series), 0);
	assert_int_equal(rig_ask("SELECT (SELECT count(*) FROM source) + "
				 "(SELECT count(*) FROM hot) + "
				 "(SELECT count(*) FROM line) + "
				 "(SELECT count(*) FROM spell)"),
	    0);
	rig_ok(store_deliver(st, d, 1, &e));
	assert_int_equal(rig_series(st, "*", 0, T0, 10, &series), 1);
	d[0].outcome = OUTCOME_NOT_DUE;
	assert_int_equal(store_deliver(st, d, 1, &e), -1);
	assert_string_equal(e.text, "source a: not due, so nothing to store");
	rig_ok(store_deliver(st, NULL, 0, &e));
	store_close(st);
}

static void records_keep_their_types(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct record *rec = readings_record(r, "van-1", 6);

	(void)state;
	record_field(r, rec, 0, "lat", "51.5", true);
	record_field(r, rec, 1, "id", "9007199254740993", true);
	record_field(r, rec, 2, "state", "moving \"fast\"", false);
	record_field(r, rec, 3, "note", NULL, false);
	record_field(r, rec, 4, "plate", "007", false);
	record_field(r, rec, 5, "lie", "abc", true);
	rec->ts = T0 - 30;
	rig_deliver(st, "s", T0, r);
	assert_int_equal(
	    rig_ask("SELECT fields = '{\"lat\":51.5,\"id\":9007199254740993,"
		    "\"state\":\"moving \\\"fast\\\"\",\"note\":null,"
		    "\"plate\":\"007\",\"lie\":\"abc\"}' FROM record"),
	    1);
	assert_int_equal(rig_ask("SELECT ts FROM record"), T0 - 30);
	r = rig_readings();
	rec = readings_record(r, "van-1", 1);
	record_field(r, rec, 0, "state", "parked", false);
	rig_deliver(st, "s", T0 + 60, r);
	store_close(st);
	assert_int_equal(rig_ask("SELECT count(*) FROM record"), 1);
	assert_int_equal(
	    rig_ask("SELECT fields->>'state' = 'parked' FROM record"), 1);
	assert_int_equal(rig_ask("SELECT ts FROM record"), T0 + 60);
}

/*
 * Two sources a run, whose samples, lines and states all say the number of
 * the run, delivered until the kill comes.
 */
static void deliver_for_ever(int64_t first)
{
	struct store *st = rig_open();

	for (int64_t i = first;; i++) {
		struct readings *r = rig_readings();
		struct delivery d[2];
		struct err e = {0};
		char text[32];

		snprintf(text, sizeof(text), "%lld", (long long)i);
		for (int j = 0; j < 20; j++)
			readings_sample(r, arena_printf(rig_arena, "m%d", j),
			    (double)i, "");
		readings_line(r, 0, text, strlen(text));
		r->state = (struct span){text, strlen(text)};
		d[0] = rig_delivery("a", T0 + i, r);
		d[1] = rig_delivery("b", T0 + i, r);
		d[0].fetch_state = d[1].fetch_state = r->state;
		if (store_deliver(st, d, 2, &e) != 0)
			_exit(1);
	}
}

/* Each run is whole, and nothing of a later one is there. */
static int64_t assert_runs_whole(void)
{
	struct store *st = rig_open();
	struct err e = {0};
	struct memory a, b;
	int64_t last = -1;

	rig_ok(store_memory(st, rig_arena, "a", &a, &e));
	rig_ok(store_memory(st, rig_arena, "b", &b, &e));
	store_close(st);
	rig_assert_whole();
	if (a.tried != 0)
		last = a.tried - T0;
	assert_int_equal(a.tried, b.tried);
	if (last >= 0) {
		assert_int_equal(strtoll(a.decode_state.p, NULL, 10), last);
		assert_int_equal(strtoll(b.fetch_state.p, NULL, 10), last);
	}
	assert_int_equal(rig_sum().n, (last + 1) * 40);
	assert_int_equal(rig_ask("SELECT count(*) FROM line"), (last + 1) * 2);
	assert_true(rig_sum().sum == 0);
	return last;
}

static void a_kill_leaves_whole_deliveries(void **state)
{
	int64_t last = -1;

	(void)state;
	/* A slow machine gets somewhere, too, for they are killed later. */
	for (int i = 0; i < 40 || (last <= 0 && i < 900); i++) {
		struct timespec t = {0, (rand() % (15 + i)) * 1000000L};
		pid_t child = fork();
		int status;

		if (child == 0)
			deliver_for_ever(last + 1);
		nanosleep(&t, NULL);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		last = assert_runs_whole();
	}
	assert_true(last > 0);
}

/* Lines until there is no room: -1 and the message, or the test fails. */
static int fill(struct store *st, struct err *e)
{
	char text[4000];
	int64_t now = T0;
	int rc = 0;

	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 2000 && rc == 0; i++, now += 60) {
		struct readings *r = rig_readings();
		struct delivery d = rig_delivery("s", now, r);

		readings_sample(r, "m", i, "");
		readings_line(r, 0, text, sizeof(text));
		r->state = (struct span){text, sizeof(text)};
		rc = store_deliver(st, &d, 1, e);
	}
	return rc;
}

/* As many samples as lines: the delivery that failed left nothing. */
static void assert_whole_after_full(void)
{
	rig_assert_whole();
	assert_true(rig_ask("SELECT count(*) FROM line") > 3);
	assert_int_equal(rig_ask("SELECT count(*) FROM line"), rig_sum().n);
	assert_int_equal(rig_ask("SELECT tried FROM source"), rig_sum().last);
}

static void a_full_disk(void **state)
{
	struct err e = {0};
	struct store *st;
	char text[256];

	(void)state;
	if (mount("none", rig_dir, "tmpfs", 0, "size=1200k") != 0) {
		print_message("no tmpfs may be mounted here: skipped\n");
		skip();
	}
	st = rig_open();
	assert_int_equal(fill(st, &e), -1);
	snprintf(text, sizeof(text), "%s: database or disk is full", rig_path);
	assert_string_equal(e.text, text);
	snprintf(text, sizeof(text), "make room on the disk of %s", rig_path);
	assert_string_equal(e.hint, text);
	store_close(st);
	assert_whole_after_full();
	assert_int_equal(umount(rig_dir), 0);
}

/* In a child, where the limit ends with it. */
static int meet_the_quota(void)
{
	struct rlimit limit = {800 * 1024, 800 * 1024};
	struct store *st = rig_open();
	struct err e = {0};
	char text[256];

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	snprintf(text, sizeof(text), "%s: disk I/O error", rig_path);
	if (fill(st, &e) != -1 || strcmp(e.text, text) != 0)
		return 2;
	store_close(st);
	return 0;
}

static void a_quota_that_is_met(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0)
		_exit(meet_the_quota());
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1) {
		print_message("no limit on files can be set: skipped\n");
		skip();
	}
	assert_int_equal(status, 0);
	assert_whole_after_full();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(counters_become_rates),
	    RIG_TEST(a_gap_gives_no_rate),
	    RIG_TEST(runs_far_apart_are_no_gap),
	    RIG_TEST(the_same_run_again_replaces),
	    RIG_TEST(late_values_take_their_place),
	    RIG_TEST(what_is_not_a_number_is_not_stored),
	    RIG_TEST(units_follow_the_decoder),
	    RIG_TEST(states_are_of_the_last_run_that_went_well),
	    RIG_TEST(all_of_a_batch_or_nothing),
	    RIG_TEST(records_keep_their_types),
	    RIG_TEST(a_kill_leaves_whole_deliveries),
	    RIG_TEST(a_full_disk),
	    RIG_TEST(a_quota_that_is_met),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
