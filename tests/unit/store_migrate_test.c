/*
 * Older layouts are brought up to date with all that they hold.
 *
 * "store_migrate_test make PATH" writes the fixture of the current layout:
 * to be done, and kept, before a step is added to lib/store/schema.c.
 */
#include "store_rig.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "store/store_private.h"

#define FIXTURES "tests/fixtures/store/layout-%d.db"

static void fill_run(struct store *st, int i)
{
	struct readings *r = rig_readings();
	struct delivery d = rig_delivery("app1", T0 + 60 * i, r);
	char *state = arena_printf(rig_arena, "offset %d", i);
	struct record *rec = readings_record(r, "van-1", 1);
	struct table *t = readings_table(r, "processes", 1);
	struct err e = {0};

	readings_sample(r, "cpu", 10 + i, UNIT_PERCENT);
	readings_sample(r, "net{if=\"eth0\"}", 6000.0 * i, UNIT_BYTES)
	    ->counter = true;
	record_field(r, rec, 0, "lat", "51.5", true);
	table_column(r, t, 0, "command", "");
	table_cell(
	    r, table_row(r, t), 0, i < 2 ? "sshd" : "nginx", 5 - (i < 2));
	readings_line(r, 0, state, strlen(state));
	r->lines_left_out = 2;
	r->state = (struct span){state, strlen(state)};
	d.fetch_state = (struct span){"etag", 4};
	rig_ok(store_run_begin(st, T0 + 60 * i, &e));
	rig_ok(store_deliver(st, &d, 1, &e));
	rig_fail(st, "db1", T0 + 60 * i, OUTCOME_REFUSED, "connection refused");
	rig_ok(store_run_end(st, T0 + 60 * i, 40, &e));
}

static void fill(struct store *st)
{
	struct err e = {0};

	for (int i = 0; i < 3; i++)
		fill_run(st, i);
	rig_ok(store_run_overlap(st, T0 + 150, &e));
}

static void assert_series(struct store *st)
{
	struct series *s;

	assert_int_equal(rig_series(st, "*", T0, T0 + 120, 10, &s), 2);
	assert_string_equal(s[0].name, "app1/cpu");
	assert_int_equal(s[0].n, 3);
	assert_true(s[0].points[2].mean == 12 && s[0].last == 12);
	assert_string_equal(s[1].name, "app1/net{if=\"eth0\"}");
	assert_string_equal(s[1].unit, "bytes/s");
	assert_int_equal(s[1].n, 2);
	assert_true(s[1].points[1].mean == 100);
}

static void assert_ledger(struct store *st)
{
	struct err e = {0};
	struct spell *spell;
	struct memory m;
	struct run_history runs;
	size_t n;

	rig_ok(store_memory(st, rig_arena, "app1", &m, &e));
	assert_int_equal(m.last_ok, T0 + 120);
	assert_memory_equal(m.fetch_state.p, "etag", 5);
	assert_memory_equal(m.decode_state.p, "offset 2", 9);
	rig_ok(store_spells(st, rig_arena, T0, T0 + 120, &spell, &n, &e));
	assert_int_equal(n, 1);
	assert_string_equal(spell->source, "db1");
	assert_int_equal(spell->to - spell->from, 120);
	rig_ok(store_history(st, T0 + 86400, &runs, &e));
	assert_int_equal(runs.first, T0);
}

static void assert_texts(struct store *st)
{
	struct strings sources = rig_names("app1", NULL);
	struct err e = {0};
	struct log_line *line;
	struct table *t;
	int64_t ts;
	size_t n, left;

	rig_ok(store_table(
	    st, rig_arena, "app1", "processes", T0 + 90, &t, &ts, &e));
	assert_string_equal(t->rows[0][0], "sshd");
	rig_ok(store_lines(
	    st, rig_arena, &sources, T0, T0 + 120, 10, &line, &n, &left, &e));
	assert_int_equal(n, 3);
	assert_int_equal(left, 6);
	assert_string_equal(line[2].text, "offset 2");
}

/* All that fill() put there; and the next run goes on from it. */
static void assert_filled(struct store *st)
{
	struct series s;

	assert_series(st);
	assert_ledger(st);
	assert_texts(st);
	fill_run(st, 3);
	s = rig_one(st, "app1/net{if=\"eth0\"}", T0 + 180, T0 + 180, 10);
	assert_true(s.n == 1 && s.last == 100);
}

static void copy_file(const char *from)
{
	char command[256];

	snprintf(command, sizeof(command), "cp '%s' '%s'", from, rig_path);
	assert_int_equal(system(command), 0);
}

static void copy_fixture(int layout)
{
	char from[64];

	snprintf(from, sizeof(from), FIXTURES, layout);
	copy_file(from);
}

static void each_older_layout_is_kept_up(void **state)
{
	(void)state;
	for (int i = 1; i <= (int)store_n_steps; i++) {
		struct store *st;

		copy_fixture(i);
		st = rig_open();
		assert_filled(st);
		store_close(st);
		assert_int_equal(
		    rig_ask("PRAGMA user_version"), (int64_t)store_n_steps);
		rig_assert_whole();
		assert_int_equal(rig_ask("SELECT fields->>'lat' = 51.5 FROM "
					 "record"),
		    1);
		assert_int_equal(unlink(rig_path), 0);
	}
}

/* What chunks-10.db was given by an import at T0. */
static void import_long(struct store *st)
{
	static struct import_row rows[3 * 1440 + 200 + 400];
	int64_t day = T0 - T0 % 86400;
	struct err e = {0};
	size_t n = 0;

	for (int i = 0; i < 3 * 1440 + 200; i++)
		rows[n++] = (struct import_row){"a/m",
		    day - INT64_C(3) * 86400 + 60 * i,
		    20 + i % 7 + i / 60 / 2.0};
	for (int i = 0; i < 400; i++)
		rows[n++] = (struct import_row){"a/daily",
		    day + (i - 400) * INT64_C(86400) + i, 70 + i / 8.0};
	rig_ok(store_import(st, rows, n, T0, &e));
}

static void assert_same(const struct series *a, const struct series *b)
{
	assert_true(a->n > 0);
	assert_int_equal(a->n, b->n);
	assert_int_equal(a->step, b->step);
	for (size_t i = 0; i < a->n; i++) {
		assert_int_equal(a->points[i].ts, b->points[i].ts);
		assert_true(a->points[i].min == b->points[i].min);
		assert_true(a->points[i].mean == b->points[i].mean);
		assert_true(a->points[i].max == b->points[i].max);
	}
}

/* Samples, means of 5 minutes, of hours and of days stay what they were. */
static void chunks_are_found_again(void **state)
{
	static const struct {
		const char *series;
		int64_t from;
		size_t points;
	} views[] = {{"a/m", T0 - 86400, 2000}, {"a/m", T0 - 4 * 86400, 9000},
	    {"a/m", T0 - 4 * 86400, 1000}, {"a/m", T0 - 4 * 86400, 60},
	    {"a/m", T0 - INT64_C(400) * 86400, 300}, {"a/daily", 0, 1000},
	    {"a/daily", T0 - 90 * 86400, 1000}, {"a/daily", 0, 20}};
	struct series was[8], now;
	struct store *st = rig_open();

	(void)state;
	import_long(st);
	for (size_t i = 0; i < 8; i++)
		was[i] = rig_one(
		    st, views[i].series, views[i].from, T0, views[i].points);
	store_close(st);
	assert_int_equal(unlink(rig_path), 0);
	copy_file("tests/fixtures/store/chunks-10.db");
	st = rig_open();
	for (size_t i = 0; i < 8; i++) {
		now = rig_one(
		    st, views[i].series, views[i].from, T0, views[i].points);
		assert_same(&was[i], &now);
	}
	store_close(st);
	rig_assert_whole();
}

static struct db *open_db(enum db_mode mode)
{
	struct err e = {0};
	struct db *db;

	rig_ok(db_open(&db, rig_path, mode, &e));
	return db;
}

static int insert_one(struct store *st, struct err *e)
{
	return db_exec(st->db, "INSERT INTO extra VALUES (1)", e);
}

static void a_step_is_taken_once(void **state)
{
	const struct step steps[] = {store_steps[0],
	    {"CREATE TABLE extra (a);", insert_one, NULL},
	    {"INSERT INTO extra VALUES (2);", NULL,
		"INSERT INTO extra VALUES (3);"}};
	struct store st = {.path = rig_path};
	struct err e = {0};

	(void)state;
	copy_fixture(1);
	st.db = open_db(DB_WRITE);
	rig_ok(store_migrate(&st, true, steps, 3, &e));
	rig_ok(store_migrate(&st, true, steps, 3, &e));
	rig_ok(store_migrate(&st, false, steps, 3, &e));
	db_close(st.db);
	assert_int_equal(rig_ask("PRAGMA user_version"), 3);
	assert_int_equal(rig_ask("SELECT count(*) FROM extra"), 3);
	assert_int_equal(rig_ask("SELECT count(*) FROM sample"), 5);
}

static void a_step_that_fails_leaves_the_layout_before_it(void **state)
{
	const struct step steps[] = {store_steps[0],
	    {"CREATE TABLE extra (a);", NULL, NULL},
	    {"INSERT INTO extra VALUES (2);", insert_one,
		"DROP TABLE nowhere;"}};
	struct store st = {.path = rig_path};
	struct err e = {0};
	char text[256];

	(void)state;
	copy_fixture(1);
	st.db = open_db(DB_WRITE);
	assert_int_equal(store_migrate(&st, true, steps, 3, &e), -1);
	snprintf(text, sizeof(text), "%s: no such table: nowhere", rig_path);
	assert_string_equal(e.text, text);
	db_close(st.db);
	assert_int_equal(rig_ask("PRAGMA user_version"), 2);
	assert_int_equal(rig_ask("SELECT count(*) FROM extra"), 0);
}

static void a_reader_does_not_migrate(void **state)
{
	const struct step steps[] = {
	    store_steps[0], {"CREATE TABLE extra (a);", NULL, NULL}};
	struct store st = {.path = rig_path};
	struct err e = {0};
	char text[256];

	(void)state;
	copy_fixture(1);
	st.db = open_db(DB_READ);
	assert_int_equal(store_migrate(&st, false, steps, 2, &e), -1);
	snprintf(text, sizeof(text),
	    "%s: written by an older broadsheet (layout 1, now 2)", rig_path);
	assert_string_equal(e.text, text);
	assert_string_equal(e.hint, "broadsheet run brings it up to date");
	db_close(st.db);
	assert_int_equal(rig_ask("PRAGMA user_version"), 1);
}

static void many_may_open_a_new_store_at_once(void **state)
{
	int status;

	(void)state;
	for (int i = 0; i < 8; i++) {
		struct err e = {0};
		struct store *st;

		if (fork() != 0)
			continue;
		if (store_open(&st, rig_path, &e) != 0)
			fprintf(stderr, "%s\n", e.text);
		else
			store_close(st);
		_exit(e.text[0] != '\0');
	}
	for (int i = 0; i < 8; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(
	    rig_ask("PRAGMA user_version"), (int64_t)store_n_steps);
}

#ifdef __SANITIZE_ADDRESS__
#define RUNNING_UNDER_ASAN true
#else
#define RUNNING_UNDER_ASAN false
#endif

#define CHUNKS 300000
#define LINES  100000

/* A store of layout 3 with far more than fits into a cache. */
static void make_large(void)
{
	struct err e = {0};
	struct db *db;

	copy_fixture(3);
	db = open_db(DB_WRITE);
	rig_ok(db_exec(db,
	    "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 299999) INSERT INTO chunk SELECT (1 << 60) + (i << 32),"
	    " zeroblob(100 + i % 200) FROM n;"
	    "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 100000) INSERT INTO line (source, ts, text)"
	    " SELECT 1, 1793000000 + i, 'line ' || i FROM n",
	    &e));
	db_close(db);
}

static pid_t open_in_child(void)
{
	struct err e = {0};
	struct store *st;
	pid_t child = fork();

	if (child != 0)
		return child;
	if (store_open(&st, rig_path, &e) != 0)
		_exit(1);
	store_close(st);
	_exit(0);
}

/* Either the layout from before, whole, or the newest one. */
static void a_kill_amid_a_migration_loses_nothing(void **state)
{
	struct rusage use;
	int status;

	(void)state;
	make_large();
	for (int i = 0; i < 30; i++) {
		const struct timespec pause = {0, 1000000L * (5 + 12 * i)};
		pid_t child = open_in_child();

		nanosleep(&pause, NULL);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (rig_ask("PRAGMA user_version") == 3)
			assert_int_equal(
			    rig_ask("SELECT sum(length(data)) FROM chunk"),
			    CHUNKS / 200 * (200 * 100 + 19900));
		assert_int_equal(
		    rig_ask(rig_ask("PRAGMA user_version") < 12
				? "SELECT count(*) FROM chunk"
				: "SELECT count(*) FROM chunk_raw"),
		    CHUNKS);
	}
	assert_int_equal(waitpid(open_in_child(), &status, 0) > 0, 1);
	assert_int_equal(status, 0);
	assert_int_equal(
	    rig_ask("PRAGMA user_version"), (int64_t)store_n_steps);
	assert_int_equal(rig_ask("SELECT sum(length(data)) FROM chunk_raw"),
	    CHUNKS / 200 * (200 * 104 + 19900));
	assert_int_equal(rig_ask("SELECT count(*) FROM line"), LINES + 3);
	rig_assert_whole();
	/* A row at a time: a part of the 60 MB that were moved. */
	assert_int_equal(getrusage(RUSAGE_CHILDREN, &use), 0);
	assert_true(use.ru_maxrss < 40 * 1024 || RUNNING_UNDER_ASAN);
}

/* Lines that waited become packs over some runs, in bounded portions. */
static void what_an_older_layout_has_is_packed_in_turn(void **state)
{
	struct strings sources = rig_names("app1", NULL);
	struct keep keep = {0};
	struct log_line *line;
	struct err e = {0};
	struct store *st;
	size_t n, left;

	(void)state;
	make_large();
	st = rig_open();
	for (int i = 0; i < 10; i++)
		rig_ok(store_tend(st, &keep, T0 + 7200 + 60 * i, &e));
	rig_ok(store_lines(st, rig_arena, &sources, 1793000000, 1793200000, 10,
	    &line, &n, &left, &e));
	assert_int_equal(n + left, LINES);
	assert_string_equal(line[9].text, "line 100000");
	store_close(st);
	assert_true(rig_ask("SELECT count(*) FROM line") < 10);
	assert_int_equal(rig_ask("SELECT sum(n) FROM pack WHERE kind = 0") +
			     rig_ask("SELECT count(*) FROM line"),
	    LINES + 3);
}

static int make_fixture(const char *path)
{
	struct err e = {0};
	struct store *st;

	rig_arena = arena_new();
	if (store_open(&st, path, &e) != 0) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	fill(st);
	store_close(st);
	arena_free(rig_arena);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(each_older_layout_is_kept_up),
	    RIG_TEST(chunks_are_found_again),
	    RIG_TEST(a_step_is_taken_once),
	    RIG_TEST(a_step_that_fails_leaves_the_layout_before_it),
	    RIG_TEST(a_reader_does_not_migrate),
	    RIG_TEST(many_may_open_a_new_store_at_once),
	    RIG_TEST(a_kill_amid_a_migration_loses_nothing),
	    RIG_TEST(what_an_older_layout_has_is_packed_in_turn),
	};

	if (argc == 3 && strcmp(argv[1], "make") == 0)
		return make_fixture(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
