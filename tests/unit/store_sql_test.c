/* SQL over the store: what a statement names is all that is read. */
#include "store_rig.h"

#include "base/clock.h"
#include "store/sql.h"

#define DAY 86400

static struct store_sql *open_with(const struct strings *sources)
{
	const struct store_sql_conf conf = {.path = rig_path,
	    .label = "query",
	    .max_steps = 1000000,
	    .sources = sources};
	struct store_sql *q;
	struct err e = {0};

	rig_ok(store_sql_open(&q, &conf, &e));
	return q;
}

static struct store_sql *open_sql(void)
{
	return open_with(NULL);
}

/* The rows as text: columns by a blank, rows by a semicolon. */
static const char *ask_it(struct store_sql *q, const char *sql)
{
	const struct store_question question = {.sql = sql,
	    .from = 10,
	    .to = 20,
	    .max_rows = 10,
	    .max_bytes = 20000};
	char *all = arena_strdup(rig_arena, "");
	struct answer *a;
	struct err e = {0};

	if (store_sql_ask(q, &question, rig_arena, &a, &e) != 0)
		return arena_strdup(rig_arena, e.text);
	for (size_t r = 0; r < a->n_rows; r++) {
		for (size_t i = 0; i < a->n_columns; i++)
			all = arena_printf(rig_arena, "%s%s%s", all,
			    i > 0 ? " " : "",
			    a->rows[r][i].text == NULL ? "-"
						       : a->rows[r][i].text);
		all = arena_printf(rig_arena, "%s;", all);
	}
	return all;
}

static const char *ask(const char *sql)
{
	struct store_sql *q = open_sql();
	const char *all = ask_it(q, sql);

	store_sql_close(q);
	return all;
}

/* Two days of two series, the first day closed. */
static void fill(void)
{
	int64_t start = T0 - T0 % DAY;
	struct store *st = rig_open();
	struct keep keep = {0};
	struct err e = {0};

	for (int64_t now = start; now < start + 2 * DAY; now += 60) {
		struct readings *r = rig_readings();

		readings_sample(r, "cpu", (double)(now - start) / 60, "");
		readings_sample(r, "disk_a", 7, "");
		rig_deliver(st, "app1", now, r);
		if (now % 1200 == 0)
			rig_ok(store_tend(st, &keep, now, &e));
	}
	store_close(st);
}

static void samples_are_a_table(void **state)
{
	(void)state;
	store_close(rig_open());
	assert_string_equal(ask("SELECT * FROM samples"), "");
	fill();
	assert_string_equal(ask("SELECT series, count(*), min(value),"
				" max(value), min(ts), max(ts) - min(ts)"
				" FROM samples GROUP BY series"),
	    "app1/cpu 2880 0.0 2879.0 1793318400 172740;"
	    "app1/disk_a 2880 7.0 7.0 1793318400 172740;");
	assert_string_equal(ask("SELECT value FROM samples WHERE"
				" series = 'app1/cpu' AND ts = 1793318460"),
	    "1.0;");
	assert_string_equal(ask("SELECT value FROM samples WHERE series ="
				" 'app1/cpu' AND ts > 1793491000.5"),
	    "2877.0;2878.0;2879.0;");
	assert_string_equal(ask("SELECT count(*) FROM samples WHERE series"
				" LIKE 'APP1/D%' AND ts BETWEEN 1793318400"
				" AND 1793318520"),
	    "3;");
	assert_string_equal(ask("SELECT DISTINCT series FROM samples WHERE"
				" series GLOB '*/c*' AND ts < 1793319000"),
	    "app1/cpu;");
	assert_string_equal(ask("SELECT count(*) FROM samples WHERE ts >"
				" 9e18 OR ts < -5 OR ts = 'x'"),
	    "0;");
	assert_string_equal(
	    ask("SELECT a.value - b.value FROM samples a JOIN samples b"
		" ON b.ts = a.ts AND b.series = 'app1/disk_a' WHERE"
		" a.series = 'app1/cpu' AND a.ts = 1793319000"),
	    "3.0;");
}

/* A million steps are enough for a window of a table far larger. */
static void what_is_asked_for_is_all_that_is_read(void **state)
{
	(void)state;
	fill();
	assert_string_equal(
	    ask("WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1"
		" FROM n WHERE i < 2000) SELECT count(*) FROM n JOIN samples s"
		" ON s.series = 'app1/cpu' AND s.ts = 1793318400 + 60 * n.i"),
	    "2001;");
}

static void views_of_the_rest(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct table *t;

	(void)state;
	assert_true(readings_line(r, T0 - 5, "hello", 5));
	record_field(r, readings_record(r, "van", 1), 0, "lat", "51.5", true);
	t = readings_table(r, "procs", 1);
	table_column(r, t, 0, "name", "");
	rig_deliver(st, "s", T0, r);
	store_close(st);
	assert_string_equal(ask("SELECT * FROM lines"), "s 1793330035 hello;");
	assert_string_equal(ask("SELECT source, key, ts, fields->>'lat'"
				" FROM records"),
	    "s van 1793330040 51.5;");
	assert_string_equal(
	    ask("SELECT * FROM tables"), "s procs 1793330040 1793330040;");
}

/* Names and texts are what a hostile server gave. */
static void records_are_views_of_their_source(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct strings sources = rig_names("never", "it's \"odd\"");
	struct record *one = readings_record(r, "a", 5);
	struct store_sql *q;

	(void)state;
	record_field(r, one, 0, "distance", "5.5", true);
	record_field(r, one, 1, "id", "9007199254740993", true);
	record_field(r, one, 2, "a\"b' -- \\", "x", false);
	record_field(r, one, 3, "key", "hidden", false);
	record_field(r, one, 4, "name", "12", false);
	one = readings_record(r, "b", 1);
	record_field(r, one, 0, "late", "1", true);
	rig_deliver(st, "my runs", T0, r);
	store_close(st);
	assert_string_equal(
	    ask("SELECT key, ts, distance * 2, id, name, typeof(name), late"
		" FROM \"my runs\""),
	    "a 1793330040 11.0 9007199254740993 12 text -;"
	    "b 1793330040 - - - null 1;");
	assert_string_equal(
	    ask("SELECT \"a\"\"b' -- \\\" FROM \"MY RUNS\""), "x;-;");
	q = open_with(&sources);
	assert_string_equal(ask_it(q, "SELECT count(*) FROM never"), "0;");
	assert_string_equal(
	    ask_it(q, "SELECT * FROM \"it's\""), "query: no such table: it's");
	store_sql_close(q);
}

static int code_of(struct store_sql *q, const char *sql)
{
	struct err e = {0};
	struct db_stmt *s;

	assert_int_equal(store_sql_prepare(q, sql, &s, &e), -1);
	assert_null(s);
	return e.code;
}

/* What no record had yet may still come; all else is wrong for good. */
static void unknown_fields(void **state)
{
	const struct store_sql_conf conf = {.label = "query",
	    .max_steps = 1000,
	    .sources = &(struct strings){(const char *[]){"runs"}, 1, 1}};
	struct store_sql *q;
	struct err e = {0};

	(void)state;
	rig_ok(store_sql_open(&q, &conf, &e));
	rig_ok(store_sql_add_view(
	    q, "weekly", "SELECT local_week(ts) AS ts FROM runs", &e));
	rig_ok(store_sql_add_view(q, "other", "SELECT 1 AS x", &e));
	assert_int_equal(
	    code_of(q, "SELECT distance FROM runs"), SQL_UNKNOWN_YET);
	assert_int_equal(
	    code_of(q, "SELECT speed FROM weekly"), SQL_UNKNOWN_YET);
	assert_int_not_equal(
	    code_of(q, "SELECT speed FROM other"), SQL_UNKNOWN_YET);
	assert_int_not_equal(code_of(q, "SELECT FROM runs"), SQL_UNKNOWN_YET);
	assert_int_not_equal(code_of(q, "SELECT 1 FROM rums"), SQL_UNKNOWN_YET);
	assert_int_equal(
	    store_sql_add_view(q, "bad", "SELECT 1; DROP VIEW lines", &e), -1);
	assert_string_equal(e.text, "query: not exactly one SQL statement");
	assert_int_equal(
	    store_sql_add_view(q, "bad", "SELECT 1 FRM x", &e), -1);
	assert_string_equal(e.text, "query: near \"x\": syntax error");
	assert_int_equal(store_sql_add_view(q, "bad", "DELETE FROM x", &e), -1);
	store_sql_close(q);
}

static void cells_of_tables(void **state)
{
	struct store *st = rig_open();

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct readings *r = rig_readings();
		struct table *t = readings_table(r, "procs", 2);
		const char **row;

		table_column(r, t, 0, "name", "");
		table_column(r, t, 1, "cpu", "percent");
		row = table_row(r, t);
		table_cell(r, row, 0, "init", 4);
		table_cell(r, row, 1, i == 1 ? "1.5" : "7", i == 1 ? 3 : 1);
		rig_deliver(st, "app1", T0 + 60 * i, r);
	}
	store_close(st);
	assert_string_equal(
	    ask("SELECT *, typeof(value) FROM cells WHERE source"
		" = 'app1' AND name = 'procs' AND ts ="
		" 1793330100"),
	    "app1 procs 1793330100 1 name init text;"
	    "app1 procs 1793330100 1 cpu 1.5 real;");
	assert_string_equal(ask("SELECT sum(value), count(*) FROM cells WHERE"
				" column = 'cpu' AND ts > 1793330040"),
	    "8.5 2;");
	assert_string_equal(ask("SELECT * FROM cells WHERE source = 'no'"), "");
}

static void the_local_calendar(void **state)
{
	struct err e = {0};

	(void)state;
	store_close(rig_open());
	rig_ok(clock_set_zone("Europe/London", &e));
	/* both sides of midnight in summer; the Monday of a Sunday */
	assert_string_equal(
	    ask("SELECT local_day(1792882799), local_day(1792882800),"
		" local_week(1792882800), local_month(1792882800)"),
	    "2026-10-24 2026-10-25 2026-10-19 2026-10-01;");
	/* the hour that comes twice */
	assert_string_equal(
	    ask("SELECT local_hour(1792886400), local_hour(1792890000),"
		" local_day(1792972799), local_day(1792972800)"),
	    "2026-10-25 01:00+01:00 2026-10-25 01:00+00:00 2026-10-25"
	    " 2026-10-26;");
	assert_string_equal(
	    ask("SELECT local_week(1772323200)"), "2026-02-23;");
	assert_string_equal(
	    ask("SELECT local_day(NULL), local_day('2026'), local_day(1e300)"),
	    "- - -;");
	rig_ok(clock_set_zone("UTC", &e));
}

static void limits(void **state)
{
	(void)state;
	store_close(rig_open());
	assert_string_equal(ask("SELECT :from, :to, :nothing"), "10 20 -;");
	assert_string_equal(ask("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL"
				" SELECT i + 1 FROM n WHERE i < 11)"
				" SELECT i FROM n"),
	    "query: more than 10 rows");
	assert_string_equal(ask("SELECT hex(zeroblob(20000))"),
	    "query: more than 20000 bytes of rows");
	assert_string_equal(ask("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL"
				" SELECT i + 1 FROM n) SELECT max(i) FROM n"),
	    "query: interrupted after 1 million steps");
	assert_string_equal(
	    ask("SELECT x'0001', 'a\x1b[31mb' AS \"c\nd\""), "2 bytes ab;");
}

static void it_only_reads(void **state)
{
	static const char *const refused[] = {"DELETE FROM line",
	    "CREATE TABLE x (a)", "ATTACH '/tmp/x' AS x",
	    "PRAGMA query_only = 0", "INSERT INTO samples VALUES (1, 2, 3)",
	    "DROP VIEW lines", "SELECT load_extension('x')",
	    "SELECT fetch FROM memory", "SELECT * FROM main.series",
	    "SELECT * FROM main.sqlite_master",
	    "SELECT * FROM pragma_table_info('line')",
	    "WITH lines AS (SELECT * FROM memory) SELECT * FROM lines",
	    "SELECT 1; SELECT 2", "VACUUM INTO '/tmp/x'", ""};
	struct err e = {0};
	struct store_sql *q;
	struct db_stmt *s;

	(void)state;
	store_close(rig_open());
	q = open_sql();
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_int_equal(store_sql_prepare(q, refused[i], &s, &e), -1);
		assert_null(s);
	}
	store_sql_close(q);
	store_sql_close(NULL);
	assert_int_equal(unlink(rig_path), 0);
	assert_int_equal(
	    store_sql_open(&q,
		&(struct store_sql_conf){.path = rig_path, .max_steps = 1}, &e),
	    -1);
	assert_null(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(samples_are_a_table),
	    RIG_TEST(what_is_asked_for_is_all_that_is_read),
	    RIG_TEST(views_of_the_rest),
	    RIG_TEST(records_are_views_of_their_source),
	    RIG_TEST(unknown_fields),
	    RIG_TEST(cells_of_tables),
	    RIG_TEST(the_local_calendar),
	    RIG_TEST(limits),
	    RIG_TEST(it_only_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
