#include "panel_input.h"

#include "chart/outline.h"

extern const struct panel_kind panel_map;

#define RECORDS_MAX 6000

static struct records records;
static struct source_status status = {
    .name = "field", .outcome = OUTCOME_OK, .message = "", .every = 60};

static int set_up(void **state)
{
	int rc = rig_set_up(state);
	struct rig *r = *state;

	records = (struct records){.listed = NOW};
	records.versions =
	    arena_array(r->arena, RECORDS_MAX, sizeof(struct version));
	r->in.records = &records;
	r->in.title = "Users";
	r->in.status = &status;
	r->in.n_status = 1;
	return rc;
}

#define map_test(f) cmocka_unit_test_setup_teardown(f, set_up, rig_tear_down)

static const struct field *fields_of(
    struct rig *r, const char *lat, const char *lon, const char *what)
{
	struct field *f = arena_array(r->arena, 3, sizeof(*f));

	f[0] = (struct field){"lat", lat, true};
	f[1] = (struct field){"lon", lon, true};
	f[2] = (struct field){"state", what, false};
	return f;
}

/* A version; those of a key one after the other, the newest last. */
static struct version *put(struct rig *r, const char *key, int64_t ts,
    const char *lat, const char *lon, const char *what)
{
	struct version *v = &records.versions[records.n++];

	*v = (struct version){key, ts, ts, fields_of(r, lat, lon, what), 3};
	return v;
}

static void map(struct rig *r, const char *yaml)
{
	const char *all =
	    arena_printf(r->arena, "source: field\ncolour: state\n%s", yaml);

	if (rig_build(r, &panel_map, all) != 0)
		fail_msg("%s", r->err.text);
}

static const struct scene_item *titled(const struct scene *s, const char *start)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->items[i].title != NULL &&
		    str_starts(s->items[i].title, start))
			return &s->items[i];
	return NULL;
}

static bool has_text(const struct scene *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->items[i].text, text))
			return true;
	return false;
}

static size_t count(const struct scene *s, enum scene_kind kind, bool halo)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->items[i].kind == kind && s->items[i].halo == halo;
	return n;
}

static void test_golden(void **state)
{
	struct rig *r = *state;

	put(r, "unit-1", NOW - 120, "51.5", "-0.1", "moving");
	put(r, "unit-1", NOW - 60, "51.6", "-0.2", "moving");
	put(r, "unit-1", NOW, "51.7", "-0.3", "moving");
	put(r, "unit-2", NOW, "53.5", "-2.2", "stopped");
	put(r, "unit-3", NOW - 300, "52.5", "-1.9", "offline");
	put(r, "unit-4", NOW, "95.2", "1", "moving");
	map(r, "colours: {moving: green, stopped: orange, offline: grey}\n"
	       "trail: 1h\n");
	assert_int_equal(r->block.state, PANEL_OK);
	assert_string_equal(r->block.note, "as of 03:14");
	assert_string_equal(
	    r->block.alt, "Users, map of 2 points: 1 moving, 1 stopped");
	assert_string_equal(r->block.message,
	    "1 not drawn: unit-4 (lat 95.2 is out of range, -90 to 90)");
	golden_scene(r->arena, "panel_map_wide", r->block.wide);
	golden_scene(r->arena, "panel_map_narrow", r->block.narrow);
}

static void a_state_is_a_colour_and_a_shape(void **state)
{
	struct rig *r = *state;
	const struct scene_item *a, *b, *c;

	put(r, "a", NOW, "50", "5", "moving");
	put(r, "b", NOW, "51", "6", "parked");
	put(r, "c", NOW, "52", "7", NULL);
	map(r, "colours: {moving: green, stopped: orange}\n");
	a = titled(r->block.wide, "a: moving, now");
	b = titled(r->block.wide, "b: parked, now");
	c = titled(r->block.wide, "c: without a state, now");
	assert_int_equal(a->ink, INK_SERIES_3);
	assert_int_equal(a->mark, MARK_CIRCLE);
	/* states that have no colour get one that is free, grey for none */
	assert_int_equal(c->ink, INK_SERIES_5);
	assert_int_equal(c->mark, MARK_CROSS);
	assert_int_equal(b->ink, INK_SERIES_1);
	assert_int_equal(b->mark, MARK_TRIANGLE);
	assert_true(has_text(r->block.wide, "moving 1"));
	assert_true(has_text(r->block.wide, "stopped 0"));
	assert_true(has_text(r->block.wide, "parked 1"));
	assert_true(has_text(r->block.narrow, "without a state 1"));
}

static void bad_coordinates_are_listed_not_drawn(void **state)
{
	static const struct {
		const char *lat, *lon, *why;
	} bad[] = {
	    {NULL, "1", "lat is missing"},
	    {"", "1", "lat is missing"},
	    {"abc", "1", "lat 'abc' is not a number"},
	    {"1", "0x1", "lon '0x1' is not a number"},
	    {"NaN", "1", "lat is NaN"},
	    {"1", "-Inf", "lon is -Inf"},
	    {"90.01", "1", "lat 90.01 is out of range, -90 to 90"},
	    {"1", "-361", "lon -361 is out of range, -360 to 360"},
	    {"0", "0.0", "0, 0 is no position"},
	};
	struct rig *r = *state;
	size_t n = sizeof(bad) / sizeof(bad[0]);

	for (size_t i = 0; i < n; i++)
		put(r, arena_printf(r->arena, "k%zu", i), NOW, bad[i].lat,
		    bad[i].lon, "s");
	map(r, "");
	assert_string_equal(r->block.message,
	    "9 not drawn: k0 (lat is missing), k1 (lat is missing), k2 (lat "
	    "'abc' is not a number) and 6 more");
	assert_int_equal(r->block.folded->n_rows, n);
	assert_string_equal(r->block.folded_title, "9 points");
	for (size_t i = 0; i < n; i++)
		assert_string_equal(r->block.folded->rows[i][5].text,
		    arena_printf(r->arena, "not drawn: %s", bad[i].why));
	assert_int_equal(count(r->block.wide, SCENE_MARK, true), 0);
}

static void the_poles_are_said(void **state)
{
	struct rig *r = *state;

	put(r, "a", NOW, "89.9", "5", "s");
	put(r, "b", NOW, "80", "150", "s");
	map(r, "");
	assert_string_equal(r->block.note, "equirectangular, as of 03:14");
	map(r, "projection: mercator\n");
	assert_string_equal(r->block.message,
	    "1 not drawn: a (lat 89.9000 is past 85.05, where Mercator's map "
	    "ends)");
	assert_string_equal(r->block.note, "as of 03:14");
}

static void across_the_antimeridian(void **state)
{
	struct rig *r = *state;
	const struct scene_item *a, *b;

	put(r, "a", NOW, "-17", "179", "s");
	put(r, "b", NOW - 60, "-17", "-179.2", "s");
	put(r, "b", NOW, "-17", "179.8", "s");
	put(r, "c", NOW, "-17", "-179", "s");
	map(r, "trail: 10m\n");
	a = titled(r->block.wide, "a:");
	b = titled(r->block.wide, "c:");
	assert_true(b->points[0].x - a->points[0].x > 300);
	/* the trail is one short line */
	for (size_t i = 0; i < r->block.wide->n; i++) {
		const struct scene_item *it = &r->block.wide->items[i];

		if (it->kind != SCENE_LINE || it->width != 1.4)
			continue;
		assert_int_equal(it->n, 2);
		assert_true(it->points[0].x > it->points[1].x);
		assert_true(it->points[0].x < b->points[0].x);
		return;
	}
	fail_msg("no trail");
}

static size_t trail_points(const struct scene *s, size_t *breaks)
{
	*breaks = 0;
	for (size_t i = 0; i < s->n; i++) {
		if (s->items[i].kind != SCENE_LINE || s->items[i].width != 1.4)
			continue;
		for (size_t k = 0; k < s->items[i].n; k++)
			*breaks += isnan(s->items[i].points[k].x);
		return s->items[i].n;
	}
	return 0;
}

static void trails_are_split_at_gaps(void **state)
{
	struct rig *r = *state;
	size_t breaks;

	put(r, "a", NOW - 1000, "50", "5", "s");
	put(r, "a", NOW - 940, "50.5", "6", "s");
	/* 5 intervals later is no gap, a second more is one */
	put(r, "a", NOW - 640, "50", "7", "s");
	put(r, "a", NOW - 339, "50.5", "8", "s");
	put(r, "a", NOW - 100, "bad", "8", "s");
	put(r, "a", NOW, "50", "9", "s");
	map(r, "trail: 1h\nbounds: [45, 0, 55, 10]\n");
	assert_int_equal(trail_points(r->block.wide, &breaks), 3);
	assert_int_equal(breaks, 0);
	map(r, "");
	assert_int_equal(trail_points(r->block.wide, &breaks), 0);
}

static void who_is_no_longer_listed_is_pale_then_gone(void **state)
{
	struct rig *r = *state;

	put(r, "a", NOW, "50", "5", "s");
	put(r, "b", NOW - 1800, "51", "5", "s");
	put(r, "c", NOW - 7200, "52", "5", "s");
	map(r, "");
	assert_non_null(
	    titled(r->block.wide, "b: s, 30 min ago, not listed since 02:44"));
	assert_true(titled(r->block.wide, "b:")->opacity < 1);
	assert_null(titled(r->block.wide, "c:"));
	assert_true(has_text(r->block.wide, "s 1"));
	assert_true(has_text(r->block.wide, "no longer listed 1"));
	map(r, "gone: 3h\n");
	assert_non_null(titled(r->block.wide, "c:"));
}

/* The number that a cluster's words begin with: "1,234 here". */
static size_t cluster_size(const char *words)
{
	size_t n = 0;

	for (; *words != ' '; words++)
		if (*words != ',')
			n = 10 * n + (size_t)(*words - '0');
	return n;
}

static void crowds_are_counted(void **state)
{
	struct rig *r = *state;
	size_t shown = 0;

	for (int i = 0; i < 5000; i++)
		put(r, arena_printf(r->arena, "k%04d", i), NOW,
		    arena_printf(r->arena, "%.3f", 50 + 0.002 * (i % 71)),
		    arena_printf(r->arena, "%.3f", 5 + 0.002 * (i % 67)),
		    i % 3 == 0 ? "x" : "y");
	put(r, "z", NOW, "45", "5", "x");
	map(r, "");
	assert_true(r->block.wide->n < 120);
	for (size_t i = 0; i < r->block.wide->n; i++) {
		const struct scene_item *it = &r->block.wide->items[i];

		if (it->kind == SCENE_MARK && it->title != NULL)
			shown +=
			    it->mark == MARK_RING ? cluster_size(it->title) : 1;
	}
	assert_int_equal(shown, 5001);
	assert_non_null(titled(r->block.wide, "z: x, now"));
	assert_int_equal(r->block.folded->n_rows, 500);
	assert_string_equal(r->block.folded->foot, "and 4,501 more");
	assert_int_equal(r->block.numbers->n_rows, 5001);
}

static void given_bounds_hold(void **state)
{
	struct rig *r = *state;

	put(r, "a", NOW, "50", "5", "s");
	put(r, "b", NOW, "10", "5", "s");
	map(r, "bounds: [45, 0, 55, 10]\n");
	assert_string_equal(r->block.note, "1 outside of the map, as of 03:14");
	assert_non_null(titled(r->block.wide, "a:"));
	assert_null(titled(r->block.wide, "b:"));
}

static void a_file_of_the_users_own(void **state)
{
	static const char text[] =
	    "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": "
	    "\"Feature\", \"properties\": {\"name\": \"Depot\"}, \"geometry\": "
	    "{\"type\": \"Point\", \"coordinates\": [5, 50]}}, {\"type\": "
	    "\"Feature\", \"properties\": null, \"geometry\": {\"type\": "
	    "\"Polygon\", \"coordinates\": [[[5, 50], [6, 50], [6, 51], [5, "
	    "50]]]}}]}";
	struct rig *r = *state;

	put(r, "a", NOW, "50", "5", "s");
	put(r, "b", NOW, "51", "6", "s");
	r->in.file = (struct span){text, sizeof(text) - 1};
	map(r, "outline: regions.geojson\n");
	assert_non_null(titled(r->block.wide, "Depot"));
	assert_int_equal(count(r->block.wide, SCENE_AREA, false), 1);
}

static void refused_file(struct rig *r, const char *text, const char *words)
{
	r->in.file = (struct span){text, strlen(text)};
	assert_int_equal(
	    rig_build(r, &panel_map, "source: field\noutline: /r.json\n"), -1);
	assert_string_equal(r->err.text, words);
}

static void a_file_that_is_no_geojson_is_refused(void **state)
{
	struct rig *r = *state;

	put(r, "a", NOW, "50", "5", "s");
	refused_file(r, "{]",
	    "/r.json: not JSON: line 1, column 2: string or '}' expected near "
	    "']'");
	refused_file(r, "{\"type\": \"Circle\"}",
	    "/r.json: not GeoJSON: 'Circle' is no type of it");
	refused_file(r, "{\"type\": \"Point\", \"coordinates\": [1, 91]}",
	    "/r.json: not GeoJSON: a position is wanted, [longitude, "
	    "latitude]");
	refused_file(r, "{\"type\": \"LineString\", \"coordinates\": [[1, 9]]}",
	    "/r.json: not GeoJSON: a line of 2 positions or more is wanted");
}

static void nothing_yet(void **state)
{
	struct rig *r = *state;

	records.listed = 0;
	map(r, "");
	assert_int_equal(r->block.state, PANEL_EMPTY);
	assert_string_equal(r->block.message, "nothing yet from field");
	assert_null(r->block.wide);
	/* a source that answers but lists nobody: a map without points */
	records.listed = NOW;
	map(r, "");
	assert_int_equal(r->block.state, PANEL_OK);
	assert_non_null(r->block.wide);
	assert_string_equal(r->block.alt, "Users, map of 0 points");
}

static void assert_fault(struct rig *r, const char *yaml, const char *words)
{
	r->faults.n = 0;
	assert_string_equal(rig_fault(r, &panel_map, yaml), words);
}

static void faults(void **state)
{
	struct rig *r = *state;

	assert_fault(r, "source: field\ncolour: state\ncolours: {a: red}\n",
	    "colours: red is for alerts; choose one of blue, orange, green, "
	    "purple, grey, cyan, pink, olive");
	assert_fault(r, "source: field\ncolour: state\ncolours: {a: mauve}\n",
	    "colours: 'mauve' is not one of blue, orange, green, purple, grey, "
	    "cyan, pink, olive");
	assert_fault(r, "source: field\ncolours: {a: blue}\n",
	    "colours: 'colour' is missing, the field with the state");
	assert_fault(r, "source: field\nbounds: [1, 2, 3]\n",
	    "bounds: [south, west, north, east] in degrees are wanted here");
	assert_fault(r, "source: field\nbounds: [60, 2, 50, 3]\n",
	    "bounds: [south, west, north, east] in degrees are wanted here");
}

/* All tiles there: they hide the land, and say whose they are. */
static void test_tiles(void **state)
{
	static const char yaml[] =
	    "{source: field, tiles: 'https://t.example.net/{z}/{x}/{y}', "
	    "attribution: Theirs, bounds: [51, -1, 52, 1]}";
	struct rig *r = *state;
	struct strings urls = {0};
	struct map_tile *tiles;
	size_t pictures = 0, words = 0;

	put(r, "van", NOW, "51.5", "-0.1", "moving");
	r->common.width = WIDTH_HALF;
	r->in.conf = rig_bind(r, &panel_map, yaml);
	panel_map.tiles(&r->in, r->arena, &urls);
	assert_in_range(urls.n, 8, 48);
	tiles = arena_array(r->arena, urls.n, sizeof(*tiles));
	for (size_t i = 0; i < urls.n; i++)
		tiles[i] =
		    (struct map_tile){.url = urls.items[i], .png = {"png", 3}};
	r->in.tiles = tiles;
	r->in.n_tiles = urls.n;
	assert_int_equal(
	    panel_map.build(&r->in, &r->block, r->arena, &r->err), 0);
	for (size_t i = 0; i < r->block.wide->n; i++) {
		const struct scene_item *it = &r->block.wide->items[i];

		pictures += it->kind == SCENE_PICTURE;
		words += it->kind == SCENE_TEXT && str_eq(it->text, "Theirs");
	}
	assert_int_equal(words, 1);
	assert_in_range(pictures, 4, urls.n - 4);
	r->in.n_tiles = 0;
	assert_int_equal(
	    panel_map.build(&r->in, &r->block, r->arena, &r->err), 0);
	for (size_t i = 0; i < r->block.wide->n; i++)
		assert_int_not_equal(
		    r->block.wide->items[i].kind, SCENE_PICTURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    map_test(test_golden),
	    map_test(a_state_is_a_colour_and_a_shape),
	    map_test(bad_coordinates_are_listed_not_drawn),
	    map_test(the_poles_are_said),
	    map_test(across_the_antimeridian),
	    map_test(trails_are_split_at_gaps),
	    map_test(who_is_no_longer_listed_is_pale_then_gone),
	    map_test(crowds_are_counted),
	    map_test(given_bounds_hold),
	    map_test(a_file_of_the_users_own),
	    map_test(a_file_that_is_no_geojson_is_refused),
	    map_test(nothing_yet),
	    map_test(faults),
	    map_test(test_tiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
