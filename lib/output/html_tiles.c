/* Tiles: the smaller, the more there are. */
#include <math.h>

#include "output/html_private.h"

#define ROOMY 24
#define MANY  96

static void figure(
    struct dict *tile, const struct tile_figure *f, const char *id)
{
	struct dict *d = dict_section(tile, "FIGURE");

	dict_text(d, "LABEL", f->label);
	dict_text(d, "VALUE", f->value);
	if (f->more[0] != '\0')
		dict_text(dict_section(d, "HAS_MORE"), "MORE", f->more);
	if (f->hot)
		dict_show(d, "HOT");
	if (f->late)
		dict_show(d, "LATE");
	if (f->spark != NULL)
		html_spark(d, f->spark, id);
	else if (!isnan(f->part))
		html_number(dict_section(d, "BAR"), "PART", f->part * 100);
}

static void tile(
    struct dict *group, const struct tile *t, const char *id, struct arena *a)
{
	struct dict *d = dict_section(group, "TILE");

	dict_text(d, "STATE", panel_state_word(t->state));
	dict_text(d, "NAME", t->name);
	dict_text(d, "MARK", t->mark);
	dict_text(d, "WORD", t->word);
	if (t->href != NULL)
		dict_text(dict_section(d, "LINKED"), "HREF", t->href);
	if (t->text[0] != '\0')
		dict_text(dict_section(d, "HAS_TEXT"), "TEXT", t->text);
	for (size_t i = 0; i < t->n_figures; i++)
		figure(d, &t->figures[i], arena_printf(a, "%s-%zu", id, i + 1));
}

static void group(
    struct dict *tiles, const struct block *b, size_t i, struct arena *a)
{
	const struct tile_group *g = &b->tile_groups[i];
	struct dict *d = dict_section(tiles, "GROUP"), *named;

	dict_text(d, "SIZE",
	    b->n_tiles <= ROOMY	 ? "few"
	    : b->n_tiles <= MANY ? "some"
				 : "many");
	if (g->name[0] != '\0') {
		named = dict_section(d, "NAMED");
		dict_text(named, "NAME", g->name);
		dict_text(named, "NOTE", g->note);
	}
	for (size_t k = 0; k < g->n; k++)
		tile(d, &g->tiles[k],
		    arena_printf(a, "%s-%zu-%zu", b->id, i + 1, k + 1), a);
}

/* Where tiles have no room for them: what the figures are. */
static void titles(struct dict *tiles, const struct tile *t, struct arena *a)
{
	const char *text = "In each tile:";

	for (size_t i = 0; i < t->n_figures; i++)
		text = arena_printf(
		    a, "%s%s %s", text, i > 0 ? "," : "", t->figures[i].label);
	dict_text(dict_section(tiles, "FOOT"), "TEXT", text);
}

void html_tiles(struct dict *block, const struct block *b, struct arena *a)
{
	struct dict *d;

	if (b->n_tile_groups == 0)
		return;
	d = html_part(block, b, "TILES", "tiles.tpl");
	if (b->n_tiles > MANY)
		titles(d, &b->tile_groups[0].tiles[0], a);
	for (size_t i = 0; i < b->n_tile_groups; i++)
		group(d, b, i, a);
}
