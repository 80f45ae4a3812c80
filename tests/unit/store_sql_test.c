/* SQL over the store: what a statement names is all that is read. */
#include "store_rig.h"

#define DAY 86400

static struct store_sql *open_sql(void)
{
	struct store_sql *q;
	struct err e = {0};

	rig_ok(store_sql_open(&q, rig_path, 1000000, &e));
	return q;
}

/* The rows as text: columns by a blank, rows by a semicolon. */
static const char *ask(const char *sql)
{
	struct store_sql *q = open_sql();
	char *all = arena_strdup(rig_arena, "");
	struct err e = {0};
	struct db_stmt *s;
	int rc;

	rig_ok(db_prepare(store_sql_db(q), sql, &s, &e));
	while ((rc = db_step(s, &e)) == 1) {
		for (int i = 0; i < db_columns(s); i++)
			all = arena_printf(rig_arena, "%s%s%s", all,
			    i > 0 ? " " : "",
			    db_text(s, i) == NULL ? "-" : db_text(s, i));
		all = arena_printf(rig_arena, "%s;", all);
	}
	if (rc != 0)
		all = arena_printf(rig_arena, "%s", e.text);
	db_finalize(s);
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

static void it_only_reads(void **state)
{
	static const char *const refused[] = {"DELETE FROM line",
	    "CREATE TABLE x (a)", "ATTACH '/tmp/x' AS x",
	    "PRAGMA query_only = 0", "INSERT INTO samples VALUES (1, 2, 3)",
	    "DROP VIEW lines"};
	struct err e = {0};
	struct store_sql *q;
	struct db_stmt *s;

	(void)state;
	store_close(rig_open());
	q = open_sql();
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_int_equal(
		    db_prepare(store_sql_db(q), refused[i], &s, &e), -1);
		assert_null(s);
	}
	store_sql_close(q);
	store_sql_close(NULL);
	assert_int_equal(unlink(rig_path), 0);
	assert_int_equal(store_sql_open(&q, rig_path, 1, &e), -1);
	assert_null(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(samples_are_a_table),
	    RIG_TEST(what_is_asked_for_is_all_that_is_read),
	    RIG_TEST(views_of_the_rest),
	    RIG_TEST(it_only_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
