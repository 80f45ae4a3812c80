#include "output/poster.h"

#include <math.h>

#define MARGIN	   16.0
#define TITLE	   14.0 /* the words' sizes */
#define SMALL	   11.0
#define TITLE_LINE 26.0
#define SMALL_LINE 18.0
#define SWATCH	   14.0
#define GAP	   18.0 /* between entries of the legend */
#define ROWS_MAX   12

struct poster {
	struct arena *arena;
	const struct block *block;
	const struct ruler *ruler;
	double w; /* of the chart */
};

/* Where an entry of the legend goes; lines are filled from the left. */
struct cursor {
	double x, y;
};

static const char *entry_words(const struct poster *p, size_t i)
{
	const struct legend_row *row = &p->block->legend[i];
	const char *words =
	    arena_printf(p->arena, "%s %s", row->name, row->last);

	return ruler_fit(
	    p->ruler, p->arena, words, SMALL, false, p->w - SWATCH - GAP);
}

static void entry(
    struct scene *s, double x, double y, int colour, const char *words)
{
	enum ink ink =
	    colour > 0 ? (enum ink)(INK_SERIES_1 + colour - 1) : INK_SOFT;

	scene_rect(s, x, y - 5, x + SWATCH, y - 2, ink);
	scene_text(s, x + SWATCH + 6, y, ANCHOR_START, SMALL, INK_SOFT, words);
}

/* Draws into s, or only measures where s is NULL: the legend's height. */
static double legend(const struct poster *p, struct scene *s, double top)
{
	struct cursor at = {0, SMALL_LINE};

	if (!p->block->legend_open || p->block->n_legend == 0)
		return 0;
	for (size_t i = 0; i < p->block->n_legend; i++) {
		const char *words = entry_words(p, i);
		double w =
		    SWATCH + 6 + ruler_width(p->ruler, words, SMALL, false);
		double x = MARGIN + at.x, y = top + at.y;

		if (at.x > 0 && at.x + w > p->w) {
			if (at.y >= ROWS_MAX * SMALL_LINE)
				break;
			at = (struct cursor){0, at.y + SMALL_LINE};
			x = MARGIN;
			y = top + at.y;
		}
		if (s != NULL)
			entry(s, x, y, p->block->legend[i].colour, words);
		at.x += w + GAP;
	}
	return at.y + 4;
}

static void heading(const struct poster *p, struct scene *s)
{
	const struct block *b = p->block;
	const char *note = b->note != NULL ? b->note : "";
	double room = p->w - ruler_width(p->ruler, note, SMALL, false) - GAP;
	bool alert = b->state == PANEL_ALERT;
	struct scene_item *title = scene_text(s, MARGIN, MARGIN + TITLE,
	    ANCHOR_START, TITLE, alert ? INK_RED : INK_TEXT,
	    ruler_fit(p->ruler, p->arena, b->title, TITLE, true, room));

	title->bold = true;
	if (note[0] != '\0')
		scene_text(s, MARGIN + p->w, MARGIN + TITLE, ANCHOR_END, SMALL,
		    INK_SOFT, note);
	if (b->message != NULL)
		scene_text(s, MARGIN, MARGIN + TITLE_LINE + SMALL, ANCHOR_START,
		    SMALL, INK_SOFT,
		    ruler_fit(
			p->ruler, p->arena, b->message, SMALL, false, p->w));
}

struct scene *poster_scene(
    struct arena *a, const struct block *b, const struct ruler *ruler)
{
	struct poster p = {a, b, ruler, 0};
	double top, bottom;
	struct scene *s;

	if (b->wide == NULL)
		return NULL;
	p.w = b->wide->w;
	top = MARGIN + TITLE_LINE + (b->message != NULL ? SMALL_LINE : 0);
	bottom = top + b->wide->h;
	s = scene_new(a, p.w + 2 * MARGIN,
	    ceil(bottom + legend(&p, NULL, bottom) + MARGIN));
	heading(&p, s);
	scene_paste(s, b->wide, MARGIN, top, 1);
	(void)legend(&p, s, bottom);
	s->plot = b->wide->plot;
	s->plot.x0 += MARGIN;
	s->plot.x1 += MARGIN;
	s->plot.y0 += top;
	s->plot.y1 += top;
	return s;
}
