/* What differs between two moments, and what a snapshot keeps of one. */
#include "test.h"

#include <math.h>

#include "diff/diff.h"
#include "output/gist.h"

/* Cells are apart by '|', rows by '/'; the first row is the columns. */
static struct gist_table *add_table(
    struct arena *a, struct gist *g, const char *text, bool first_number)
{
	struct gist_table *t =
	    arena_push(a, &g->tables, &g->n_tables, &g->cap_tables);
	char *rest = arena_strdup(a, text), *line;

	*t = (struct gist_table){
	    .source = "app", .name = "t", .first_number = first_number};
	while ((line = strsep(&rest, "/")) != NULL) {
		bool header = t->columns.n == 0;
		const char **row =
		    arena_array(a, header ? 1 : t->columns.n, sizeof(*row));
		char *cell;

		for (size_t i = 0; (cell = strsep(&line, "|")) != NULL; i++)
			if (header)
				strings_add(a, &t->columns, cell);
			else
				row[i] = cell[0] == '\0' ? NULL : cell;
		if (!header)
			*arena_push(a, &t->rows, &t->n_rows, &t->cap_rows) =
			    row;
	}
	return t;
}

/* "+key -key ~key.column:before>after #key:1>2 *column:12/20" */
static const char *told(struct arena *a, const struct diff *d)
{
	const char *text = "";

	for (size_t i = 0; d->n_tables > 0 && i < d->tables[0].n_rows; i++) {
		const struct diff_row *r = &d->tables[0].rows[i];

		text = arena_printf(a, "%s%s", text, i > 0 ? " " : "");
		if (r->change == DIFF_CAME || r->change == DIFF_WENT)
			text = arena_printf(a, "%s%c%s", text,
			    r->change == DIFF_CAME ? '+' : '-', r->key);
		else if (r->change == DIFF_NUMBER)
			text = arena_printf(a, "%s#%s:%zu>%zu", text, r->key,
			    r->n_before, r->n_after);
		else if (r->change == DIFF_MANY)
			text = arena_printf(a, "%s*%s:%zu/%zu", text, r->column,
			    r->n_before, r->n_after);
		else
			text = arena_printf(a, "%s~%s.%s:%s>%s", text, r->key,
			    r->column, r->before, r->after);
	}
	return text;
}

static void differ(struct arena *arena, const char *before, const char *after,
    bool first_number, const char *expected)
{
	struct gist a = {.at = 1}, b = {.at = 2};
	struct diff d;

	add_table(arena, &a, before, first_number);
	add_table(arena, &b, after, first_number);
	diff_gist(arena, &a, &b, 20, &d);
	assert_string_equal(told(arena, &d), expected);
	assert_true(d.differs == (expected[0] != '\0'));
}

static void rows_are_told_apart(void **state)
{
	struct arena *a = *state;

	differ(a, "name|value/x|1/y|2", "name|value/y|2/x|1", false, "");
	differ(a, "name|value/x|1/y|2", "name|value/x|3/z|2", false,
	    "+z, 2 -y, 2 ~x.value:1>3");
	differ(a, "name|value/x|1", "name|value/x|", false, "~x.value:1>");
	/* two jars of one name */
	differ(a, "jar|version/x|1/x|2", "jar|version/x|1/x|3", false,
	    "+x, 3 -x, 2");
	/* a number that is a key, and one that is not */
	differ(a, "id|state/1|on/2|on", "id|state/1|off/2|on", true,
	    "~1.state:on>off");
	differ(a, "id|name|state/1|p|on/1|q|on", "id|name|state/2|p|off/2|q|on",
	    true, "~p.state:on>off");
	/* rows that look the same are counted */
	differ(a, "process|user/w|www/w|www/d|pg",
	    "process|user/w|www/d|pg/e|x", false, "+e, x #w, www:2>1");
	/* columns are known by their names */
	differ(a, "name|a|b/x|1|2", "name|b|a/x|2|1", false, "");
	differ(a, "name|a/x|1", "name|a|new/x|1|5", false, "");
	differ(a, "name/", "name/", false, "");
}

static void a_column_that_changed_in_most_rows_is_one_change(void **state)
{
	const char *before = "name|up|v", *after = before;

	for (int i = 10; i < 32; i++) {
		before = arena_printf(*state, "%s/p%d|%d|1", before, i, i);
		after = arena_printf(
		    *state, "%s/p%d|%d|%d", after, i, i + 1, i == 20 ? 2 : 1);
	}
	differ(*state, before, after, false, "~p20.v:1>2 *up:22/22");
}

static void a_table_that_is_cut_says_so(void **state)
{
	struct gist a = {.at = 1}, b = {.at = 2}, none = {.at = 3};
	struct diff d;

	add_table(*state, &a, "name/x", false);
	add_table(*state, &b, "name/y", false)->left_out = 3;
	diff_gist(*state, &a, &b, 20, &d);
	assert_true(d.tables[0].cut);
	diff_gist(*state, &none, &b, 20, &d);
	assert_int_equal(d.tables[0].change, DIFF_APPEARED);
	diff_gist(*state, &b, &none, 20, &d);
	assert_int_equal(d.tables[0].change, DIFF_WENT);
}

static void the_series_that_moved_most_come_first(void **state)
{
	static struct gist_series before[] = {{"a", "", 5, 50, 10, 1},
	    {"b", "", 5, 50, 10, 1}, {"c", "", 0, 50, NAN, 1},
	    {"d", "", 5, 50, 10, 1}, {"e", "", 5, 50, 10, 1}};
	static struct gist_series after[] = {{"a", "", 5, 50, 15, 1},
	    {"b", "", 5, 50, 10.5, 1}, {"c", "", 5, 50, 9, 1},
	    {"d", "", 5, 50, 2, 1}, {"f", "", 5, 50, 1, 1}};
	struct gist a = {.series = before, .n_series = 5};
	struct gist b = {.series = after, .n_series = 5};
	struct diff d;

	(void)state;
	diff_gist(*state, &a, &b, 1, &d);
	assert_int_equal(d.moved, 2);
	assert_int_equal(d.series_left_out, 1);
	assert_int_equal(d.n_series, 4);
	assert_string_equal(d.series[0].b->name, "d");
	assert_float_equal(d.series[0].score, -8, 1e-12);
	assert_string_equal(d.series[1].b->name, "c");
	assert_int_equal(d.series[1].change, DIFF_APPEARED);
	assert_string_equal(d.series[2].b->name, "f");
	assert_string_equal(d.series[3].a->name, "e");
	assert_int_equal(d.series[3].change, DIFF_SILENT);
}

static struct alert alert(
    const char *rule, enum alert_state state, int64_t fired, int64_t ended)
{
	return (struct alert){.rule = rule,
	    .series = "app/cpu",
	    .message = "",
	    .state = state,
	    .fired = fired,
	    .ended = ended};
}

static void alerts_begin_end_and_pass(void **state)
{
	struct alert before[] = {alert("old", ALERT_FIRING, 10, 0),
	    alert("stays", ALERT_FIRING, 20, 0),
	    alert("over", ALERT_ENDED, 10, 30)};
	struct alert after[] = {alert("old", ALERT_ENDED, 10, 120),
	    alert("stays", ALERT_FIRING, 20, 0),
	    alert("over", ALERT_ENDED, 10, 30),
	    alert("short", ALERT_ENDED, 130, 140),
	    alert("soon", ALERT_PENDING, 0, 0),
	    alert("new", ALERT_FIRING, 150, 0)};
	static const struct {
		enum diff_change change;
		const char *rule;
	} expected[] = {{DIFF_STILL, "stays"}, {DIFF_PASSED, "short"},
	    {DIFF_BEGAN, "new"}, {DIFF_ENDED, "old"}};
	struct gist a = {.at = 100, .alerts = before, .n_alerts = 3};
	struct gist b = {.at = 200, .alerts = after, .n_alerts = 6};
	struct diff d;

	diff_gist(*state, &a, &b, 20, &d);
	assert_int_equal(d.n_alerts, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(d.alerts[i].change, expected[i].change);
		assert_string_equal(d.alerts[i].alert->rule, expected[i].rule);
	}
	assert_int_equal(d.alerts[3].alert->ended, 120);
	b.alerts = before;
	b.n_alerts = 3;
	diff_gist(*state, &a, &b, 20, &d);
	assert_false(d.differs);
}

static struct gist sample(struct arena *arena)
{
	static struct gist_series series[] = {
	    {"app/a{x=\"<&>\"}", "percent", 3, 40, 0.1, 0.25},
	    {"app/b", "", 0, 7, NAN, NAN}};
	static struct gist_pattern patterns[] = {
	    {"a <n>", "log", "a 1", "error", 4, 5}};
	static struct source_status sources[] = {{.name = "app",
	    .outcome = OUTCOME_TIMEOUT,
	    .message = "no answer",
	    .since = 77}};
	struct gist g = {.at = 1000,
	    .window = 3600,
	    .page = "index",
	    .series = series,
	    .n_series = 2,
	    .patterns = patterns,
	    .n_patterns = 1,
	    .sources = sources,
	    .n_sources = 1,
	    .lines_left_out = 9};

	strings_add(arena, &g.panels, "CPU*");
	add_table(arena, &g, "name|v/x|1/y|", true)->left_out = 2;
	*arena_push(arena, &g.alerts, &g.n_alerts, &g.cap_alerts) =
	    alert("busy", ALERT_FIRING, 10, 0);
	return g;
}

static void write_and_parse(
    struct arena *a, const struct gist *in, struct gist *out)
{
	struct err e = {0};
	struct buf b;

	buf_init(&b, GIST_MAX);
	gist_write(in, &b);
	assert_int_equal(
	    gist_parse(a, (struct span){buf_text(&b), b.len}, out, &e), 0);
	buf_free(&b);
}

static void it_comes_back_as_it_was_written(void **state)
{
	struct gist in = sample(*state), out;
	struct diff d;

	write_and_parse(*state, &in, &out);
	assert_int_equal(out.at, 1000);
	assert_int_equal(out.window, 3600);
	assert_string_equal(out.page, "index");
	assert_string_equal(out.panels.items[0], "CPU*");
	assert_int_equal(out.lines_left_out, 9);
	assert_string_equal(out.series[0].name, "app/a{x=\"<&>\"}");
	assert_float_equal(out.series[0].spread, 0.25, 0);
	assert_int_equal(out.series[1].known, 7);
	assert_true(isnan(out.series[1].median));
	assert_int_equal(out.tables[0].left_out, 2);
	assert_true(out.tables[0].first_number);
	assert_null(out.tables[0].rows[1][1]);
	assert_int_equal(out.alerts[0].state, ALERT_FIRING);
	assert_string_equal(out.patterns[0].example, "a 1");
	assert_int_equal(out.sources[0].outcome, OUTCOME_TIMEOUT);
	diff_gist(*state, &in, &out, 20, &d);
	assert_false(d.differs);
}

static void what_is_no_gist_is_refused(void **state)
{
	static const char *const bad[] = {"", "{}", "[]", "{\"gist\":1}",
	    "{\"gist\":2,\"at\":1,\"window\":1}",
	    "{\"gist\":1,\"at\":-1,\"window\":1}",
	    "{\"gist\":1,\"at\":1e300,\"window\":1}",
	    "{\"gist\":1,\"at\":1,\"window\":1e300}",
	    "{\"gist\":1,\"at\":\"x\",\"window\":1}"};
	static const char odd[] =
	    "{\"gist\":1,\"at\":1,\"window\":1,\"series\":[1,[],[null,2],"
	    "[\"a\",\"\",\"x\",1e300,-1,null]],\"tables\":[{},[],"
	    "{\"source\":\"x\",\"columns\":[\"a\"],\"rows\":[[],[1],[\"x\","
	    "\"y\"],\"z\"]}],"
	    "\"alerts\":[{\"state\":\"firing\"},7],\"patterns\":[[],{}],"
	    "\"sources\":[{\"outcome\":\"odd\"}],\"panels\":{}}";
	struct gist g;
	struct diff d;
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    gist_parse(
			*state, (struct span){bad[i], strlen(bad[i])}, &g, &e),
		    -1);
	assert_int_equal(
	    gist_parse(*state, (struct span){odd, strlen(odd)}, &g, &e), 0);
	assert_int_equal(g.n_series, 4);
	for (size_t i = 0; i < g.n_series; i++)
		assert_int_equal(g.series[i].n, 0);
	assert_int_equal(g.tables[1].n_rows, 1);
	diff_gist(*state, &g, &g, 20, &d);
	assert_false(d.differs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(rows_are_told_apart),
	    arena_test(a_column_that_changed_in_most_rows_is_one_change),
	    arena_test(a_table_that_is_cut_says_so),
	    arena_test(the_series_that_moved_most_come_first),
	    arena_test(alerts_begin_end_and_pass),
	    arena_test(it_comes_back_as_it_was_written),
	    arena_test(what_is_no_gist_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
