/*
 * Lines and tables of hours that are over: what comes back is what was
 * delivered, packed or not, and costs little.
 */
#include "store_rig.h"

#include "store/linepack.h"
#include "store/pack.h"
#include "store/sql.h"
#include "store/tablepack.h"

#define HOUR  3600
#define DAY   86400
#define START (T0 - T0 % DAY)

static uint64_t dice;

/* The same in each run (Marsaglia's xorshift). */
static uint64_t roll(uint64_t n)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice % n;
}

static void tend(struct store *st, struct keep keep, int64_t now)
{
	struct err e = {0};

	rig_ok(store_tend(st, &keep, now, &e));
}

static const char *odd_cell(void)
{
	static const char *const odd[] = {"", "-", "0", "-0", "00", "1.50",
	    "-0.5", "1e3", "999999999999999", "1000000000000000", ".5", "5.",
	    "0.1234567", "Zürich", "a\nb"};

	if (roll(3) == 0)
		return odd[roll(sizeof(odd) / sizeof(odd[0]))];
	if (roll(8) == 0)
		return NULL;
	return roll(2) ? arena_printf(rig_arena, "%d", (int)roll(2000) - 1000)
		       : arena_printf(rig_arena, "%.2f",
			     ((double)roll(2000) - 1000) / 100);
}

static const struct table *odd_table(size_t columns, size_t rows)
{
	struct readings *r = rig_readings();
	struct table *t = readings_table(r, "t", columns);

	for (size_t i = 0; i < columns; i++)
		table_column(r, t, i, arena_printf(rig_arena, "c%zu", i), "");
	for (size_t i = 0; i < rows; i++) {
		const char **row = table_row(r, t);

		if (columns == 0)
			continue;
		row[0] = arena_printf(
		    rig_arena, "%d", (int)roll(rows + rows / 4 + 1));
		for (size_t j = roll(20) == 0 ? 0 : 1; j < columns; j++)
			row[j] = odd_cell();
	}
	t->left_out = roll(5);
	return t;
}

static void assert_same(const struct table *a, const struct table *b)
{
	assert_non_null(b);
	assert_int_equal(a->n_columns, b->n_columns);
	assert_int_equal(a->n_rows, b->n_rows);
	assert_int_equal(a->left_out, b->left_out);
	for (size_t i = 0; i < a->n_columns; i++)
		assert_string_equal(a->columns[i].name, b->columns[i].name);
	for (size_t i = 0; i < a->n_rows; i++)
		for (size_t j = 0; j < a->n_columns; j++)
			assert_true(str_eq(a->rows[i][j], b->rows[i][j]));
}

static void assert_packs(const struct table_version *v, size_t n)
{
	struct table_version *back;
	struct span bytes;
	struct buf b;
	size_t m;

	buf_init(&b, 1 << 26);
	tablepack_put(&b, v, n);
	assert_false(b.failed);
	bytes = (struct span){b.data, b.len};
	assert_true(tablepack_times(rig_arena, bytes, &back, &m));
	assert_int_equal(m, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(back[i].ts, v[i].ts);
		assert_int_equal(back[i].until, v[i].until);
		assert_same(v[i].table, tablepack_get(rig_arena, bytes, i));
	}
	assert_null(tablepack_get(rig_arena, bytes, n));
	buf_free(&b);
}

/* Rows come and go, change place and are there twice. */
static void any_tables_come_back(void **state)
{
	struct table_version v[12];

	(void)state;
	dice = 1;
	for (int i = 0; i < 60; i++) {
		size_t columns = roll(6), n = 1 + roll(12);

		for (size_t j = 0; j < n; j++) {
			if (roll(10) == 0)
				columns = roll(40);
			v[j].ts = (int64_t)(START + roll(100));
			v[j].until = v[j].ts + (int64_t)roll(100);
			v[j].table = odd_table(columns, roll(30));
		}
		assert_packs(v, n);
	}
	/* Longer than what is compared row by row, known or not. */
	for (size_t j = 0; j < 4; j++)
		v[j] = (struct table_version){
		    START, START, odd_table(3, j % 2 ? 2001 : 1900)};
	assert_packs(v, 4);
}

static void deliver(struct store *st, int64_t now)
{
	struct readings *r = rig_readings();
	struct table *t = readings_table(r, "procs", 2);
	int64_t version = now / 120;
	const char *line;

	table_column(r, t, 0, "pid", "");
	table_column(r, t, 1, "up", "seconds");
	for (int64_t i = 0; i < 5; i++) {
		const char **row = table_row(r, t);

		row[0] =
		    arena_printf(rig_arena, "%d", (int)((version + i) % 7));
		row[1] = arena_printf(rig_arena, "%d", (int)version);
	}
	for (int i = 0; i < 3; i++) {
		line = arena_printf(rig_arena, "line %lld %d",
		    (long long)((now - START) / 60), i);
		assert_true(readings_line(r, now - i % 2, line, strlen(line)));
	}
	rig_deliver(st, "s", now, r);
}

#define MINUTES (30 * 60)

static void fill(struct store *st, bool tended)
{
	for (int64_t i = 0; i < MINUTES; i++) {
		deliver(st, START + 60 * i);
		if (tended)
			tend(st, (struct keep){0}, START + 60 * i);
	}
}

static void assert_table_at(struct store *st, int64_t at, int64_t run)
{
	struct err e = {0};
	struct table *t;
	int64_t ts;

	rig_ok(store_table(st, rig_arena, "s", "procs", at, &t, &ts, &e));
	assert_non_null(t);
	assert_int_equal(ts, run);
	assert_string_equal(t->name, "procs");
	assert_int_equal(t->n_rows, 5);
	for (int64_t i = 0; i < 5; i++) {
		assert_int_equal(atoi(t->rows[i][0]), (run / 120 + i) % 7);
		assert_int_equal(atoi(t->rows[i][1]), run / 120);
	}
}

static size_t lines(struct store *st, int64_t from, int64_t to, size_t max,
    struct log_line **l, size_t *left_out)
{
	struct strings sources = rig_names("s", NULL);
	struct err e = {0};
	size_t n;

	rig_ok(store_lines(
	    st, rig_arena, &sources, from, to, max, l, &n, left_out, &e));
	return n;
}

static void all_is_as_if_it_were_not_packed(void **state)
{
	struct store *st = rig_open();
	struct log_line *l;
	size_t left;

	(void)state;
	fill(st, true);
	assert_true(rig_ask("SELECT count(*) FROM line") < 3 * 122);
	assert_true(rig_ask("SELECT count(*) FROM snapshot") < 61);
	assert_true(rig_ask("SELECT count(*) FROM pack") > 56);
	for (int64_t i = 0; i < MINUTES; i += 7)
		assert_table_at(st, START + 60 * i, START + 60 * i);
	assert_table_at(st, START + 4 * DAY, START + 60 * (MINUTES - 1));
	assert_int_equal(
	    lines(st, START - 1, START + 2 * DAY, 100000, &l, &left),
	    3 * MINUTES);
	assert_int_equal(left, 0);
	for (size_t i = 0; i < 3 * MINUTES; i++)
		assert_string_equal(l[i].text,
		    arena_printf(rig_arena, "line %zu %zu", i / 3, i % 3));
	/* A window in what is packed, and more than is asked for. */
	assert_int_equal(
	    lines(st, START + 5 * HOUR, START + 9 * HOUR - 2, 10, &l, &left),
	    10);
	assert_int_equal(left, 3 * 240 - 11);
	assert_string_equal(l[9].text, "line 539 2");
	store_close(st);
	rig_assert_whole();
}

static void what_waits_is_worked_off(void **state)
{
	struct store *st = rig_open();
	struct log_line *l;
	size_t left;

	(void)state;
	fill(st, false);
	assert_int_equal(rig_ask("SELECT count(*) FROM pack"), 0);
	tend(st, (struct keep){0}, START + 31 * HOUR);
	assert_int_equal(rig_ask("SELECT count(*) FROM pack"), 2);
	assert_int_equal(rig_ask("SELECT count(*) FROM line"), 1);
	assert_int_equal(rig_ask("SELECT count(*) FROM snapshot"), 1);
	assert_table_at(st, START + 3 * HOUR, START + 3 * HOUR);
	assert_int_equal(
	    lines(st, START - 1, START + 2 * DAY, 100000, &l, &left),
	    3 * MINUTES);
	/* One that is late goes with the next hour, in the order it came. */
	deliver(st, START + 60);
	tend(st, (struct keep){0}, START + 32 * HOUR + 60);
	assert_int_equal(rig_ask("SELECT count(*) FROM pack"
				 " WHERE kind = 0"),
	    2);
	store_close(st);
}

static void packs_go_whole_by_age_and_size(void **state)
{
	struct store *st = rig_open();
	struct keep keep = {.lines = 20 * HOUR, .tables = 25 * HOUR};
	int64_t now = START + 30 * HOUR;
	struct reach reach;
	struct err e = {0};

	(void)state;
	fill(st, true);
	tend(st, keep, now);
	rig_ok(store_reach(st, &reach, &e));
	assert_int_equal(reach.lines, now - 20 * HOUR);
	assert_int_equal(reach.tables, now - 25 * HOUR);
	for (int i = 0; i < 20; i++)
		tend(st, (struct keep){.max_size = 1}, now);
	rig_ok(store_reach(st, &reach, &e));
	/* The newest day stays whole. */
	assert_true(reach.tables <= now - DAY);
	assert_true(reach.tables > now - DAY - 7 * HOUR);
	assert_int_equal(reach.lines, now - 20 * HOUR);
	store_close(st);
}

static void a_damaged_pack_is_a_gap(void **state)
{
	struct store *st = rig_open();
	struct damage *d;
	struct log_line *l;
	struct err e = {0};
	struct db *db;
	size_t n, left;

	(void)state;
	fill(st, true);
	store_close(st);
	rig_ok(db_open(&db, rig_path, DB_WRITE, &e));
	rig_ok(db_exec(db,
	    "UPDATE pack SET data = substr(data, 1, length(data) - 1)"
	    " WHERE id IN ((SELECT id FROM pack"
	    " WHERE kind = 0 LIMIT 1 OFFSET 5), (SELECT id FROM pack"
	    " WHERE kind = 1 LIMIT 1 OFFSET 5))",
	    &e));
	assert_int_equal(db_changes(db), 2);
	db_close(db);
	st = rig_open();
	n = lines(st, START - 1, START + 2 * DAY, 100000, &l, &left);
	assert_int_equal(n + left, 3 * MINUTES);
	assert_int_equal(left, 180);
	for (int64_t i = 0; i < MINUTES; i += 60) {
		struct table *t;
		int64_t ts;

		rig_ok(store_table(
		    st, rig_arena, "s", "procs", START + 60 * i, &t, &ts, &e));
	}
	rig_ok(store_damages(st, rig_arena, &d, &n, &e));
	assert_int_equal(n, 2);
	assert_string_equal(d[0].what, "lines of s");
	assert_string_equal(d[1].what, "tables of s");
	store_close(st);
}

static int64_t ask_sql(const char *sql)
{
	const struct store_sql_conf conf = {
	    .path = rig_path, .max_steps = 10000000};
	struct store_sql *q;
	struct err e = {0};
	struct db_stmt *s;
	int64_t v;

	rig_ok(store_sql_open(&q, &conf, &e));
	rig_ok(store_sql_prepare(q, sql, &s, &e));
	assert_int_equal(db_step(s, &e), 1);
	v = db_int(s, 0);
	db_finalize(s);
	store_sql_close(q);
	return v;
}

static void sql_sees_no_difference(void **state)
{
	struct store *st = rig_open();

	(void)state;
	fill(st, true);
	store_close(st);
	assert_int_equal(ask_sql("SELECT count(*) FROM lines"), 3 * MINUTES);
	assert_int_equal(
	    ask_sql("SELECT count(DISTINCT text) FROM lines WHERE source = 's'"
		    " AND ts >= 0"),
	    3 * MINUTES);
	assert_int_equal(ask_sql("SELECT count(*) FROM lines WHERE"
				 " source GLOB 'x*'"),
	    0);
	assert_int_equal(ask_sql("SELECT count(*) FROM tables"), MINUTES / 2);
	assert_int_equal(
	    ask_sql("SELECT sum(until - ts) FROM tables WHERE name = 'procs'"),
	    60 * MINUTES / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(any_tables_come_back),
	    RIG_TEST(all_is_as_if_it_were_not_packed),
	    RIG_TEST(what_waits_is_worked_off),
	    RIG_TEST(packs_go_whole_by_age_and_size),
	    RIG_TEST(a_damaged_pack_is_a_gap),
	    RIG_TEST(sql_sees_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
