#include "chart/geo.h"

#include <math.h>
#include <stdlib.h>

#define RADIANS	     (M_PI / 180)
#define PARALLEL_MAX 80.0
#define BEST_LAT     75.0
#define BEST_SPAN    180.0
#define WORLD_SPAN   270.0 /* past it, the world as people know it */

double mercator_y(double lat)
{
	return asinh(tan(lat * RADIANS));
}

double mercator_lat(double y)
{
	return atan(sinh(y)) / RADIANS;
}

double geo_turn(double lon, double from)
{
	double turned = fmod(lon - from, 360);

	return from + (turned < 0 ? turned + 360 : turned);
}

static int rising(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* All around the world but for the widest gap between two places. */
static void span_longitudes(double *lons, size_t n, struct geo_box *box)
{
	double gap;

	qsort(lons, n, sizeof(*lons), rising);
	gap = lons[0] + 360 - lons[n - 1];
	box->west = lons[0];
	box->east = lons[n - 1];
	for (size_t i = 1; i < n; i++) {
		if (lons[i] - lons[i - 1] <= gap)
			continue;
		gap = lons[i] - lons[i - 1];
		box->west = lons[i];
		box->east = lons[i - 1] + 360;
	}
	if (box->east - box->west > WORLD_SPAN) {
		box->west = -180;
		box->east = 180;
	}
}

struct geo_box geo_box_around(
    struct arena *a, const struct lonlat *places, size_t n)
{
	double *lons = arena_array(a, n, sizeof(*lons));
	struct geo_box box = {.south = places[0].lat, .north = places[0].lat};

	for (size_t i = 0; i < n; i++) {
		lons[i] = geo_turn(places[i].lon, -180);
		box.south = fmin(box.south, places[i].lat);
		box.north = fmax(box.north, places[i].lat);
	}
	span_longitudes(lons, n, &box);
	return box;
}

static double lat_max(const struct geo_view *v)
{
	return v->projection == PROJECTION_MERCATOR ? MERCATOR_LAT_MAX : 90;
}

static double stretch(const struct geo_view *v)
{
	return v->projection == PROJECTION_MERCATOR
		   ? 1
		   : cos(v->parallel * RADIANS);
}

static double project_y(const struct geo_view *v, double lat)
{
	double most = lat_max(v);

	lat = fmax(fmin(lat, most), -most);
	return v->projection == PROJECTION_MERCATOR ? mercator_y(lat)
						    : lat * RADIANS;
}

static double unproject_y(const struct geo_view *v, double y)
{
	return v->projection == PROJECTION_MERCATOR ? mercator_lat(y)
						    : y / RADIANS;
}

static struct geo_box clamp(const struct geo_box *box, double most)
{
	struct geo_box b = *box;

	b.south = fmax(fmin(b.south, most), -most);
	b.north = fmax(fmin(b.north, most), -most);
	return b;
}

/* To at most `length`, around its middle. */
static void shorten(double *lo, double *hi, double length)
{
	double middle = (*lo + *hi) / 2;

	if (*hi - *lo <= length)
		return;
	*lo = middle - length / 2;
	*hi = middle + length / 2;
}

/* Past the ends of the world there is nothing to see. */
static void keep_inside(struct geo_view *v)
{
	double most = project_y(v, lat_max(v));
	double half;

	shorten(&v->frame.x0, &v->frame.x1, 2 * M_PI * stretch(v) * v->scale);
	v->frame.y1 = fmin(v->frame.y1, v->frame.y0 + 2 * most * v->scale);
	half = (v->frame.y1 - v->frame.y0) / 2 / v->scale;
	v->y = fmax(fmin(v->y, most - half), half - most);
}

static void set_bounds(struct geo_view *v)
{
	double w = v->frame.x1 - v->frame.x0, h = v->frame.y1 - v->frame.y0;
	double half = w / 2 / v->scale / stretch(v) / RADIANS;

	v->bounds.west = v->lon - half;
	v->bounds.east = v->lon + half;
	v->bounds.south = unproject_y(v, v->y - h / 2 / v->scale);
	v->bounds.north = unproject_y(v, v->y + h / 2 / v->scale);
}

struct geo_view geo_fit(const struct geo_box *given, enum projection projection,
    const struct frame *frame, double margin, double least)
{
	struct geo_view v = {.projection = projection, .frame = *frame};
	struct geo_box box = clamp(given, lat_max(&v));
	double w = fmax(frame->x1 - frame->x0 - 2 * margin, 1);
	double h = fmax(frame->y1 - frame->y0 - 2 * margin, 1);
	double middle = (box.south + box.north) / 2, south, north, wide, high;

	v.parallel = fmax(fmin(middle, PARALLEL_MAX), -PARALLEL_MAX);
	south = project_y(&v, fmin(box.south, middle - least / 2));
	north = project_y(&v, fmax(box.north, middle + least / 2));
	wide = (box.east - box.west) * RADIANS * stretch(&v);
	high = fmax(north - south, 1e-9);
	v.scale = wide / w > high / h ? w / wide : h / high;
	v.lon = (box.west + box.east) / 2;
	v.y = (project_y(&v, box.south) + project_y(&v, box.north)) / 2;
	keep_inside(&v);
	set_bounds(&v);
	return v;
}

struct geo_view geo_fit_best(const struct geo_box *box,
    const struct frame *frame, double margin, double least)
{
	struct geo_view v =
	    geo_fit(box, PROJECTION_MERCATOR, frame, margin, least);

	if (box->north <= BEST_LAT && box->south >= -BEST_LAT &&
	    v.bounds.north <= BEST_LAT + 5 && v.bounds.south >= -BEST_LAT - 5 &&
	    v.bounds.east - v.bounds.west <= BEST_SPAN)
		return v;
	return geo_fit(box, PROJECTION_EQUIRECTANGULAR, frame, margin, least);
}

struct xy geo_project(const struct geo_view *v, double lon, double lat)
{
	const struct frame *f = &v->frame;
	double x = (lon - v->lon) * RADIANS * stretch(v);

	return (struct xy){
	    (f->x0 + f->x1) / 2 + x * v->scale,
	    (f->y0 + f->y1) / 2 - (project_y(v, lat) - v->y) * v->scale,
	};
}

struct xy geo_place(const struct geo_view *v, struct lonlat at)
{
	return geo_project(v, geo_turn(at.lon, v->lon - 180), at.lat);
}

double geo_metres_per_pixel(const struct geo_view *v)
{
	double lat = unproject_y(v, v->y);
	double shrunk = v->projection == PROJECTION_MERCATOR
			    ? cos(lat * RADIANS)
			    : cos(lat * RADIANS) / stretch(v);

	return EARTH_RADIUS * shrunk / v->scale;
}
