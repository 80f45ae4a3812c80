/* Numbers that are answers, and tiles. */
#include <math.h>

#include "output/paper_private.h"

#define FIGURE	  24.0	/* the size of such a number */
#define ROOMY	  160.0 /* a figure has so much, if there are many */
#define SPARK	  26.0	/* high */
#define TILE	  150.0 /* wide at least */
#define TILE_ROOM 8.0	/* within its edge */
#define BAR	  2.5

static const struct paper_style small = {PAPER_SMALL, .ink = INK_SOFT};
static const struct paper_style strong = {PAPER_SMALL, true, .ink = INK_TEXT};

static void value(struct paper_flow *f, const struct figure *x)
{
	double line = FIGURE * 1.25;
	struct paper_box *b = paper_box(f, line);
	enum ink ink = x->hot ? INK_RED : INK_TEXT;
	const char *text =
	    x->hot ? arena_printf(f->arena, "▲ %s", x->value) : x->value;
	double w = ruler_width(f->ruler, x->unit, PAPER_NAME, false), used;

	text = ruler_fit(f->ruler, f->arena, text, FIGURE, true, f->w - w - 5);
	used = ruler_width(f->ruler, text, FIGURE, true);
	scene_text(b->scene, 0, FIGURE, ANCHOR_START, FIGURE, ink, text)->bold =
	    true;
	scene_text(b->scene, used + 5, FIGURE, ANCHOR_START, PAPER_NAME,
	    INK_SOFT,
	    ruler_fit(f->ruler, f->arena, x->unit, PAPER_NAME, false,
		f->w - used - 5));
}

static void spark(struct paper_flow *f, const struct scene *s)
{
	double scale;

	if (s == NULL || s->w <= 0 || s->h <= 0)
		return;
	scale = fmin(fmin(f->w, 220) / s->w, SPARK / s->h);
	scene_paste(paper_box(f, SPARK)->scene, s, 0, 0, scale);
}

static struct paper_flow figure(
    const struct paper_flow *like, const struct figure *x, double w)
{
	struct paper_flow f = paper_flow(like, w);

	if (x->label != NULL && x->label[0] != '\0')
		paper_text(&f, x->label, &small, 2);
	value(&f, x);
	spark(&f, x->spark);
	for (size_t i = 0; i < x->n_changes; i++) {
		const struct figure_change *c = &x->changes[i];

		paper_text(&f,
		    arena_printf(f.arena, "%s %s%s%s", c->sign, c->amount,
			c->since[0] == '\0' ? "" : " ", c->since),
		    &small, 2);
	}
	if (x->when != NULL && x->when[0] != '\0')
		paper_text(
		    &f, arena_printf(f.arena, "◌ %s", x->when), &small, 2);
	return f;
}

static size_t columns_of(double w, double least, size_t n)
{
	size_t fit = (size_t)fmax(1, floor((w + PAPER_GAP) / least));

	return n < fit ? n : fit;
}

void paper_figures(struct paper_flow *f, const struct block *b)
{
	size_t columns, n;
	struct paper_flow *flows;
	double step;

	if (b->n_figures == 0)
		return;
	columns = columns_of(f->w, ROOMY, b->n_figures);
	flows = arena_array(f->arena, columns, sizeof(*flows));
	step = (f->w + PAPER_GAP) / (double)columns;
	for (size_t i = 0; i < b->n_figures; i += n) {
		for (n = 0; n < columns && i + n < b->n_figures; n++)
			flows[n] =
			    figure(f, &b->figures[i + n], step - PAPER_GAP);
		paper_beside(f, flows, n, step)->before = i > 0 ? 10 : 0;
	}
}

static void measure_bar(struct scene *s, double y, const struct tile_figure *x)
{
	scene_rect(s, 0, y, s->w, y + BAR, INK_HAIR);
	scene_rect(s, 0, y, s->w * fmin(fmax(x->part, 0), 1), y + BAR,
	    x->hot ? INK_RED : INK_SERIES_1);
}

static void tile_figure(struct paper_flow *f, const struct tile_figure *x)
{
	double line = PAPER_SMALL * PAPER_LINE;
	struct paper_box *b = paper_box(f, line + BAR + 4);
	const char *text = arena_printf(f->arena, "%s%s%s", x->hot ? "▲ " : "",
	    x->late ? "◌ " : "", x->value);
	double w = ruler_width(f->ruler, text, PAPER_SMALL, true);

	scene_text(b->scene, 0, PAPER_SMALL, ANCHOR_START, PAPER_SMALL,
	    INK_SOFT,
	    ruler_fit(f->ruler, f->arena, x->label, PAPER_SMALL, false,
		f->w - w - 4));
	scene_text(b->scene, f->w, PAPER_SMALL, ANCHOR_END, PAPER_SMALL,
	    x->hot ? INK_RED : INK_TEXT, text)
	    ->bold = true;
	if (!isnan(x->part))
		measure_bar(b->scene, line, x);
	else if (x->spark != NULL && x->spark->w > 0)
		scene_paste(b->scene, x->spark, 0, line - 2,
		    fmin(f->w / x->spark->w, (BAR + 5) / x->spark->h));
}

static void who(struct paper_flow *f, const struct tile *t)
{
	struct paper_box *b = paper_box(f, PAPER_BODY * PAPER_LINE + 2);
	bool hot = t->state == PANEL_ALERT;
	const char *is = arena_printf(f->arena, "%s %s", t->mark, t->word);
	double w = ruler_width(f->ruler, is, PAPER_SMALL, hot);

	scene_text(b->scene, 0, PAPER_BODY, ANCHOR_START, PAPER_BODY, INK_TEXT,
	    ruler_fit(
		f->ruler, f->arena, t->name, PAPER_BODY, true, f->w - w - 6))
	    ->bold = true;
	scene_text(b->scene, f->w, PAPER_BODY, ANCHOR_END, PAPER_SMALL,
	    hot ? INK_RED : INK_SOFT, is)
	    ->bold = hot;
	if (t->href != NULL && t->href[0] == '#')
		*arena_push(f->arena, &b->links, &b->n_links, &b->cap_links) =
		    (struct paper_link){0, 0, f->w, b->scene->h, t->href + 1};
}

static struct paper_flow tile(
    const struct paper_flow *like, const struct tile *t, double w)
{
	struct paper_flow f = paper_flow(like, w);

	who(&f, t);
	for (size_t i = 0; i < t->n_figures; i++)
		tile_figure(&f, &t->figures[i]);
	if (t->text[0] != '\0')
		paper_text(
		    &f, t->text, t->state == PANEL_ALERT ? &strong : &small, 3);
	return f;
}

/* An edge around what was put there. */
static void edge(struct scene *s, double x, double w, bool hot)
{
	const struct xy corners[] = {{x + 0.5, 0.5}, {x + w - 0.5, 0.5},
	    {x + w - 0.5, s->h - 0.5}, {x + 0.5, s->h - 0.5}, {x + 0.5, 0.5}};

	scene_line(s, corners, 5, hot ? INK_RED : INK_RULE, hot ? 1.4 : 0.8);
}

static void row_of_tiles(
    struct paper_flow *f, const struct tile *tiles, size_t n, double step)
{
	double w = step - TILE_ROOM, h = 0;
	struct paper_flow *flows = arena_array(f->arena, n, sizeof(*flows));
	struct paper_box *box;

	for (size_t i = 0; i < n; i++) {
		flows[i] = tile(f, &tiles[i], w - 2 * TILE_ROOM);
		h = fmax(h, paper_height(&flows[i]));
	}
	box = paper_box(f, h + 2 * TILE_ROOM);
	box->before = TILE_ROOM;
	for (size_t i = 0; i < n; i++) {
		double x = (double)i * step;

		paper_paste(box, x + TILE_ROOM, TILE_ROOM, &flows[i]);
		edge(box->scene, x, w, tiles[i].state == PANEL_ALERT);
	}
}

void paper_tiles(struct paper_flow *f, const struct block *b)
{
	for (size_t i = 0; i < b->n_tile_groups; i++) {
		const struct tile_group *g = &b->tile_groups[i];
		size_t columns =
			   (size_t)fmax(1, floor((f->w + TILE_ROOM) / TILE)),
		       n;
		double step = (f->w + TILE_ROOM) / (double)columns;

		if (g->name[0] != '\0') {
			struct paper_box *name = paper_text(f,
			    arena_printf(f->arena, "%s  %s", g->name, g->note),
			    &strong, 2);

			name->before = 10;
			name->keeps = true;
		}
		for (size_t k = 0; k < g->n; k += n) {
			n = g->n - k < columns ? g->n - k : columns;
			row_of_tiles(f, &g->tiles[k], n, step);
		}
	}
}
