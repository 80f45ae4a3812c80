/*
 * Flows of boxes, of which paper is made: for lib/output/paper*.c only.
 *
 * A box is a small scene as wide as its flow, and is never broken. Its parts
 * (rows of a table, lines of text) are boxes of their own.
 */
#ifndef OUTPUT_PAPER_PRIVATE_H
#define OUTPUT_PAPER_PRIVATE_H

#include "output/paper.h"

#define PAPER_TITLE 22.0 /* sizes of words */
#define PAPER_HEAD  15.0
#define PAPER_NAME  12.0
#define PAPER_BODY  10.5
#define PAPER_SMALL 9.0
#define PAPER_LINE  1.35 /* lines are so many sizes apart */
#define PAPER_GAP   20.0 /* between columns */

struct paper_link {
	double x0, y0, x1, y1;
	const char *to; /* the id of a box */
};

/* What a box, or a part of it, is called. */
struct paper_name {
	const char *id;	     /* that links lead to, or NULL */
	const char *heading; /* in the outline, or NULL */
	int level;	     /* there: 1 or 2 */
};

struct paper_box {
	struct scene *scene;
	double before;		      /* room above, but at a page's top */
	bool keeps;		      /* on a page with the next one */
	const struct paper_box *head; /* comes again where this is on top */
	struct paper_name *names;
	size_t n_names, cap_names;
	struct paper_link *links;
	size_t n_links, cap_links;
};

struct paper_flow {
	struct arena *arena;
	const struct ruler *ruler;
	double w;
	bool endless;
	struct paper_box *boxes;
	size_t n, cap;
};

struct paper_flow paper_flow(const struct paper_flow *like, double w);

/* A new box at the end, empty and so high; valid until the next one. */
struct paper_box *paper_box(struct paper_flow *, double h);
void paper_name(
    struct paper_box *, const char *id, const char *heading, int level);
double paper_height(const struct paper_flow *);

/* The boxes of a flow into one, from there on. */
void paper_paste(
    struct paper_box *, double x, double y, const struct paper_flow *);

/* So many flows beside each other, as one box. */
struct paper_box *paper_beside(
    struct paper_flow *, const struct paper_flow *, size_t n, double step);

struct paper_style {
	double size;
	bool bold, mono;
	enum ink ink;
};

/*
 * Text in lines no wider than w: broken at spaces, a longer word anywhere;
 * at most max lines, of which the last ends with "…" if there were more.
 */
struct strings paper_wrap(const struct paper_flow *, const char *,
    const struct paper_style *, double w, size_t max);

/* Lines of text into a scene, the first one's top at y. */
void paper_lines(struct scene *, double x, double y, const struct strings *,
    const struct paper_style *);
double paper_line_height(const struct paper_style *);

/* Wrapped text, a box. */
struct paper_box *paper_text(
    struct paper_flow *, const char *, const struct paper_style *, size_t max);

/* Parts of a panel; what it has not is left out. */
void paper_grid(struct paper_flow *, const struct grid *);
void paper_legend(struct paper_flow *, const struct block *);
void paper_figures(struct paper_flow *, const struct block *);
void paper_tiles(struct paper_flow *, const struct block *);
void paper_alerts(struct paper_flow *, const struct block *);
void paper_log(struct paper_flow *, const struct block *);

/* The whole panel. */
void paper_block(struct paper_flow *, const struct block *);

/* Lines of a log at the end of all. */
void paper_all_lines(
    struct paper_flow *, const struct capsule *, const struct omission *);

/* A headline over panels. */
void paper_section(
    struct paper_flow *, const char *id, const char *title, const char *note);

/* Deals the boxes out to pages, with heads and feet. */
struct paper_frame {
	const struct paper_size *size;
	const char *title, *when; /* on top of all pages but the first */
	const char *foot;
};

void paper_pages(const struct paper_flow *, const struct paper_frame *,
    struct canvas_document *);

#endif
