/* Outlines: the file, cutting to the frame, turns of the world. */
#include "test.h"

#include <math.h>

#include "base/file.h"
#include "chart/clip.h"
#include "chart/outline.h"

#define HEAD "broadsheet outline 1\nNobody's, 1:1\n"

static const struct frame box = {0, 0, 10, 10};

static int parse(struct arena *a, const char *bytes, size_t n,
    struct outline *o, struct err *e)
{
	return outline_parse(a, (struct span){bytes, n}, o, e);
}

#define PARSE(a, text, o, e) parse(a, text, sizeof(text) - 1, o, e)

static void a_file_is_read(void **state)
{
	/* one unit to the degree; a triangle, then a line beyond 180 */
	static const char file[] = HEAD "\x01\x02"
					"\x00\x03\x00\x00\x02\x00\x00\x02"
					"\x01\x02\xe6\x02\x01\x04\x00";
	struct outline o;
	struct err e = {0};

	assert_int_equal(PARSE(*state, file, &o, &e), 0);
	assert_string_equal(o.source, "Nobody's, 1:1");
	assert_int_equal(o.n, 2);
	assert_int_equal(o.parts[0].kind, OUTLINE_AREA);
	assert_int_equal(o.parts[0].n, 3);
	assert_true(o.parts[0].points[1].lon == 1);
	assert_true(o.parts[0].points[2].lat == 1);
	assert_int_equal(o.parts[1].kind, OUTLINE_LINE);
	assert_true(o.parts[1].box.west == 179 && o.parts[1].box.east == 181);
	assert_true(o.parts[1].box.south == -1);
}

static void what_is_none_is_refused(void **state)
{
	struct outline o;
	struct err e = {0};

	assert_int_equal(PARSE(*state, "", &o, &e), -1);
	assert_string_equal(e.text, "not an outline of the world");
	assert_int_equal(
	    PARSE(*state, "broadsheet outline 2\nx\n", &o, &e), -1);
	assert_int_equal(PARSE(*state, HEAD, &o, &e), -1);
	assert_string_equal(e.text, "the outline of the world is damaged");
	/* no units; a part too few; bytes too many; too many points; a kind */
	assert_int_equal(PARSE(*state, HEAD "\x00\x00", &o, &e), -1);
	assert_int_equal(PARSE(*state, HEAD "\x01\x01", &o, &e), -1);
	assert_int_equal(PARSE(*state, HEAD "\x01\x00\x00", &o, &e), -1);
	assert_int_equal(
	    PARSE(*state, HEAD "\x01\x01\x01\xff\xff\x7f\x00", &o, &e), -1);
	assert_int_equal(
	    PARSE(*state, HEAD "\x01\x01\x02\x02\x00\x00\x00\x00", &o, &e), -1);
	/* 91 degrees north; a ring of two */
	assert_int_equal(
	    PARSE(*state, HEAD "\x01\x01\x01\x02\x00\xb6\x01\x00\x00", &o, &e),
	    -1);
	assert_int_equal(
	    PARSE(*state, HEAD "\x01\x01\x00\x02\x00\x00\x02\x02", &o, &e), -1);
}

static void assert_points(const struct path *p, const struct xy *want, size_t n)
{
	assert_int_equal(p->n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(isnan(want[i].x), isnan(p->points[i].x));
		if (isnan(want[i].x))
			continue;
		assert_true(fabs(p->points[i].x - want[i].x) < 1e-9);
		assert_true(fabs(p->points[i].y - want[i].y) < 1e-9);
	}
}

static void rings_are_cut(void **state)
{
	static const struct xy big[] = {{-5, -5}, {15, -5}, {15, 15}, {-5, 15}};
	static const struct xy corner[] = {{5, 5}, {15, 5}, {5, 15}};
	static const struct xy off[] = {{11, 0}, {20, 0}, {20, 9}};
	static const struct xy speck[] = {{1, 1}, {1.2, 1}, {1, 1.2}};
	struct path p = {.arena = *state};

	clip_ring(&p, off, 3, &box, 0.4);
	clip_ring(&p, speck, 3, &box, 0.4);
	assert_int_equal(p.n, 0);
	clip_ring(&p, big, 4, &box, 0);
	assert_int_equal(p.n, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(p.points[i].x == 0 || p.points[i].x == 10);
		assert_true(p.points[i].y == 0 || p.points[i].y == 10);
	}
	p.n = 0;
	clip_ring(&p, corner, 3, &box, 0);
	assert_points(
	    &p, (struct xy[]){{5, 10}, {5, 5}, {10, 5}, {10, 10}, {10, 10}}, 5);
}

static void lines_are_cut(void **state)
{
	static const struct xy zigzag[] = {
	    {-5, 5}, {5, 5}, {15, 5}, {15, 8}, {5, 8}};
	static const struct xy across[] = {{-5, -5}, {15, 15}};
	static const struct xy past[] = {{-5, 5}, {5, 20}};
	struct path p = {.arena = *state};

	clip_line(&p, zigzag, 5, &box, 0);
	assert_points(&p,
	    (struct xy[]){{0, 5}, {5, 5}, {10, 5}, {NAN, NAN}, {10, 8}, {5, 8}},
	    6);
	p.n = 0;
	clip_line(&p, across, 2, &box, 0);
	assert_points(&p, (struct xy[]){{0, 0}, {10, 10}}, 2);
	p.n = 0;
	clip_line(&p, past, 2, &box, 0);
	assert_int_equal(p.n, 0);
}

static void what_cannot_be_seen_goes(void **state)
{
	struct xy p[] = {{0, 0}, {1, 0.1}, {2, -0.1}, {3, 0}, {3, 5}};
	struct xy bent[] = {{0, 0}, {1, 1}, {2, 0}};

	assert_int_equal(simplify(*state, p, 5, 0.4), 3);
	assert_true(p[1].x == 3 && p[1].y == 0 && p[2].y == 5);
	assert_int_equal(simplify(*state, bent, 3, 0.4), 3);
	assert_int_equal(simplify(*state, bent, 3, 2), 2);
	assert_int_equal(simplify(*state, bent, 1, 2), 1);
}

static struct outline load(struct arena *a, const char *path)
{
	struct outline o;
	struct span bytes;
	struct err e = {0};

	assert_int_equal(file_read(a, path, OUTLINE_BYTES_MAX, &bytes, &e), 0);
	if (outline_parse(a, bytes, &o, &e) != 0)
		fail_msg("%s: %s", path, e.text);
	return o;
}

/* Is a place within the areas of the picture? */
static bool on_land(const struct scene *s, struct xy at)
{
	int crossings = 0;

	for (size_t k = 0; k < s->n; k++) {
		const struct scene_item *it = &s->items[k];
		size_t first = 0;

		if (it->kind != SCENE_AREA)
			continue;
		for (size_t i = 0; i < it->n; i++) {
			const struct xy *p = &it->points[i], *q = p + 1;

			if (isnan(p->x)) {
				first = i + 1;
				continue;
			}
			if (i + 1 == it->n || isnan(q->x))
				q = &it->points[first];
			if ((p->y > at.y) != (q->y > at.y) &&
			    at.x < p->x + (at.y - p->y) / (q->y - p->y) *
					      (q->x - p->x))
				crossings++;
		}
	}
	return crossings % 2 == 1;
}

static size_t points_of(const struct scene *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->items[i].n;
	return n;
}

static const struct outline_style style = {
    .fill = INK_HAIR,
    .edge = INK_RULE,
    .line = INK_RULE,
    .width = 1,
    .most = 4000,
};

static struct scene *draw(struct arena *a, const struct outline *o,
    struct geo_box b, struct geo_view *v)
{
	struct scene *s = scene_new(a, 400, 300);

	*v = geo_fit_best(&b, &(struct frame){0, 0, 400, 300}, 0, 0.1);
	outline_draw(o, v, &style, s);
	return s;
}

static void assert_land(const struct scene *s, const struct geo_view *v,
    double lat, double lon, bool land)
{
	assert_int_equal(
	    on_land(s, geo_place(v, (struct lonlat){lon, lat})), land);
}

static void the_shipped_world_is_where_it_should_be(void **state)
{
	static const char *const files[] = {"assets/outline/world-110m.outline",
	    "assets/outline/world-50m.outline"};
	struct geo_view v;

	for (int i = 0; i < 2; i++) {
		struct outline o = load(*state, files[i]);
		struct scene *s =
		    draw(*state, &o, (struct geo_box){-90, -180, 90, 180}, &v);

		assert_true(points_of(s) < 4000);
		assert_land(s, &v, 52, -1, true);     /* England */
		assert_land(s, &v, 55, 3, false);     /* the North Sea */
		assert_land(s, &v, -25, 134, true);   /* Australia */
		assert_land(s, &v, 42, 51, false);    /* the Caspian Sea */
		assert_land(s, &v, 66.5, -175, true); /* past 180: Chukotka */
		assert_land(s, &v, 66.5, 175, true);
		assert_land(s, &v, 0, -150, false);
		assert_land(s, &v, -85, -179, true); /* Antarctica */
		assert_land(s, &v, -85, 179, true);
	}
}

static void a_map_across_the_antimeridian_is_whole(void **state)
{
	struct outline o = load(*state, "assets/outline/world-50m.outline");
	struct geo_view v;
	struct scene *s =
	    draw(*state, &o, (struct geo_box){60, 170, 72, 200}, &v);

	assert_land(s, &v, 67, 175, true);
	assert_land(s, &v, 67, -179.9, true);
	assert_land(s, &v, 67, 179.9, true);
	assert_land(s, &v, 66, -161, true); /* Alaska */
	assert_land(s, &v, 66, -168.9, false);
	/* Fiji's second island lies on it */
	s = draw(*state, &o, (struct geo_box){-18.5, 177, -15.5, 181}, &v);
	assert_land(s, &v, -17.8, 178, true);
	assert_land(s, &v, -17, 179, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(a_file_is_read),
	    arena_test(what_is_none_is_refused),
	    arena_test(rings_are_cut),
	    arena_test(lines_are_cut),
	    arena_test(what_cannot_be_seen_goes),
	    arena_test(the_shipped_world_is_where_it_should_be),
	    arena_test(a_map_across_the_antimeridian_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
