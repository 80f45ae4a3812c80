/* Errors: sentences that can be printed as they are. */
#include "test.h"

static void set_says_it_and_clears_the_rest(void **state)
{
	struct err e;

	(void)state;
	memset(&e, 'x', sizeof(e));
	assert_int_equal(err_set(&e, "%s: %d", "thing", 7), -1);
	assert_string_equal(e.text, "thing: 7");
	assert_string_equal(e.hint, "");
	assert_int_equal(e.code, 0);
}

static void code_is_kept(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(err_code(&e, 5, "no"), -1);
	assert_int_equal(e.code, 5);
	err_context(&e, "source %s", "app1");
	assert_string_equal(e.text, "source app1: no");
	assert_int_equal(e.code, 5);
	err_clear(&e);
	assert_int_equal(e.code, 0);
	assert_string_equal(e.text, "");
}

static void an_error_can_be_said_anew_in_its_own_words(void **state)
{
	struct err e = {0};

	(void)state;
	err_set(&e, "refused");
	err_set(&e, "%s, again", e.text);
	assert_string_equal(e.text, "refused, again");
	err_hint(&e, "wait");
	err_code(&e, 3, "%s; %s", e.text, e.hint);
	assert_string_equal(e.text, "refused, again; wait");
	assert_string_equal(e.hint, "");
}

static void a_sentence_is_one_clean_line(void **state)
{
	struct err e = {0};

	(void)state;
	err_set(&e, "banner '\033[31mred\033[0m\r\nfake: ok\001\xff'");
	assert_string_equal(e.text,
	    "banner 'red\xef\xbf\xbd fake: ok\xef\xbf\xbd"
	    "\xef\xbf\xbd'");
	err_context(&e, "a\nb");
	assert_memory_equal(e.text, "a b: banner", 11);
}

static void hint_keeps_its_lines(void **state)
{
	struct err e = {0};

	(void)state;
	err_set(&e, "x");
	assert_int_equal(err_hint(&e, "one\ntwo"), -1);
	assert_string_equal(e.hint, "one\ntwo");
}

static void a_long_hint_is_not_cut_inside_a_line(void **state)
{
	struct err e = {0};
	char rest[ERR_HINT_MAX + 1];

	(void)state;
	memset(rest, 'a', sizeof(rest) - 1);
	rest[sizeof(rest) - 1] = '\0';
	err_set(&e, "x");
	err_hint(&e, "short\n%s", rest);
	assert_string_equal(e.hint, "short");
	err_hint(&e, "rm %s", rest);
	assert_string_equal(e.hint, "");
}

static void a_long_text_is_not_cut_inside_a_character(void **state)
{
	struct err e = {0};
	char text[2 * ERR_TEXT_MAX + 1];

	(void)state;
	for (size_t shift = 0; shift < 2; shift++) {
		memset(text, 'a', shift);
		for (size_t i = shift; i + 1 < sizeof(text); i += 2)
			memcpy(text + i, "\xc3\xa9", 2);
		text[sizeof(text) - 1] = '\0';
		err_set(&e, "%s", text);
		assert_null(strstr(e.text, "\xef\xbf\xbd"));
		assert_in_range(
		    strlen(e.text), ERR_TEXT_MAX - 3, ERR_TEXT_MAX - 1);
		err_context(&e, "context");
		assert_null(strstr(e.text, "\xef\xbf\xbd"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(set_says_it_and_clears_the_rest),
	    cmocka_unit_test(code_is_kept),
	    cmocka_unit_test(an_error_can_be_said_anew_in_its_own_words),
	    cmocka_unit_test(a_sentence_is_one_clean_line),
	    cmocka_unit_test(hint_keeps_its_lines),
	    cmocka_unit_test(a_long_hint_is_not_cut_inside_a_line),
	    cmocka_unit_test(a_long_text_is_not_cut_inside_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
