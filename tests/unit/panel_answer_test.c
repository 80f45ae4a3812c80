/* Rows of a query, as lines, figures and tables. */
#include "panel_rows.h"

#include "panel/answer.h"

extern const struct panel_kind panel_line, panel_stat, panel_table;

static int series_of(struct rig *r)
{
	const struct answer_view view = {
	    .from = NOW - 6 * HOURS, .to = NOW, .unit = "km"};
	struct series *s;
	int rc = series_of_answer(
	    r->arena, r->in.answer, &view, &s, &r->in.n_series, &r->err);

	r->in.series = s;
	return rc;
}

/* Out of order, twice the same time, before and behind the view, holes. */
static void columns_are_lines(void **state)
{
	struct rig *r = *state;
	const struct series *s;

	ROWS(r, "ts far near", 3,				  /**/
	    "1795316000", "3", "1",				  /**/
	    "1795315000", "2", "-",				  /**/
	    "1795316000", "4", "1.5",				  /**/
	    "-", "9", "9",					  /**/
	    "2026-11-22 03:00", "5", "-", "1700000000", "6", "6", /**/
	    "1999999999", "7", "7");
	assert_int_equal(series_of(r), 0);
	assert_int_equal(r->in.n_series, 2);
	s = &r->in.series[0];
	assert_string_equal(s->name, "far");
	assert_string_equal(s->unit, "km");
	assert_int_equal(s->n, 3);
	assert_int_equal(s->points[0].ts, 1795315000);
	assert_float_equal(s->points[1].mean, 4, 0);
	assert_float_equal(s->points[1].max, 4, 0);
	assert_int_equal(s->points[2].ts, NOW - 14 * MINUTES);
	assert_float_equal(s->last, 5, 0);
	assert_int_equal(s->last_ts, NOW - 14 * MINUTES);
	assert_int_equal(s[1].n, 1);
	assert_float_equal(s[1].last, 1.5, 0);
	assert_int_equal(answer_oldest(r->in.answer), 1700000000);
}

static void rows_may_name_their_series(void **state)
{
	struct rig *r = *state;

	ROWS(r, "TS series value", 3,	  /**/
	    "1795316000", "a/cpu", "1",	  /**/
	    "1795316000", "b/cpu", "2",	  /**/
	    "1795316060", "a/cpu", "1.5", /**/
	    "1795316060", "-", "9");
	assert_int_equal(series_of(r), 0);
	assert_int_equal(r->in.n_series, 2);
	assert_string_equal(r->in.series[0].source, "a");
	assert_string_equal(r->in.series[0].metric, "cpu");
	assert_int_equal(r->in.series[0].n, 2);
	assert_int_equal(r->in.series[1].n, 1);
}

static void what_does_not_fit_is_said(void **state)
{
	struct rig *r = *state;

	ROWS(r, "ts x", 2, "1795316000", "much");
	assert_int_equal(series_of(r), -1);
	assert_string_equal(
	    r->err.text, "query: column x holds 'much', which is no number");
	ROWS(r, "ts x", 2, "soon", "1");
	assert_int_equal(series_of(r), -1);
	assert_string_equal(
	    r->err.text, "query: ts is 'soon', which is no time");
	ROWS(r, "day x", 2, "5", "1");
	assert_int_equal(series_of(r), 0);
	assert_int_equal(rig_build(r, &panel_line, "{query: SELECT}"), -1);
	assert_string_equal(
	    r->err.text, "query: the first column is day; lines want ts");
}

/* A gap where values came each minute, none where they come now and then. */
static void the_usual_distance(void **state)
{
	struct rig *r = *state;
	const char *cells[60];

	for (int i = 0; i < 30; i++) {
		cells[2 * i] = arena_printf(r->arena, "%lld",
		    (long long)NOW - 5000 + (i + (i > 20 ? 30 : 0)) * 60);
		cells[2 * i + 1] = "1";
	}
	set_rows(r, "ts x", 2, cells, 30);
	assert_int_equal(series_of(r), 0);
	assert_int_equal(r->in.series[0].every, 60);
	for (int i = 0; i < 30; i++)
		cells[2 * i] = arena_printf(
		    r->arena, "%lld", (long long)NOW - 20000 + i * i * 20);
	set_rows(r, "ts x", 2, cells, 30);
	assert_int_equal(series_of(r), 0);
	assert_int_equal(r->in.series[0].every, (2 * 25 + 1) * 20);
}

/* However old, a row of a query is not late. */
static void a_figure_is_the_last_row(void **state)
{
	struct rig *r = *state;

	ROWS(r, "best<b> runs", 2, "1", "2", "47.25", "120");
	assert_int_equal(series_of(r), 0);
	assert_int_equal(
	    rig_build(r, &panel_stat, "{query: SELECT, spark: no}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_int_equal(r->block.n_figures, 2);
	assert_string_equal(r->block.figures[0].label, "best<b>");
	assert_string_equal(r->block.figures[0].value, "47.2");
	assert_string_equal(r->block.figures[0].unit, "km");
	assert_string_equal(r->block.figures[1].value, "120");
	assert_null(r->block.figures[1].when);
}

static void a_table_has_the_rows_as_they_are(void **state)
{
	struct rig *r = *state;

	ROWS(r, "ts name km n", 4,		     /**/
	    "1795316000", "<i>x</i>", "3.5", "2026", /**/
	    "1795316060", "12", "10.25", "1000000",  /**/
	    "1795316060", "-", "-", "7");
	r->in.table = table_of_answer(r->arena, r->in.answer, NULL);
	assert_int_equal(
	    rig_build(r, &panel_table, "{query: SELECT, sort: -n}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_int_equal(r->block.grid->n_rows, 3);
	assert_string_equal(r->block.grid->columns[2].name, "km");
	assert_true(r->block.grid->columns[2].number);
	assert_false(r->block.grid->columns[1].number);
	assert_string_equal(r->block.grid->rows[0][0].text, "2026-11-22 02:54");
	assert_string_equal(r->block.grid->rows[0][2].text, "10.25");
	assert_string_equal(r->block.grid->rows[0][3].text, "1,000,000");
	assert_string_equal(r->block.grid->rows[1][1].text, "<i>x</i>");
	assert_string_equal(r->block.grid->rows[1][2].text, "3.50");
	assert_string_equal(r->block.grid->rows[2][2].text, "");
	assert_int_equal(
	    rig_build(r, &panel_table, "{query: SELECT, sort: no}"), -1);
	assert_string_equal(r->err.text, "the table of the query has no column "
					 "'no'; it has ts, name, km, n");
}

static void no_rows(void **state)
{
	struct rig *r = *state;
	const struct panel_kind *kinds[] = {
	    &panel_line, &panel_stat, &panel_table};

	for (size_t i = 0; i < 3; i++) {
		r->block = (struct block){.title = "CPU"};
		r->in.answer = arena_make(r->arena, struct answer);
		r->in.table = table_of_answer(r->arena, r->in.answer, NULL);
		assert_int_equal(series_of(r), 0);
		assert_int_equal(rig_build(r, kinds[i], "{query: SELECT}"), 0);
		assert_int_equal(r->block.state, PANEL_EMPTY);
		assert_string_equal(
		    r->block.message, "the query gives no rows");
	}
	ROWS(r, "ts x", 2, "1700000000", "1");
	assert_int_equal(series_of(r), 0);
	r->block = (struct block){.title = "CPU"};
	assert_int_equal(rig_build(r, &panel_line, "{query: SELECT}"), 0);
	assert_string_equal(
	    r->block.message, "the query gives nothing for this time");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(columns_are_lines),
	    rig_test(rows_may_name_their_series),
	    rig_test(what_does_not_fit_is_said),
	    rig_test(the_usual_distance),
	    rig_test(a_figure_is_the_last_row),
	    rig_test(a_table_has_the_rows_as_they_are),
	    rig_test(no_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
