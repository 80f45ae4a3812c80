#include "panel/derive.h"
#include "panel/gaps.h"
#include "panel_input.h"

#define TRIES 200

static unsigned long seed = 1;

static unsigned long chance(unsigned long n)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (seed >> 33) % n;
}

/* Irregular times, bursts and gaps; values of very different size. */
static struct series irregular(struct rig *r, size_t n)
{
	struct series s = rising(r, "a/x", "kg", 0, 1, n, 60, NOW);
	int64_t ts = NOW - 400 * DAYS;

	for (size_t i = 0; i < n; i++) {
		double v = (double)chance(1000) / 7 - 70;

		if (chance(20) == 0)
			v *= 1e9;
		ts += 1 + (int64_t)chance(chance(10) == 0 ? 9 * DAYS : HOURS);
		s.points[i] = (struct point){ts, v, v, v};
	}
	return s;
}

static double brute(const struct series *s, size_t at, int64_t width)
{
	long double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (s->points[i].ts > s->points[at].ts ||
		    s->points[i].ts <= s->points[at].ts - width)
			continue;
		sum += s->points[i].mean;
		n++;
	}
	return (double)(sum / n);
}

static void test_mean_is_that_of_its_window(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < TRIES; i++) {
		struct series s = irregular(r, 1 + chance(120));
		int64_t width = 1 + (int64_t)chance(20 * DAYS);
		struct series m = derive_mean(r->arena, &s, width);

		assert_int_equal(m.n, s.n);
		for (size_t k = 0; k < s.n; k++) {
			double want = brute(&s, k, width);

			assert_int_equal(m.points[k].ts, s.points[k].ts);
			assert_true(fabs(m.points[k].mean - want) <=
				    1e-9 * fmax(1, fabs(want)));
		}
		assert_true(m.last == m.points[m.n - 1].mean);
	}
}

/* A window of a week: the measurement of just a week ago is out of it. */
static void test_mean_by_hand(void **state)
{
	struct rig *r = *state;
	struct series s = rising(r, "a/x", "kg", 0, 0, 4, 60, NOW);
	struct series m;
	const double values[] = {80, 82, 81, 90};
	const int64_t days[] = {0, 1, 7, 30};

	for (size_t i = 0; i < 4; i++)
		s.points[i] = (struct point){
		    NOW + days[i] * DAYS, values[i], values[i], values[i]};
	m = derive_mean(r->arena, &s, 7 * DAYS);
	assert_true(m.points[0].mean == 80);
	assert_true(m.points[1].mean == 81);
	assert_true(m.points[2].mean == 81.5);
	assert_true(m.points[3].mean == 90);
	/* so that a hole is longer than the width */
	assert_true(gap_least(&m) >= 7 * DAYS - 3 && gap_least(&m) <= 7 * DAYS);
	s.n = 0;
	assert_int_equal(derive_mean(r->arena, &s, 60).n, 0);
}

/* What is very large leaves the window as if it had never been there. */
static void test_mean_forgets(void **state)
{
	struct rig *r = *state;
	struct series s = rising(r, "a/x", "", 1, 1, 9, 60, NOW), m;

	s.points[2].mean = 1e300;
	m = derive_mean(r->arena, &s, 180);
	assert_true(m.points[8].mean == 1);
	assert_true(m.points[5].mean == 1);
}

static void test_differences(void **state)
{
	struct rig *r = *state;
	struct series s = rising(r, "a/x", "percent", 0, 40, 5, 60, NOW), d;

	s.points[3].ts = s.points[2].ts + 200; /* after a gap */
	s.points[4].ts = s.points[3].ts + 30;
	d = derive_difference(r->arena, &s, DERIVE_DELTA);
	assert_int_equal(d.n, 3);
	assert_true(d.points[0].mean == 10);
	assert_int_equal(d.points[0].ts, s.points[1].ts);
	assert_int_equal(d.points[2].ts, s.points[4].ts);
	assert_string_equal(d.unit, "points");
	d = derive_difference(r->arena, &s, DERIVE_RATE);
	assert_int_equal(d.n, 3);
	assert_true(d.points[0].mean == 10.0 / 60);
	assert_true(d.points[2].mean == 10.0 / 30);
	assert_true(d.last == d.points[2].mean);
	assert_string_equal(d.unit, "points/s");
}

/* What lies before the view makes the first mean right, and is not shown. */
static void test_view(void **state)
{
	struct rig *r = *state;
	struct series s = rising(r, "a/x", "kg", 0, 9, 10, 3600, NOW);
	struct derived d;

	r->in.series = &s;
	r->in.n_series = 1;
	r->in.from = NOW - 3 * HOURS;
	d = series_derived(r->arena, &r->in);
	assert_null(d.measured);
	assert_int_equal(d.series[0].n, 10);
	r->common.smooth = 4 * 3600;
	d = series_derived(r->arena, &r->in);
	assert_int_equal(d.series[0].n, 4);
	assert_int_equal(d.measured[0].n, 4);
	assert_true(d.series[0].points[0].mean == 4.5);
	assert_true(d.measured[0].points[0].mean == 6);
	assert_int_equal(derive_reach(&r->common, 20 * 3600), 4 * 3600);
	r->common.derive = DERIVE_DELTA;
	d = series_derived(r->arena, &r->in);
	assert_true(d.series[0].points[0].mean == 1);
	assert_int_equal(derive_reach(&r->common, 20 * 3600), 5 * 3600 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_mean_is_that_of_its_window),
	    rig_test(test_mean_by_hand),
	    rig_test(test_mean_forgets),
	    rig_test(test_differences),
	    rig_test(test_view),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
