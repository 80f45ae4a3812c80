#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "output/poster.h"
#include "scene_dump.h"

static struct legend_row rows[] = {
    {.name = "app1", .colour = 1, .last = "25 %"},
    {.name = "app2", .colour = 2, .last = "96 %"},
};

static struct block sample(struct arena *a)
{
	static const struct xy line[] = {{10, 20}, {90, 30}};
	struct block b = {
	    .title = "CPU",
	    .note = "used",
	    .message = "newest value is 12 min old",
	    .wide = scene_new(a, 300, 100),
	    .legend = rows,
	    .n_legend = 2,
	    .legend_open = true,
	};

	scene_line(b.wide, line, 2, INK_SERIES_1, 1.6);
	b.wide->plot.x0 = 10;
	b.wide->plot.y0 = 90;
	return b;
}

static void test_golden(void **state)
{
	struct arena *a = arena_new();
	struct block b = sample(a);

	(void)state;
	golden_scene(a, "poster", poster_scene(a, &b, &even_ruler));
	arena_free(a);
}

static void test_alert_is_red(void **state)
{
	struct arena *a = arena_new();
	struct block b = sample(a);
	const struct scene *s;

	(void)state;
	b.state = PANEL_ALERT;
	s = poster_scene(a, &b, &even_ruler);
	assert_int_equal(find_text(s, "CPU")->ink, INK_RED);
	arena_free(a);
}

static void test_many_and_long(void **state)
{
	struct arena *a = arena_new();
	struct block b = sample(a);
	const struct scene *s;

	(void)state;
	b.title = "a title far too long for a picture as small as this one is";
	b.n_legend = 900;
	b.legend = arena_array(a, 900, sizeof(*b.legend));
	for (int i = 0; i < 900; i++)
		b.legend[i] = rows[i % 2];
	s = poster_scene(a, &b, &even_ruler);
	assert_true(s->h < 500);
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->items[i].n; k++) {
			assert_true(s->items[i].points[k].x <= s->w);
			assert_true(s->items[i].points[k].y <= s->h);
		}
	b.wide = NULL;
	assert_null(poster_scene(a, &b, &even_ruler));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_alert_is_red),
	    cmocka_unit_test(test_many_and_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
