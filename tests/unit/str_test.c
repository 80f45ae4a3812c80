/* Text: parsed strictly, shown safely. */
#include "base/str.h"
#include "test.h"

#include <math.h>

#define BAD "\xef\xbf\xbd"

static void globs(void **state)
{
	struct strings two = {0};

	assert_true(str_glob("*/cpu", "app1/cpu"));
	assert_true(str_glob("*", "a/b"));
	assert_false(str_glob("*/cpu", "app1/cpus"));
	assert_true(str_glob("app[12]/?", "app2/x"));
	assert_false(str_glob("", "a"));
	assert_true(
	    str_glob("disk{mount=\"a\\\\b\"}", "disk{mount=\"a\\\\b\"}"));
	assert_true(str_glob("a[b", "a[b"));
	assert_false(str_glob_any(&two, "a"));
	strings_add(*state, &two, "b*");
	strings_add(*state, &two, "a");
	assert_true(str_glob_any(&two, "a"));
	assert_true(str_glob_any(&two, "bc"));
	assert_false(str_glob_any(&two, "ab"));
}

static void numbers(void **state)
{
	static const char *const bad[] = {"", " 1", "1 ", "0x10", "1e", "--1",
	    "1.2.3", "nan", "inf", "1e999", "-", ".", "1_0", "infinity"};
	double v;

	(void)state;
	assert_true(str_number("-1.5e3", &v) && v == -1500);
	assert_true(str_number("+.5", &v) && v == 0.5);
	assert_true(str_number("007", &v) && v == 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(str_number(bad[i], &v));
	assert_true(str_real("NaN", &v) && isnan(v));
	assert_true(str_real("+Inf", &v) && v == INFINITY);
	assert_true(str_real("-infinity", &v) && v == -INFINITY);
	assert_true(str_real("2", &v) && v == 2);
	assert_false(str_real("infinite", &v));
	assert_false(str_real("nanx", &v));
}

static void whole_numbers(void **state)
{
	static const char *const bad[] = {"", "-", "+-1", "1.0", "1e3", " 1",
	    "9223372036854775808", "-9223372036854775809", "0x1"};
	int64_t v;

	(void)state;
	assert_true(str_int("9223372036854775807", &v) && v == INT64_MAX);
	assert_true(str_int("-9223372036854775808", &v) && v == INT64_MIN);
	assert_true(str_int("+5", &v) && v == 5);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(str_int(bad[i], &v));
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		double seconds;
	} good[] = {{"90", 90}, {"90s", 90}, {"500ms", 0.5}, {"15m", 900},
	    {"1.5h", 5400}, {"14d", 14 * 86400.0}, {"2w", 14 * 86400.0},
	    {"1mo", 30 * 86400.0}, {"1y", 365 * 86400.0}, {"0", 0}};
	static const char *const bad[] = {"", "s", "-5s", "5 s", "5S", "1h30m",
	    "1e3s", "5min", "1..2s", "00000000000000000000000000000001s"};
	double v;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(str_duration(good[i].text, &v));
		assert_true(v == good[i].seconds);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(str_duration(bad[i], &v));
}

static void sizes(void **state)
{
	uint64_t v;

	(void)state;
	assert_true(str_size("512", &v) && v == 512);
	assert_true(str_size("512B", &v) && v == 512);
	assert_true(str_size("1.5KB", &v) && v == 1536);
	assert_true(str_size("4MB", &v) && v == 4 << 20);
	assert_true(str_size("2GB", &v) && v == UINT64_C(2) << 30);
	assert_true(str_size("1TB", &v) && v == UINT64_C(1) << 40);
	assert_false(str_size("-1", &v));
	assert_false(str_size("1kb", &v));
	assert_false(str_size("9999999999999TB", &v));
	assert_false(str_size("", &v));
}

static void lines(void **state)
{
	struct span rest = {"a\r\n\nb\r\r\nlast", 12}, line;

	(void)state;
	assert_true(str_line(&rest, &line) && span_eq(line, "a"));
	assert_true(str_line(&rest, &line) && span_eq(line, ""));
	assert_true(str_line(&rest, &line) && span_eq(line, "b\r"));
	assert_true(str_line(&rest, &line) && span_eq(line, "last"));
	assert_false(str_line(&rest, &line));
	assert_true(span_eq(str_trim((struct span){" \t x y \n", 8}), "x y"));
	assert_true(span_eq(str_trim((struct span){"  ", 2}), ""));
}

/* Also into every smaller buffer: a prefix, whole characters, a NUL. */
static void cleans_n(const char *text, size_t n, const char *expected)
{
	char out[256];
	size_t len = strlen(expected);

	assert_true(len < sizeof(out));
	str_clean_into(out, sizeof(out), text, n);
	assert_string_equal(out, expected);
	assert_true(str_is_clean(out, len));
	assert_int_equal(
	    str_is_clean(text, n), len == n && memcmp(text, out, n) == 0);
	for (size_t size = 1; size <= len; size++) {
		memset(out, 'X', sizeof(out));
		str_clean_into(out, size, text, n);
		assert_true(strlen(out) < size);
		assert_true(size - strlen(out) <= 4);
		assert_memory_equal(out, expected, strlen(out));
		assert_true(str_utf8_valid(out, strlen(out)));
	}
}

static void cleans(const char *text, const char *expected)
{
	cleans_n(text, strlen(text), expected);
}

static void plain_text_stays(void **state)
{
	(void)state;
	cleans("", "");
	/* What would turn the text around is seen instead. */
	cleans("a\xe2\x80\xae"
	       "b\xe2\x81\xa6",
	    "a\xef\xbf\xbd"
	    "b\xef\xbf\xbd");
	cleans("\xe2\x80\xaf\xe2\x81\xaa", "\xe2\x80\xaf\xe2\x81\xaa");
	cleans("plain <script> & \"text\"", "plain <script> & \"text\"");
	cleans("h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	    "h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
	cleans("one\ntwo", "one\ntwo");
	cleans("one\ttwo", "one two");
}

static void controls_are_shown(void **state)
{
	(void)state;
	cleans_n("a\0b", 3, "a" BAD "b");
	cleans("\001\177\r\b", BAD BAD BAD BAD);
	cleans("\xc2\x80\xc2\x9b"
	       "31m\xc2\xa0",
	    BAD BAD "31m\xc2\xa0");
}

static void bad_bytes_are_shown(void **state)
{
	(void)state;
	cleans("\x80", BAD);
	cleans("\xff\xfe", BAD BAD);
	cleans("\xc3(", BAD "(");
	cleans("\xe2\x82", BAD BAD);
	cleans("\xc0\xaf", BAD BAD);		     /* overlong */
	cleans("\xe0\x80\xaf", BAD BAD BAD);	     /* overlong */
	cleans("\xf0\x80\x80\xaf", BAD BAD BAD BAD); /* overlong */
	cleans("\xed\xa0\x80", BAD BAD BAD);	     /* surrogate */
	cleans("\xf4\x90\x80\x80", BAD BAD BAD BAD); /* beyond U+10FFFF */
	cleans("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf");
	cleans("\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80");
}

static void escapes_are_removed(void **state)
{
	(void)state;
	cleans("\033[31mred\033[0m", "red");
	cleans("\033[38;5;196mx\033[K", "x");
	cleans("\033]0;title\ax", "x");
	cleans("\033]8;;http://x\033\\link\033]8;;\033\\", "link");
	cleans("\033Pq#0\033\\x\033^pm\033\\y", "xy");
	cleans("\033(Bx\0337y\033=z", "xyz");
}

/* What follows a broken one is not eaten with it. */
static void broken_escapes_end_where_another_thing_begins(void **state)
{
	(void)state;
	cleans("\033[31\ntwo", "\ntwo");
	cleans("\033[\xc3\xa9", "\xc3\xa9");
	cleans("\033\xc3\xa9", BAD "\xc3\xa9");
	cleans("\033]0;open\ntwo", "\ntwo");
	cleans("\033]0;open\033[1mx", "x");
	cleans("\033", BAD);
	cleans("\033\033[1mx", BAD "x");
	cleans("\033[1", "");
	cleans("\033]", "");
	cleans("\033(", "");
}

static void bounded_copies(void **state)
{
	assert_string_equal(str_clean(*state, "\xe2\x82\xac\xe2\x82\xac", 6, 5),
	    "\xe2\x82\xac");
	assert_string_equal(str_clean(*state, "abc", 3, 2), "ab");
	assert_string_equal(str_clean(*state, "abc", 3, 0), "");
	assert_string_equal(str_clean(*state, "\xff\xff", 2, 100), BAD BAD);
}

static void where_a_cut_text_is_whole(void **state)
{
	(void)state;
	assert_int_equal(str_whole("ab", 2), 2);
	assert_int_equal(str_whole("a\xc3\xa9", 3), 3);
	assert_int_equal(str_whole("a\xc3", 2), 1);
	assert_int_equal(str_whole("a\xf0\x9f\x98", 4), 1);
	assert_int_equal(str_whole("a\xf0\x9f\x98\x80", 5), 5);
	assert_int_equal(str_whole("", 0), 0);
	assert_int_equal(str_whole("\x80", 1), 1);
}

static void one_line(void **state)
{
	char text[] = "a\nb\n";

	(void)state;
	str_one_line(text);
	assert_string_equal(text, "a b ");
}

static void nearest(void **state)
{
	struct strings words = {0};
	char big[200];

	strings_add(*state, &words, "timeout");
	strings_add(*state, &words, "title");
	strings_add(*state, &words, "every");
	assert_string_equal(str_nearest("timout", &words), "timeout");
	assert_string_equal(str_nearest("tilte", &words), "title");
	assert_string_equal(str_nearest("evry", &words), "every");
	assert_null(str_nearest("colour", &words));
	assert_null(str_nearest("", &words));
	memset(big, 't', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_null(str_nearest(big, &words));
}

static void slugs(void **state)
{
	char big[500];

	assert_string_equal(str_slug(*state, "CPU (app1) %"), "cpu-app1");
	assert_string_equal(str_slug(*state, "--a--b--"), "a-b");
	assert_string_equal(str_slug(*state, "\xc3\xa9"), "x");
	assert_string_equal(str_slug(*state, "../../etc"), "etc");
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_int_equal(strlen(str_slug(*state, big)), STR_SLUG_MAX);
}

static void equality(void **state)
{
	(void)state;
	assert_true(str_eq(NULL, NULL));
	assert_false(str_eq(NULL, ""));
	assert_true(str_eq("a", "a"));
	assert_true(str_starts("abc", "ab"));
	assert_false(str_starts("a", "ab"));
}

static void percent(void **state)
{
	assert_string_equal(str_percent(*state, "Az09-._~"), "Az09-._~");
	assert_string_equal(str_percent(*state, "'My log'!A:\xc3\xa9/%"),
	    "%27My%20log%27%21A%3A%C3%A9%2F%25");
	assert_string_equal(str_percent(*state, ""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(globs),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(whole_numbers),
	    cmocka_unit_test(durations),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(lines),
	    cmocka_unit_test(plain_text_stays),
	    cmocka_unit_test(controls_are_shown),
	    cmocka_unit_test(bad_bytes_are_shown),
	    cmocka_unit_test(escapes_are_removed),
	    cmocka_unit_test(broken_escapes_end_where_another_thing_begins),
	    arena_test(bounded_copies),
	    cmocka_unit_test(where_a_cut_text_is_whole),
	    cmocka_unit_test(one_line),
	    arena_test(nearest),
	    arena_test(slugs),
	    cmocka_unit_test(equality),
	    arena_test(percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
