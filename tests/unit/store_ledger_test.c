/* Outcomes as spells, what a source remembers, runs and overlaps. */
#include "store_rig.h"

#include <sys/wait.h>

static struct source_status *status(struct store *st, size_t expected)
{
	struct source_status *sources;
	struct err e = {0};
	size_t n;

	rig_ok(store_status(st, rig_arena, &sources, &n, &e));
	assert_int_equal(n, expected);
	return sources;
}

static struct spell *spells(
    struct store *st, int64_t from, int64_t to, size_t expected)
{
	struct err e = {0};
	struct spell *found;
	size_t n;

	rig_ok(store_spells(st, rig_arena, from, to, &found, &n, &e));
	assert_int_equal(n, expected);
	return found;
}

static void an_outcome_lasts_as_one_row(void **state)
{
	struct store *st = rig_open();
	struct spell *s;

	(void)state;
	for (int i = 0; i < 5; i++)
		rig_sample(st, T0 + 60 * i, i);
	for (int i = 5; i < 8; i++)
		rig_fail(
		    st, "s", T0 + 60 * i, OUTCOME_TIMEOUT, "no answer in 10 s");
	rig_fail(st, "s", T0 + 480, OUTCOME_REFUSED, "connection refused");
	rig_sample(st, T0 + 540, 9);
	assert_int_equal(rig_ask("SELECT count(*) FROM spell"), 4);
	s = spells(st, T0, T0 + 600, 2);
	assert_string_equal(s[0].source, "s");
	assert_int_equal(s[0].outcome, OUTCOME_TIMEOUT);
	assert_string_equal(s[0].message, "no answer in 10 s");
	assert_int_equal(s[0].from, T0 + 300);
	assert_int_equal(s[0].to, T0 + 420);
	assert_true(s[0].ms == 12.5 && s[0].bytes == 100);
	assert_int_equal(s[1].outcome, OUTCOME_REFUSED);
	assert_int_equal(s[1].from, T0 + 480);
	assert_int_equal(s[1].to, T0 + 480);
	spells(st, T0, T0 + 299, 0);
	spells(st, T0, T0 + 300, 1);
	spells(st, T0 + 420, T0 + 479, 1);
	spells(st, T0 + 421, T0 + 479, 0);
	spells(st, T0 + 481, T0 + 600, 0);
	store_close(st);
}

static void the_state_of_a_source(void **state)
{
	struct store *st = rig_open();
	struct delivery d = rig_delivery("db1", T0 + 120, NULL);
	struct source_status *s;
	struct err e = {0};

	(void)state;
	rig_deliver(st, "db1", T0, rig_readings());
	rig_deliver(st, "app1", T0, rig_readings());
	rig_fail(st, "db1", T0 + 60, OUTCOME_HOST_KEY, "unknown host key");
	d.outcome = OUTCOME_HOST_KEY;
	d.message = "unknown host key";
	d.hint = "ssh-keyscan db1 >> known_hosts";
	d.every = 300;
	d.ms = 7;
	d.bytes = UINT64_C(5000000000);
	rig_ok(store_deliver(st, &d, 1, &e));
	s = status(st, 2);
	assert_string_equal(s[0].name, "app1");
	assert_int_equal(s[0].outcome, OUTCOME_OK);
	assert_string_equal(s[0].message, "");
	assert_string_equal(s[0].hint, "");
	assert_int_equal(s[0].since, T0);
	assert_string_equal(s[1].name, "db1");
	assert_int_equal(s[1].outcome, OUTCOME_HOST_KEY);
	assert_string_equal(s[1].message, "unknown host key");
	assert_string_equal(s[1].hint, "ssh-keyscan db1 >> known_hosts");
	assert_int_equal(s[1].since, T0 + 60);
	assert_int_equal(s[1].tried, T0 + 120);
	assert_int_equal(s[1].last_ok, T0);
	assert_int_equal(s[1].every, 300);
	assert_true(s[1].ms == 7 && s[1].bytes == UINT64_C(5000000000));
	store_close(st);
}

static void failures_are_counted_in_a_row(void **state)
{
	struct store *st = rig_open();
	struct err e = {0};
	struct memory m;

	(void)state;
	rig_ok(store_memory(st, rig_arena, "s", &m, &e));
	assert_int_equal(m.tried, 0);
	assert_int_equal(m.failures, 0);
	assert_int_equal(m.fetch_state.n, 0);
	rig_fail(st, "s", T0, OUTCOME_DNS, "no such host");
	rig_fail(st, "s", T0 + 60, OUTCOME_CRASHED, "crashed");
	rig_ok(store_memory(st, rig_arena, "s", &m, &e));
	assert_int_equal(m.failures, 2);
	assert_int_equal(m.outcome, OUTCOME_CRASHED);
	assert_int_equal(m.tried, T0 + 60);
	assert_int_equal(m.last_ok, 0);
	rig_deliver(st, "s", T0 + 120, rig_readings());
	rig_ok(store_memory(st, rig_arena, "s", &m, &e));
	assert_int_equal(m.failures, 0);
	assert_int_equal(m.outcome, OUTCOME_OK);
	assert_int_equal(m.last_ok, T0 + 120);
	store_close(st);
}

static void messages_that_only_count_are_bounded(void **state)
{
	struct store *st = rig_open();
	struct source_status *s;

	(void)state;
	for (int i = 0; i < 1000; i++)
		rig_fail(st, "s", T0 + 60 * i, OUTCOME_TIMEOUT,
		    arena_printf(rig_arena, "no answer in %d ms", 5000 + i));
	assert_int_equal(rig_ask("SELECT count(*) FROM spell"), 10);
	s = status(st, 1);
	assert_string_equal(s->message, "no answer in 5999 ms");
	assert_int_equal(s->since, T0 + 60 * 9);
	/* Another cause has its own row, and so has its return. */
	rig_fail(st, "s", T0 + 60000, OUTCOME_TIMEOUT, "no banner");
	rig_fail(st, "s", T0 + 60060, OUTCOME_TIMEOUT, "no answer in 1 ms");
	rig_fail(st, "s", T0 + 60120, OUTCOME_AUTH, "no answer in 1 ms");
	assert_int_equal(rig_ask("SELECT count(*) FROM spell"), 13);
	store_close(st);
}

static void every_outcome_comes_back(void **state)
{
	struct store *st = rig_open();
	struct spell *s;
	int64_t now = T0;
	size_t n = 0;

	(void)state;
#define X(name, word)                                                          \
	if (OUTCOME_##name != OUTCOME_OK && OUTCOME_##name != OUTCOME_NOT_DUE) \
		rig_fail(st, "s", now++, OUTCOME_##name, "m"), n++;
	OUTCOMES(X)
#undef X
	s = spells(st, T0, now, n);
	assert_int_equal(s[0].outcome, OUTCOME_FAILED);
	assert_int_equal(s[n - 1].outcome, OUTCOME_CRASHED);
	for (size_t i = 1; i < n; i++)
		assert_int_equal(s[i].outcome, s[i - 1].outcome + 1);
	store_close(st);
}

static void runs_and_overlaps(void **state)
{
	struct store *st = rig_open(), *other = rig_open();
	struct err e = {0};
	struct run_history runs;

	(void)state;
	rig_ok(store_run_overlap(other, T0 - 30, &e));
	rig_ok(store_run_begin(st, T0, &e));
	rig_ok(store_run_end(st, T0, 412.5, &e));
	rig_ok(store_run_begin(st, T0 + 60, &e));
	rig_ok(store_run_overlap(other, T0 + 90, &e));
	rig_ok(store_history(st, T0 + 90, &runs, &e));
	assert_int_equal(runs.first, T0);
	assert_int_equal(runs.last, T0 + 60);
	assert_true(runs.ms == 412.5);
	assert_int_equal(runs.overlaps, 2);
	rig_ok(store_history(st, T0 + 30, &runs, &e));
	assert_int_equal(runs.last, T0);
	assert_int_equal(runs.overlaps, 1);
	rig_ok(store_history(st, T0 + 86400, &runs, &e));
	assert_int_equal(runs.overlaps, 0);
	store_close(other);
	store_close(st);
	assert_int_equal(
	    rig_ask("SELECT count(*) FROM run WHERE kind = 'overlap'"), 2);
	assert_int_equal(rig_ask("SELECT ms * 10 FROM run WHERE begun = "
				 "1793330040"),
	    4125);
	assert_int_equal(
	    rig_ask("SELECT count(*) FROM run WHERE ms IS NULL"), 3);
}

/* Overlaps come from another process, in the midst of deliveries. */
static void overlaps_wait_for_deliveries(void **state)
{
	pid_t child = fork();
	struct err e = {0};
	struct store *st;
	int status = 0;

	(void)state;
	if (child == 0) {
		st = rig_open();
		for (int i = 0; i < 50; i++)
			status |= store_run_overlap(st, T0 + i, &e);
		store_close(st);
		_exit(status != 0);
	}
	st = rig_open();
	for (int i = 0; i < 50; i++)
		rig_sample(st, T0 + i, i);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	store_close(st);
	assert_int_equal(rig_ask("SELECT count(*) FROM run"), 50);
	assert_int_equal(rig_sum().n, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(an_outcome_lasts_as_one_row),
	    RIG_TEST(the_state_of_a_source),
	    RIG_TEST(failures_are_counted_in_a_row),
	    RIG_TEST(messages_that_only_count_are_bounded),
	    RIG_TEST(every_outcome_comes_back),
	    RIG_TEST(runs_and_overlaps),
	    RIG_TEST(overlaps_wait_for_deliveries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
