#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chart/plot.h"
#include "scene_dump.h"

#define NOW   INT64_C(1795317240) /* 2026-11-22 03:14 UTC */
#define HOURS INT64_C(3600)

static int set_up(void **state)
{
	struct err e;

	*state = arena_new();
	return clock_set_zone("Europe/London", &e);
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

/* A saw between lo and hi, a point every ten minutes. */
static struct plot_line saw(struct arena *a, const char *name, enum ink ink,
    double lo, double hi, size_t n)
{
	struct point *points = arena_array(a, n, sizeof(*points));
	struct plot_line l = {.name = name,
	    .end = name,
	    .ink = ink,
	    .points = points,
	    .n = n,
	    .hole = 1500};

	for (size_t i = 0; i < n; i++) {
		double v = lo + (hi - lo) * (double)(i % 7) / 6;

		points[i] =
		    (struct point){NOW - (int64_t)(n - 1 - i) * 600, v, v, v};
		l.last = v;
	}
	return l;
}

static struct plot plot_of(
    const struct plot_line *lines, size_t n, const char *unit)
{
	return (struct plot){
	    .w = 400,
	    .h = 180,
	    .from = NOW - 6 * HOURS,
	    .to = NOW,
	    .unit = unit,
	    .min = NAN,
	    .max = NAN,
	    .labels = true,
	    .lines = lines,
	    .n_lines = n,
	    .ruler = &even_ruler,
	};
}

static void test_golden_lines(void **state)
{
	struct arena *a = *state;
	struct plot_line lines[] = {
	    saw(a, "app1", INK_SERIES_1, 20, 30, 37),
	    saw(a, "app2", INK_SERIES_2, 21, 31, 37),
	};
	const struct plot_gap gap = {NOW - 3 * HOURS, NOW - 2 * HOURS,
	    "app1 timeout", "source app1: no answer in 10 s, 00:14 to 01:14"};
	struct plot p = plot_of(lines, 2, "percent");

	p.gaps = &gap;
	p.n_gaps = 1;
	golden_scene(a, "plot_lines", plot_draw(a, &p));
}

static void test_golden_stack(void **state)
{
	struct arena *a = *state;
	struct plot_line lines[] = {
	    saw(a, "used", INK_SERIES_1, 2e9, 3e9, 13),
	    saw(a, "cached", INK_SERIES_2, 1e9, 1e9, 7),
	};
	struct plot p = plot_of(lines, 2, "bytes");

	p.stack = true;
	golden_scene(a, "plot_stack", plot_draw(a, &p));
}

static void test_golden_band(void **state)
{
	struct arena *a = *state;
	struct plot_line line = saw(a, "users", INK_SERIES_1, 100, 400, 13);
	struct point *points =
	    arena_copy(a, line.points, line.n * sizeof(*points));
	struct plot p = plot_of(&line, 1, "count");

	for (size_t i = 0; i < line.n; i++) {
		points[i].min -= 40;
		points[i].max += 60;
	}
	line.points = points;
	line.step = 600;
	line.end = "now";
	golden_scene(a, "plot_band", plot_draw(a, &p));
}

/* A hole parts the line; a point alone becomes a dot. */
static void test_holes(void **state)
{
	struct arena *a = *state;
	struct point points[] = {{NOW - 9000, 1, 1, 1}, {NOW - 8700, 2, 2, 2},
	    {NOW - 5000, 3, 3, 3}, {NOW - 300, 4, 4, 4}, {NOW, 5, 5, 5}};
	struct plot_line line = {.name = "a",
	    .ink = INK_SERIES_3,
	    .points = points,
	    .n = 5,
	    .hole = 750,
	    .last = 5};
	struct plot p = plot_of(&line, 1, "");
	const struct scene *s = plot_draw(a, &p);
	size_t runs = 0, dots = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct scene_item *it = &s->items[i];

		if (it->ink != INK_SERIES_3)
			continue;
		dots += it->kind == SCENE_MARK;
		runs += it->kind == SCENE_LINE;
		for (size_t k = 0; it->kind == SCENE_LINE && k < it->n; k++)
			runs += isnan(it->points[k].x);
	}
	assert_int_equal(runs, 3);
	assert_int_equal(dots, 1);
}

/* 10,000 points in 400 pixels: no more than the pixels can show. */
static void test_thinned(void **state)
{
	struct arena *a = *state;
	struct plot_line line = saw(a, "a", INK_SERIES_1, 0, 9, 10000);
	struct plot p = plot_of(&line, 1, "");
	const struct scene *s;

	p.from = NOW - 10000 * 600;
	s = plot_draw(a, &p);
	for (size_t i = 0; i < s->n; i++)
		assert_true(s->items[i].n < 400);
}

/* Six lines that end in one place: labels apart, in order, in the picture. */
static void test_labels_apart(void **state)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
	struct arena *a = *state;
	struct plot_line lines[6];
	struct plot p = plot_of(lines, 6, "percent");
	const struct scene *s;
	double last = 0;
	size_t labels = 0;

	for (int i = 0; i < 6; i++)
		lines[i] = saw(a, names[i], (enum ink)(INK_SERIES_1 + i),
		    0.5 - i * 0.01, 0.5 - i * 0.01, 37);
	s = plot_draw(a, &p);
	for (size_t i = 0; i < s->n; i++) {
		const struct scene_item *it = &s->items[i];

		if (it->kind != SCENE_TEXT || !it->bold)
			continue;
		assert_true(it->text[0] == 'a' + (char)labels);
		assert_true(it->points[0].y - last >= 13 || labels == 0);
		assert_true(it->points[0].y <= s->h - 10);
		last = it->points[0].y;
		labels++;
	}
	assert_int_equal(labels, 6);
	assert_true(plot_can_label(6, 170));
	assert_false(plot_can_label(7, 250));
}

static void test_unit_once(void **state)
{
	struct arena *a = *state;
	struct plot_line lines[] = {
	    saw(a, "rx", INK_SERIES_1, 0, 9e6, 37),
	    saw(a, "tx", INK_SERIES_2, 0, 9e3, 37),
	};
	struct plot p = plot_of(lines, 2, "bytes/s");
	const struct scene *s = plot_draw(a, &p);
	size_t named = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->items[i].text != NULL)
			named += strstr(s->items[i].text, "MB/s") != NULL;
	assert_int_equal(named, 1);
	assert_non_null(find_text(s, "rx 1.43"));
	/* another size than the axis': with its own unit */
	assert_non_null(find_text(s, "tx 1.46 KB/s"));
}

static void test_odd_values(void **state)
{
	static const double ranges[][2] = {{0, 0}, {-5, -5}, {1e-300, 2e-300},
	    {-1e300, 1e300}, {1e15, 1e15 + 1}, {-1e-9, 1e-9}, {5e-324, 5e-324},
	    {-9e299, 9e299}};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		struct plot_line line = saw(
		    a, "a", INK_SERIES_1, ranges[i][0], ranges[i][1], 1 + i);
		struct plot p = plot_of(&line, 1, i % 2 ? "bytes" : "pigs");
		const struct scene *s = plot_draw(a, &p);

		for (size_t k = 0; k < s->n; k++) {
			const struct scene_item *it = &s->items[k];

			for (size_t j = 0; j < it->n; j++) {
				if (isnan(it->points[j].x))
					continue;
				assert_true(it->points[j].x >= 0);
				assert_true(it->points[j].x <= s->w);
				assert_true(it->points[j].y >= 0);
				assert_true(it->points[j].y <= s->h);
			}
		}
	}
}

static void test_powers(void **state)
{
	struct arena *a = *state;
	struct plot_line line = saw(a, "", INK_SERIES_1, 1e-7, 9e-7, 37);
	struct plot p = plot_of(&line, 1, "kg");
	const struct scene *s = plot_draw(a, &p);

	assert_non_null(find_text(s, "×10⁻⁹ kg"));
	assert_non_null(find_text(s, "1,000"));
}

static void test_long_name(void **state)
{
	struct arena *a = *state;
	struct plot_line line = saw(a,
	    "a name so long that it would leave no room for any picture at all",
	    INK_SERIES_1, 0, 9, 37);
	struct plot p = plot_of(&line, 1, "");
	const struct scene *s = plot_draw(a, &p);

	assert_true(s->plot.x1 - s->plot.x0 > s->w / 2);
	assert_non_null(find_text(s, "a name so lo… 1.50"));
}

static void test_nothing(void **state)
{
	struct plot p = plot_of(NULL, 0, "percent");
	const struct scene *s = plot_draw(*state, &p);

	assert_int_equal(s->plot.t1 - s->plot.t0, 6 * HOURS);
	assert_non_null(find_text(s, "100"));
}

static void test_spark(void **state)
{
	struct arena *a = *state;
	struct plot_line line = saw(a, "w", INK_SERIES_1, 75, 76, 37);
	const struct scene *s =
	    plot_spark(a, &line, NOW - 6 * HOURS, NOW, 150, 34);

	assert_int_equal(count_kind(s, SCENE_LINE), 1);
	assert_int_equal(count_kind(s, SCENE_MARK), 1);
	assert_int_equal(count_kind(s, SCENE_TEXT), 0);
	line.n = 0;
	s = plot_spark(a, &line, NOW - 6 * HOURS, NOW, 150, 34);
	assert_int_equal(s->n, 0);
}

static void test_ruler(void **state)
{
	struct arena *a = *state;
	const char *broken = "a\xff\xe2\x82";
	const char *euro = "€";

	assert_string_equal(
	    ruler_fit(&even_ruler, a, "short", 10, false, 100), "short");
	assert_string_equal(
	    ruler_fit(&even_ruler, a, "rather long", 10, false, 48), "rather…");
	assert_string_equal(
	    ruler_fit(&even_ruler, a, "äöüäöü", 10, false, 24), "äöü…");
	assert_string_equal(ruler_fit(&even_ruler, a, "x", 10, false, 0), "…");
	assert_true(ruler_width(NULL, "WWW", 10, false) >
		    ruler_width(NULL, "iii", 10, false));
	assert_int_equal(text_next(&euro), 0x20ac);
	assert_int_equal(text_next(&euro), 0);
	assert_int_equal(text_next(&broken), 'a');
	assert_int_equal(text_next(&broken), 0xfffd);
	assert_int_equal(text_next(&broken), 0xfffd);
	assert_int_equal(text_next(&broken), 0xfffd);
	assert_int_equal(text_next(&broken), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden_lines),
	    cmocka_unit_test(test_golden_stack),
	    cmocka_unit_test(test_golden_band),
	    cmocka_unit_test(test_holes),
	    cmocka_unit_test(test_thinned),
	    cmocka_unit_test(test_labels_apart),
	    cmocka_unit_test(test_unit_once),
	    cmocka_unit_test(test_odd_values),
	    cmocka_unit_test(test_powers),
	    cmocka_unit_test(test_long_name),
	    cmocka_unit_test(test_nothing),
	    cmocka_unit_test(test_spark),
	    cmocka_unit_test(test_ruler),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
