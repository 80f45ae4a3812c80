#include "output/thumb.h"

#include <math.h>

#define CELLS	4
#define MARGIN	14.0
#define GAP	16.0
#define TITLE	15.0 /* the words' sizes */
#define SMALL	14.0
#define HEAD	25.0 /* of a cell, with its title */
#define LINE	21.0
#define BIG_MAX 34.0

struct chosen {
	const struct block *blocks[CELLS];
	int weights[CELLS];
	size_t n;
};

struct cell {
	struct scene *scene;
	struct arena *arena;
	const struct ruler *ruler;
	double x, y, w, h;
};

/* How much a panel tells at this size; 0: nothing. */
static int weight(const struct block *b)
{
	int w = b->wide != NULL	   ? 5
		: b->n_figures > 0 ? 4
		: b->n_tiles > 0   ? 3
		: b->n_alerts > 0  ? 3
		: b->grid != NULL  ? 2
		: b->n_log > 0	   ? 1
		: b->message	   ? 1
				   : 0;

	return w > 0 && b->state == PANEL_ALERT ? w + 10 : w;
}

static void leave_out(struct chosen *c, size_t i)
{
	c->n--;
	for (; i < c->n; i++) {
		c->blocks[i] = c->blocks[i + 1];
		c->weights[i] = c->weights[i + 1];
	}
}

/* A later panel takes the place of the last of those that tell least. */
static void consider(struct chosen *c, const struct block *b)
{
	int w = weight(b);
	size_t least = 0;

	if (c->n == CELLS) {
		for (size_t i = 0; i < c->n; i++)
			if (c->weights[i] <= c->weights[least])
				least = i;
		if (w <= c->weights[least])
			return;
		leave_out(c, least);
	}
	if (w > 0) {
		c->blocks[c->n] = b;
		c->weights[c->n++] = w;
	}
}

static void choose(struct chosen *c, const struct page *p)
{
	*c = (struct chosen){0};
	for (size_t i = 0; i < p->n_blocks; i++)
		consider(c, &p->blocks[i]);
}

const char *thumb_words(struct arena *a, const struct page *p)
{
	const char *text = "";
	struct chosen c;

	choose(&c, p);
	for (size_t i = 0; i < c.n; i++)
		text = arena_printf(a, "%s%s%s%s", text, i > 0 ? ", " : "",
		    c.blocks[i]->title,
		    c.blocks[i]->state == PANEL_ALERT ? " (alert)" : "");
	return text;
}

static void text(const struct cell *c, double x, double y, double size,
    bool bold, enum ink ink, const char *words)
{
	words =
	    ruler_fit(c->ruler, c->arena, words, size, bold, c->x + c->w - x);
	scene_text(c->scene, x, y, ANCHOR_START, size, ink, words)->bold = bold;
}

/* Which part of a chart is drawn, and where. */
struct frame {
	struct xy from, to; /* of the chart */
	struct xy at;	    /* in the cell */
	double sx, sy;
};

static struct frame frame_of(const struct cell *c, const struct scene *s)
{
	struct frame f = {{0, 0}, {s->w, s->h}, {c->x, c->y}, 1, 1};

	if (s->plot.x1 > s->plot.x0) {
		f.from = (struct xy){s->plot.x0, s->plot.y1};
		f.to = (struct xy){s->plot.x1, s->plot.y0};
		f.sx = c->w / (f.to.x - f.from.x);
		f.sy = c->h / (f.to.y - f.from.y);
		return f;
	}
	f.sx = f.sy = fmin(c->w / s->w, c->h / s->h);
	f.at.x += (c->w - s->w * f.sx) / 2;
	f.at.y += (c->h - s->h * f.sy) / 2;
	return f;
}

static bool is_within(const struct frame *f, const struct scene_item *it)
{
	size_t n = it->kind == SCENE_PICTURE ? 0 : it->n;

	for (size_t i = 0; i < n; i++) {
		const struct xy *p = &it->points[i];

		if (p->x < f->from.x - 1 || p->x > f->to.x + 1 ||
		    p->y < f->from.y - 1 || p->y > f->to.y + 1)
			return false;
	}
	return it->kind != SCENE_TEXT;
}

static void copy_item(
    struct scene *to, const struct frame *f, const struct scene_item *from)
{
	struct scene_item *it =
	    arena_push(to->arena, &to->items, &to->n, &to->cap);

	*it = *from;
	it->points =
	    arena_copy(to->arena, from->points, from->n * sizeof(struct xy));
	for (size_t i = 0; i < it->n; i++) {
		struct xy *p = &it->points[i];

		p->x = f->at.x + (p->x - f->from.x) * f->sx;
		p->y = f->at.y + (p->y - f->from.y) * f->sy;
	}
	it->size *= 0.7;
}

static void chart(const struct cell *c, const struct block *b)
{
	const struct scene *s = b->narrow != NULL ? b->narrow : b->wide;
	const struct frame f = frame_of(c, s);

	for (size_t i = 0; i < s->n; i++)
		if (is_within(&f, &s->items[i]))
			copy_item(c->scene, &f, &s->items[i]);
}

static void figures(const struct cell *c, const struct block *b)
{
	double each = fmax(c->h / (double)b->n_figures, 2 * LINE);
	double size = fmin(BIG_MAX, each - LINE), y = c->y;

	for (size_t i = 0; i < b->n_figures && y + each <= c->y + c->h + 1;
	     i++, y += each) {
		const struct figure *f = &b->figures[i];
		const char *words =
		    f->unit == NULL
			? f->value
			: arena_printf(c->arena, "%s %s", f->value, f->unit);

		if (f->label != NULL)
			text(c, c->x, y + SMALL, SMALL, false, INK_SOFT,
			    f->label);
		text(c, c->x, y + (f->label != NULL ? LINE : 0) + size * 0.8,
		    size, true, f->hot ? INK_RED : INK_TEXT, words);
	}
}

/* A row of whatever has rows. */
struct row {
	const char *words;
	bool hot;
};

static bool tile_row(
    struct arena *a, const struct block *b, size_t i, struct row *row)
{
	for (size_t g = 0; g < b->n_tile_groups; g++) {
		const struct tile_group *group = &b->tile_groups[g];

		if (i < group->n) {
			const struct tile *t = &group->tiles[i];

			row->words = arena_printf(
			    a, "%s %s  %s", t->mark, t->name, t->word);
			row->hot = t->state == PANEL_ALERT;
			return true;
		}
		i -= group->n;
	}
	return false;
}

static bool grid_row(
    struct arena *a, const struct grid *g, size_t i, struct row *row)
{
	if (i >= g->n_rows)
		return false;
	row->words = "";
	for (size_t k = 0; k < g->n_columns; k++) {
		row->words = arena_printf(a, "%s%s%s", row->words,
		    k > 0 ? "  " : "", g->rows[i][k].text);
		row->hot |= g->rows[i][k].hot;
	}
	return true;
}

static bool row_of(
    struct arena *a, const struct block *b, size_t i, struct row *row)
{
	*row = (struct row){0};
	if (b->n_tiles > 0)
		return tile_row(a, b, i, row);
	if (i < b->n_alerts) {
		const struct alert_row *x = &b->alerts[i];

		row->words = arena_printf(a, "%s %s", x->mark, x->name);
		row->hot = str_eq(x->look, "firing");
	} else if (b->n_alerts > 0) {
		return false;
	} else if (b->grid != NULL) {
		return grid_row(a, b->grid, i, row);
	} else if (i < b->n_log) {
		row->words = b->log[i].text;
	} else if (i == 0 && b->message != NULL) {
		row->words = b->message;
	}
	return row->words != NULL;
}

static void rows(const struct cell *c, const struct block *b)
{
	double y = c->y + SMALL;
	struct row row;

	for (size_t i = 0; y <= c->y + c->h && row_of(c->arena, b, i, &row);
	     i++, y += LINE)
		text(c, c->x, y, SMALL, false, row.hot ? INK_RED : INK_SOFT,
		    row.words);
}

static void panel(struct cell c, const struct block *b)
{
	bool alert = b->state == PANEL_ALERT;

	text(&c, c.x, c.y + TITLE, TITLE, true, alert ? INK_RED : INK_TEXT,
	    alert ? arena_printf(c.arena, "▲ %s", b->title) : b->title);
	c.y += HEAD;
	c.h -= HEAD;
	if (b->wide != NULL)
		chart(&c, b);
	else if (b->n_figures > 0)
		figures(&c, b);
	else
		rows(&c, b);
}

struct scene *thumb_scene(
    struct arena *a, const struct page *p, const struct ruler *ruler)
{
	struct scene *s = scene_new(a, THUMB_WIDTH, THUMB_HEIGHT);
	struct cell c = {s, a, ruler, MARGIN, MARGIN, 0, 0};
	size_t across, down;
	struct chosen chosen;

	choose(&chosen, p);
	across = chosen.n > 2 ? 2 : 1;
	down = chosen.n > 1 ? 2 : 1;
	c.w = (THUMB_WIDTH - 2 * MARGIN - GAP * (double)(across - 1)) /
	      (double)across;
	c.h = (THUMB_HEIGHT - 2 * MARGIN - GAP * (double)(down - 1)) /
	      (double)down;
	for (size_t i = 0; i < chosen.n; i++) {
		struct cell at = c;
		size_t column = i % across, row = i / across;

		at.x += (double)column * (c.w + GAP);
		at.y += (double)row * (c.h + GAP);
		/* The third of three has its row to itself. */
		if (i + 1 == chosen.n && across == 2 && i % 2 == 0)
			at.w = THUMB_WIDTH - 2 * MARGIN;
		panel(at, chosen.blocks[i]);
	}
	return s;
}
