#include "panel/pace.h"
#include "test.h"

#define DAY 86400

static struct point points[64];

/* A series of a source that is asked each three hours. */
static struct series made(const int64_t *times, size_t n)
{
	for (size_t i = 0; i < n; i++)
		points[i] = (struct point){times[i], 1, 1, 1};
	return (struct series){.every = 3 * 3600, .points = points, .n = n};
}

static int64_t kept(const int64_t *times, size_t n)
{
	struct arena *a = arena_new();
	struct series s = made(times, n);

	series_keep_pace(a, &s);
	arena_free(a);
	return s.every;
}

static void what_comes_daily_is_daily(void **state)
{
	const int64_t daily[] = {0, DAY, 2 * DAY - 900, 3 * DAY, 4 * DAY + 60};
	const int64_t holiday[] = {0, DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY,
	    6 * DAY, 7 * DAY, 8 * DAY, 9 * DAY, 24 * DAY};

	(void)state;
	assert_int_equal(kept(daily, 5), DAY + 60);
	assert_int_equal(kept(holiday, 11), DAY);
}

static void a_source_that_was_away_is_as_frequent_as_before(void **state)
{
	int64_t times[40];

	(void)state;
	for (int i = 0; i < 40; i++)
		times[i] = 3 * 3600 * i + (i > 9) * DAY + (i > 20) * DAY +
			   (i > 30) * DAY;
	assert_int_equal(kept(times, 40), 3 * 3600);
	assert_int_equal(kept((const int64_t[]){0, DAY, 2 * DAY}, 3), 3 * 3600);
	assert_int_equal(kept(NULL, 0), 3 * 3600);
}

static void nobody_knows_of_one_point(void **state)
{
	struct arena *a = arena_new();
	struct series s = made((const int64_t[]){5, 65, 125}, 3);

	(void)state;
	assert_int_equal(series_pace(a, &s), 60);
	s.n = 1;
	assert_int_equal(series_pace(a, &s), 0);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_comes_daily_is_daily),
	    cmocka_unit_test(a_source_that_was_away_is_as_frequent_as_before),
	    cmocka_unit_test(nobody_knows_of_one_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
