/* Samples and cells as few bytes, and back bit for bit. */
#include "store_rig.h"

#include <float.h>

#include "store/codec.h"

#define N 500

static int64_t ts[CODEC_MAX], ts_back[CODEC_MAX];
static double values[CODEC_MAX], values_back[CODEC_MAX];

/* The bytes that n samples take, which come back. */
static size_t bytes_of(size_t n)
{
	struct buf b;
	size_t len;

	buf_init(&b, (size_t)4 * 1024 * 1024);
	codec_put_samples(&b, ts, values, n);
	assert_false(b.failed);
	assert_int_equal(codec_get_samples((struct span){b.data, b.len},
			     ts_back, values_back),
	    n);
	assert_memory_equal(ts, ts_back, n * sizeof(*ts));
	assert_memory_equal(values, values_back, n * sizeof(*values));
	len = b.len;
	buf_free(&b);
	return len;
}

static void minutes(size_t n)
{
	for (size_t i = 0; i < n; i++)
		ts[i] = T0 + 60 * (int64_t)i;
}

static double from_bits(uint64_t u)
{
	double v;

	memcpy(&v, &u, sizeof(v));
	return v;
}

static uint64_t dice(void)
{
	return (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^
	       (uint64_t)rand();
}

static void what_monitors_see_is_small(void **state)
{
	(void)state;
	srand(1);
	minutes(N);
	for (size_t i = 0; i < N; i++)
		values[i] = 42.5;
	assert_true(bytes_of(N) < 30);
	for (size_t i = 0; i < N; i++)
		values[i] = (double)(rand() % 1000) / 10;
	assert_true(bytes_of(N) < N * 3 / 2);
	/* Rates of counters, which are decimals of nothing. */
	for (size_t i = 0; i < N; i++)
		values[i] = (double)(rand() % 1000) / 60;
	assert_true(bytes_of(N) < N * 3 / 2);
	/* Sizes in blocks, also below zero. */
	for (size_t i = 0; i < N; i++)
		values[i] = 4096.0 * (rand() % 64 - 20);
	assert_true(bytes_of(N) < N);
	for (size_t i = 0; i < N; i++)
		values[i] = (double)(rand() % 1000) / 60;
	/* A few that are not like the others. */
	values[7] = 1.0 / 3;
	values[N - 1] = -0.0;
	assert_true(bytes_of(N) < N * 3 / 2 + 30);
	/* No pattern costs more than the doubles and a little. */
	for (size_t i = 0; i < N; i++)
		values[i] = from_bits(dice());
	assert_true(bytes_of(N) < 8 * N + 30);
}

static void every_double_comes_back(void **state)
{
	static const double odd[] = {0.0, -0.0, DBL_MIN, DBL_TRUE_MIN, DBL_MAX,
	    -DBL_MAX, 9007199254740992.0, 9007199254740994.0, 4.7e18, -4.7e18,
	    0.1, 1e-9, 1e-10, 123456789.987654321, INFINITY, -INFINITY};
	size_t n = sizeof(odd) / sizeof(odd[0]);

	(void)state;
	srand(2);
	minutes(N);
	for (size_t i = 0; i < N; i++)
		values[i] = odd[i % n];
	bytes_of(N);
	for (size_t i = 0; i < n; i++) {
		values[0] = odd[i];
		bytes_of(1);
	}
	/* A NaN keeps its payload. */
	values[3] = from_bits(0x7ff8dead00000001);
	values[4] = from_bits(0xfff0000000000001);
	bytes_of(8);
	for (int round = 0; round < 300; round++) {
		size_t len = 1 + (size_t)rand() % N;

		for (size_t i = 0; i < len; i++)
			values[i] = rand() % 3 == 0 ? odd[(size_t)rand() % n]
				    : rand() % 2    ? from_bits(dice())
						    : (double)(rand() % 50);
		bytes_of(len);
	}
}

static void times_may_stray(void **state)
{
	size_t even, stray;

	(void)state;
	srand(3);
	minutes(N);
	for (size_t i = 0; i < N; i++)
		values[i] = 1;
	even = bytes_of(N);
	for (size_t i = 0; i < N; i++)
		ts[i] += rand() % 2;
	stray = bytes_of(N);
	assert_true(stray > even && stray < even + N / 3);
	for (size_t i = 1; i < N; i++)
		ts[i] = ts[i - 1] + 1 + rand() % 1000000;
	bytes_of(N);
	ts[0] = 1;
	ts[1] = INT64_C(1) << 37;
	bytes_of(2);
	for (size_t i = 0; i < CODEC_MAX; i++) {
		ts[i] = T0 + (int64_t)i;
		values[i] = (double)i;
	}
	bytes_of(CODEC_MAX);
}

static void cells_come_back(void **state)
{
	static struct cell c[N], back[N];
	struct buf b;

	(void)state;
	srand(4);
	for (int kind = 0; kind < 3; kind++) {
		for (size_t i = 0; i < N; i++) {
			double low = kind == 0	 ? rand() % 100 / 4.0
				     : kind == 1 ? (double)rand() / 7
						 : 1.6e308;

			c[i] = (struct cell){300 * (int64_t)(i + i / 7),
			    1 + rand() % 5, low, low + (kind == 0), 0};
			c[i].sum = (long double)low * c[i].count;
		}
		buf_init(&b, 1 << 20);
		codec_put_cells(&b, c, N, 300);
		assert_int_equal(
		    codec_get_cells((struct span){b.data, b.len}, back, 300),
		    N);
		for (size_t i = 0; i < N; i++) {
			assert_int_equal(c[i].ts, back[i].ts);
			assert_int_equal(c[i].count, back[i].count);
			assert_true(c[i].min == back[i].min);
			assert_true(c[i].max == back[i].max);
			assert_true(fabsl(c[i].sum - back[i].sum) <=
				    fabsl(c[i].sum) * 1e-15L);
		}
		buf_free(&b);
	}
}

/* Of rates, which have all of a double's digits. */
static void cells_of_rates_are_small(void **state)
{
	static struct cell c[N], back[N];
	struct buf b;

	(void)state;
	srand(6);
	for (size_t i = 0; i < N; i++)
		c[i] = (struct cell){300 * (int64_t)i, 5,
		    (double)(rand() % 500) / 60,
		    (double)(500 + rand() % 500) / 60,
		    (double)(rand() % 5000) / 60.0};
	buf_init(&b, 1 << 20);
	codec_put_cells(&b, c, N, 300);
	assert_true(b.len < 6 * N);
	assert_int_equal(
	    codec_get_cells((struct span){b.data, b.len}, back, 300), N);
	for (size_t i = 0; i < N; i++)
		assert_true(c[i].min == back[i].min &&
			    c[i].max == back[i].max && c[i].sum == back[i].sum);
	buf_free(&b);
}

static void sums_of_decimals_are_decimal(void **state)
{
	const double tenths[] = {0.1, 0.2, 0.3, 0.1};
	const double huge[] = {1.7e308, 1.7e308};
	const double rates[] = {7.0 / 60, 22.0 / 60, 1.0 / 60};

	(void)state;
	assert_true((double)codec_sum(tenths, 4, 60) == 0.7);
	assert_true((double)codec_sum(rates, 3, 60) == 0.5);
	assert_true(codec_sum(huge, 2, 60) == 2 * (long double)1.7e308);
}

/* Flipped, cut and made up: an error or other values, and times in order. */
static void damage_is_survived(void **state)
{
	struct buf b;

	(void)state;
	srand(5);
	minutes(N);
	for (size_t i = 0; i < N; i++)
		values[i] = rand() % 9 ? (double)(rand() % 90) : 1.0 / 3;
	buf_init(&b, 1 << 20);
	codec_put_samples(&b, ts, values, N);
	assert_int_equal(codec_get_samples((struct span){b.data, b.len / 2},
			     ts_back, values_back),
	    0);
	assert_int_equal(
	    codec_get_samples((struct span){"", 0}, ts_back, values_back), 0);
	for (size_t i = 0; i < 8 * b.len; i++) {
		size_t n;

		b.data[i / 8] ^= (char)(1 << i % 8);
		n = codec_get_samples(
		    (struct span){b.data, b.len}, ts_back, values_back);
		for (size_t j = 1; j < n; j++)
			assert_true(ts_back[j] > ts_back[j - 1]);
		b.data[i / 8] ^= (char)(1 << i % 8);
	}
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_monitors_see_is_small),
	    cmocka_unit_test(every_double_comes_back),
	    cmocka_unit_test(times_may_stray),
	    cmocka_unit_test(cells_come_back),
	    cmocka_unit_test(cells_of_rates_are_small),
	    cmocka_unit_test(sums_of_decimals_are_decimal),
	    cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
