/* Filling in: whatever a value holds stays where it was put. */
#include "base/json.h"
#include "notify/fill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct fill_value values[] = {
    {"name", "a\"b\\c\n{text} <&> \xc3\xbc", false},
    {"text", "t", false},
    {"json", "{\"x\":1}", true},
};

static void filled(
    enum fill_as as, bool entities, const char *text, const char *want)
{
	struct fill f = {values, 3, as, entities};
	struct buf b;

	buf_init(&b, 4096);
	fill_in(&f, text, &b);
	assert_string_equal(buf_text(&b), want);
	buf_free(&b);
}

static void values_are_escaped_for_their_place(void **state)
{
	(void)state;
	filled(FILL_TEXT, false, "<{name}>", "<a\"b\\c\n{text} <&> \xc3\xbc>");
	filled(FILL_JSON, false, "{\"n\":\"{name}\",\"j\":{json}}",
	    "{\"n\":\"a\\\"b\\\\c\\n{text} <&> \xc3\xbc\",\"j\":{\"x\":1}}");
	filled(FILL_JSON, true, "\"{name}\"",
	    "\"a\\\"b\\\\c\\n{text} &lt;&amp;&gt; \xc3\xbc\"");
	filled(FILL_FORM, false, "n={name}&t={text}",
	    "n=a%22b%5Cc%0A%7Btext%7D%20%3C%26%3E%20%C3%BC&t=t");
	filled(FILL_HEADER, false, "{name}", "a\"b\\c?{text} <&> ??");
}

static void braces_without_a_name_are_text(void **state)
{
	(void)state;
	filled(FILL_JSON, false,
	    "{} { \"text\": {\"text\": \"{text}\"} }{te xt}",
	    "{} { \"text\": {\"text\": \"t\"} }{te xt}");
	filled(FILL_TEXT, false, "{unknown} {", "{unknown} {");
	assert_true(fill_has("a {text}", "text"));
	assert_false(fill_has("a {texts} {tex}", "text"));
}

static void unknown_names_are_faults(void **state)
{
	const struct node at = {.file = "f", .line = 1, .col = 2, .text = ""};
	struct fill f = {values, 3, FILL_TEXT, false};
	struct faults faults = {.arena = arena_new()};

	(void)state;
	fill_check(&f, "{text} {txet} {} {json}", "body", &at, &faults);
	assert_int_equal(faults.n, 1);
	assert_string_equal(faults.items[0].text,
	    "body: nothing is known as {txet}; did you mean {text}?");
	arena_free(faults.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_escaped_for_their_place),
	    cmocka_unit_test(braces_without_a_name_are_text),
	    cmocka_unit_test(unknown_names_are_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
