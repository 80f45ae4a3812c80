/*
 * A snapshot set on paper: a capsule as a document of pages, each a scene,
 * before anything is painted. What is told first: the alerts; then the page's
 * panels, section by section, at most two charts beside each other; then what
 * happened, the gaps with their causes, and the log lines. Numbers are left
 * to the other kinds of file.
 *
 * Laying out is a flow of boxes (paper_private.h), which are dealt out to
 * pages: a headline stays with what follows it, and a table that goes on has
 * its header again.
 */
#ifndef OUTPUT_PAPER_H
#define OUTPUT_PAPER_H

#include "chart/canvas.h"
#include "output/capsule.h"
#include "output/omission.h"

/* In pixels of 96 to the inch. */
struct paper_size {
	const char *name;
	double w, h; /* h 0: one page, as long as it takes, without the log */
	double margin;
};

extern const struct paper_size paper_sizes[]; /* ends with a NULL name */
extern const struct paper_size paper_poster;  /* endless, for a picture */

/* NULL: there is none of this name; the error says so. */
const struct paper_size *paper_size(const char *name, struct err *);

/* All of it lives in the arena, or belongs to the capsule. */
void paper_lay(struct arena *, const struct capsule *, const struct omission *,
    const struct paper_size *, const struct ruler *, struct canvas_document *);

#endif
