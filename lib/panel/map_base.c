/* What is below the points of a map: land, a graticule, a scale bar. */
#include <math.h>

#include "chart/unit.h"
#include "panel/map.h"

#define COARSE	   0.12 /* degrees to the pixel: the outline 1:110m is enough */
#define WORLD_MOST 4200 /* points of land and borders in a picture */
#define OWN_MOST   4000
#define SMALL	   10.0
#define APART	   90.0 /* pixels between lines of the graticule, at least */
#define LABEL_ROOM 26.0
#define BAR_SHARE  0.2 /* of the frame's width, at most */

static double degrees_per_pixel(const struct geo_view *v)
{
	return (v->bounds.east - v->bounds.west) / (v->frame.x1 - v->frame.x0);
}

/* Round numbers of degrees, and of parts of one. */
static double graticule_step(double degrees, double pixels)
{
	static const double steps[] = {
	    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};
	size_t n = sizeof(steps) / sizeof(steps[0]);

	for (size_t i = 0; i < n; i++)
		if (steps[i] / degrees * pixels >= APART)
			return steps[i];
	return 60;
}

/* "51.5° N", "0°", "180°" */
static const char *degrees_words(
    struct arena *a, double v, const char *plus, const char *minus)
{
	double turned = fabs(v) < 1e-9 ? 0 : v;
	const char *side = turned > 0 ? plus : minus;

	if (turned == 0 || fabs(turned) == 180)
		side = "";
	return arena_printf(
	    a, "%.4g°%s%s", fabs(turned), side[0] != '\0' ? " " : "", side);
}

static void label(
    struct scene *s, double x, double y, enum anchor anchor, const char *words)
{
	scene_text(s, x, y, anchor, SMALL, INK_SOFT, words)->halo = true;
}

struct graticule {
	const struct map *map;
	const struct geo_view *view;
	bool labels; /* else lines */
};

static void draw_parallels(const struct graticule *g, struct scene *s)
{
	const struct frame *f = &g->view->frame;
	const struct geo_box *b = &g->view->bounds;
	double step = graticule_step(b->north - b->south, f->y1 - f->y0);
	int last = (int)floor(b->north / step);

	for (int i = (int)ceil(b->south / step); i <= last; i++) {
		double y = geo_project(g->view, 0, i * step).y;
		struct xy line[] = {{f->x0, y}, {f->x1, y}};

		if (!g->labels)
			scene_line(s, line, 2, INK_HAIR, 1);
		else if (y > f->y0 + SMALL && y < f->y1 - LABEL_ROOM)
			label(s, f->x0 + 3, y - 3, ANCHOR_START,
			    degrees_words(g->map->arena, i * step, "N", "S"));
	}
}

static void draw_meridians(const struct graticule *g, struct scene *s)
{
	const struct frame *f = &g->view->frame;
	const struct geo_box *b = &g->view->bounds;
	double step = graticule_step(b->east - b->west, f->x1 - f->x0);
	int last = (int)floor(b->east / step);

	for (int i = (int)ceil(b->west / step); i <= last; i++) {
		double x = geo_project(g->view, i * step, 0).x;
		double lon = geo_turn(i * step, -180);
		struct xy line[] = {{x, f->y0}, {x, f->y1}};

		if (!g->labels)
			scene_line(s, line, 2, INK_HAIR, 1);
		else if (x > f->x0 + LABEL_ROOM && x < f->x1 - LABEL_ROOM)
			label(s, x + 3, f->y0 + SMALL + 2, ANCHOR_START,
			    degrees_words(g->map->arena, lon, "E", "W"));
	}
}

static void draw_graticule(
    const struct map *m, const struct geo_view *v, bool labels, struct scene *s)
{
	struct graticule g = {m, v, labels};

	draw_parallels(&g, s);
	draw_meridians(&g, s);
}

void map_draw_base(const struct map *m, const struct geo_view *v,
    const struct map_tiles *tiles, struct scene *s)
{
	static const struct outline_style world = {
	    .fill = INK_HAIR,
	    .edge = INK_RULE,
	    .line = INK_RULE,
	    .width = 0.7,
	    .most = WORLD_MOST,
	};
	static const struct outline_style own = {
	    .fill = INK_SOFT,
	    .opacity = 0.12,
	    .edge = INK_SOFT,
	    .line = INK_SOFT,
	    .width = 0.9,
	    .most = OWN_MOST,
	};
	const struct outline *o =
	    degrees_per_pixel(v) > COARSE || m->in->near == NULL ? m->in->world
								 : m->in->near;

	bool hidden = tiles->n > 0 && tiles->n_found == tiles->n;

	if (!hidden)
		draw_graticule(m, v, false, s);
	if (!hidden && o != NULL)
		outline_draw(o, v, &world, s);
	map_draw_tiles(tiles, v, s);
	outline_draw(&m->own, v, &own, s);
}

/* The longest round length that is not too long: 1, 2 or 5 of a kind. */
static double bar_length(double most)
{
	double power = pow(10, floor(log10(most)));

	return power * (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1);
}

static void draw_bar(
    const struct map *m, const struct geo_view *v, struct scene *s)
{
	const struct frame *f = &v->frame;
	double metres = geo_metres_per_pixel(v);
	double length = bar_length((f->x1 - f->x0) * BAR_SHARE * metres);
	double x1 = f->x1 - 10, x0 = x1 - length / metres, y = f->y1 - 9;
	struct xy bar[] = {{x0, y - 4}, {x0, y}, {x1, y}, {x1, y - 4}};
	const char *words = length >= 1000
				? arena_printf(m->arena, "%s km",
				      unit_whole(m->arena, length / 1000))
				: arena_printf(m->arena, "%.0f m", length);

	scene_line(s, bar, 4, INK_PAPER, 3.4)->opacity = 0.8;
	scene_line(s, bar, 4, INK_SOFT, 1);
	label(s, (x0 + x1) / 2, y - 4, ANCHOR_MIDDLE, words);
}

/* Covers the edges of areas that end just outside of the frame. */
void map_draw_frame(
    const struct map *m, const struct geo_view *v, struct scene *s)
{
	const struct frame *f = &v->frame;
	struct xy cover[] = {{f->x0 - 1, f->y0 - 1}, {f->x1 + 1, f->y0 - 1},
	    {f->x1 + 1, f->y1 + 1}, {f->x0 - 1, f->y1 + 1},
	    {f->x0 - 1, f->y0 - 2}};
	struct xy edge[] = {{f->x0, f->y0}, {f->x1, f->y0}, {f->x1, f->y1},
	    {f->x0, f->y1}, {f->x0, f->y0}};

	scene_line(s, cover, 5, INK_PAPER, 3);
	scene_line(s, edge, 5, INK_RULE, 1);
	draw_graticule(m, v, true, s);
	draw_bar(m, v, s);
}
