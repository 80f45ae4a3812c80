#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chart/axis.h"

static double even(void *ctx, const char *text, double size, bool bold)
{
	(void)ctx;
	(void)bold;
	return (double)strlen(text) * size * 0.6;
}

static const struct ruler ruler = {.width = even};

static int64_t utc(const char *text)
{
	int64_t ts;
	struct err e;

	assert_int_equal(clock_parse(text, 0, &ts, &e), 0);
	return ts;
}

/* Ticks as "22:00 23:00 *22 Nov"; a star marks a new day; "." no words. */
static const char *ticks(struct arena *a, const char *zone, const char *from,
    const char *to, double width)
{
	struct axis_place place = {
	    .x0 = 40,
	    .x1 = 40 + width,
	    .left = 0,
	    .right = 80 + width,
	    .size = 10,
	    .ruler = &ruler,
	};
	const char *got = "";
	struct axis axis;
	struct err e;

	assert_int_equal(clock_set_zone(zone, &e), 0);
	axis = axis_make(a, utc(from), utc(to), &place);
	for (size_t i = 0; i < axis.n; i++) {
		const struct axis_tick *t = &axis.ticks[i];

		assert_true(t->x >= place.x0 && t->x <= place.x1);
		assert_true(i == 0 || t->x > axis.ticks[i - 1].x);
		got = arena_printf(a, "%s%s%s%s", got, i > 0 ? ", " : "",
		    t->strong ? "*" : "", t->text != NULL ? t->text : ".");
	}
	return got;
}

static const struct {
	const char *zone, *from, *to;
	double width;
	const char *want;
} cases[] = {
    /* every size of step */
    {"UTC", "2026-11-22T03:14:00Z", "2026-11-22T03:14:20Z", 400,
	"03:14:00, 03:14:05, 03:14:10, 03:14:15, 03:14:20"},
    {"UTC", "2026-11-22T03:00:00Z", "2026-11-22T03:10:00Z", 400,
	"03:00, 03:02, 03:04, 03:06, 03:08, 03:10"},
    {"Europe/London", "2026-11-21T21:14:00Z", "2026-11-22T03:14:00Z", 400,
	"22:00, 23:00, *22 Nov, 01:00, 02:00, 03:00"},
    {"Europe/London", "2026-11-21T21:14:00Z", "2026-11-22T03:14:00Z", 200,
	"22:00, *22 Nov, 02:00"},
    {"UTC", "2026-11-21T03:14:00Z", "2026-11-22T03:14:00Z", 250,
	"06:00, 12:00, 18:00, *22 Nov"},
    {"UTC", "2026-11-15T03:14:00Z", "2026-11-22T03:14:00Z", 600,
	"16 Nov, Tue 17, Wed 18, Thu 19, Fri 20, Sat 21, Sun 22"},
    {"UTC", "2026-10-23T03:14:00Z", "2026-11-22T03:14:00Z", 300,
	"26 Oct, 2 Nov, 9 Nov, 16 Nov"},
    {"UTC", "2025-11-22T03:14:00Z", "2026-11-22T03:14:00Z", 300,
	"*Jan 2026, Mar, May, Jul, Sep, Nov"},
    {"UTC", "2016-11-22T03:14:00Z", "2026-11-22T03:14:00Z", 300,
	"2018, 2020, 2022, 2024, 2026"},
    /* clocks forward: the skipped hour has no tick, each other one has */
    {"Europe/London", "2026-03-28T22:30:00Z", "2026-03-29T04:30:00Z", 450,
	"23:00, *29 Mar, 02:00, 03:00, 04:00, 05:00"},
    {"Europe/London", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z", 300,
	"*29 Mar, 00:30, 02:00, 02:30, 03:00"},
    {"America/New_York", "2026-03-08T03:30:00Z", "2026-03-08T11:00:00Z", 500,
	"23:00, *8 Mar, 01:00, 03:00, 04:00, 05:00, 06:00, 07:00"},
    {"America/New_York", "2026-03-08T03:30:00Z", "2026-03-08T11:00:00Z", 220,
	"*8 Mar, 04:00, 06:00"},
    {"Australia/Lord_Howe", "2026-10-03T12:40:00Z", "2026-10-03T18:40:00Z", 450,
	"*4 Oct, 01:00, 03:00, 04:00, 05:00"},
    {"Australia/Lord_Howe", "2026-10-03T15:00:00Z", "2026-10-03T16:30:00Z", 300,
	"01:30, 01:45, 02:30, 02:45, 03:00, 03:15, 03:30"},
    /* clocks back: the repeated hour has ticks once */
    {"Europe/London", "2026-10-24T22:30:00Z", "2026-10-25T04:30:00Z", 450,
	"*25 Oct, 01:00, 02:00, 03:00, 04:00"},
    {"Europe/London", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", 300,
	"01:00, 01:30, 02:00"},
    {"Europe/London", "2026-10-25T01:10:00Z", "2026-10-25T01:50:00Z", 300,
	"01:10, 01:20, 01:30, 01:40, 01:50"},
    {"America/New_York", "2026-11-01T03:30:00Z", "2026-11-01T10:30:00Z", 500,
	"*1 Nov, 01:00, 02:00, 03:00, 04:00, 05:00"},
    {"Australia/Lord_Howe", "2026-04-04T13:10:00Z", "2026-04-04T18:40:00Z", 450,
	"01:00, 02:00, 03:00, 04:00, 05:00"},
    {"Australia/Lord_Howe", "2026-04-04T14:00:00Z", "2026-04-04T16:00:00Z", 300,
	"01:00, 01:30, 02:00, 02:30"},
    /* days across the change keep to midnight */
    {"Europe/London", "2026-10-23T12:00:00Z", "2026-10-28T12:00:00Z", 450,
	"24 Oct, Sun 25, Mon 26, Tue 27, Wed 28"},
    /* half an hour from UTC, and no change at all */
    {"Asia/Kolkata", "2026-11-21T15:00:00Z", "2026-11-21T21:00:00Z", 450,
	"21:00, 22:00, 23:00, *22 Nov, 01:00, 02:00"},
    /* a day that begins at 01:00 */
    {"Africa/Cairo", "2026-04-23T19:30:00Z", "2026-04-24T01:30:00Z", 450,
	"22:00, 23:00, *24 Apr, 02:00, 03:00, 04:00"},
    /* leap day */
    {"UTC", "2028-02-26T12:00:00Z", "2028-03-03T12:00:00Z", 500,
	"27 Feb, Mon 28, Tue 29, *1 Mar, Thu 2, Fri 3"},
    /* nothing */
    {"UTC", "2028-02-26T12:00:00Z", "2028-02-26T12:00:00Z", 500, ""},
};

static void test_ticks(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(ticks(a, cases[i].zone, cases[i].from,
					cases[i].to, cases[i].width),
		    cases[i].want);
	arena_free(a);
}

/* At every width: words within the picture, none touching. */
static void test_words_keep_apart(void **state)
{
	static const int64_t spans[] = {60, 3600, 6 * 3600, 86400, 7 * 86400,
	    30 * 86400, 365 * 86400, 20LL * 365 * 86400};
	struct arena *a = arena_new();
	struct err e;

	(void)state;
	assert_int_equal(clock_set_zone("Europe/London", &e), 0);
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		for (double width = 60; width < 1400; width += 37) {
			struct axis_place place = {.x0 = 30,
			    .x1 = 30 + width,
			    .right = 30 + width,
			    .size = 11,
			    .ruler = &ruler};
			struct axis axis =
			    axis_make(a, INT64_C(1795317240) - spans[i],
				INT64_C(1795317240), &place);
			double end = 0;

			for (size_t k = 0; k < axis.n; k++) {
				const struct axis_tick *t = &axis.ticks[k];
				double half;

				if (t->text == NULL)
					continue;
				half = even(NULL, t->text, 11, false) / 2;
				assert_true(t->x - half >= end);
				assert_true(t->x + half <= place.right);
				end = t->x + half + 4;
			}
		}
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ticks),
	    cmocka_unit_test(test_words_keep_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
