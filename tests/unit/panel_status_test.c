#include "panel_input.h"

extern const struct panel_kind panel_status, panel_section, panel_text;

static struct source_status status[] = {
    {"app1", OUTCOME_OK, "", "", NOW - 2 * DAYS, NOW, NOW, 60, 93, 4180},
    {"app2", OUTCOME_NOT_DUE, "", "", NOW - HOURS, NOW - 300, NOW - 300, 3600,
	1500, 0},
    {"db1", OUTCOME_TIMEOUT, "source db1: no answer in 10 s", "ask again",
	NOW - 12 * MINUTES, NOW, NOW - 13 * MINUTES, 60, 10000, 0},
    {"dead", OUTCOME_DNS, "source dead: no such host", "", NOW - 60, NOW, 0, 60,
	3, 0},
    {"new", OUTCOME_OK, "", "", 0, 0, 0, 60, 0, 0},
};

static const char *row(const struct rig *r, size_t i)
{
	const struct grid *g = r->block.grid;
	const char *s = "";

	for (size_t k = 0; k < g->n_columns; k++)
		s = arena_printf(r->arena, "%s%s%s|", s,
		    g->rows[i][k].strong ? "!" : "", g->rows[i][k].text);
	return s;
}

static void test_rows(void **state)
{
	struct rig *r = *state;

	r->in.status = status;
	r->in.n_status = 5;
	assert_int_equal(rig_build(r, &panel_status, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_FAILED);
	assert_string_equal(r->block.message, "2 of 5 sources failed");
	assert_int_equal(r->block.grid->n_rows, 5);
	assert_string_equal(row(r, 0),
	    "!db1|!✕ timeout|03:02|13 min ago|10 s|0 B||"
	    "source db1: no answer in 10 s; ask again|");
	assert_string_equal(row(r, 1),
	    "!dead|!✕ dns|03:13|never|3 ms|0 B||source dead: no such host|");
	assert_string_equal(
	    row(r, 2), "app1|● ok|20 Nov 03:14|now|93 ms|4.08 KB|||");
	assert_string_equal(
	    row(r, 3), "app2|● ok|02:14|5 min ago|1.5 s|0 B|||");
	assert_string_equal(row(r, 4), "new|○ not asked yet|||||||");
	assert_true(r->block.numbers->text);
	assert_string_equal(r->block.numbers->cells[0][0], "db1");
}

/* Today's gaps, each with its time and its cause. */
static void test_gaps(void **state)
{
	static const struct spell spells[] = {
	    {"app1", OUTCOME_DNS, "", NOW - 5 * HOURS, NOW - 5 * HOURS, 0, 0},
	    {"app1", OUTCOME_REFUSED, "", NOW - 4 * HOURS,
		NOW - 4 * HOURS + 240, 0, 0},
	    {"app1", OUTCOME_NOT_DUE, "", NOW - 3 * HOURS, NOW - 2 * HOURS, 0,
		0},
	    {"app1", OUTCOME_TIMEOUT, "", NOW - HOURS, NOW - HOURS, 0, 0},
	    {"db1", OUTCOME_TIMEOUT, "no answer", NOW - 12 * MINUTES, NOW, 0,
		0},
	    {"app1", OUTCOME_TIMEOUT, "", NOW - 600, NOW - 540, 0, 0},
	};
	struct rig *r = *state;

	r->in.status = status;
	r->in.n_status = 3;
	r->in.spells = spells;
	r->in.n_spells = 6;
	assert_int_equal(rig_build(r, &panel_status, "{}"), 0);
	assert_string_equal(
	    r->block.grid->columns[6].name, "gaps since 21 Nov 21:14");
	assert_string_equal(
	    r->block.grid->rows[0][6].text, "since 03:02 timeout");
	assert_string_equal(r->block.grid->rows[1][6].text,
	    "03:04 to 03:05 timeout; 02:14 timeout; "
	    "21 Nov 23:14 to 21 Nov 23:18 refused; and 1 more");
	assert_string_equal(r->block.grid->rows[2][6].text, "");
}

static void test_chosen(void **state)
{
	struct rig *r = *state;

	r->in.status = status;
	r->in.n_status = 5;
	assert_int_equal(
	    rig_build(r, &panel_status, "{sources: ['app*', new]}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(r->block.note, "2 of 3 answered");
	assert_null(r->block.message);
	r->common.sources.n = 0;
	r->in.n_status = 2;
	assert_int_equal(rig_build(r, &panel_status, "{}"), 0);
	assert_string_equal(r->block.note, "all 2 answered");
	r->in.n_status = 5;
	assert_int_equal(rig_build(r, &panel_status, "{limit: 2}"), 0);
	assert_int_equal(r->block.grid->n_rows, 2);
	assert_string_equal(r->block.grid->foot, "and 3 more");
	assert_string_equal(r->block.grid->rows[1][0].text, "dead");
}

static void test_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_equal(rig_build(r, &panel_status, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "no source was asked yet");
	assert_null(r->block.grid);
}

static void test_text(void **state)
{
	struct rig *r = *state;

	assert_int_equal(rig_build(r, &panel_text,
			     "{body: \"One\\n  line.\\n\\n \\nTwo <b>.\\n\"}"),
	    0);
	assert_int_equal(r->block.paragraphs.n, 2);
	assert_string_equal(r->block.paragraphs.items[0], "One line.");
	assert_string_equal(r->block.paragraphs.items[1], "Two <b>.");
	assert_string_equal(r->block.title, "CPU");

	r->block = (struct block){.title = "CPU"};
	assert_int_equal(rig_build(r, &panel_text, "{}"), 0);
	assert_int_equal(r->block.paragraphs.n, 1);
	assert_string_equal(r->block.paragraphs.items[0], "CPU");
	assert_string_equal(r->block.title, "");
}

static void test_section(void **state)
{
	struct rig *r = *state;

	assert_int_equal(rig_build(r, &panel_section, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_int_equal(r->block.width, WIDTH_FULL);
	assert_string_equal(r->block.title, "CPU");
}

static void test_registry(void **state)
{
	(void)state;
	assert_ptr_equal(panel_kind("status"), &panel_status);
	assert_null(panel_kind("pie"));
	for (size_t i = 0; panel_kinds[i] != NULL; i++) {
		assert_non_null(panel_kinds[i]->help);
		assert_non_null(panel_kinds[i]->options);
		assert_non_null(panel_kinds[i]->build);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_rows),
	    rig_test(test_gaps),
	    rig_test(test_chosen),
	    rig_test(test_nothing),
	    rig_test(test_text),
	    rig_test(test_section),
	    rig_test(test_registry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
