/* Buffers: a maximum that holds, an error that sticks. */
#include "base/buf.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void adds_up(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_string_equal(buf_text(&b), "");
	buf_str(&b, "one");
	buf_char(&b, ' ');
	buf_add(&b, "two\0", 4);
	buf_printf(&b, "%d", 3);
	assert_false(b.failed);
	assert_int_equal(b.len, 9);
	assert_memory_equal(b.data, "one two\0003", 10);
	buf_reset(&b);
	assert_string_equal(buf_text(&b), "");
	buf_str(&b, "x");
	assert_string_equal(buf_text(&b), "x");
	buf_free(&b);
	assert_int_equal(b.max, 1000);
	assert_null(b.data);
}

/* Numbers are printed as printf() does, the short ones and all others. */
static void numbers(void **state)
{
	static const double some[] = {0, -0.0, 1, -1, 0.1, -0.25, 0.001, 0.0009,
	    1e-4, 1.0005, 100, 99.9, 123456.789, -273.15, 1e14, 1e15, -1e15,
	    999999999999999, 99999999999.9999, 1.0 / 3, 1e300, 5e-324, INFINITY,
	    -INFINITY, NAN};
	uint64_t seed = 1;
	char wanted[40];
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	for (size_t i = 0; i < 200000; i++) {
		double v;

		seed = seed * 6364136223846793005 + 1442695040888963407;
		v = i < sizeof(some) / sizeof(*some) ? some[i]
		    : i % 2 == 0
			? (double)((int64_t)seed >> (seed % 60)) / 1000
			: ldexp((double)(int64_t)seed, (int)(i % 120) - 90);
		buf_reset(&b);
		buf_number(&b, v);
		snprintf(wanted, sizeof(wanted), "%.15g", v);
		assert_string_equal(buf_text(&b), wanted);
	}
	buf_free(&b);
}

/* Printed text that does not fit leaves what was there. */
static void printf_at_the_end_of_room(void **state)
{
	struct buf b;

	(void)state;
	for (size_t n = 0; n < 600; n++) {
		buf_init(&b, 600);
		for (size_t i = 0; i < n; i++)
			buf_char(&b, 'x');
		buf_printf(&b, "%s%d", "four", 1234);
		assert_int_equal(b.failed, n + 8 > 600);
		assert_int_equal(b.len, b.failed ? n : n + 8);
		assert_int_equal(strlen(buf_text(&b)), b.len);
		buf_free(&b);
	}
}

static void every_length_has_its_nul(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5000);
	for (size_t i = 0; i < 5000; i++) {
		buf_char(&b, 'x');
		assert_int_equal(b.data[b.len], '\0');
	}
	assert_false(b.failed);
	assert_int_equal(b.len, 5000);
	buf_free(&b);
}

static void what_does_not_fit_sticks(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_str(&b, "abc");
	buf_str(&b, "de");
	assert_true(b.failed);
	buf_char(&b, 'd');
	buf_printf(&b, "d");
	assert_string_equal(buf_text(&b), "abc");
	buf_reset(&b);
	assert_false(b.failed);
	buf_printf(&b, "%d", 1234);
	assert_false(b.failed);
	buf_printf(&b, "%d", 5);
	assert_true(b.failed);
	assert_string_equal(buf_text(&b), "1234");
	buf_free(&b);
}

static void some_of_it_fits(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	assert_true(buf_add_some(&b, "abc", 3));
	assert_false(buf_add_some(&b, "def", 3));
	assert_string_equal(buf_text(&b), "abcd");
	assert_true(b.failed);
	assert_false(buf_add_some(&b, "", 0));
	buf_free(&b);
	buf_init(&b, 0);
	assert_true(buf_add_some(&b, "", 0));
	assert_false(buf_add_some(&b, "a", 1));
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(adds_up),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(printf_at_the_end_of_room),
	    cmocka_unit_test(every_length_has_its_nul),
	    cmocka_unit_test(what_does_not_fit_sticks),
	    cmocka_unit_test(some_of_it_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
