/* An overview of sources: states, figures, groups, order. */
#include "panel_input.h"

extern const struct panel_kind panel_tiles;

static const char *last_of(struct rig *r, const char *source)
{
	return arena_printf(r->arena, "source %s: timeout after 10 s", source);
}

static struct source_status well(const char *name)
{
	return (struct source_status){.name = name,
	    .outcome = OUTCOME_OK,
	    .message = "",
	    .tried = NOW,
	    .last_ok = NOW,
	    .every = 60};
}

static struct alert firing(const char *source, const char *series)
{
	return (struct alert){.id = 7,
	    .rule = "busy",
	    .series = series,
	    .source = source,
	    .unit = UNIT_PERCENT,
	    .message = "",
	    .severity = ALERT_CRITICAL,
	    .state = ALERT_FIRING,
	    .test = ALERT_ABOVE,
	    .low = NAN,
	    .high = 75,
	    .since = NOW - 29 * MINUTES,
	    .fired = NOW - 27 * MINUTES,
	    .value = 96,
	    .peak = 97,
	    .seen = NOW,
	    .why = "",
	    .note = "",
	    .snapshot = ""};
}

static struct series one(
    struct rig *r, const char *name, const char *unit, double last)
{
	return rising(r, name, unit, 0, last, 3, 60, NOW);
}

static void use(struct rig *r, const struct source_status *status, size_t n,
    const struct series *series, size_t n_series)
{
	r->in.status = status;
	r->in.n_status = n;
	r->in.series = series;
	r->in.n_series = n_series;
}

static const struct tile *tile(const struct rig *r, size_t group, size_t i)
{
	return &r->block.tile_groups[group].tiles[i];
}

static void test_states(void **state)
{
	struct rig *r = *state;
	struct source_status s[] = {well("app1"), well("app2"), well("app3"),
	    well("app4"), well("db1")};
	struct alert x = firing("app2", "app2/cpu");
	struct series all[] = {
	    one(r, "app1/cpu", UNIT_PERCENT, 25.4),
	    one(r, "app1/disk{mount=\"/\"}", UNIT_PERCENT, 40),
	    one(r, "app1/disk{mount=\"/var\"}", UNIT_PERCENT, 81),
	    one(r, "app2/cpu", UNIT_PERCENT, 96),
	    rising(r, "app3/cpu", UNIT_PERCENT, 1, 2, 3, 60, NOW - HOURS),
	};

	s[3].outcome = OUTCOME_TIMEOUT;
	s[3].message = last_of(r, "app4");
	use(r, s, 5, all, 5);
	r->in.alerts = &x;
	r->in.n_alerts = 1;
	assert_int_equal(rig_build(r, &panel_tiles, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_ALERT);
	assert_string_equal(r->block.message, "app2 (1 of 4)");
	assert_string_equal(r->block.note, "1 alert, 1 failed, 1 late, 1 ok");
	assert_int_equal(r->block.n_tile_groups, 1);
	assert_int_equal(r->block.n_tiles, 4);
	assert_string_equal(tile(r, 0, 0)->word, "ok");
	assert_string_equal(tile(r, 0, 0)->figures[0].value, "25 %");
	assert_float_equal(tile(r, 0, 0)->figures[0].part, .254, 1e-9);
	assert_string_equal(tile(r, 0, 0)->figures[1].value, "–");
	assert_string_equal(tile(r, 0, 0)->figures[2].label, "disk");
	assert_string_equal(tile(r, 0, 0)->figures[2].value, "81 %");
	assert_string_equal(tile(r, 0, 0)->figures[2].more,
	    "disk{mount=\"/var\"}, the greatest of 2");
	assert_string_equal(tile(r, 0, 1)->word, "critical");
	assert_string_equal(tile(r, 0, 1)->text,
	    "cpu 96 %, above 75 % for 29 min, since 02:45");
	assert_true(tile(r, 0, 1)->figures[0].hot);
	assert_string_equal(tile(r, 0, 2)->word, "late");
	assert_string_equal(tile(r, 0, 2)->text, "newest value is 1 h 00 old");
	assert_true(tile(r, 0, 2)->figures[0].late);
	assert_string_equal(tile(r, 0, 3)->word, "timeout");
	assert_string_equal(tile(r, 0, 3)->text, "timeout after 10 s");
	assert_string_equal(r->block.numbers->columns[6], "disk");
	assert_string_equal(r->block.numbers->cells[0][6], "81");
	assert_string_equal(r->block.numbers->cells[1][2], "alert");
	assert_string_equal(r->block.numbers->cells[3][4], "");
}

/* What a window mutes is neither red nor unsaid. */
static void test_muted(void **state)
{
	struct rig *r = *state;
	struct source_status s[] = {well("app1"), well("app2")};
	struct alert x[] = {
	    firing("app1", "app1/cpu"), firing("app2", "app2/cpu")};
	struct series all[] = {one(r, "app1/cpu", UNIT_PERCENT, 96)};

	x[0].muted = true;
	x[0].why = "silent until 04:00";
	x[1].state = ALERT_ENDED;
	x[1].ended = NOW - HOURS;
	use(r, s, 2, all, 1);
	r->in.alerts = x;
	r->in.n_alerts = 2;
	assert_int_equal(rig_build(r, &panel_tiles, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(r->block.note, "2 ok");
	assert_string_equal(tile(r, 0, 0)->word, "muted");
	assert_string_equal(tile(r, 0, 0)->mark, "◇");
	assert_false(tile(r, 0, 0)->figures[0].hot);
	assert_string_equal(tile(r, 0, 1)->word, "ok");
}

static void test_groups(void **state)
{
	struct rig *r = *state;
	struct source_status s[] = {
	    well("web10"), well("web2"), well("db1"), well("mail")};

	use(r, s, 4, NULL, 0);
	assert_int_equal(rig_build(r, &panel_tiles,
			     "{sources: '*', group: {Data: db*, Web: [web*]}}"),
	    0);
	assert_int_equal(r->block.n_tile_groups, 3);
	assert_string_equal(r->block.tile_groups[0].name, "Data");
	assert_string_equal(r->block.tile_groups[1].name, "Web");
	assert_string_equal(r->block.tile_groups[1].note, "2 ok");
	assert_string_equal(tile(r, 1, 0)->name, "web2");
	assert_string_equal(tile(r, 1, 1)->name, "web10");
	assert_string_equal(r->block.tile_groups[2].name, "others");
	r->block = (struct block){.title = "Servers"};
	assert_int_equal(
	    rig_build(r, &panel_tiles, "{sources: '*', group: prefix}"), 0);
	assert_string_equal(r->block.tile_groups[0].name, "web");
	assert_string_equal(r->block.tile_groups[2].name, "mail");
	assert_string_equal(r->block.numbers->cells[3][1], "mail");
}

static void test_worst_first(void **state)
{
	struct rig *r = *state;
	struct source_status s[] = {
	    well("a"), well("b"), well("c"), well("d"), well("e")};
	struct alert x = firing("d", "d");
	struct series all[] = {
	    one(r, "a/load", "", 2),
	    one(r, "b/load", "", 8),
	    one(r, "c/load", "", -1),
	};

	s[4].outcome = OUTCOME_REFUSED;
	s[2].tried = 0;
	x.test = ALERT_FAILED;
	use(r, s, 5, all, 3);
	r->in.alerts = &x;
	r->in.n_alerts = 1;
	assert_int_equal(rig_build(r, &panel_tiles,
			     "{sources: '?', sort: worst, metrics: load, "
			     "spark: yes}"),
	    0);
	assert_string_equal(tile(r, 0, 0)->name, "d");
	assert_string_equal(tile(r, 0, 1)->name, "e");
	assert_string_equal(tile(r, 0, 2)->word, "not asked yet");
	assert_true(tile(r, 0, 2)->figures[0].part == 0);
	assert_string_equal(tile(r, 0, 3)->name, "b");
	assert_true(tile(r, 0, 3)->figures[0].part == 1);
	assert_non_null(tile(r, 0, 3)->figures[0].spark);
	assert_true(tile(r, 0, 4)->figures[0].part == .25);
}

static void test_many(void **state)
{
	struct rig *r = *state;
	struct source_status s[300];
	struct series all[300];

	for (int i = 0; i < 300; i++) {
		s[i] = well(arena_printf(r->arena, "h%d", i));
		all[i] = one(r, arena_printf(r->arena, "h%d/cpu", i),
		    UNIT_PERCENT, i / 3.0);
	}
	use(r, s, 300, all, 300);
	assert_int_equal(
	    rig_build(r, &panel_tiles, "{sources: 'h*', spark: yes}"), 0);
	assert_int_equal(r->block.n_tiles, 300);
	assert_string_equal(tile(r, 0, 299)->name, "h299");
	assert_null(tile(r, 0, 299)->figures[0].spark);
	assert_string_equal(r->block.note, "300 ok");
}

static void test_nothing(void **state)
{
	struct rig *r = *state;
	struct source_status s[] = {well("app1")};

	s[0].tried = 0;
	use(r, s, 1, NULL, 0);
	assert_int_equal(rig_build(r, &panel_tiles, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "no source was asked yet");
}

static void test_links(void **state)
{
	static const struct panel_anchor anchors[] = {{"app1", "#cpu-app1"}};
	struct rig *r = *state;
	struct source_status s[] = {well("app1"), well("app2")};

	use(r, s, 2, NULL, 0);
	r->in.anchors = anchors;
	r->in.n_anchors = 1;
	assert_int_equal(rig_build(r, &panel_tiles, "{sources: 'app*'}"), 0);
	assert_string_equal(tile(r, 0, 0)->href, "#cpu-app1");
	assert_null(tile(r, 0, 1)->href);
}

static void test_faults(void **state)
{
	static const struct {
		const char *yaml, *fault;
	} cases[] = {
	    {"{}", "tiles need their sources:"},
	    {"{sources: a, metrics: [a, b, c, d, e]}",
		"metrics: a tile has room for 4"},
	    {"{sources: a, metrics: {CPU: [a]}}",
		"metrics: a glob is wanted here"},
	    {"{sources: a, group: [a]}",
		"group: names with globs of sources, or the word prefix, are "
		"wanted here"},
	    {"{sources: a, group: {A: {b: c}}}",
		"group: a glob of sources is wanted here"},
	    {"{sources: a, sort: best}",
		"sort: 'best' is not one of name|worst"},
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r->faults.n = 0;
		r->common = (struct panel_common){0};
		assert_string_equal(
		    rig_fault(r, &panel_tiles, cases[i].yaml), cases[i].fault);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_states),
	    rig_test(test_muted),
	    rig_test(test_groups),
	    rig_test(test_worst_first),
	    rig_test(test_many),
	    rig_test(test_nothing),
	    rig_test(test_links),
	    rig_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
