#include "base/clock.h"
#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZONEINFO "/usr/share/zoneinfo"

static char zone[128] = "";

/* The C library takes an unknown name for UTC without a word: look first. */
int clock_set_zone(const char *name, struct err *e)
{
	char path[256], link[256];
	ssize_t n;

	if (name == NULL || name[0] == '\0') {
		n = readlink("/etc/localtime", link, sizeof(link) - 1);
		link[n > 0 ? n : 0] = '\0';
		name = strstr(link, "zoneinfo/");
		name = name != NULL ? name + strlen("zoneinfo/") : "UTC";
	}
	if (name[0] == '/' || name[0] == '.' || strstr(name, "..") != NULL ||
	    strlen(name) >= sizeof(zone))
		return err_set(e, "'%s' is not the name of a time zone", name);
	snprintf(path, sizeof(path), ZONEINFO "/%s", name);
	if (access(path, R_OK) != 0 && !str_eq(name, "UTC")) {
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

int64_t clock_instant(struct tm tm)
{
	struct tm standard = tm, summer = tm, want = tm;
	int64_t a, b;

	want.tm_isdst = 0;
	timegm(&want); /* normalises the fields without any zone */
	standard.tm_isdst = 0;
	summer.tm_isdst = 1;
	a = mktime(&standard);
	b = mktime(&summer);
	if (standard.tm_hour == want.tm_hour &&
	    standard.tm_min == want.tm_min && standard.tm_isdst == 0)
		return summer.tm_hour == want.tm_hour && summer.tm_isdst == 1 &&
			       b < a
			   ? b
			   : a;
	return summer.tm_hour == want.tm_hour && summer.tm_min == want.tm_min
		   ? b
		   : a;
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

		if (end == NULL || (*end != '\0' && strcmp(end, "Z") != 0))
			continue;
		*out = *end == 'Z' ? timegm(&tm) : clock_instant(tm);
		return 0;
	}
	return -1;
}

int clock_parse(const char *text, int64_t now, int64_t *out, struct err *e)
{
	const char *digits = text[0] == '@' ? text + 1 : text;
	double ago;

	if ((text[0] == '@' || strlen(text) == 10) && str_int(digits, out))
		return 0;
	if (parse_calendar(text, out) == 0)
		return 0;
	if (str_duration(text, &ago)) {
		*out = now - (int64_t)ago;
		return 0;
	}
	err_set(e, "'%s' is not a time", text);
	return err_hint(e, "write '2026-11-22 03:14', seconds since 1970, or "
			   "how long ago, such as 2h or 8d");
}

char *clock_duration(struct arena *a, double seconds)
{
	int64_t s = (int64_t)llround(fabs(seconds));

	if (s < 60)
		return arena_printf(a, "%d s", (int)s);
	if (s < 3600)
		return arena_printf(a, "%d min", (int)(s / 60));
	if (s < 86400)
		return arena_printf(
		    a, "%d h %02d", (int)(s / 3600), (int)(s % 3600 / 60));
	return arena_printf(a, "%lld d", (long long)(s / 86400));
}
