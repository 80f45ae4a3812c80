/*
 * What a log line is a case of: its text without what differs from one to the
 * next.
 *
 *	"…" '…'				<text>
 *	/var/log/x, C:\x		<path>
 *	https://…			<url>
 *	8d3f…-…-…-…-…			<uuid>
 *	0x7ffe, 8d3f09ab: hexadecimal, six digits or more, not all decimal
 *					<hex>
 *	fe80::1, 52:54:00:12:34:56, 03:14:15
 *					<n>
 *	17, 4.2, 10.0.0.1:80, the digits of worker17 and 12ms
 *					<n>
 *	letters and digits mixed, sixteen or more
 *					<id>
 *
 * The time that a line begins with is left out. Only its first
 * PATTERN_LINE_MAX bytes count. Whatever the line, it takes time in
 * proportion to these.
 */
#ifndef DIFF_PATTERN_H
#define DIFF_PATTERN_H

#include "base/names.h"
#include "model/gist.h"

#define PATTERN_LINE_MAX 400
#define PATTERN_MAX	 (PATTERN_LINE_MAX * 3 + 1) /* of a pattern, and NUL */

/* Into dst of PATTERN_MAX bytes. The line is clean text. */
void pattern_of(const char *line, char *dst);

/*
 * Lines counted by their patterns, of which there are at most PATTERNS_MAX:
 * lines of further ones are only counted.
 */
#define PATTERNS_MAX 4096

struct patterns {
	struct arena *arena;
	struct names known;
	struct gist_pattern *items;
	size_t n, cap;
	size_t left_out;
};

/* Lines go in the order of time; in_window or before it. */
void patterns_add(struct patterns *, const struct log_line *, const char *level,
    bool in_window);

/* The most frequent of the window first, then of the reference. */
void patterns_sort(struct patterns *);

#endif
