/*
 * A snapshot: a page of one moment, as plain data that is ready to be printed
 * as a file, and the kinds of file that it can be printed as. Each has charts,
 * tables, the log lines, the course of the alerts and the gaps with their
 * causes. A kind is one file that ends in its const struct, and one line in
 * kinds.h. Equal capsules make equal files.
 */
#ifndef OUTPUT_CAPSULE_H
#define OUTPUT_CAPSULE_H

#include "chart/canvas.h"
#include "model/gist.h"
#include "output/html.h"
#include "output/manifest.h"

struct paper_size;

struct capsule {
	const struct report *report; /* printed: when it was taken */
	struct page *page;	     /* of one period */
	int64_t from;		     /* to: report.started */
	const struct spell *spells;  /* not ok, in the period */
	size_t n_spells;
	const struct log_line *lines; /* oldest first */
	size_t n_lines, lines_left_out;
	struct gist *gist;		/* for diff; NULL: none */
	const char *digest;		/* of the configuration */
	size_t max_size;		/* bytes */
	const struct paper_size *paper; /* of a PDF: see paper.h */
};

/* What files are printed with. */
struct capsule_means {
	struct html *html;
	struct canvas *canvas;
};

struct capsule_kind {
	const char *name, *suffix, *media; /* "html", ".html", "text/html" */
	/*
	 * Adds the file to buf, and leaves the capsule as it was. What does
	 * not fit into its max_size is left out and named: log lines first,
	 * the oldest of them, then numbers, what is for comparison, then
	 * panels, each from the last on. What is too large even so is an error.
	 */
	int (*print)(const struct capsule_means *, const struct capsule *,
	    struct buf *, struct err *);
	const char *magic; /* such a file begins with it */
	/* As manifest_check(). NULL: it has nothing to be checked by. */
	int (*check)(
	    struct arena *, struct span file, struct manifest *, struct err *);
	/* Its page as HTML, in the arena or the file. NULL: it has none */
	int (*page)(
	    struct arena *, struct span file, struct span *, struct err *);
};

extern const struct capsule_kind *const capsule_kinds[]; /* NULL at the end */

/* NULL: there is none of this name; the error says which may be meant. */
const struct capsule_kind *capsule_kind(const char *name, struct err *);

/* The kind that a file is of, or the first. */
const struct capsule_kind *capsule_kind_at(struct span file);

/* The kind whose suffix the path has, or the first. */
const struct capsule_kind *capsule_kind_of(const char *path);

#endif
