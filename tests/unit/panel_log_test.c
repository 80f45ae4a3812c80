#include "panel_input.h"

#include "panel/level.h"

extern const struct panel_kind panel_log;

static struct source_status status[] = {
    {.name = "app1-log"},
    {.name = "app2-log"},
    {.name = "db1"},
};

static void set_lines(struct rig *r, const struct log_line *lines, size_t n)
{
	r->in.lines = lines;
	r->in.n_lines = n;
	r->in.status = status;
	r->in.n_status = 3;
}

static void test_rows(void **state)
{
	static const struct log_line lines[] = {
	    {"app2-log", NOW - 4 * HOURS, "yesterday"},
	    {"app2-log", NOW - 5, "<script>alert(1)</script>"},
	    {"app1-log", NOW, "ERROR no answer"},
	};
	struct rig *r = *state;
	const struct block *b = &r->block;

	set_lines(r, lines, 3);
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(b->state, PANEL_OK);
	assert_int_equal(b->n_log, 3);
	assert_string_equal(b->log[0].time, "21 Nov 23:14:00");
	assert_string_equal(b->log[1].time, "03:13:55");
	assert_string_equal(b->log[1].source, "app2-log");
	assert_string_equal(b->log[1].text, "<script>alert(1)</script>");
	assert_int_equal(b->log[1].colour, 2);
	assert_string_equal(b->log[1].level, "");
	assert_int_equal(b->log[2].colour, 1);
	assert_string_equal(b->log[2].level, "error");
	assert_null(b->log_left_out);
	assert_string_equal(b->note, "newest below");
	assert_string_equal(b->numbers->columns[2], "text");
	assert_string_equal(b->numbers->cells[1][0], "2026-11-22T03:13:55Z");
}

/* A source keeps its colour when the other has no lines. */
static void test_colour_stays(void **state)
{
	static const struct log_line lines[] = {{"app2-log", NOW, "a"}};
	struct rig *r = *state;

	set_lines(r, lines, 1);
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.log[0].colour, 2);
}

static void test_limit(void **state)
{
	struct rig *r = *state;
	struct log_line lines[5];

	for (int i = 0; i < 5; i++)
		lines[i] = (struct log_line){"app1-log", NOW - 5 + i,
		    arena_printf(r->arena, "line %d", i)};
	set_lines(r, lines, 5);
	r->in.lines_left_out = 1201;
	assert_int_equal(
	    rig_build(r, &panel_log, "{sources: 'app*', limit: 2}"), 0);
	assert_int_equal(r->block.n_log, 2);
	assert_string_equal(r->block.log[1].text, "line 4");
	assert_string_equal(r->block.log_left_out, "1,204 earlier lines");
	r->in.lines_left_out = 0;
	assert_int_equal(
	    rig_build(r, &panel_log, "{sources: 'app*', limit: 4}"), 0);
	assert_string_equal(r->block.log_left_out, "1 earlier line");
}

static void test_states(void **state)
{
	struct rig *r = *state;
	struct source_status failing[] = {
	    {.name = "db1", .outcome = OUTCOME_AUTH, .message = "other"},
	    {.name = "app1-log",
		.outcome = OUTCOME_AUTH,
		.message = "source app1-log: key refused"}};

	set_lines(r, NULL, 0);
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "no lines in the last 6 hours");
	assert_null(r->block.numbers);
	r->in.status = failing;
	r->in.n_status = 2;
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_FAILED);
	assert_string_equal(r->block.message, "source app1-log: key refused");
}

/* A rule on what was counted in the lines, whatever metric that is. */
static void test_alert(void **state)
{
	static const struct log_line lines[] = {{"app1-log", NOW, "ERROR"}};
	struct rig *r = *state;
	struct alert x[] = {
	    {.series = "app1-log/errors",
		.source = "app1-log",
		.unit = "",
		.state = ALERT_FIRING,
		.test = ALERT_ABOVE,
		.high = 10,
		.since = NOW - 4 * MINUTES},
	    {.series = "app2-log",
		.source = "app2-log",
		.severity = ALERT_CRITICAL,
		.state = ALERT_FIRING,
		.test = ALERT_FAILED,
		.low = 120,
		.since = NOW - 9 * MINUTES},
	    {.series = "db1/cpu", .source = "db1", .severity = ALERT_CRITICAL},
	};

	set_lines(r, lines, 1);
	r->in.alerts = x;
	r->in.n_alerts = 1;
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_ALERT);
	assert_string_equal(r->block.message, "app1-log errors above 10");
	assert_string_equal(r->block.note, "since 03:10");
	r->in.n_alerts = 3;
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_string_equal(
	    r->block.message, "app2-log failed for 2 min and 1 more");
	x[0].muted = true;
	x[1].state = ALERT_ENDED;
	r->block = (struct block){.title = "Log"};
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(r->block.note, "newest below");
}

static void test_levels(void **state)
{
	static const struct {
		const char *line, *level;
	} cases[] = {
	    {"2026-11-22 03:14:00 ERROR timeout", "error"},
	    {"SEVERE: it broke", "error"},
	    {"kernel: PANIC at once", "error"},
	    {"[CRIT] disk", "error"},
	    {"FATAL", "error"},
	    {"WARN slow", "warn"},
	    {"WARNING: slow", "warn"},
	    {"WARN then ERROR", "error"},
	    {"2026/11/22 [error] 12#12: *1 open() failed", "error"},
	    {"error: cannot open", "error"},
	    {"git: warning: odd", "warn"},
	    {"ts=1 level=warn msg=x", "warn"},
	    {"{\"level\":\"error\"}", "error"},
	    {"<warning> x", "warn"},
	    {"<11>1 2026-11-22T03:14:00Z app1 disk is full", "error"},
	    {"<12>Nov 22 03:14:00 app1 slow", "warn"},
	    {"<14>Nov 22 03:14:00 app1 ERROR is what it says", ""},
	    {"<999>x", ""},
	    {"E1122 03:14:00.1 7 main.go:3] broken", "error"},
	    {"W1122 03:14:00.1 7 main.go:3] slow", "warn"},
	    {"I1122 03:14:00.1 7 main.go:3] \"error\": nil", "error"},
	    {"{\"level\":\"info\",\"msg\":\"after an ERROR\"}", ""},
	    {"{\"msg\":\"x\", \"severity\" : \"WARNING\"}", "warn"},
	    {"{\"level\":50,\"msg\":\"pino\"}", "error"},
	    {"{\"level\":40}", "warn"},
	    {"{\"level\":30}", ""},
	    {"{\"PRIORITY\":\"3\"}", "error"},
	    {"{\"msg\":\"\\\"level\\\":\\\"error\\\"\"}", ""},
	    {"{\"level\"", ""},
	    {"{\"level\":", ""},
	    {"level=info msg=\"an ERROR in a name\"", ""},
	    {"ts=1 severity=CRITICAL", "error"},
	    {"sealevel=error", "error"},
	    {"level=", ""},
	    {"no error was found", ""},
	    {"0 errors", ""},
	    {"TERROR WARNER ERRORS", ""},
	    {"GET /error/page 200", ""},
	    {"", ""},
	    {"\xff\xfe", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(log_level(cases[i].line), cases[i].level);
}

static void test_own_levels(void **state)
{
	static const struct log_line lines[] = {
	    {"app1-log", NOW, "ERROR expected, harmless"},
	    {"app1-log", NOW, "out of cheese"},
	    {"app1-log", NOW, "slow query, 3 s"},
	    {"app1-log", NOW, "ERROR no answer"},
	};
	static const char *const want[] = {"", "error", "warn", "error"};
	struct rig *r = *state;

	set_lines(r, lines, 4);
	assert_int_equal(rig_build(r, &panel_log,
			     "{sources: 'app*', height: tall, levels: {plain: "
			     "harmless, error: 'out of (cheese|tea)', warn: "
			     "'^slow'}}"),
	    0);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(r->block.log[i].level, want[i]);
	assert_int_equal(r->block.log_height, LOG_TALL);
}

/* Lines of one asking become lines a minute. */
static void test_rates(void **state)
{
	static const struct log_line lines[] = {{"app1-log", NOW, "a"}};
	struct rig *r = *state;
	struct series s[2];

	s[0] = rising(r, "app1-log/lines", "lines", 0, 600, 30, 300, NOW);
	s[1] = rising(r, "app2-log/lines", "lines", 0, 7, 30, 60, NOW - HOURS);
	set_lines(r, lines, 1);
	r->in.series = s;
	r->in.n_series = 2;
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.n_rates, 2);
	assert_string_equal(r->block.rates[0].source, "app1-log");
	assert_string_equal(r->block.rates[0].text, "120 a minute");
	assert_non_null(r->block.rates[0].spark);
	assert_int_equal(r->block.rates[1].colour, 2);
	assert_null(r->block.rates[1].text); /* an hour old */
	assert_string_equal(
	    panel_log.metrics(r->in.conf, r->arena).items[0], "lines");
}

/* What came since the run before is to be played back. */
static void test_recent(void **state)
{
	static const struct log_line lines[] = {{"app1-log", NOW - 60, "a"},
	    {"app1-log", NOW - 59, "b"}, {"app1-log", NOW + 30, "c"}};
	struct rig *r = *state;

	set_lines(r, lines, 3);
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.log[0].at, 0);
	assert_int_equal(r->block.log[1].at, NOW - 59);
	assert_int_equal(r->block.log[2].at, NOW + 30);
	r->in.run_every = 10;
	assert_int_equal(rig_build(r, &panel_log, "{sources: 'app*'}"), 0);
	assert_int_equal(r->block.log[1].at, 0);
}

static void test_faults(void **state)
{
	struct rig *r = *state;

	assert_string_equal(
	    rig_fault(r, &panel_log, "{sources: a, levels: {error: '('}}"),
	    "levels: '(' is not a regular expression: Unmatched ( or \\(");
	r->faults.n = 0;
	assert_string_equal(
	    rig_fault(r, &panel_log, "{sources: a, levels: {bad: x}}"),
	    "levels: 'bad' is not one of error, warn, plain");
	r->faults.n = 0;
	r->common = (struct panel_common){0};
	assert_string_equal(
	    rig_fault(*state, &panel_log, "{}"), "a log needs its sources:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    rig_test(test_rows),
	    rig_test(test_colour_stays),
	    rig_test(test_limit),
	    rig_test(test_states),
	    rig_test(test_alert),
	    rig_test(test_levels),
	    rig_test(test_own_levels),
	    rig_test(test_rates),
	    rig_test(test_recent),
	    rig_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
