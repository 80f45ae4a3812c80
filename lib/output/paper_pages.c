/* Boxes are dealt out to pages. */
#include <math.h>

#include "output/paper_private.h"

#define HEAD 26.0 /* of the pages after the first */
#define FOOT 22.0

/* Where a box came to be. */
struct spot {
	size_t page;
	double y;
};

struct dealing {
	const struct paper_flow *flow;
	const struct paper_frame *frame;
	struct canvas_document *out;
	struct spot *spots; /* of each box */
	double y;	    /* the next box goes here */
	bool fresh;	    /* nothing is on this page yet */
};

static struct canvas_page *this_page(const struct dealing *d)
{
	return &d->out->pages[d->out->n - 1];
}

static void new_page(struct dealing *d)
{
	const struct paper_size *size = d->frame->size;
	struct canvas_page *page = arena_push(
	    d->flow->arena, &d->out->pages, &d->out->n, &d->out->cap);

	page->scene = scene_new(d->flow->arena, size->w, size->h);
	d->y = size->margin + (d->out->n > 1 ? HEAD : 0);
	d->fresh = true;
}

static double bottom(const struct dealing *d)
{
	const struct paper_size *size = d->frame->size;

	return size->h == 0 ? INFINITY : size->h - size->margin - FOOT;
}

/* How high the boxes are that stay together with this one. */
static double run_height(const struct dealing *d, size_t i)
{
	const struct paper_box *b = &d->flow->boxes[i];
	double h = b->scene->h;

	while (b->keeps && i + 1 < d->flow->n) {
		b = &d->flow->boxes[++i];
		h += b->before + b->scene->h;
	}
	return h;
}

static void paste(struct dealing *d, const struct paper_box *b)
{
	scene_paste(
	    this_page(d)->scene, b->scene, d->frame->size->margin, d->y, 1);
	d->y += b->scene->h;
	d->fresh = false;
}

static void add_headings(struct dealing *d, const struct paper_box *b)
{
	struct canvas_page *page = this_page(d);

	for (size_t i = 0; i < b->n_names; i++) {
		const struct paper_name *name = &b->names[i];

		if (name->heading == NULL)
			continue;
		*arena_push(d->flow->arena, &page->places, &page->n,
		    &page->cap) = (struct canvas_place){.kind = PLACE_HEADING,
		    .from = {0, d->y},
		    .level = name->level,
		    .text = name->heading};
	}
}

static bool fits(const struct dealing *d, double h)
{
	return d->y + h <= bottom(d);
}

/* Boxes that stay together but are higher than a page are parted after all. */
static void deal(struct dealing *d, size_t i)
{
	const struct paper_box *b = &d->flow->boxes[i];
	double before = d->fresh ? 0 : b->before;
	bool follows = i > 0 && d->flow->boxes[i - 1].keeps;

	if (!d->fresh &&
	    (!fits(d, before + b->scene->h) ||
		(!follows && !fits(d, before + run_height(d, i))))) {
		new_page(d);
		before = 0;
	}
	if (d->fresh && b->head != NULL)
		paste(d, b->head);
	d->y += before;
	d->spots[i] = (struct spot){d->out->n - 1, d->y};
	add_headings(d, b);
	paste(d, b);
}

static const struct spot *find(const struct dealing *d, const char *id)
{
	for (size_t i = 0; i < d->flow->n; i++)
		for (size_t k = 0; k < d->flow->boxes[i].n_names; k++)
			if (str_eq(d->flow->boxes[i].names[k].id, id))
				return &d->spots[i];
	return NULL;
}

/* Once all places are known. */
static void add_links(struct dealing *d, size_t i)
{
	const struct paper_box *b = &d->flow->boxes[i];
	struct canvas_page *page = &d->out->pages[d->spots[i].page];
	double x = d->frame->size->margin, y = d->spots[i].y;

	for (size_t k = 0; k < b->n_links; k++) {
		const struct paper_link *l = &b->links[k];
		const struct spot *to = find(d, l->to);

		if (to == NULL)
			continue;
		*arena_push(d->flow->arena, &page->places, &page->n,
		    &page->cap) = (struct canvas_place){.kind = PLACE_LINK,
		    .from = {x + l->x0, y + l->y0},
		    .to = {x + l->x1, y + l->y1},
		    .page = to->page,
		    .y = to->y};
	}
}

static void words(struct dealing *d, struct scene *s, double y,
    const char *left, const char *right)
{
	const struct paper_flow *f = d->flow;
	double x0 = d->frame->size->margin, x1 = x0 + f->w, size = 8;
	double w = ruler_width(f->ruler, right, size, false);

	scene_text(s, x0, y, ANCHOR_START, size, INK_SOFT,
	    ruler_fit(f->ruler, f->arena, left, size, false, f->w - w - 10));
	scene_text(s, x1, y, ANCHOR_END, size, INK_SOFT, right);
}

static void frame(struct dealing *d, size_t i)
{
	const struct paper_frame *frame = d->frame;
	const struct paper_size *size = frame->size;
	struct scene *s = d->out->pages[i].scene;
	double right = size->margin + d->flow->w;
	double low = s->h - size->margin;

	if (i > 0) {
		words(d, s, size->margin + 6, frame->title, frame->when);
		scene_rect(s, size->margin, size->margin + 12, right,
		    size->margin + 12.6, INK_RULE);
	}
	scene_rect(s, size->margin, low - 12, right, low - 11.4, INK_RULE);
	words(d, s, low, frame->foot,
	    size->h == 0 ? ""
			 : arena_printf(d->flow->arena, "page %zu of %zu",
			       i + 1, d->out->n));
}

void paper_pages(const struct paper_flow *f, const struct paper_frame *frm,
    struct canvas_document *out)
{
	struct dealing d = {.flow = f, .frame = frm, .out = out};

	d.spots = arena_array(f->arena, f->n, sizeof(*d.spots));
	new_page(&d);
	for (size_t i = 0; i < f->n; i++)
		deal(&d, i);
	if (frm->size->h == 0)
		this_page(&d)->scene->h = ceil(d.y + FOOT + frm->size->margin);
	for (size_t i = 0; i < f->n; i++)
		add_links(&d, i);
	for (size_t i = 0; i < out->n; i++)
		frame(&d, i);
}
