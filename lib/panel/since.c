#include "panel/since.h"

#include <math.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "panel/parts.h"

#define LENGTH_MAX (100 * 366 * 86400.0)

/* The day of the month that the fields mean, or the last one it has. */
static int64_t month_instant(struct tm tm)
{
	int day = tm.tm_mday;
	struct tm first = tm;

	first.tm_mday = 1;
	first = clock_local(clock_instant(first));
	for (; day > 28; day--) {
		tm.tm_mday = day;
		if (clock_local(clock_instant(tm)).tm_mon == first.tm_mon)
			break;
	}
	tm.tm_mday = day;
	return clock_instant(tm);
}

/* "12mo": 12 and "mo"; whole numbers only. */
static int count_of(const char *length, const char **unit)
{
	int n = 0;

	for (; *length >= '0' && *length <= '9' && n < 1000000; length++)
		n = 10 * n + (*length - '0');
	*unit = length;
	return n;
}

bool since_moment(const char *length, int64_t now, int64_t *out)
{
	struct tm tm = clock_local(now);
	const char *unit;
	int n = count_of(length, &unit);
	double seconds;

	if (!str_duration(length, &seconds) || seconds < 1 ||
	    seconds > LENGTH_MAX)
		return false;
	*out = now - (int64_t)seconds;
	if (str_eq(unit, "d") || str_eq(unit, "w")) {
		tm.tm_mday -= unit[0] == 'd' ? n : 7 * n;
		*out = clock_instant(tm);
	} else if (str_eq(unit, "mo") || str_eq(unit, "y")) {
		tm.tm_mon -= unit[0] == 'm' ? n : 12 * n;
		*out = month_instant(tm);
	}
	return true;
}

static const char *since_words(struct arena *a, const char *length)
{
	static const struct {
		const char *length, *words;
	} known[] = {
	    {"1d", "since yesterday"},
	    {"1w", "since last week"},
	    {"7d", "since last week"},
	    {"1mo", "since last month"},
	    {"1y", "since last year"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq(known[i].length, length))
			return known[i].words;
	return arena_printf(a, "in %s", length);
}

/*
 * The difference as exactly as the value itself is shown; one of percentages
 * is in points, not in percent.
 */
static void set_change(struct figure *f, const struct series *s, double by,
    enum good good, struct arena *a)
{
	struct unit_scale u = unit_scale(a, s->unit, s->last);
	int decimals = unit_decimals(s->last / u.divisor);
	double shown = fabs(by) / u.divisor;
	const char *unit = unit_is_percent(s->unit) ? "points" : u.suffix;
	struct figure_change *c = &f->changes[f->n_changes];

	if (u.clock)
		shown = round(shown * 60) / 60;
	else
		shown = round(shown * pow(10, decimals)) / pow(10, decimals);
	if (shown == 0) {
		c->sign = "=";
		c->word = "";
		c->amount = "unchanged";
		return;
	}
	c->sign = by > 0 ? "▲" : "▼";
	c->word = by > 0 ? "up" : "down";
	if (good != GOOD_NONE)
		c->tone = (good == GOOD_UP) == (by > 0) ? TONE_GOOD : TONE_BAD;
	c->amount = arena_printf(a, "%s%s%s",
	    unit_scaled(a, &u, shown, shown == floor(shown) ? 0 : decimals),
	    unit[0] != '\0' ? " " : "", unit);
}

static const struct series *find(
    const struct panel_input *in, size_t moment, const char *name)
{
	for (size_t i = 0; i < in->n_then[moment]; i++)
		if (str_eq(in->then[moment][i].name, name))
			return &in->then[moment][i];
	return NULL;
}

void since_add(const struct panel_input *in, const struct strings *lengths,
    enum good good, const struct series *s, struct figure *f, struct arena *a)
{
	for (size_t i = 0; i < lengths->n && i < PANEL_MOMENTS; i++) {
		const char *length = lengths->items[i];
		const struct series *then = find(in, i, s->name);
		int64_t at;

		if (!since_moment(length, in->now, &at) || then == NULL ||
		    !isfinite(then->last) || then->last_ts >= s->last_ts)
			continue;
		set_change(f, s, s->last - then->last, good, a);
		f->changes[f->n_changes++].since =
		    at - then->last_ts > in->now - at
			? arena_printf(a, "since %s",
			      moment_words(a, then->last_ts, in->now))
			: since_words(a, length);
	}
}
