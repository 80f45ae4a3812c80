#include "run/schedule.h"

#include "base/clock.h"

/* Of the period that begins at `to`, with which the one it is about ends. */
static int64_t due(const struct schedule *s, int64_t to)
{
	struct tm tm = clock_local(to);
	struct tm next = clock_local(calendar_next(s->every, to) - 1);
	int last = s->every == CALENDAR_MONTH ? next.tm_mday - 1 : 6;

	tm.tm_mday += s->day < last ? s->day : last;
	tm.tm_hour = s->minute / 60;
	tm.tm_min = s->minute % 60;
	tm.tm_sec = 0;
	return clock_instant(tm);
}

int64_t schedule_before(const struct schedule *s, int64_t to)
{
	return calendar_floor(s->every, to - 1);
}

struct term schedule_term(const struct schedule *s, int64_t to)
{
	return (struct term){
	    .from = s->length > 0 ? to - s->length : schedule_before(s, to),
	    .to = to,
	    .due = due(s, to),
	};
}

struct term schedule_last(const struct schedule *s, int64_t now)
{
	int64_t to = calendar_floor(s->every, now);

	while (due(s, to) > now)
		to = schedule_before(s, to);
	return schedule_term(s, to);
}

struct term schedule_next(const struct schedule *s, int64_t now)
{
	return schedule_term(
	    s, calendar_next(s->every, schedule_last(s, now).to));
}

const char *schedule_words(
    struct arena *a, const struct schedule *s, int64_t from, int64_t to)
{
	if (s->length == 0)
		return calendar_words(a, s->every, from);
	return arena_printf(a, "%s to %s",
	    clock_duration(a, (double)(to - from)),
	    calendar_words(a, CALENDAR_DAY, to - 1));
}
