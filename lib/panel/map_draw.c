/* The scene of a map. */
#include <math.h>
#include <string.h>

#include "chart/unit.h"
#include "panel/map.h"
#include "panel/parts.h"

#define MARGIN	   26.0 /* between the outermost points and the edge */
#define LEAST	   0.25 /* degrees of latitude: what is around one point */
#define MARK_SIZE  9.0
#define RING_SIZE  26.0
#define SMALL	   11.0
#define ROW	   20.0 /* of the legend */
#define GAP	   18.0
#define PALE	   0.45
#define TRAIL	   1.4
#define TRAIL_MOST 4000
#define LABELLED   40 /* points that bear their names, where there is room */

bool map_bounds(const struct strings *words, struct geo_box *box)
{
	double v[4];

	if (words->n != 4)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (!str_number(words->items[i], &v[i]) ||
		    fabs(v[i]) > (i % 2 == 0 ? 90 : 360))
			return false;
	*box = (struct geo_box){v[0], v[1], v[2], v[3]};
	if (box->east <= box->west)
		box->east += 360;
	return box->south < box->north && box->west < box->east &&
	       box->east - box->west <= 360;
}

/* As the user wants it, or around all points. */
static struct geo_box box_of(const struct map *m, double *margin)
{
	struct geo_box box = {-60, -180, 75, 180};
	struct lonlat *all = arena_array(m->arena, m->n_points, sizeof(*all));

	*margin = 0;
	if (map_bounds(&m->conf->bounds, &box) || m->n_points == 0)
		return box;
	*margin = MARGIN;
	for (size_t i = 0; i < m->n_points; i++)
		all[i] = m->points[i].at;
	return geo_box_around(m->arena, all, m->n_points);
}

/* Tiles are in Mercator's projection, wherever the map is. */
struct geo_view map_view(const struct map *m, double w, double h)
{
	const struct frame frame = {0.5, 0.5, w - 0.5, h - 0.5};
	double margin;
	struct geo_box box = box_of(m, &margin);

	if (m->conf->projection == MAP_AUTO && m->conf->tiles == NULL)
		return geo_fit_best(&box, &frame, margin, LEAST);
	return geo_fit(&box,
	    m->conf->projection == MAP_EQUIRECTANGULAR
		? PROJECTION_EQUIRECTANGULAR
		: PROJECTION_MERCATOR,
	    &frame, margin, LEAST);
}

/* One entry of the legend; the width that it takes. */
struct entry {
	enum mark mark;
	enum ink ink;
	double opacity;
	const char *words;
};

static size_t entries_of(const struct map *m, struct entry *to)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_states; i++) {
		const struct map_state *s = &m->states[i];
		const char *name = s->name;

		if (m->conf->colour == NULL)
			continue;
		to[n++] = (struct entry){s->mark, s->ink, 1,
		    arena_printf(m->arena, "%s %s",
			name[0] != '\0' ? name : "without a state",
			unit_whole(m->arena, (double)s->n))};
	}
	if (m->n_gone > 0)
		to[n++] = (struct entry){MARK_CIRCLE, INK_SOFT, PALE,
		    arena_printf(m->arena, "no longer listed %s",
			unit_whole(m->arena, (double)m->n_gone))};
	return n;
}

/* Draws the legend or, where s is NULL, only measures its height. */
static double legend(const struct map *m, double w, double top, struct scene *s)
{
	struct entry *e = arena_array(m->arena, m->n_states + 1, sizeof(*e));
	size_t n = entries_of(m, e);
	double x = 0, y = ROW;

	for (size_t i = 0; i < n; i++) {
		const char *words = ruler_fit(
		    m->in->ruler, m->arena, e[i].words, SMALL, false, w - GAP);
		double wide =
		    GAP - 4 + ruler_width(m->in->ruler, words, SMALL, false);

		if (x > 0 && x + wide > w) {
			x = 0;
			y += ROW;
		}
		if (s != NULL) {
			scene_mark(s, x + 5, top + y - 8, e[i].mark, MARK_SIZE,
			    e[i].ink)
			    ->opacity = e[i].opacity;
			scene_text(s, x + GAP - 4, top + y - 4, ANCHOR_START,
			    SMALL, INK_SOFT, words);
		}
		x += wide + GAP;
	}
	return n > 0 ? y : 0;
}

static void draw_trails(
    const struct map *m, const struct geo_view *v, struct scene *s)
{
	for (size_t i = 0; i < m->n_states && m->trails != NULL; i++) {
		struct outline_style style = {
		    .line = m->states[i].ink,
		    .width = TRAIL,
		    .most = TRAIL_MOST,
		};
		size_t before = s->n;

		outline_draw(&m->trails[i], v, &style, s);
		if (s->n > before)
			s->items[before].opacity = PALE;
	}
}

static void draw_cluster(
    const struct map *m, const struct map_spot *spot, struct scene *s)
{
	struct scene_item *it = scene_mark(
	    s, spot->at.x, spot->at.y, MARK_RING, RING_SIZE - 2, INK_SOFT);

	it->title = spot->title;
	scene_text(s, spot->at.x, spot->at.y + 3.5, ANCHOR_MIDDLE, 10, INK_TEXT,
	    spot->n < 1000
		? arena_printf(m->arena, "%zu", spot->n)
		: arena_printf(m->arena, "%.3gk", (double)spot->n / 1000))
	    ->bold = true;
}

static void draw_spot(
    const struct map *m, const struct map_spot *spot, struct scene *s)
{
	const struct map_state *state;
	struct scene_item *it;

	if (spot->point == NULL) {
		draw_cluster(m, spot, s);
		return;
	}
	state = &m->states[spot->point->state];
	it = scene_mark(
	    s, spot->at.x, spot->at.y, state->mark, MARK_SIZE, state->ink);
	it->halo = true;
	it->title = spot->title;
	if (spot->point->gone)
		it->opacity = PALE;
}

static bool is_apart(const struct frame *a, const struct frame *b)
{
	return a->x1 < b->x0 || b->x1 < a->x0 || a->y1 < b->y0 || b->y1 < a->y0;
}

static bool is_free(
    const struct frame *box, const struct frame *taken, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_apart(box, &taken[i]))
			return false;
	return true;
}

/* Names beside their points, those that find room. */
static void draw_names(const struct map *m, const struct geo_view *v,
    const struct map_spot *spots, size_t n, struct scene *s)
{
	struct frame *taken = arena_array(m->arena, 2 * n, sizeof(*taken));
	const struct frame *f = &v->frame;
	size_t used = n;

	for (size_t i = 0; i < n; i++)
		taken[i] = (struct frame){spots[i].at.x - 5, spots[i].at.y - 5,
		    spots[i].at.x + 5, spots[i].at.y + 5};
	for (size_t i = n; i-- > 0;) {
		const char *name = spots[i].point->name;
		double w = ruler_width(m->in->ruler, name, SMALL - 1, false);
		double x = spots[i].at.x + 8, y = spots[i].at.y;
		struct frame box = {x, y - 6, x + w, y + 6};

		if (box.x1 > f->x1 - 4 || !is_free(&box, taken, used)) {
			box.x1 = x - 16;
			box.x0 = box.x1 - w;
		}
		if (box.x0 < f->x0 + 4 || box.x1 > f->x1 - 4 ||
		    box.y1 > f->y1 - 24 || !is_free(&box, taken, used))
			continue;
		taken[used++] = box;
		scene_text(
		    s, box.x0, y + 3.5, ANCHOR_START, SMALL - 1, INK_TEXT, name)
		    ->halo = true;
	}
}

struct map_picture map_draw(const struct map *m, double w, double h)
{
	double below = legend(m, w, 0, NULL);
	struct geo_view v = map_view(m, w, h);
	struct map_tiles tiles = map_find_tiles(m, &v);
	struct scene *s;
	struct map_spot *spots;
	size_t n, outside;

	s = scene_new(m->arena, w, ceil(v.frame.y1 + 0.5 + below));
	spots = map_spots(m, &v, &n, &outside);
	map_draw_base(m, &v, &tiles, s);
	draw_trails(m, &v, s);
	map_draw_frame(m, &v, s);
	map_draw_attribution(m, &tiles, &v, s);
	for (size_t i = 0; i < n; i++)
		draw_spot(m, &spots[i], s);
	if (m->conf->label != NULL && n == m->n_points - outside &&
	    n <= LABELLED && n > 0)
		draw_names(m, &v, spots, n, s);
	(void)legend(m, w, v.frame.y1 + 2, s);
	return (struct map_picture){s, v.projection, outside};
}
