/* Theil and Sen's line, and when it reaches a level. */
#include "test.h"

#include <math.h>

#include "base/clock.h"
#include "forecast/trend.h"
#include "panel/forecast_trend.h"

#define START INT64_C(1795305600) /* 2026-11-22 00:00 UTC */
#define HOUR  3600
#define DAY   86400

static double noise(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) / 16777216.0 - 0.5;
}

/* n values, an hour apart, of a line, noise and a wave of a day. */
static struct point *points(struct arena *a, size_t n, double from,
    double per_day, double rough, double wave)
{
	struct point *p = arena_array(a, n, sizeof(*p));
	unsigned seed = 5;

	for (size_t i = 0; i < n; i++) {
		double days = (double)i / 24;
		double v = from + per_day * days + rough * noise(&seed) +
			   wave * sin(days * 2 * 3.14159265358979);

		p[i] = (struct point){START + (int64_t)i * HOUR, v, v, v};
	}
	return p;
}

static void a_line(void **state)
{
	struct arena *a = *state;
	struct trend t = trend_fit(a, points(a, 7 * 24 + 1, 60, 2, 0, 0), 169);
	int64_t now = START + 7 * DAY;
	struct trend_reach r;

	assert_int_equal(t.course, TREND_RISES);
	assert_float_equal(t.slope * DAY, 2, 1e-9);
	assert_float_equal(t.level, 74, 1e-9);
	assert_float_equal(trend_at(&t, now + DAY).mean, 76, 1e-9);
	r = trend_reach(&t, 100, now);
	assert_int_equal(r.state, REACH_IN);
	assert_float_equal(r.in, 13 * DAY, 1);
	assert_string_equal(trend_reach_words(a, &t, "percent", 100, now),
	    "reaches 100 % in 13 d, on 12 December");
	assert_string_equal(trend_words(a, &t, "percent"),
	    "rises by 2 % a day, ± 0 % around that");
	assert_string_equal(trend_reach_words(a, &t, "percent", 50, now),
	    "50 % is not in sight: it rises, away from there");
	assert_string_equal(trend_reach_words(a, &t, "percent", 200, now),
	    "200 % is not in sight: it would take 63 d at this rate, and only "
	    "7 d are known");
}

static void outliers_do_not_bend_it(void **state)
{
	struct arena *a = *state;
	struct point *p = points(a, 200, 50, -1, 0, 0);
	struct trend t;

	for (size_t i = 0; i < 200; i += 5)
		p[i].mean = i % 2 == 0 ? 1e6 : -1e9;
	t = trend_fit(a, p, 200);
	assert_int_equal(t.course, TREND_FALLS);
	assert_float_equal(t.slope * DAY, -1, 1e-3);
}

static void noise_is_no_trend(void **state)
{
	struct arena *a = *state;
	struct trend t = trend_fit(a, points(a, 168, 40, 0, 4, 0), 168);

	assert_int_equal(t.course, TREND_FLAT);
	assert_true(t.slope_low < 0 && t.slope_high > 0);
	assert_true(t.high - t.low > 2.5 && t.high - t.low < 4);
	assert_true(
	    str_starts(trend_reach_words(a, &t, "percent", 90, START + 7 * DAY),
		"90 % is not in sight: there is no trend, it swings by ± 1."));
}

/* Neighbours that are alike do not make a day's wave a trend. */
static void a_wave_is_no_trend(void **state)
{
	struct arena *a = *state;

	for (size_t n = 24 * 3; n < 24 * 7; n += 5)
		assert_int_equal(
		    trend_fit(a, points(a, n, 40, 0, 1, 10), n).course,
		    TREND_FLAT);
}

static void a_trend_with_noise(void **state)
{
	struct arena *a = *state;
	struct trend t = trend_fit(a, points(a, 600, 40, 1, 4, 0), 600);
	struct trend_reach r = trend_reach(&t, 90, START + 25 * DAY);

	assert_int_equal(t.course, TREND_RISES);
	assert_true(t.slope_low <= t.slope && t.slope <= t.slope_high);
	assert_true(t.slope_low * DAY < 1 && t.slope_high * DAY > 1);
	assert_int_equal(r.state, REACH_IN);
	assert_true(r.soonest <= r.in && r.in <= r.latest);
	assert_true(fabs(r.in - 25 * DAY) < DAY);
}

static void what_is_degenerate(void **state)
{
	struct arena *a = *state;
	struct point *p = points(a, 40, 7, 0, 0, 0);
	struct trend t = trend_fit(a, p, 9);

	assert_int_equal(t.course, TREND_TOO_FEW);
	assert_string_equal(trend_reach_words(a, &t, "kg", 8, START),
	    "nobody knows when it reaches 8 kg: 9 values are known, a trend "
	    "takes 10");
	assert_int_equal(trend_fit(a, p, 0).course, TREND_TOO_FEW);
	t = trend_fit(a, p, 40);
	assert_int_equal(t.course, TREND_FLAT);
	assert_float_equal(t.level, 7, 0);
	assert_string_equal(trend_words(a, &t, "kg"), "it stays at 7 kg");
	for (int i = 0; i < 40; i++)
		p[i].ts = START;
	t = trend_fit(a, p, 40);
	assert_int_equal(t.course, TREND_TOO_FEW);
	p = points(a, 40, 7, 1, 0, 0);
	for (int i = 0; i < 30; i++)
		p[i].mean = i % 2 == 0 ? NAN : INFINITY;
	t = trend_fit(a, p, 40);
	assert_int_equal(t.n, 10);
	assert_float_equal(t.slope * DAY, 1, 1e-9);
	for (int i = 0; i < 40; i++)
		p[i].mean = i % 2 == 0 ? -1e300 : 1e300;
	t = trend_fit(a, p, 40);
	assert_true(isfinite(t.slope));
}

static int utc(void **state)
{
	struct err e;

	(void)state;
	return clock_set_zone("UTC", &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(a_line),
	    arena_test(outliers_do_not_bend_it),
	    arena_test(noise_is_no_trend),
	    arena_test(a_wave_is_no_trend),
	    arena_test(a_trend_with_noise),
	    arena_test(what_is_degenerate),
	};

	return cmocka_run_group_tests(tests, utc, NULL);
}
