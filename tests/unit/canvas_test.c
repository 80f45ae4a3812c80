#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "chart/canvas.h"

static struct arena *a;
static struct canvas *canvas;
static struct buf out;
static struct err err;

static int set_up(void **state)
{
	(void)state;
	a = arena_new();
	canvas = canvas_open(NULL, NULL);
	buf_init(&out, 1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(a);
	canvas_close(canvas);
	buf_free(&out);
	return 0;
}

static struct scene *sample(void)
{
	static const struct xy line[] = {
	    {10, 60}, {50, 20}, {NAN, NAN}, {60, 30}, {90, 40}};
	static const struct xy area[] = {{10, 80}, {40, 70}, {80, 80}};
	struct scene *s = scene_new(a, 100, 100);

	scene_rect(s, 0, 0, 10, 10, INK_SERIES_1);
	scene_rect(s, 90, 0, 100, 10, INK_RED);
	scene_line(s, line, 5, INK_SERIES_2, 1.6);
	scene_area(s, area, 3, INK_SERIES_3, 0.2);
	scene_hatch(s, 20, 20, 40, 60);
	for (int m = 0; m < MARK_COUNT; m++)
		scene_mark(s, 15 + 10 * m, 90, (enum mark)m, 6, INK_SERIES_4)
		    ->halo = m % 2 == 1;
	scene_text(s, 50, 15, ANCHOR_MIDDLE, 11, INK_TEXT, "Ünïcode €")->halo =
	    true;
	return s;
}

/* The picture's pixels as 0xRRGGBB, by libpng's own reader. */
static uint32_t pixel(const struct buf *png, int x, int y)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	unsigned char *p;
	uint32_t rgb;

	assert_int_equal(
	    png_image_begin_read_from_memory(&image, png->data, png->len), 1);
	image.format = PNG_FORMAT_RGB;
	p = malloc(PNG_IMAGE_SIZE(image));
	assert_int_equal(png_image_finish_read(&image, NULL, p, 0, NULL), 1);
	assert_true((int)image.width > x && (int)image.height > y);
	p += 3 * (y * (int)image.width + x);
	rgb = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
	free(p - 3 * (y * (int)image.width + x));
	return rgb;
}

/* Rings of an area stay apart, its edge and a mark's halo are painted. */
static void edges_and_halos(void **state)
{
	static const struct xy rings[] = {{10, 10}, {40, 10}, {40, 40},
	    {10, 40}, {NAN, NAN}, {60, 10}, {90, 10}, {90, 40}, {60, 40}};
	struct scene *s = scene_new(a, 100, 100);
	struct scene_item *it = scene_area(s, rings, 9, INK_SERIES_1, 1);

	(void)state;
	it->edge = INK_SERIES_2;
	it->width = 4;
	scene_rect(s, 0, 50, 100, 100, INK_SERIES_3);
	scene_mark(s, 25, 75, MARK_SQUARE, 20, INK_SERIES_4)->halo = true;
	scene_mark(s, 75, 75, MARK_RING, 20, INK_SERIES_5);
	assert_int_equal(canvas_png(canvas, s, THEME_LIGHT, 1, &out, &err), 0);
	assert_int_equal(
	    pixel(&out, 25, 25), theme_rgb(THEME_LIGHT, INK_SERIES_1));
	assert_int_equal(
	    pixel(&out, 75, 25), theme_rgb(THEME_LIGHT, INK_SERIES_1));
	assert_int_equal(
	    pixel(&out, 50, 25), theme_rgb(THEME_LIGHT, INK_PAPER));
	/* the edge that closes the first ring */
	assert_int_equal(
	    pixel(&out, 10, 25), theme_rgb(THEME_LIGHT, INK_SERIES_2));
	assert_int_equal(
	    pixel(&out, 25, 75), theme_rgb(THEME_LIGHT, INK_SERIES_4));
	assert_int_not_equal(
	    pixel(&out, 14, 75), theme_rgb(THEME_LIGHT, INK_SERIES_3));
	assert_int_equal(
	    pixel(&out, 75, 75), theme_rgb(THEME_LIGHT, INK_PAPER));
}

/* The theme's own colours are in the palette exactly. */
static void test_png(void **state)
{
	(void)state;
	assert_int_equal(
	    canvas_png(canvas, sample(), THEME_LIGHT, 1, &out, &err), 0);
	assert_int_equal(pixel(&out, 5, 5), 0x2669c8);
	assert_int_equal(pixel(&out, 95, 5), 0xb3261e);
	assert_int_equal(pixel(&out, 99, 99), 0xfbfaf6);
	assert_int_equal(out.data[25], PNG_COLOR_TYPE_PALETTE);
}

static void test_dark_double(void **state)
{
	(void)state;
	assert_int_equal(
	    canvas_png(canvas, sample(), THEME_DARK, 2, &out, &err), 0);
	assert_int_equal(pixel(&out, 10, 10), 0x5fadf4);
	assert_int_equal(pixel(&out, 199, 199), 0x15161a);
}

/* More colours than a palette holds: still a picture. */
static void test_many_colours(void **state)
{
	struct scene *s = scene_new(a, 200, 200);

	(void)state;
	for (int i = 0; i < 2000; i++)
		scene_rect(s, i % 50 * 4, i / 50 * 5.0, i % 50 * 4 + 4,
		    i / 50 * 5.0 + 5, (enum ink)(INK_SERIES_1 + i % 8))
		    ->opacity = (1 + i % 97) / 98.0;
	assert_int_equal(canvas_png(canvas, s, THEME_LIGHT, 1, &out, &err), 0);
	(void)pixel(&out, 0, 0);
}

static void test_same_again(void **state)
{
	struct buf again;

	(void)state;
	buf_init(&again, 1 << 20);
	assert_int_equal(
	    canvas_png(canvas, sample(), THEME_LIGHT, 1, &out, &err), 0);
	assert_int_equal(
	    canvas_png(canvas, sample(), THEME_LIGHT, 1, &again, &err), 0);
	assert_int_equal(out.len, again.len);
	assert_memory_equal(out.data, again.data, out.len);
	buf_free(&again);
}

static void test_pdf(void **state)
{
	struct buf again;

	(void)state;
	buf_init(&again, 1 << 20);
	assert_int_equal(
	    canvas_pdf(canvas, sample(), "2026-11-22T03:14:00Z", &out, &err),
	    0);
	assert_int_equal(
	    canvas_pdf(canvas, sample(), "2026-11-22T03:14:00Z", &again, &err),
	    0);
	assert_memory_equal(out.data, "%PDF-1.", 7);
	assert_non_null(memmem(out.data, out.len, "20261122031400", 14));
	assert_int_equal(out.len, again.len);
	assert_memory_equal(out.data, again.data, out.len);
	buf_free(&again);
}

static void test_faults(void **state)
{
	struct scene *s = scene_new(a, 100, 100);
	struct canvas *none = canvas_open("/no/such.ttf", "/no/such.ttf");
	struct buf small;

	(void)state;
	scene_text(s, 1, 1, ANCHOR_START, 11, INK_TEXT, "a");
	assert_int_equal(canvas_png(none, s, THEME_LIGHT, 1, &out, &err), -1);
	assert_string_equal(err.text, "font /no/such.ttf can't be loaded");
	assert_string_equal(err.hint, "apt-get install fonts-dejavu-core");
	assert_int_equal(canvas_pdf(none, s, "", &out, &err), -1);
	assert_string_equal(err.text, "font /no/such.ttf can't be loaded");
	canvas_close(none);

	assert_int_equal(
	    canvas_png(canvas, scene_new(a, 0, 9), THEME_LIGHT, 1, &out, &err),
	    -1);
	assert_string_equal(err.text, "a chart can't be 0 × 9 pixels");
	assert_int_equal(canvas_png(canvas, scene_new(a, 20000, 9), THEME_LIGHT,
			     1, &out, &err),
	    -1);
	assert_string_equal(err.text, "a chart can't be 20000 × 9 pixels");

	scene_text(s, 1, 1, ANCHOR_START, 11, INK_TEXT, "\xff");
	assert_int_equal(canvas_png(canvas, s, THEME_LIGHT, 1, &out, &err), -1);
	assert_string_equal(err.text, "a chart's text is not UTF-8");

	buf_init(&small, 100);
	assert_int_equal(
	    canvas_png(canvas, sample(), THEME_LIGHT, 1, &small, &err), -1);
	assert_string_equal(err.text,
	    "a chart's PNG can't be written: it is larger than it may be");
	buf_free(&small);
	buf_init(&small, 100);
	assert_int_equal(canvas_pdf(canvas, sample(), "", &small, &err), -1);
	assert_string_equal(err.text,
	    "a chart's PDF can't be written: error while writing to output "
	    "stream");
	buf_free(&small);
}

/* Widths of DejaVu Sans, from its own tables: 0 is 1303/2048 em. */
static void test_ruler(void **state)
{
	struct ruler r = canvas_ruler(canvas);
	struct canvas *none = canvas_open("/no/such.ttf", NULL);
	struct ruler other = canvas_ruler(none), nothing = canvas_ruler(NULL);

	(void)state;
	assert_float_equal(ruler_width(&r, "0", 2048, false), 1303, 0.1);
	assert_float_equal(ruler_width(&r, "00", 2048, false), 2606, 0.1);
	assert_float_equal(ruler_width(&r, "0", 2048, true), 1425, 0.1);
	assert_float_equal(ruler_width(&r, "", 11, false), 0, 1e-9);
	assert_true(ruler_width(&r, "漢", 10, false) > 0);
	/* without the font: by approximation */
	assert_float_equal(ruler_width(&other, "0", 10, false),
	    ruler_width(NULL, "0", 10, false), 1e-9);
	assert_float_equal(ruler_width(&nothing, "0", 10, false),
	    ruler_width(NULL, "0", 10, false), 1e-9);
	canvas_close(none);
	canvas_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(edges_and_halos, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_png, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_dark_double, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_many_colours, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_same_again, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_pdf, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_ruler, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
