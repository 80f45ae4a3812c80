/* What a log line is a case of. */
#include "test.h"

#include "diff/pattern.h"

static void same(const char *line, const char *pattern)
{
	char text[PATTERN_MAX];

	pattern_of(line, text);
	assert_string_equal(text, pattern);
}

static void numbers_and_names_are_left_out(void **state)
{
	(void)state;
	same("took 12ms, 4.2 s, 1,204 rows", "took <n>ms, <n> s, <n> rows");
	same("peer 10.0.0.1:5432 gone", "peer <n> gone");
	same("worker17-b: ok", "worker<n>-b: ok");
	same("from fe80::1 and 52:54:00:12:34:56 at 03:14:15",
	    "from <n> and <n> at <n>");
	same("user \"Ann 7\" said 'no' but don't",
	    "user <text> said <text> but don't");
	same("open /var/log/x.1: no such C:\\tmp\\x",
	    "open <path> no such <path>");
	same("GET https://a.example/x?y=1 200", "GET <url> <n>");
	same("id=8d3f09ab-1111-2222-3333-0123456789ab!", "id=<uuid>!");
	same("at 0x7ffe12, rev 8d3f09ab, cafe, deadbeef",
	    "at <hex>, rev <hex>, cafe, deadbeef");
	same("token=Zx81yyQp77LmNo2k", "token=<id>");
	same("read/write a::b and/or", "read/write a::b and/or");
	same("", "");
	same("plain words stay", "plain words stay");
	same("größe 5 £7", "größe <n> £<n>");
}

static void the_time_it_begins_with_is_left_out(void **state)
{
	(void)state;
	same("2026-11-22T03:14:15Z down", "down");
	same("Nov 22 03:14:15 app sshd[17]: x", "app sshd[<n>]: x");
}

static void hostile_lines_take_their_room(void **state)
{
	static const char *const pieces[] = {"\"", "'", "\"\"", "1 ", "/x\"",
	    "::", "a://", "''\"", "0x", "ä1", "/a ", "\xf0\x9f\x98\x80"};
	char text[PATTERN_MAX], *line = arena_alloc(*state, 5001);

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t n = strlen(pieces[i]);

		for (size_t k = 0; k + n <= 5000; k += n)
			memcpy(line + k, pieces[i], n + 1);
		memset(text, 'x', sizeof(text));
		pattern_of(line, text);
		assert_true(memchr(text, '\0', sizeof(text)) != NULL);
		assert_true(str_utf8_valid(text, strlen(text)));
	}
}

static struct log_line line_of(struct arena *a, int64_t ts, const char *text)
{
	return (struct log_line){"app", ts, arena_strdup(a, text)};
}

static void they_are_counted(void **state)
{
	struct patterns all = {.arena = *state};
	struct log_line lines[] = {
	    line_of(*state, 1, "a 1"),
	    line_of(*state, 2, "b 1"),
	    line_of(*state, 3, "a 2"),
	    line_of(*state, 4, "b 2"),
	    line_of(*state, 5, "b 3"),
	};

	for (size_t i = 0; i < 5; i++)
		patterns_add(&all, &lines[i], "warn", i >= 2);
	patterns_sort(&all);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.items[0].text, "b <n>");
	assert_string_equal(all.items[0].example, "b 3");
	assert_string_equal(all.items[0].level, "warn");
	assert_int_equal(all.items[0].n, 2);
	assert_int_equal(all.items[0].known, 1);
	assert_int_equal(all.items[1].n, 1);
	assert_int_equal(all.left_out, 0);
}

static void there_are_only_so_many(void **state)
{
	struct patterns all = {.arena = *state};

	for (int i = 0; i < PATTERNS_MAX + 50; i++) {
		char word[] = "aaaa";
		struct log_line l;

		for (int k = 0, rest = i; k < 4; k++, rest /= 20)
			word[k] = (char)('a' + rest % 20);
		l = line_of(*state, i, word);
		patterns_add(&all, &l, "", true);
		patterns_add(&all, &l, "", true);
	}
	assert_int_equal(all.n, PATTERNS_MAX);
	assert_int_equal(all.left_out, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(numbers_and_names_are_left_out),
	    arena_test(the_time_it_begins_with_is_left_out),
	    arena_test(hostile_lines_take_their_room),
	    arena_test(they_are_counted),
	    arena_test(there_are_only_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
