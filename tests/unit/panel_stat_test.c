#include "panel_input.h"

extern const struct panel_kind panel_stat;

static void set_series(struct rig *r, struct series *s, size_t n)
{
	r->in.series = s;
	r->in.n_series = n;
}

static void test_one(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "here/memory", "bytes", 1e9, 3328599654.0, 61, 60, NOW);
	const struct figure *f;

	set_series(r, &s, 1);
	assert_int_equal(rig_build(r, &panel_stat, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_int_equal(r->block.n_figures, 1);
	f = &r->block.figures[0];
	assert_null(f->label);
	assert_string_equal(f->value, "3.10");
	assert_string_equal(f->unit, "GB");
	assert_null(f->when);
	assert_int_equal(f->n_changes, 0);
	assert_int_equal(count_kind(f->spark, SCENE_LINE), 1);
	assert_int_equal(rig_build(r, &panel_stat, "{spark: no}"), 0);
	assert_null(r->block.figures[0].spark);
	assert_false(r->block.figures[0].hot);
}

static void test_several(void **state)
{
	struct rig *r = *state;
	struct series s[14];

	for (int i = 0; i < 14; i++)
		s[i] = rising(r, arena_printf(r->arena, "app%d/users", i),
		    "count", 0, i * 1000, 5, 60, NOW);
	s[1].last = NAN;
	set_series(r, s, 14);
	assert_int_equal(rig_build(r, &panel_stat, "{}"), 0);
	assert_int_equal(r->block.n_figures, 11);
	assert_string_equal(r->block.figures[1].label, "app2");
	assert_string_equal(r->block.figures[1].value, "2,000");
	assert_string_equal(r->block.figures[1].unit, "");
	assert_string_equal(r->block.note, "and 2 more");
}

static void test_changes(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "scale/weight", "kg", 80, 76.4, 8 * 24 + 1, 3600, NOW);
	const struct figure *f;

	set_series(r, &s, 1);
	r->in.from = NOW - 8 * DAYS;
	assert_int_equal(
	    rig_build(r, &panel_stat, "{since: [1d, 1w, 6h, 1mo]}"), 0);
	f = &r->block.figures[0];
	assert_int_equal(f->n_changes, 3); /* a month ago nothing is known */
	assert_string_equal(f->changes[0].sign, "▼");
	assert_string_equal(f->changes[0].amount, "0.5 kg");
	assert_string_equal(f->changes[0].since, "since yesterday");
	assert_string_equal(f->changes[1].amount, "3.1 kg");
	assert_string_equal(f->changes[1].since, "since last week");
	assert_string_equal(f->changes[2].since, "in 6h");
}

static void test_change_of_share(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "a/disk", "percent", 40, 47.3, 25, 3600, NOW);

	set_series(r, &s, 1);
	r->in.from = NOW - DAYS;
	assert_int_equal(rig_build(r, &panel_stat, "{since: 1d}"), 0);
	assert_string_equal(r->block.figures[0].changes[0].sign, "▲");
	assert_string_equal(
	    r->block.figures[0].changes[0].amount, "7.3 points");
}

/* A change of less than the value itself is shown to is none. */
static void test_unchanged(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "a/disk", "percent", 47.31, 47.3, 25, 3600, NOW);

	set_series(r, &s, 1);
	r->in.from = NOW - DAYS;
	assert_int_equal(rig_build(r, &panel_stat, "{since: 1d}"), 0);
	assert_string_equal(r->block.figures[0].changes[0].sign, "=");
	assert_string_equal(r->block.figures[0].changes[0].amount, "unchanged");
}

static void test_late_and_empty(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "a/b", "count", 1, 2, 5, 60, NOW - 2 * HOURS - 300);

	set_series(r, &s, 1);
	assert_int_equal(rig_build(r, &panel_stat, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_LATE);
	assert_string_equal(r->block.figures[0].when, "2 h 05 ago");
	assert_string_equal(r->block.message, "newest value is 2 h 05 old");

	/* older than the view: late, not empty */
	s.n = 0;
	r->block = (struct block){.title = "x"};
	assert_int_equal(rig_build(r, &panel_stat, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_LATE);
	assert_string_equal(r->block.figures[0].value, "2");
	assert_null(r->block.figures[0].spark);

	r->in.n_series = 0;
	r->block = (struct block){.title = "x"};
	assert_int_equal(rig_build(r, &panel_stat, "{series: a/b}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "nothing yet from a/b");
	assert_int_equal(r->block.n_figures, 0);
}

static void test_faults(void **state)
{
	struct rig *r = *state;

	assert_string_equal(rig_fault(r, &panel_stat, "{since: [1d, soon]}"),
	    "since: 'soon' is not a length of time, such as 1d or 1w");
	r->faults.n = 0;
	assert_string_equal(
	    rig_fault(r, &panel_stat, "{since: [1d, 2d, 3d, 4d, 5d]}"),
	    "since: 5 changes, at most 4 fit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_one),
	    rig_test(test_several),
	    rig_test(test_changes),
	    rig_test(test_change_of_share),
	    rig_test(test_unchanged),
	    rig_test(test_late_and_empty),
	    rig_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
