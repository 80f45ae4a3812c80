#include "base/clock.h"
#include "base/str.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZONEINFO "/usr/share/zoneinfo"
#define DAY	 86400
#define DIGITS	 "0123456789"

/* The end of the year 9999. */
#define TIME_MAX INT64_C(253402300799)

static char zone[128] = "";

/*
 * Is there a file of rules of this name? The C library takes any other name
 * for UTC without a word.
 */
static bool has_rules(const char *name)
{
	char path[256], magic[4] = "";
	FILE *f;
	bool is;

	snprintf(path, sizeof(path), ZONEINFO "/%s", name);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	is = fread(magic, 1, sizeof(magic), f) == sizeof(magic) &&
	     memcmp(magic, "TZif", sizeof(magic)) == 0;
	fclose(f);
	return is;
}

static bool can_be_name(const char *name)
{
	return name[0] != '/' && name[0] != '.' && strstr(name, "..") == NULL &&
	       strlen(name) < sizeof(zone);
}

/* The machine's own, as far as it has one. */
static const char *own_zone(char *link, size_t size)
{
	ssize_t n = readlink("/etc/localtime", link, size - 1);
	const char *name;

	link[n > 0 ? n : 0] = '\0';
	name = strstr(link, "zoneinfo/");
	name = name != NULL ? name + strlen("zoneinfo/") : "UTC";
	return can_be_name(name) && has_rules(name) ? name : "UTC";
}

int clock_set_zone(const char *name, struct err *e)
{
	char link[256];

	if (name == NULL || name[0] == '\0')
		name = own_zone(link, sizeof(link));
	if (!can_be_name(name))
		return err_set(e, "'%s' is not the name of a time zone", name);
	if (!has_rules(name) && !str_eq(name, "UTC")) {
		err_set(e, "no time zone '%s' on this machine", name);
		return err_hint(e, "names are like Europe/London; "
				   "the list is in " ZONEINFO);
	}
	snprintf(zone, sizeof(zone), "%s", name);
	setenv("TZ", zone, 1);
	tzset();
	return 0;
}

const char *clock_zone(void)
{
	return zone[0] != '\0' ? zone : "UTC";
}

int64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec;
}

double clock_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

struct tm clock_local(int64_t ts)
{
	struct tm tm = {0};
	time_t t = (time_t)ts;

	localtime_r(&t, &tm);
	return tm;
}

/*
 * By the offsets a day before and a day after: no zone changes its offset
 * twice in that time. (mktime() wants to know tm_isdst, which zones use in
 * their own ways: winter is "summer time" in Dublin, and where the date line
 * moved neither side is.)
 */
int64_t clock_instant(struct tm tm)
{
	int64_t wall = timegm(&tm), before, after;

	before = wall - clock_local(wall - DAY).tm_gmtoff;
	after = wall - clock_local(wall + DAY).tm_gmtoff;
	if (wall - clock_local(before).tm_gmtoff == before)
		return before;
	if (wall - clock_local(after).tm_gmtoff == after)
		return after;
	return before; /* in the gap: as much later as the gap is long */
}

char *clock_format(struct arena *a, const char *fmt, int64_t ts)
{
	struct tm tm = clock_local(ts);
	char text[256];
	size_t n = strftime(text, sizeof(text), fmt, &tm);

	return arena_strndup(a, text, n);
}

char *clock_iso(struct arena *a, int64_t ts)
{
	struct tm tm = {0};
	time_t t = (time_t)ts;
	char text[64];
	size_t n;

	gmtime_r(&t, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return arena_strndup(a, text, n);
}

/* strptime() takes the 31st of any month. */
static bool is_date(struct tm tm)
{
	int day = tm.tm_mday;

	timegm(&tm);
	return tm.tm_mday == day;
}

static bool is_epoch(const char *s)
{
	return s[0] == '@' ? strspn(s + 1, DIGITS) == strlen(s + 1)
			   : strlen(s) == 10 && strspn(s, DIGITS) == 10;
}

static int parse_calendar(const char *text, int64_t *out)
{
	static const char *const formats[] = {
	    "%Y-%m-%d %H:%M:%S",
	    "%Y-%m-%d %H:%M",
	    "%Y-%m-%dT%H:%M:%S",
	    "%Y-%m-%dT%H:%M",
	    "%Y-%m-%d",
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct tm tm = {0};
		const char *end = strptime(text, formats[i], &tm);

		if (end == NULL || (*end != '\0' && strcmp(end, "Z") != 0) ||
		    !is_date(tm))
			continue;
		*out = *end == 'Z' ? timegm(&tm) : clock_instant(tm);
		return 0;
	}
	return -1;
}

static int parse(const char *text, int64_t now, int64_t *out)
{
	double ago;

	if (is_epoch(text))
		return str_int(text[0] == '@' ? text + 1 : text, out) ? 0 : -1;
	if (parse_calendar(text, out) == 0)
		return 0;
	if (!str_duration(text, &ago) || ago > (double)TIME_MAX)
		return -1;
	*out = now - (int64_t)ago;
	return 0;
}

int clock_parse(const char *text, int64_t now, int64_t *out, struct err *e)
{
	if (parse(text, now, out) == 0 && *out >= 0 && *out <= TIME_MAX)
		return 0;
	err_set(e, "'%s' is not a time", text);
	return err_hint(e, "write '2026-11-22 03:14', seconds since 1970, or "
			   "how long ago, such as 2h or 8d");
}

char *clock_duration(struct arena *a, double seconds)
{
	int64_t s = llround(fmin(fabs(seconds), (double)TIME_MAX));

	if (s < 60)
		return arena_printf(a, "%d s", (int)s);
	if (s < 3600)
		return arena_printf(a, "%d min", (int)(s / 60));
	if (s < 86400)
		return arena_printf(
		    a, "%d h %02d", (int)(s / 3600), (int)(s % 3600 / 60));
	return arena_printf(a, "%lld d", (long long)(s / 86400));
}
