/*
 * What the files of the map share: for lib/panel/map*.c only.
 *
 *	map.c		options, and the way from records to a block
 *	map_state.c	states: names, colours and shapes
 *	map_points.c	records to points, and what is wrong with the others
 *	map_draw.c	the scene
 *	map_base.c	what is below the points: land, graticule, scale bar
 *	map_cluster.c	points that are too many to be told apart
 *	map_tiles.c	tiles of a map server below them
 *	map_words.c	the picture in words and in tables
 */
#ifndef PANEL_MAP_H
#define PANEL_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chart/geo.h"
#include "chart/outline.h"
#include "chart/tile.h"
#include "panel/panel.h"

enum map_projection { MAP_AUTO, MAP_MERCATOR, MAP_EQUIRECTANGULAR };

struct map_conf {
	const char *lat, *lon, *label, *colour;
	struct pairs colours;
	double trail, gone;
	struct strings bounds;
	int projection; /* enum map_projection */
	const char *outline;
	const char *tiles, *attribution;
};

/* How the points of one state are told from others: by colour and shape. */
struct map_state {
	const char *name; /* "": all points, or those without a state */
	enum ink ink;
	enum mark mark;
	size_t n; /* points of it that are listed */
};

#define MAP_STATES_MAX 24 /* others count as one */

struct map_point {
	const struct version *record; /* the newest version */
	const char *name;	      /* its label, or else its key */
	struct lonlat at;
	size_t state; /* of map.states */
	bool gone;    /* its source no longer lists it */
};

/* A record that has no place on the map. */
struct map_fault {
	const struct version *record;
	const char *name;
	const char *why; /* "lat 95.2 is out of range" */
};

struct map {
	const struct panel_input *in;
	const struct map_conf *conf;
	struct arena *arena;
	struct map_state *states;
	size_t n_states;
	struct map_point *points; /* by key */
	size_t n_points;
	size_t n_gone; /* of the points */
	struct map_fault *faults;
	size_t n_faults;
	struct outline *trails; /* one for each state */
	struct outline own;	/* the user's file */
};

/* An ink by the name of its colour; false: there is none. */
bool map_ink(const char *word, enum ink *);
/* "blue, orange, …" */
const char *map_ink_words(struct arena *);

/* States in the order of `colours`, then others by name. */
void map_find_states(struct map *);
size_t map_state_of(const struct map *, const struct version *);

void map_find_points(struct map *);
void map_find_trails(struct map *);

/* Four numbers, "south west north east", in range. */
bool map_bounds(const struct strings *, struct geo_box *);

/* What a picture came to. */
struct map_picture {
	struct scene *scene;
	enum projection projection;
	size_t outside; /* points */
};

struct map_picture map_draw(const struct map *, double w, double h);

/* What a picture of this size shows. */
struct geo_view map_view(const struct map *, double w, double h);

/* The tiles of a picture; found[i] is NULL where there is none yet. */
struct map_tiles {
	struct geo_tile *places;
	const struct map_tile **found;
	size_t n, n_found;
};

bool map_tiles_wanted(const char *pattern); /* is it a pattern of URLs? */
struct map_tiles map_find_tiles(const struct map *, const struct geo_view *);
void map_draw_tiles(
    const struct map_tiles *, const struct geo_view *, struct scene *);
void map_draw_attribution(const struct map *, const struct map_tiles *,
    const struct geo_view *, struct scene *);
void map_add_tiles(struct map *, double w, double h, struct strings *urls);

/* Before the points, and after. */
void map_draw_base(const struct map *, const struct geo_view *,
    const struct map_tiles *, struct scene *);
void map_draw_frame(
    const struct map *, const struct geo_view *, struct scene *);

/* A point or several at one place of the picture. */
struct map_spot {
	struct xy at;
	const struct map_point *point; /* of one alone; NULL: a cluster */
	size_t n;
	const char *title;
};

/*
 * Points where they are drawn, those that would hide each other put together
 * once there are many; in the order of painting.
 */
struct map_spot *map_spots(
    const struct map *, const struct geo_view *, size_t *n, size_t *outside);

/* "van-1: moving, 2 min ago" */
const char *map_point_words(const struct map *, const struct map_point *);

void map_write_words(
    const struct map *, const struct map_picture *, struct block *);

/* The user's GeoJSON; see map_geojson.c. */
must_use int map_read_geojson(
    struct arena *, struct span, struct outline *, struct err *);

#endif
