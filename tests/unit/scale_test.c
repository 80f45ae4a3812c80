#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chart/scale.h"
#include "chart/spread.h"

#define FREE NAN

/* "0 25 50 75 100 [0..100]" */
static void describe(const struct scale *s, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += (size_t)snprintf(
		    out + n, size - n, "%.*f ", s->decimals, s->ticks[i]);
	snprintf(out + n, size - n, "[%g..%g]", s->lo, s->hi);
}

static const struct {
	struct scale_data data;
	const char *want;
} cases[] = {
    /* percentages */
    {{12, 61, FREE, FREE, true, false, 4}, "0 25 50 75 100 [0..100]"},
    {{12, 61, FREE, FREE, true, false, 3}, "0 50 100 [0..100]"},
    {{0, 100.2, FREE, FREE, true, false, 4}, "0 25 50 75 100 [0..100]"},
    {{0, 0.2, FREE, FREE, true, false, 4}, "0 25 50 75 100 [0..100]"},
    {{NAN, NAN, FREE, FREE, true, false, 4}, "0 25 50 75 100 [0..100]"},
    {{0, 183, FREE, FREE, true, false, 4}, "0 50 100 150 200 [0..200]"},
    {{10, 20, 0, 40, true, false, 4}, "0 10 20 30 40 [0..40]"},
    /* from zero, or not */
    {{180, 420, FREE, FREE, false, true, 5}, "0 100 200 300 400 500 [0..500]"},
    {{744, 1250, FREE, FREE, false, false, 4}, "0 500 1000 1500 [0..1500]"},
    {{75.8, 82.9, FREE, FREE, false, false, 4},
	"75.0 77.5 80.0 82.5 85.0 [75..85]"},
    {{1e6 - 10, 1e6 + 10, FREE, FREE, false, false, 4},
	"960000 980000 1000000 1020000 1040000 [960000..1.04e+06]"},
    {{0.0, 8.5, FREE, FREE, false, false, 4}, "0.0 2.5 5.0 7.5 10.0 [0..10]"},
    {{-12, 5, FREE, FREE, false, false, 4}, "-15 -10 -5 0 5 [-15..5]"},
    {{-60, -10, FREE, FREE, false, false, 4}, "-60 -40 -20 0 [-60..0]"},
    {{-84, -76, FREE, FREE, false, false, 4}, "-84 -82 -80 -78 -76 [-84..-76]"},
    /* constants and nothing */
    {{3, 3, FREE, FREE, false, true, 4}, "0 1 2 3 [0..3]"},
    {{76.4, 76.4, FREE, FREE, false, false, 4}, "0 20 40 60 80 [0..80]"},
    {{0, 0, FREE, FREE, false, true, 4}, "0 1 [0..1]"},
    {{0, 0, FREE, FREE, false, false, 4}, "0.00 0.25 0.50 0.75 1.00 [0..1]"},
    {{NAN, NAN, FREE, FREE, false, false, 2}, "0.0 0.5 1.0 [0..1]"},
    /* whole numbers have whole ticks */
    {{0, 1, FREE, FREE, false, true, 5}, "0 1 [0..1]"},
    {{0, 7, FREE, FREE, false, true, 4}, "0 2 4 6 8 [0..8]"},
    {{9, 10, FREE, FREE, false, true, 4}, "0 5 10 [0..10]"},
    /* tiny and huge */
    {{0, 9e-7, FREE, FREE, false, false, 2},
	"0.0000000 0.0000005 0.0000010 [0..1e-06]"},
    {{0, 1e300, FREE, FREE, false, false, 1}, NULL},
    {{-INFINITY, INFINITY, FREE, FREE, false, false, 4}, NULL},
    {{5e-324, 1e-323, FREE, FREE, false, false, 4}, NULL},
    /* the user's */
    {{10, 95, 0, 70, false, false, 4}, "0 20 40 60 [0..70]"},
    {{10, 95, 5, FREE, false, false, 4}, "25 50 75 100 [5..100]"},
    {{10, 95, FREE, 75, false, false, 3}, "0 25 50 75 [0..75]"},
    {{10, 95, 200, FREE, false, false, 2}, NULL},
    {{10, 95, FREE, FREE, false, false, 0}, "0 100 [0..100]"},
    {{10, 95, FREE, FREE, false, false, 1000}, NULL},
};

static void test_ticks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scale s = scale_make(&cases[i].data);
		char got[512];

		if (cases[i].want != NULL) {
			describe(&s, got, sizeof(got));
			assert_string_equal(got, cases[i].want);
		}
		assert_true(s.lo < s.hi);
		assert_true(isfinite(s.lo) && isfinite(s.hi));
		for (size_t k = 0; k < s.n; k++) {
			assert_true(s.ticks[k] >= s.lo - 1e-9 * fabs(s.lo));
			assert_true(k == 0 || s.ticks[k] > s.ticks[k - 1]);
		}
	}
}

/* Whatever the range: few enough ticks, and the data within. */
static void test_any_range(void **state)
{
	(void)state;
	for (int power = -12; power <= 12; power++) {
		for (int i = 1; i < 200; i++) {
			struct scale_data d = {
			    .lo = -3 * i * pow(10, power),
			    .hi = 7.3 * i * pow(10, power),
			    .min = NAN,
			    .max = NAN,
			    .intervals = 5,
			};
			struct scale s = scale_make(&d);

			assert_in_range(s.n, 2, 6);
			assert_true(s.lo <= d.lo * (1 - 1e-9));
			assert_true(s.hi >= d.hi * (1 - 1e-9));
			assert_true(s.hi - s.lo < 3 * (d.hi - d.lo));
		}
	}
}

static void test_place(void **state)
{
	struct scale s = {.lo = 10, .hi = 30};

	(void)state;
	assert_float_equal(scale_at(&s, 10, 200, 0), 200, 1e-9);
	assert_float_equal(scale_at(&s, 20, 200, 0), 100, 1e-9);
	assert_float_equal(scale_at(&s, 99, 200, 0), 0, 1e-9);
	assert_float_equal(scale_at(&s, -9, 200, 0), 200, 1e-9);
}

static void test_spread(void **state)
{
	double apart[] = {10, 40, 90}, together[] = {50, 50, 50};
	double bottom[] = {98, 99}, chain[] = {10, 12, 30, 100};
	double full[] = {1, 2, 3};

	(void)state;
	assert_true(spread(apart, 3, 12, 0, 100));
	assert_float_equal(apart[1], 40, 1e-9);
	assert_true(spread(together, 3, 12, 0, 100));
	assert_float_equal(together[0], 38, 1e-9);
	assert_float_equal(together[1], 50, 1e-9);
	assert_float_equal(together[2], 62, 1e-9);
	assert_true(spread(bottom, 2, 12, 0, 100));
	assert_float_equal(bottom[0], 88, 1e-9);
	assert_float_equal(bottom[1], 100, 1e-9);
	assert_true(spread(chain, 4, 12, 0, 100));
	assert_float_equal(chain[0], 5, 1e-9);
	assert_float_equal(chain[1], 17, 1e-9);
	assert_float_equal(chain[2], 30, 1e-9);
	assert_float_equal(chain[3], 100, 1e-9);
	assert_false(spread(full, 3, 12, 0, 20));
	assert_float_equal(full[0], 1, 1e-9);
	assert_int_equal(spread_room(12, 0, 24), 3);
	assert_int_equal(spread_room(12, 10, 5), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ticks),
	    cmocka_unit_test(test_any_range),
	    cmocka_unit_test(test_place),
	    cmocka_unit_test(test_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
