#include "chart/tile.h"

#include <math.h>

#include "base/buf.h"

#define SIDE	256.0 /* pixels of a tile at its own scale */
#define URL_MAX 4096

/* Which tiles a view takes at a zoom. */
struct cut {
	int zoom, count; /* tiles around the world */
	int x0, x1, y0, y1;
};

static int clamp(double v, int most)
{
	return v < 0 ? 0 : v > most ? most : (int)v;
}

/* The part of the world above a latitude, 0 to 1. */
static double above(double lat)
{
	return 0.5 - mercator_y(lat) / (2 * M_PI);
}

static struct cut cut_at(const struct geo_view *v, int zoom)
{
	int n = 1 << zoom;
	struct cut c = {.zoom = zoom, .count = n};

	c.x0 = (int)floor((v->bounds.west + 180) / 360 * n);
	c.x1 = (int)ceil((v->bounds.east + 180) / 360 * n) - 1;
	c.y0 = clamp(floor(above(v->bounds.north) * n), n - 1);
	c.y1 = clamp(ceil(above(v->bounds.south) * n) - 1, n - 1);
	return c;
}

static size_t size_of(const struct cut *c)
{
	return (size_t)(c->x1 - c->x0 + 1) * (size_t)(c->y1 - c->y0 + 1);
}

static struct cut cut_best(const struct geo_view *v, size_t most)
{
	double whole = log2(2 * M_PI * v->scale / SIDE);
	int zoom = clamp(round(whole), TILE_ZOOM_MAX);
	struct cut c = cut_at(v, zoom);

	while (size_of(&c) > most && zoom > 0)
		c = cut_at(v, --zoom);
	return c;
}

static struct xy corner(
    const struct geo_view *v, const struct cut *c, int x, int y)
{
	double lon = (double)x / c->count * 360 - 180;
	double lat = mercator_lat(M_PI - (double)y / c->count * 2 * M_PI);

	return geo_project(v, lon, lat);
}

struct geo_tile *geo_tiles(
    struct arena *a, const struct geo_view *v, size_t most, size_t *n)
{
	struct cut c = cut_best(v, most);
	struct geo_tile *all;

	*n = 0;
	if (size_of(&c) > most)
		return NULL;
	all = arena_array(a, size_of(&c), sizeof(*all));
	for (int y = c.y0; y <= c.y1; y++)
		for (int x = c.x0; x <= c.x1; x++)
			all[(*n)++] = (struct geo_tile){
			    .z = c.zoom,
			    .x = ((x % c.count) + c.count) % c.count,
			    .y = y,
			    .from = corner(v, &c, x, y),
			    .to = corner(v, &c, x + 1, y + 1),
			};
	return all;
}

const char *geo_tile_url(
    struct arena *a, const char *pattern, const struct geo_tile *t)
{
	struct buf b;
	const char *url;

	buf_init(&b, URL_MAX);
	for (const char *p = pattern; *p != '\0'; p++) {
		bool name = p[0] == '{' && p[1] != '\0' && p[2] == '}';

		if (name && p[1] == 'z')
			buf_printf(&b, "%d", t->z);
		else if (name && p[1] == 'x')
			buf_printf(&b, "%d", t->x);
		else if (name && p[1] == 'y')
			buf_printf(&b, "%d", t->y);
		else
			buf_char(&b, *p);
		p +=
		    name && (p[1] == 'z' || p[1] == 'x' || p[1] == 'y') ? 2 : 0;
	}
	url = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return url;
}
