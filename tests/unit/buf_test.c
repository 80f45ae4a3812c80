/* Buffers: a maximum that holds, an error that sticks. */
#include "base/buf.h"
#include "test.h"

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
	    cmocka_unit_test(every_length_has_its_nul),
	    cmocka_unit_test(what_does_not_fit_sticks),
	    cmocka_unit_test(some_of_it_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
