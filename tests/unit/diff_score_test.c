/* How far a series moved, by its own variation. */
#include "test.h"

#include <float.h>
#include <math.h>

#include "diff/score.h"

static struct gist_series measure(
    struct arena *a, const double *v, size_t n, size_t window)
{
	struct point *p = arena_array(a, n, sizeof(*p));
	struct gist_series s = {.name = "s", .unit = ""};

	for (size_t i = 0; i < n; i++)
		p[i] = (struct point){(int64_t)i, v[i], v[i], v[i]};
	score_measure(a, p + n - window, window, p, n, &s);
	return s;
}

static void of_numbers_worked_out_by_hand(void **state)
{
	static const double v[] = {1, 2, 3, 4, 100, 6, 7};
	struct gist_series a = measure(*state, v, 7, 3), b = a;

	/* deviations from 4: 3 2 1 0 96 2 3 */
	assert_int_equal(a.n, 3);
	assert_int_equal(a.known, 7);
	assert_float_equal(a.median, 7, 0);
	assert_float_equal(a.spread, 1.4826 * 2, 1e-12);
	b.median = 13;
	assert_float_equal(score_of(&a, &b), 6 / (1.4826 * 2), 1e-12);
	assert_float_equal(score_of(&b, &a), -6 / (1.4826 * 2), 1e-12);
}

static void without_points_there_is_nothing(void **state)
{
	struct gist_series s = measure(*state, NULL, 0, 0);

	assert_int_equal(s.n + s.known, 0);
	assert_true(isnan(s.median) && isnan(s.spread));
}

static double steps(const char *unit, double from, double to)
{
	struct gist_series a = {.unit = unit, .n = 1, .median = from};
	struct gist_series b = {.unit = unit, .n = 1, .median = to};

	return score_of(&a, &b);
}

static void a_constant_that_steps_is_found(void **state)
{
	(void)state;
	assert_true(steps("", 3, 4) > SCORE_MOVED);
	assert_true(steps("", 0, 1e-9) > SCORE_MOVED);
	assert_true(steps("", -4, 3) > SCORE_MOVED);
	assert_true(steps("percent", 75, 76) > SCORE_MOVED);
	assert_float_equal(steps("", 0, 0), 0, 0);
	assert_float_equal(steps("", 5, 5), 0, 0);
}

static void what_is_not_worth_telling_apart_is_not(void **state)
{
	(void)state;
	assert_true(fabs(steps("", 300, 303)) < SCORE_MOVED);
	assert_true(fabs(steps("percent", 0.02, 0.3)) < SCORE_MOVED);
	assert_true(fabs(steps("seconds", 0.001, 0.002)) < SCORE_MOVED);
}

static void noise_is_not_found(void **state)
{
	unsigned seed = 7;
	double v[288];

	for (size_t i = 0; i < 288; i++) {
		seed = seed * 1664525u + 1013904223u;
		v[i] = 50 + (seed >> 8) / 1677721.6;
	}
	for (size_t at = 48; at <= 288; at += 24) {
		struct gist_series a = measure(*state, v, 48, 12);
		struct gist_series b = measure(*state, v, at, 12);

		assert_true(fabs(score_of(&a, &b)) < SCORE_MOVED);
	}
}

static void it_is_a_number_whatever_comes(void **state)
{
	static const double v[] = {
	    0, -0.0, 1, -1, DBL_MIN, -DBL_MAX, DBL_MAX, DBL_TRUE_MIN, 1e300};
	static const char *const units[] = {"", "percent", "seconds"};
	size_t n = sizeof(v) / sizeof(v[0]);

	(void)state;
	for (size_t i = 0; i < n * n * n * 3; i++) {
		const char *unit = units[i % 3];
		struct gist_series a = {.unit = unit,
		    .n = 1,
		    .median = v[i / 3 % n],
		    .spread = fabs(v[i / 3 / n / n])};
		struct gist_series b = {
		    .unit = unit, .n = 1, .median = v[i / 3 / n % n]};
		double score = score_of(&a, &b);

		assert_true(isfinite(score));
		assert_true(a.median != b.median || score == 0);
	}
}

static void spread_of_what_overflows(void **state)
{
	static const double v[] = {-DBL_MAX, DBL_MAX, DBL_MAX, -DBL_MAX, 0};
	struct gist_series a = measure(*state, v, 5, 5), b = a;

	b.median = 1;
	assert_true(isfinite(score_of(&a, &b)));
}

static void there_are_words(void **state)
{
	(void)state;
	assert_string_equal(score_word(3.4), "usual");
	assert_string_equal(score_word(-3.5), "unusual");
	assert_string_equal(score_word(10), "very unusual");
	assert_string_equal(score_word(-50), "extreme");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(of_numbers_worked_out_by_hand),
	    arena_test(without_points_there_is_nothing),
	    arena_test(a_constant_that_steps_is_found),
	    arena_test(what_is_not_worth_telling_apart_is_not),
	    arena_test(noise_is_not_found),
	    arena_test(it_is_a_number_whatever_comes),
	    arena_test(spread_of_what_overflows),
	    arena_test(there_are_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
