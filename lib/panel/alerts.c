/*
 * The alerts: what fires, what is about to, what ended lately.
 */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "panel/alarm.h"
#include "panel/parts.h"

#define OPEN_MAX 5 /* of a flood only the worst stand open */

struct conf {
	double ended;
	int64_t limit;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"ended", OPTION_DURATION, AT(ended), .deflt = "1d", .max = 31 * 86400.0,
	.help = "how long alerts that ended are told of; 0s: not at all"},
    {"limit", OPTION_INT, AT(limit), .deflt = "50", .min = 1, .max = 1000,
	.help = "alerts to show, the worst and newest"},
    {0},
};

static bool is_asked(const struct panel_input *in, const struct alert *x)
{
	const struct conf *c = in->conf;
	const struct strings *globs = &in->common->series;

	if (globs->n > 0 && !str_glob_any(globs, x->series))
		return false;
	return x->state != ALERT_ENDED ||
	       (double)(in->now - x->ended) < c->ended;
}

/* The smaller the sooner. */
static int rank(const struct alert *x)
{
	if (alert_is_hot(x))
		return x->severity == ALERT_CRITICAL ? 0 : 1;
	if (x->state == ALERT_ENDED)
		return 4;
	return x->state == ALERT_FIRING ? 3 : 2;
}

static int64_t newest(const struct alert *x)
{
	return x->ended != 0 ? x->ended : x->fired != 0 ? x->fired : x->since;
}

static int worst_first(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;
	int order = rank(x) - rank(y);

	if (order == 0)
		order = (newest(x) < newest(y)) - (newest(x) > newest(y));
	return order != 0 ? order : alert_by_series(a, b);
}

static struct alert *chosen(
    const struct panel_input *in, size_t *n, struct arena *a)
{
	struct alert *all = arena_array(a, in->n_alerts, sizeof(*all));

	*n = 0;
	for (size_t i = 0; i < in->n_alerts; i++)
		if (is_asked(in, &in->alerts[i]))
			all[(*n)++] = in->alerts[i];
	if (*n > 1)
		qsort(all, *n, sizeof(*all), worst_first);
	return all;
}

static void fact(struct alert_row *r, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0' || r->n_facts == ALERT_FACTS)
		return;
	r->facts[r->n_facts].name = name;
	r->facts[r->n_facts++].value = value;
}

static const char *value_words(struct arena *a, const struct alert *x, double v)
{
	return isnan(v) ? "" : unit_text(a, x->unit, v);
}

/* One that ended again and again is one row, its newest time. */
struct group {
	const struct alert *alert;
	size_t times;
};

static bool is_again(const struct alert *x, const struct alert *y)
{
	return x->state == ALERT_ENDED && y->state == ALERT_ENDED &&
	       str_eq(x->rule, y->rule) && str_eq(x->series, y->series);
}

static struct group *grouped(
    const struct alert *all, size_t n, size_t *n_groups, struct arena *a)
{
	struct group *groups = arena_array(a, n, sizeof(*groups));
	size_t k;

	*n_groups = 0;
	for (size_t i = 0; i < n; i++) {
		for (k = 0; k < *n_groups; k++)
			if (is_again(groups[k].alert, &all[i]))
				break;
		if (k == *n_groups)
			groups[(*n_groups)++].alert = &all[i];
		groups[k].times++;
	}
	return groups;
}

/* "03:15, until 03:35: I'm on it" */
static const char *ack_words(
    const struct panel_input *in, const struct alert *x, struct arena *a)
{
	const char *text = moment_words(a, x->acked, in->now);

	if (x->ack_until != 0)
		text = arena_printf(a, "%s, until %s", text,
		    moment_words(a, x->ack_until, in->now));
	return x->note[0] == '\0' ? text
				  : arena_printf(a, "%s: %s", text, x->note);
}

static void add_facts(const struct panel_input *in, const struct alert *x,
    struct alert_row *r, struct arena *a)
{
	bool done = x->state == ALERT_ENDED;

	fact(r, "message", x->message);
	fact(r, "muted", x->why);
	if (x->acked != 0)
		fact(r, "acknowledged", ack_words(in, x, a));
	fact(r, "began", moment_words(a, x->since, in->now));
	if (x->fired != 0 && x->fired != x->since)
		fact(r, "fired", moment_words(a, x->fired, in->now));
	if (done)
		fact(r, "ended", moment_words(a, x->ended, in->now));
	fact(r, "at first", value_words(a, x, x->first));
	if (done && x->test != ALERT_EQUALS)
		fact(r, x->test == ALERT_BELOW ? "lowest" : "most",
		    value_words(a, x, x->peak));
	fact(r, "rule", arena_printf(a, "%s: %s", x->rule, alarm_limit(a, x)));
	fact(r, x->test == ALERT_FAILED ? "source" : "series", x->series);
}

static struct alert_row make_row(const struct panel_input *in,
    const struct group *g, size_t place, struct arena *a)
{
	const struct alert *x = g->alert;
	bool hot = alert_is_hot(x);
	struct alert_row r = {
	    .id = arena_printf(
		a, "alert-%lld-%s", (long long)x->id, alarm_look(x)),
	    .look = alarm_look(x),
	    .mark = alarm_mark(x),
	    .word = hot ? alert_severity_word(x->severity) : alarm_look(x),
	    .name = arena_printf(a, "%s %s", x->source, x->rule),
	    .text = alarm_text(a, x, in->now),
	    .snapshot = x->snapshot[0] != '\0' ? x->snapshot : NULL,
	    .open = hot && place < OPEN_MAX,
	};

	if (g->times > 1)
		r.text = arena_printf(
		    a, "%s, the last of %zu times", r.text, g->times);
	add_facts(in, x, &r, a);
	return r;
}

static const char *const columns[] = {"alert", "series", "state", "severity",
    "muted", "since", "fired", "ended", "value", "unit", "limit", "snapshot"};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static const char *iso(struct arena *a, int64_t ts)
{
	return ts != 0 ? clock_iso(a, ts) : "";
}

static const char **raw_row(struct arena *a, const struct alert *x)
{
	const char *cells[N_COLUMNS] = {
	    x->rule,
	    x->series,
	    alert_state_word(x->state),
	    alert_severity_word(x->severity),
	    x->why,
	    iso(a, x->since),
	    iso(a, x->fired),
	    iso(a, x->ended),
	    isnan(x->value) ? "" : arena_printf(a, "%.12g", x->value),
	    x->unit,
	    alarm_limit(a, x),
	    x->snapshot,
	};

	return arena_copy(a, cells, sizeof(cells));
}

static struct numbers *raw(const struct alert *all, size_t n, struct arena *a)
{
	struct numbers *out = arena_make(a, struct numbers);

	out->text = true;
	out->columns = arena_copy(a, columns, sizeof(columns));
	out->n_columns = N_COLUMNS;
	out->n_rows = n;
	out->cells = arena_array(a, n, sizeof(*out->cells));
	for (size_t i = 0; i < n; i++)
		out->cells[i] = raw_row(a, &all[i]);
	return out;
}

/* "1 firing, 2 pending, 3 ended in the last 24 hours" */
static const char *summary(const struct panel_input *in,
    const struct alert *all, size_t n, struct arena *a)
{
	const struct conf *c = in->conf;
	size_t hot = alerts_hot(all, n), pending = 0, muted = 0, ended = 0;
	const char *text =
	    hot == 0 ? "none firing" : arena_printf(a, "%zu firing", hot);

	for (size_t i = 0; i < n; i++) {
		ended += all[i].state == ALERT_ENDED;
		pending += all[i].state == ALERT_PENDING;
		muted += all[i].state == ALERT_FIRING && all[i].muted;
	}
	if (pending > 0)
		text = arena_printf(a, "%s, %zu pending", text, pending);
	if (muted > 0)
		text = arena_printf(a, "%s, %zu muted", text, muted);
	if (c->ended > 0)
		text = arena_printf(a, "%s, %s ended in the last %s", text,
		    ended == 0 ? "none" : arena_printf(a, "%zu", ended),
		    period_words(a, (int64_t)c->ended));
	return text;
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	const struct conf *c = in->conf;
	size_t n, n_groups;
	struct alert *all = chosen(in, &n, a);
	struct group *groups = grouped(all, n, &n_groups, a);

	(void)e;
	b->state = alerts_hot(all, n) > 0 ? PANEL_ALERT : PANEL_OK;
	b->note = summary(in, all, n, a);
	b->n_alerts = 0;
	b->alerts = arena_array(a, n_groups, sizeof(*b->alerts));
	for (size_t i = 0; i < n_groups && i < (size_t)c->limit; i++)
		b->alerts[b->n_alerts++] = make_row(in, &groups[i], i, a);
	if (n_groups > b->n_alerts)
		b->alerts_left_out =
		    arena_printf(a, "and %zu more", n_groups - b->n_alerts);
	if (n > 0)
		b->numbers = raw(all, n, a);
	return 0;
}

const struct panel_kind panel_alerts = {
    .name = "alerts",
    .help = "what fires, since when, and what ended lately",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_ALERTS | NEEDS_STATUS,
    .build = build,
};
