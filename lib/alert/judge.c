#include "alert/judge.h"

#include <math.h>

struct alert alert_none(const struct alert_rule *r, const char *series,
    const char *source, const char *unit)
{
	return (struct alert){
	    .rule = r->name,
	    .series = series,
	    .source = source,
	    .unit = unit,
	    .message = r->message,
	    .severity = r->severity,
	    .test = r->test,
	    .low = r->low,
	    .high = r->high,
	    .first = NAN,
	    .value = NAN,
	    .peak = NAN,
	    .why = "",
	    .note = "",
	    .snapshot = "",
	};
}

bool alert_breaks(const struct alert_rule *r, double v)
{
	switch (r->test) {
	case ALERT_ABOVE:
		return v > r->high;
	case ALERT_BELOW:
		return v < r->low;
	case ALERT_OUTSIDE:
		return v < r->low || v > r->high;
	case ALERT_EQUALS:
		return v == r->low;
	default:
		return false;
	}
}

static bool is_clear(const struct alert_rule *r, double v)
{
	switch (r->test) {
	case ALERT_ABOVE:
		return v <= r->clear_high;
	case ALERT_BELOW:
		return v >= r->clear_low;
	case ALERT_OUTSIDE:
		return v >= r->clear_low && v <= r->clear_high;
	default:
		return v != r->low;
	}
}

double alert_beyond(enum alert_test test, double low, double high, double v)
{
	switch (test) {
	case ALERT_ABOVE:
		return v - high;
	case ALERT_BELOW:
		return low - v;
	case ALERT_OUTSIDE:
		return fmax(v - high, low - v);
	default:
		return 0;
	}
}

static double beyond(const struct alert_rule *r, double v)
{
	return alert_beyond(r->test, r->low, r->high, v);
}

static void begin(struct alert *a, int64_t since, double v)
{
	a->state = ALERT_PENDING;
	a->since = since;
	a->first = a->peak = v;
}

static void fire(struct alert *a, int64_t ts)
{
	a->state = ALERT_FIRING;
	a->fired = ts;
}

static enum alert_turn end(struct alert *a, int64_t ts)
{
	a->state = ALERT_ENDED;
	a->ended = ts;
	return ALERT_OVER;
}

/* A firing one meets a value. */
static enum alert_turn weigh(
    const struct alert_rule *r, struct alert *a, int64_t ts, double v)
{
	if (!is_clear(r, v)) {
		a->clear = 0;
		return ALERT_GOES_ON;
	}
	if (a->clear == 0)
		a->clear = ts;
	return ts - a->clear >= r->clear_hold ? end(a, ts) : ALERT_GOES_ON;
}

enum alert_turn alert_value(const struct alert_rule *r, struct alert *a,
    int64_t ts, double v, int64_t gap)
{
	bool breaks = alert_breaks(r, v);

	if (isnan(v) || (alert_goes_on(a) && ts <= a->seen) ||
	    (!alert_goes_on(a) && !breaks))
		return ALERT_GOES_ON;
	if (!alert_goes_on(a) ||
	    (a->state == ALERT_PENDING && ts - a->seen > gap))
		begin(a, ts, v);
	a->seen = ts;
	a->value = v;
	if (!(beyond(r, v) <= beyond(r, a->peak)))
		a->peak = v;
	if (a->state == ALERT_FIRING)
		return weigh(r, a, ts, v);
	if (!breaks)
		return end(a, ts);
	if (ts - a->since >= r->hold)
		fire(a, ts);
	return ALERT_GOES_ON;
}

enum alert_turn alert_wait(struct alert *a, int64_t now, int64_t stale)
{
	return now - a->seen > stale ? end(a, now) : ALERT_GOES_ON;
}

/* Since when it lasts, and for long enough to fire? */
static enum alert_turn last(
    const struct alert_rule *r, struct alert *a, int64_t now, int64_t since)
{
	if (!alert_goes_on(a))
		begin(a, since, NAN);
	if (a->state == ALERT_PENDING && now - a->since >= (int64_t)r->low)
		fire(a, now);
	return ALERT_GOES_ON;
}

enum alert_turn alert_absence(const struct alert_rule *r, struct alert *a,
    int64_t now, int64_t newest, int64_t every)
{
	int64_t quiet = now - newest;
	bool well =
	    newest > 0 && (quiet < (int64_t)r->low || quiet <= 2 * every);

	if (alert_goes_on(a) && (well || newest > a->seen))
		return end(a, newest > a->since ? newest : now);
	if (well)
		return ALERT_GOES_ON;
	a->seen = newest;
	return last(r, a, now, newest > 0 ? newest : now);
}

enum alert_turn alert_failure(const struct alert_rule *r, struct alert *a,
    int64_t now, bool fails, int64_t since)
{
	if (!fails)
		return alert_goes_on(a) ? end(a, now) : ALERT_GOES_ON;
	a->seen = now;
	return last(r, a, now, since > 0 && since < now ? since : now);
}

static bool not_after(int64_t *ts, int64_t now)
{
	if (*ts <= now)
		return false;
	*ts = now;
	return true;
}

bool alert_set_back(struct alert *a, int64_t now)
{
	bool changed = false;

	/* The value of this very moment is still to come. */
	changed |= not_after(&a->seen, now - 1);
	changed |= not_after(&a->since, now);
	changed |= not_after(&a->fired, now);
	changed |= not_after(&a->clear, now);
	return changed;
}
