/*
 * The time that a log line begins with.
 */
#ifndef DECODE_TIMESTAMP_H
#define DECODE_TIMESTAMP_H

#include <stdint.h>

#include "base/str.h"

/* Further from the run than this, a line's time is not believed. */
#define TIMESTAMP_TRUST (24 * 3600)

/*
 * Knows, perhaps in brackets or behind a syslog priority,
 *
 *	2026-11-22T03:14:15.123+01:00	RFC 3339, ISO 8601; zone optional
 *	2026-11-22 03:14:15,123		and with slashes, as nginx's errors
 *	Nov 22 03:14:15			syslog (RFC 3164): the year nearest now
 *	1.2.3.4 - - [22/Nov/2026:03:14:15 +0000]	access logs
 *
 * A time without a zone is one of the configuration's zone. 0 if there is
 * none, or none that can be believed.
 */
int64_t timestamp_of(struct span line, int64_t now);

/*
 * Length of the time that a line begins with, and the blanks behind it: what
 * need not be shown where the time is shown already. 0 if it begins with
 * none.
 */
size_t timestamp_length(struct span line);

#endif
