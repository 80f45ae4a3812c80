/*
 * Tiles of maps, fetched by the means of the http source; see http_tile.c.
 */
#ifndef SOURCE_TILE_H
#define SOURCE_TILE_H

#include "source/source.h"

#define TILES_A_RUN 64 /* at most are asked for */

extern const struct source_kind source_tile;

/* What it takes to fetch a URL with it; which is not copied. */
void *tile_conf(struct arena *, const char *url);

#endif
