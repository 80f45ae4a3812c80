/* The local calendar, for SQL. */
#include "base/clock.h"
#include "base/db_private.h"

#include <math.h>
#include <sqlite3.h>
#include <time.h>

#define TIME_MAX 253402300799.0 /* the end of the year 9999 */

/* How a time is rounded down: its fields, and how it is written. */
struct unit {
	const char *name;
	void (*floor)(struct tm *);
	const char *format;
};

static void floor_day(struct tm *tm)
{
	(void)tm;
}

static void floor_week(struct tm *tm)
{
	tm->tm_mday -= (tm->tm_wday + 6) % 7;
}

static void floor_month(struct tm *tm)
{
	tm->tm_mday = 1;
}

static const struct unit units[] = {
    {"local_day", floor_day, "%Y-%m-%d"},
    {"local_week", floor_week, "%Y-%m-%d"},
    {"local_month", floor_month, "%Y-%m-%d"},
    {"local_hour", NULL, "%Y-%m-%d %H:00%z"},
};

/* "+0100" becomes "+01:00". */
static void part_offset(char *text, size_t n)
{
	if (n < 5 || (text[n - 5] != '+' && text[n - 5] != '-'))
		return;
	text[n + 1] = '\0';
	text[n] = text[n - 1];
	text[n - 1] = text[n - 2];
	text[n - 2] = ':';
}

static void local(sqlite3_context *out, int argc, sqlite3_value **argv)
{
	const struct unit *unit = sqlite3_user_data(out);
	int type = sqlite3_value_type(argv[0]);
	double ts = sqlite3_value_double(argv[0]);
	char text[64];
	struct tm tm;
	size_t n;

	(void)argc;
	if ((type != SQLITE_INTEGER && type != SQLITE_FLOAT) ||
	    !(fabs(ts) <= TIME_MAX))
		return; /* NULL */
	tm = clock_local((int64_t)floor(ts));
	if (unit->floor != NULL) {
		unit->floor(&tm);
		timegm(&tm); /* only the calendar: what the 0th of May is */
	}
	n = strftime(text, sizeof(text) - 1, unit->format, &tm);
	if (unit->floor == NULL)
		part_offset(text, n);
	sqlite3_result_text(out, text, -1, SQLITE_TRANSIENT);
}

int db_add_local_time(struct db *db, struct err *e)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		/* SQLite hands the context back as it got it. */
		union {
			const struct unit *in;
			void *out;
		} ctx = {&units[i]};

		if (sqlite3_create_function(db->handle, units[i].name, 1,
			SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
			ctx.out, local, NULL, NULL) != SQLITE_OK)
			return db_failed(db, e);
	}
	return 0;
}
