#include "output/html_private.h"

#include <stdio.h>
#include <string.h>

#include "chart/scene.h"
#include "output/svg.h"

#define SVG_MAX (8 * 1024 * 1024)
#define WORDY	28 /* bytes: longer cells of a table are wrapped */

static const char *const width_words[] = {
    [WIDTH_FULL] = "full",
    [WIDTH_HALF] = "half",
    [WIDTH_THIRD] = "third",
    [WIDTH_QUARTER] = "quarter",
};

static bool given(const char *s)
{
	return s != NULL && s[0] != '\0';
}

/* A text and the section that shows it. */
static void optional(
    struct dict *d, const char *section, const char *name, const char *text)
{
	if (!given(text))
		return;
	dict_show(d, section);
	dict_text(d, name, text);
}

void html_number(struct dict *d, const char *name, double v)
{
	char text[32];

	snprintf(text, sizeof(text), "%.0f", v);
	dict_text(d, name, text);
}

/* What printing a block needs besides it. */
struct printing {
	struct arena *arena;
	const char *name; /* of its files */
	const struct html_pictures *pictures;
	size_t *inline_bytes;
};

/* One scene of a block. */
struct chart {
	const struct scene *scene;
	struct span svg;
	const char *size; /* class of the place it is for */
	const char *name; /* of its file */
	const char *alt;
};

static const char *alt_of(const struct block *b)
{
	return given(b->alt) ? b->alt : b->title;
}

static int draw(const struct scene *scene, const struct svg_options *o,
    struct arena *a, struct span *out, struct err *e)
{
	struct buf svg;
	int rc = 0;

	buf_init(&svg, SVG_MAX);
	svg_write(scene, o, &svg);
	if (svg.failed)
		rc = err_set(
		    e, "chart %s: larger than %d bytes", o->id, SVG_MAX);
	else
		*out = (struct span){arena_copy(a, svg.data, svg.len), svg.len};
	buf_free(&svg);
	return rc;
}

int html_draw(const struct block *b, struct arena *a, struct html_charts *c,
    struct err *e)
{
	struct svg_options wide = {.title = alt_of(b), .id = b->id};
	struct svg_options narrow = {
	    .title = alt_of(b), .id = arena_printf(a, "%s-narrow", b->id)};

	*c = (struct html_charts){0};
	if (b->wide != NULL && draw(b->wide, &wide, a, &c->wide, e) != 0)
		return -1;
	return b->narrow != NULL ? draw(b->narrow, &narrow, a, &c->narrow, e)
				 : 0;
}

/* Does this chart still fit into the page? */
static bool fits(const struct printing *p, size_t bytes)
{
	return p->pictures == NULL ||
	       *p->inline_bytes + bytes <= p->pictures->inline_max;
}

static void inline_chart(
    const struct printing *p, struct dict *d, const struct chart *c)
{
	*p->inline_bytes += c->svg.n;
	dict_markup(dict_section(d, "INLINE"), "SVG", c->svg.p, c->svg.n);
}

static int linked_chart(const struct printing *p, struct dict *d,
    const struct chart *c, struct err *e)
{
	const char *href;
	struct buf svg;
	int rc;

	buf_init(&svg, 2 * SVG_MAX);
	svg_stand_alone(c->svg, c->alt, &svg);
	rc = p->pictures->put(p->pictures->ctx, c->name, &svg, &href, e);
	buf_free(&svg);
	if (rc < 0)
		return -1;
	d = dict_section(d, "LINKED");
	dict_text(d, "HREF", href);
	dict_text(d, "ALT", c->alt);
	html_number(d, "PIXELS_WIDE", c->scene->w);
	html_number(d, "PIXELS_HIGH", c->scene->h);
	return 0;
}

static int chart(const struct printing *p, struct dict *block,
    const struct chart *c, struct err *e)
{
	struct dict *d = dict_include(block, "CHART", "chart.tpl");

	dict_text(d, "SIZE", c->size);
	if (!fits(p, c->svg.n))
		return linked_chart(p, d, c, e);
	inline_chart(p, d, c);
	return 0;
}

static int charts(const struct printing *p, struct dict *d,
    const struct block *b, const struct html_charts *drawn, struct err *e)
{
	struct chart wide = {b->wide, drawn->wide,
	    b->narrow == NULL ? "only" : "wide", p->name, alt_of(b)};
	struct chart narrow = {b->narrow, drawn->narrow,
	    b->wide == NULL ? "only" : "narrow",
	    arena_printf(p->arena, "%s.narrow", p->name), alt_of(b)};

	if (b->wide != NULL && chart(p, d, &wide, e) < 0)
		return -1;
	return b->narrow != NULL ? chart(p, d, &narrow, e) : 0;
}

void html_spark(struct dict *d, const struct scene *sc, const char *id)
{
	struct svg_options o = {.id = id};
	struct buf svg;

	buf_init(&svg, SVG_MAX);
	svg_write(sc, &o, &svg);
	if (!svg.failed)
		dict_markup(
		    dict_section(d, "SPARK"), "SVG", buf_text(&svg), svg.len);
	buf_free(&svg);
}

struct dict *html_part(struct dict *panel, const struct block *b,
    const char *name, const char *file)
{
	struct dict *d = dict_include(panel, name, file);

	dict_text(d, "ID", b->id);
	dict_text(d, "TITLE", b->title);
	return d;
}

static void change(struct dict *changes, const struct figure_change *c)
{
	static const char *const looks[] = {
	    [TONE_NONE] = "",
	    [TONE_GOOD] = "better",
	    [TONE_BAD] = "worse",
	};
	struct dict *d = dict_section(changes, "CHANGE");

	dict_text(d, "SIGN", c->sign);
	optional(d, "HAS_WORD", "WORD", c->word);
	dict_text(d, "AMOUNT", c->amount);
	dict_text(d, "SINCE", c->since);
	optional(d, "TONE", "LOOK", looks[c->tone]);
}

static void figure(struct dict *figures, const struct figure *f, const char *id)
{
	struct dict *d = dict_section(figures, "FIGURE"), *changes;

	optional(d, "HAS_LABEL", "LABEL", f->label);
	dict_text(d, "VALUE", f->value);
	dict_text(d, "UNIT", f->unit);
	optional(d, "HAS_WHEN", "WHEN", f->when);
	if (f->hot)
		dict_show(d, "HOT");
	if (f->spark != NULL)
		html_spark(d, f->spark, id);
	if (f->n_changes == 0)
		return;
	changes = dict_section(d, "CHANGES");
	for (size_t i = 0; i < f->n_changes; i++)
		change(changes, &f->changes[i]);
}

static void figures(
    const struct printing *p, struct dict *block, const struct block *b)
{
	struct dict *d;

	if (b->n_figures == 0)
		return;
	d = html_part(block, b, "FIGURES", "figures.tpl");
	for (size_t i = 0; i < b->n_figures; i++)
		figure(d, &b->figures[i],
		    arena_printf(p->arena, "%s-%zu", b->id, i + 1));
}

static void cell(struct dict *row, const struct grid_column *column,
    const struct grid_cell *c, bool first)
{
	struct dict *d = dict_section(row, "CELL");

	dict_text(d, "TEXT", c->text);
	if (strlen(c->text) > WORDY)
		dict_show(d, "WORDY");
	if (c->hot && column->number)
		dict_show(d, "HOT_NUMBER");
	dict_show(d, c->hot	      ? "HOT"
		     : c->strong      ? "STRONG"
		     : column->number ? "NUMBER"
		     : first	      ? "HEAD"
				      : "PLAIN");
}

static void grid(
    struct dict *block, const struct block *b, const struct grid *g)
{
	struct dict *d, *part;

	if (g == NULL)
		return;
	d = html_part(block, b, "TABLE", "table.tpl");
	for (size_t c = 0; c < g->n_columns; c++) {
		part = dict_section(d, "COLUMN");
		dict_text(part, "NAME", g->columns[c].name);
		if (g->columns[c].number)
			dict_show(part, "NUMBER");
	}
	for (size_t r = 0; r < g->n_rows; r++) {
		part = dict_section(d, "ROW");
		for (size_t c = 0; c < g->n_columns; c++)
			cell(part, &g->columns[c], &g->rows[r][c], c == 0);
	}
	if (given(g->foot))
		dict_text(dict_section(d, "FOOT"), "TEXT", g->foot);
}

static void texts(struct dict *block, const struct block *b)
{
	struct dict *d;

	if (b->paragraphs.n == 0)
		return;
	d = html_part(block, b, "TEXTS", "text.tpl");
	for (size_t i = 0; i < b->paragraphs.n; i++)
		dict_text(dict_section(d, "PARAGRAPH"), "TEXT",
		    b->paragraphs.items[i]);
}

static void legend_row(struct dict *d, const struct legend_row *l)
{
	html_number(d, "COLOUR", l->colour);
	dict_show(d, l->hot ? "HOT" : "PLAIN");
	dict_text(d, "NAME", l->name);
	dict_text(d, "LAST", l->last);
	dict_text(d, "MIN", l->min);
	dict_text(d, "MAX", l->max);
	dict_text(d, "MEAN", l->mean);
	optional(d, "HAS_AGE", "AGE", l->age);
}

static struct dict *legend(struct dict *part, const struct block *b)
{
	struct dict *d = dict_section(part, "LEGEND");

	if (b->legend_open)
		dict_show(d, "OPEN");
	for (size_t i = 0; i < b->n_legend; i++)
		legend_row(dict_section(d, "ROW"), &b->legend[i]);
	return d;
}

static struct dict *folded(struct dict *part, const struct block *b)
{
	struct dict *d = dict_section(part, "FOLDED");

	dict_text(d, "SUMMARY", b->folded_title);
	grid(d, b, b->folded);
	return d;
}

/* The legend, a table or neither, and the files. */
static void numbers(
    const struct printing *p, struct dict *panel, const struct block *b)
{
	bool alone = b->n_legend == 0 && b->folded == NULL;
	struct dict *d;

	if (alone && b->numbers == NULL)
		return;
	d = html_part(panel, b, "NUMBERS", "numbers.tpl");
	if (b->n_legend > 0)
		d = legend(d, b);
	else if (b->folded != NULL)
		d = folded(d, b);
	if (b->numbers == NULL)
		return;
	d = dict_section(d, alone ? "ALONE" : "FILES");
	dict_text(d, "CSV", arena_printf(p->arena, "data/%s.csv", p->name));
	dict_text(d, "JSON", arena_printf(p->arena, "data/%s.json", p->name));
}

/* What the chart and the words of a panel are within: a forecast, or itself. */
static struct dict *within(struct dict *panel, const struct block *b)
{
	const struct block_forecast *f = b->forecast;
	struct dict *d;

	if (f == NULL)
		return panel;
	d = html_part(panel, b, "FORECAST", "forecast.tpl");
	dict_text(d, "MODEL", f->model);
	for (size_t i = 0; i < f->answers.n; i++)
		dict_text(
		    dict_section(d, "ANSWER"), "TEXT", f->answers.items[i]);
	return d;
}

int html_block(struct dict *d, const struct block *b, const char *name,
    const struct html_charts *drawn, const struct html_pictures *pictures,
    size_t *inline_bytes, struct arena *a, struct err *e)
{
	struct printing p = {a, name, pictures, inline_bytes};
	struct dict *inner = within(d, b);

	dict_text(d, "ID", b->id);
	dict_text(d, "KIND", b->kind);
	dict_text(d, "STATE", panel_state_word(b->state));
	dict_text(d, "WIDTH", width_words[b->width]);
	dict_text(d, "TITLE", b->title);
	optional(d, "MARKED", "MARK", panel_state_mark(b->state));
	optional(d, "HAS_WORDS", "STATE_WORDS", panel_state_said(b->state));
	optional(d, "HAS_NOTE", "NOTE", b->note);
	/*
	 * An alert's message is part of the title; others are a remark below
	 * what there is to see, so that charts beside each other stay level.
	 */
	optional(d, b->state == PANEL_ALERT ? "ALERT" : "REMARK", "MESSAGE",
	    b->message);
	figures(&p, d, b);
	if (charts(&p, inner, b, drawn, e) < 0)
		return -1;
	html_tiles(d, b, p.arena);
	html_alerts(d, b);
	grid(d, b, b->grid);
	html_log(d, b, p.arena);
	texts(inner, b);
	numbers(&p, d, b);
	return 0;
}
