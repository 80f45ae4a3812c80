#include "panel_input.h"

#include "panel/parts.h"

extern const struct panel_kind panel_line;

static void set_series(struct rig *r, struct series *s, size_t n)
{
	r->in.series = s;
	r->in.n_series = n;
}

static void test_ordinary(void **state)
{
	struct rig *r = *state;
	struct series s[] = {
	    rising(r, "app1/cpu", "percent", 12, 60, 361, 60, NOW),
	    rising(r, "app2/cpu", "percent", 40, 25.34, 361, 60, NOW)};
	const struct block *b = &r->block;

	set_series(r, s, 2);
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(b->state, PANEL_OK);
	assert_null(b->message);
	assert_string_equal(b->alt,
	    "CPU, 6 hours to 03:14: app1 now 60 %, between 12 and 60 %; "
	    "app2 now 25.3 %, between 25.3 and 40 %");
	assert_int_equal((int)b->wide->w, 430);
	assert_int_equal((int)b->narrow->w, 360);
	assert_non_null(find_text(b->wide, "app1 60.0"));
	assert_non_null(find_text(b->narrow, "app2 25.3"));
	assert_false(b->legend_open);
	assert_int_equal(b->n_legend, 2);
	assert_string_equal(b->legend[1].name, "app2");
	assert_string_equal(b->legend[1].last, "25.3 %");
	assert_string_equal(b->legend[1].min, "25.3 %");
	assert_string_equal(b->legend[1].max, "40 %");
	assert_string_equal(b->legend[1].mean, "32.7 %");
	assert_null(b->legend[1].age);
	assert_int_equal(b->legend[1].colour, 2);
	assert_int_equal(b->numbers->n_columns, 3);
	assert_int_equal(b->numbers->n_rows, 361);
	assert_string_equal(b->numbers->columns[0], "time");
	assert_string_equal(b->numbers->columns[2], "app2");
	assert_string_equal(b->numbers->unit, "percent");
	assert_float_equal(b->numbers->values[360][0], (double)NOW, 0);
	assert_float_equal(b->numbers->values[0][1], 12, 1e-9);
}

static void test_golden(void **state)
{
	struct rig *r = *state;
	struct series s[] = {
	    rising(r, "app1/disk", "percent", 12, 60, 25, 900, NOW),
	    rising(r, "app2/disk", "percent", 40, 25, 25, 900, NOW)};
	struct spell spell = {.source = "app2",
	    .outcome = OUTCOME_TIMEOUT,
	    .message = "source app2: no answer in 10 s",
	    .from = NOW - 3 * HOURS,
	    .to = NOW - 2 * HOURS};

	/* app2 lost four points */
	memmove(s[1].points + 12, s[1].points + 17, 8 * sizeof(struct point));
	s[1].n -= 5;
	set_series(r, s, 2);
	r->in.spells = &spell;
	r->in.n_spells = 1;
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	golden_scene(r->arena, "panel_line_wide", r->block.wide);
	golden_scene(r->arena, "panel_line_narrow", r->block.narrow);
}

static void test_empty(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "app1/cpu", "percent", 1, 2, 5, 60, NOW - 8 * HOURS);

	assert_int_equal(
	    rig_build(r, &panel_line, "{series: ['*/cpu', here/load1]}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(
	    r->block.message, "nothing yet from */cpu, here/load1");
	assert_null(r->block.wide);
	assert_null(r->block.alt);

	s.n = 0;
	set_series(r, &s, 1);
	assert_int_equal(rig_build(r, &panel_line, "{series: '*/cpu'}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message,
	    "nothing from */cpu since 21 Nov 19:14 (8 h 00 ago)");
	assert_null(r->block.wide);
}

static void test_late(void **state)
{
	struct rig *r = *state;
	struct series s[] = {
	    rising(r, "app1/cpu", "percent", 1, 2, 99, 60, NOW - 12 * MINUTES),
	    rising(r, "app2/cpu", "percent", 1, 2, 99, 60, NOW - 20 * MINUTES)};

	set_series(r, s, 2);
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_LATE);
	assert_string_equal(r->block.message, "newest value is 12 min old");
	assert_string_equal(r->block.legend[1].age, "20 min ago");
	assert_non_null(find_text(r->block.wide, "app1 2 (12 min)"));
	assert_string_equal(r->block.alt,
	    "CPU, 6 hours to 03:14: app1 12 min ago 2 %, between 1 and 2 %; "
	    "app2 20 min ago 2 %, between 1 and 2 %");
}

/* 2.5 intervals and a run are allowed. */
static void test_not_yet_late(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "app1/cpu", "percent", 1, 2, 99, 300, NOW - 810);

	set_series(r, &s, 1);
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	s.last_ts--;
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_LATE);
}

static void test_failed(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "app1/cpu", "percent", 1, 2, 99, 60, NOW - HOURS);
	struct source_status status[] = {
	    {.name = "app1",
		.outcome = OUTCOME_REFUSED,
		.message = "source app1: 10.0.0.1:22: connection refused"},
	    {.name = "app2", .outcome = OUTCOME_TIMEOUT, .message = "slow"},
	    {.name = "other", .outcome = OUTCOME_TIMEOUT, .message = "slow"}};

	set_series(r, &s, 1);
	r->in.status = status;
	r->in.n_status = 3;
	assert_int_equal(rig_build(r, &panel_line, "{series: app1/cpu}"), 0);
	assert_int_equal(r->block.state, PANEL_FAILED);
	assert_string_equal(
	    r->block.message, "source app1: 10.0.0.1:22: connection refused");
	assert_non_null(r->block.wide);

	assert_int_equal(rig_build(r, &panel_line, "{series: 'app*/cpu'}"), 0);
	assert_string_equal(r->block.message,
	    "source app1: 10.0.0.1:22: connection refused; and 1 more source");

	/* a source that never gave anything */
	r->in.n_series = 0;
	r->block = (struct block){.title = "CPU"};
	assert_int_equal(rig_build(r, &panel_line, "{series: app2/cpu}"), 0);
	assert_int_equal(r->block.state, PANEL_FAILED);
	assert_string_equal(r->block.message, "source app2: slow");
	assert_null(r->block.wide);
}

static size_t hatches(const struct rig *r, const char **title)
{
	size_t n = 0;

	for (size_t i = 0; i < r->block.wide->n; i++) {
		if (r->block.wide->items[i].kind != SCENE_HATCH)
			continue;
		*title = r->block.wide->items[i].title;
		n++;
	}
	return n;
}

/* Only a gap that a spell explains is hatched; the time before is blank. */
static void test_gaps(void **state)
{
	struct rig *r = *state;
	struct series s[] = {
	    rising(r, "app1/a", "percent", 1, 2, 60, 60, NOW - HOURS),
	    rising(r, "app1/b", "percent", 1, 2, 60, 60, NOW - HOURS)};
	struct spell spells[] = {{.source = "app1",
				     .outcome = OUTCOME_NOT_DUE,
				     .message = "",
				     .from = NOW - 5 * HOURS,
				     .to = NOW},
	    {.source = "app2",
		.outcome = OUTCOME_DNS,
		.message = "no name",
		.from = NOW - 5 * HOURS,
		.to = NOW},
	    {.source = "app1",
		.outcome = OUTCOME_AUTH,
		.message = "source app1: key refused",
		.from = NOW - 50 * MINUTES,
		.to = NOW}};
	const char *title = NULL;

	set_series(r, s, 2);
	r->in.spells = spells;
	r->in.n_spells = 2;
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(hatches(r, &title), 0);
	r->in.n_spells = 3;
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(hatches(r, &title), 1);
	assert_string_equal(title, "source app1: key refused, 02:14 to 03:14");
	assert_non_null(find_text(r->block.wide, "auth"));
}

static void test_many(void **state)
{
	struct rig *r = *state;
	struct series s[50];

	for (int i = 0; i < 50; i++)
		s[i] = rising(r, arena_printf(r->arena, "host%02d/load", i), "",
		    i, i + 1, 30, 60, NOW);
	set_series(r, s, 7);
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_true(r->block.legend_open);
	assert_int_equal(rig_build(r, &panel_line, "{legend: no}"), 0);
	assert_false(r->block.legend_open);
	assert_int_equal(r->block.n_legend, 7);
	set_series(r, s, 50);
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.legend[49].colour, 2);
	assert_non_null(strstr(r->block.alt, "; and 44 more"));
	set_series(r, s, 2);
	assert_int_equal(rig_build(r, &panel_line, "{legend: yes}"), 0);
	assert_true(r->block.legend_open);
}

static void test_not_finite(void **state)
{
	struct rig *r = *state;
	struct series s = rising(r, "a/b", "", 1, 5, 5, 60, NOW);

	s.points[1].mean = NAN;
	s.points[2].max = INFINITY;
	s.points[3].min = -1.7e308;
	s.last = NAN;
	set_series(r, &s, 1);
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.numbers->n_rows, 2);
	assert_non_null(find_text(r->block.wide, "now 5"));
	for (size_t i = 0; i < 5; i++)
		s.points[i].mean = NAN;
	r->block = (struct block){.title = "CPU"};
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_null(r->block.wide);
}

static void test_fixed_scale(void **state)
{
	struct rig *r = *state;
	struct series s = rising(r, "a/b", "bytes", 1e9, 5e9, 30, 60, NOW);

	set_series(r, &s, 1);
	assert_int_equal(rig_build(r, &panel_line, "{min: 1GB, max: 8GB}"), 0);
	assert_float_equal(r->block.wide->plot.v0, 1073741824, 1);
	assert_float_equal(r->block.wide->plot.v1, 8 * 1073741824.0, 1);
}

static void test_options_faults(void **state)
{
	struct rig *r = *state;

	assert_string_equal(rig_fault(r, &panel_line, "{min: low}"),
	    "min: 'low' is not a number, size or length of time");
	r->faults.n = 0;
	assert_string_equal(rig_fault(r, &panel_line, "{max: '<b>'}"),
	    "max: '<b>' is not a number, size or length of time");
	r->faults.n = 0;
	assert_string_equal(rig_fault(r, &panel_line, "{min: 90s, max: 1m}"),
	    "max: 1m is not above min, 90s");
	r->faults.n = 0;
	assert_string_equal(rig_fault(r, &panel_line, "{min: -3, max: 0}"), "");
}

/* The shortest part that tells the series apart. */
static void test_names(void **state)
{
	static const struct {
		const char *series[3];
		const char *want;
	} cases[] = {
	    {{"app1/cpu", "app2/cpu"}, "app1|app2|"},
	    {{"here/disk{mount=\"/\"}", "here/disk{mount=\"/var\"}"},
		"/|/var|"},
	    {{"here/load1", "here/load5", "here/load15"},
		"load1|load5|load15|"},
	    {{"here/memory_used", "here/memory_free"}, "used|free|"},
	    {{"here/net_rx{if=\"eth0\"}", "here/net_rx{if=\"lo\"}",
		 "here/net_tx{if=\"eth0\"}"},
		"net rx eth0|net rx lo|net tx eth0|"},
	    {{"a/x{p=\"1\",q=\"1\"}", "a/x{p=\"1\",q=\"2\"}",
		 "a/x{p=\"2\",q=\"1\"}"},
		"1 1|1 2|2 1|"},
	    {{"a/cpu", "b/cpu", "b/load"}, "a cpu|b cpu|b load|"},
	    {{"here/open_files"}, "open files|"},
	    {{"a/m{l=\"q\\\"uo\\\\te\"}", "a/m{l=\"b\"}"}, "q\"uo\\te|b|"},
	    {{"a/m", "a/m{l=\"b\"}"}, "a/m|b|"},
	    {{"a/{{{", "a/m{l="}, "a/{{{|m|"},
	    {{"a/disk_", "a/disk_x"}, "disk |disk x|"},
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct series s[3];
		const char **names, *got = "";
		size_t n = 0;

		for (; n < 3 && cases[i].series[n] != NULL; n++)
			s[n] =
			    rising(r, cases[i].series[n], "", 0, 1, 1, 60, NOW);
		names = series_names(r->arena, s, n);
		for (size_t k = 0; k < n; k++)
			got = arena_printf(r->arena, "%s%s|", got, names[k]);
		assert_string_equal(got, cases[i].want);
	}
}

static void test_period_words(void **state)
{
	struct rig *r = *state;

	assert_string_equal(period_words(r->arena, 45), "45 seconds");
	assert_string_equal(period_words(r->arena, 60), "1 minute");
	assert_string_equal(period_words(r->arena, 6 * HOURS), "6 hours");
	assert_string_equal(period_words(r->arena, 24 * HOURS), "24 hours");
	assert_string_equal(period_words(r->arena, 7 * DAYS), "7 days");
	assert_string_equal(period_words(r->arena, 30 * DAYS), "30 days");
	assert_string_equal(period_words(r->arena, 365 * DAYS), "1 year");
	assert_string_equal(period_words(r->arena, 1095 * DAYS), "3 years");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_ordinary),
	    rig_test(test_golden),
	    rig_test(test_empty),
	    rig_test(test_late),
	    rig_test(test_not_yet_late),
	    rig_test(test_failed),
	    rig_test(test_gaps),
	    rig_test(test_many),
	    rig_test(test_not_finite),
	    rig_test(test_fixed_scale),
	    rig_test(test_options_faults),
	    rig_test(test_names),
	    rig_test(test_period_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
