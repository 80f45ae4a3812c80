/* The lock: one at a time, gone with its holder. */
#include "base/file.h"
#include "run/lock.h"
#include "test.h"

static void one_at_a_time(void **state)
{
	const char *dir = make_dir(*state);
	const char *store = arena_printf(*state, "%s/db", dir);
	int first, second;
	struct err e;

	assert_int_equal(lock_take(store, &first, &e), 1);
	assert_true(file_exists(arena_printf(*state, "%s.lock", store)));
	assert_int_equal(lock_take(store, &second, &e), 0);
	assert_int_equal(second, -1);
	close(first);
	assert_int_equal(lock_take(store, &second, &e), 1);
	close(second);
	assert_int_equal(
	    lock_take(arena_printf(*state, "%s/x/db", dir), &first, &e), -1);
	assert_int_equal(first, -1);
	assert_string_equal(
	    e.text, arena_printf(*state,
			"%s/x/db.lock: No such file or directory", dir));
	remove_dir(*state, dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(one_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
