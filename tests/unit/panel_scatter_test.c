#include "panel/fit.h"
#include "panel_rows.h"

extern const struct panel_kind panel_scatter;

#define OPTIONS                                                                \
	"{x: climb, y: speed, size: distance, "                                \
	"units: {x: m, y: km/h, size: km}}"

static void runs(struct rig *r)
{
	ROWS(r, "ts x y size label", 5,		      /**/
	    "1795317000", "10", "11", "5", "a",	      /**/
	    "1795316000", "20", "10.5", "10", "b",    /**/
	    "1795315000", "40", "9.5", "20", "-",     /**/
	    "1795314000", "50", "9", "-", "<script>", /**/
	    "1795313000", "-", "9", "1", "nowhere",   /**/
	    "1600000000", "500", "99", "1", "too old");
	r->common.query = "SELECT";
	r->block.width = WIDTH_THIRD;
}

static void test_fit(void **state)
{
	/* sum of squares by hand: Sxx 10, Sxy 6, Syy 6 */
	const struct xy p[] = {{1, 2}, {2, 4}, {3, 5}, {4, 4}, {5, 5}};
	const struct xy same[] = {{3, 1}, {3, 2}, {3, 9}};
	const struct xy level[] = {{1, 5}, {2, 5}, {9, 5}};
	const struct xy huge[] = {{1, 1e300}, {2, -1e300}, {3, 1}};
	/* a range that is small beside the level is one all the same */
	const struct xy far[] = {{1e9, 1}, {1e9 + 1, 2}, {1e9 + 2, 3}};
	struct fit f = fit_line(p, 5);

	(void)state;
	assert_null(f.why);
	assert_float_equal(f.slope, 0.6, 1e-12);
	assert_float_equal(f.at, 2.2, 1e-12);
	assert_float_equal(f.r2, 0.6, 1e-12);
	assert_int_equal(f.n, 5);
	assert_string_equal(fit_line(p, 2).why, "fewer than 3 points");
	assert_string_equal(fit_line(NULL, 0).why, "fewer than 3 points");
	assert_string_equal(fit_line(same, 3).why, "all have the same x");
	assert_null(fit_line(level, 3).why);
	assert_true(fit_line(level, 3).slope == 0);
	assert_true(isnan(fit_line(level, 3).r2));
	assert_string_equal(fit_line(huge, 3).why, "the values are too large");
	assert_float_equal(fit_line(far, 3).slope, 1, 1e-6);
	assert_float_equal(fit_line(far, 3).r2, 1, 1e-6);
}

static void test_ordinary(void **state)
{
	struct rig *r = *state;

	runs(r);
	assert_int_equal(rig_build(r, &panel_scatter, OPTIONS), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(r->block.note, "size is distance, r² 1.00, n 4");
	assert_string_equal(r->block.alt,
	    "CPU, 4 points: climb from 10 m to 50 m, speed from 9 km/h to 11 "
	    "km/h; a fitted line falls by 0.5 km/h per 10 m, r² 1.00, n 4");
	assert_int_equal(r->block.numbers->n_rows, 6);
	golden_scene(r->arena, "panel_scatter_wide", r->block.wide);
	golden_scene(r->arena, "panel_scatter_narrow", r->block.narrow);
}

static size_t dashed(const struct scene *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->items[i].kind == SCENE_LINE && s->items[i].dashed;
	return n;
}

static void test_no_line(void **state)
{
	struct rig *r = *state;

	r->common.query = "SELECT";
	ROWS(r, "x y", 2, "3", "1", "3", "2", "3", "4");
	assert_int_equal(rig_build(r, &panel_scatter, "{}"), 0);
	assert_string_equal(r->block.note, "no line: all have the same x");
	assert_int_equal(dashed(r->block.wide), 0);
	ROWS(r, "x y", 2, "3", "1", "4", "2");
	r->block.note = NULL;
	assert_int_equal(rig_build(r, &panel_scatter, "{}"), 0);
	assert_string_equal(r->block.note, "no line: fewer than 3 points");
	ROWS(r, "x y", 2, "3", "1", "4", "2", "5", "7");
	r->block.note = NULL;
	assert_int_equal(rig_build(r, &panel_scatter, "{fit: none}"), 0);
	assert_null(r->block.note);
	assert_int_equal(dashed(r->block.wide), 0);
	assert_int_equal(rig_build(r, &panel_scatter, "{}"), 0);
	assert_int_equal(dashed(r->block.wide), 1);
}

/* A power of x is straight where both axes are logarithmic. */
static void test_logarithms(void **state)
{
	struct rig *r = *state;

	r->common.query = "SELECT";
	ROWS(r, "x y", 2, "1", "10", "10", "1000", "100", "100000", "0", "1",
	    "5", "-1");
	assert_int_equal(rig_build(r, &panel_scatter, "{axis: log}"), 0);
	assert_string_equal(r->block.note, "r² 1.00, n 3");
	assert_string_equal(r->block.alt,
	    "CPU, 3 points: x from 1 to 100, y from 10 to 100,000; a fitted "
	    "line has a slope of 2 in logarithms, r² 1.00, n 3");
	assert_string_equal(
	    r->block.message, "2 without a place on a logarithmic axis");
}

static void test_categories(void **state)
{
	struct rig *r = *state;
	size_t squares = 0;

	r->common.query = "SELECT";
	ROWS(r, "x y colour", 3, "1", "1", "road", "2", "2", "trail", "3", "1",
	    "road", "4", "4", "-", "5", "1", "e", "6", "1", "f", "7", "1", "g",
	    "8", "1", "h", "9", "1", "i");
	assert_int_equal(rig_build(r, &panel_scatter, "{}"), 0);
	for (size_t i = 0; i < r->block.wide->n; i++) {
		const struct scene_item *it = &r->block.wide->items[i];

		squares += it->kind == SCENE_MARK && it->mark == MARK_SQUARE;
		if (it->text != NULL)
			assert_string_not_equal(it->text, "h");
	}
	assert_int_equal(squares, 2); /* the point, and the legend's */
}

static void test_bad_rows(void **state)
{
	struct rig *r = *state;

	r->common.query = "SELECT";
	ROWS(r, "x z", 2, "1", "2");
	assert_int_equal(rig_build(r, &panel_scatter, "{}"), -1);
	assert_string_equal(r->err.text,
	    "query: there is no column y; a scatter wants x and y");
	ROWS(r, "x y", 2, "1", "fast");
	assert_int_equal(rig_build(r, &panel_scatter, "{}"), -1);
	assert_string_equal(
	    r->err.text, "query: column y holds 'fast', which is no number");
	ROWS(r, "x y", 2, "1", "-");
	assert_int_equal(rig_build(r, &panel_scatter, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "no points in this time");
}

static void test_faults(void **state)
{
	struct rig *r = *state;

	assert_string_equal(rig_fault(r, &panel_scatter, "{}"),
	    "panel scatter: 'query' is missing; it wants columns x and y");
	r->common.query = "SELECT";
	r->faults.n = 0;
	assert_string_equal(rig_fault(r, &panel_scatter, "{units: {z: m}}"),
	    "units: 'z' is not one of x, y, size");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_fit),
	    rig_test(test_ordinary),
	    rig_test(test_no_line),
	    rig_test(test_logarithms),
	    rig_test(test_categories),
	    rig_test(test_bad_rows),
	    rig_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
