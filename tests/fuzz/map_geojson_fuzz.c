/*
 * A GeoJSON file of the user's: refused in a sentence, or an outline in
 * which every position is one.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "panel/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	struct outline o;
	struct err e = {0};

	if (map_read_geojson(a, (struct span){(const char *)data, n}, &o, &e) !=
	    0) {
		if (e.text[0] == '\0')
			abort();
	} else {
		for (size_t i = 0; i < o.n; i++)
			for (size_t k = 0; k < o.parts[i].n; k++)
				if (!(fabs(o.parts[i].points[k].lat) <= 90) ||
				    !isfinite(o.parts[i].points[k].lon))
					abort();
	}
	arena_free(a);
	return 0;
}
