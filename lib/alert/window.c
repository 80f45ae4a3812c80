#include "alert/window.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/str.h"

#define DAY_MINUTES (24 * 60)
#define EVERY_DAY   0x7f

/* Windows that touch each other are one; after so many we stop looking. */
#define CHAIN_MAX 16

static const char *const days[] = {
    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

static bool take_day(const char **s, int *day)
{
	for (int i = 0; i < 7; i++) {
		if (strncasecmp(*s, days[i], 3) != 0)
			continue;
		*day = i;
		*s += 3;
		return true;
	}
	return false;
}

/* "Mon", "Mon-Fri", "Sat,Sun" */
static bool take_days(const char **s, unsigned *out)
{
	int first, last;

	*out = 0;
	for (;; (*s)++) {
		if (!take_day(s, &first))
			return false;
		last = first;
		if (**s == '-') {
			(*s)++;
			if (!take_day(s, &last))
				return false;
		}
		for (int d = first; d != last; d = (d + 1) % 7)
			*out |= 1u << d;
		*out |= 1u << last;
		if (**s != ',')
			return true;
	}
}

/* "04:30" in minutes; 24:00 is the end of the day. */
static bool take_time(const char **s, int *minutes)
{
	const char *p = *s;

	for (int i = 0; i < 5; i++)
		if (i == 2 ? p[i] != ':' : !isdigit((unsigned char)p[i]))
			return false;
	*minutes = ((p[0] - '0') * 10 + p[1] - '0') * 60 + (p[3] - '0') * 10 +
		   p[4] - '0';
	*s += 5;
	return *minutes <= DAY_MINUTES && p[3] < '6';
}

bool window_time(const char *text, int *minute)
{
	return take_time(&text, minute) && *minute < DAY_MINUTES &&
	       *text == '\0';
}

static bool parse_weekly(const char *s, struct window *w)
{
	w->days = EVERY_DAY;
	w->end = DAY_MINUTES;
	if (isalpha((unsigned char)*s)) {
		if (!take_days(&s, &w->days))
			return false;
		if (*s == '\0')
			return true;
		if (*s++ != ' ')
			return false;
	}
	return take_time(&s, &w->begin) && w->begin < DAY_MINUTES &&
	       *s++ == '-' && take_time(&s, &w->end) && *s == '\0';
}

static bool moment(const char *text, int64_t *ts)
{
	struct err ignored;

	/* Lengths of time before now are no fixed moments. */
	return strchr(text, '-') != NULL &&
	       clock_parse(text, 0, ts, &ignored) == 0;
}

static bool parse_once(const char *s, const char *to, struct window *w)
{
	char from[64];
	size_t n = (size_t)(to - s);

	if (n >= sizeof(from))
		return false;
	memcpy(from, s, n);
	from[n] = '\0';
	w->once = true;
	return moment(from, &w->from) && moment(to + strlen(" to "), &w->to) &&
	       w->from < w->to;
}

bool window_parse(const char *text, struct window *w)
{
	const char *to = strstr(text, " to ");

	*w = (struct window){0};
	return to != NULL ? parse_once(text, to, w) : parse_weekly(text, w);
}

static void bind_one(struct arena *a, const struct node *n, const char *key,
    struct windows *out, struct faults *faults)
{
	struct window w;

	if (n->kind == NODE_SCALAR && window_parse(n->text, &w))
		*arena_push(a, &out->items, &out->n, &out->cap) = w;
	else
		fault_at(faults, n,
		    "%s: '%.80s' is not a window such as 02:00-04:00, "
		    "Mon-Fri 22:00-06:00, Sat,Sun or 2026-12-24 18:00 to "
		    "2026-12-27 08:00",
		    key, n->text);
}

void windows_bind(struct arena *a, const struct node *n, const char *key,
    struct windows *out, struct faults *faults)
{
	if (n->kind != NODE_LIST)
		bind_one(a, n, key, out, faults);
	for (size_t i = 0; n->kind == NODE_LIST && i < n->n; i++)
		bind_one(a, n->items[i], key, out, faults);
}

/* The window that begins `ago` days before the local day of ts. */
static bool open_on(const struct window *w, int64_t ts, int ago, int64_t *until)
{
	struct tm day = clock_local(ts), begin, end;

	day.tm_mday -= ago;
	day.tm_hour = 12; /* there is a noon on every day */
	day.tm_min = day.tm_sec = 0;
	day = clock_local(clock_instant(day));
	begin = end = day;
	begin.tm_hour = w->begin / 60;
	begin.tm_min = w->begin % 60;
	end.tm_hour = w->end / 60;
	end.tm_min = w->end % 60;
	end.tm_mday += w->end <= w->begin;
	*until = clock_instant(end);
	return (w->days >> day.tm_wday & 1) != 0 &&
	       clock_instant(begin) <= ts && ts < *until;
}

static bool is_open(const struct window *w, int64_t ts, int64_t *until)
{
	if (!w->once)
		return open_on(w, ts, 0, until) || open_on(w, ts, 1, until);
	*until = w->to;
	return w->from <= ts && ts < w->to;
}

/* The latest end of those that are open then. */
static bool any_open(const struct windows *all, int64_t ts, int64_t *until)
{
	int64_t end;
	bool open = false;

	*until = ts;
	for (size_t i = 0; i < all->n; i++) {
		if (!is_open(&all->items[i], ts, &end))
			continue;
		open = true;
		*until = end > *until ? end : *until;
	}
	return open;
}

bool windows_open(const struct windows *all, int64_t ts, int64_t *until)
{
	int64_t end;

	if (!any_open(all, ts, until))
		return false;
	for (int i = 0; i < CHAIN_MAX && any_open(all, *until, &end); i++)
		*until = end;
	return true;
}
