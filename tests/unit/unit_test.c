#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chart/unit.h"

static const struct {
	const char *unit;
	double value;
	const char *want;
} cases[] = {
    {"percent", 25, "25 %"},
    {"percent", 25.34, "25.3 %"},
    {"percent", 76.0001, "76.0 %"},
    {"percent", 183.2, "183.2 %"},
    {"percent", 0.746, "0.7 %"},
    {"percent", 1.754, "1.8 %"},
    {"percent", 0.05, "0.05 %"},
    {"%", 9.996, "10.0 %"},
    {"bytes", 0, "0 B"},
    {"bytes", 412, "412 B"},
    {"bytes", 1023, "0.999 KB"},
    {"bytes", 1024, "1 KB"},
    {"bytes", 3328599654.0, "3.10 GB"},
    {"bytes", 432013312, "412 MB"},
    {"bytes", 1099511627776.0, "1 TB"},
    {"bytes", -2048, "−2 KB"},
    {"bytes/s", 1536, "1.5 KB/s"},
    {"bytes per second", 1536, "1.5 KB/s"},
    {"bits/s", 40e6, "40 Mbit/s"},
    {"seconds", 0, "0 s"},
    {"seconds", 0.0000012, "1.2 µs"},
    {"seconds", 0.35, "350 ms"},
    {"seconds", 12, "12 s"},
    {"seconds", 89, "89 s"},
    {"seconds", 90, "1.5 min"},
    {"seconds", 5400, "1.5 h"},
    {"seconds", 1071360, "12.4 d"},
    {"ms", 350, "350 ms"},
    {"ms", 2500, "2.5 s"},
    {"count", 1204, "1,204"},
    {"count", 999999, "999,999"},
    {"count", 1234567, "1.23 M"},
    {"count", 2e9, "2 bn"},
    {"count", -1204, "−1,204"},
    {"", 0.4249, "0.425"},
    {NULL, 7, "7"},
    {"count/s", 744, "744 /s"},
    {"/s", 744.25, "744 /s"},
    {"per second", 1.5, "1.5 /s"},
    {"orders/s", 3, "3 orders/s"},
    {"duration", 3343, "55:43"},
    {"duration", 4325.4, "1:12:05"},
    {"duration", 59.6, "1:00"},
    {"duration", 0, "0:00"},
    {"duration", -61, "−1:01"},
    {"duration", 360000, "100:00:00"},
    {"pace", 321, "5:21 /km"},
    {"kg", 76.4, "76.4 kg"},
    {"km", 10.44, "10.4 km"},
    {"m/s", 3.25, "3.25 m/s"},
    {"celsius", -5, "−5 °C"},
    {"pigs", 123456.7, "123,457 pigs"},
    {"pigs", 3e15, "3e15 pigs"},
    {"pigs", 1.25e-9, "1.25e-9 pigs"},
    {"pigs", 5e-324, "4.94e-324 pigs"},
    {"pigs", -1e308, "−1e308 pigs"},
    {"pigs", -0.0, "0 pigs"},
    {"percent", NAN, "–"},
    {"count", INFINITY, "∞"},
    {"count", -INFINITY, "−∞"},
    {"<b>", 1, "1 <b>"},
};

static void test_text(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    unit_text(a, cases[i].unit, cases[i].value), cases[i].want);
	arena_free(a);
}

static void test_number(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(unit_number(a, 11, 1), "11.0");
	assert_string_equal(unit_number(a, 1234567.891, 2), "1,234,567.89");
	assert_string_equal(unit_number(a, -0.001, 1), "0.0");
	assert_string_equal(unit_whole(a, 1203.6), "1,204");
	assert_int_equal(unit_decimals(9.996), 1);
	assert_int_equal(unit_decimals(9.994), 2);
	assert_int_equal(unit_decimals(0.0123), 4);
	assert_int_equal(unit_decimals(12345), 0);
	arena_free(a);
}

static void test_scale_in_common(void **state)
{
	struct arena *a = arena_new();
	struct unit_scale gb = unit_scale(a, "bytes/s", 5e9);
	struct unit_scale kg = unit_scale(a, "kg", 5e9);

	(void)state;
	assert_string_equal(gb.suffix, "GB/s");
	assert_float_equal(gb.divisor, 1073741824, 1e-9);
	assert_true(gb.scales);
	assert_string_equal(kg.suffix, "kg");
	assert_false(kg.scales);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_number),
	    cmocka_unit_test(test_scale_in_common),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
