/*
 * Places on the earth, and where they are on a map.
 *
 * Projections, of a sphere, in radians:
 *	Mercator		x = lon			y = ln tan(pi/4 + lat/2)
 *	equirectangular		x = lon cos(parallel)	y = lat
 * as in J. P. Snyder, Map Projections: A Working Manual, USGS Professional
 * Paper 1395, 1987, formulas 7-1, 7-2 and 12-1, 12-2. Mercator on a sphere of
 * radius EARTH_RADIUS is EPSG:3857, "Web Mercator", which ends where the map
 * of the world is a square.
 *
 * Degrees everywhere else. A longitude may be any number of turns away; a box
 * across the antimeridian has an east beyond 180.
 */
#ifndef CHART_GEO_H
#define CHART_GEO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "chart/scene.h"

#define EARTH_RADIUS	 6378137.0 /* metres */
#define MERCATOR_LAT_MAX 85.05112877980659

enum projection { PROJECTION_MERCATOR, PROJECTION_EQUIRECTANGULAR };

struct lonlat {
	double lon, lat;
};

struct geo_box {
	double south, west, north, east; /* west <= east <= west + 360 */
};

double mercator_y(double lat);
double mercator_lat(double y);

/* The longitude plus or minus turns, in [from, from + 360). */
double geo_turn(double lon, double from);

/*
 * The narrowest box around n > 0 places; of three quarters of the world or
 * more, all of it, from -180 to 180.
 */
struct geo_box geo_box_around(struct arena *, const struct lonlat *, size_t n);

/* A rectangle of a picture, in pixels. */
struct frame {
	double x0, y0, x1, y1;
};

/* A map: which part of the world is where in the picture. */
struct geo_view {
	enum projection projection;
	double parallel; /* of the equirectangular one: true to scale there */
	struct frame frame;
	double scale;	       /* pixels to the radian */
	double lon, y;	       /* projected, in the middle of the frame */
	struct geo_box bounds; /* what the frame shows */
};

/*
 * The largest map of a box, at least `least` degrees of latitude high, within
 * a frame and `margin` pixels off its edges. Where the world itself is smaller
 * than the frame, the frame becomes smaller.
 */
struct geo_view geo_fit(const struct geo_box *, enum projection,
    const struct frame *, double margin, double least);

/*
 * Mercator, unless the map would reach where it distorts beyond use: past 75
 * degrees of latitude, or around more than half of the world.
 */
struct geo_view geo_fit_best(
    const struct geo_box *, const struct frame *, double margin, double least);

/* As it is: turns are not taken off. */
struct xy geo_project(const struct geo_view *, double lon, double lat);

/* In the turn that the map shows. */
struct xy geo_place(const struct geo_view *, struct lonlat);

/* In the middle of the map. */
double geo_metres_per_pixel(const struct geo_view *);

#endif
