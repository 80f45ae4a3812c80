/*
 * Times at which nobody wants to be told: windows by day of the week and
 * local time, or once from a moment to another.
 *
 *	02:00-04:00			every day
 *	Mon-Fri 22:00-06:00		on these days, until the next morning
 *	Sat,Sun				all day
 *	2026-12-24 18:00 to 2026-12-27 08:00
 *
 * A window belongs to the day that it begins on. Times are of the page's
 * zone: on the days when clocks change, a window is as much longer or shorter
 * as the day is.
 */
#ifndef ALERT_WINDOW_H
#define ALERT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "conf/node.h"

struct window {
	bool once;
	int64_t from, to; /* once */
	unsigned days;	  /* a bit for each, Sunday the lowest */
	int begin, end;	  /* minutes of the local day; end <= begin: of the
			     next one */
};

struct windows {
	struct window *items;
	size_t n, cap;
};

/* False if it is not a window. The zone must be set. */
bool window_parse(const char *text, struct window *);

/* "07:00", before 24:00, in minutes of the local day. */
bool window_time(const char *text, int *minute);

/* A scalar or a list of them; what does not fit is a fault after `key`. */
void windows_bind(struct arena *, const struct node *, const char *key,
    struct windows *, struct faults *);

/* Is one of them open? Until when those that overlap are. */
bool windows_open(const struct windows *, int64_t ts, int64_t *until);

#endif
