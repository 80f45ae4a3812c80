/*
 * Tiles of maps: whatever the bytes, they are refused, or can be painted.
 */
#include <stdint.h>
#include <stdlib.h>

#include "chart/canvas.h"
#include "chart/canvas_picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct xy corners[] = {{0, 0}, {32, 32}, {4, 4}, {28, 28}};
	struct span png = {(const char *)data, n};
	struct arena *a = arena_new();
	struct scene *s = scene_new(a, 32, 32);
	struct canvas *c = canvas_open(NULL, NULL);
	struct err e = {0};
	struct buf b;

	buf_init(&b, 1 << 20);
	scene_picture(s, corners, png);
	if (picture_check(png, &e) == 0 &&
	    canvas_png(c, s, THEME_LIGHT, 1, &b, &e) != 0)
		abort();
	buf_free(&b);
	canvas_close(c);
	arena_free(a);
	return 0;
}
