/*
 * Map tiles: squares of a map in Mercator's projection (EPSG:3857), as most
 * servers of maps cut them. At zoom z the world is 2^z tiles wide and high;
 * x counts from -180 degrees eastwards, y from the north.
 */
#ifndef CHART_TILE_H
#define CHART_TILE_H

#include "chart/geo.h"

#define TILE_ZOOM_MAX 19

struct geo_tile {
	int z, x, y;
	struct xy from, to; /* top left and bottom right in the picture */
};

/*
 * The tiles that cover the frame of a view in Mercator's projection, at most
 * `most`: at the zoom that is nearest to the picture's scale for tiles of 256
 * pixels, or, where that takes more tiles, at a coarser one.
 */
struct geo_tile *geo_tiles(
    struct arena *, const struct geo_view *, size_t most, size_t *n);

/* {z}, {x} and {y} replaced. */
const char *geo_tile_url(
    struct arena *, const char *pattern, const struct geo_tile *);

#endif
