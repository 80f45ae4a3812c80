#include "chart/scene.h"

#include <math.h>

struct scene *scene_new(struct arena *a, double w, double h)
{
	struct scene *s = arena_make(a, struct scene);

	s->arena = a;
	s->w = w;
	s->h = h;
	return s;
}

static struct scene_item *add(struct scene *s, enum scene_kind kind,
    const struct xy *points, size_t n, enum ink ink)
{
	struct scene_item *it = arena_push(s->arena, &s->items, &s->n, &s->cap);

	it->kind = kind;
	it->ink = ink;
	it->points = arena_copy(s->arena, points, n * sizeof(*points));
	it->n = n;
	return it;
}

struct scene_item *scene_line(struct scene *s, const struct xy *points,
    size_t n, enum ink ink, double width)
{
	struct scene_item *it = add(s, SCENE_LINE, points, n, ink);

	it->width = width;
	return it;
}

struct scene_item *scene_area(struct scene *s, const struct xy *points,
    size_t n, enum ink ink, double opacity)
{
	struct scene_item *it = add(s, SCENE_AREA, points, n, ink);

	it->opacity = opacity;
	return it;
}

struct scene_item *scene_rect(
    struct scene *s, double x0, double y0, double x1, double y1, enum ink ink)
{
	const struct xy corners[] = {{x0, y0}, {x1, y1}};

	return add(s, SCENE_RECT, corners, 2, ink);
}

struct scene_item *scene_hatch(
    struct scene *s, double x0, double y0, double x1, double y1)
{
	const struct xy corners[] = {{x0, y0}, {x1, y1}};

	return add(s, SCENE_HATCH, corners, 2, INK_RULE);
}

struct scene_item *scene_mark(struct scene *s, double x, double y,
    enum mark mark, double size, enum ink ink)
{
	const struct xy at = {x, y};
	struct scene_item *it = add(s, SCENE_MARK, &at, 1, ink);

	it->mark = mark;
	it->size = size;
	return it;
}

struct scene_item *scene_text(struct scene *s, double x, double y,
    enum anchor anchor, double size, enum ink ink, const char *text)
{
	const struct xy at = {x, y};
	struct scene_item *it = add(s, SCENE_TEXT, &at, 1, ink);

	it->anchor = anchor;
	it->size = size;
	it->text = arena_strdup(s->arena, text);
	return it;
}

void scene_paste(
    struct scene *s, const struct scene *from, double x, double y, double scale)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct scene_item *it = &from->items[i];
		struct scene_item *to =
		    add(s, it->kind, it->points, it->n, it->ink);
		struct xy *points = to->points;

		*to = *it;
		to->points = points;
		to->size *= scale;
		to->width *= scale;
		for (size_t k = 0; k < to->n; k++)
			to->points[k] = (struct xy){
			    x + points[k].x * scale, y + points[k].y * scale};
	}
}

struct scene_item *scene_picture(
    struct scene *s, const struct xy points[4], struct span png)
{
	struct scene_item *it = add(s, SCENE_PICTURE, points, 4, INK_NONE);

	it->png = png;
	return it;
}

bool scene_mark_is_open(enum mark mark)
{
	return mark == MARK_CROSS || mark == MARK_PLUS;
}

size_t scene_mark_points(
    const struct scene_item *it, struct xy points[SCENE_MARK_POINTS])
{
	static const struct {
		struct xy points[SCENE_MARK_POINTS];
		size_t n;
	} shapes[MARK_COUNT] = {
	    [MARK_SQUARE] = {{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}, 4},
	    [MARK_TRIANGLE] = {{{0, -1}, {1, 1}, {-1, 1}}, 3},
	    [MARK_CROSS] = {{{-1, -1}, {1, 1}, {NAN, NAN}, {-1, 1}, {1, -1}},
		5},
	    [MARK_DIAMOND] = {{{0, -1.2}, {1.2, 0}, {0, 1.2}, {-1.2, 0}}, 4},
	    [MARK_NABLA] = {{{-1, -1}, {1, -1}, {0, 1}}, 3},
	    [MARK_PLUS] = {{{0, -1}, {0, 1}, {NAN, NAN}, {-1, 0}, {1, 0}}, 5},
	};
	size_t n = shapes[it->mark].n;

	for (size_t i = 0; i < n; i++) {
		const struct xy *unit = &shapes[it->mark].points[i];

		points[i].x = it->points[0].x + unit->x * it->size / 2;
		points[i].y = it->points[0].y + unit->y * it->size / 2;
	}
	return n;
}
