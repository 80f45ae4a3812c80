#include "decode_dump.h"

#include "model/outcome.h"

static void fails(const char *yaml, const char *body, const char *text)
{
	struct with w = with("json", yaml);

	if (w.fault != NULL)
		fail_msg("%s", w.fault);
	assert_int_equal(with_text(&w, body), -1);
	assert_string_equal(w.e.text, text);
	assert_int_equal(w.e.code, OUTCOME_PARSE);
	with_end(&w);
}

static void faulty(const char *yaml, const char *text)
{
	struct with w = with("json", yaml);

	if (w.fault == NULL)
		fail_msg("%s: no fault", yaml);
	assert_string_equal(w.fault, text);
	with_end(&w);
}

/* What comes of a document, in whatever shape, and then the warnings. */
static void gives(const char *yaml, const char *body, const char *text)
{
	struct with w = with("json", yaml);
	const char *all;

	if (w.fault != NULL)
		fail_msg("%s", w.fault);
	if (with_text(&w, body) != 0)
		fail_msg("%s", w.e.text);
	all = arena_printf(w.arena, "%s%s%s%s%s", dump_samples(&w),
	    dump_records(&w), w.out.n_tables > 0 ? dump_table(&w) : "",
	    with_lines(&w), dump_warnings(&w));
	assert_string_equal(all, text);
	with_end(&w);
}

static void values(void **state)
{
	struct with w = with("json", "values:\n"
				     "  connected: $.users.online\n"
				     "  limit: $.users.limit\n"
				     "  guests: $.users.guests\n"
				     "  depth: $.queue.depth\n"
				     "  open: $.queue.open\n"
				     "  var_free: $.disks[1].free\n"
				     "  last_used: $.disks[#-1].used\n"
				     "  odd: $.\"odd key\".\"a.b\"\n"
				     "  gone: $.users.offline\n"
				     "  names: $.queue.names\n"
				     "  status: $.status\n"
				     "unit: things\n"
				     "units: {var_free: bytes}\n"
				     "counters: [\"*_free\", odd]\n");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(with_fixture(&w, "json/health.json"), 0);
	assert_string_equal(dump_samples(&w),
	    "connected = 42 things\n"
	    "limit = 500 things\n"
	    "depth = 7.5 things\n"
	    "open = 1 things\n"
	    "var_free = 1073741824 bytes counter\n"
	    "last_used = 0.93 things\n"
	    "odd = 3 things counter\n");
	assert_string_equal(dump_warnings(&w),
	    "value gone: nothing at $.users.offline\n"
	    "value names: $.queue.names is an array, not a number\n"
	    "value status: 'UP' at $.status is not a number\n");
	with_end(&w);
	gives("values: {a: $}", "17", "a = 17\n");
	gives("values: {a: $.a}", "{\"a\": null}", "");
	gives("values: {a: $.a}", "{\"a\": false, \"a\": 2}", "a = 0\n");
	gives("values: {a: \"$.a\"}", "\xef\xbb\xbf{\"a\": -1.5e3}",
	    "a = -1500\n");
	gives("values: {a: $.a}", "{\"a\": 123456789012345678901234567890}",
	    "a = 1.23456789012346e+29\n");
}

static void values_missing(void **state)
{
	(void)state;
	fails("values: {connected: $.users.online}", "{}",
	    "value connected: nothing at $.users.online");
	fails("values: {a: $.a, b: $.b, c: $.c}", "{\"c\": {}}",
	    "value a: nothing at $.a (nor any of the 2 others)");
}

static void extract_samples(void **state)
{
	const char *disks =
	    "{\"disks\": [{\"m\": \"/\", \"used\": 1, \"free\": 2.5},"
	    " {\"m\": \"/\\\"x\", \"used\": 3, \"free\": null}]}";

	(void)state;
	gives("{extract: \"SELECT value->>'m' AS mount, value->>'used' AS used,"
	      " value->>'free' AS free FROM json_each(:body, '$.disks')\","
	      " units: {free: bytes}, counters: [us*]}",
	    disks,
	    "used{mount=\"/\"} = 1 counter\n"
	    "free{mount=\"/\"} = 2.5 bytes\n"
	    "used{mount=\"/\\\"x\"} = 3 counter\n");
	gives("{extract: \"SELECT 'disk_' || key AS metric, value->>'used' AS "
	      "value, 1795317240 + key AS ts, 7 AS port "
	      "FROM json_each(:body, '$.disks')\"}",
	    disks,
	    "disk_0{port=\"7\"} = 1 @1795317240\n"
	    "disk_1{port=\"7\"} = 3 @1795317241\n");
	gives("extract: SELECT value FROM json_each(:body)",
	    "[1, \"2.5\", null, \"x\", true]",
	    "value = 1\nvalue = 2.5\nvalue = 1\n"
	    "row 4: value 'x' is not a number\n");
	gives("extract: SELECT 1 AS a WHERE :body IS NULL", "{}", "");
	fails("extract: SELECT 'x' AS a, :body ->> 0 AS b", "[]",
	    "not one number in: a, b");
}

static void extract_others(void **state)
{
	(void)state;
	gives("{as: records, extract: \"SELECT value->>'id' AS key, "
	      "value->>'at' AS ts, value->'big' AS big, value->>'x' AS x, "
	      "0.1 + 0.2 AS y FROM json_each(:body)\"}",
	    "[{\"id\": \"a\", \"at\": \"2026-11-22T03:14:00Z\","
	    " \"big\": 18446744073709551616, \"x\": \"0012\"},"
	    " {\"id\": 2, \"at\": 1795317240000, \"x\": true},"
	    " {\"id\": 3, \"at\": \"soon\"}, {\"at\": 1}]",
	    "a @1795317240: big=18446744073709551616 x=0012 "
	    "y=#0.30000000000000004\n"
	    "2 @1795317240: big=null x=#1 y=#0.30000000000000004\n"
	    "row 3: ts 'soon' is not a time\nrow 4 has no key\n");
	gives("{as: table, extract: \"SELECT key AS name, value AS n, NULL AS "
	      "x FROM json_each(:body)\", units: {n: bytes}}",
	    "{\"a\": 1, \"b\": [2]}", "name:|n:bytes|x:\na|1|\nb|[2]|\n");
	gives("{as: lines, extract: SELECT value AS text FROM "
	      "json_each(:body)}",
	    "[\"one\", \"\\u001b[31mtwo\\nlines\", null]", "one|two\nlines");
	fails("{as: lines, extract: SELECT value FROM json_each(:body)}", "[]",
	    "no column 'text'; there are: value");
	fails("{as: records, extract: 'SELECT 1 AS id, :body AS b'}", "[]",
	    "no column 'key'; there are: id, b");
}

static void items(void **state)
{
	struct with w = with("json", "{key: id, time: start_date}");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(with_fixture(&w, "json/activities.json"), 0);
	assert_string_equal(dump_records(&w),
	    "9007199254740993 @1795197911: name=Lunch Run type=Run "
	    "distance=#6021.4 moving_time=#1801 "
	    "start_date_local=2026-11-20T18:05:11Z "
	    "start_latlng=[51.51,-0.12] "
	    "map={\"id\":\"a1\",\"summary_polyline\":null} gear_id=null "
	    "commute=#0 kudos_count=#3\n"
	    "18446744073709551617 @1795246200: "
	    "name=Ride \"out\" <b>west</b> type=Ride "
	    "distance=#41770.2 moving_time=#7011 "
	    "start_date_local=2026-11-21T07:30:00Z start_latlng=[] "
	    "map={\"id\":\"a2\",\"summary_polyline\":\"abc\"} gear_id=b77 "
	    "commute=#1 kudos_count=#0 average_watts=#181.5\n");
	with_end(&w);
	gives("{as: samples, key: host, items: $.r}",
	    "{\"r\": [{\"host\": \"a\", \"x\": 1}, {\"y\": 2}]}",
	    "x{host=\"a\"} = 1\ny = 2\n");
	gives("{as: table, items: $.r}",
	    "{\"r\": [{\"b\": 1}, {}, {\"a\": 2, \"b\": \"x\"}]}",
	    "b:|a:\n1|\nx|2\n");
	gives("{key: k}", "[]", "");
	gives("{key: k}", "[{\"k\": 1, \"v\": 99999999999999999999}, 7, \"x\"]",
	    "1: v=99999999999999999999\n"
	    "item 2 is not an object\nitem 3 is not an object\n");
	gives("{key: k}", "[{\"k\": 1, \"a\\\"b\": 99999999999999999999}]",
	    "1: a\"b=#1e+20\n");
}

static void items_of_arrays(void **state)
{
	struct with w =
	    with("json", "{items: $.values, time: Date, time_format: serial}");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(with_fixture(&w, "json/sheet-values.json"), 0);
	assert_string_equal(dump_records(&w),
	    "46348 @1795305600: Weight=#81.5 Fat=#17.25 Note=fine\n"
	    "46349.5 @1795435200: Weight=#81.25\n"
	    "46350 @1795478400: Weight=#81 Fat=null Note=007\n");
	assert_string_equal(dump_warnings(&w), "");
	with_end(&w);
	gives("{as: table, items: $}",
	    "[[\"a\", null], [1, 18446744073709551616], [1, 2, 3], 4]",
	    "a:|column_2:\n1|18446744073709551616\n"
	    "item 3 has 3 fields, the first has 2\nitem 4 is not an array\n");
	fails("{key: id, items: $.values}", "{\"range\": \"A1\"}",
	    "items: nothing at $.values");
	gives("{key: id, items: $.values, optional: yes}",
	    "{\"range\": \"A1\"}", "items: nothing at $.values\n");
	fails(
	    "{key: id}", "{\"id\": 1}", "items: $ is an object, not an array");
	fails("{key: id}", "[{\"a\": 1}]", "no column 'id'; there are: a");
	fails("{key: id}", "[[\"id\"], 5]", "item 2 is not an array");
}

static void broken(void **state)
{
	struct with w = with("json", "values: {a: $.a}");

	(void)state;
	fails("values: {a: $.a}", "", "empty, instead of JSON");
	fails("values: {a: $.a}", "{\"a\": 1,\n \"b\": [1, 2",
	    "not JSON: line 2, column 11: ']' expected near end of file");
	fails("values: {a: $.a}", "{\"a\": 1} x",
	    "not JSON: line 1, column 10: end of file expected near 'x'");
	fails("values: {a: $.a}", "{\"a\": NaN}",
	    "not JSON: line 1, column 9: invalid token near 'NaN'");
	fails("values: {a: $.a}", "{\"a\": 1e400}",
	    "not JSON: line 1, column 11: real number overflow near '1e400'");
	fails("values: {a: $.a}", "{\"a\": \"\xe4\"}",
	    "not JSON: line 1, column 7: unable to decode byte 0xe4 near "
	    "'\"'");
	fails("values: {a: $.a}", "<!doctype html><title>Log in",
	    "a web page instead of JSON (it begins with "
	    "'<!doctype html><title>Log in')");
	fails("values: {a: $.a}", repeat(&w, "[", 10000),
	    "not JSON: line 1, column 2049: maximum parsing depth reached "
	    "near '['");
	assert_int_equal(with_bytes(&w, "{\"a\":\n1\0}", 9), -1);
	assert_string_equal(w.e.text, "not JSON: line 2: a NUL byte");
	assert_int_equal(with_bytes(&w, "{\"a\": 1}\0", 9), -1);
	assert_string_equal(w.e.text, "not JSON: line 1: a NUL byte");
	with_end(&w);
}

/* Between the depths of the two parsers. */
static void deep(void **state)
{
	struct with w = with("json", "values: {a: $.a}");

	(void)state;
	for (size_t n = 990; n < 2049; n += 5) {
		const char *body = arena_printf(
		    w.arena, "%s%s", repeat(&w, "[", n), repeat(&w, "]", n));

		assert_int_equal(with_text(&w, body), -1);
		if (strcmp(w.e.text, "value a: nothing at $.a") != 0)
			assert_string_equal(w.e.text, "values: malformed JSON");
	}
	with_end(&w);
}

static void hostile(void **state)
{
	const char *text = "'); DROP TABLE x; --\\\" || (SELECT 1) || $.a";
	struct with w = with("json", "{key: id}");
	const char *body =
	    arena_printf(w.arena, "[{\"id\": \"%s\", \"%s\": 1}]", text, text);

	(void)state;
	assert_int_equal(with_text(&w, body), 0);
	assert_string_equal(dump_records(&w),
	    "'); DROP TABLE x; --\" || (SELECT 1) || $.a: "
	    "'); DROP TABLE x; --\" || (SELECT 1) || $.a=#1\n");
	body = arena_printf(w.arena,
	    "[{\"id\": \"a\\u0000b\", \"x\": "
	    "\"\\u0000\", \"y\": \"%s\"}]",
	    repeat(&w, "0123456789", 1024 * 1024));
	assert_int_equal(with_text(&w, body), 0);
	assert_int_equal(
	    strlen(w.out.records[0].fields[1].value), READING_TEXT_MAX);
	with_end(&w);
}

static void bounds(void **state)
{
	struct with w = with("json", "{key: k}");
	const char *body = arena_printf(
	    w.arena, "[%s{}]", repeat(&w, "{\"k\":1},", READINGS_MAX + 1));

	(void)state;
	assert_int_equal(with_text(&w, body), -1);
	assert_string_equal(w.e.text, "more than 200000 rows");
	assert_int_equal(w.e.code, OUTCOME_TOO_LARGE);
	with_end(&w);
	w = with("json", "extract: WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
			 "SELECT i + 1 FROM n) SELECT i, :body AS b FROM n");
	assert_int_equal(with_text(&w, "0"), -1);
	assert_string_equal(w.e.text, "more than 200000 samples");
	with_end(&w);
	w = with("json", "extract: WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
			 "SELECT i + 1 FROM n) SELECT max(i), :body FROM n");
	assert_int_equal(with_text(&w, "0"), -1);
	assert_string_equal(w.e.text, "extract: interrupted");
	assert_int_equal(w.e.code, OUTCOME_PARSE);
	assert_string_equal(
	    w.e.hint, "it may take 50 million steps of SQLite's machine");
	with_end(&w);
}

static void faults(void **state)
{
	(void)state;
	faulty("{}", "nothing is asked of the document: 'values', 'extract' "
		     "or 'key' is wanted");
	faulty("{as: records}", "records need a 'key' or a 'time'");
	faulty("{items: $.x}", "records need a 'key' or a 'time'");
	faulty("{as: table, values: {a: $.a}}", "as: 'values' make samples");
	faulty("{values: {a: b.c}}",
	    "a: a path begins with '$', as in $.users.online");
	faulty("{values: {a: '$.disks[*].used'}}",
	    "a: '$.disks[*].used' is not a path such as $.disks[0].used");
	faulty("{key: a, items: '$['}",
	    "items: '$[' is not a path such as $.disks[0].used");
	faulty("{extract: SELEC 1}", "extract: near \"SELEC\": syntax error");
	faulty("{extract: SELECT 1}", "extract: the document is :body, as in "
				      "json_each(:body, '$.items')");
	faulty("{extract: 'SELECT :body; SELECT 2'}",
	    "extract: not exactly one SQL statement");
	faulty("{extract: \"ATTACH 'x' AS y\"}", "extract: not authorized");
	faulty("{extract: 'SELECT load_extension(:body)'}",
	    "extract: not authorized to use function: load_extension");
	faulty("{extract: 'SELECT :body', key: id}",
	    "key: is not used with 'extract'");
	faulty("{key: a, time_format: x}",
	    "time_format: 'x' is not iso, epoch, epoch_ms, serial or a "
	    "pattern such as %d.%m.%Y");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values),
	    cmocka_unit_test(values_missing),
	    cmocka_unit_test(extract_samples),
	    cmocka_unit_test(extract_others),
	    cmocka_unit_test(items),
	    cmocka_unit_test(items_of_arrays),
	    cmocka_unit_test(broken),
	    cmocka_unit_test(deep),
	    cmocka_unit_test(hostile),
	    cmocka_unit_test(bounds),
	    cmocka_unit_test(faults),
	};
	struct err e;

	if (clock_set_zone("UTC", &e) != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
