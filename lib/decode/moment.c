#include "decode/moment.h"
#include "base/clock.h"
#include "base/str.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define LATEST	    253402300799.0   /* 9999-12-31T23:59:59Z */
#define EARLIEST    (-62135596800.0) /* 0001-01-01T00:00:00Z */
#define MS_FROM	    1e11
#define SERIAL_1970 25569 /* days from 1899-12-30 */

static bool in_range(double s, int64_t *out)
{
	if (!(s >= EARLIEST && s <= LATEST))
		return false;
	*out = (int64_t)floor(s);
	return true;
}

/* strptime() takes the 31st of any month; the calendar doesn't. */
static bool day_exists(struct tm tm)
{
	struct tm same = tm;

	same.tm_isdst = 0;
	timegm(&same);
	return same.tm_mday == tm.tm_mday;
}

static bool instant(struct tm tm, bool offset, int64_t *out)
{
	long east = tm.tm_gmtoff;

	if (!day_exists(tm))
		return false;
	tm.tm_gmtoff = 0;
	*out = offset ? (int64_t)timegm(&tm) - east : clock_instant(tm);
	return true;
}

static bool at_end(const char *s)
{
	return s != NULL && s[strspn(s, " ")] == '\0';
}

static bool parse_iso(const char *text, int64_t *out)
{
	struct tm tm = {0};
	const char *p = strptime(text, "%Y-%m-%d", &tm), *seconds, *zone;

	if (p == NULL || (*p != 'T' && *p != ' '))
		return at_end(p) && instant(tm, false, out);
	if ((p = strptime(p + 1, "%H:%M", &tm)) == NULL)
		return false;
	if ((seconds = strptime(p, ":%S", &tm)) != NULL)
		p = seconds;
	if (seconds != NULL && (*p == '.' || *p == ','))
		p += 1 + strspn(p + 1, "0123456789");
	if ((zone = strptime(p, "%z", &tm)) != NULL)
		p = zone;
	return at_end(p) && instant(tm, zone != NULL, out);
}

static bool parse_pattern(const char *text, const char *format, int64_t *out)
{
	struct tm tm = {.tm_year = 70, .tm_mday = 1};

	return at_end(strptime(text, format, &tm)) &&
	       instant(tm, strstr(format, "%z") != NULL, out);
}

static bool parse_serial(double days, int64_t *out)
{
	struct tm tm = {.tm_year = 70};
	double day = floor(days);

	if (!(days >= 0 && days < LATEST / 86400 + SERIAL_1970))
		return false;
	tm.tm_mday = 1 + (int)day - SERIAL_1970;
	tm.tm_sec = (int)lround((days - day) * 86400);
	*out = clock_instant(tm);
	return true;
}

bool moment_parse(const char *text, const char *format, int64_t *out)
{
	bool any = format == NULL || format[0] == '\0';
	double v;

	if (str_eq(format, "iso"))
		return parse_iso(text, out);
	if (!any && strchr(format, '%') != NULL)
		return parse_pattern(text, format, out);
	if (!str_number(text, &v))
		return any && parse_iso(text, out);
	if (str_eq(format, "serial"))
		return parse_serial(v, out);
	if (str_eq(format, "epoch_ms") || (any && fabs(v) >= MS_FROM))
		v /= 1000;
	return in_range(v, out);
}

bool moment_format(const char *format)
{
	static const char *const words[] = {
	    "", "iso", "epoch", "epoch_ms", "serial"};

	if (format == NULL || strchr(format, '%') != NULL)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq(format, words[i]))
			return true;
	return false;
}
