/* Tiles: which, where, and what is one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chart/canvas.h"
#include "chart/canvas_picture.h"
#include "chart/tile.h"
#include "output/svg.h"

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static struct geo_view view(double s, double w, double n, double e)
{
	const struct geo_box box = {s, w, n, e};
	const struct frame frame = {0, 0, 512, 512};

	return geo_fit(&box, PROJECTION_MERCATOR, &frame, 0, 0);
}

/* At 512 pixels the world is four tiles of 256, edge to edge. */
static void the_world(void **state)
{
	struct geo_view v = view(-85.0511, -180, 85.0511, 180);
	size_t n;
	struct geo_tile *t = geo_tiles(*state, &v, 40, &n);

	assert_int_equal(n, 4);
	assert_int_equal(t[0].z, 1);
	assert_int_equal(t[0].x, 0);
	assert_int_equal(t[3].x, 1);
	assert_int_equal(t[3].y, 1);
	assert_float_equal(t[0].from.x, 0, 0.01);
	assert_float_equal(t[0].from.y, 0, 0.01);
	assert_float_equal(t[3].to.x, 512, 0.01);
	assert_float_equal(t[3].to.y, 512, 0.01);
	t = geo_tiles(*state, &v, 3, &n);
	assert_int_equal(n, 1);
	assert_int_equal(t[0].z, 0);
}

/* London: 51.5 N 0.12 W is in 10/511/340 (as the formula of EPSG:3857). */
static void a_city(void **state)
{
	struct geo_view v = view(51.4, -0.3, 51.6, 0.1);
	size_t n, at = 0;
	struct geo_tile *t = geo_tiles(*state, &v, 40, &n);
	struct xy place = geo_place(&v, (struct lonlat){-0.12, 51.5});
	double side = pow(2, t[0].z);

	for (size_t i = 0; i < n; i++)
		if (place.x >= t[i].from.x && place.x < t[i].to.x &&
		    place.y >= t[i].from.y && place.y < t[i].to.y)
			at = i;
	assert_int_equal(t[at].x, (int)floor((-0.12 + 180) / 360 * side));
	assert_int_equal(
	    t[at].y, (int)floor((1 - mercator_y(51.5) / M_PI) / 2 * side));
	assert_int_equal(t[at].x >> (t[at].z - 10), 511);
	assert_int_equal(t[at].y >> (t[at].z - 10), 340);
}

static void across_the_antimeridian(void **state)
{
	struct geo_view v = view(-20, 170, 20, 190);
	int side, least = 1 << 20, most = -1;
	size_t n;
	struct geo_tile *t = geo_tiles(*state, &v, 40, &n);

	assert_true(n > 0);
	side = 1 << t[0].z;
	for (size_t i = 0; i < n; i++) {
		assert_in_range(t[i].x, 0, side - 1);
		least = t[i].x < least ? t[i].x : least;
		most = t[i].x > most ? t[i].x : most;
	}
	assert_int_equal(least, 0);
	assert_int_equal(most, side - 1);
}

static void urls(void **state)
{
	const struct geo_tile t = {.z = 10, .x = 511, .y = 340};

	assert_string_equal(
	    geo_tile_url(
		*state, "https://t.example.net/{z}/{x}/{y}.png?k={k}", &t),
	    "https://t.example.net/10/511/340.png?k={k}");
	assert_string_equal(geo_tile_url(*state, "{z{x}{", &t), "{z511{");
}

/* A picture of this size, all paper. */
static struct span picture(struct arena *a, double side)
{
	struct canvas *c = canvas_open(NULL, NULL);
	struct scene *s = scene_new(a, side, side);
	struct span png;
	struct buf b;
	struct err e;

	buf_init(&b, 1 << 20);
	assert_int_equal(canvas_png(c, s, THEME_LIGHT, 1, &b, &e), 0);
	png = (struct span){arena_copy(a, b.data, b.len), b.len};
	buf_free(&b);
	canvas_close(c);
	return png;
}

static void what_is_a_tile(void **state)
{
	struct span png = picture(*state, 256), broken;
	char *bytes;
	struct err e;

	assert_int_equal(picture_check(png, &e), 0);
	assert_int_equal(picture_check(picture(*state, 512), &e), 0);
	assert_int_equal(picture_check(picture(*state, 300), &e), -1);
	assert_string_equal(
	    e.text, "a tile of 300 x 300 pixels, not 256 or 512");
	assert_int_equal(picture_check((struct span){png.p, 60}, &e), -1);
	assert_int_equal(picture_check((struct span){"GIF89a", 6}, &e), -1);
	assert_memory_equal(e.text, "not a PNG: ", 11);
	assert_int_equal(picture_check((struct span){png.p, 0}, &e), -1);
	broken.p = arena_alloc(*state, PICTURE_BYTES_MAX + 1);
	broken.n = PICTURE_BYTES_MAX + 1;
	assert_int_equal(picture_check(broken, &e), -1);
	assert_string_equal(e.text, "a tile of more than 256 KB");
	bytes = arena_copy(*state, png.p, png.n);
	bytes[png.n / 2] ^= 0x55;
	assert_int_equal(picture_check((struct span){bytes, png.n}, &e), -1);
}

static void painted(void **state)
{
	const struct xy corners[] = {{-10, -10}, {90, 90}, {0, 0}, {80, 60}};
	struct scene *s = scene_new(*state, 80, 60);
	struct svg_options o = {.id = "map"};
	struct canvas *c = canvas_open(NULL, NULL);
	struct buf b;
	struct err e;

	scene_picture(s, corners, picture(*state, 256));
	scene_picture(s, corners, (struct span){"no picture", 10});
	buf_init(&b, 1 << 20);
	svg_write(s, &o, &b);
	assert_non_null(strstr(buf_text(&b),
	    "<clipPath id=\"map-clip\"><rect stroke=\"none\" x=\"0\" y=\"0\" "
	    "width=\"80\" height=\"60\"/></clipPath>"
	    "<image preserveAspectRatio=\"none\" clip-path=\"url(#map-clip)\" "
	    "x=\"-10\" y=\"-10\" width=\"100\" height=\"100\" "
	    "href=\"data:image/png;base64,iVBORw0KGgo"));
	assert_non_null(strstr(buf_text(&b), "base64,bm8gcGljdHVyZQ==\"/>"));
	buf_reset(&b);
	assert_int_equal(canvas_png(c, s, THEME_DARK, 1, &b, &e), 0);
	canvas_close(c);
	buf_free(&b);
}

#define with_arena(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    with_arena(the_world),
	    with_arena(a_city),
	    with_arena(across_the_antimeridian),
	    with_arena(urls),
	    with_arena(what_is_a_tile),
	    with_arena(painted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
