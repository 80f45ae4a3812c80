/*
 * Times as documents hold them. Text without an offset is local time.
 */
#ifndef DECODE_MOMENT_H
#define DECODE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Formats: "iso" (2026-11-22, 2026-11-22 03:14[:05[.25]], with T, Z or an
 * offset), "epoch" and "epoch_ms" (seconds and milliseconds since 1970),
 * "serial" (days since 1899-12-30 as spreadsheets count them, local), or
 * what strptime() takes. NULL or "": iso, or a number since 1970, which is
 * in milliseconds if it would lie past the year 5000 in seconds.
 */
bool moment_parse(const char *text, const char *format, int64_t *out);

/* Is this one of the formats above? */
bool moment_format(const char *format);

/* What to say where it is not. */
#define MOMENT_FAULT                                                           \
	"time_format: '%.40s' is not iso, epoch, epoch_ms, serial or a "       \
	"pattern such as %%d.%%m.%%Y"

#endif
