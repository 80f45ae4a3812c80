#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "output/svg.h"

#define EVIL	"<script>\"&'\x01\n"
#define ESCAPED "&lt;script&gt;&quot;&amp;&#39;\xef\xbf\xbd "

static struct arena *a;
static struct buf out;

static int set_up(void **state)
{
	(void)state;
	a = arena_new();
	buf_init(&out, 1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(a);
	buf_free(&out);
	return 0;
}

static const char *inline_svg(const struct scene *s)
{
	svg_write(s, &(struct svg_options){.id = "seven"}, &out);
	assert_false(out.failed);
	return buf_text(&out);
}

#define assert_has(text, part)	 assert_non_null(strstr((text), (part)))
#define assert_lacks(text, part) assert_null(strstr((text), (part)))

static void test_path(void **state)
{
	static const struct xy points[] = {{1, 2}, {3.25, 1.04}, {3.25, 1.04},
	    {NAN, NAN}, {10, 20}, {9.5, 20.5}, {INFINITY, 3}};
	struct scene *s = scene_new(a, 100, 50.5);
	const char *svg;

	(void)state;
	scene_line(s, points, 7, INK_SERIES_2, 1.6)->title = "app1";
	svg = inline_svg(s);
	assert_has(svg, "<svg class=\"chart\" viewBox=\"0 0 100 50.5\" "
			"width=\"100\" height=\"50.5\" ");
	assert_has(svg, "<path class=\"line\" transform=\"scale(.1)\" "
			"d=\"M10 20l23-10M100 200l-5 5\" "
			"stroke=\"var(--s2)\" stroke-width=\"16\" "
			"data-name=\"app1\"><title>app1</title></path>");
}

/* What is added up from differences ends where it should. */
static void test_no_drift(void **state)
{
	struct xy points[1000];
	struct scene *s = scene_new(a, 1000, 100);
	char *p;
	long x, y;

	(void)state;
	for (int i = 0; i < 1000; i++)
		points[i] = (struct xy){i * 0.733, 50 + 30 * sin(i / 9.0)};
	scene_line(s, points, 1000, INK_SERIES_1, 1);
	(void)inline_svg(s);
	p = strstr(out.data, "d=\"M");
	assert_non_null(p);
	p += 4;
	x = strtol(p, &p, 10);
	y = strtol(p, &p, 10);
	assert_int_equal(*p++, 'l');
	while (*p != '"') {
		x += strtol(p, &p, 10);
		y += strtol(p, &p, 10);
	}
	assert_int_equal(x, lround(points[999].x * 10));
	assert_int_equal(y, lround(points[999].y * 10));
}

static void test_escape(void **state)
{
	struct scene *s = scene_new(a, 10, 10);
	const struct xy points[] = {{1, 1}, {2, 2}};
	const char *svg;

	(void)state;
	scene_text(s, 1, 2, ANCHOR_START, 11, INK_TEXT, EVIL);
	scene_line(s, points, 2, INK_SERIES_1, 1)->title = EVIL;
	scene_hatch(s, 1, 1, 2, 2)->title = EVIL;
	s->plot = (struct scene_plot){.t0 = 1, .t1 = 2, .unit = EVIL};
	svg_write(s,
	    &(struct svg_options){
		.title = EVIL, .desc = EVIL, .standalone = true},
	    &out);
	svg = buf_text(&out);
	assert_lacks(svg, "<script>");
	assert_lacks(svg, "\x01");
	assert_has(svg, " aria-label=\"" ESCAPED "\"");
	assert_has(svg, "<title>" ESCAPED "</title><style>");
	assert_has(svg, "<desc>" ESCAPED "</desc>");
	assert_has(svg, "data-unit=\"" ESCAPED "\"");
	assert_has(svg, "data-name=\"" ESCAPED "\"");
	assert_has(svg, ">" ESCAPED "</text>");
	assert_has(svg, "<title>" ESCAPED "</title></rect>");
}

static void test_text(void **state)
{
	struct scene *s = scene_new(a, 10, 10);
	struct scene_item *it;
	const char *svg;

	(void)state;
	scene_text(s, 1.25, 2, ANCHOR_START, 11, INK_SOFT, "a");
	it = scene_text(s, -0.5, 2, ANCHOR_END, 14, INK_RED, "b");
	it->bold = true;
	it->halo = true;
	scene_text(s, 0, 2, ANCHOR_MIDDLE, 11, INK_SERIES_8, "c");
	svg = inline_svg(s);
	assert_has(
	    svg, "<text x=\"1.3\" y=\"2\" fill=\"var(--soft)\">a</text>");
	assert_has(svg,
	    "<text x=\"-0.5\" y=\"2\" fill=\"var(--red)\" "
	    "text-anchor=\"end\" font-size=\"14\" font-weight=\"600\" "
	    "paint-order=\"stroke\" stroke=\"var(--paper)\" "
	    "stroke-width=\"3\">b</text>");
	assert_has(svg, "fill=\"var(--s8)\" text-anchor=\"middle\">c</text>");
}

/* What maps are made of: rings with edges, marks with halos. */
static void test_maps(void **state)
{
	static const struct xy rings[] = {
	    {0, 0}, {10, 0}, {5, 5}, {NAN, NAN}, {20, 0}, {30, 0}, {25, 5}};
	struct scene *s = scene_new(a, 40, 10);
	struct scene_item *it = scene_area(s, rings, 7, INK_HAIR, 0);
	const char *svg;

	(void)state;
	it->edge = INK_RULE;
	it->width = 0.7;
	it = scene_mark(s, 5, 5, MARK_DIAMOND, 10, INK_SERIES_1);
	it->halo = true;
	it->title = "a <b>";
	scene_mark(s, 5, 5, MARK_PLUS, 4, INK_SERIES_2)->halo = true;
	scene_mark(s, 5, 5, MARK_RING, 8, INK_SERIES_3);
	svg = inline_svg(s);
	assert_has(svg, "d=\"M0 0l100 0-50 50zM200 0l100 0-50 50z\" "
			"stroke=\"var(--rule)\" stroke-width=\"7\" "
			"fill=\"var(--hair)\"/>");
	assert_has(svg, "d=\"M50-10l60 60-60 60-60-60z\" "
			"paint-order=\"stroke\" stroke=\"var(--paper)\" "
			"stroke-width=\"18\" fill=\"var(--s1)\">"
			"<title>a &lt;b&gt;</title></path>");
	/* without a fill the halo is a stroke of its own, below */
	assert_has(svg, "d=\"M50 30l0 40M30 50l40 0\" stroke-width=\"34\" "
			"stroke=\"var(--paper)\"/>");
	assert_has(svg, "d=\"M50 30l0 40M30 50l40 0\" stroke-width=\"16\" "
			"stroke=\"var(--s2)\"/>");
	assert_has(svg, "<circle stroke-width=\"1.6\" cx=\"5\" cy=\"5\" "
			"r=\"4\" fill=\"var(--paper)\" "
			"stroke=\"var(--s3)\"/>");
}

static void test_shapes(void **state)
{
	static const struct xy triangle[] = {{0, 0}, {10, 0}, {5, 5}};
	struct scene *s = scene_new(a, 10, 10);
	const char *svg;

	(void)state;
	scene_area(s, triangle, 3, INK_SERIES_1, 0.16);
	scene_rect(s, 1, 2, 4, 6, INK_HAIR);
	scene_hatch(s, 1, 2, 4, 6)->title = "timeout";
	scene_mark(s, 5, 5, MARK_CIRCLE, 4, INK_SERIES_1);
	scene_mark(s, 5, 5, MARK_SQUARE, 4, INK_SERIES_2);
	scene_mark(s, 5, 5, MARK_TRIANGLE, 4, INK_SERIES_3);
	scene_mark(s, 5, 5, MARK_CROSS, 4, INK_SERIES_4);
	scene_mark(s, NAN, 5, MARK_CROSS, 4, INK_SERIES_5);
	svg = inline_svg(s);
	assert_has(svg, "d=\"M0 0l100 0-50 50z\" stroke=\"none\" "
			"fill=\"var(--s1)\" opacity=\"0.16\"/>");
	assert_has(svg, "<rect stroke=\"none\" x=\"1\" y=\"2\" width=\"3\" "
			"height=\"4\" fill=\"var(--hair)\"/>");
	assert_has(svg, "<pattern id=\"seven-hatch\"");
	assert_has(svg, "class=\"gap\" fill=\"url(#seven-hatch)\">"
			"<title>timeout</title></rect>");
	assert_has(svg, "<circle stroke=\"none\" cx=\"5\" cy=\"5\" r=\"2\" "
			"fill=\"var(--s1)\"/>");
	assert_has(svg, "d=\"M30 30l40 0 0 40-40 0z\" stroke=\"none\" "
			"fill=\"var(--s2)\"/>");
	assert_has(svg, "d=\"M50 30l20 40-40 0z\" stroke=\"none\" "
			"fill=\"var(--s3)\"/>");
	assert_has(svg, "d=\"M30 30l40 40M30 70l40-40\" "
			"stroke-width=\"16\" stroke=\"var(--s4)\"/>");
	assert_lacks(svg, "--s5");
	assert_lacks(svg, "style");
	assert_lacks(svg, "xmlns");
}

static void test_script_data(void **state)
{
	struct scene *s = scene_new(a, 100, 50);
	const char *svg;

	(void)state;
	s->plot = (struct scene_plot){
	    10, 90.5, 40, 5, 1795295640, 1795317240, 0, 4294967296.0, "bytes"};
	svg = inline_svg(s);
	assert_has(svg,
	    " data-x0=\"10\" data-x1=\"90.5\" data-y0=\"40\" data-y1=\"5\""
	    " data-t0=\"1795295640\" data-t1=\"1795317240\" data-v0=\"0\""
	    " data-v1=\"4.2949673e+09\" data-unit=\"bytes\">");
	assert_has(svg, "aria-hidden=\"true\"");
	assert_lacks(svg, "role=");
}

static void test_standalone(void **state)
{
	struct scene *s = scene_new(a, 100, 50);
	const char *svg;

	(void)state;
	svg_write(
	    s, &(struct svg_options){.title = "CPU", .standalone = true}, &out);
	svg = buf_text(&out);
	assert_has(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" ");
	assert_has(svg, "role=\"img\" aria-label=\"CPU\"");
	assert_has(svg, "<style>:root{--ink:#1c1b19;");
	assert_has(
	    svg, "@media(prefers-color-scheme:dark){:root{--ink:#e8e6e1;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_path, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_no_drift, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_escape, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_text, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_maps, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_shapes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_script_data, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_standalone, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
