/*
 * A snapshot: a page as one HTML file, complete in itself. Charts and styles
 * are inside, and so are the numbers as CSV, the log lines, the course of the
 * alerts and the gaps with their causes. No script, nothing is requested. It
 * ends with a manifest (manifest.h).
 */
#ifndef OUTPUT_CAPSULE_H
#define OUTPUT_CAPSULE_H

#include "output/html.h"

struct capsule {
	const struct report *report; /* printed: when it was taken */
	struct page *page;	     /* of one period */
	int64_t from;		     /* to: report.started */
	const struct spell *spells;  /* not ok, in the period */
	size_t n_spells;
	const struct log_line *lines; /* oldest first */
	size_t n_lines, lines_left_out;
	const char *digest; /* of the configuration */
	size_t max_size;    /* bytes */
};

/*
 * Adds it to buf. What does not fit is left out and named: log lines first,
 * the oldest of them, then numbers, then panels, each from the last on. What
 * is too large even so is an error.
 */
must_use int capsule_html(
    struct html *, const struct capsule *, struct buf *, struct err *);

#endif
