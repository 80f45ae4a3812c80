#include "panel/since.h"
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

/* The series as of the i-th moment. */
static void set_then(struct rig *r, size_t i, double v, int64_t ts)
{
	struct series *then = arena_make(r->arena, struct series);

	*then = r->in.series[0];
	then->n = 0;
	then->last = v;
	then->last_ts = ts;
	r->in.then[i] = then;
	r->in.n_then[i] = 1;
}

static void test_changes(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "scale/weight", "kg", 80, 76.4, 24, 3600, NOW);
	const struct figure *f;

	set_series(r, &s, 1);
	r->in.from = NOW - 2 * DAYS; /* a shorter view than any of them */
	set_then(r, 0, 76.9, NOW - 30 * HOURS);
	set_then(r, 1, 76.1, NOW - 7 * DAYS);
	set_then(r, 2, 76.42, NOW - 7 * HOURS);
	set_then(r, 3, 82.4, NOW - 70 * DAYS);
	assert_int_equal(
	    rig_build(r, &panel_stat, "{since: [1d, 1w, 6h, 1mo], good: down}"),
	    0);
	f = &r->block.figures[0];
	assert_int_equal(f->n_changes, 4);
	assert_string_equal(f->changes[0].sign, "▼");
	assert_string_equal(f->changes[0].word, "down");
	assert_string_equal(f->changes[0].amount, "0.5 kg");
	assert_string_equal(f->changes[0].since, "since yesterday");
	assert_int_equal(f->changes[0].tone, TONE_GOOD);
	assert_string_equal(f->changes[1].sign, "▲");
	assert_string_equal(f->changes[1].word, "up");
	assert_string_equal(f->changes[1].amount, "0.3 kg");
	assert_string_equal(f->changes[1].since, "since last week");
	assert_int_equal(f->changes[1].tone, TONE_BAD);
	/* less than the value itself is shown to */
	assert_string_equal(f->changes[2].amount, "unchanged");
	assert_int_equal(f->changes[2].tone, TONE_NONE);
	assert_string_equal(f->changes[2].since, "in 6h");
	/* it was not measured for long before: since when it was */
	assert_string_equal(f->changes[3].amount, "6 kg");
	assert_string_equal(f->changes[3].since, "since 13 Sep 04:14");
	assert_null(r->block.note);
}

/* Nothing is known then, or nothing has been measured since. */
static void test_no_change(void **state)
{
	struct rig *r = *state;
	struct series s = rising(
	    r, "scale/weight", "kg", 80, 76.4, 2, 3600, NOW - 20 * HOURS);

	set_series(r, &s, 1);
	r->in.from = NOW - 2 * DAYS;
	set_then(r, 0, 76.4, NOW - 20 * HOURS);
	set_then(r, 1, NAN, 0);
	assert_int_equal(
	    rig_build(r, &panel_stat, "{since: [6h, 1w, 1mo]}"), 0);
	assert_int_equal(r->block.figures[0].n_changes, 0);
	assert_string_equal(r->block.note, "yesterday 07:14");
}

static void test_change_of_share(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "a/disk", "percent", 40, 47.3, 25, 3600, NOW);

	set_series(r, &s, 1);
	set_then(r, 0, 40, NOW - DAYS);
	assert_int_equal(rig_build(r, &panel_stat, "{since: 1d}"), 0);
	assert_string_equal(r->block.figures[0].changes[0].sign, "▲");
	assert_string_equal(
	    r->block.figures[0].changes[0].amount, "7.3 points");
	assert_int_equal(r->block.figures[0].changes[0].tone, TONE_NONE);
}

static int64_t moment(const char *length, const char *now)
{
	struct err e;
	int64_t at, ts;

	assert_int_equal(clock_parse(now, NOW, &ts, &e), 0);
	assert_true(since_moment(length, ts, &at));
	return at;
}

static void test_moments(void **state)
{
	static const struct {
		const char *length, *now, *then;
	} cases[] = {
	    {"6h", "2026-03-29 05:00", "2026-03-28 22:00"},
	    /* the night has an hour less, or more */
	    {"1d", "2026-03-29 12:00", "2026-03-28 12:00"},
	    {"1w", "2026-10-25 12:00", "2026-10-18 12:00"},
	    {"1mo", "2026-11-22 03:14", "2026-10-22 03:14"},
	    {"1mo", "2026-03-31 08:00", "2026-02-28 08:00"},
	    {"1mo", "2024-03-30 08:00", "2024-02-29 08:00"},
	    {"1mo", "2026-01-31 08:00", "2025-12-31 08:00"},
	    {"12mo", "2026-07-31 08:00", "2025-07-31 08:00"},
	    {"1y", "2024-02-29 08:00", "2023-02-28 08:00"},
	    {"4y", "2024-02-29 08:00", "2020-02-29 08:00"},
	};
	struct rig *r = *state;
	int64_t at;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(clock_format(r->arena, "%Y-%m-%d %H:%M",
					moment(cases[i].length, cases[i].now)),
		    cases[i].then);
	assert_false(since_moment("soon", NOW, &at));
	assert_false(since_moment("0d", NOW, &at));
	assert_false(since_moment("999y", NOW, &at));
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

static void test_reach(void **state)
{
	struct rig *r = *state;
	struct series s[] = {
	    rising(r, "here/disk", "percent", 50, 60, 61, 60, NOW),
	    rising(r, "here/memory", "percent", 60, 50, 61, 60, NOW)};

	set_series(r, s, 2);
	assert_int_equal(rig_build(r, &panel_stat, "{reach: 65}"), 0);
	assert_int_equal(r->block.paragraphs.n, 1);
	assert_string_equal(
	    r->block.paragraphs.items[0], "disk reaches 65 % in 30 min.");
	r->block.paragraphs = (struct strings){0};
	assert_int_equal(rig_build(r, &panel_stat, "{reach: 99}"), 0);
	assert_int_equal(r->block.paragraphs.n, 1);
	assert_string_equal(
	    r->block.paragraphs.items[0], "disk reaches 99 % in 3 h 54.");
	set_series(r, s + 1, 1);
	r->block.paragraphs = (struct strings){0};
	assert_int_equal(rig_build(r, &panel_stat, "{reach: 99}"), 0);
	assert_string_equal(
	    r->block.paragraphs.items[0], "99 % is not in sight.");
	r->block.paragraphs = (struct strings){0};
	assert_int_equal(rig_build(r, &panel_stat, "{}"), 0);
	assert_int_equal(r->block.paragraphs.n, 0);
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
	r->faults.n = 0;
	assert_string_equal(rig_fault(r, &panel_stat, "{reach: full}"),
	    "reach: 'full' is not a number, size or length of time");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_one),
	    rig_test(test_several),
	    rig_test(test_changes),
	    rig_test(test_change_of_share),
	    rig_test(test_no_change),
	    rig_test(test_moments),
	    rig_test(test_late_and_empty),
	    rig_test(test_reach),
	    rig_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
