#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "output/thumb.h"
#include "scene_dump.h"

static struct scene *chart(struct arena *a)
{
	static const struct xy line[] = {{20, 90}, {120, 10}};
	static const struct xy axis[] = {{20, 90}, {20, 96}};
	struct scene *s = scene_new(a, 130, 110);

	s->plot.x0 = 20;
	s->plot.x1 = 120;
	s->plot.y0 = 90;
	s->plot.y1 = 10;
	scene_line(s, line, 2, INK_SERIES_1, 1.6);
	scene_line(s, axis, 2, INK_RULE, 1);
	scene_text(s, 60, 100, ANCHOR_MIDDLE, 11, INK_SOFT, "03:14");
	return s;
}

static struct block named(struct arena *a, const char *title, bool drawn)
{
	return (struct block){
	    .title = title,
	    .wide = drawn ? chart(a) : NULL,
	    .message = drawn ? NULL : "no data yet",
	};
}

static void assert_within(const struct scene *s)
{
	assert_true(s->w == THUMB_WIDTH && s->h == THUMB_HEIGHT);
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->items[i].n; k++) {
			const struct xy *p = &s->items[i].points[k];

			assert_true(p->x >= 0 && p->x <= s->w);
			assert_true(p->y >= 0 && p->y <= s->h);
		}
}

static size_t count(const struct scene *s, enum scene_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->items[i].kind == kind;
	return n;
}

static void test_what_tells_most_is_shown(void **state)
{
	struct arena *a = arena_new();
	struct block blocks[] = {
	    {.title = "Servers", .kind = "section"},
	    named(a, "Log", false),
	    named(a, "One", true),
	    named(a, "Two", true),
	    named(a, "Three", true),
	    named(a, "Four", true),
	    named(a, "Table", false),
	    named(a, "Hot", false),
	};
	struct page p = {.blocks = blocks, .n_blocks = 8};
	const struct scene *s;

	(void)state;
	assert_string_equal(thumb_words(a, &p), "One, Two, Three, Four");
	blocks[7].state = PANEL_ALERT;
	assert_string_equal(thumb_words(a, &p), "One, Two, Three, Hot (alert)");
	s = thumb_scene(a, &p, &even_ruler);
	assert_within(s);
	assert_int_equal(count(s, SCENE_LINE), 3);
	assert_int_equal(find_text(s, "▲ Hot")->ink, INK_RED);
	assert_int_equal(find_text(s, "One")->ink, INK_TEXT);
	arena_free(a);
}

/* Its plot fills the place; its words, and what is outside, are left out. */
static void test_a_chart_is_only_what_is_drawn(void **state)
{
	struct arena *a = arena_new();
	struct block b = named(a, "CPU", true);
	struct page p = {.blocks = &b, .n_blocks = 1};
	const struct scene *s = thumb_scene(a, &p, &even_ruler);
	const struct scene_item *line = &s->items[s->n - 1];

	(void)state;
	assert_within(s);
	assert_int_equal(count(s, SCENE_TEXT), 1);
	assert_int_equal(count(s, SCENE_LINE), 1);
	assert_float_equal(line->points[0].x, 14, 1e-9);
	assert_float_equal(line->points[0].y, 286, 1e-9);
	assert_float_equal(line->points[1].x, 466, 1e-9);
	assert_float_equal(line->points[1].y, 39, 1e-9);
	/* The chart itself is as it was. */
	assert_true(b.wide->items[0].points[0].x == 20);
	arena_free(a);
}

static void test_numbers_and_rows(void **state)
{
	struct arena *a = arena_new();
	struct figure figures[] = {
	    {.label = "app1", .value = "96", .unit = "%", .hot = true},
	    {.value = "12"},
	};
	struct alert_row rows[] = {
	    {.mark = "▲", .name = "app1 busy", .look = "firing"},
	    {.mark = "●", .name = "app2 busy", .look = "ended"},
	};
	struct grid_cell cells[] = {{.text = "java"}, {.text = "93 %"}};
	struct grid_cell *lines[] = {cells};
	struct grid grid = {.n_columns = 2, .rows = lines, .n_rows = 1};
	struct block blocks[] = {
	    {.title = "CPU", .figures = figures, .n_figures = 2},
	    {.title = "Alerts", .alerts = rows, .n_alerts = 2},
	    {.title = "Processes", .grid = &grid},
	};
	struct page p = {.blocks = blocks, .n_blocks = 3};
	const struct scene *s = thumb_scene(a, &p, &even_ruler);

	(void)state;
	assert_within(s);
	assert_int_equal(find_text(s, "96 %")->ink, INK_RED);
	assert_int_equal(find_text(s, "12")->ink, INK_TEXT);
	assert_int_equal(find_text(s, "▲ app1 busy")->ink, INK_RED);
	assert_int_equal(find_text(s, "● app2 busy")->ink, INK_SOFT);
	assert_non_null(find_text(s, "java  93 %"));
	arena_free(a);
}

static void test_more_than_there_is_room_for(void **state)
{
	struct arena *a = arena_new();
	struct figure figures[200] = {{.value = "1"}};
	struct log_row log[200];
	struct block blocks[2] = {{.title = "Many", .figures = figures},
	    {.title = "Lines", .log = log, .n_log = 200}};
	struct page p = {.blocks = blocks, .n_blocks = 2};

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		figures[i] = (struct figure){.value = "1", .label = "x"};
		log[i] = (struct log_row){.text = "a line"};
	}
	blocks[0].n_figures = 200;
	assert_within(thumb_scene(a, &p, &even_ruler));
	p.n_blocks = 0;
	assert_int_equal(thumb_scene(a, &p, &even_ruler)->n, 0);
	assert_string_equal(thumb_words(a, &p), "");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_tells_most_is_shown),
	    cmocka_unit_test(test_a_chart_is_only_what_is_drawn),
	    cmocka_unit_test(test_numbers_and_rows),
	    cmocka_unit_test(test_more_than_there_is_room_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
