/* Boxes, and text in them. */
#include <math.h>
#include <string.h>

#include "output/paper_private.h"

#define RISE 1.02 /* of a baseline below the top of its line, in sizes */

struct paper_flow paper_flow(const struct paper_flow *like, double w)
{
	return (struct paper_flow){
	    .arena = like->arena,
	    .ruler = like->ruler,
	    .w = w,
	    .endless = like->endless,
	};
}

struct paper_box *paper_box(struct paper_flow *f, double h)
{
	struct paper_box *b = arena_push(f->arena, &f->boxes, &f->n, &f->cap);

	b->scene = scene_new(f->arena, f->w, h);
	return b;
}

void paper_name(
    struct paper_box *b, const char *id, const char *heading, int level)
{
	*arena_push(b->scene->arena, &b->names, &b->n_names, &b->cap_names) =
	    (struct paper_name){id, heading, level};
}

double paper_height(const struct paper_flow *f)
{
	double h = 0;

	for (size_t i = 0; i < f->n; i++)
		h += f->boxes[i].scene->h + (i > 0 ? f->boxes[i].before : 0);
	return h;
}

static void paste_names(struct paper_box *to, const struct paper_box *from)
{
	for (size_t i = 0; i < from->n_names; i++)
		*arena_push(to->scene->arena, &to->names, &to->n_names,
		    &to->cap_names) = from->names[i];
}

static void paste_links(
    struct paper_box *to, const struct paper_box *from, double x, double y)
{
	for (size_t i = 0; i < from->n_links; i++) {
		struct paper_link *l = arena_push(
		    to->scene->arena, &to->links, &to->n_links, &to->cap_links);

		*l = from->links[i];
		l->x0 += x;
		l->x1 += x;
		l->y0 += y;
		l->y1 += y;
	}
}

void paper_paste(
    struct paper_box *to, double x, double y, const struct paper_flow *f)
{
	for (size_t i = 0; i < f->n; i++) {
		y += i > 0 ? f->boxes[i].before : 0;
		scene_paste(to->scene, f->boxes[i].scene, x, y, 1);
		paste_names(to, &f->boxes[i]);
		paste_links(to, &f->boxes[i], x, y);
		y += f->boxes[i].scene->h;
	}
}

struct paper_box *paper_beside(
    struct paper_flow *f, const struct paper_flow *flows, size_t n, double step)
{
	struct paper_box *box;
	double h = 0;

	for (size_t i = 0; i < n; i++)
		h = fmax(h, paper_height(&flows[i]));
	box = paper_box(f, h);
	for (size_t i = 0; i < n; i++)
		paper_paste(box, (double)i * step, 0, &flows[i]);
	return box;
}

/* A text as it is taken apart. */
struct breaking {
	const struct paper_flow *flow;
	const struct paper_style *style;
	double w;
	const char *line;    /* begins here */
	const char *space;   /* the last one in it, or NULL */
	double used, behind; /* of the line; of what is behind the space */
};

static double width_of(const struct breaking *b, const char *c, size_t n)
{
	char text[8] = "";

	if (b->style->mono)
		return b->style->size * FONT_MONO_WIDTH;
	memcpy(text, c, n < sizeof(text) ? n : sizeof(text) - 1);
	return ruler_width(
	    b->flow->ruler, text, b->style->size, b->style->bold);
}

/* The line up to `end` is done; the next one begins at `next`. */
static void end_line(struct breaking *b, struct strings *lines, const char *end,
    const char *next)
{
	struct arena *a = b->flow->arena;

	strings_add(
	    a, lines, arena_strndup(a, b->line, (size_t)(end - b->line)));
	b->line = next;
	b->space = NULL;
}

static const char *shortened(const struct breaking *b, const char *line)
{
	struct arena *a = b->flow->arena;
	char *text = arena_printf(a, "%s…", line);
	size_t n = strlen(line);

	if (!b->style->mono)
		return ruler_fit(b->flow->ruler, a, text, b->style->size,
		    b->style->bold, b->w);
	return arena_printf(
	    a, "%.*s…", (int)str_whole(line, n > 3 ? n - 3 : n), line);
}

/* Takes the character at c, which is that wide. */
static void take(
    struct breaking *b, struct strings *lines, const char *c, double w)
{
	if (*c == '\n') {
		end_line(b, lines, c, c + 1);
		b->used = 0;
		return;
	}
	if (b->used + w > b->w && *c != ' ' && b->used > 0) {
		if (b->space != NULL) {
			end_line(b, lines, b->space, b->space + 1);
			b->used = b->behind;
		} else {
			end_line(b, lines, c, c);
			b->used = 0;
		}
	}
	b->used += w;
	b->behind += w;
	if (*c == ' ') {
		b->space = c;
		b->behind = 0;
	}
}

struct strings paper_wrap(const struct paper_flow *f, const char *text,
    const struct paper_style *style, double w, size_t max)
{
	struct breaking b = {f, style, w, text, NULL, 0, 0};
	struct strings lines = {0};
	const char *c = text, *next = text;

	while (*c != '\0' && lines.n < max) {
		(void)text_next(&next);
		take(&b, &lines, c, width_of(&b, c, (size_t)(next - c)));
		c = next;
	}
	if (lines.n < max && (*b.line != '\0' || lines.n == 0))
		end_line(&b, &lines, c, c);
	else if (lines.items != NULL && *b.line != '\0')
		lines.items[lines.n - 1] =
		    shortened(&b, lines.items[lines.n - 1]);
	return lines;
}

double paper_line_height(const struct paper_style *s)
{
	return s->size * PAPER_LINE;
}

void paper_lines(struct scene *s, double x, double y,
    const struct strings *lines, const struct paper_style *style)
{
	for (size_t i = 0; i < lines->n; i++) {
		struct scene_item *it = scene_text(s, x,
		    y + (double)i * paper_line_height(style) +
			style->size * RISE,
		    ANCHOR_START, style->size, style->ink, lines->items[i]);

		it->bold = style->bold;
		it->mono = style->mono;
	}
}

struct paper_box *paper_text(struct paper_flow *f, const char *text,
    const struct paper_style *style, size_t max)
{
	struct strings lines = paper_wrap(f, text, style, f->w, max);
	struct paper_box *b =
	    paper_box(f, (double)lines.n * paper_line_height(style));

	paper_lines(b->scene, 0, 0, &lines, style);
	return b;
}
