/*
 * The parts of writing a letter, for each other only:
 *
 *	letter.c	the whole: subject, pictures, both texts
 *	letter_part.c	a block as a letter shows it, in either text
 *	letter_html.c	the HTML
 *	letter_text.c	the text alternative
 */
#ifndef OUTPUT_LETTER_PRIVATE_H
#define OUTPUT_LETTER_PRIVATE_H

#include "output/letter.h"

#define LETTER_ROWS    12 /* of a table */
#define LETTER_COLUMNS 6
#define LETTER_CELL    60  /* bytes */
#define LETTER_LINES   15  /* of a log */
#define LETTER_LINE    200 /* bytes */
#define LETTER_WORDS   600 /* bytes of a title, a message, a paragraph */
#define LETTER_ALERTS  10

/* A block, bounded. What is NULL or empty is not shown. */
struct letter_part {
	bool section;
	enum panel_state state;
	const char *title;  /* "▲ CPU: app2 above 75 %" */
	const char *note;   /* at its right */
	const char *remark; /* "✕ failed: no answer in 10 s" */
	const char *alt;    /* the picture in words */
	const char *cid;    /* the picture; NULL: none */
	int w, h;
	const struct figure *figures;
	size_t n_figures;
	const char *figures_left_out; /* "and 3 more", or NULL */
	const struct legend_row *legend;
	size_t n_legend;
	const char *legend_left_out;
	const struct grid *tables[2];
	size_t n_tables;
	const struct log_row *log;
	size_t n_log;
	const char *log_left_out;
	struct strings paragraphs;
};

void letter_part(struct arena *, const struct block *, struct letter_part *out);

/* One line of at most so many bytes, at its end "…" if there are more. */
const char *letter_cut(struct arena *, const char *, size_t max);

/* What both texts say before the first block. */
struct letter_head {
	const char *title, *page; /* page NULL: the same */
	const char *moment, *zone, *answered;
	const char *taken; /* "taken 04:00 on 3 March 2026", or NULL */
	const char *warning, *note;
	const char *alarm; /* "2 alerts fire" */
	struct letter_alert {
		const char *head, *text; /* "▲ critical: app2 busy" */
	} alerts[LETTER_ALERTS];
	size_t n_alerts;
	const char *alerts_left_out;
	const char *link; /* of the page, or NULL */
	const char *attached;
	const char *version;
};

struct letter_writing {
	struct arena *arena;
	const char *subject;
	struct letter_head head;
	const struct letter_part *parts;
	size_t n_parts;
};

/*
 * Both are below LETTER_MAX bytes: from the first part on that does not fit
 * they are left out, and counted. *shown: so many parts are in it.
 */
const char *letter_html(const struct letter_writing *, size_t *shown);
const char *letter_text(const struct letter_writing *);

/* "4 panels more are on the page", of those from the first on. */
const char *letter_left_out(const struct letter_writing *, size_t first);

#endif
