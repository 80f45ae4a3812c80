/* JSON: what is written can always be read. */
#include "base/json.h"
#include "test.h"

#include <math.h>

static void writes(const struct json *j, int indent, const char *expected)
{
	struct buf b;
	struct err e;

	buf_init(&b, 65536);
	json_write(j, indent, &b);
	assert_string_equal(buf_text(&b), expected);
	assert_int_equal(json_check(b.data, b.len, &e), 0);
	buf_free(&b);
}

static void everything_in_the_order_it_was_put(void **state)
{
	struct json *j = json_object_new(), *array, *object;

	(void)state;
	json_put_text(j, "z", "text");
	json_put_int(j, "a", INT64_MIN);
	json_put_real(j, "r", 0.1);
	json_put_bool(j, "b", true);
	json_put_text(j, "none", NULL);
	array = json_put_array(j, "list");
	json_add_text(array, "");
	json_add_int(array, 1);
	json_add_real(array, 2.5);
	json_put_int(json_add_object(array), "x", 1);
	json_add_int(json_add_array(array), 2);
	object = json_put_object(j, "empty");
	writes(j, 0,
	    "{\"z\":\"text\",\"a\":-9223372036854775808,\"r\":0.1,\"b\":true,"
	    "\"list\":[\"\",1,2.5,{\"x\":1},[2]],\"empty\":{}}");
	json_put_int(object, "k", 1);
	json_free(j);
	json_free(NULL);
}

static void indented(void **state)
{
	struct json *j = json_array_new();

	(void)state;
	json_add_int(j, 1);
	writes(j, 2, "[\n  1\n]");
	json_free(j);
}

static void what_json_has_not(void **state)
{
	struct json *j = json_object_new();

	(void)state;
	json_put_real(j, "nan", NAN);
	json_put_real(j, "inf", -INFINITY);
	json_put_text(j, "bytes", "a\xff\x01\"\\\n");
	json_put_int(j, "key\xff", 1);
	json_put_int(json_put_object(j, "\xc3"), "in", 1);
	writes(j, 0,
	    "{\"nan\":null,\"inf\":null,"
	    "\"bytes\":\"a\xef\xbf\xbd\xef\xbf\xbd\\\"\\\\\\n\","
	    "\"key\xef\xbf\xbd\":1,\"\xef\xbf\xbd\":{\"in\":1}}");
	json_free(j);
}

static void a_full_buffer_is_a_failure(void **state)
{
	struct json *j = json_array_new();
	struct buf b;

	(void)state;
	json_add_text(j, "0123456789");
	buf_init(&b, 8);
	json_write(j, 0, &b);
	assert_true(b.failed);
	buf_free(&b);
	json_free(j);
}

static void bad_documents(void **state)
{
	static const struct {
		const char *text, *sentence;
	} bad[] = {
	    {"", "not JSON: line 1, column 0: unexpected token near end of "
		 "file"},
	    {"{\"a\": 1,", "not JSON: line 1, column 8: string or '}' expected "
			   "near end of file"},
	    {"[1]\n[2]", "not JSON: line 2, column 1: end of file expected "
			 "near '['"},
	    {"\"\xff\"", "not JSON: line 1, column 1: unable to decode byte "
			 "0xff near '\"'"},
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    json_check(bad[i].text, strlen(bad[i].text), &e), -1);
		assert_string_equal(e.text, bad[i].sentence);
	}
}

static void deep_documents(void **state)
{
	char text[20001];
	struct err e;

	(void)state;
	memset(text, '[', 10000);
	memset(text + 10000, ']', 10000);
	assert_int_equal(json_check(text, 20000, &e), -1);
	assert_string_equal(e.text, "not JSON: line 1, column 2049: maximum "
				    "parsing depth reached near '['");
	assert_int_equal(json_check(text + 9990, 20, &e), 0);
}

static void odd_but_good_documents(void **state)
{
	static const char *const good[] = {"1", "null", "\"\\u0000\"",
	    "123456789012345678901234567890", " [ 1.5e3 ] ", "{}"};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(json_check(good[i], strlen(good[i]), &e), 0);
}

static void parts_of_a_document(void **state)
{
	static const char text[] =
	    "{\"type\": \"Point\", \"at\": [1, -2.5, \"x\"], \"no\": null}";
	struct err e;
	struct json *j = json_parse(text, sizeof(text) - 1, &e);
	const struct json *at = json_get(j, "at");

	(void)state;
	assert_non_null(j);
	assert_string_equal(json_text_of(json_get(j, "type")), "Point");
	assert_int_equal(json_count(at), 3);
	assert_true(json_number_of(json_at(at, 0)) == 1);
	assert_true(json_number_of(json_at(at, 1)) == -2.5);
	/* what is not there, or something else */
	assert_true(isnan(json_number_of(json_at(at, 2))));
	assert_null(json_at(at, 3));
	assert_null(json_get(j, "none"));
	assert_null(json_get(at, "type"));
	assert_null(json_text_of(at));
	assert_int_equal(json_count(j), 0);
	assert_null(json_get(NULL, "type"));
	assert_int_equal(json_count(NULL), 0);
	assert_true(isnan(json_number_of(NULL)));
	json_free(j);
	assert_null(json_parse("{\"a\": 1, \"a\": 2}", 16, &e));
	assert_string_equal(e.text, "not JSON: line 1, column 12: duplicate "
				    "object key near '\"a\"'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everything_in_the_order_it_was_put),
	    cmocka_unit_test(indented),
	    cmocka_unit_test(what_json_has_not),
	    cmocka_unit_test(a_full_buffer_is_a_failure),
	    cmocka_unit_test(bad_documents),
	    cmocka_unit_test(deep_documents),
	    cmocka_unit_test(odd_but_good_documents),
	    cmocka_unit_test(parts_of_a_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
