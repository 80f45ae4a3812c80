/* Tables: columns as wide as they need, or narrower and their text wrapped. */
#include <math.h>
#include <string.h>

#include "output/paper_private.h"

#define SPACE	    16.0 /* between columns */
#define STRETCH	    60.0 /* a column becomes no wider by more than this */
#define LEAST	    30.0 /* and no narrower than this, if that can be had */
#define LINES_MAX   6
#define ROOM	    2.5 /* above and below the words */
#define COLUMNS_MAX 40
#define LEGEND_MAX  8
#define SWATCH	    12.0

struct layout {
	struct paper_flow *flow;
	const struct grid *grid;
	size_t n; /* columns that are shown */
	double size;
	double w[COLUMNS_MAX];
	bool swatches; /* the first column begins with one */
};

static const char *cell_text(const struct layout *t, const struct grid_cell *c)
{
	return c->hot ? arena_printf(t->flow->arena, "▲ %s", c->text) : c->text;
}

static void measure(struct layout *t)
{
	const struct grid *g = t->grid;
	const struct ruler *r = t->flow->ruler;

	for (size_t c = 0; c < t->n; c++) {
		double w = ruler_width(r, g->columns[c].name, t->size, true);

		for (size_t i = 0; i < g->n_rows; i++) {
			const struct grid_cell *cell = &g->rows[i][c];

			w = fmax(w, ruler_width(r, cell_text(t, cell), t->size,
					cell->hot || cell->strong));
		}
		t->w[c] = ceil(w) + (c == 0 && t->swatches ? SWATCH : 0) + 1;
	}
}

static double sum(const struct layout *t, double level, bool all)
{
	double w = 0;

	for (size_t c = 0; c < t->n; c++)
		w += all || !t->grid->columns[c].number ? fmin(t->w[c], level)
							: t->w[c];
	return w;
}

/* The widest are cut to one level: of text, or else of all. */
static void narrow(struct layout *t, double room)
{
	bool all = sum(t, LEAST, false) > room;
	double low = 0, high = room;

	for (int i = 0; i < 40; i++) {
		double middle = (low + high) / 2;

		*(sum(t, middle, all) > room ? &high : &low) = middle;
	}
	for (size_t c = 0; c < t->n; c++)
		if (all || !t->grid->columns[c].number)
			t->w[c] = fmin(t->w[c], low);
}

static void fit(struct layout *t)
{
	double room = t->flow->w - SPACE * (double)(t->n - 1);
	double all = sum(t, INFINITY, true);

	if (all > room) {
		narrow(t, room);
		return;
	}
	for (size_t c = 0; c < t->n; c++)
		t->w[c] += fmin(STRETCH, (room - all) / (double)t->n);
}

static double put_cell(const struct layout *t, struct scene *s, double x,
    size_t c, const char *text, const struct paper_style *style)
{
	double indent = c == 0 && t->swatches ? SWATCH : 0;
	struct strings lines =
	    paper_wrap(t->flow, text, style, t->w[c] - indent, LINES_MAX);
	double h = (double)lines.n * paper_line_height(style);
	size_t before = s->n;

	paper_lines(s, x + indent, ROOM, &lines, style);
	for (size_t i = before; t->grid->columns[c].number && i < s->n; i++) {
		s->items[i].points[0].x = x + t->w[c];
		s->items[i].anchor = ANCHOR_END;
	}
	return h;
}

static struct paper_box *end_row(
    const struct layout *t, struct paper_box *box, double h, enum ink rule)
{
	box->scene->h = h + 2 * ROOM;
	scene_rect(box->scene, 0, box->scene->h - 0.6, t->flow->w,
	    box->scene->h, rule);
	return box;
}

static struct paper_box *head(struct layout *t)
{
	struct paper_style style = {PAPER_SMALL, true, false, INK_SOFT};
	struct paper_box *box = paper_box(t->flow, 0);
	double x = 0, h = 0;

	for (size_t c = 0; c < t->n; c++) {
		h = fmax(h, put_cell(t, box->scene, x, c,
				t->grid->columns[c].name, &style));
		x += t->w[c] + SPACE;
	}
	box->before = 5;
	box->keeps = true;
	return end_row(t, box, h, INK_RULE);
}

static struct paper_box *row(struct layout *t, const struct grid_cell *cells)
{
	struct paper_box *box = paper_box(t->flow, 0);
	double x = 0, h = 0;

	for (size_t c = 0; c < t->n; c++) {
		struct paper_style style = {.size = t->size,
		    .bold = cells[c].hot || cells[c].strong,
		    .ink = cells[c].hot ? INK_RED : INK_TEXT};

		h = fmax(h, put_cell(t, box->scene, x, c,
				cell_text(t, &cells[c]), &style));
		x += t->w[c] + SPACE;
	}
	return end_row(t, box, h, INK_HAIR);
}

static void foot(struct paper_flow *f, const char *text)
{
	struct paper_style soft = {PAPER_SMALL, .ink = INK_SOFT};

	if (text != NULL && text[0] != '\0')
		paper_text(f, text, &soft, 2)->before = 3;
}

static struct layout begin(
    struct paper_flow *f, const struct grid *g, double size, bool swatches)
{
	struct layout t = {.flow = f,
	    .grid = g,
	    .n = g->n_columns < COLUMNS_MAX ? g->n_columns : COLUMNS_MAX,
	    .size = size,
	    .swatches = swatches};

	measure(&t);
	fit(&t);
	return t;
}

/* The header is copied, as boxes move while their flow grows. */
static const struct paper_box *begin_rows(struct layout *t)
{
	return arena_copy(t->flow->arena, head(t), sizeof(struct paper_box));
}

void paper_grid(struct paper_flow *f, const struct grid *g)
{
	const struct paper_box *top;
	struct layout t;

	if (g == NULL || g->n_columns == 0)
		return;
	t = begin(f, g, PAPER_SMALL + 0.5, false);
	top = begin_rows(&t);
	for (size_t i = 0; i < g->n_rows; i++)
		row(&t, g->rows[i])->head = top;
	foot(f, g->foot);
}

static void legend_row(struct grid_cell *cells, const struct legend_row *l)
{
	const char *texts[] = {l->name, l->last, l->min, l->max, l->mean};

	for (size_t c = 0; c < 5; c++)
		cells[c] =
		    (struct grid_cell){.text = texts[c] == NULL ? "" : texts[c],
			.hot = c == 1 && l->hot};
}

static void swatch(struct paper_box *box, int colour)
{
	enum ink ink =
	    colour > 0 ? (enum ink)(INK_SERIES_1 + colour - 1) : INK_SOFT;

	scene_rect(box->scene, 0, 7, 8, 10, ink);
}

void paper_legend(struct paper_flow *f, const struct block *b)
{
	static struct grid_column columns[] = {{"", false}, {"last", true},
	    {"least", true}, {"most", true}, {"mean", true}};
	size_t n = b->n_legend < LEGEND_MAX ? b->n_legend : LEGEND_MAX;
	struct grid g = {.columns = columns, .n_columns = 5};
	struct layout t;

	if (n == 0 || (f->endless && !b->legend_open))
		return;
	g.n_rows = n;
	g.rows = arena_array(f->arena, n, sizeof(*g.rows));
	for (size_t i = 0; i < n; i++) {
		g.rows[i] = arena_array(f->arena, 5, sizeof(**g.rows));
		legend_row(g.rows[i], &b->legend[i]);
	}
	t = begin(f, &g, PAPER_SMALL - 0.5, true);
	(void)head(&t);
	for (size_t i = 0; i < n; i++) {
		struct paper_box *box = row(&t, g.rows[i]);

		swatch(box, b->legend[i].colour);
		box->keeps = i + 1 < n;
	}
	if (n < b->n_legend)
		foot(
		    f, arena_printf(f->arena, "and %zu more", b->n_legend - n));
}
