/* Names: found again among thousands. */
#include "base/names.h"
#include "test.h"

static void added_once_and_found(void **state)
{
	struct names set = {0};
	size_t at = 77;

	assert_false(names_find(&set, "a", &at));
	assert_int_equal(at, 77);
	for (size_t i = 0; i < 5000; i++)
		assert_true(names_add(
		    *state, &set, arena_printf(*state, "n%zu", i), i));
	assert_true(names_add(*state, &set, "", 5000));
	assert_int_equal(set.n, 5001);
	for (size_t i = 0; i < 5000; i++) {
		const char *name = arena_printf(*state, "n%zu", i);

		assert_false(names_add(*state, &set, name, 0));
		assert_true(names_find(&set, name, &at));
		assert_int_equal(at, i);
	}
	assert_true(names_find(&set, "", NULL));
	assert_false(names_find(&set, "n5000", &at));
	assert_int_equal(set.n, 5001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(added_once_and_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
