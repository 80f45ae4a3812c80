#include "decode/timestamp.h"

#include "base/clock.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How far into a line the time of an access log may stand. */
#define ACCESS_TIME_WITHIN 300

struct cursor {
	const char *p, *end;
};

static bool literal(struct cursor *c, const char *any)
{
	if (c->p == c->end || *c->p == '\0' || strchr(any, *c->p) == NULL)
		return false;
	c->p++;
	return true;
}

/* Exactly n digits, their value in min..max. */
static bool digits(struct cursor *c, int n, int min, int max, int *out)
{
	int v = 0;

	if (c->end - c->p < n)
		return false;
	for (int i = 0; i < n; i++) {
		if (!isdigit((unsigned char)c->p[i]))
			return false;
		v = v * 10 + (c->p[i] - '0');
	}
	c->p += n;
	*out = v;
	return v >= min && v <= max;
}

static bool month_name(struct cursor *c, int *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (c->end - c->p < 3)
		return false;
	for (*month = 0; *month < 12; (*month)++) {
		if (memcmp(c->p, names + (ptrdiff_t)*month * 3, 3) == 0) {
			c->p += 3;
			return true;
		}
	}
	return false;
}

static bool clock_time(struct cursor *c, struct tm *tm)
{
	return digits(c, 2, 0, 23, &tm->tm_hour) && literal(c, ":") &&
	       digits(c, 2, 0, 59, &tm->tm_min) && literal(c, ":") &&
	       digits(c, 2, 0, 60, &tm->tm_sec);
}

static void fraction(struct cursor *c)
{
	struct cursor ahead = *c;

	if (!literal(&ahead, ".,"))
		return;
	while (literal(&ahead, "0123456789"))
		*c = ahead;
}

/* Takes "Z", "+01:00" or "-0800"; false if there is none. */
static bool zone(struct cursor *c, int *offset)
{
	struct cursor z = *c;
	int sign, h, m;

	*offset = 0;
	if (literal(&z, "Z")) {
		*c = z;
		return true;
	}
	sign = z.p < z.end && *z.p == '-' ? -1 : 1;
	if (!literal(&z, "+-") || !digits(&z, 2, 0, 14, &h))
		return false;
	literal(&z, ":");
	if (!digits(&z, 2, 0, 59, &m))
		return false;
	*offset = sign * (h * 3600 + m * 60);
	*c = z;
	return true;
}

static int64_t instant(struct tm tm, struct cursor *c)
{
	struct cursor spaced = *c;
	int offset;

	if (zone(c, &offset))
		return timegm(&tm) - offset;
	literal(&spaced, " ");
	if (spaced.p < spaced.end && *spaced.p != 'Z' &&
	    zone(&spaced, &offset)) {
		*c = spaced;
		return timegm(&tm) - offset;
	}
	return clock_instant(tm);
}

static int64_t calendar(struct cursor *c)
{
	struct tm tm = {0};
	int year, month;

	if (!digits(c, 4, 1970, 9999, &year) || !literal(c, "-/") ||
	    !digits(c, 2, 1, 12, &month) || !literal(c, "-/") ||
	    !digits(c, 2, 1, 31, &tm.tm_mday) || !literal(c, "Tt _") ||
	    !clock_time(c, &tm))
		return 0;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	fraction(c);
	return instant(tm, c);
}

static int64_t syslog(struct cursor *c, int64_t now)
{
	struct tm tm = {0};
	int64_t best = 0;

	if (!month_name(c, &tm.tm_mon) || !literal(c, " "))
		return 0;
	if (literal(c, " ") ? !digits(c, 1, 1, 9, &tm.tm_mday)
			    : !digits(c, 2, 1, 31, &tm.tm_mday))
		return 0;
	if (!literal(c, " ") || !clock_time(c, &tm))
		return 0;
	tm.tm_year = clock_local(now).tm_year - 1;
	for (int i = 0; i < 3; i++, tm.tm_year++) {
		int64_t ts = clock_instant(tm);

		if (i == 0 || llabs(ts - now) < llabs(best - now))
			best = ts;
	}
	return best;
}

static int64_t access_log(struct cursor c)
{
	struct tm tm = {0};
	int year;

	if (c.end - c.p > ACCESS_TIME_WITHIN)
		c.end = c.p + ACCESS_TIME_WITHIN;
	c.p = memchr(c.p, '[', (size_t)(c.end - c.p));
	if (c.p == NULL)
		return 0;
	c.p++;
	if (!digits(&c, 2, 1, 31, &tm.tm_mday) || !literal(&c, "/") ||
	    !month_name(&c, &tm.tm_mon) || !literal(&c, "/") ||
	    !digits(&c, 4, 1970, 9999, &year) || !literal(&c, ":") ||
	    !clock_time(&c, &tm))
		return 0;
	tm.tm_year = year - 1900;
	return instant(tm, &c);
}

/* "<34>", as syslog sends it, and a bracket. */
static void lead_in(struct cursor *c)
{
	struct cursor p = *c;

	if (literal(&p, "<")) {
		while (literal(&p, "0123456789"))
			;
		if (literal(&p, ">"))
			*c = p;
	}
	literal(c, "[");
}

/* At the start of a line; *c is then behind it. */
static int64_t leading(struct cursor *c, int64_t now)
{
	struct cursor start;
	int64_t ts;

	lead_in(c);
	start = *c;
	ts = calendar(c);
	if (ts != 0)
		return ts;
	*c = start;
	return syslog(c, now);
}

int64_t timestamp_of(struct span line, int64_t now)
{
	struct cursor c = {line.p, line.p + line.n}, whole = c;
	int64_t ts;

	if (line.n == 0)
		return 0;
	ts = leading(&c, now);
	if (ts == 0)
		ts = access_log(whole);
	return llabs(ts - now) <= TIMESTAMP_TRUST ? ts : 0;
}

size_t timestamp_length(struct span line)
{
	struct cursor c = {line.p, line.p + line.n};

	if (line.n == 0 || leading(&c, 0) == 0)
		return 0;
	literal(&c, "]");
	while (literal(&c, " "))
		;
	return (size_t)(c.p - line.p);
}
