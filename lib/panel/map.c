/*
 * Where things are: the records of a source on a map.
 */
#include "panel/map.h"

#include "panel/parts.h"

#define NARROW_WIDTH 360
#define NARROW_HIGH  300

#define AT(member) offsetof(struct map_conf, member)

static const struct option options[] = {
    {"lat", OPTION_TEXT, AT(lat), .deflt = "lat",
	.help = "the field with the latitude, in degrees"},
    {"lon", OPTION_TEXT, AT(lon), .deflt = "lon",
	.help = "the field with the longitude, in degrees"},
    {"label", OPTION_TEXT, AT(label),
	.help = "the field with the name that is shown; by default the key, "
		"and only where a point is touched"},
    {"colour", OPTION_TEXT, AT(colour),
	.help = "the field with the state, which chooses colour and shape"},
    {"colours", OPTION_MAP, AT(colours),
	.help = "a colour for each state: blue, orange, green, purple, grey, "
		"cyan, pink or olive"},
    {"trail", OPTION_DURATION, AT(trail), .max = 31 * 86400.0,
	.help = "how far back the way of each point is drawn; not at all if "
		"left out"},
    {"gone", OPTION_DURATION, AT(gone), .deflt = "1h", .max = 3660 * 86400.0,
	.help = "how long a point stays, pale, that its source no longer "
		"lists"},
    {"bounds", OPTION_LIST, AT(bounds),
	.help = "what the map shows, in degrees: [south, west, north, east]; "
		"by default all points"},
    {"projection", OPTION_CHOICE, AT(projection),
	.choices = "auto|mercator|equirectangular", .deflt = "auto",
	.help = "auto: Mercator's, but for high latitudes and the whole "
		"world"},
    {"outline", OPTION_PATH, AT(outline),
	.help = "a GeoJSON file that is drawn below the points, such as "
		"regions or routes"},
    {"tiles", OPTION_TEXT, AT(tiles),
	.help = "the URL of map tiles, with {z}, {x} and {y}, that the program "
		"fetches and keeps; instead of the outline of the world"},
    {"attribution", OPTION_TEXT, AT(attribution),
	.help = "whose tiles they are, in the words that their owner wants to "
		"be printed on the map"},
    {0},
};

static const struct node *place(const struct node *panel, const char *key)
{
	const struct node *n = node_get(panel, key);

	return n != NULL ? n : panel;
}

static void check_colours(
    const struct map_conf *c, const struct node *panel, struct faults *faults)
{
	const struct node *n = place(panel, "colours");
	enum ink ink;

	for (size_t i = 0; i < c->colours.n; i++) {
		const char *word = c->colours.items[i].value;

		if (str_eq(word, "red"))
			fault_at(faults, n,
			    "colours: red is for alerts; choose one of %s",
			    map_ink_words(faults->arena));
		else if (!map_ink(word, &ink))
			fault_at(faults, n, "colours: '%.80s' is not one of %s",
			    word, map_ink_words(faults->arena));
	}
	if (c->colours.n > MAP_STATES_MAX)
		fault_at(faults, n,
		    "colours: at most %d states can be told "
		    "apart",
		    MAP_STATES_MAX);
	if (c->colours.n > 0 && c->colour == NULL)
		fault_at(faults, n,
		    "colours: 'colour' is missing, the field "
		    "with the state");
}

static void check_tiles(
    const struct map_conf *c, const struct node *panel, struct faults *faults)
{
	bool words = c->attribution != NULL && c->attribution[0] != '\0';

	if (c->tiles == NULL)
		return;
	if (!map_tiles_wanted(c->tiles))
		fault_at(faults, place(panel, "tiles"),
		    "tiles: a URL with {z}, {x} and {y} is wanted here, such "
		    "as https://tile.example.net/{z}/{x}/{y}.png");
	if (!words)
		fault_at(faults, place(panel, "tiles"),
		    "tiles: 'attribution' is missing, the words of their owner "
		    "that are printed on the map");
	if (c->projection == MAP_EQUIRECTANGULAR)
		fault_at(faults, place(panel, "projection"),
		    "projection: tiles are in Mercator's");
}

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct map_conf *c = conf;
	struct geo_box box;

	(void)common;
	check_colours(c, panel, faults);
	check_tiles(c, panel, faults);
	if (c->bounds.n > 0 && !map_bounds(&c->bounds, &box))
		fault_at(faults, place(panel, "bounds"),
		    "bounds: [south, west, north, east] in degrees are wanted "
		    "here");
}

static void wish(const void *conf, int64_t now, struct panel_wish *w)
{
	const struct map_conf *c = conf;

	(void)now;
	w->past = c->trail;
	w->file = c->outline;
}

static const struct {
	double w, h;
} sizes[] = {
    [WIDTH_FULL] = {1340, 560},
    [WIDTH_HALF] = {660, 420},
    [WIDTH_THIRD] = {430, 320},
    [WIDTH_QUARTER] = {310, 260},
};

static void tiles(
    const struct panel_input *in, struct arena *a, struct strings *urls)
{
	struct map m = {.in = in, .conf = in->conf, .arena = a};

	if (m.conf->tiles == NULL || in->records->listed == 0)
		return;
	map_find_states(&m);
	map_find_points(&m);
	map_add_tiles(
	    &m, sizes[in->common->width].w, sizes[in->common->width].h, urls);
	map_add_tiles(&m, NARROW_WIDTH, NARROW_HIGH, urls);
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	struct map m = {.in = in, .conf = in->conf, .arena = a};
	struct map_picture picture;

	if (in->file.n > 0 && map_read_geojson(a, in->file, &m.own, e) != 0)
		return err_context(e, "%s", m.conf->outline);
	state_of_source(in, in->common->source, in->records->listed, b, a);
	map_find_states(&m);
	map_find_points(&m);
	map_find_trails(&m);
	if (in->records->listed == 0)
		return 0;
	picture = map_draw(&m, sizes[b->width].w, sizes[b->width].h);
	map_write_words(&m, &picture, b);
	b->wide = picture.scene;
	b->narrow = map_draw(&m, NARROW_WIDTH, NARROW_HIGH).scene;
	return 0;
}

const struct panel_kind panel_map = {
    .name = "map",
    .help = "where things are, by their state: the records of a source",
    .options = options,
    .conf_size = sizeof(struct map_conf),
    .needs = NEEDS_RECORDS | NEEDS_OUTLINES | NEEDS_STATUS,
    .check = check,
    .wish = wish,
    .tiles = tiles,
    .build = build,
};
