/* Tiles below the points of a map, as far as they are there. */
#include "panel/map.h"

#include <string.h>

#include "chart/tile.h"

#define SIDE_MOST  24			     /* tiles of one picture */
#define BYTES_MOST ((size_t)2 * 1024 * 1024) /* of one picture */
#define SMALL	   10.0

bool map_tiles_wanted(const char *pattern)
{
	return (str_starts(pattern, "http://") ||
		   str_starts(pattern, "https://")) &&
	       strstr(pattern, "{z}") != NULL &&
	       strstr(pattern, "{x}") != NULL && strstr(pattern, "{y}") != NULL;
}

static const struct map_tile *find(
    const struct panel_input *in, const char *url)
{
	for (size_t i = 0; i < in->n_tiles; i++)
		if (str_eq(in->tiles[i].url, url))
			return in->tiles[i].png.n > 0 ? &in->tiles[i] : NULL;
	return NULL;
}

/* The tiles of a view, and those of them that are there. */
struct map_tiles map_find_tiles(const struct map *m, const struct geo_view *v)
{
	struct map_tiles t = {0};
	size_t bytes = 0;

	if (m->conf->tiles == NULL || v->projection != PROJECTION_MERCATOR)
		return t;
	t.places = geo_tiles(m->arena, v, SIDE_MOST, &t.n);
	t.found = arena_array(m->arena, t.n, sizeof(struct map_tile *));
	for (size_t i = 0; i < t.n; i++) {
		t.found[i] = find(m->in,
		    geo_tile_url(m->arena, m->conf->tiles, &t.places[i]));
		if (t.found[i] == NULL)
			continue;
		bytes += t.found[i]->png.n;
		if (bytes > BYTES_MOST)
			t.found[i] = NULL;
		else
			t.n_found++;
	}
	return t;
}

void map_draw_tiles(
    const struct map_tiles *t, const struct geo_view *v, struct scene *s)
{
	const struct frame *f = &v->frame;

	for (size_t i = 0; i < t->n; i++) {
		const struct xy corners[] = {t->places[i].from, t->places[i].to,
		    {f->x0, f->y0}, {f->x1, f->y1}};

		if (t->found[i] != NULL)
			scene_picture(s, corners, t->found[i]->png);
	}
}

void map_draw_attribution(const struct map *m, const struct map_tiles *t,
    const struct geo_view *v, struct scene *s)
{
	const struct frame *f = &v->frame;
	const char *words;

	if (t->n_found == 0)
		return;
	words = ruler_fit(m->in->ruler, m->arena, m->conf->attribution, SMALL,
	    false, (f->x1 - f->x0) * 0.7);
	scene_text(
	    s, f->x0 + 6, f->y1 - 7, ANCHOR_START, SMALL, INK_TEXT, words)
	    ->halo = true;
}

void map_add_tiles(struct map *m, double w, double h, struct strings *urls)
{
	struct geo_view v = map_view(m, w, h);
	struct map_tiles t = map_find_tiles(m, &v);

	for (size_t i = 0; i < t.n; i++)
		strings_add(m->arena, urls,
		    geo_tile_url(m->arena, m->conf->tiles, &t.places[i]));
}
