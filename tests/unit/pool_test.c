/* Work on several threads: each piece once, by one worker at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pool.h"

#define N 1000

struct seen {
	atomic_int times[N];
	atomic_int busy[POOL_MAX];
	atomic_int clashes;
};

static void see(void *ctx, size_t worker, size_t i)
{
	struct seen *s = ctx;

	if (atomic_fetch_add(&s->busy[worker], 1) != 0)
		atomic_fetch_add(&s->clashes, 1);
	atomic_fetch_add(&s->times[i], 1);
	atomic_fetch_sub(&s->busy[worker], 1);
}

static void each_is_done_once(void **state)
{
	static const size_t workers[] = {0, 1, 2, 4, POOL_MAX, POOL_MAX + 1};

	(void)state;
	for (size_t w = 0; w < sizeof(workers) / sizeof(workers[0]); w++) {
		struct seen s = {.clashes = 0};

		pool_each(workers[w], N, see, &s);
		for (size_t i = 0; i < N; i++)
			assert_int_equal(1, s.times[i]);
		assert_int_equal(0, s.clashes);
	}
}

static void nothing_is_nothing(void **state)
{
	struct seen s = {.clashes = 0};

	(void)state;
	pool_each(4, 0, see, &s);
	assert_int_equal(0, s.times[0]);
	assert_in_range(pool_cores(), 1, POOL_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_is_done_once),
	    cmocka_unit_test(nothing_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
