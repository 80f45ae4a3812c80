/* Rules over a store: what runs deliver, and what is then said of it. */
#include "store_rig.h"

#include "base/clock.h"
#include "base/str.h"
#include "run/judge.h"

#define HEAD                                                                   \
	"title: T\ntimezone: UTC\nsources:\n"                                  \
	"  s: {exec: [x], decode: number}\n"                                   \
	"  t: {exec: [x], decode: number}\n"                                   \
	"pages: {index: {panels: []}}\n"

static struct store *st;
static struct plan plan;

static void use(const char *alerts)
{
	struct faults f = {.arena = rig_arena};
	const char *text = arena_printf(rig_arena, HEAD "%s\n", alerts);
	struct err e = {0};

	if (plan_parse(&plan, "f", (struct span){text, strlen(text)}, &f, &e))
		fail_msg("%d:%d %s", f.items[0].line, f.items[0].col,
		    f.items[0].text);
}

static int setup(void **state)
{
	rig_setup(state);
	st = rig_open();
	return 0;
}

static int teardown(void **state)
{
	store_close(st);
	return rig_teardown(state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static size_t judged(int64_t now)
{
	struct err e = {0};
	size_t hot = 99;

	rig_ok(judge(&plan, st, now, &hot, &e));
	return hot;
}

/* "busy s/m firing, …" of all that is known at the moment. */
static const char *said(int64_t now)
{
	struct source_status *status;
	struct alert *x;
	const char *text = "";
	size_t n, n_status;
	struct err e = {0};

	rig_ok(store_status(st, rig_arena, &status, &n_status, &e));
	rig_ok(judge_report(
	    &plan, st, now, status, n_status, rig_arena, &x, &n, &e));
	for (size_t i = 0; i < n; i++)
		text = arena_printf(rig_arena, "%s%s%s %s %s%s%s", text,
		    i > 0 ? ", " : "", x[i].rule, x[i].series,
		    alert_state_word(x[i].state), x[i].muted ? " muted: " : "",
		    x[i].why);
	return text;
}

/* A value of s/m, judged. */
static size_t value(int minute, double v)
{
	rig_sample(st, T0 + 60 * minute, v);
	return judged(T0 + 60 * minute);
}

static void runs_one_after_the_other(void **state)
{
	(void)state;
	use("alerts: {busy: {series: \"*/m\", above: 75, clear: 70, for: 1m}}");
	assert_int_equal(value(0, 60), 0);
	assert_int_equal(value(1, 80), 0);
	assert_string_equal(said(T0 + 60), "busy s/m pending");
	assert_int_equal(value(2, 80), 1);
	assert_string_equal(said(T0 + 120), "busy s/m firing");
	assert_int_equal(value(3, 72), 1);
	assert_int_equal(value(4, 70), 0);
	assert_string_equal(said(T0 + 240), "busy s/m ended");
	/* And as it was. */
	assert_string_equal(said(T0 + 59), "");
	assert_string_equal(said(T0 + 60), "busy s/m pending");
	assert_string_equal(said(T0 + 239), "busy s/m firing");
	assert_int_equal(rig_ask("SELECT count(*) FROM alert"), 1);
}

static void all_that_came_is_judged_not_only_the_newest(void **state)
{
	(void)state;
	use("alerts: {busy: {series: s/m, above: 75}}");
	value(0, 60);
	rig_sample(st, T0 + 60, 80);
	rig_sample(st, T0 + 120, 90);
	rig_sample(st, T0 + 180, 60);
	assert_int_equal(judged(T0 + 180), 0);
	assert_string_equal(said(T0 + 180), "busy s/m ended");
	assert_int_equal(rig_ask("SELECT fired FROM alert"), T0 + 60);
	assert_int_equal(rig_ask("SELECT ended FROM alert"), T0 + 180);
	assert_int_equal(rig_ask("SELECT peak FROM alert"), 90);
	/* Once. */
	judged(T0 + 180);
	judged(T0 + 181);
	assert_int_equal(rig_ask("SELECT count(*) FROM alert"), 1);
}

static void a_value_of_another_time_than_the_run(void **state)
{
	struct readings *r = rig_readings();

	(void)state;
	use("alerts: {old: {series: s/w, above: 75}}");
	value(0, 60);
	readings_sample(r, "w", 80, "kg")->ts = T0 - 10 * 86400;
	readings_sample(r, "w", 60, "kg")->ts = T0 - 9 * 86400;
	readings_sample(r, "w", 85, "kg")->ts = T0 - 3 * 86400;
	rig_deliver(st, "s", T0 + 60, r);
	assert_int_equal(judged(T0 + 60), 1);
	/* Of what is older than a day only the newest counts. */
	assert_int_equal(rig_ask("SELECT count(*) FROM alert"), 1);
	assert_int_equal(rig_ask("SELECT since FROM alert"), T0 - 3 * 86400);
}

static void a_host_that_is_down_mutes_its_rules(void **state)
{
	(void)state;
	use("alerts:\n"
	    "  busy: {series: s/m, above: 75}\n"
	    "  gone: {series: s/*, absent: 2m}\n"
	    "  down: {source: s, failed: 1m}\n");
	assert_int_equal(value(0, 80), 1);
	rig_fail(st, "s", T0 + 60, OUTCOME_TIMEOUT, "no answer");
	assert_int_equal(judged(T0 + 60), 0);
	rig_fail(st, "s", T0 + 120, OUTCOME_TIMEOUT, "no answer");
	assert_int_equal(judged(T0 + 120), 1);
	for (int i = 3; i < 60; i++) {
		rig_fail(st, "s", T0 + 60 * i, OUTCOME_TIMEOUT, "no answer");
		judged(T0 + 60 * i);
	}
	assert_string_equal(said(T0 + 59 * 60),
	    "down s firing, busy s/m firing muted: s does not answer: "
	    "timeout");
	/* It comes back, and is as busy as it was. */
	assert_int_equal(value(60, 90), 1);
	assert_string_equal(said(T0 + 3600), "down s ended, busy s/m firing");
}

static void a_series_that_stops(void **state)
{
	(void)state;
	use("alerts:\n"
	    "  gone: {series: [\"s/*\", t/never], absent: 3m}\n"
	    "  busy: {series: s/m, above: 75}\n");
	value(0, 80);
	rig_deliver(st, "t", T0, rig_readings());
	assert_string_equal(said(T0), "busy s/m firing, gone t/never pending");
	rig_deliver(st, "s", T0 + 180, rig_readings());
	assert_int_equal(judged(T0 + 180), 3);
	assert_string_equal(said(T0 + 180),
	    "busy s/m firing, gone s/m firing, gone t/never firing");
	/* What is gone no longer is too much. */
	rig_deliver(st, "s", T0 + 301, rig_readings());
	judged(T0 + 301);
	assert_string_equal(said(T0 + 301),
	    "gone s/m firing, busy s/m ended, gone t/never firing");
	/* After a week one that only a wildcard names is let go. */
	rig_deliver(st, "s", T0 + 8 * 86400, rig_readings());
	assert_int_equal(judged(T0 + 8 * 86400), 1);
}

static void a_rule_that_is_removed_ends_its_alerts(void **state)
{
	(void)state;
	use("alerts: {busy: {series: s/m, above: 75}, low: {series: s/m, "
	    "below: 99}}");
	assert_int_equal(value(0, 80), 2);
	use("alerts: {busy: {series: s/m, above: 78}}");
	assert_int_equal(value(1, 80), 1);
	assert_string_equal(said(T0 + 60), "busy s/m firing, low s/m ended");
	assert_int_equal(
	    rig_ask("SELECT high FROM alert WHERE rule = 'busy'"), 78);
	use("alerts: {busy: {series: t/m, above: 78}}");
	assert_int_equal(value(2, 80), 0);
	use("");
	judged(T0 + 180);
	assert_int_equal(
	    rig_ask("SELECT count(*) FROM alert WHERE ended IS NULL"), 0);
}

static void a_new_rule_knows_the_last_hour(void **state)
{
	(void)state;
	use("");
	value(0, 80);
	value(1, 80);
	use("alerts: {busy: {series: s/m, above: 75, for: 2m}}");
	assert_int_equal(value(2, 80), 1);
	assert_int_equal(rig_ask("SELECT since FROM alert"), T0);
}

static void silence_says_nothing(void **state)
{
	(void)state;
	use("alerts: {busy: {series: s/m, above: 75, silence: "
	    "03:00-05:00}}\nmaintenance: {t: 00:00-24:00}");
	assert_int_equal(value(0, 80), 0);
	assert_string_equal(
	    said(T0), "busy s/m firing muted: silent until 05:00");
	use("alerts: {busy: {series: s/m, above: 75}}\n"
	    "maintenance: {\"s*\": 03:00-05:00}");
	assert_int_equal(value(1, 80), 0);
	assert_string_equal(
	    said(T0 + 60), "busy s/m firing muted: maintenance until 05:00");
}

static void the_clock_is_set_back(void **state)
{
	(void)state;
	use("alerts: {busy: {series: s/m, above: 75}}");
	assert_int_equal(value(60, 80), 1);
	assert_int_equal(value(10, 85), 1);
	assert_int_equal(rig_ask("SELECT count(*) FROM alert"), 1);
	assert_int_equal(value(11, 60), 0);
	assert_int_equal(rig_ask("SELECT ended FROM alert"), T0 + 11 * 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(runs_one_after_the_other),
	    TEST(all_that_came_is_judged_not_only_the_newest),
	    TEST(a_value_of_another_time_than_the_run),
	    TEST(a_host_that_is_down_mutes_its_rules),
	    TEST(a_series_that_stops),
	    TEST(a_rule_that_is_removed_ends_its_alerts),
	    TEST(a_new_rule_knows_the_last_hour),
	    TEST(silence_says_nothing),
	    TEST(the_clock_is_set_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
