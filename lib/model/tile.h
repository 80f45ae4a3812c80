/*
 * A tile of a map: a PNG by its URL.
 */
#ifndef MODEL_TILE_H
#define MODEL_TILE_H

#include <stdint.h>

#include "base/str.h"

struct map_tile {
	const char *url;
	struct span png;    /* n 0: none yet, or none to be had */
	struct span memory; /* of its transport, for asking what has changed */
	int64_t expires;    /* not to be asked for before; 0: never asked */
	int64_t used;	    /* when it was last wanted, to about a day */
};

#endif
