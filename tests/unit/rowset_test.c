/* Rows of SQL on their way: written, read, and what is no rowset. */
#include "test.h"

#include "model/rowset.h"

#include <string.h>

static void there_and_back(void **state)
{
	struct rowset_item item;
	struct span rest;
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	rowset_put(&b, ROWSET_QUERY, "", 0);
	rowset_put(&b, ROWSET_COLUMN, "name", 4);
	rowset_put(&b, ROWSET_TEXT, "a\0b\0", 4);
	rowset_put(&b, ROWSET_NULL, "", 0);
	rest = (struct span){b.data, b.len};
	assert_int_equal(rowset_next(&rest, &item), 1);
	assert_int_equal(item.tag, ROWSET_QUERY);
	assert_string_equal(item.text, "");
	assert_int_equal(rowset_next(&rest, &item), 1);
	assert_int_equal(item.tag, ROWSET_COLUMN);
	assert_string_equal(item.text, "name");
	assert_int_equal(rowset_next(&rest, &item), 1);
	assert_string_equal(item.text, "a\1b\1");
	assert_int_equal(rowset_next(&rest, &item), 1);
	assert_int_equal(item.tag, ROWSET_NULL);
	assert_int_equal(rowset_next(&rest, &item), 0);
	buf_free(&b);
}

static void no_rowset(void **state)
{
	struct rowset_item item;
	struct span no_end = {"Qx", 2}, no_tag = {"x\0", 2}, nul = {"\0", 1};

	(void)state;
	assert_int_equal(rowset_next(&no_end, &item), -1);
	assert_int_equal(rowset_next(&no_tag, &item), -1);
	assert_int_equal(rowset_next(&nul, &item), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(there_and_back),
	    cmocka_unit_test(no_rowset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
