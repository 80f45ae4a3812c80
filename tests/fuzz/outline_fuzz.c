/*
 * The outlines of the world: whatever the bytes, they are refused, or can be
 * drawn on any map.
 */
#include <stdint.h>
#include <stdlib.h>

#include "chart/outline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct outline_style style = {
    .fill = INK_HAIR,
    .edge = INK_RULE,
    .line = INK_RULE,
    .width = 1,
    .most = 1000,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct geo_box boxes[] = {
	    {-90, -180, 90, 180}, {-18, 178, -17, 182}, {51, 7, 51, 7}};
	struct arena *a = arena_new();
	struct outline o;
	struct err e = {0};

	if (n < 8192 &&
	    outline_parse(a, (struct span){(const char *)data, n}, &o, &e) == 0)
		for (size_t i = 0; i < 3; i++) {
			struct scene *s = scene_new(a, 100, 80);
			struct geo_view v = geo_fit_best(
			    &boxes[i], &(struct frame){0, 0, 100, 80}, 5, 0.1);

			outline_draw(&o, &v, &style, s);
		}
	arena_free(a);
	return 0;
}
