/*
 * Two values against each other, such as speed and climb of each run.
 */
#include <math.h>

#include "base/clock.h"
#include "base/names.h"
#include "chart/dots.h"
#include "chart/plot.h"
#include "chart/unit.h"
#include "decode/moment.h"
#include "panel/fit.h"
#include "panel/parts.h"

#define DOTS_MAX       2000
#define CATEGORIES_MAX 7
#define OTHERS	       "others"
#define NARROW_WIDTH   360
#define NARROW_HIGH    260

/* linear|log|log-x|log-y */
enum axis_kind { AXIS_LINEAR, AXIS_LOG, AXIS_LOG_X, AXIS_LOG_Y };

struct conf {
	const char *x, *y, *size;
	struct pairs units;
	int axis, colour, fit;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"x", OPTION_TEXT, AT(x), .deflt = "x",
	.help = "what the column x is, below its axis"},
    {"y", OPTION_TEXT, AT(y), .deflt = "y",
	.help = "what the column y is, above its axis"},
    {"size", OPTION_TEXT, AT(size), .deflt = "size",
	.help = "what the column size is: the larger, the larger the mark"},
    {"units", OPTION_MAP, AT(units), .help = "units of x, y and size"},
    {"axis", OPTION_CHOICE, AT(axis), .choices = "linear|log|log-x|log-y",
	.deflt = "linear", .help = "which axes are logarithmic; log: both"},
    {"fit", OPTION_CHOICE, AT(fit), .choices = "none|linear", .deflt = "linear",
	.help = "a straight line by least squares, on logarithmic axes of "
		"the logarithms; with its r² and number of points"},
    {"colour", OPTION_CHOICE, AT(colour), .choices = COLOUR_CHOICES,
	.deflt = "blue",
	.help = "of the marks, or the first of those of the column colour"},
    {0},
};

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct conf *c = conf;

	if (common->query == NULL)
		fault_at(faults, panel,
		    "panel scatter: 'query' is missing; it wants columns x "
		    "and y");
	for (size_t i = 0; i < c->units.n; i++) {
		const char *key = c->units.items[i].key;

		if (!str_eq(key, "x") && !str_eq(key, "y") &&
		    !str_eq(key, "size"))
			fault_at(faults, node_get(panel, "units"),
			    "units: '%.40s' is not one of x, y, size", key);
	}
}

/* Where the columns are; -1: there is none. */
struct columns {
	int x, y, size, colour, label, ts;
};

struct chart {
	struct arena *arena;
	const struct panel_input *in;
	const struct conf *conf;
	struct columns at;
	struct dots dots;
	struct dot *all;
	size_t n, cap;
	struct dots_category *categories;
	struct names names; /* of categories */
	size_t left_out, not_drawn;
	struct fit fit;
};

static const char *unit_of(const struct chart *c, const char *key)
{
	for (size_t i = 0; i < c->conf->units.n; i++)
		if (str_eq(c->conf->units.items[i].key, key))
			return c->conf->units.items[i].value;
	return "";
}

static int find_columns(struct chart *c, struct err *e)
{
	const struct answer *a = c->in->answer;

	c->at = (struct columns){
	    .x = answer_column(a, "x"),
	    .y = answer_column(a, "y"),
	    .size = answer_column(a, "size"),
	    .colour = answer_column(a, "colour"),
	    .label = answer_column(a, "label"),
	    .ts = answer_column(a, "ts"),
	};
	if (c->at.x < 0 || c->at.y < 0)
		return err_set(e,
		    "query: there is no column %s; a scatter wants x and y",
		    c->at.x < 0 ? "x" : "y");
	return 0;
}

/* NaN: NULL, or beyond all measure. */
static int number_at(const struct chart *c, const struct answer_cell *row,
    int column, double *v, struct err *e)
{
	const struct answer_cell *cell = &row[column];

	*v = cell->number;
	if (cell->type == ANSWER_TEXT && !str_number(cell->text, v))
		return err_set(e,
		    "query: column %s holds '%.40s', which is no number",
		    c->in->answer->columns[column], cell->text);
	if (!(fabs(*v) <= PLOT_MAX))
		*v = NAN;
	return 0;
}

/* Where there are too many the last one stands for the others. */
static size_t category_of(struct chart *c, const struct answer_cell *row)
{
	static const enum mark marks[] = {MARK_CIRCLE, MARK_SQUARE,
	    MARK_TRIANGLE, MARK_DIAMOND, MARK_NABLA, MARK_CROSS, MARK_PLUS};
	const char *name = "";
	size_t at = c->dots.n_categories;

	if (c->at.colour >= 0 && row[c->at.colour].type != ANSWER_NULL)
		name = row[c->at.colour].text;
	if (names_find(&c->names, name, &at))
		return at;
	if (at == CATEGORIES_MAX) {
		c->categories[at - 1].name = OTHERS;
		return at - 1;
	}
	names_add(c->arena, &c->names, name, at);
	c->categories[at] = (struct dots_category){
	    .name = name[0] != '\0' ? name : "none",
	    .ink = (enum ink)(
		INK_SERIES_1 + (c->conf->colour + (int)at) % INK_SERIES_COUNT),
	    .mark = marks[at],
	};
	return c->dots.n_categories++;
}

/* "10 Nov 2026: climb 86 m, speed 11.2 km/h" */
static const char *title_of(const struct chart *c, const struct dot *d,
    const struct answer_cell *row, const char *when)
{
	struct arena *a = c->arena;
	const char *text = "";

	if (c->at.label >= 0 && row[c->at.label].type != ANSWER_NULL)
		text = row[c->at.label].text;
	if (when != NULL)
		text = arena_printf(
		    a, "%s%s%s", text, text[0] != '\0' ? ", " : "", when);
	text = arena_printf(a, "%s%s%s %s, %s %s", text,
	    text[0] != '\0' ? ": " : "", c->dots.x.title,
	    unit_text(a, c->dots.x.unit, d->x), c->dots.y.title,
	    unit_text(a, c->dots.y.unit, d->y));
	if (isnan(d->size))
		return text;
	return arena_printf(a, "%s, %s %s", text, c->conf->size,
	    unit_text(a, c->dots.size_unit, d->size));
}

/* Within the view, if the rows have a time. */
static bool in_view(
    const struct chart *c, const struct answer_cell *row, const char **when)
{
	int64_t ts;

	*when = NULL;
	if (c->at.ts < 0 || row[c->at.ts].type == ANSWER_NULL ||
	    !moment_parse(row[c->at.ts].text, NULL, &ts))
		return c->at.ts < 0;
	*when = clock_format(c->arena, "%-d %b %Y", ts);
	return ts >= c->in->from && ts <= c->in->to;
}

static bool drawable(const struct dots_axis *axis, double v)
{
	return !isnan(v) && (!axis->log || v > 0);
}

static int add_row(
    struct chart *c, const struct answer_cell *row, struct err *e)
{
	struct dot d = {.size = NAN};
	const char *when;

	if (!in_view(c, row, &when))
		return 0;
	if (number_at(c, row, c->at.x, &d.x, e) != 0 ||
	    number_at(c, row, c->at.y, &d.y, e) != 0 ||
	    (c->at.size >= 0 && number_at(c, row, c->at.size, &d.size, e) != 0))
		return -1;
	if (isnan(d.x) || isnan(d.y))
		return 0;
	if (!drawable(&c->dots.x, d.x) || !drawable(&c->dots.y, d.y)) {
		c->not_drawn++;
		return 0;
	}
	if (c->n == DOTS_MAX) {
		c->left_out++;
		return 0;
	}
	d.category = category_of(c, row);
	d.title = title_of(c, &d, row, when);
	*arena_push(c->arena, &c->all, &c->n, &c->cap) = d;
	return 0;
}

static void fit(struct chart *c)
{
	struct xy *points = arena_array(c->arena, c->n, sizeof(*points));

	for (size_t i = 0; i < c->n; i++) {
		const struct dot *d = &c->all[i];

		points[i].x = c->dots.x.log ? log10(d->x) : d->x;
		points[i].y = c->dots.y.log ? log10(d->y) : d->y;
	}
	c->fit = fit_line(points, c->n);
	c->dots.fitted = c->conf->fit == 1 && c->fit.why == NULL;
	c->dots.at = c->fit.at;
	c->dots.slope = c->fit.slope;
}

static const char *range_words(
    const struct chart *c, const struct dots_axis *axis, double lo, double hi)
{
	return arena_printf(c->arena, "%s from %s to %s", axis->title,
	    unit_text(c->arena, axis->unit, lo),
	    unit_text(c->arena, axis->unit, hi));
}

/* "falls by 1.2 km/h per 100 m" */
static const char *slope_words(const struct chart *c, double range)
{
	double per = pow(10, floor(log10(range > 0 ? range : 1)));
	const struct dots *d = &c->dots;

	if (d->x.log || d->y.log)
		return arena_printf(c->arena, "has a slope of %s in logarithms",
		    unit_number(c->arena, c->fit.slope, -1));
	if (c->fit.slope == 0)
		return "is level";
	return arena_printf(c->arena, "%s by %s per %s",
	    c->fit.slope > 0 ? "rises" : "falls",
	    unit_text(c->arena, d->y.unit, fabs(c->fit.slope) * per),
	    unit_text(c->arena, d->x.unit, per));
}

/* "r² 0.71 of 48 points" */
static const char *fit_words(const struct chart *c)
{
	if (c->fit.why != NULL)
		return arena_printf(c->arena, "no line: %s", c->fit.why);
	if (isnan(c->fit.r2))
		return arena_printf(c->arena, "%zu points", c->fit.n);
	return arena_printf(c->arena, "r² %.2f, n %zu", c->fit.r2, c->fit.n);
}

static const char *alt(const struct chart *c)
{
	struct dot lo = c->all[0], hi = c->all[0];
	const char *text;

	for (size_t i = 1; i < c->n; i++) {
		lo.x = fmin(lo.x, c->all[i].x);
		lo.y = fmin(lo.y, c->all[i].y);
		hi.x = fmax(hi.x, c->all[i].x);
		hi.y = fmax(hi.y, c->all[i].y);
	}
	text = arena_printf(c->arena, "%s, %zu %s: %s, %s",
	    c->in->title[0] != '\0' ? c->in->title : "Points", c->n,
	    c->n == 1 ? "point" : "points",
	    range_words(c, &c->dots.x, lo.x, hi.x),
	    range_words(c, &c->dots.y, lo.y, hi.y));
	if (!c->conf->fit)
		return text;
	if (c->fit.why != NULL)
		return arena_printf(c->arena, "%s; %s", text, fit_words(c));
	return arena_printf(c->arena, "%s; a fitted line %s, %s", text,
	    slope_words(c, hi.x - lo.x), fit_words(c));
}

static void add_note(struct chart *c, struct block *b, const char *text)
{
	b->note = b->note == NULL
		      ? text
		      : arena_printf(c->arena, "%s, %s", b->note, text);
}

static void write_words(struct chart *c, struct block *b)
{
	b->alt = alt(c);
	if (c->dots.size_title != NULL)
		add_note(c, b,
		    arena_printf(c->arena, "size is %s", c->dots.size_title));
	if (c->conf->fit)
		add_note(c, b, fit_words(c));
	if (c->left_out > 0)
		add_note(c, b,
		    arena_printf(c->arena, "%s more left out",
			unit_whole(c->arena, (double)c->left_out)));
	if (c->not_drawn > 0)
		b->message = arena_printf(c->arena,
		    "%s without a place on a logarithmic axis",
		    unit_whole(c->arena, (double)c->not_drawn));
}

static struct numbers *numbers_of(const struct chart *c)
{
	const struct answer *a = c->in->answer;
	struct numbers *n = arena_make(c->arena, struct numbers);

	n->text = true;
	n->columns = a->columns;
	n->n_columns = a->n_columns;
	n->n_rows = a->n_rows;
	n->cells = arena_array(c->arena, n->n_rows, sizeof(*n->cells));
	for (size_t i = 0; i < n->n_rows; i++) {
		n->cells[i] =
		    arena_array(c->arena, n->n_columns, sizeof(**n->cells));
		for (size_t k = 0; k < n->n_columns; k++)
			n->cells[i][k] = a->rows[i][k].type == ANSWER_NULL
					     ? ""
					     : a->rows[i][k].text;
	}
	return n;
}

static const struct {
	double w, h;
} sizes[] = {
    [WIDTH_FULL] = {1340, 340},
    [WIDTH_HALF] = {660, 290},
    [WIDTH_THIRD] = {430, 250},
    [WIDTH_QUARTER] = {310, 230},
};

static void draw(struct chart *c, struct block *b)
{
	c->dots.dots = c->all;
	c->dots.n = c->n;
	c->dots.categories = c->categories;
	c->dots.ruler = c->in->ruler;
	c->dots.w = sizes[b->width].w;
	c->dots.h = sizes[b->width].h;
	b->wide = dots_draw(c->arena, &c->dots);
	c->dots.w = NARROW_WIDTH;
	c->dots.h = NARROW_HIGH;
	b->narrow = dots_draw(c->arena, &c->dots);
}

static void begin(struct chart *c)
{
	const struct conf *conf = c->conf;

	c->dots.x = (struct dots_axis){conf->x, unit_of(c, "x"),
	    conf->axis == AXIS_LOG || conf->axis == AXIS_LOG_X};
	c->dots.y = (struct dots_axis){conf->y, unit_of(c, "y"),
	    conf->axis == AXIS_LOG || conf->axis == AXIS_LOG_Y};
	c->dots.size_unit = unit_of(c, "size");
	if (c->at.size >= 0)
		c->dots.size_title = conf->size;
	c->categories =
	    arena_array(c->arena, CATEGORIES_MAX, sizeof(*c->categories));
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	struct chart c = {.arena = a, .in = in, .conf = in->conf};
	const struct answer *rows = in->answer;

	state_of_source(in, "", 0, b, a);
	if (b->state == PANEL_EMPTY)
		return 0;
	if (find_columns(&c, e) != 0)
		return -1;
	begin(&c);
	for (size_t i = 0; i < rows->n_rows; i++)
		if (add_row(&c, rows->rows[i], e) != 0)
			return -1;
	if (c.n == 0) {
		b->state = PANEL_EMPTY;
		b->message = "no points in this time";
		return 0;
	}
	fit(&c);
	write_words(&c, b);
	b->numbers = numbers_of(&c);
	draw(&c, b);
	return 0;
}

const struct panel_kind panel_scatter = {
    .name = "scatter",
    .help = "two values against each other, with a fitted line",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_ANSWER | NEEDS_STATUS,
    .check = check,
    .build = build,
};
