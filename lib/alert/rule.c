#include "alert/rule.h"

#include <math.h>

#define DAY 86400.0

/* As it is written; which keys are there says which test it is. */
struct conf {
	struct strings series, sources, outside, clear, notify;
	const char *above, *below, *equals, *message;
	double absent, failed, hold, clear_hold;
	int severity;
	bool snapshot;
	const struct node *silence;
};

#define AT(member) offsetof(struct conf, member)

const struct option alert_rule_options[] = {
    {"series", OPTION_LIST, AT(series),
	.help = "globs of the series to watch, each for itself"},
    {"source", OPTION_LIST, AT(sources),
	.help = "globs of the sources to watch, with failed"},
    {"above", OPTION_TEXT, AT(above),
	.help = "fires while a value is greater, such as 75, 4GB or 90s"},
    {"below", OPTION_TEXT, AT(below), .help = "fires while a value is less"},
    {"outside", OPTION_LIST, AT(outside),
	.help = "fires while a value is not within [low, high]"},
    {"equals", OPTION_TEXT, AT(equals),
	.help = "fires while a value is just this"},
    {"absent", OPTION_DURATION, AT(absent), .min = 1, .max = 366 * DAY,
	.help = "fires when a series brought no value for so long, also one "
		"that is named without wildcards and never was; at least "
		"twice as long as its source's every"},
    {"failed", OPTION_DURATION, AT(failed), .max = 366 * DAY,
	.help = "fires when a source failed for so long; 0s: at once"},
    {"clear", OPTION_LIST, AT(clear),
	.help = "the level at which it is clear again, [low, high] with "
		"outside; by default the level at which it fires"},
    {"for", OPTION_DURATION, AT(hold), .max = 366 * DAY,
	.help = "how long values must stay past the level before it fires"},
    {"clear_for", OPTION_DURATION, AT(clear_hold), .max = 366 * DAY,
	.help = "how long values must stay clear before it ends"},
    {"severity", OPTION_CHOICE, AT(severity), .choices = "warning|critical",
	.deflt = "warning", .help = "how bad it is"},
    {"silence", OPTION_NODE, AT(silence),
	.help = "when it is muted, a window or a list of them: 02:00-04:00, "
		"Mon-Fri 22:00-06:00, Sat,Sun or 2026-12-24 18:00 to "
		"2026-12-27 08:00, in the page's time zone"},
    {"notify", OPTION_LIST, AT(notify),
	.help = "the channels that are told; all if left out, none with []"},
    {"message", OPTION_TEXT, AT(message),
	.help = "what to do about it, shown with the alert"},
    {"snapshot", OPTION_BOOL, AT(snapshot),
	.help = "take a snapshot when it fires, into the archive; if left out "
		"of critical ones"},
    {0},
};

struct binder {
	struct alert_rule *rule;
	const struct conf *conf;
	const struct node *node;
	struct faults *faults;
};

static const struct node *place(const struct binder *b, const char *key)
{
	const struct node *n = node_get(b->node, key);

	return n != NULL ? n : b->node;
}

/* Exactly one of the tests. */
static bool find_test(struct binder *b)
{
	static const enum alert_test tests[] = {ALERT_ABOVE, ALERT_BELOW,
	    ALERT_OUTSIDE, ALERT_EQUALS, ALERT_ABSENT, ALERT_FAILED};
	const char *word = NULL;

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		const char *w = alert_test_word(tests[i]);

		if (node_get(b->node, w) == NULL)
			continue;
		if (word != NULL) {
			fault_at(b->faults, node_key(b->node, w),
			    "both '%s' and '%s': an alert has one test", word,
			    w);
			return false;
		}
		word = w;
		b->rule->test = tests[i];
	}
	if (word == NULL)
		fault_at(b->faults, b->node,
		    "alert %s: no test: one of above, below, outside, equals, "
		    "absent or failed is wanted",
		    b->rule->name);
	return word != NULL;
}

static bool level(
    struct binder *b, const char *key, const char *text, double *out)
{
	if (str_quantity(text, out) && isfinite(*out))
		return true;
	fault_at(b->faults, place(b, key),
	    "%s: '%.80s' is not a number, size or length of time", key, text);
	return false;
}

/* [low, high] */
static bool levels(struct binder *b, const char *key, const struct strings *s,
    double *low, double *high)
{
	if (s->n != 2) {
		fault_at(b->faults, place(b, key),
		    "%s: two levels, [low, high], are wanted here", key);
		return false;
	}
	if (!level(b, key, s->items[0], low) ||
	    !level(b, key, s->items[1], high))
		return false;
	if (*low < *high)
		return true;
	fault_at(b->faults, place(b, key), "%s: %s is not below %s", key,
	    s->items[0], s->items[1]);
	return false;
}

/* A fault if `clear` lies past the level that it belongs to. */
static void bind_clear(struct binder *b)
{
	struct alert_rule *r = b->rule;
	const struct strings *s = &b->conf->clear;
	bool both = r->test == ALERT_OUTSIDE, one = s->n == 1;

	r->clear_low = r->low;
	r->clear_high = r->high;
	if (node_get(b->node, "clear") == NULL)
		return;
	if (both && !levels(b, "clear", s, &r->clear_low, &r->clear_high))
		return;
	if (!both && !one) {
		fault_at(b->faults, place(b, "clear"),
		    "clear: one level is wanted here");
		return;
	}
	if (!both &&
	    !level(b, "clear", s->items[0],
		r->test == ALERT_ABOVE ? &r->clear_high : &r->clear_low))
		return;
	if (r->clear_high > r->high || r->clear_low < r->low)
		fault_at(b->faults, place(b, "clear"),
		    "clear: %s is past the level at which the alert fires",
		    r->clear_high > r->high && both ? s->items[1]
						    : s->items[0]);
}

static void bind_levels(struct binder *b)
{
	const struct conf *c = b->conf;
	struct alert_rule *r = b->rule;
	bool ok = false;

	r->low = r->high = NAN;
	switch (r->test) {
	case ALERT_ABOVE:
		ok = level(b, "above", c->above, &r->high);
		break;
	case ALERT_BELOW:
		ok = level(b, "below", c->below, &r->low);
		break;
	case ALERT_OUTSIDE:
		ok = levels(b, "outside", &c->outside, &r->low, &r->high);
		break;
	case ALERT_EQUALS:
		(void)level(b, "equals", c->equals, &r->low);
		break;
	case ALERT_ABSENT:
		r->low = c->absent;
		break;
	case ALERT_FAILED:
		r->low = c->failed;
		break;
	}
	if (ok)
		bind_clear(b);
}

/* Keys that mean nothing beside the test are faults, not silence. */
static void check_keys(struct binder *b)
{
	enum alert_test t = b->rule->test;
	const struct {
		const char *key;
		bool fits;
	} keys[] = {
	    {"series", t != ALERT_FAILED},
	    {"source", t == ALERT_FAILED},
	    {"clear", t <= ALERT_OUTSIDE},
	    {"for", t < ALERT_ABSENT},
	    {"clear_for", t < ALERT_ABSENT},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!keys[i].fits && node_get(b->node, keys[i].key) != NULL)
			fault_at(b->faults, node_key(b->node, keys[i].key),
			    "%s: has no meaning with '%s'", keys[i].key,
			    alert_test_word(t));
	if (b->rule->series.n == 0)
		fault_at(b->faults, b->node, "alert %s: '%s' is missing",
		    b->rule->name, t == ALERT_FAILED ? "source" : "series");
}

void alert_rule_bind(struct alert_rule *r, const char *name,
    const struct node *n, struct faults *faults)
{
	struct conf c = {0};
	struct binding table = {alert_rule_options, &c};
	struct binder b = {r, &c, n, faults};

	*r = (struct alert_rule){.name = name, .node = n};
	option_bind(n, &table, 1, faults);
	if (!find_test(&b))
		return;
	r->series = r->test == ALERT_FAILED ? c.sources : c.series;
	r->severity = (enum alert_severity)c.severity;
	r->hold = (int64_t)c.hold;
	r->clear_hold = (int64_t)c.clear_hold;
	r->notify = c.notify;
	r->message = c.message != NULL ? c.message : "";
	r->snapshot = node_get(n, "snapshot") != NULL
			  ? c.snapshot
			  : r->severity == ALERT_CRITICAL;
	bind_levels(&b);
	if (c.silence != NULL)
		windows_bind(
		    faults->arena, c.silence, "silence", &r->silence, faults);
	check_keys(&b);
}
