#include "panel/alarm.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "panel/parts.h"

const char *alarm_look(const struct alert *x)
{
	if (x->state == ALERT_FIRING && x->muted)
		return "muted";
	return alert_state_word(x->state);
}

const char *alarm_mark(const struct alert *x)
{
	if (x->state == ALERT_ENDED)
		return "■";
	if (x->muted)
		return "◇";
	return x->state == ALERT_FIRING ? "▲" : "△";
}

static const char *level(struct arena *a, const struct alert *x, double v)
{
	return unit_text(a, x->unit, v);
}

const char *alarm_limit(struct arena *a, const struct alert *x)
{
	const char *word = alert_test_word(x->test);

	switch (x->test) {
	case ALERT_ABOVE:
		return arena_printf(a, "%s %s", word, level(a, x, x->high));
	case ALERT_OUTSIDE:
		return arena_printf(a, "%s %s to %s", word, level(a, x, x->low),
		    level(a, x, x->high));
	case ALERT_ABSENT:
	case ALERT_FAILED:
		return arena_printf(
		    a, "%s for %s", word, clock_duration(a, x->low));
	default:
		return arena_printf(a, "%s %s", word, level(a, x, x->low));
	}
}

static const char *metric(const struct alert *x)
{
	const char *slash = strchr(x->series, '/');

	return slash != NULL ? slash + 1 : x->series;
}

/* "cpu 96 %, above 75 %", without what only the time tells. */
static const char *what(struct arena *a, const struct alert *x)
{
	switch (x->test) {
	case ALERT_FAILED:
		return "failed";
	case ALERT_ABSENT:
		return arena_printf(a, "%s absent", metric(x));
	default:
		return arena_printf(a, "%s %s, %s", metric(x),
		    level(a, x, x->value), alarm_limit(a, x));
	}
}

static const char *lasted(struct arena *a, int64_t from, int64_t to)
{
	return clock_duration(a, to > from ? (double)(to - from) : 0);
}

/* " for 29 min"; of what has just begun, nothing. */
static const char *so_far(struct arena *a, const struct alert *x, int64_t now)
{
	return now > x->since
		   ? arena_printf(a, " for %s", lasted(a, x->since, now))
		   : "";
}

const char *alarm_text(struct arena *a, const struct alert *x, int64_t now)
{
	if (x->state == ALERT_ENDED)
		return arena_printf(a, "ended %s after %s (%s)",
		    moment_words(a, x->ended, now),
		    lasted(a, x->since, x->ended),
		    x->test == ALERT_FAILED ? "failed"
		    : x->test == ALERT_ABSENT
			? what(a, x)
			: arena_printf(
			      a, "%s %s", metric(x), alarm_limit(a, x)));
	return arena_printf(a, "%s%s, since %s%s%s%s", what(a, x),
	    so_far(a, x, now), moment_words(a, x->since, now),
	    alert_is_acked(x, now) ? "; acknowledged" : "",
	    x->muted ? "; " : "", x->why);
}

const struct alert *alarm_on(const struct panel_input *in, const char *series)
{
	const struct alert *x = alert_find(in->alerts, in->n_alerts, series);

	/* The muted ones come after those that fire. */
	return x != NULL && alert_is_hot(x) ? x : NULL;
}

/* Of two that fire, the one that is told of. */
static bool is_worse(const struct alert *x, const struct alert *than)
{
	if (than == NULL || x->severity != than->severity)
		return than == NULL || x->severity > than->severity;
	return x->fired < than->fired;
}

/* `of`: what the title has to say before the level, or "". */
static void raise(const struct panel_input *in, const struct alert *x,
    const char *of, size_t others, struct block *b, struct arena *a)
{
	b->state = PANEL_ALERT;
	b->message = arena_printf(a, "%s%s%s%s", of, of[0] != '\0' ? " " : "",
	    x->test == ALERT_ABSENT ? "absent" : alarm_limit(a, x),
	    others > 0 ? arena_printf(a, " and %zu more", others) : "");
	b->note =
	    arena_printf(a, "since %s", moment_words(a, x->since, in->now));
}

void alarm_of_series(const struct panel_input *in, const char **names,
    struct block *b, struct arena *a)
{
	const struct alert *first = NULL;
	size_t n = 0, which = 0;

	for (size_t i = 0; i < in->n_series; i++) {
		const struct alert *x = alarm_on(in, in->series[i].name);

		if (x == NULL)
			continue;
		n++;
		if (!is_worse(x, first))
			continue;
		first = x;
		which = i;
	}
	if (first != NULL)
		raise(in, first, in->n_series > 1 ? names[which] : "", n - 1, b,
		    a);
}

void alarm_of_sources(
    const struct panel_input *in, struct block *b, struct arena *a)
{
	const struct alert *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < in->n_alerts; i++) {
		const struct alert *x = &in->alerts[i];

		if (!alert_is_hot(x) ||
		    !str_glob_any(&in->common->sources, x->source))
			continue;
		n++;
		if (is_worse(x, first))
			first = x;
	}
	if (first != NULL)
		raise(in, first,
		    first->test == ALERT_FAILED
			? first->source
			: arena_printf(
			      a, "%s %s", first->source, metric(first)),
		    n - 1, b, a);
}
