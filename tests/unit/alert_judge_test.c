/*
 * Timelines: what comes, minute by minute, and what is to be said of it.
 *
 * A column is a minute. The second line is the state after it: '.' nothing,
 * 'p' pending, 'F' firing. '-' is a minute without a value.
 */
#include "test.h"

#include <math.h>
#include <stdio.h>

#include "alert/judge.h"

#define T0  INT64_C(1793330040)
#define GAP 180

struct timeline {
	const char *name;
	struct alert_rule rule;
	const char *values; /* words apart by blanks */
	const char *states; /* likewise */
};

static struct alert_rule above(double level, double clear)
{
	return (struct alert_rule){.name = "busy",
	    .test = ALERT_ABOVE,
	    .low = NAN,
	    .high = level,
	    .clear_high = clear,
	    .message = ""};
}

static struct alert_rule held(struct alert_rule r, int64_t hold, int64_t clear)
{
	r.hold = hold;
	r.clear_hold = clear;
	return r;
}

static struct alert_rule below(double level, double clear)
{
	return (struct alert_rule){.name = "low",
	    .test = ALERT_BELOW,
	    .low = level,
	    .high = NAN,
	    .clear_low = clear,
	    .message = ""};
}

static struct alert_rule outside(double lo, double hi, double clo, double chi)
{
	return (struct alert_rule){.name = "range",
	    .test = ALERT_OUTSIDE,
	    .low = lo,
	    .high = hi,
	    .clear_low = clo,
	    .clear_high = chi,
	    .message = ""};
}

static struct alert_rule equals(double v)
{
	return (struct alert_rule){.name = "state",
	    .test = ALERT_EQUALS,
	    .low = v,
	    .high = NAN,
	    .message = ""};
}

static char state_letter(const struct alert *a)
{
	return !alert_goes_on(a) ? '.' : a->state == ALERT_FIRING ? 'F' : 'p';
}

static char step(
    const struct alert_rule *r, struct alert *a, int64_t ts, const char *word)
{
	double v = strtod(word, NULL);

	if (str_eq(word, "-"))
		return state_letter(a);
	if (alert_value(r, a, ts, v, GAP) == ALERT_OVER) {
		assert_int_equal(a->ended, ts);
		assert_int_equal(a->state, ALERT_ENDED);
		*a = alert_none(r, "s/m", "s", "");
	}
	return state_letter(a);
}

static void run(const struct timeline *t)
{
	struct alert a = alert_none(&t->rule, "s/m", "s", "");
	char values[256], got[256] = "", *save = NULL;
	int64_t ts = T0;

	snprintf(values, sizeof(values), "%s", t->values);
	for (char *w = strtok_r(values, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save), ts += 60) {
		size_t n = strlen(got);

		snprintf(got + n, sizeof(got) - n, "%s%*c", n > 0 ? " " : "",
		    (int)strlen(w), step(&t->rule, &a, ts, w));
	}
	if (strcmp(got, t->states) != 0)
		fail_msg("%s:\nvalues %s\nwanted %s\ngot    %s", t->name,
		    t->values, t->states, got);
}

static void timelines(void **state)
{
	const struct timeline all[] = {
	    {"a level is reached and left", above(75, 75), "60 75 76 90 75 60",
		" .  .  F  F  .  ."},
	    {"what wavers between both levels is one alert", above(75, 70),
		"76 74 76 71 75 70 74 76", " F  F  F  F  F  .  .  F"},
	    {"it has to last", held(above(75, 75), 120, 0), "60 80 80 80 80 60",
		" .  p  p  F  F  ."},
	    {"what does not last never fires", held(above(75, 75), 120, 0),
		"80 80 70 80 80 70", " p  p  .  p  p  ."},
	    {"between the levels it does not last", held(above(75, 70), 60, 0),
		"80 72 80 80", " p  .  p  F"},
	    {"a gap is no proof that it lasted", held(above(75, 75), 240, 0),
		"80 80 - - - 80 80 80 80 80", " p  p p p p  p  p  p  p  F"},
	    {"a short gap is none", held(above(75, 75), 240, 0), "80 80 - - 80",
		" p  p p p  F"},
	    {"a gap ends nothing that fires", above(75, 75),
		"80 - - - - - 80 70", " F F F F F F  F  ."},
	    {"it has to be clear for a while", held(above(75, 70), 0, 120),
		"80 69 69 80 69 69 69", " F  F  F  F  F  F  ."},
	    {"between the levels it is not clear", held(above(75, 70), 0, 60),
		"80 69 72 69 69", " F  F  F  F  ."},
	    {"below", below(10, 15), "20 10 9 12 15 9", " .  . F  F  . F"},
	    {"outside", outside(10, 90, 20, 80), "50 90 91 85 80 9 15 20",
		" .  .  F  F  . F  F  ."},
	    {"equals", equals(3), "2 3 3 4 3", ". F F . F"},
	    {"what is no number changes nothing", above(75, 75),
		"80 nan 80 nan 70 nan", " F   F  F   F  .   ."},
	    {"infinities do", above(75, 75), "inf -inf", "  F    ."},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		run(&all[i]);
}

static void what_it_knows_of_its_course(void **state)
{
	struct alert_rule r = held(above(75, 70), 60, 60);
	struct alert a = alert_none(&r, "s/m", "s", "percent");

	(void)state;
	assert_int_equal(alert_value(&r, &a, T0, 80, GAP), ALERT_GOES_ON);
	assert_int_equal(alert_value(&r, &a, T0 + 60, 95, GAP), ALERT_GOES_ON);
	assert_int_equal(a.since, T0);
	assert_int_equal(a.fired, T0 + 60);
	assert_true(a.first == 80 && a.value == 95 && a.peak == 95);
	assert_int_equal(alert_value(&r, &a, T0 + 120, 70, GAP), ALERT_GOES_ON);
	assert_int_equal(a.clear, T0 + 120);
	assert_int_equal(alert_value(&r, &a, T0 + 180, 60, GAP), ALERT_OVER);
	assert_int_equal(a.ended, T0 + 180);
	assert_true(a.value == 60 && a.peak == 95);
}

static void an_old_value_changes_nothing(void **state)
{
	struct alert_rule r = above(75, 75);
	struct alert a = alert_none(&r, "s/m", "s", "");

	(void)state;
	alert_value(&r, &a, T0, 80, GAP);
	assert_int_equal(alert_value(&r, &a, T0, 10, GAP), ALERT_GOES_ON);
	assert_int_equal(alert_value(&r, &a, T0 - 60, 10, GAP), ALERT_GOES_ON);
	assert_true(a.value == 80);
}

static void a_clock_that_is_set_back_does_not_stop_it(void **state)
{
	struct alert_rule r = held(above(75, 75), 120, 0);
	struct alert a = alert_none(&r, "s/m", "s", "");

	(void)state;
	alert_value(&r, &a, T0 + 3600, 80, GAP);
	assert_true(alert_set_back(&a, T0));
	assert_false(alert_set_back(&a, T0));
	assert_int_equal(a.since, T0);
	alert_value(&r, &a, T0, 81, GAP);
	assert_true(a.value == 81);
	alert_value(&r, &a, T0 + 120, 80, GAP);
	assert_int_equal(a.state, ALERT_FIRING);
	assert_int_equal(a.fired, T0 + 120);
	assert_true(alert_set_back(&a, T0 + 60));
	assert_int_equal(alert_value(&r, &a, T0 + 60, 70, GAP), ALERT_OVER);
}

static void a_series_that_is_gone_ends_its_alert(void **state)
{
	struct alert_rule r = above(75, 75);
	struct alert a = alert_none(&r, "s/m", "s", "");

	(void)state;
	alert_value(&r, &a, T0, 80, GAP);
	assert_int_equal(alert_wait(&a, T0 + 300, 300), ALERT_GOES_ON);
	assert_int_equal(alert_wait(&a, T0 + 301, 300), ALERT_OVER);
	assert_int_equal(a.ended, T0 + 301);
}

static void a_series_that_stopped(void **state)
{
	struct alert_rule r = {.name = "gone",
	    .test = ALERT_ABSENT,
	    .low = 300,
	    .high = NAN,
	    .message = ""};
	struct alert a = alert_none(&r, "s/m", "s", "");

	(void)state;
	alert_absence(&r, &a, T0 + 240, T0, 60);
	assert_false(alert_goes_on(&a));
	alert_absence(&r, &a, T0 + 300, T0, 60);
	assert_int_equal(a.state, ALERT_FIRING);
	assert_int_equal(a.since, T0);
	assert_int_equal(a.fired, T0 + 300);
	assert_int_equal(
	    alert_absence(&r, &a, T0 + 360, T0, 60), ALERT_GOES_ON);
	assert_int_equal(
	    alert_absence(&r, &a, T0 + 420, T0 + 410, 60), ALERT_OVER);
	assert_int_equal(a.ended, T0 + 410);
	/* Nor is what comes once an hour missed after five minutes. */
	a = alert_none(&r, "s/m", "s", "");
	alert_absence(&r, &a, T0 + 7200, T0, 3600);
	assert_false(alert_goes_on(&a));
	alert_absence(&r, &a, T0 + 7201, T0, 3600);
	assert_int_equal(a.state, ALERT_FIRING);
}

static void a_series_that_never_was(void **state)
{
	struct alert_rule r = {.name = "gone",
	    .test = ALERT_ABSENT,
	    .low = 300,
	    .high = NAN,
	    .message = ""};
	struct alert a = alert_none(&r, "s/m", "s", "");

	(void)state;
	alert_absence(&r, &a, T0, 0, 60);
	assert_int_equal(a.state, ALERT_PENDING);
	alert_absence(&r, &a, T0 + 240, 0, 60);
	assert_int_equal(a.state, ALERT_PENDING);
	alert_absence(&r, &a, T0 + 300, 0, 60);
	assert_int_equal(a.state, ALERT_FIRING);
	assert_int_equal(
	    alert_absence(&r, &a, T0 + 360, T0 + 360, 60), ALERT_OVER);
	assert_int_equal(a.ended, T0 + 360);
}

static void a_source_that_fails(void **state)
{
	struct alert_rule r = {.name = "down",
	    .test = ALERT_FAILED,
	    .low = 180,
	    .high = NAN,
	    .message = ""};
	struct alert a = alert_none(&r, "db1", "db1", "");

	(void)state;
	alert_failure(&r, &a, T0, false, T0 - 600);
	assert_false(alert_goes_on(&a));
	alert_failure(&r, &a, T0 + 60, true, T0 + 60);
	assert_int_equal(a.state, ALERT_PENDING);
	/* It fails in another way since, but fails all the time. */
	alert_failure(&r, &a, T0 + 180, true, T0 + 180);
	assert_int_equal(a.since, T0 + 60);
	alert_failure(&r, &a, T0 + 240, true, T0 + 180);
	assert_int_equal(a.state, ALERT_FIRING);
	assert_int_equal(
	    alert_failure(&r, &a, T0 + 300, false, T0 + 300), ALERT_OVER);
	assert_int_equal(a.ended, T0 + 300);
	r.low = 0;
	a = alert_none(&r, "db1", "db1", "");
	alert_failure(&r, &a, T0, true, T0);
	assert_int_equal(a.state, ALERT_FIRING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(timelines),
	    cmocka_unit_test(what_it_knows_of_its_course),
	    cmocka_unit_test(an_old_value_changes_nothing),
	    cmocka_unit_test(a_clock_that_is_set_back_does_not_stop_it),
	    cmocka_unit_test(a_series_that_is_gone_ends_its_alert),
	    cmocka_unit_test(a_series_that_stopped),
	    cmocka_unit_test(a_series_that_never_was),
	    cmocka_unit_test(a_source_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
