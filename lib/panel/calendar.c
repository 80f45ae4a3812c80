#include "panel/calendar.h"

#include <math.h>

#include "base/clock.h"

#define DAY INT64_C(86400)

static const struct {
	const char *word;
	int64_t length;
	const char *words;
} units[] = {
    [CALENDAR_NONE] = {"", 0, "%-d %b %Y %H:%M"},
    [CALENDAR_DAY] = {"day", DAY, "%a %-d %b %Y"},
    [CALENDAR_WEEK] = {"week", 7 * DAY, "week of %-d %b %Y"},
    [CALENDAR_MONTH] = {"month", 30 * DAY, "%B %Y"},
    [CALENDAR_YEAR] = {"year", 365 * DAY, "%Y"},
};

const char *calendar_word(enum calendar unit)
{
	return units[unit].word;
}

int64_t calendar_length(enum calendar unit)
{
	return units[unit].length;
}

static struct tm floor_of(enum calendar unit, int64_t ts)
{
	struct tm tm = clock_local(ts);

	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	if (unit == CALENDAR_WEEK)
		tm.tm_mday -= (tm.tm_wday + 6) % 7;
	if (unit >= CALENDAR_MONTH)
		tm.tm_mday = 1;
	if (unit == CALENDAR_YEAR)
		tm.tm_mon = 0;
	return tm;
}

int64_t calendar_floor(enum calendar unit, int64_t ts)
{
	return clock_instant(floor_of(unit, ts));
}

int64_t calendar_next(enum calendar unit, int64_t ts)
{
	struct tm tm = floor_of(unit, ts);

	tm.tm_mday += unit == CALENDAR_DAY ? 1 : unit == CALENDAR_WEEK ? 7 : 0;
	tm.tm_mon += unit == CALENDAR_MONTH;
	tm.tm_year += unit == CALENDAR_YEAR;
	return clock_instant(tm);
}

const char *calendar_words(struct arena *a, enum calendar unit, int64_t ts)
{
	return clock_format(a, units[unit].words, ts);
}

enum calendar calendar_coarsen(enum calendar unit, int64_t span, size_t max)
{
	while (unit != CALENDAR_NONE && unit < CALENDAR_YEAR &&
	       span / units[unit].length > (int64_t)max)
		unit++;
	return unit;
}

const char *aggregate_word(enum aggregate how)
{
	static const char *const words[] = {
	    [AGGREGATE_SUM] = "sum",
	    [AGGREGATE_MEAN] = "mean",
	    [AGGREGATE_MAX] = "highest",
	    [AGGREGATE_MIN] = "lowest",
	    [AGGREGATE_LAST] = "last",
	    [AGGREGATE_CHANGE] = "change",
	    [AGGREGATE_COUNT] = "number",
	};

	return words[how];
}

/* Points before the time; they rise. */
static size_t before(const struct series *s, int64_t ts)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (s->points[middle].ts < ts)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

static double change(const struct series *s, size_t first, size_t end,
    int64_t from, int64_t reach)
{
	const struct point *then = first > 0 ? &s->points[first - 1] : NULL;

	if (then == NULL || then->ts < from - reach)
		return NAN;
	return s->points[end - 1].mean - then->mean;
}

double aggregate_of(enum aggregate how, const struct series *s, int64_t from,
    int64_t to, int64_t reach)
{
	size_t first = before(s, from), end = before(s, to);
	double each = s->step > 0 && s->every > 0 && s->step > s->every
			  ? (double)s->step / (double)s->every
			  : 1;
	double sum = 0, min = INFINITY, max = -INFINITY;

	if (first == end)
		return NAN;
	for (size_t i = first; i < end; i++) {
		sum += s->points[i].mean;
		min = fmin(min, s->points[i].min);
		max = fmax(max, s->points[i].max);
	}
	switch (how) {
	case AGGREGATE_SUM:
		return sum * each;
	case AGGREGATE_MEAN:
		return sum / (double)(end - first);
	case AGGREGATE_MAX:
		return max;
	case AGGREGATE_MIN:
		return min;
	case AGGREGATE_LAST:
		return s->points[end - 1].mean;
	case AGGREGATE_CHANGE:
		return change(s, first, end, from, reach);
	case AGGREGATE_COUNT:
		break;
	}
	return (double)(end - first) * each;
}
