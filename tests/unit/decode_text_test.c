/*
 * The decoders of plain text: number, keyvalue, table, and lines that no
 * command frames.
 */
#include "decode_with.h"

#include "base/clock.h"
#include "decode/timestamp.h"
#include "model/outcome.h"

static void assert_number(const char *yaml, const char *body, double want)
{
	struct with w = with("number", yaml);

	assert_null(w.fault);
	if (with_text(&w, body) != 0)
		fail_msg("%s", w.e.text);
	assert_sample(&w, "value", want, "");
	with_end(&w);
}

static void numbers(void **state)
{
	struct with w;

	(void)state;
	assert_number("{}", "42\n", 42);
	assert_number("{}", "  -1.5e3", -1500);
	assert_number("{}", "eth0 has 17 packets\n", 17);
	assert_number("{}", "load: .25, 3\n", .25);
	assert_number("{}", "Temp.: +45.5 C\n", 45.5);
	assert_number("{}", "12%\n", 12);
	assert_number("pattern: 'queue=([0-9]+)'", "size=1 queue=77", 77);
	assert_number("pattern: '^[0-9]+$'", "a 1\n22\n", 22);
	w = with("number", "{metric: depth, unit: bytes}");
	assert_int_equal(with_text(&w, "7"), 0);
	assert_sample(&w, "depth", 7, "bytes");
	with_end(&w);
}

static void no_number(void **state)
{
	struct with w = with("number", "{}");
	char body[200];

	(void)state;
	assert_int_equal(with_text(&w, "\033[1mno such\ntable t1\n"), -1);
	assert_string_equal(
	    w.e.text, "no number in the output: 'no such table t1'");
	assert_int_equal(w.e.code, OUTCOME_PARSE);
	assert_int_equal(with_text(&w, ""), -1);
	assert_string_equal(w.e.text, "no number in the output: ''");
	assert_int_equal(with_text(&w, "nan inf -infinity"), -1);
	assert_int_equal(with_text(&w, "1e999"), -1);
	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	assert_int_equal(with_text(&w, body), -1);
	assert_int_equal(
	    strlen(w.e.text), strlen("no number in the output: ''") + 80);
	with_end(&w);
	w = with("number", "pattern: '([0-9]'");
	assert_string_equal(w.fault,
	    "pattern: '([0-9]' is not a regular expression: "
	    "Unmatched ( or \\(");
	with_end(&w);
}

static void keyvalue_samples(void **state)
{
	struct with w = with("keyvalue", "{}");

	(void)state;
	assert_int_equal(with_text(&w, "Threads_connected: 12\r\n"
				       "Buffer pool size = 3 MB\n"
				       "name: web 1\n"
				       "hit rate: 98.5%\n"
				       "wait=250 ms\n"
				       "empty:\n"),
	    0);
	assert_int_equal(w.out.n_samples, 4);
	assert_sample(&w, "threads_connected", 12, "");
	assert_sample(&w, "buffer_pool_size", 3145728, "bytes");
	assert_sample(&w, "hit_rate", 98.5, "percent");
	assert_sample(&w, "wait", .25, "seconds");
	assert_int_equal(with_text(&w, "name: web 1\n"), -1);
	assert_string_equal(
	    w.e.text, "no key with a number in the output: 'name: web 1'");
	assert_int_equal(with_text(&w, "nothing here\n"), -1);
	assert_string_equal(w.e.text,
	    "no line with a key and a value in the output: 'nothing here'");
	with_end(&w);
}

static void keyvalue_manifest(void **state)
{
	struct with w = with("keyvalue", "{}");
	const struct table *t;

	(void)state;
	w.in.as = AS_TABLE;
	assert_int_equal(
	    with_text(&w, "Manifest-Version: 1.0\r\n"
			  "Class-Path: lib/aaaaaaaaaaaaaaaaaaaaaaaaa.jar "
			  "lib/bbbbbbbbbbbbbbbbbbbbb\r\n"
			  " b.jar file:/x/c.jar\r\n"
			  "Implementation-Version: 2.4.1\r\n\r\n"),
	    0);
	assert_int_equal(w.out.n_tables, 1);
	t = &w.out.tables[0];
	assert_string_equal(with_columns(&w, t), "name:|value:");
	assert_int_equal(t->n_rows, 3);
	assert_string_equal(with_row(&w, t, 1),
	    "Class-Path|lib/aaaaaaaaaaaaaaaaaaaaaaaaa.jar "
	    "lib/bbbbbbbbbbbbbbbbbbbbbb.jar file:/x/c.jar");
	assert_string_equal(with_row(&w, t, 2), "Implementation-Version|2.4.1");
	with_end(&w);
}

static void keyvalue_records(void **state)
{
	struct with w = with("keyvalue", "{key: ID, separator: '='}");
	const struct record *r;

	(void)state;
	w.in.as = AS_RECORDS;
	assert_int_equal(with_text(&w, "# os\nPRETTY_NAME=\"A: B\"\n"
				       "ID='alpine'\nVERSION=3.20\n"),
	    0);
	assert_int_equal(w.out.n_records, 1);
	r = &w.out.records[0];
	assert_string_equal(r->key, "alpine");
	assert_int_equal(r->n, 3);
	assert_string_equal(r->fields[0].name, "PRETTY_NAME");
	assert_string_equal(r->fields[0].value, "A: B");
	assert_false(r->fields[0].number);
	assert_string_equal(r->fields[2].value, "3.20");
	assert_true(r->fields[2].number);
	with_end(&w);
}

static const char ps[] = "  PID USER     %CPU COMMAND\n"
			 "    1 root      0.1 /sbin/init splash\n"
			 "  530 www-data 12.0 nginx: worker  process\n"
			 "\n"
			 "  999 a\n";

static void tables(void **state)
{
	struct with w = with("table", "units: {PID: '', '%CPU': percent}");
	const struct table *t;

	(void)state;
	assert_int_equal(with_text(&w, ps), 0);
	t = &w.out.tables[0];
	assert_string_equal(
	    with_columns(&w, t), "PID:|USER:|%CPU:percent|COMMAND:");
	assert_int_equal(t->n_rows, 3);
	assert_string_equal(with_row(&w, t, 0), "1|root|0.1|/sbin/init splash");
	assert_string_equal(
	    with_row(&w, t, 1), "530|www-data|12.0|nginx: worker  process");
	assert_string_equal(with_row(&w, t, 2), "999|a||");
	assert_int_equal(with_text(&w, " \n\n"), -1);
	assert_string_equal(w.e.text, "no table in the output");
	with_end(&w);
}

static const char df[] =
    "Filesystem     1024-blocks    Used Available Capacity Mounted on\n"
    "/dev/sda1          1000000  640000    360000      64% /\n"
    "/dev/sdb1          2000000 1000000   1000000      50% /var/my files\n";

static void table_of_df(void **state)
{
	struct with w = with("table", "{}");
	const struct table *t;

	(void)state;
	w.in.as = AS_TABLE;
	assert_int_equal(
	    with_text(&w, "Filesystem Use% Mounted on\n/dev/sda1 64% /\n"), 0);
	t = &w.out.tables[0];
	assert_string_equal(
	    with_columns(&w, t), "Filesystem:|Use%:percent|Mounted on:");
	assert_string_equal(with_row(&w, t, 0), "/dev/sda1|64|/");
	with_end(&w);
}

static void table_samples(void **state)
{
	struct with w =
	    with("table", "{columns: [fs, size, used, free, capacity, mount],\n"
			  " header: yes, key: mount, units: {size: bytes}}");

	(void)state;
	assert_null(w.fault);
	w.in.as = AS_SAMPLES;
	assert_int_equal(with_text(&w, df), 0);
	assert_int_equal(w.out.n_samples, 8);
	assert_sample(&w, "size{mount=\"/\"}", 1000000, "bytes");
	assert_sample(&w, "capacity{mount=\"/var/my files\"}", 50, "percent");
	assert_sample(&w, "used{mount=\"/\"}", 640000, "count");
	with_end(&w);
	w = with("table", "{columns: [a, b], key: c}");
	w.in.as = AS_SAMPLES;
	assert_int_equal(with_text(&w, "1 2\n"), -1);
	assert_string_equal(w.e.text, "key: no column 'c' in the table");
	with_end(&w);
	w = with("table", "{}");
	w.in.as = AS_SAMPLES;
	assert_int_equal(with_text(&w, "a b\n1 2\n"), 0);
	assert_sample(&w, "b", 2, "count");
	assert_int_equal(with_text(&w, "a b\n1 2\n3 4\n"), -1);
	assert_string_equal(
	    w.e.text, "a table of 2 rows needs key: to become samples");
	with_end(&w);
}

static void table_records(void **state)
{
	struct with w = with("table", "{separator: '|', key: id}");
	const struct record *r;

	(void)state;
	w.in.as = AS_RECORDS;
	assert_int_equal(
	    with_text(&w, "name | id | note\na b|7||x|y\n|8\n"), 0);
	assert_int_equal(w.out.n_records, 2);
	r = &w.out.records[0];
	assert_string_equal(r->key, "7");
	assert_string_equal(r->fields[0].value, "a b");
	assert_string_equal(r->fields[1].value, "7");
	assert_true(r->fields[1].number);
	assert_string_equal(r->fields[2].value, "|x|y");
	assert_null(w.out.records[1].fields[0].value);
	assert_null(w.out.records[1].fields[2].value);
	with_end(&w);
}

static void plain_lines(void **state)
{
	struct with w = with("lines", "{max_lines: 3, match: '^[a-e]'}");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(
	    with_text(&w, "a\nb\r\nzzz\nc\n\033[32md\033[0m\ne"), 0);
	assert_string_equal(with_lines(&w), "c|d|e");
	assert_int_equal(w.out.lines_left_out, 2);
	assert_int_equal(w.out.state.n, 0);
	assert_null(w.decoder->command(w.conf, w.in.state, w.arena));
	with_end(&w);
	w = with("lines", "match: 'a{2'");
	assert_string_equal(w.fault, "match: 'a{2' is not a regular "
				     "expression: Unmatched \\{");
	with_end(&w);
}

static void long_line(void **state)
{
	struct with w = with("lines", "{}");
	char *body = arena_alloc(w.arena, 1 << 20);

	(void)state;
	memset(body, 'x', (1 << 20) - 1);
	body[(1 << 20) - 2] = '\n';
	assert_int_equal(with_text(&w, body), 0);
	assert_int_equal(w.out.n_lines, 1);
	assert_int_equal(strlen(w.out.lines[0].text), READING_TEXT_MAX);
	with_end(&w);
}

/* A stack trace is of the moment of the line that it explains. */
static void times_of_neighbours(void **state)
{
	struct with w = with("lines", "{}");

	(void)state;
	assert_int_equal(with_text(&w, "\tat the end of one before\n"
				       "2026-11-22T03:13:10Z ERROR it broke\n"
				       "\tat main.c:3\n"
				       "2026-11-22T03:13:20Z on we go\n"),
	    0);
	assert_int_equal(w.out.n_lines, 4);
	assert_int_equal(w.out.lines[0].ts, NOW - 50);
	assert_int_equal(w.out.lines[1].ts, NOW - 50);
	assert_int_equal(w.out.lines[2].ts, NOW - 50);
	assert_int_equal(w.out.lines[3].ts, NOW - 40);
	assert_int_equal(with_text(&w, "one\ntwo\n"), 0);
	assert_int_equal(w.out.lines[0].ts, 0);
	assert_true(w.out.samples[0].value == 2);
	with_end(&w);
}

static void not_a_tail(void **state)
{
	static const char *const bodies[] = {"", "hello\n", "=== tail 1 \n",
	    "=== tail 1 same\n", "=== tail 1 same\nnew 1 2\n",
	    "=== tail 1 same\nnew 1 5 4 0 0 0 0 0\ndata\n\n=== after 4 0\n",
	    "=== tail 1 same\nnew 1 0 9 9 0 0 0 2\ndata\n",
	    "=== tail 1 same\nnew 1 0 9999999999999999999 9 0 0 0 0\ndata\n",
	    "=== tail 1 rotated\nold 1 2 3 9 0\nnew 1 0 0 0 0 0 0 0\ndata\n"};
	struct with w = with("lines", "tail: /var/log/a");

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(with_text(&w, bodies[i]), -1);
		assert_string_equal(
		    w.e.text, "not the output of the tail command");
		assert_int_equal(w.e.code, OUTCOME_PARSE);
	}
	assert_int_equal(with_text(&w, "=== tail 1 unreadable\n"), -1);
	assert_string_equal(w.e.text, "tail /var/log/a: Permission denied");
	with_end(&w);
}

static void assert_time(const char *line, const char *want)
{
	struct arena *a = arena_new();
	int64_t ts = timestamp_of((struct span){line, strlen(line)}, NOW);

	assert_string_equal(ts == 0 ? "none" : clock_iso(a, ts), want);
	arena_free(a);
}

static void timestamps(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(clock_set_zone("Europe/Berlin", &e), 0);
	assert_time("2026-11-22T03:10:00Z x", "2026-11-22T03:10:00Z");
	assert_time("2026-11-22T03:10:00.123456+01:00", "2026-11-22T02:10:00Z");
	assert_time("2026-11-22 03:10:00 -0500 x", "2026-11-22T08:10:00Z");
	assert_time("2026-11-22 03:10:00,123 INFO", "2026-11-22T02:10:00Z");
	assert_time("2026-11-22 03:10:00", "2026-11-22T02:10:00Z");
	assert_time("2026/11/22 03:10:00 [error] 7#7", "2026-11-22T02:10:00Z");
	assert_time("[2026-11-22 03:10:00] x", "2026-11-22T02:10:00Z");
	assert_time("Nov 22 03:10:00 web1 cron", "2026-11-22T02:10:00Z");
	assert_time("<34>Nov 22 03:10:00 web1", "2026-11-22T02:10:00Z");
	assert_time("192.0.2.7 - - [22/Nov/2026:03:10:00 +0000] \"GET /\"",
	    "2026-11-22T03:10:00Z");
	/* Not to be believed, or no time at all. */
	assert_time("2026-11-20T03:10:00Z", "none");
	assert_time("1970-01-01 00:00:00", "none");
	assert_time("2026-11-22T25:10:00Z", "none");
	assert_time("2026-13-22T03:10:00Z", "none");
	assert_time("Nov 22", "none");
	assert_time("", "none");
	assert_time("[", "none");
	assert_int_equal(clock_set_zone("UTC", &e), 0);
}

/* At the turn of the year syslog's December is last year's. */
static void timestamp_without_a_year(void **state)
{
	const char *line = "Dec 31 23:59:00 x";
	int64_t new_year = 1798761600; /* 2027-01-01T00:00:00Z */

	(void)state;
	assert_int_equal(
	    timestamp_of((struct span){line, strlen(line)}, new_year),
	    new_year - 60);
}

static void assert_rest(const char *line, const char *want)
{
	size_t n = timestamp_length((struct span){line, strlen(line)});

	assert_string_equal(line + n, want);
}

static void what_stands_behind_a_timestamp(void **state)
{
	(void)state;
	assert_rest("2026-11-22T03:10:00.5Z  x y", "x y");
	assert_rest("2026-11-22 03:10:00 -0500 x", "x");
	assert_rest("2026-11-22 03:10:00,123 INFO", "INFO");
	assert_rest("[2026-11-22 03:10:00] x", "x");
	assert_rest("<34>Nov 22 03:10:00 web1 cron", "web1 cron");
	assert_rest("2026-11-22 03:10:00", "");
	assert_rest("192.0.2.7 - - [22/Nov/2026:03:10:00 +0000] x",
	    "192.0.2.7 - - [22/Nov/2026:03:10:00 +0000] x");
	assert_rest("no time", "no time");
	assert_rest("", "");
}

static void lines_are_counted_by_what_they_say(void **state)
{
	struct with w = with("lines",
	    "{max_lines: 2, match: 'ERROR', count: {errors: 'ERROR|FATAL', "
	    "overflows: '^buffer overflow$', none: x}}");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(
	    with_text(&w,
		"ERROR 1\nFATAL 2\nbuffer overflow\r\nERROR 3\n"
		"\033[31mbuffer overflow\033[0m\nERROR 4\nall is well\n"),
	    0);
	assert_string_equal(with_lines(&w), "ERROR 3|ERROR 4");
	assert_int_equal(w.out.n_samples, 4);
	assert_string_equal(w.out.samples[1].metric, "errors");
	assert_string_equal(w.out.samples[1].unit, "lines");
	assert_true(w.out.samples[1].value == 4);
	assert_false(w.out.samples[1].counter);
	assert_string_equal(w.out.samples[2].metric, "overflows");
	assert_true(w.out.samples[2].value == 2);
	assert_true(w.out.samples[3].value == 0);
	assert_int_equal(with_text(&w, ""), 0);
	assert_true(w.out.samples[1].value == 0);
	with_end(&w);
	w = with("lines", "count: {errors: 'a{2'}");
	assert_string_equal(
	    w.fault, "count: 'a{2' is not a regular expression: Unmatched \\{");
	with_end(&w);
	w = with("lines", "count: {lines: a}");
	assert_string_equal(w.fault, "count: 'lines' is no name for a count");
	with_end(&w);
	w = with("lines", "count: {\"a{b}\": a}");
	assert_string_equal(w.fault, "count: 'a{b}' is no name for a count");
	with_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(no_number),
	    cmocka_unit_test(keyvalue_samples),
	    cmocka_unit_test(keyvalue_manifest),
	    cmocka_unit_test(keyvalue_records),
	    cmocka_unit_test(tables),
	    cmocka_unit_test(table_of_df),
	    cmocka_unit_test(table_samples),
	    cmocka_unit_test(table_records),
	    cmocka_unit_test(plain_lines),
	    cmocka_unit_test(lines_are_counted_by_what_they_say),
	    cmocka_unit_test(long_line),
	    cmocka_unit_test(times_of_neighbours),
	    cmocka_unit_test(not_a_tail),
	    cmocka_unit_test(timestamps),
	    cmocka_unit_test(timestamp_without_a_year),
	    cmocka_unit_test(what_stands_behind_a_timestamp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
