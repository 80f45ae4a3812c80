/*
 * Time. Everything inside is UTC epoch seconds (int64_t); local time exists
 * only where people read it, in the one zone of the configuration.
 *
 * The process has one zone, set by clock_set_zone() from the configuration
 * before anything is shown (the C library keeps the rules, from tzdata).
 * "Now" is read once, in main, and passed along; only durations are measured
 * elsewhere, with clock_monotonic().
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "base/arena.h"
#include "base/err.h"

/* An IANA name such as "Europe/London"; NULL or "" is the machine's own. */
must_use int clock_set_zone(const char *name, struct err *);

/* The name that was set, or that of the machine's zone. */
const char *clock_zone(void);

int64_t clock_now(void);
double clock_monotonic(void); /* seconds */

/* Local calendar time; tm_gmtoff and tm_zone are right for the instant. */
struct tm clock_local(int64_t ts);

/*
 * The instant of a local calendar time; fields may be out of range (the
 * 32nd of a month, minute -5), tm_isdst does not matter. A time that DST skips
 * gives one as much later as the gap is long; one that it repeats gives the
 * first.
 */
int64_t clock_instant(struct tm);

/* strftime() of the local time. */
char *clock_format(struct arena *, const char *fmt, int64_t ts);

/* "2026-11-22T03:14:00Z" */
char *clock_iso(struct arena *, int64_t ts);

/*
 * What people write for a moment: "2026-11-22 03:14[:05]" or "2026-11-22" in
 * the zone, "2026-11-22T03:14:05Z", "@1793330040" or a bare number of ten
 * digits (epoch seconds), or a length of time before now ("2h", "8d"). From
 * 1970 to 9999.
 */
must_use int clock_parse(
    const char *text, int64_t now, int64_t *out, struct err *);

/* "4 min", "2 h 05", "12 d": a length of time for people, two units. */
char *clock_duration(struct arena *, double seconds);

#endif
