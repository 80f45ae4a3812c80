#include "store_rig.h"

#include <sys/wait.h>

static struct alert alert_on(const char *series, int64_t since)
{
	return (struct alert){.rule = "busy",
	    .series = series,
	    .source = "s",
	    .unit = UNIT_PERCENT,
	    .message = "look",
	    .severity = ALERT_CRITICAL,
	    .test = ALERT_ABOVE,
	    .low = NAN,
	    .high = 75,
	    .since = since,
	    .first = 80,
	    .value = 81,
	    .peak = 82,
	    .seen = since,
	    .clear = 0};
}

static void save(struct store *st, struct alert *x, size_t n, int64_t now)
{
	struct err e = {0};

	rig_ok(store_alerts_save(st, x, n, NULL, 0, now, &e));
}

static struct alert *live(struct store *st, size_t *n, int64_t *judged)
{
	struct err e = {0};
	struct alert *x;

	rig_ok(store_alerts_live(st, rig_arena, &x, n, judged, &e));
	return x;
}

static struct alert *as_of(struct store *st, int64_t at, size_t *n)
{
	struct err e = {0};
	struct alert *x;

	rig_ok(store_alerts(st, rig_arena, T0, at, 10, &x, n, &e));
	return x;
}

static void what_is_saved_comes_back(void **state)
{
	struct store *st = rig_open();
	struct alert x = alert_on("s/m", T0), *y;
	int64_t judged;
	size_t n;

	(void)state;
	live(st, &n, &judged);
	assert_true(n == 0 && judged == 0);
	save(st, &x, 1, T0);
	assert_int_not_equal(x.id, 0);
	store_close(st);
	st = rig_open();
	y = live(st, &n, &judged);
	assert_true(n == 1 && judged == T0);
	assert_int_equal(y->id, x.id);
	assert_string_equal(y->rule, "busy");
	assert_string_equal(y->series, "s/m");
	assert_string_equal(y->source, "s");
	assert_string_equal(y->unit, "percent");
	assert_string_equal(y->message, "look");
	assert_int_equal(y->severity, ALERT_CRITICAL);
	assert_int_equal(y->test, ALERT_ABOVE);
	assert_int_equal(y->state, ALERT_PENDING);
	assert_true(isnan(y->low) && y->high == 75);
	assert_true(y->first == 80 && y->value == 81 && y->peak == 82);
	assert_true(y->since == T0 && y->seen == T0);
	assert_true(y->fired == 0 && y->ended == 0 && y->clear == 0);
	store_close(st);
}

static void as_it_was(void **state)
{
	struct store *st = rig_open();
	struct alert x = alert_on("s/m", T0), p = alert_on("s/never", T0), *y;
	size_t n;

	(void)state;
	x.fired = T0 + 120;
	x.ended = T0 + 600;
	p.ended = T0 + 60;
	save(st, &x, 1, T0 + 600);
	save(st, &p, 1, T0 + 600);
	as_of(st, T0 - 1, &n);
	assert_int_equal(n, 0);
	as_of(st, T0 + 59, &n);
	assert_int_equal(n, 2);
	y = as_of(st, T0 + 119, &n);
	assert_int_equal(n, 1);
	assert_int_equal(y->state, ALERT_PENDING);
	assert_true(y->fired == 0 && y->ended == 0);
	y = as_of(st, T0 + 120, &n);
	assert_int_equal(y->state, ALERT_FIRING);
	assert_int_equal(y->fired, T0 + 120);
	y = as_of(st, T0 + 599, &n);
	assert_int_equal(y->state, ALERT_FIRING);
	y = as_of(st, T0 + 600, &n);
	assert_int_equal(n, 1);
	assert_int_equal(y->state, ALERT_ENDED);
	assert_int_equal(y->ended, T0 + 600);
	store_close(st);
}

static void those_that_ended_are_pruned(void **state)
{
	struct store *st = rig_open();
	struct keep keep = {.alerts = 30 * 86400};
	struct alert x[] = {
	    alert_on("s/a", T0), alert_on("s/b", T0), alert_on("s/c", T0)};
	struct err e = {0};

	(void)state;
	x[0].fired = x[1].fired = T0;
	x[0].ended = x[2].ended = T0 + 60;
	save(st, x, 3, T0 + 60);
	rig_ok(store_tend(st, &keep, T0 + 13 * 86400, &e));
	assert_int_equal(rig_ask("SELECT count(*) FROM alert"), 3);
	rig_ok(store_tend(st, &keep, T0 + 15 * 86400, &e));
	assert_int_equal(rig_ask("SELECT count(*) FROM alert"), 2);
	rig_ok(store_tend(st, &keep, T0 + 31 * 86400, &e));
	assert_int_equal(rig_ask("SELECT count(*) FROM alert WHERE ended IS "
				 "NULL AND series = 's/b'"),
	    1);
	assert_int_equal(rig_ask("SELECT count(*) FROM alert"), 1);
	store_close(st);
}

/* Killed between any two of its writes: each alert once, or not yet. */
static void a_kill_neither_loses_nor_doubles(void **state)
{
	int64_t judged = 0;
	size_t n;

	(void)state;
	store_close(rig_open());
	/* A slow machine gets somewhere, too, for they are killed later. */
	for (int round = 0; round < 20 || (judged == 0 && round < 400);
	     round++) {
		struct store *st;
		pid_t child = fork();

		if (child == 0) {
			st = rig_open();
			live(st, &n, &judged);
			for (;;) {
				struct alert x[50];

				judged++;
				for (int i = 0; i < 50; i++)
					x[i] = alert_on("s/m", judged);
				save(st, x, 50, judged);
			}
		}
		usleep(3000 + 2000 * (useconds_t)round);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		st = rig_open();
		live(st, &n, &judged);
		assert_int_equal(n, 50 * judged);
		assert_int_equal(
		    rig_ask("SELECT count(DISTINCT since) FROM alert"), judged);
		store_close(st);
	}
	assert_true(judged > 0);
	rig_assert_whole();
}

static struct fresh *fresh(
    struct store *st, int64_t since, int64_t now, size_t *n)
{
	struct err e = {0};
	struct fresh *f;

	rig_ok(store_fresh(st, rig_arena, since, now, &f, n, &e));
	return f;
}

static void what_came_since(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct fresh *f;
	size_t n;

	(void)state;
	fresh(st, 0, T0, &n);
	assert_int_equal(n, 0);
	for (int i = 0; i < 5; i++)
		rig_sample(st, T0 + 60 * i, i);
	f = fresh(st, T0 + 60, T0 + 180, &n);
	assert_int_equal(n, 1);
	assert_string_equal(f->series, "s/m");
	assert_string_equal(f->source, "s");
	assert_string_equal(f->unit, "percent");
	assert_int_equal(f->every, 60);
	assert_int_equal(f->n, 2);
	assert_true(f->samples[0].ts == T0 + 120 && f->samples[0].value == 2);
	assert_true(f->samples[1].ts == T0 + 180 && f->samples[1].value == 3);
	/* What is late is new all the same. */
	readings_sample(r, "late", 7, "")->ts = T0 - 3600;
	readings_sample(r, "late", 8, "")->ts = T0 - 7200;
	rig_deliver(st, "t", T0 + 300, r);
	f = fresh(st, T0 + 240, T0 + 300, &n);
	assert_int_equal(n, 1);
	assert_string_equal(f->series, "t/late");
	assert_int_equal(f->n, 2);
	assert_true(f->samples[0].ts == T0 - 7200 && f->samples[0].value == 8);
	assert_true(f->samples[1].ts == T0 - 3600 && f->samples[1].value == 7);
	store_close(st);
}

static void rates_and_many_cohorts_came_too(void **state)
{
	struct store *st = rig_open();
	struct fresh *f;
	size_t n;

	(void)state;
	for (int run = 0; run < 3; run++) {
		struct readings *r = rig_readings();

		for (int i = 0; i < 200; i++)
			readings_sample(r, arena_printf(rig_arena, "c%03d", i),
			    600.0 * run * i, UNIT_BYTES)
			    ->counter = true;
		rig_deliver(st, "s", T0 + 60 * run, r);
	}
	f = fresh(st, T0 + 60, T0 + 120, &n);
	assert_int_equal(n, 200);
	assert_string_equal(f[199].series, "s/c199");
	assert_string_equal(f[199].unit, "bytes/s");
	assert_true(f[199].n == 1 && f[199].samples[0].value == 1990);
	store_close(st);
}

static void its_snapshot_is_of_a_moment(void **state)
{
	struct store *st = rig_open();
	struct alert x[] = {alert_on("s/a", T0), alert_on("s/b", T0)};
	const struct alert *one[] = {&x[1]};
	struct err e = {0};
	struct alert *all;
	int64_t judged;
	size_t n;

	(void)state;
	x[0].fired = x[1].fired = T0;
	save(st, x, 2, T0);
	/* It is tried, which is known whatever comes of it. */
	rig_ok(store_alerts_snap(st, one, 1, "", T0 + 60, &e));
	all = live(st, &n, &judged);
	assert_int_equal(n, 2);
	assert_int_equal(all[1].snapped, T0 + 60);
	assert_string_equal(all[1].snapshot, "");
	rig_ok(store_alerts_snap(st, one, 1, "snapshots/x.html", T0 + 60, &e));
	all = live(st, &n, &judged);
	assert_string_equal(all[0].snapshot, "");
	assert_int_equal(all[0].snapped, 0);
	assert_string_equal(all[1].snapshot, "snapshots/x.html");
	/* It goes on, and is the same alert. */
	x[1].value = 99;
	save(st, x, 2, T0 + 120);
	all = as_of(st, T0 + 61, &n);
	assert_string_equal(all[1].snapshot, "snapshots/x.html");
	all = as_of(st, T0 + 60, &n);
	assert_string_equal(all[1].snapshot, "");
	assert_int_equal(all[1].snapped, T0 + 60);
	all = as_of(st, T0 + 59, &n);
	assert_int_equal(all[1].snapped, 0);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(what_is_saved_comes_back),
	    RIG_TEST(as_it_was),
	    RIG_TEST(those_that_ended_are_pruned),
	    RIG_TEST(a_kill_neither_loses_nor_doubles),
	    RIG_TEST(its_snapshot_is_of_a_moment),
	    RIG_TEST(what_came_since),
	    RIG_TEST(rates_and_many_cohorts_came_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
