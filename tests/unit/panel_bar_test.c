#include "panel/calendar.h"
#include "panel_rows.h"

extern const struct panel_kind panel_bar;

static int64_t at(const char *text)
{
	struct err e;
	int64_t ts;

	assert_int_equal(clock_parse(text, NOW, &ts, &e), 0);
	return ts;
}

static const char *floor_words(struct rig *r, enum calendar unit, int64_t ts)
{
	int64_t from = calendar_floor(unit, ts);

	return arena_printf(r->arena, "%s to %s",
	    clock_format(r->arena, "%Y-%m-%d %H:%M", from),
	    clock_format(r->arena, "%Y-%m-%d %H:%M", calendar_next(unit, ts)));
}

/* The night of 25 October has an hour more, that of 29 March one less. */
static void test_units(void **state)
{
	struct rig *r = *state;
	int64_t ts = at("2026-10-25 20:00"), spring = at("2026-03-29 20:00");

	assert_string_equal(floor_words(r, CALENDAR_DAY, ts),
	    "2026-10-25 00:00 to 2026-10-26 00:00");
	assert_int_equal(
	    calendar_next(CALENDAR_DAY, ts) - calendar_floor(CALENDAR_DAY, ts),
	    25 * HOURS);
	assert_int_equal(calendar_next(CALENDAR_DAY, spring) -
			     calendar_floor(CALENDAR_DAY, spring),
	    23 * HOURS);
	assert_string_equal(floor_words(r, CALENDAR_WEEK, ts),
	    "2026-10-19 00:00 to 2026-10-26 00:00");
	assert_string_equal(
	    floor_words(r, CALENDAR_WEEK, at("2027-01-01 00:00")),
	    "2026-12-28 00:00 to 2027-01-04 00:00");
	assert_string_equal(
	    floor_words(r, CALENDAR_MONTH, at("2026-01-31 12:00")),
	    "2026-01-01 00:00 to 2026-02-01 00:00");
	assert_string_equal(
	    floor_words(r, CALENDAR_YEAR, at("2024-02-29 12:00")),
	    "2024-01-01 00:00 to 2025-01-01 00:00");
	assert_string_equal(
	    calendar_words(r->arena, CALENDAR_WEEK, at("2026-11-16 00:00")),
	    "week of 16 Nov 2026");
	assert_int_equal(
	    calendar_coarsen(CALENDAR_DAY, 365 * DAYS, 400), CALENDAR_DAY);
	assert_int_equal(
	    calendar_coarsen(CALENDAR_DAY, 3 * 365 * DAYS, 400), CALENDAR_WEEK);
	assert_int_equal(
	    calendar_coarsen(CALENDAR_DAY, 99999 * DAYS, 9), CALENDAR_YEAR);
}

static void test_aggregates(void **state)
{
	struct rig *r = *state;
	/* 0 … 9 at NOW - 9 hours … NOW */
	struct series s = rising(r, "a/x", "kg", 0, 9, 10, 3600, NOW);
	int64_t from = NOW - 3 * HOURS, to = NOW; /* 6, 7, 8 */

	assert_true(aggregate_of(AGGREGATE_SUM, &s, from, to, 1) == 21);
	assert_true(aggregate_of(AGGREGATE_MEAN, &s, from, to, 1) == 7);
	assert_true(aggregate_of(AGGREGATE_MIN, &s, from, to, 1) == 6);
	assert_true(aggregate_of(AGGREGATE_MAX, &s, from, to, 1) == 8);
	assert_true(aggregate_of(AGGREGATE_LAST, &s, from, to, 1) == 8);
	assert_true(aggregate_of(AGGREGATE_COUNT, &s, from, to, 1) == 3);
	assert_true(aggregate_of(AGGREGATE_CHANGE, &s, from, to, HOURS) == 3);
	assert_true(
	    isnan(aggregate_of(AGGREGATE_CHANGE, &s, from, to, HOURS - 1)));
	assert_true(isnan(
	    aggregate_of(AGGREGATE_CHANGE, &s, NOW - 99 * HOURS, to, DAYS)));
	assert_true(
	    isnan(aggregate_of(AGGREGATE_SUM, &s, NOW + 1, NOW + 9, 1)));
	/* a bucket of ten minutes has ten values of a minute */
	s.every = 60;
	s.step = 600;
	assert_true(aggregate_of(AGGREGATE_SUM, &s, from, to, 1) == 210);
	assert_true(aggregate_of(AGGREGATE_COUNT, &s, from, to, 1) == 30);
	assert_true(aggregate_of(AGGREGATE_MEAN, &s, from, to, 1) == 7);
}

static size_t count_ink(const struct scene *s, enum ink ink)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->items[i].kind == SCENE_RECT && s->items[i].ink == ink;
	return n;
}

/* A year of weights: a bar for each week, down and up in two hues. */
static void test_change_per_week(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "scale/weight", "kg", 70, 70, 40, DAYS, NOW);

	for (size_t i = 0; i < 40; i++)
		s.points[i].mean = s.points[i].min = s.points[i].max =
		    i < 20 ? 80 - 0.1 * (double)i : 78 + 0.05 * (double)i;
	r->in.series = &s;
	r->in.n_series = 1;
	r->in.from = NOW - 28 * DAYS;
	assert_int_equal(
	    rig_build(r, &panel_bar, "{by: week, aggregate: change}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(r->block.note, "change per week");
	assert_string_equal(r->block.alt,
	    "CPU, 5 bars: highest up 1.05 kg (week of 2 Nov 2026), lowest "
	    "down 0.700 kg (week of 26 Oct 2026), last up 0.350 kg (week of "
	    "16 Nov 2026, so far)");
	assert_int_equal(count_ink(r->block.wide, INK_SERIES_1), 3);
	assert_int_equal(count_ink(r->block.wide, INK_SERIES_2), 2);
	assert_int_equal(count_kind(r->block.wide, SCENE_HATCH), 1);
	assert_int_equal(r->block.numbers->n_rows, 5);
	assert_string_equal(clock_format(r->arena, "%Y-%m-%d %H:%M",
				(int64_t)r->block.numbers->values[0][0]),
	    "2026-10-19 00:00");
	golden_scene(r->arena, "panel_bar_wide", r->block.wide);
	golden_scene(r->arena, "panel_bar_narrow", r->block.narrow);
}

/* What has no value has no bar, and its place in time stays empty. */
static void test_gap(void **state)
{
	struct rig *r = *state;
	struct series s = rising(r, "a/x", "km", 1, 1, 3, DAYS, NOW);

	s.points[0].ts = NOW - 20 * DAYS;
	s.points[1].ts = NOW - 19 * DAYS;
	r->in.series = &s;
	r->in.n_series = 1;
	r->in.from = NOW - 21 * DAYS;
	assert_int_equal(rig_build(r, &panel_bar, "{by: day}"), 0);
	assert_int_equal(r->block.numbers->n_rows, 3);
	for (size_t i = 0; i < r->block.wide->n; i++) {
		const struct scene_item *it = &r->block.wide->items[i];

		if (it->title != NULL && it->kind == SCENE_RECT)
			assert_true(
			    it->points[0].x < 80 || it->points[0].x > 400);
	}
}

static void test_rows_with_times(void **state)
{
	struct rig *r = *state;

	ROWS(r, "ts distance", 2, "1795312000", "9.5", "1795303000", "10",
	    "1795303900", "-", "1600000000", "7");
	r->common.query = "SELECT";
	assert_int_equal(
	    rig_build(r, &panel_bar, "{unit: km, colour: green}"), 0);
	assert_string_equal(r->block.alt,
	    "CPU, 3 bars: highest 10 km (21 Nov 2026 23:16), lowest 9.5 km "
	    "(22 Nov 2026 01:46), last 9.5 km (22 Nov 2026 01:46)");
	assert_int_equal(count_ink(r->block.wide, INK_SERIES_3), 2);
	assert_null(r->block.note);
	/* the same by day */
	assert_int_equal(rig_build(r, &panel_bar, "{by: day, unit: km}"), 0);
	assert_int_equal(r->block.numbers->n_rows, 2);
	assert_true(r->block.numbers->values[0][1] == 10);
}

static void test_rows_with_words(void **state)
{
	struct rig *r = *state;

	ROWS(r, "exercise most mean", 3, "squat", "128", "86.5", "clean", "-",
	    "60");
	r->common.query = "SELECT";
	assert_int_equal(rig_build(r, &panel_bar, "{unit: kg}"), 0);
	assert_string_equal(r->block.alt,
	    "CPU, 2 bars: most highest 128 kg (squat), lowest 128 kg (squat), "
	    "last 128 kg (squat); mean highest 86.5 kg (squat), lowest 60 kg "
	    "(clean), last 60 kg (clean)");
	assert_true(r->block.legend_open);
	assert_string_equal(r->block.numbers->cells[1][0], "clean");
	assert_string_equal(r->block.numbers->cells[1][1], "");
	assert_string_equal(r->block.numbers->cells[1][2], "60");
	assert_int_equal(count_ink(r->block.wide, INK_SERIES_1), 1);
	assert_int_equal(count_ink(r->block.wide, INK_SERIES_2), 2);
}

static void test_bad_rows(void **state)
{
	struct rig *r = *state;

	r->common.query = "SELECT";
	ROWS(r, "a b", 2, "x", "much");
	assert_int_equal(rig_build(r, &panel_bar, "{}"), -1);
	assert_string_equal(
	    r->err.text, "query: column b holds 'much', which is no number");
	ROWS(r, "a", 1, "x");
	assert_int_equal(rig_build(r, &panel_bar, "{}"), -1);
	assert_string_equal(r->err.text,
	    "query: bars want two columns or more, what they stand for and "
	    "how much; it has 1");
	ROWS(r, "ts b", 2, "soon", "1");
	assert_int_equal(rig_build(r, &panel_bar, "{}"), -1);
	assert_string_equal(
	    r->err.text, "query: ts is 'soon', which is no time");
	ROWS(r, "a b", 2, "x", "1");
	assert_int_equal(rig_build(r, &panel_bar, "{by: week}"), -1);
	assert_string_equal(r->err.text,
	    "query: the first column is a; with 'by' bars want ts");
	set_rows(r, "ts b", 2, NULL, 0);
	assert_int_equal(rig_build(r, &panel_bar, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "the query gives no rows");
	ROWS(r, "ts b", 2, "1600000000", "1");
	assert_int_equal(rig_build(r, &panel_bar, "{}"), 0);
	assert_string_equal(r->block.message, "nothing in this time");
}

static void test_fault(void **state)
{
	struct rig *r = *state;

	assert_string_equal(rig_fault(r, &panel_bar, "{}"),
	    "bars of series need 'by': day, week, month or year");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_units),
	    rig_test(test_aggregates),
	    rig_test(test_change_per_week),
	    rig_test(test_gap),
	    rig_test(test_rows_with_times),
	    rig_test(test_rows_with_words),
	    rig_test(test_bad_rows),
	    rig_test(test_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
