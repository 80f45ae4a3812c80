/* Rules and maintenance as they are written, and every fault in them. */
#include "run/plan.h"
#include "test.h"

#include <math.h>

#define HEAD                                                                   \
	"title: T\ntimezone: UTC\nsources:\n"                                  \
	"  app1: {exec: [x], decode: number}\n"                                \
	"pages: {index: {panels: []}}\n" /* five lines */

static const char *load(struct arena *a, struct plan *plan, const char *yaml)
{
	struct faults f = {.arena = a};
	const char *said = "", *text = arena_printf(a, HEAD "%s\n", yaml);
	struct err e = {0};
	int rc = plan_parse(
	    plan, "f.yaml", (struct span){text, strlen(text)}, &f, &e);

	assert_int_equal(rc, f.n == 0 ? 0 : -1);
	for (size_t i = 0; i < f.n; i++)
		said = arena_printf(a, "%s%d:%d: %s\n", said, f.items[i].line,
		    f.items[i].col, f.items[i].text);
	return said;
}

/* A rule's keys, from line 7, column 6 on. */
static void bad(struct arena *a, const char *rule, const char *fault)
{
	struct plan p;

	assert_string_equal(
	    load(a, &p, arena_printf(a, "alerts:\n  r: {%s}", rule)),
	    arena_printf(a, "7:%s\n", fault));
}

static void what_is_bound(void **state)
{
	const struct alert_rule *r;
	struct plan p;

	assert_string_equal(
	    load(*state, &p,
		"keep: {alerts: 90d}\n"
		"alerts:\n"
		"  busy:\n"
		"    series: [\"app*/cpu\", app1/mem]\n"
		"    above: 75%\n"
		"    clear: 70\n"
		"    for: 2m\n"
		"    clear_for: 1m\n"
		"    severity: critical\n"
		"    silence: [02:00-04:00, Sat]\n"
		"    message: Look\n"
		"  full: {series: app1/free, below: 4GB}\n"
		"  range: {series: app1/t, outside: [1, 9], clear: [2, 8]}\n"
		"  odd: {series: app1/state, equals: 3}\n"
		"  gone: {series: app1/cpu, absent: 5m}\n"
		"  down: {source: \"app*\", failed: 3m}\n"
		"  quiet: {series: app1/t, above: 1, severity: critical, "
		"snapshot: no}\n"
		"  loud: {series: app1/t, above: 1, snapshot: yes}\n"
		"maintenance: {\"app*\": Sun 02:00-04:00}\n"),
	    "");
	assert_int_equal(p.n_rules, 8);
	assert_int_equal(p.keep.alerts, 90 * 86400);
	r = plan_rule(&p, "busy");
	assert_int_equal(r->test, ALERT_ABOVE);
	assert_int_equal(r->severity, ALERT_CRITICAL);
	assert_int_equal(r->series.n, 2);
	assert_true(isnan(r->low) && r->high == 75 && r->clear_high == 70);
	assert_true(r->hold == 120 && r->clear_hold == 60);
	assert_int_equal(r->silence.n, 2);
	assert_string_equal(r->message, "Look");
	assert_true(r->snapshot);
	r = plan_rule(&p, "full");
	assert_true(r->low == 4294967296.0 && r->clear_low == r->low);
	assert_int_equal(r->severity, ALERT_WARNING);
	assert_false(r->snapshot);
	assert_string_equal(r->message, "");
	r = plan_rule(&p, "range");
	assert_true(r->low == 1 && r->high == 9 && r->clear_low == 2 &&
		    r->clear_high == 8);
	assert_true(plan_rule(&p, "odd")->low == 3);
	assert_false(plan_rule(&p, "quiet")->snapshot);
	assert_true(plan_rule(&p, "loud")->snapshot);
	assert_true(plan_rule(&p, "gone")->low == 300);
	r = plan_rule(&p, "down");
	assert_string_equal(r->series.items[0], "app*");
	assert_true(r->low == 180);
	assert_null(plan_rule(&p, "other"));
	assert_int_equal(p.n_maintenance, 1);
	assert_string_equal(p.maintenance[0].sources, "app*");
	assert_int_equal(p.maintenance[0].windows.n, 1);
}

static void the_test_of_a_rule(void **state)
{
	bad(*state, "series: app1/a",
	    "6: alert r: no test: one of above, below, outside, equals, "
	    "absent or failed is wanted");
	bad(*state, "series: app1/a, above: 1, below: 0",
	    "33: both 'above' and 'below': an alert has one test");
	bad(*state, "series: app1/a, abov: 1",
	    "6: alert r: no test: one of above, below, outside, equals, "
	    "absent or failed is wanted\n"
	    "7:23: unknown key 'abov'; did you mean 'above'?");
	bad(*state, "series: app1/a, above: lots",
	    "30: above: 'lots' is not a number, size or length of time");
	bad(*state, "series: app1/a, outside: 3",
	    "32: outside: two levels, [low, high], are wanted here");
	bad(*state, "series: app1/a, outside: [3, 1]",
	    "32: outside: 3 is not below 1");
	bad(*state, "series: app1/a, absent: soon",
	    "31: absent: 'soon' is not a length of time such as 30s, 5m, 2h "
	    "or 14d");
}

static void levels_to_be_clear(void **state)
{
	bad(*state, "series: app1/a, above: 75, clear: 80",
	    "41: clear: 80 is past the level at which the alert fires");
	bad(*state, "series: app1/a, below: 5, clear: 4",
	    "40: clear: 4 is past the level at which the alert fires");
	bad(*state, "series: app1/a, outside: [1, 9], clear: [2, 10]",
	    "47: clear: 10 is past the level at which the alert fires");
	bad(*state, "series: app1/a, outside: [1, 9], clear: 5",
	    "47: clear: two levels, [low, high], are wanted here");
	bad(*state, "series: app1/a, above: 75, clear: [70, 60]",
	    "41: clear: one level is wanted here");
	bad(*state, "series: app1/a, equals: 1, clear: 0",
	    "34: clear: has no meaning with 'equals'");
	bad(*state, "series: app1/a, absent: 5m, for: 1m",
	    "35: for: has no meaning with 'absent'");
}

static void what_a_rule_watches(void **state)
{
	bad(*state, "above: 1", "6: alert r: 'series' is missing");
	bad(*state, "failed: 1m", "6: alert r: 'source' is missing");
	bad(*state, "series: app1/a, source: app1, failed: 1m",
	    "7: series: has no meaning with 'failed'");
	bad(*state, "series: app1, above: 1",
	    "15: series: 'app1' is no series: source/metric is wanted");
	bad(*state, "series: [app1/a, app2/a], above: 1",
	    "24: series: there is no source 'app2'");
	bad(*state, "source: \"db*\", failed: 1m",
	    "15: source: there is no source 'db*'");
}

static void windows(void **state)
{
	struct plan p;

	bad(*state, "series: app1/a, above: 1, silence: [now]",
	    "43: silence: 'now' is not a window such as 02:00-04:00, Mon-Fri "
	    "22:00-06:00, Sat,Sun or 2026-12-24 18:00 to 2026-12-27 08:00");
	assert_string_equal(load(*state, &p, "maintenance: {app2: Sat}"),
	    "6:15: maintenance: there is no source 'app2'\n");
	assert_string_equal(load(*state, &p, "maintenance: Sat"),
	    "6:14: maintenance: a mapping of sources to windows is wanted "
	    "here\n");
	assert_string_equal(load(*state, &p, "alerts: 5"),
	    "6:9: alerts: a mapping of names to rules is wanted here\n");
	assert_string_equal(load(*state, &p, "alerts: {r: 5}"),
	    "6:13: alert r: a mapping is wanted here\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(what_is_bound),
	    arena_test(the_test_of_a_rule),
	    arena_test(levels_to_be_clear),
	    arena_test(what_a_rule_watches),
	    arena_test(windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
