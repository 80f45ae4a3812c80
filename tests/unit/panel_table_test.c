#include "panel_input.h"

extern const struct panel_kind panel_table;

static const char *data[][5] = {
    {"nginx: worker", "www-data", "4.4", "39845888", "311"},
    {"java <app>", "app", "183.2", "3328599654", "1204"},
    {"idle", "root", NULL, "", "0"},
    {"postgres", "postgres", "11", "432013312", "n/a"},
};

static struct column columns[] = {{"process", ""}, {"user", ""},
    {"cpu", "percent"}, {"memory", "bytes"}, {"open files", "count"}};

static void set_table(struct rig *r)
{
	struct table *t = arena_make(r->arena, struct table);

	*t = (struct table){"", columns, 5,
	    arena_array(r->arena, 4, sizeof(const char **)), 4, 4, 0};
	for (int i = 0; i < 4; i++)
		t->rows[i] = arena_copy(r->arena, data[i], sizeof(data[i]));
	r->in.table = t;
	r->in.table_ts = NOW;
	r->common.source = "app1";
}

/* The grid as text: cells by |, rows by a line feed, ! is hot. */
static const char *shown(const struct rig *r)
{
	const struct grid *g = r->block.grid;
	const char *s = "";

	for (size_t i = 0; i < g->n_columns; i++)
		s = arena_printf(r->arena, "%s%s%s|", s,
		    g->columns[i].number ? ">" : "", g->columns[i].name);
	for (size_t k = 0; k < g->n_rows; k++) {
		s = arena_printf(r->arena, "%s\n", s);
		for (size_t i = 0; i < g->n_columns; i++)
			s = arena_printf(r->arena, "%s%s%s|", s,
			    g->rows[k][i].hot ? "!" : "", g->rows[k][i].text);
	}
	return s;
}

static void test_all(void **state)
{
	struct rig *r = *state;

	set_table(r);
	assert_int_equal(rig_build(r, &panel_table, "{source: app1}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(shown(r),
	    "process|user|>cpu %|>memory|>open files|\n"
	    "nginx: worker|www-data|4.4|38 MB|311|\n"
	    "java <app>|app|183.2|3.10 GB|1,204|\n"
	    "idle|root|||0|\n"
	    "postgres|postgres|11.0|412 MB|n/a|");
	assert_null(r->block.grid->foot);
	assert_null(r->block.note);
	assert_true(r->block.numbers->text);
	assert_int_equal(r->block.numbers->n_rows, 4);
	assert_string_equal(r->block.numbers->cells[1][3], "3328599654");
	assert_string_equal(r->block.numbers->cells[2][2], "");
}

static void test_chosen(void **state)
{
	struct rig *r = *state;

	set_table(r);
	r->block.grid = NULL;
	((struct table *)(uintptr_t)r->in.table)->left_out = 1202;
	assert_int_equal(
	    rig_build(r, &panel_table,
		"{source: app1, columns: [cpu, process], sort: -cpu, "
		"limit: 2, thresholds: {cpu: 100}}"),
	    0);
	assert_string_equal(shown(r), ">cpu %|process|\n"
				      "!183.2|java <app>|\n"
				      "11.0|postgres|");
	assert_string_equal(r->block.grid->foot, "and 1,204 more");
	assert_string_equal(r->block.note, "by cpu");
}

/* What is empty comes last either way; text is sorted as text. */
static void test_sort(void **state)
{
	struct rig *r = *state;

	set_table(r);
	assert_int_equal(rig_build(r, &panel_table,
			     "{source: app1, columns: process, sort: cpu}"),
	    0);
	assert_string_equal(shown(r),
	    "process|\nnginx: worker|\npostgres|\njava <app>|\nidle|");
	assert_int_equal(rig_build(r, &panel_table,
			     "{source: app1, columns: user, sort: -user}"),
	    0);
	assert_string_equal(
	    shown(r), "user|\nwww-data|\nroot|\npostgres|\napp|");
}

static void test_no_such_column(void **state)
{
	struct rig *r = *state;

	set_table(r);
	assert_int_equal(
	    rig_build(r, &panel_table, "{source: app1, columns: [pid]}"), -1);
	assert_string_equal(r->err.text,
	    "the table of app1 has no column 'pid'; it has process, user, "
	    "cpu, memory, open files");
	assert_int_equal(
	    rig_build(r, &panel_table, "{source: app1, sort: -pid}"), -1);
	assert_string_equal(r->err.text,
	    "the table of app1 has no column '-pid'; it has process, user, "
	    "cpu, memory, open files");
	assert_int_equal(
	    rig_build(r, &panel_table, "{source: app1, thresholds: {pid: 1}}"),
	    -1);
	assert_string_equal(r->err.text,
	    "the table of app1 has no column 'pid'; it has process, user, "
	    "cpu, memory, open files");
}

static void test_states(void **state)
{
	struct rig *r = *state;
	struct source_status s = {.name = "app1",
	    .outcome = OUTCOME_TIMEOUT,
	    .message = "no answer in 10 s",
	    .every = 60};

	r->common.source = "app1";
	assert_int_equal(rig_build(r, &panel_table, "{source: app1}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "nothing yet from app1");
	assert_null(r->block.grid);

	set_table(r);
	r->in.status = &s;
	r->in.n_status = 1;
	assert_int_equal(rig_build(r, &panel_table, "{source: app1}"), 0);
	assert_int_equal(r->block.state, PANEL_FAILED);
	assert_string_equal(r->block.message, "source app1: no answer in 10 s");
	assert_non_null(r->block.grid);

	s.outcome = OUTCOME_OK;
	r->in.table_ts = NOW - 12 * MINUTES;
	assert_int_equal(rig_build(r, &panel_table, "{source: app1}"), 0);
	assert_int_equal(r->block.state, PANEL_LATE);
	assert_string_equal(r->block.message, "as of 03:02, 12 min old");
}

static void test_faults(void **state)
{
	struct rig *r = *state;

	assert_string_equal(
	    rig_fault(r, &panel_table, "{}"), "a table needs its source:");
	r->faults.n = 0;
	assert_string_equal(
	    rig_fault(r, &panel_table, "{source: a, thresholds: {cpu: much}}"),
	    "thresholds: 'much' is not a number, size or length of time");
}

static void test_renamed(void **state)
{
	struct rig *r = *state;

	set_table(r);
	assert_int_equal(
	    rig_build(r, &panel_table,
		"{source: app1, columns: {process: Program, 'open files': "
		"Files, user: Who}, units: {'open files': bytes}, "
		"thresholds: {'open files': '< 1KB'}, limit: 2}"),
	    0);
	assert_string_equal(shown(r), "Program|>Files|Who|\n"
				      "nginx: worker|!311 B|www-data|\n"
				      "java <app>|1.18 KB|app|");
	assert_int_equal(r->block.state, PANEL_ALERT);
	/* of the rows as well that are not shown */
	assert_string_equal(r->block.message, "Files below 1 KB in 2 rows");
	assert_string_equal(r->block.grid->foot, "and 2 more");
}

/* A row for each column, to compare two of many. */
static void test_turned(void **state)
{
	struct rig *r = *state;

	set_table(r);
	assert_int_equal(
	    rig_build(r, &panel_table,
		"{source: app1, limit: 2, transpose: yes, thresholds: {cpu: "
		"100}, columns: [process, user, cpu, memory]}"),
	    0);
	assert_string_equal(shown(r), "process|>nginx: worker|>java <app>|\n"
				      "user|www-data|app|\n"
				      "cpu|4.4 %|!183.2 %|\n"
				      "memory|38 MB|3.10 GB|");
	assert_string_equal(r->block.grid->foot, "and 2 more");
	assert_int_equal(
	    rig_build(r, &panel_table,
		"{source: app1, transpose: yes, columns: process}"),
	    0);
	assert_int_equal(r->block.grid->n_rows, 0);
}

static void test_not_available(void **state)
{
	struct rig *r = *state;
	struct source_status s = {.name = "app1", .last_ok = NOW, .every = 60};

	r->common.source = "app1";
	r->in.status = &s;
	r->in.n_status = 1;
	assert_int_equal(rig_build(r, &panel_table, "{source: app1}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "not available");
}

/* Versions of three hosts read as one table; the odd one is marked. */
static void test_many_sources(void **state)
{
	static struct column same[] = {{"component", ""}, {"version", ""}};
	static struct column more[] = {
	    {"version", ""}, {"component", ""}, {"built", ""}};
	static const char *a[][2] = {{"app", "4.18"}, {"kernel", "6.1"}};
	static const char *b[][3] = {{"4.18", "app", "May"}};
	static const char *c[][2] = {{"app", "4.17"}, {"kernel", "6.1"}};
	const char **rows_a[] = {a[0], a[1]}, **rows_b[] = {b[0]},
		   **rows_c[] = {c[0], c[1]};
	const struct table tables[] = {{"", same, 2, rows_a, 2, 2, 0},
	    {"", more, 3, rows_b, 1, 1, 3}, {"", same, 2, rows_c, 2, 2, 0}};
	const struct found_table found[] = {{"app1", &tables[0], NOW},
	    {"app2", &tables[1], NOW}, {"app3", &tables[2], NOW}};
	struct rig *r = *state;

	r->in.tables = found;
	r->in.n_tables = 3;
	assert_int_equal(rig_build(r, &panel_table,
			     "{sources: 'app*', differ: true, columns: "
			     "[component, source, version], sort: component}"),
	    0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(shown(r), "component|source|version|\n"
				      "app|app1|4.18|\n"
				      "app|app2|4.18|\n"
				      "app|app3|4.17 (differs)|\n"
				      "kernel|app1|6.1|\n"
				      "kernel|app3|6.1|");
	assert_true(r->block.grid->rows[2][2].strong);
	assert_string_equal(r->block.grid->foot, "and 3 more");
	/* app3's version, and app2's date of build, which others lack */
	assert_string_equal(r->block.note, "2 differ");
	assert_int_equal(r->block.numbers->n_columns, 4);
	r->in.n_tables = 0;
	assert_int_equal(rig_build(r, &panel_table, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
}

/* Sources that are asked every ten minutes are not late after four. */
static void test_many_rare_sources(void **state)
{
	static struct column version[] = {{"version", ""}};
	static const char *row[] = {"4.18"};
	const char **rows[] = {row};
	const struct table table = {"", version, 1, rows, 1, 1, 0};
	struct found_table found[] = {
	    {"app1", &table, NOW - 240}, {"app2", &table, NOW - 900}};
	static const struct source_status status[] = {
	    {.name = "app1", .message = "", .every = 600},
	    {.name = "app2", .message = "", .every = 600}};
	struct rig *r = *state;

	r->in.tables = found;
	r->in.n_tables = 2;
	r->in.status = status;
	r->in.n_status = 2;
	assert_int_equal(rig_build(r, &panel_table, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	found[0].ts = NOW - 3600;
	found[1].ts = NOW - 7200;
	assert_int_equal(rig_build(r, &panel_table, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_LATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_all),
	    rig_test(test_chosen),
	    rig_test(test_sort),
	    rig_test(test_no_such_column),
	    rig_test(test_states),
	    rig_test(test_renamed),
	    rig_test(test_turned),
	    rig_test(test_not_available),
	    rig_test(test_many_sources),
	    rig_test(test_many_rare_sources),
	    rig_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
