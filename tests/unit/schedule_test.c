/* When reports are due: Europe/Berlin, whose clocks change. */
#include "test.h"

#include "base/clock.h"
#include "run/schedule.h"

static int64_t at(const char *text)
{
	struct err e = {0};
	int64_t ts;

	if (clock_parse(text, 0, &ts, &e) != 0)
		fail_msg("%s: %s", text, e.text);
	return ts;
}

static void zone(const char *name)
{
	struct err e = {0};

	assert_int_equal(clock_set_zone(name, &e), 0);
}

#define DAILY(h, m)                                                            \
	{                                                                      \
		.every = CALENDAR_DAY, .minute = 60 * (h) + (m)                \
	}
#define WEEKLY(d, h)                                                           \
	{                                                                      \
		.every = CALENDAR_WEEK, .day = (d), .minute = 60 * (h)         \
	}
#define MONTHLY(d, h)                                                          \
	{                                                                      \
		.every = CALENDAR_MONTH, .day = (d)-1, .minute = 60 * (h)      \
	}

static void the_newest_that_is_due(void **state)
{
	static const struct {
		struct schedule s;
		const char *now, *from, *to, *due;
	} all[] = {
	    {DAILY(7, 0), "2026-11-23 06:59:59", "2026-11-21", "2026-11-22",
		"2026-11-22 07:00"},
	    {DAILY(7, 0), "2026-11-23 07:00", "2026-11-22", "2026-11-23",
		"2026-11-23 07:00"},
	    {DAILY(0, 0), "2026-11-23 00:00", "2026-11-22", "2026-11-23",
		"2026-11-23"},
	    {DAILY(23, 59), "2026-11-23 23:58", "2026-11-21", "2026-11-22",
		"2026-11-22 23:59"},
	    /* the 22nd is a Sunday */
	    {WEEKLY(0, 7), "2026-11-22 23:00", "2026-11-09", "2026-11-16",
		"2026-11-16 07:00"},
	    {WEEKLY(0, 7), "2026-11-23 07:00", "2026-11-16", "2026-11-23",
		"2026-11-23 07:00"},
	    {WEEKLY(2, 7), "2026-11-25 06:00", "2026-11-09", "2026-11-16",
		"2026-11-18 07:00"},
	    {WEEKLY(6, 7), "2026-11-29 07:00", "2026-11-16", "2026-11-23",
		"2026-11-29 07:00"},
	    /* over the year's end, and a week that a change is in */
	    {WEEKLY(0, 7), "2027-01-04 07:00", "2026-12-28", "2027-01-04",
		"2027-01-04 07:00"},
	    {WEEKLY(0, 7), "2026-10-26 07:00", "2026-10-19", "2026-10-26",
		"2026-10-26 07:00"},
	    {MONTHLY(1, 7), "2026-12-01 07:00", "2026-11-01", "2026-12-01",
		"2026-12-01 07:00"},
	    {MONTHLY(1, 7), "2026-12-01 06:00", "2026-10-01", "2026-11-01",
		"2026-11-01 07:00"},
	    {MONTHLY(31, 7), "2027-02-28 07:00", "2027-01-01", "2027-02-01",
		"2027-02-28 07:00"},
	    {MONTHLY(31, 7), "2028-02-28 07:00", "2027-12-01", "2028-01-01",
		"2028-01-31 07:00"},
	    {MONTHLY(31, 7), "2028-02-29 07:00", "2028-01-01", "2028-02-01",
		"2028-02-29 07:00"},
	    {MONTHLY(30, 7), "2026-04-30 07:00", "2026-03-01", "2026-04-01",
		"2026-04-30 07:00"},
	    /* a time that is skipped, as much later; the first of two */
	    {DAILY(2, 30), "2027-03-28 03:29", "2027-03-26", "2027-03-27",
		"2027-03-27 02:30"},
	    {DAILY(2, 30), "2027-03-28 03:30", "2027-03-27", "2027-03-28",
		"2027-03-28 03:30"},
	    {DAILY(2, 30), "2026-10-25T00:30:00Z", "2026-10-24", "2026-10-25",
		"2026-10-25T00:30:00Z"},
	    {DAILY(2, 30), "2026-10-25T01:30:00Z", "2026-10-24", "2026-10-25",
		"2026-10-25T00:30:00Z"},
	};

	(void)state;
	zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct term t = schedule_last(&all[i].s, at(all[i].now));

		if (t.from != at(all[i].from) || t.to != at(all[i].to) ||
		    t.due != at(all[i].due))
			fail_msg("%zu, at %s: %lld to %lld, due %lld", i,
			    all[i].now, (long long)t.from, (long long)t.to,
			    (long long)t.due);
	}
}

static void days_are_as_long_as_they_are(void **state)
{
	static const struct schedule s = DAILY(7, 0);
	struct term t;

	(void)state;
	zone("Europe/Berlin");
	t = schedule_last(&s, at("2026-10-26 08:00"));
	assert_int_equal(t.to - t.from, 25 * 3600);
	t = schedule_last(&s, at("2027-03-29 08:00"));
	assert_int_equal(t.to - t.from, 23 * 3600);
}

/* Whatever the zone does, terms follow each other without a gap. */
static void none_is_left_out_or_twice(void **state)
{
	static const char *const zones[] = {"Europe/Berlin",
	    "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe", "UTC"};
	static const struct schedule all[] = {
	    DAILY(0, 0),
	    DAILY(2, 30),
	    DAILY(23, 59),
	    WEEKLY(6, 23),
	    MONTHLY(31, 23),
	};

	(void)state;
	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
		zone(zones[z]);
		for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
			const struct schedule *s = &all[i];
			int64_t now = at("2010-01-15 12:00");
			struct term t = schedule_last(s, now), next;

			while (t.due < at("2019-01-01")) {
				next = schedule_next(s, t.due);
				assert_true(next.from == t.to);
				assert_true(next.due > t.due);
				assert_true(
				    next.to == schedule_last(s, next.due).to);
				assert_true(
				    schedule_last(s, next.due - 1).to == t.to);
				t = next;
			}
		}
	}
	zone("UTC");
}

static void one_of_a_length(void **state)
{
	static const struct schedule s = {
	    .every = CALENDAR_MONTH, .length = 90 * 86400};
	struct term t;

	zone("UTC");
	t = schedule_last(&s, at("2026-11-22"));
	assert_int_equal(t.from, at("2026-08-03"));
	assert_int_equal(t.to, at("2026-11-01"));
	assert_string_equal(schedule_words(*state, &s, t.from, t.to),
	    "90 d to Sat 31 Oct 2026");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_newest_that_is_due),
	    cmocka_unit_test(days_are_as_long_as_they_are),
	    cmocka_unit_test(none_is_left_out_or_twice),
	    arena_test(one_of_a_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
