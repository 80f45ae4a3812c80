/* Arenas: zeroed, aligned, apart, and all gone at once. */
#include "test.h"

#include <stdalign.h>

static void comes_zeroed_aligned_and_apart(void **state)
{
	unsigned char *p[400];

	for (size_t i = 0; i < 400; i++) {
		size_t n = i * 7 % 1000;

		p[i] = arena_alloc(*state, n);
		assert_int_equal((uintptr_t)p[i] % alignof(max_align_t), 0);
		for (size_t j = 0; j < n; j++)
			assert_int_equal(p[i][j], 0);
		memset(p[i], (int)i, n);
	}
	for (size_t i = 0; i < 400; i++)
		for (size_t j = 0; j < i * 7 % 1000; j++)
			assert_int_equal(p[i][j], i & 0xff);
}

static void large_blocks_leave_small_ones_whole(void **state)
{
	char *small = arena_strdup(*state, "small"), *large;

	for (int i = 0; i < 3; i++) {
		large = arena_alloc(*state, 1000000);
		memset(large, 'x', 1000000);
		assert_string_equal(small, "small");
		small = arena_strdup(*state, "small");
	}
}

static void copies_of_text(void **state)
{
	assert_null(arena_strdup(*state, NULL));
	assert_string_equal(arena_strdup(*state, ""), "");
	assert_string_equal(arena_strndup(*state, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(*state, NULL, 0), "");
	assert_string_equal(arena_printf(*state, "%s-%d", "a", 5), "a-5");
	assert_memory_equal(arena_copy(*state, "a\0b", 3), "a\0b", 3);
}

static void push_grows_and_keeps(void **state)
{
	int *items = NULL;
	size_t n = 0, cap = 0;

	for (int i = 0; i < 1000; i++) {
		int *last =
		    arena_push((struct arena *)*state, &items, &n, &cap);

		assert_int_equal(*last, 0);
		*last = i;
	}
	assert_int_equal(n, 1000);
	assert_true(cap >= n);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
}

static void reset_and_free(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	arena_alloc(a, 100000);
	arena_reset(a);
	assert_string_equal(arena_strdup(a, "after"), "after");
	arena_free(a);
	arena_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(comes_zeroed_aligned_and_apart),
	    arena_test(large_blocks_leave_small_ones_whole),
	    arena_test(copies_of_text),
	    arena_test(push_grows_and_keeps),
	    cmocka_unit_test(reset_and_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
