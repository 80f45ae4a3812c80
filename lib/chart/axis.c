#include "chart/axis.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"

#define DAY	  INT64_C(86400)
#define TICKS_MAX 200
#define ROOM	  20 /* pixels between the words of neighbours */

enum kind { SECOND, MINUTE, HOUR, DAYS, WEEK, MONTH, YEAR };

static const struct step {
	enum kind kind;
	int n;
	int64_t seconds; /* about */
	const char *plain, *strong;
} steps[] = {
    {SECOND, 1, 1, "%H:%M:%S", "%-d %b"},
    {SECOND, 2, 2, "%H:%M:%S", "%-d %b"},
    {SECOND, 5, 5, "%H:%M:%S", "%-d %b"},
    {SECOND, 10, 10, "%H:%M:%S", "%-d %b"},
    {SECOND, 15, 15, "%H:%M:%S", "%-d %b"},
    {SECOND, 30, 30, "%H:%M:%S", "%-d %b"},
    {MINUTE, 1, 60, "%H:%M", "%-d %b"},
    {MINUTE, 2, 120, "%H:%M", "%-d %b"},
    {MINUTE, 5, 300, "%H:%M", "%-d %b"},
    {MINUTE, 10, 600, "%H:%M", "%-d %b"},
    {MINUTE, 15, 900, "%H:%M", "%-d %b"},
    {MINUTE, 30, 1800, "%H:%M", "%-d %b"},
    {HOUR, 1, 3600, "%H:%M", "%-d %b"},
    {HOUR, 2, 7200, "%H:%M", "%-d %b"},
    {HOUR, 3, 10800, "%H:%M", "%-d %b"},
    {HOUR, 6, 21600, "%H:%M", "%-d %b"},
    {HOUR, 12, 43200, "%H:%M", "%a %-d %b"},
    {DAYS, 1, DAY, "%a %-d", "%-d %b"},
    {DAYS, 2, 2 * DAY, "%a %-d", "%-d %b"},
    {DAYS, 3, 3 * DAY, "%a %-d", "%-d %b"},
    {WEEK, 1, 7 * DAY, "%-d %b", "%-d %b %Y"},
    {WEEK, 2, 14 * DAY, "%-d %b", "%-d %b %Y"},
    {MONTH, 1, 30 * DAY, "%b", "%Y"},
    {MONTH, 2, 61 * DAY, "%b", "%Y"},
    {MONTH, 3, 91 * DAY, "%b", "%Y"},
    {MONTH, 4, 122 * DAY, "%b", "%Y"},
    {MONTH, 6, 182 * DAY, "%b", "%Y"},
    {YEAR, 1, 365 * DAY, "%Y", "%Y"},
    {YEAR, 2, 730 * DAY, "%Y", "%Y"},
    {YEAR, 5, 1826 * DAY, "%Y", "%Y"},
    {YEAR, 10, 3652 * DAY, "%Y", "%Y"},
    {YEAR, 20, 7305 * DAY, "%Y", "%Y"},
    {YEAR, 50, 18262 * DAY, "%Y", "%Y"},
    {YEAR, 100, 36524 * DAY, "%Y", "%Y"},
};

#define N_STEPS (sizeof(steps) / sizeof(steps[0]))

static int64_t mod(int64_t a, int64_t n)
{
	return (a % n + n) % n;
}

/* The smallest step whose words have room; the widest word of the kind. */
static const struct step *step_for(int64_t span, const struct axis_place *place)
{
	static const char *const widest[] = {
	    [SECOND] = "00:00:00",
	    [MINUTE] = "00:00",
	    [HOUR] = "00:00",
	    [DAYS] = "Wed 00",
	    [WEEK] = "00 Mar",
	    [MONTH] = "0000",
	    [YEAR] = "0000",
	};
	double wide = place->x1 - place->x0;

	for (size_t i = 0; i < N_STEPS; i++) {
		const struct step *s = &steps[i];
		double each = wide * (double)s->seconds / (double)span;
		double word = ruler_width(
		    place->ruler, widest[s->kind], place->size, false);

		if (s->kind == HOUR && s->n == 12)
			word *= 2; /* "Wed 25 Nov" */
		if (each >= word + ROOM && span / s->seconds < TICKS_MAX)
			return s;
	}
	return &steps[N_STEPS - 1];
}

/* Days since 1970-01-01 of a calendar date. */
static int64_t day_number(struct tm tm)
{
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	return (int64_t)timegm(&tm) / DAY;
}

/* The boundary at or before a local time, in calendar fields. */
static struct tm boundary(struct tm tm, const struct step *s)
{
	int64_t days = day_number(tm);

	tm.tm_sec = tm.tm_min = 0;
	if (s->kind == HOUR) {
		tm.tm_hour -= tm.tm_hour % s->n;
		return tm;
	}
	tm.tm_hour = 0;
	if (s->kind == DAYS)
		tm.tm_mday -= (int)mod(days, s->n);
	if (s->kind == WEEK) /* 1970-01-05 was a Monday */
		tm.tm_mday -= (int)mod(days - 4, 7 * s->n);
	if (s->kind >= MONTH)
		tm.tm_mday = 1;
	if (s->kind == MONTH)
		tm.tm_mon -= tm.tm_mon % s->n;
	if (s->kind == YEAR) {
		tm.tm_mon = 0;
		tm.tm_year -= (int)mod(tm.tm_year + 1900, s->n);
	}
	return tm;
}

static void advance(struct tm *tm, const struct step *s)
{
	tm->tm_hour += s->kind == HOUR ? s->n : 0;
	tm->tm_mday += s->kind == DAYS ? s->n : s->kind == WEEK ? 7 * s->n : 0;
	tm->tm_mon += s->kind == MONTH ? s->n : 0;
	tm->tm_year += s->kind == YEAR ? s->n : 0;
	timegm(tm); /* only to bring the fields into range */
}

static void push(struct arena *a, struct axis *axis, int64_t ts)
{
	arena_push(a, &axis->ticks, &axis->n, &axis->cap)->ts = ts;
}

/* Hours and more: boundaries are moments of the calendar. */
static void by_calendar(struct arena *a, struct axis *axis, int64_t from,
    int64_t to, const struct step *s)
{
	struct tm tm = boundary(clock_local(from), s);
	int64_t last = INT64_MIN;

	for (int i = 0; i < 2 * TICKS_MAX; i++, advance(&tm, s)) {
		int64_t ts = clock_instant(tm);
		struct tm got = clock_local(ts);
		bool skipped = s->kind == HOUR &&
			       (got.tm_hour != tm.tm_hour || got.tm_min != 0);

		if (ts > to)
			break;
		/* a day that begins at 01:00 still begins */
		if (ts < from || ts <= last || (skipped && tm.tm_hour != 0))
			continue;
		push(a, axis, ts);
		last = ts;
	}
}

static bool repeated(const struct axis *axis, int64_t ts)
{
	struct tm tm = clock_local(ts);

	for (size_t i = axis->n; i-- > 0;) {
		struct tm other = clock_local(axis->ticks[i].ts);

		if (other.tm_hour == tm.tm_hour && other.tm_min == tm.tm_min &&
		    other.tm_sec == tm.tm_sec && other.tm_mday == tm.tm_mday)
			return true;
	}
	return false;
}

/*
 * Less than an hour: even in elapsed time, so that a view within the
 * repeated hour has ticks too.
 */
static void by_seconds(struct arena *a, struct axis *axis, int64_t from,
    int64_t to, const struct step *s)
{
	int64_t ts = from - mod(from + clock_local(from).tm_gmtoff, s->seconds);

	while (ts <= to && axis->n < TICKS_MAX) {
		if (ts >= from && !repeated(axis, ts))
			push(a, axis, ts);
		ts += s->seconds;
		/* the offset from UTC may have changed */
		ts -= mod(ts + clock_local(ts).tm_gmtoff, s->seconds);
	}
}

/* Does a unit larger than the step's begin between the two times? */
static bool turns(
    const struct step *s, const struct tm *before, const struct tm *tm)
{
	if (s->kind <= HOUR)
		return before->tm_yday != tm->tm_yday ||
		       before->tm_year != tm->tm_year;
	if (s->kind == DAYS)
		return before->tm_mon != tm->tm_mon;
	return s->kind != YEAR && before->tm_year != tm->tm_year;
}

static const char *words(struct arena *a, const struct step *s,
    const struct axis_tick *tick, bool first)
{
	if (first && s->kind == MONTH)
		return clock_format(a, "%b %Y", tick->ts);
	if (first && s->kind == DAYS)
		return clock_format(a, "%-d %b", tick->ts);
	return clock_format(a, tick->strong ? s->strong : s->plain, tick->ts);
}

static void put_words(
    struct arena *a, struct axis *axis, int64_t from, const struct step *s)
{
	struct tm before = clock_local(from - 1), tm;

	for (size_t i = 0; i < axis->n; i++) {
		struct axis_tick *tick = &axis->ticks[i];

		tm = clock_local(tick->ts);
		tick->strong = turns(s, &before, &tm);
		tick->text = words(a, s, tick, i == 0);
		before = tm;
	}
}

/* Drops words that leave the picture or touch; of two, dates stay. */
static void thin_out(struct axis *axis, const struct axis_place *place)
{
	struct axis_tick *last = NULL;
	double end = 0;

	for (size_t i = 0; i < axis->n; i++) {
		struct axis_tick *tick = &axis->ticks[i];
		double half =
		    ruler_width(place->ruler, tick->text, place->size, false) /
		    2;

		if (tick->x - half < place->left ||
		    tick->x + half > place->right) {
			tick->text = NULL;
			continue;
		}
		if (last != NULL && tick->x - half < end + 8) {
			if (!tick->strong || last->strong) {
				tick->text = NULL;
				continue;
			}
			last->text = NULL;
		}
		last = tick;
		end = tick->x + half;
	}
}

struct axis axis_make(
    struct arena *a, int64_t from, int64_t to, const struct axis_place *place)
{
	struct axis axis = {0};
	const struct step *s;

	if (from >= to)
		return axis;
	s = step_for(to - from, place);
	if (s->kind <= MINUTE)
		by_seconds(a, &axis, from, to, s);
	else
		by_calendar(a, &axis, from, to, s);
	for (size_t i = 0; i < axis.n; i++)
		axis.ticks[i].x =
		    place->x0 + (place->x1 - place->x0) *
				    (double)(axis.ticks[i].ts - from) /
				    (double)(to - from);
	put_words(a, &axis, from, s);
	thin_out(&axis, place);
	return axis;
}
