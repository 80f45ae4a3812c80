#include "test.h"

#include "alert/mute.h"
#include "base/clock.h"

static int64_t at(const char *text)
{
	struct err e = {0};
	int64_t ts;

	if (clock_parse(text, 0, &ts, &e) != 0)
		fail_msg("%s: %s", text, e.text);
	return ts;
}

static void what_is_a_window(void **state)
{
	static const char *const good[] = {"02:00-04:00", "Mon-Fri 22:00-06:00",
	    "Sat,Sun", "Sun-Sat", "fri-MON 00:00-24:00",
	    "Mon,Wed-Fri 10:30-10:45", "2026-12-24 18:00 to 2026-12-27 08:00",
	    "2026-12-24 to 2026-12-25"};
	static const char *const bad[] = {"", "02:00", "02:00-", "2:00-4:00",
	    "02:60-04:00", "24:00-02:00", "02:00-24:01", "Mon-", "Mon 02:00",
	    "Mon02:00-04:00", "Monday 02:00-04:00", "02:00-04:00 ", "Mo",
	    "2026-12-24 to 2026-12-24", "2026-12-25 to 2026-12-24", "8d to 2h",
	    "2026-12-24 18:00 to", "Mon,", "Sat,Sun x", " 02:00-04:00",
	    "02:00-04:00Mon"};
	struct window w;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!window_parse(good[i], &w))
			fail_msg("'%s' is a window", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (window_parse(bad[i], &w))
			fail_msg("'%s' is no window", bad[i]);
}

/* 2026-11-22 is a Sunday; clocks go forward on 29 March, back on 25 October. */
static void when_it_is_open(void **state)
{
	static const struct {
		const char *window, *at, *until; /* until NULL: closed */
	} all[] = {
	    {"02:00-04:00", "2026-11-22 01:59:59", NULL},
	    {"02:00-04:00", "2026-11-22 02:00", "2026-11-22 04:00"},
	    {"02:00-04:00", "2026-11-22 03:59:59", "2026-11-22 04:00"},
	    {"02:00-04:00", "2026-11-22 04:00", NULL},
	    /* across midnight, on the day that it begins on */
	    {"Sun 22:00-06:00", "2026-11-22 05:00", NULL},
	    {"Sun 22:00-06:00", "2026-11-22 22:00", "2026-11-23 06:00"},
	    {"Sun 22:00-06:00", "2026-11-23 05:59", "2026-11-23 06:00"},
	    {"Sun 22:00-06:00", "2026-11-23 22:30", NULL},
	    {"Mon-Fri 22:00-06:00", "2026-11-21 05:00", "2026-11-21 06:00"},
	    {"Mon-Fri 22:00-06:00", "2026-11-21 22:00", NULL},
	    {"Fri-Mon 12:00-13:00", "2026-11-22 12:30", "2026-11-22 13:00"},
	    {"Fri-Mon 12:00-13:00", "2026-11-24 12:30", NULL},
	    /* a whole day, and days that touch */
	    {"Sun", "2026-11-22 13:00", "2026-11-23 00:00"},
	    {"Sat,Sun", "2026-11-21 13:00", "2026-11-23 00:00"},
	    {"Sun 12:00-12:00", "2026-11-23 11:59", "2026-11-23 12:00"},
	    /* the day of 23 hours: 01:00 is 02:00 */
	    {"01:30-03:00", "2026-03-29T00:59:59Z", NULL},
	    {"00:30-03:00", "2026-03-29T00:30:00Z", "2026-03-29T02:00:00Z"},
	    {"00:30-03:00", "2026-03-29T01:59:59Z", "2026-03-29T02:00:00Z"},
	    {"00:30-03:00", "2026-03-29T02:00:00Z", NULL},
	    {"Sun", "2026-03-29T22:59:59Z", "2026-03-29T23:00:00Z"},
	    {"Sun", "2026-03-29T23:00:00Z", NULL},
	    {"Sat 22:00-06:00", "2026-03-29T04:59:59Z", "2026-03-29T05:00:00Z"},
	    /* the day of 25 hours: 01:00 to 02:00 comes twice */
	    {"00:30-03:00", "2026-10-24T23:30:00Z", "2026-10-25T03:00:00Z"},
	    {"00:30-03:00", "2026-10-25T02:59:59Z", "2026-10-25T03:00:00Z"},
	    {"Sun", "2026-10-25T23:59:59Z", "2026-10-26T00:00:00Z"},
	    {"Sat 22:00-06:00", "2026-10-25T05:59:59Z", "2026-10-25T06:00:00Z"},
	    /* once */
	    {"2026-12-24 18:00 to 2026-12-27 08:00", "2026-12-24 17:59", NULL},
	    {"2026-12-24 18:00 to 2026-12-27 08:00", "2026-12-24 18:00",
		"2026-12-27 08:00"},
	    {"2026-12-24 18:00 to 2026-12-27 08:00", "2026-12-27 08:00", NULL},
	};
	struct window w;
	struct err e = {0};
	int64_t until;

	(void)state;
	assert_int_equal(clock_set_zone("Europe/London", &e), 0);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct windows ws = {&w, 1, 1};
		bool open;

		assert_true(window_parse(all[i].window, &w));
		open = windows_open(&ws, at(all[i].at), &until);
		if (open != (all[i].until != NULL))
			fail_msg("%s at %s: %s", all[i].window, all[i].at,
			    open ? "open" : "closed");
		if (open && until != at(all[i].until))
			fail_msg("%s at %s: %lld seconds off", all[i].window,
			    all[i].at, (long long)(until - at(all[i].until)));
	}
}

static void windows_that_overlap_are_one(void **state)
{
	struct window w[3];
	const struct windows ws = {w, 3, 3};
	struct err e = {0};
	int64_t until;

	(void)state;
	assert_int_equal(clock_set_zone("UTC", &e), 0);
	assert_true(window_parse("04:00-05:00", &w[0]));
	assert_true(window_parse("02:00-03:30", &w[1]));
	assert_true(window_parse("03:00-04:00", &w[2]));
	assert_true(windows_open(&ws, at("2026-11-22 02:30"), &until));
	assert_int_equal(until, at("2026-11-22 05:00"));
}

static struct alert firing(enum alert_test test)
{
	return (struct alert){.rule = "busy",
	    .series = "app1/cpu",
	    .source = "app1",
	    .test = test,
	    .state = ALERT_FIRING,
	    .why = ""};
}

static void what_mutes(void **state)
{
	struct arena *a = arena_new();
	struct window night, week;
	struct maintenance items[] = {{"app*", {&week, 1, 1}}};
	struct mute m = {items, 1, 0};
	struct alert_rule rule = {.silence = {&night, 1, 1}};
	struct source_status s = {
	    .name = "app1", .outcome = OUTCOME_TIMEOUT, .tried = 1};
	struct alert x = firing(ALERT_ABOVE);
	struct err e = {0};

	(void)state;
	assert_int_equal(clock_set_zone("UTC", &e), 0);
	assert_true(window_parse("02:00-04:00", &night));
	assert_true(window_parse("2026-11-23 to 2026-11-30", &week));
	m.now = at("2026-11-22 03:14");
	alert_mute(&x, &m, &rule, &s, a);
	assert_true(x.muted && !alert_is_hot(&x));
	assert_string_equal(x.why, "silent until 04:00");
	m.now = at("2026-11-23 05:00");
	alert_mute(&x, &m, &rule, &s, a);
	assert_string_equal(x.why, "maintenance until 30 Nov 00:00");
	m.now = at("2026-11-22 05:00");
	alert_mute(&x, &m, &rule, &s, a);
	assert_string_equal(x.why, "app1 does not answer: timeout");
	x = firing(ALERT_FAILED);
	alert_mute(&x, &m, &rule, &s, a);
	assert_true(!x.muted && alert_is_hot(&x));
	s.outcome = OUTCOME_OK;
	x = firing(ALERT_ABOVE);
	alert_mute(&x, &m, NULL, NULL, a);
	assert_string_equal(x.why, "");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_a_window),
	    cmocka_unit_test(when_it_is_open),
	    cmocka_unit_test(windows_that_overlap_are_one),
	    cmocka_unit_test(what_mutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
