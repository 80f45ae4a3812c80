/*
 * A drawing: all that a block brings along that takes nothing but the block
 * to make. So it is made on any thread, and equal blocks make equal bytes.
 */
#ifndef RUN_DRAWING_H
#define RUN_DRAWING_H

#include "chart/canvas.h"
#include "output/html.h"

struct drawn_file {
	const char *path; /* in the output directory: "data/index.cpu.csv" */
	struct span text;
};

struct drawing {
	struct html_charts charts;
	struct drawn_file *files; /* numbers and pictures to embed */
	size_t n_files, cap_files;
};

/* What is the same for all. */
struct drawing_conf {
	struct canvas *canvas; /* one for each thread */
	const char *created;   /* ISO 8601, for the documents' own dates */
};

/* Everything is in the arena. */
must_use int drawing_make(struct drawing *, const struct block *,
    const char *name, const struct drawing_conf *, struct arena *,
    struct err *);

#endif
