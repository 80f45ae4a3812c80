/*
 * The user's own outline: GeoJSON (RFC 7946) of any geometry, features and
 * collections. Of properties only `name` is looked at.
 */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "panel/map.h"

#define DEPTH_MAX 8 /* of collections in collections */
#define NAME_MAX  100
#define WOUND_MAX 900.0 /* degrees */

struct geojson {
	struct arena *arena;
	struct outline *out;
	size_t points;
	const char *name; /* of the feature that is read */
	int depth;
	struct err *err;
};

static int read_place(
    struct geojson *g, const struct json *at, struct lonlat *out)
{
	out->lon = json_number_of(json_at(at, 0));
	out->lat = json_number_of(json_at(at, 1));
	if (!(fabs(out->lon) <= 360 && fabs(out->lat) <= 90))
		return err_set(g->err,
		    "not GeoJSON: a position is wanted, [longitude, latitude]");
	if (++g->points > OUTLINE_POINTS_MAX || g->out->n > OUTLINE_PARTS_MAX)
		return err_set(g->err, "more than %d positions or %d parts",
		    OUTLINE_POINTS_MAX, OUTLINE_PARTS_MAX);
	return 0;
}

static int read_point(struct geojson *g, const struct json *at)
{
	struct lonlat *place = arena_make(g->arena, struct lonlat);

	if (read_place(g, at, place) != 0)
		return -1;
	outline_add(g->arena, g->out, OUTLINE_POINT, place, 1)->name = g->name;
	return 0;
}

/* Longitudes go on at the antimeridian instead of jumping back. */
static int read_line(
    struct geojson *g, const struct json *line, enum outline_kind kind)
{
	size_t n = json_count(line), least = kind == OUTLINE_AREA ? 3 : 2;
	struct lonlat *p;

	if (n < least)
		return err_set(g->err,
		    "not GeoJSON: a line of %zu positions or more is wanted",
		    least);
	if (n > OUTLINE_POINTS_MAX)
		return err_set(
		    g->err, "more than %d positions", OUTLINE_POINTS_MAX);
	p = arena_array(g->arena, n, sizeof(*p));
	for (size_t i = 0; i < n; i++) {
		if (read_place(g, json_at(line, i), &p[i]) != 0)
			return -1;
		if (i > 0)
			p[i].lon = geo_turn(p[i].lon, p[i - 1].lon - 180);
		if (fabs(p[i].lon) > WOUND_MAX)
			return err_set(g->err, "a line winds around the earth");
	}
	if (fabs(p[n - 1].lon - p[0].lon) >= 360)
		kind = OUTLINE_LINE; /* around a pole: no area on this sheet */
	outline_add(g->arena, g->out, kind, p, n)->name = g->name;
	return 0;
}

static int read_ring(struct geojson *g, const struct json *ring)
{
	return read_line(g, ring, OUTLINE_AREA);
}

static int read_open(struct geojson *g, const struct json *line)
{
	return read_line(g, line, OUTLINE_LINE);
}

typedef int reader(struct geojson *, const struct json *);

static int each(struct geojson *g, const struct json *list, reader *read)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (read(g, json_at(list, i)) != 0)
			return -1;
	return 0;
}

static int read_points(struct geojson *g, const struct json *c)
{
	return each(g, c, read_point);
}

static int read_lines(struct geojson *g, const struct json *c)
{
	return each(g, c, read_open);
}

static int read_polygon(struct geojson *g, const struct json *c)
{
	return each(g, c, read_ring);
}

static int read_polygons(struct geojson *g, const struct json *c)
{
	return each(g, c, read_polygon);
}

static int read_object(struct geojson *, const struct json *);

static int read_objects(struct geojson *g, const struct json *list)
{
	return each(g, list, read_object);
}

static int read_feature(struct geojson *g, const struct json *geometry)
{
	return geometry == NULL || json_get(geometry, "type") == NULL
		   ? 0 /* it may be null */
		   : read_object(g, geometry);
}

static const struct {
	const char *type, *member;
	reader *read;
} types[] = {
    {"FeatureCollection", "features", read_objects},
    {"Feature", "geometry", read_feature},
    {"GeometryCollection", "geometries", read_objects},
    {"Point", "coordinates", read_point},
    {"MultiPoint", "coordinates", read_points},
    {"LineString", "coordinates", read_open},
    {"MultiLineString", "coordinates", read_lines},
    {"Polygon", "coordinates", read_polygon},
    {"MultiPolygon", "coordinates", read_polygons},
};

static const char *name_of(struct geojson *g, const struct json *object)
{
	const char *name =
	    json_text_of(json_get(json_get(object, "properties"), "name"));

	return name == NULL ? g->name
			    : str_clean(g->arena, name, strlen(name), NAME_MAX);
}

static int read_object(struct geojson *g, const struct json *object)
{
	const char *type = json_text_of(json_get(object, "type"));
	const char *outer = g->name;
	int rc = -1;

	if (g->depth >= DEPTH_MAX)
		return err_set(g->err, "more than %d collections in each other",
		    DEPTH_MAX);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (type == NULL || !str_eq(types[i].type, type))
			continue;
		g->name = name_of(g, object);
		g->depth++;
		rc = types[i].read(g, json_get(object, types[i].member));
		g->depth--;
		g->name = outer;
		return rc;
	}
	return err_set(g->err, "not GeoJSON: '%.40s' is no type of it",
	    type != NULL ? type : "");
}

int map_read_geojson(
    struct arena *a, struct span text, struct outline *o, struct err *e)
{
	struct geojson g = {.arena = a, .out = o, .err = e};
	struct json *root = json_parse(text.p, text.n, e);
	int rc;

	*o = (struct outline){0};
	if (root == NULL)
		return -1;
	rc = read_object(&g, root);
	json_free(root);
	return rc;
}
