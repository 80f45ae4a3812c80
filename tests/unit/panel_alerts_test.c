/* The list of alerts, and what one makes of a chart and a figure. */
#include "panel_input.h"

extern const struct panel_kind panel_alerts, panel_line, panel_stat;

static struct alert alert_of(const char *source, const char *series)
{
	return (struct alert){.id = 7,
	    .rule = "busy",
	    .series = series,
	    .source = source,
	    .unit = UNIT_PERCENT,
	    .message = "Look",
	    .severity = ALERT_CRITICAL,
	    .state = ALERT_FIRING,
	    .test = ALERT_ABOVE,
	    .low = NAN,
	    .high = 75,
	    .since = NOW - 29 * MINUTES,
	    .fired = NOW - 27 * MINUTES,
	    .first = 76,
	    .value = 96,
	    .peak = 97,
	    .seen = NOW,
	    .why = "",
	    .note = "",
	    .snapshot = ""};
}

static void use(struct rig *r, struct alert *x, size_t n)
{
	if (n > 1)
		qsort(x, n, sizeof(*x), alert_by_series);
	r->in.alerts = x;
	r->in.n_alerts = n;
}

static const char *facts(struct rig *r, size_t i)
{
	const struct alert_row *row = &r->block.alerts[i];
	const char *text = "";

	for (size_t k = 0; k < row->n_facts; k++)
		text = arena_printf(r->arena, "%s%s=%s;", text,
		    row->facts[k].name, row->facts[k].value);
	return text;
}

static void test_calm(void **state)
{
	struct rig *r = *state;

	assert_int_equal(rig_build(r, &panel_alerts, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(
	    r->block.note, "none firing, none ended in the last 24 hours");
	assert_int_equal(r->block.n_alerts, 0);
	assert_null(r->block.numbers);
	assert_int_equal(rig_build(r, &panel_alerts, "{ended: 0s}"), 0);
	assert_string_equal(r->block.note, "none firing");
}

static void test_firing(void **state)
{
	struct rig *r = *state;
	struct alert x = alert_of("app2", "app2/cpu");
	const struct alert_row *row;

	use(r, &x, 1);
	assert_int_equal(rig_build(r, &panel_alerts, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_ALERT);
	assert_string_equal(
	    r->block.note, "1 firing, none ended in the last 24 hours");
	row = &r->block.alerts[0];
	assert_string_equal(row->id, "alert-7-firing");
	assert_string_equal(row->look, "firing");
	assert_string_equal(row->mark, "▲");
	assert_string_equal(row->word, "critical");
	assert_string_equal(row->name, "app2 busy");
	assert_string_equal(
	    row->text, "cpu 96 %, above 75 % for 29 min, since 02:45");
	assert_true(row->open);
	assert_string_equal(facts(r, 0),
	    "message=Look;began=02:45;fired=02:47;at first=76 %;rule=busy: "
	    "above 75 %;series=app2/cpu;");
	assert_string_equal(r->block.numbers->cells[0][8], "96");
	assert_null(row->snapshot);
	assert_string_equal(r->block.numbers->cells[0][11], "");
	x.snapshot = "snapshots/x.html";
	assert_int_equal(rig_build(r, &panel_alerts, "{}"), 0);
	assert_string_equal(r->block.alerts[0].snapshot, "snapshots/x.html");
	assert_string_equal(r->block.numbers->cells[0][11], "snapshots/x.html");
}

static void test_every_state(void **state)
{
	struct rig *r = *state;
	struct alert x[7];

	for (int i = 0; i < 7; i++)
		x[i] = alert_of("s", arena_printf(r->arena, "s/m%d", i));
	x[0].state = ALERT_ENDED;
	x[0].since = NOW - 26 * MINUTES;
	x[0].ended = NOW - 4 * MINUTES;
	x[1].muted = true;
	x[1].why = "silent until 04:00";
	x[2].state = ALERT_PENDING;
	x[2].fired = 0;
	x[3].severity = ALERT_WARNING;
	x[4].test = ALERT_OUTSIDE;
	x[4].low = 2;
	x[5].test = ALERT_ABSENT;
	x[5].low = 300;
	x[5].value = NAN;
	x[6].test = ALERT_FAILED;
	x[6].series = "s";
	x[6].state = ALERT_ENDED;
	x[6].ended = NOW - 2 * DAYS;
	use(r, x, 7);
	assert_int_equal(rig_build(r, &panel_alerts, "{}"), 0);
	assert_string_equal(r->block.note,
	    "3 firing, 1 pending, 1 muted, 1 ended in the last 24 hours");
	assert_int_equal(r->block.n_alerts, 6);
	assert_string_equal(r->block.alerts[0].text,
	    "m4 96 %, outside 2 % to 75 % for 29 min, since 02:45");
	assert_string_equal(
	    r->block.alerts[1].text, "m5 absent for 29 min, since 02:45");
	assert_string_equal(r->block.alerts[2].word, "warning");
	assert_string_equal(r->block.alerts[3].mark, "△");
	assert_string_equal(r->block.alerts[3].look, "pending");
	assert_false(r->block.alerts[3].open);
	assert_string_equal(r->block.alerts[4].mark, "◇");
	assert_string_equal(r->block.alerts[4].text,
	    "m1 96 %, above 75 % for 29 min, since 02:45; silent until 04:00");
	assert_string_equal(r->block.alerts[5].text,
	    "ended 03:10 after 22 min (m0 above 75 %)");
	assert_string_equal(r->block.alerts[5].mark, "■");
	assert_non_null(
	    strstr(facts(r, 5), "ended=03:10;at first=76 %;most=97"));
	assert_int_equal(
	    rig_build(r, &panel_alerts, "{ended: 3d, limit: 3}"), 0);
	assert_string_equal(r->block.note,
	    "3 firing, 1 pending, 1 muted, 2 ended in the last 3 days");
	assert_int_equal(rig_build(r, &panel_alerts, "{limit: 3}"), 0);
	assert_string_equal(r->block.alerts_left_out, "and 3 more");
	assert_int_equal(rig_build(r, &panel_alerts, "{series: \"*/m1\"}"), 0);
	assert_int_equal(r->block.n_alerts, 1);
	assert_int_equal(r->block.state, PANEL_OK);
}

static void test_one_that_comes_again(void **state)
{
	struct rig *r = *state;
	struct alert x[30];

	for (int i = 0; i < 30; i++) {
		x[i] = alert_of("s", "s/m");
		x[i].id = i;
		x[i].state = ALERT_ENDED;
		x[i].ended = NOW - (1 + i) * MINUTES;
		x[i].since = x[i].ended - MINUTES;
	}
	use(r, x, 30);
	assert_int_equal(rig_build(r, &panel_alerts, "{}"), 0);
	assert_int_equal(r->block.n_alerts, 1);
	assert_string_equal(r->block.alerts[0].text,
	    "ended 03:13 after 1 min (m above 75 %), the last of 30 times");
	assert_int_equal(r->block.numbers->n_rows, 30);
}

/* A flood does not unfold the whole page. */
static void test_flood(void **state)
{
	struct rig *r = *state;
	struct alert x[80];
	size_t open = 0;

	for (int i = 0; i < 80; i++)
		x[i] = alert_of("s", arena_printf(r->arena, "s/m%02d", i));
	use(r, x, 80);
	assert_int_equal(rig_build(r, &panel_alerts, "{}"), 0);
	assert_int_equal(r->block.n_alerts, 50);
	assert_string_equal(r->block.alerts_left_out, "and 30 more");
	for (size_t i = 0; i < r->block.n_alerts; i++)
		open += r->block.alerts[i].open;
	assert_int_equal(open, 5);
}

static size_t count_red(const struct scene *s, bool dashed)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->items[i].kind == SCENE_LINE &&
		     s->items[i].ink == INK_RED && s->items[i].dashed == dashed;
	return n;
}

static const struct scene_item *text_item(const struct scene *s, const char *t)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->items[i].kind == SCENE_TEXT &&
		    str_eq(s->items[i].text, t))
			return &s->items[i];
	return NULL;
}

static void test_chart(void **state)
{
	struct rig *r = *state;
	struct series s[] = {
	    rising(r, "app1/cpu", "percent", 20, 25, 361, 60, NOW),
	    rising(r, "app2/cpu", "percent", 50, 96, 361, 60, NOW)};
	struct alert x = alert_of("app2", "app2/cpu");

	r->in.series = s;
	r->in.n_series = 2;
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_int_equal(count_red(r->block.wide, false), 0);
	assert_int_equal(count_red(r->block.wide, true), 0);
	use(r, &x, 1);
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_ALERT);
	assert_string_equal(r->block.message, "app2 above 75 %");
	assert_string_equal(r->block.note, "since 02:45");
	assert_int_equal(count_red(r->block.wide, false), 1);
	assert_int_equal(count_red(r->block.wide, true), 1);
	assert_int_equal(count_red(r->block.narrow, true), 1);
	assert_non_null(text_item(r->block.wide, "75 %"));
	assert_false(r->block.legend[0].hot);
	assert_true(r->block.legend[1].hot);
	assert_non_null(strstr(
	    r->block.alt, "alert: app2 now 96 %, between 50 and 96 %, above"));
	/* Nobody is to look: nothing is red, no level drawn. */
	x.muted = true;
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_null(text_item(r->block.wide, "75 %"));
}

/* What is pending shows its level, but is not red. */
static void test_pending_chart(void **state)
{
	struct rig *r = *state;
	struct series s =
	    rising(r, "app2/cpu", "percent", 50, 60, 361, 60, NOW);
	struct alert x = alert_of("app2", "app2/cpu");

	x.state = ALERT_PENDING;
	r->in.series = &s;
	r->in.n_series = 1;
	use(r, &x, 1);
	assert_int_equal(rig_build(r, &panel_line, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_int_equal(count_red(r->block.wide, true), 0);
	assert_int_equal(text_item(r->block.wide, "75 %")->ink, INK_SOFT);
	/* The user's own scale ends below it. */
	assert_int_equal(rig_build(r, &panel_line, "{max: 65}"), 0);
	assert_null(text_item(r->block.wide, "75 %"));
}

static void test_figure(void **state)
{
	struct rig *r = *state;
	struct series s[] = {
	    rising(r, "app1/cpu", "percent", 20, 25, 61, 60, NOW),
	    rising(r, "app2/cpu", "percent", 50, 96, 61, 60, NOW)};
	struct alert x[] = {
	    alert_of("app1", "app1/cpu"), alert_of("app2", "app2/cpu")};

	x[0].severity = ALERT_WARNING;
	r->in.series = s;
	r->in.n_series = 2;
	use(r, x, 2);
	assert_int_equal(rig_build(r, &panel_stat, "{}"), 0);
	assert_int_equal(r->block.state, PANEL_ALERT);
	assert_string_equal(r->block.message, "app2 above 75 % and 1 more");
	assert_true(r->block.figures[0].hot && r->block.figures[1].hot);
	x[0].state = ALERT_PENDING;
	assert_int_equal(rig_build(r, &panel_stat, "{}"), 0);
	assert_false(r->block.figures[0].hot);
	assert_string_equal(r->block.message, "app2 above 75 %");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_calm),
	    rig_test(test_firing),
	    rig_test(test_every_state),
	    rig_test(test_one_that_comes_again),
	    rig_test(test_flood),
	    rig_test(test_chart),
	    rig_test(test_pending_chart),
	    rig_test(test_figure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
