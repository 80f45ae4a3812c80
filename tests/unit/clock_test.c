/* Time: zones as they are, also where clocks jump. */
#include "base/clock.h"
#include "test.h"

static void zone(const char *name)
{
	struct err e;

	assert_int_equal(clock_set_zone(name, &e), 0);
	assert_string_equal(clock_zone(), name);
}

static int64_t utc(const char *iso)
{
	struct err e;
	int64_t ts;

	assert_int_equal(clock_parse(iso, 0, &ts, &e), 0);
	return ts;
}

/* The local time names just this instant, and the instant this time. */
static void is(struct arena *a, const char *local, const char *iso)
{
	struct err e;
	int64_t ts;

	assert_int_equal(clock_parse(local, 0, &ts, &e), 0);
	assert_string_equal(clock_iso(a, ts), iso);
	assert_string_equal(clock_format(a, "%Y-%m-%d %H:%M", ts), local);
}

/* The local time is skipped: the instant is another one. */
static void skipped(struct arena *a, const char *local, const char *iso)
{
	struct err e;
	int64_t ts;

	assert_int_equal(clock_parse(local, 0, &ts, &e), 0);
	assert_string_equal(clock_iso(a, ts), iso);
	assert_string_not_equal(clock_format(a, "%Y-%m-%d %H:%M", ts), local);
}

static void london(void **state)
{
	zone("Europe/London");
	is(*state, "2026-01-15 12:00", "2026-01-15T12:00:00Z");
	is(*state, "2026-03-29 00:59", "2026-03-29T00:59:00Z");
	skipped(*state, "2026-03-29 01:00", "2026-03-29T01:00:00Z");
	skipped(*state, "2026-03-29 01:30", "2026-03-29T01:30:00Z");
	is(*state, "2026-03-29 02:00", "2026-03-29T01:00:00Z");
	is(*state, "2026-07-01 12:00", "2026-07-01T11:00:00Z");
	is(*state, "2026-10-25 00:59", "2026-10-24T23:59:00Z");
	is(*state, "2026-10-25 01:00", "2026-10-25T00:00:00Z"); /* the first */
	is(*state, "2026-10-25 01:59", "2026-10-25T00:59:00Z");
	is(*state, "2026-10-25 02:00", "2026-10-25T02:00:00Z");
	assert_string_equal(
	    clock_local(utc("2026-10-25T00:30:00Z")).tm_zone, "BST");
	assert_string_equal(
	    clock_local(utc("2026-10-25T01:30:00Z")).tm_zone, "GMT");
}

/* Winter is the daylight saving time of Irish law. */
static void dublin(void **state)
{
	zone("Europe/Dublin");
	is(*state, "2026-01-15 12:00", "2026-01-15T12:00:00Z");
	is(*state, "2026-07-01 12:00", "2026-07-01T11:00:00Z");
	skipped(*state, "2026-03-29 01:30", "2026-03-29T01:30:00Z");
	is(*state, "2026-10-25 01:30", "2026-10-25T00:30:00Z");
}

static void new_york(void **state)
{
	zone("America/New_York");
	is(*state, "2026-03-08 01:59", "2026-03-08T06:59:00Z");
	skipped(*state, "2026-03-08 02:30", "2026-03-08T07:30:00Z");
	is(*state, "2026-03-08 03:00", "2026-03-08T07:00:00Z");
	is(*state, "2026-11-01 01:30", "2026-11-01T05:30:00Z"); /* the first */
	is(*state, "2026-11-01 02:00", "2026-11-01T07:00:00Z");
}

static void kolkata(void **state)
{
	zone("Asia/Kolkata");
	is(*state, "2026-01-01 00:00", "2025-12-31T18:30:00Z");
	is(*state, "2026-07-01 00:00", "2026-06-30T18:30:00Z");
}

/* Half an hour of daylight saving, in the southern summer. */
static void lord_howe(void **state)
{
	zone("Australia/Lord_Howe");
	is(*state, "2026-01-15 12:00", "2026-01-15T01:00:00Z");
	is(*state, "2026-07-15 12:00", "2026-07-15T01:30:00Z");
	is(*state, "2026-04-05 01:45", "2026-04-04T14:45:00Z"); /* the first */
	is(*state, "2026-04-05 02:00", "2026-04-04T15:30:00Z");
	skipped(*state, "2026-10-04 02:15", "2026-10-03T15:45:00Z");
	is(*state, "2026-10-04 02:30", "2026-10-03T15:30:00Z");
}

/* The 30th of December 2011 never was. */
static void apia(void **state)
{
	zone("Pacific/Apia");
	is(*state, "2011-12-29 23:59", "2011-12-30T09:59:00Z");
	skipped(*state, "2011-12-30 00:00", "2011-12-30T10:00:00Z");
	skipped(*state, "2011-12-30 12:00", "2011-12-30T22:00:00Z");
	is(*state, "2011-12-31 00:00", "2011-12-30T10:00:00Z");
}

static void utc_zone(void **state)
{
	zone("UTC");
	is(*state, "1970-01-01 00:00", "1970-01-01T00:00:00Z");
	is(*state, "2024-02-29 23:59", "2024-02-29T23:59:00Z");
	is(*state, "2038-01-19 03:15", "2038-01-19T03:15:00Z");
}

/* Every instant of a year, by quarters of an hour, and back. */
static void there_and_back(void **state)
{
	static const char *const zones[] = {"Europe/London", "America/New_York",
	    "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca",
	    "America/St_Johns", "UTC"};

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		int64_t ts = utc("2026-01-01T00:00:00Z");

		zone(zones[i]);
		for (int n = 0; n < 365 * 96; n++, ts += 900) {
			struct tm tm = clock_local(ts);
			int64_t back = clock_instant(tm);

			if (back == ts)
				continue;
			/* The second of a time that is repeated. */
			assert_true(back < ts && ts - back <= 3600);
			assert_int_equal(clock_local(back).tm_hour, tm.tm_hour);
			assert_int_equal(clock_local(back).tm_min, tm.tm_min);
		}
	}
}

static void fields_out_of_range(void **state)
{
	struct tm tm = {.tm_year = 126, .tm_mon = 0, .tm_mday = 32};

	zone("Europe/London");
	assert_string_equal(
	    clock_iso(*state, clock_instant(tm)), "2026-02-01T00:00:00Z");
	tm.tm_min = -5;
	tm.tm_isdst = 1;
	assert_string_equal(
	    clock_iso(*state, clock_instant(tm)), "2026-01-31T23:55:00Z");
	tm.tm_mon = 12;
	assert_string_equal(
	    clock_iso(*state, clock_instant(tm)), "2027-01-31T23:55:00Z");
}

static void moments(void **state)
{
	static const struct {
		const char *text, *iso;
	} good[] = {
	    {"2026-11-22 03:14:05", "2026-11-22T03:14:05Z"},
	    {"2026-07-22 03:14:05", "2026-07-22T02:14:05Z"},
	    {"2026-07-22T03:14:05", "2026-07-22T02:14:05Z"},
	    {"2026-07-22T03:14", "2026-07-22T02:14:00Z"},
	    {"2026-07-22T03:14:05Z", "2026-07-22T03:14:05Z"},
	    {"2026-07-22", "2026-07-21T23:00:00Z"},
	    {"@1793330040", "2026-10-30T03:14:00Z"},
	    {"@0", "1970-01-01T00:00:00Z"},
	    {"1793330040", "2026-10-30T03:14:00Z"},
	    {"2h", "2026-11-22T01:14:00Z"},
	    {"8d", "2026-11-14T03:14:00Z"},
	    {"90", "2026-11-22T03:12:30Z"},
	};
	int64_t now = utc("2026-11-22T03:14:00Z"), ts;
	struct err e;

	zone("Europe/London");
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(clock_parse(good[i].text, now, &ts, &e), 0);
		assert_string_equal(clock_iso(*state, ts), good[i].iso);
	}
}

static void no_moments(void **state)
{
	static const char *const bad[] = {"", "now", "2026-13-01", "2026-02-30",
	    "2026-11-22 25:00", "2026-11-22 03:14 x", "@", "@-5", "-123456789",
	    "@9999999999999", "@99999999999999999999", "500000y", "1000y",
	    "1969-12-31T00:00:00Z", "22.11.2026", "99999999999999999999y"};
	int64_t ts;
	struct err e;

	zone("UTC");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(clock_parse(bad[i], 1795317240, &ts, &e), -1);
		assert_string_equal(
		    e.text, arena_printf(*state, "'%s' is not a time", bad[i]));
		assert_string_equal(e.hint,
		    "write '2026-11-22 03:14', seconds since 1970, or how long "
		    "ago, such as 2h or 8d");
	}
}

static void unknown_zones(void **state)
{
	static const char *const unknown[] = {
	    "Europe/Londn", "Europe", "zone.tab", "Mars"};
	static const char *const no_names[] = {
	    "/etc/passwd", "../../etc/passwd", "Europe/../UTC", "."};
	struct err e;

	zone("Asia/Kolkata");
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(clock_set_zone(unknown[i], &e), -1);
		assert_string_equal(e.text,
		    arena_printf(*state, "no time zone '%s' on this machine",
			unknown[i]));
		assert_string_equal(e.hint, "names are like Europe/London; "
					    "the list is in "
					    "/usr/share/zoneinfo");
		assert_int_equal(clock_set_zone(no_names[i], &e), -1);
		assert_string_equal(e.text,
		    arena_printf(*state, "'%s' is not the name of a time zone",
			no_names[i]));
	}
	assert_string_equal(clock_zone(), "Asia/Kolkata");
	assert_int_equal(clock_set_zone(NULL, &e), 0);
	assert_int_equal(clock_set_zone("", &e), 0);
	assert_string_not_equal(clock_zone(), "");
}

static void lengths_for_people(void **state)
{
	static const struct {
		double seconds;
		const char *text;
	} cases[] = {{0, "0 s"}, {59.4, "59 s"}, {60, "1 min"}, {-60, "1 min"},
	    {3599, "59 min"}, {3600, "1 h 00"}, {7500, "2 h 05"},
	    {86399, "23 h 59"}, {86400 * 12.5, "12 d"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    clock_duration(*state, cases[i].seconds), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(london),
	    arena_test(dublin),
	    arena_test(new_york),
	    arena_test(kolkata),
	    arena_test(lord_howe),
	    arena_test(apia),
	    arena_test(utc_zone),
	    cmocka_unit_test(there_and_back),
	    arena_test(fields_out_of_range),
	    arena_test(moments),
	    arena_test(no_moments),
	    arena_test(unknown_zones),
	    arena_test(lengths_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
