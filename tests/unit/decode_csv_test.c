#include "decode_dump.h"

#include "model/outcome.h"

static void fails(const char *yaml, const char *body, const char *text)
{
	struct with w = with("csv", yaml);

	assert_null(w.fault);
	assert_int_equal(with_text(&w, body), -1);
	assert_string_equal(w.e.text, text);
	assert_int_equal(w.e.code, OUTCOME_PARSE);
	with_end(&w);
}

static void faulty(const char *yaml, const char *text)
{
	struct with w = with("csv", yaml);

	assert_non_null(w.fault);
	assert_string_equal(w.fault, text);
	with_end(&w);
}

static void table_of(const char *yaml, const char *body, const char *table)
{
	struct with w = with("csv", yaml);

	assert_null(w.fault);
	if (with_text(&w, body) != 0)
		fail_msg("%s", w.e.text);
	assert_string_equal(dump_table(&w), table);
	assert_string_equal(dump_warnings(&w), "");
	with_end(&w);
}

static void records_of(const char *yaml, const char *body, const char *records)
{
	struct with w = with("csv", yaml);

	assert_null(w.fault);
	if (with_text(&w, body) != 0)
		fail_msg("%s", w.e.text);
	assert_string_equal(dump_records(&w), records);
	assert_string_equal(dump_warnings(&w), "");
	with_end(&w);
}

/* Records and warnings. */
static void lists(const char *yaml, const char *body, const char *text)
{
	struct with w = with("csv", yaml);

	if (w.fault != NULL)
		fail_msg("%s", w.fault);
	if (with_text(&w, body) != 0)
		fail_msg("%s", w.e.text);
	assert_string_equal(
	    arena_printf(w.arena, "%s%s", dump_records(&w), dump_warnings(&w)),
	    text);
	with_end(&w);
}

static void samples_of(const char *yaml, const char *body, const char *samples)
{
	struct with w = with("csv", yaml);

	assert_null(w.fault);
	if (with_text(&w, body) != 0)
		fail_msg("%s", w.e.text);
	assert_string_equal(dump_samples(&w), samples);
	assert_string_equal(dump_warnings(&w), "");
	with_end(&w);
}

static void quoting(void **state)
{
	(void)state;
	table_of("{}", "a,b\n1,2\n", "a:|b:\n1|2\n");
	table_of(
	    "{}", "a,b\r\n1,\"x,\"\"y\"\"\r\nz\"\r\n", "a:|b:\n1|x,\"y\"\nz\n");
	table_of("{}", "a,b\n1", "a:|b:\n1|\n");
	table_of("{}", "a,b\n\n  \n\"\",\n1,2\n", "a:|b:\n1|2\n");
	table_of("{}", "a,b\r1,2\r3,4", "a:|b:\n1|2\n3|4\n");
	table_of("{separator: ';'}", "a;b\n1,5;2\n", "a:|b:\n1,5|2\n");
	table_of("{separator: \"\\t\"}", "a\tb\n \t2\n", "a:|b:\n|2\n");
	table_of("{separator: '\\t'}", "a\tb\n1\t2\n", "a:|b:\n1|2\n");
	table_of("{separator: '|'}",
	    "\xef\xbb\xbf"
	    "a|b\n1|2\n",
	    "a:|b:\n1|2\n");
}

static void columns(void **state)
{
	(void)state;
	table_of(
	    "{header: no}", "1,2\n3,4\n", "column_1:|column_2:\n1|2\n3|4\n");
	table_of("{header: no, columns: [x, y]}", "1,2\n", "x:|y:\n1|2\n");
	table_of("{columns: [x, y, z]}", "a,b\n1,2\n", "x:|y:|z:\n1|2|\n");
	table_of(
	    "{}", "a,,a,a\n1,2,3,4\n", "a:|column_2:|a_2:|a_3:\n1|2|3|4\n");
	table_of("{units: {b: kg}, decimal: ','}", "a,b\n1,\"1.234,5\"\n",
	    "a:|b:kg\n1|1234.5\n");
	table_of("{}", "a,b\n", "a:|b:\n");
}

static void spreadsheet(void **state)
{
	struct with w =
	    with("csv", "{separator: ';', decimal: ',', time: Datum, "
			"time_format: '%d.%m.%Y'}");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(with_fixture(&w, "csv/sheet-semicolon-bom.csv"), 0);
	assert_string_equal(dump_records(&w),
	    "22.11.2026 @1795305600: Gewicht (kg)=#81.5 Fett=#17.25 "
	    "Notiz=gut; müde\n"
	    "23.11.2026 @1795392000: Gewicht (kg)=#81.25 Fett=null "
	    "Notiz=zwei\nZeilen\n"
	    "24.11.2026 @1795478400: Gewicht (kg)=#1081.0 Fett=#17 "
	    "Notiz=er sagte \"nein\"\n");
	with_end(&w);
	samples_of("{separator: ';', decimal: ',', time: Datum, as: samples, "
		   "time_format: '%d.%m.%Y', units: {gewicht_kg: kg}}",
	    "Datum;Gewicht (kg)\n22.11.2026;81,5\n23.11.2026;\n",
	    "gewicht_kg = 81.5 kg @1795305600\n");
}

static void activities(void **state)
{
	struct with w = with("csv", "{key: Activity ID, time: Activity Date, "
				    "time_format: '%b %d, %Y, %I:%M:%S %p'}");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(with_fixture(&w, "csv/activities.csv"), 0);
	assert_string_equal(dump_records(&w),
	    "9007199254740993 @1795197911: Activity Name=Lunch Run "
	    "Activity Type=Run Elapsed Time=#1845 Distance=#6.02 "
	    "Distance_2=#6021.4\n"
	    "18446744073709551617 @1795246200: Activity Name=Ride, with "
	    "friends Activity Type=Ride Elapsed Time=#7200 Distance=#41.77 "
	    "Distance_2=#41770.2\n"
	    "12345678 @1795316399: Activity Name=Night walk "
	    "Activity Type=Walk Elapsed Time=#600 Distance=#0.80 "
	    "Distance_2=#801\n");
	with_end(&w);
}

static void samples(void **state)
{
	struct with w = with("csv", "{as: samples, key: host, time: time, "
				    "units: {free_bytes: bytes}}");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(with_fixture(&w, "csv/vmstat.csv"), 0);
	assert_string_equal(dump_samples(&w),
	    "r{host=\"app1\"} = 1 @1795317120\n"
	    "free_bytes{host=\"app1\"} = 1048576 bytes @1795317120\n"
	    "r{host=\"app2\"} = 4 @1795317120\n"
	    "free_bytes{host=\"app2\"} = 524288 bytes @1795317120\n"
	    "r{host=\"app1\"} = 2 @1795317180\n"
	    "free_bytes{host=\"app1\"} = 1040000 bytes @1795317180\n"
	    "r{host=\"app2\"} = 3 @1795317180\n"
	    "free_bytes{host=\"app2\"} = 530000 bytes @1795317180\n");
	with_end(&w);
	samples_of("{as: samples}", "Users On-line,note\n1,x\n2,y\n\n,\n",
	    "users_on_line = 2\n");
	samples_of("{as: samples}", "a,b,c\nNaN,inf,1e3\n", "c = 1000\n");
	samples_of("{as: samples}", "a\n", "");
	fails("{as: samples}", "a,b\nx,y\n", "not one number in: a, b");
}

static void numbers(void **state)
{
	(void)state;
	records_of("{key: k}", "k,a,b,c,d,e\n1,007,+44,0.5,-3,1e400\n",
	    "1: a=007 b=+44 c=#0.5 d=#-3 e=1e400\n");
	records_of("{key: k}",
	    "k,a,b\n1,9223372036854775807,9223372036854775808\n",
	    "1: a=#9223372036854775807 b=9223372036854775808\n");
	records_of("{key: k, decimal: ',', separator: ';'}",
	    "k;a;b;c;d;e\n1;1.234.567,25;1.2;1,2,3;1234.567;-0,5\n",
	    "1: a=#1234567.25 b=1.2 c=1,2,3 d=1234.567 e=#-0.5\n");
}

static void times(void **state)
{
	(void)state;
	records_of("{time: t}",
	    "t,v\n2026-11-22,a\n2026-11-22,b\n2026-11-22T03:14:00+01:30,c\n"
	    "2026-11-22 03:14:00.75Z,d\n1795317240,e\n1795317240999,f\n",
	    "2026-11-22 @1795305600: v=a\n"
	    "2026-11-22#2 @1795305600: v=b\n"
	    "2026-11-22T03:14:00+01:30 @1795311840: v=c\n"
	    "2026-11-22 03:14:00.75Z @1795317240: v=d\n"
	    "1795317240 @1795317240: v=e\n"
	    "1795317240999 @1795317240: v=f\n");
	records_of("{time: t, time_format: serial}",
	    "t,v\n43831,a\n43831.5,b\n",
	    "43831 @1577836800: v=a\n"
	    "43831.5 @1577880000: v=b\n");
	records_of("{time: t, time_format: epoch}", "t,v\n1795317240.9,a\n",
	    "1795317240.9 @1795317240: v=a\n");
	records_of("{time: t, time_format: epoch_ms}", "t,v\n1500,a\n",
	    "1500 @1: v=a\n");
	fails("{time: t}", "t,v\n2026-02-30,1\n8d,1\n",
	    "line 2: t '2026-02-30' is not a time");
	fails("{time: t, time_format: iso}", "t,v\n1795317240,1\n",
	    "line 2: t '1795317240' is not a time as of iso");
	fails("{time: t, time_format: epoch}", "t,v\n1e300,1\n",
	    "line 2: t '1e300' is not a time as of epoch");
	fails("{time: t, time_format: serial}", "t,v\n-1,1\n",
	    "line 2: t '-1' is not a time as of serial");
}

/* Local times, at both ends of summer time and in the hour between. */
static void local_times(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(clock_set_zone("Europe/Berlin", &e), 0);
	records_of("{time: t}",
	    "t,v\n2026-07-01 12:00,a\n2026-10-25 02:30,b\n"
	    "2026-03-29 02:30,c\n2026-07-01T12:00:00Z,d\n",
	    "2026-07-01 12:00 @1782900000: v=a\n"
	    "2026-10-25 02:30 @1792888200: v=b\n"
	    "2026-03-29 02:30 @1774747800: v=c\n"
	    "2026-07-01T12:00:00Z @1782907200: v=d\n");
	records_of("{time: t, time_format: serial}", "t,v\n46204.5,a\n",
	    "46204.5 @1782900000: v=a\n");
	assert_int_equal(clock_set_zone("UTC", &e), 0);
}

/* What is wanted of columns: rows that don't fit are left out and listed. */
static void rules(void **state)
{
	(void)state;
	lists("{time: Date, required: [kg], units: {kg: kg}}",
	    "Date,Who,kg\n2026-11-20,a,80\n2026-11-21,b,\n"
	    "2026-11-22,c,heavy\n2026-11-23,d,\"81,5\"\n,e,1\n"
	    "2026-11-24,f,82.5\n",
	    "2026-11-20 @1795132800: Who=a kg=#80\n"
	    "2026-11-24 @1795478400: Who=f kg=#82.5\n"
	    "line 3 has no kg\n"
	    "line 4: kg 'heavy' is not a number\n"
	    "line 5: kg '81,5' is not a number (decimal: ',' would read it)\n"
	    "line 6 has no Date\n");
	lists("{time: Date, fill: [Date, Lift], units: {kg: kg}}",
	    "Date,Lift,kg\n2026-11-20,squat,100\n,,105\n\n,bench,70\n"
	    "2026-11-21,,75\n",
	    "2026-11-20 @1795132800: Lift=squat kg=#100\n"
	    "2026-11-20#2 @1795132800: Lift=squat kg=#105\n"
	    "2026-11-20#3 @1795132800: Lift=bench kg=#70\n"
	    "2026-11-21 @1795219200: Lift=bench kg=#75\n");
	fails("{key: k, required: [b]}", "k,a\n1,2\n",
	    "no column 'b'; there are: k, a");
	fails("{key: k, units: {a: kg}}", "k,a\n1,x\n",
	    "line 2: a 'x' is not a number");
}

static void series(void **state)
{
	struct with w = with("csv", "{time: t, series: [kg], units: {kg: kg}, "
				    "time_zone: Asia/Tokyo}");

	(void)state;
	assert_null(w.fault);
	assert_int_equal(with_text(&w, "t,kg,x\n2026-11-22 09:00,81.5,1\n"
				       "2026-11-22 10:00,,2\n"
				       "2026-11-22T10:00Z,82,3\n"),
	    0);
	assert_string_equal(dump_samples(&w),
	    "kg = 81.5 kg @1795305600\nkg = 82 kg @1795341600\n");
	assert_int_equal(w.out.n_records, 3);
	assert_string_equal(clock_zone(), "UTC");
	with_end(&w);
	w = with("csv", "{time: t, time_zone: Mars/Base}");
	assert_string_equal(
	    w.fault, "time_zone: no time zone 'Mars/Base' on this machine");
	with_end(&w);
}

static void extract(void **state)
{
	(void)state;
	lists("{time: t, units: {km: km}, required: [id], as: records, "
	      "extract: \"SELECT value->>'id' AS key, value->>'t' AS ts, "
	      "value->>'km' * 1000 AS m, value->>'km_2' AS x, "
	      "value->>'none' AS y FROM json_each(:body)\"}",
	    "id,t,km,km\n007,2026-11-22,1.5,2.5\n8,2026-11-22 10:00,far,\n"
	    ",2026-11-22,1,1\n9,soon,1,1\n10,2026-11-23,,\n",
	    "007 @1795305600: m=#1500 x=#2.5 y=null\n"
	    "10 @1795392000: m=null x=null y=null\n"
	    "line 3: km 'far' is not a number\n"
	    "line 4 has no id\n"
	    "line 5: t 'soon' is not a time\n");
	lists("{extract: SELECT 1 AS key FROM json_each(:body), as: "
	      "records}",
	    "a\n", "");
}

static void ragged(void **state)
{
	struct with w = with("csv", "{key: id}");

	(void)state;
	assert_int_equal(with_fixture(&w, "csv/ragged.csv"), 0);
	assert_string_equal(dump_records(&w),
	    "1: name=one amount=#10 state=ok\n"
	    "2: name=two amount=#20\n"
	    "4: name=four\nfive amount=#40 state=ok\n"
	    "6: name=six\n");
	assert_string_equal(dump_warnings(&w),
	    "line 4 has 6 fields, the header has 4\nline 8 "
	    "has 5 fields, the header has 4\n");
	assert_int_equal(with_text(&w, "id,a\n1,2\n,3\n4\n"), 0);
	assert_string_equal(dump_records(&w), "1: a=#2\n4:\n");
	assert_string_equal(dump_warnings(&w), "line 3 has no id\n");
	with_end(&w);
	w = with("csv", "{header: no}");
	assert_int_equal(with_text(&w, "1\n\"2\n\",3\n\n4\n"), 0);
	assert_string_equal(dump_table(&w), "column_1:\n1\n4\n");
	assert_string_equal(
	    dump_warnings(&w), "line 2 has 2 fields, the first line has 1\n");
	with_end(&w);
	fails("{}", "a,b,c,d\n\n\n\"x\ny\",\"\n\",3,4,5,6\n",
	    "line 4 has 6 fields, the header has 4");
	fails("{header: no, columns: [a]}", "1,2\n",
	    "line 1 has 2 fields, 'columns' has 1");
}

static void broken(void **state)
{
	(void)state;
	fails("{}", "", "empty, instead of CSV");
	fails("{}", " \r\n\n", "empty, instead of CSV");
	fails("{}", "\xef\xbb\xbf", "empty, instead of CSV");
	fails("{}", "a,b\n1,\"2\n3,4\n5,6\n",
	    "line 2: a quoted field without its end");
	fails("{}", "a,b\n1,\"2\" x\n",
	    "line 2: a quote within a field, or text behind its end");
	fails("{}", "a,b\n1,2\n3,4\"\n",
	    "line 3: a quote within a field, or text behind its end");
	fails("{key: id}", "a,b\n1,2\n", "no column 'id'; there are: a, b");
	fails(
	    "{time: when}", "a,b\n1,2\n", "no column 'when'; there are: a, b");
	fails("{}", "<!DOCTYPE html>\n<html>",
	    "a web page instead of CSV (it begins with '<!DOCTYPE html>')");
	fails("{}",
	    "\xff\xfe"
	    "a",
	    "UTF-16, where UTF-8 CSV is wanted");
}

static void hostile_bytes(void **state)
{
	static const char nul[] = "k,a\n1,x\0y\n\0,\0\n";
	struct with w = with("csv", "{key: k}");

	(void)state;
	assert_int_equal(with_bytes(&w, nul, sizeof(nul) - 1), 0);
	assert_string_equal(dump_records(&w), "1: a=x\xef\xbf\xbdy\n"
					      "\xef\xbf\xbd: a=\xef\xbf\xbd\n");
	assert_int_equal(with_text(&w, "k,a\n1,\xe4\n2,\x1b[31mred\n"), 0);
	assert_string_equal(dump_records(&w), "1: a=\xef\xbf\xbd\n2: a=red\n");
	assert_string_equal(dump_warnings(&w), "line 2 is not UTF-8\n");
	with_end(&w);
}

static void large(void **state)
{
	struct with w = with("csv", "{}");
	char *cell = repeat(&w, "0123456789", 1024 * 1024);
	char *body = arena_printf(w.arena, "a,b\n1,%s\n2,3\n", cell);

	(void)state;
	assert_int_equal(with_text(&w, body), 0);
	assert_int_equal(w.out.tables[0].n_rows, 2);
	assert_int_equal(strlen(w.out.tables[0].rows[0][1]), READING_TEXT_MAX);
	body = arena_printf(w.arena, "a%s\n", repeat(&w, ",b", 300));
	assert_int_equal(with_text(&w, body), -1);
	assert_string_equal(w.e.text, "301 columns, at most 256 fit");
	assert_int_equal(w.e.code, OUTCOME_TOO_LARGE);
	body =
	    arena_printf(w.arena, "a\n%s", repeat(&w, "1\n", READINGS_MAX + 1));
	assert_int_equal(with_text(&w, body), -1);
	assert_string_equal(w.e.text, "more than 200000 rows");
	assert_int_equal(w.e.code, OUTCOME_TOO_LARGE);
	body = arena_printf(w.arena, "a%s\n%s", repeat(&w, ",b", 255),
	    repeat(&w, "1\n", 20000));
	assert_int_equal(with_text(&w, body), -1);
	assert_string_equal(w.e.text, "more than 4000000 cells");
	assert_int_equal(w.e.code, OUTCOME_TOO_LARGE);
	with_end(&w);
}

static void faults(void **state)
{
	(void)state;
	faulty("{separator: ', '}", "separator: ', ' is not one character");
	faulty("{separator: ''}", "separator: '' is not one character");
	faulty("{separator: '\"'}", "separator: '\"' can't part fields");
	faulty("{time: t, time_format: isoo}",
	    "time_format: 'isoo' is not iso, epoch, epoch_ms, serial or a "
	    "pattern such as %d.%m.%Y");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(quoting),
	    cmocka_unit_test(columns),
	    cmocka_unit_test(spreadsheet),
	    cmocka_unit_test(activities),
	    cmocka_unit_test(samples),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(times),
	    cmocka_unit_test(local_times),
	    cmocka_unit_test(rules),
	    cmocka_unit_test(series),
	    cmocka_unit_test(extract),
	    cmocka_unit_test(ragged),
	    cmocka_unit_test(broken),
	    cmocka_unit_test(hostile_bytes),
	    cmocka_unit_test(large),
	    cmocka_unit_test(faults),
	};
	struct err e;

	if (clock_set_zone("UTC", &e) != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
