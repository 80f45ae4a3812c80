/* Projections against published values, and maps that fit. */
#include "test.h"

#include <math.h>

#include "chart/geo.h"

#define assert_near(a, b, off) assert_true(fabs((a) - (b)) <= (off))

static const struct frame frame = {0, 0, 400, 300};

/*
 * EPSG Guidance Note 7-2, "Popular Visualisation Pseudo Mercator"; two cities
 * as any map server has them; the corner of the world's square.
 */
static void mercator_is_epsg_3857(void **state)
{
	static const struct {
		double lon, lat, x, y;
	} known[] = {
	    {-(100 + 20 / 60.0), 24 + 22 / 60.0 + 54.433 / 3600, -11169055.58,
		2800000.00},
	    {-74.0060, 40.7128, -8238310.24, 4970071.58},
	    {151.2093, -33.8688, 16832542.28, -4011198.65},
	    {180, MERCATOR_LAT_MAX, 20037508.34, 20037508.34},
	    {0, 0, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		double y = EARTH_RADIUS * mercator_y(known[i].lat);

		assert_near(
		    EARTH_RADIUS * known[i].lon * M_PI / 180, known[i].x, 0.01);
		assert_near(y, known[i].y, 0.01);
		assert_near(mercator_lat(y / EARTH_RADIUS), known[i].lat, 1e-9);
	}
}

static void a_box_is_the_narrowest(void **state)
{
	static const struct lonlat here[] = {{-5, 50}, {2, 58}, {1, 51}};
	static const struct lonlat fiji[] = {
	    {179, -17}, {-179, -18}, {178, -16}};
	static const struct lonlat one[] = {{541, 3}};
	static const struct lonlat all[] = {
	    {-170, 0}, {-60, 0}, {60, 0}, {170, 9}};
	static const struct lonlat most[] = {
	    {-150, 0}, {-80, 0}, {-10, 0}, {60, 0}, {130, 9}};
	struct geo_box b = geo_box_around(*state, here, 3);

	assert_true(b.west == -5 && b.east == 2);
	assert_true(b.south == 50 && b.north == 58);
	b = geo_box_around(*state, fiji, 3);
	assert_true(b.west == 178 && b.east == 181);
	b = geo_box_around(*state, one, 1);
	assert_true(b.west == -179 && b.east == -179);
	b = geo_box_around(*state, all, 4);
	assert_true(b.west == 60 && b.east == 300);
	b = geo_box_around(*state, most, 5);
	assert_true(b.west == -180 && b.east == 180);
}

static void assert_within(
    const struct geo_view *v, double lon, double lat, double margin)
{
	struct xy p = geo_place(v, (struct lonlat){lon, lat});

	assert_true(p.x >= v->frame.x0 + margin - 1e-6);
	assert_true(p.x <= v->frame.x1 - margin + 1e-6);
	assert_true(p.y >= v->frame.y0 + margin - 1e-6);
	assert_true(p.y <= v->frame.y1 - margin + 1e-6);
}

static void a_box_fits_with_its_margin(void **state)
{
	struct geo_box wide = {50, -10, 52, 30}, high = {30, 10, 60, 12};
	struct geo_view v = geo_fit_best(&wide, &frame, 20, 0.1);

	(void)state;
	assert_int_equal(v.projection, PROJECTION_MERCATOR);
	assert_within(&v, -10, 50, 20);
	assert_within(&v, 30, 52, 20);
	assert_near(geo_place(&v, (struct lonlat){-10, 51}).x, 20, 1e-9);
	assert_near(geo_place(&v, (struct lonlat){30, 51}).x, 380, 1e-9);
	v = geo_fit_best(&high, &frame, 20, 0.1);
	assert_near(geo_place(&v, (struct lonlat){11, 60}).y, 20, 1e-9);
	assert_near(geo_place(&v, (struct lonlat){11, 30}).y, 280, 1e-9);
	/* north is up, east is right, and angles are kept */
	assert_true(geo_place(&v, (struct lonlat){12, 45}).x >
		    geo_place(&v, (struct lonlat){10, 45}).x);
}

static void one_point_has_something_around_it(void **state)
{
	struct geo_box box = {51, 7, 51, 7};
	struct geo_view v = geo_fit_best(&box, &frame, 20, 0.5);

	(void)state;
	assert_near(v.bounds.north - v.bounds.south, 0.5 * 300 / 260, 0.01);
	assert_near(geo_place(&v, (struct lonlat){7, 51}).x, 200, 1e-9);
	assert_near(geo_place(&v, (struct lonlat){7, 51}).y, 150, 1e-9);
}

static void both_sides_of_the_antimeridian_are_near(void **state)
{
	static const struct lonlat at[] = {{179, -17}, {-179, -17}};
	struct geo_box box = geo_box_around(*state, at, 2);
	struct geo_view v = geo_fit_best(&box, &frame, 20, 0.1);

	assert_near(geo_place(&v, at[0]).x, 20, 1e-6);
	assert_near(geo_place(&v, at[1]).x, 380, 1e-6);
	assert_true(v.bounds.east - v.bounds.west < 3);
	/* the same place however its longitude is written */
	assert_near(geo_place(&v, (struct lonlat){181, -17}).x, 380, 1e-6);
	assert_near(geo_place(&v, (struct lonlat){-541, -17}).x,
	    geo_place(&v, at[0]).x, 1e-6);
}

static void near_a_pole_another_projection(void **state)
{
	struct geo_box box = {80, -60, 90, 120};
	struct geo_view v = geo_fit_best(&box, &frame, 20, 0.1);

	(void)state;
	assert_int_equal(v.projection, PROJECTION_EQUIRECTANGULAR);
	assert_within(&v, -60, 80, 0);
	assert_within(&v, 120, 90, 0);
	assert_true(v.bounds.north <= 90 + 1e-9);
	/* Mercator's, if it has to be, ends where it ends */
	v = geo_fit(&box, PROJECTION_MERCATOR, &frame, 0, 0.1);
	assert_true(v.bounds.north <= MERCATOR_LAT_MAX + 1e-9);
	assert_true(isfinite(geo_place(&v, (struct lonlat){0, 90}).y));
}

static void the_whole_world_makes_the_frame_smaller(void **state)
{
	struct geo_box box = {-90, -180, 90, 180};
	struct frame wide = {0, 0, 1000, 200};
	struct geo_view v = geo_fit_best(&box, &wide, 0, 0.1);

	(void)state;
	assert_int_equal(v.projection, PROJECTION_EQUIRECTANGULAR);
	assert_near(v.frame.x1 - v.frame.x0, 400, 1e-6);
	assert_near(v.frame.x0, 300, 1e-6);
	assert_near(v.bounds.west, -180, 1e-6);
	assert_near(v.bounds.south, -90, 1e-6);
	v = geo_fit_best(&box, &(struct frame){0, 0, 400, 400}, 0, 0.1);
	assert_near(v.frame.y1, 200, 1e-6);
}

static void a_pixel_has_its_metres(void **state)
{
	struct geo_box box = {-1, -10, 1, 10}, north = {59, -10, 61, 10};
	struct geo_view v = geo_fit(&box, PROJECTION_MERCATOR, &frame, 0, 0.1);

	(void)state;
	/* 20 degrees of the equator over 400 pixels */
	assert_near(geo_metres_per_pixel(&v), 20 * 40075016.7 / 360 / 400, 0.1);
	v = geo_fit(&north, PROJECTION_MERCATOR, &frame, 0, 0.1);
	assert_near(
	    geo_metres_per_pixel(&v), 20 * 40075016.7 / 360 / 400 * 0.5, 10);
	v = geo_fit(&north, PROJECTION_EQUIRECTANGULAR, &frame, 0, 0.1);
	assert_near(
	    geo_metres_per_pixel(&v), 20 * 40075016.7 / 360 / 400 * 0.5, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(mercator_is_epsg_3857),
	    arena_test(a_box_is_the_narrowest),
	    arena_test(a_box_fits_with_its_margin),
	    arena_test(one_point_has_something_around_it),
	    arena_test(both_sides_of_the_antimeridian_are_near),
	    arena_test(near_a_pole_another_projection),
	    arena_test(the_whole_world_makes_the_frame_smaller),
	    arena_test(a_pixel_has_its_metres),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
