/*
 * Bars: amounts in each week or month, of each run, or by name.
 */
#include <math.h>
#include <stdlib.h>

#include "chart/plot.h"
#include "decode/moment.h"
#include "panel/answer.h"
#include "panel/bar.h"

#define POINTS	     20000 /* bars are made of them, not drawn */
#define WORDS_MAX    60
#define MOMENTS_MAX  1000
#define NARROW_WIDTH 360
#define NARROW_HIGH  200

#define AT(member) offsetof(struct bar_conf, member)

static const struct option options[] = {
    {"by", OPTION_CHOICE, AT(by), .choices = CALENDAR_CHOICES, .deflt = "none",
	.help = "one bar for each day, week, month or year; without it one "
		"for each row of the query"},
    {"aggregate", OPTION_CHOICE, AT(aggregate), .choices = AGGREGATE_CHOICES,
	.deflt = "sum",
	.help = "what the values of a bar come to; change is against the last "
		"value before"},
    {"stack", OPTION_BOOL, AT(stack),
	.help = "several values upon each other instead of side by side"},
    {"colour", OPTION_CHOICE, AT(colour), .choices = COLOUR_CHOICES,
	.deflt = "blue", .help = "of the first value's bars"},
    {0},
};

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct bar_conf *c = conf;

	if (common->query == NULL && c->by == CALENDAR_NONE)
		fault_at(faults, panel,
		    "bars of series need 'by': day, week, month or year");
}

/* The unit that is begun, and the one before it. */
static void wish(const void *conf, int64_t now, struct panel_wish *w)
{
	const struct bar_conf *c = conf;

	(void)now;
	w->reach = 2 * calendar_length((enum calendar)c->by) * 13 / 12;
}

static void add_slot(struct bar_chart *c, struct bar_slot slot, const double *v)
{
	size_t n = c->bars.n_values;

	slot.values = arena_copy(c->arena, v, n * sizeof(*v));
	for (size_t i = 0; i < n; i++)
		c->negative |= v[i] < 0;
	*arena_push(c->arena, &c->slots, &c->n, &c->cap) = slot;
}

/* One slot for each unit from the view's first to the current one. */
static void by_calendar(struct bar_chart *c, const struct series *all, size_t n)
{
	const struct panel_input *in = c->in;
	int64_t from = calendar_floor(c->unit, in->from), to = from, next;
	int64_t reach = calendar_length(c->unit);
	double values[BAR_VALUES_MAX];

	for (; to < in->to || to == from; to = next) {
		bool any = false;

		next = calendar_next(c->unit, to);
		if (next <= to)
			break;
		for (size_t i = 0; i < n; i++) {
			values[i] =
			    aggregate_of((enum aggregate)c->conf->aggregate,
				&all[i], to, next, reach);
			any |= !isnan(values[i]);
		}
		if (any)
			add_slot(c,
			    (struct bar_slot){.from = to,
				.to = next,
				.part = !in->past && next > in->now},
			    values);
	}
	c->bars.from = from;
	c->bars.to = to;
}

static int by_time(const void *a, const void *b)
{
	const struct bar_slot *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static int too_few(const struct answer *a, struct err *e)
{
	return err_set(e,
	    "query: bars want two columns or more, what they stand for and "
	    "how much; it has %zu",
	    a->n_columns);
}

static int number_of(const struct answer *a, const struct answer_cell *cell,
    size_t column, double *v, struct err *e)
{
	*v = cell->number;
	if (cell->type == ANSWER_TEXT && !str_number(cell->text, v))
		return err_set(e,
		    "query: column %s holds '%.40s', which is no number",
		    a->columns[column], cell->text);
	if (fabs(*v) > PLOT_MAX)
		*v = NAN;
	return 0;
}

static int row_values(struct bar_chart *c, const struct answer_cell *row,
    double *v, struct err *e)
{
	for (size_t i = 0; i < c->bars.n_values; i++)
		if (number_of(c->in->answer, &row[i + 1], i + 1, &v[i], e) != 0)
			return -1;
	return 0;
}

static int add_row(struct bar_chart *c, const struct answer_cell *row,
    bool times, struct err *e)
{
	struct bar_slot slot = {.word = row[0].text};
	double v[BAR_VALUES_MAX];

	if (row[0].type == ANSWER_NULL)
		return 0;
	if (times) {
		slot.word = NULL;
		if (!moment_parse(row[0].text, NULL, &slot.from))
			return err_set(e,
			    "query: %s is '%.40s', which is no time",
			    c->in->answer->columns[0], row[0].text);
		if (slot.from < c->in->from || slot.from > c->in->to)
			return 0;
		slot.to = slot.from;
	}
	if (row_values(c, row, v, e) != 0)
		return -1;
	add_slot(c, slot, v);
	return 0;
}

/* ts is a time; so is what looks like a date in every row. */
static bool has_times(const struct answer *a)
{
	int64_t ts;

	if (answer_has_time(a))
		return true;
	for (size_t i = 0; i < a->n_rows; i++)
		if (a->rows[i][0].type != ANSWER_TEXT ||
		    !moment_parse(a->rows[i][0].text, "iso", &ts))
			return false;
	return a->n_rows > 0;
}

static void keep_newest(struct bar_chart *c, size_t max)
{
	if (c->n <= max)
		return;
	c->left_out = c->n - max;
	c->slots += c->left_out;
	c->n = max;
}

static int by_row(struct bar_chart *c, struct err *e)
{
	const struct answer *a = c->in->answer;
	bool times = has_times(a);

	for (size_t i = 0; i < a->n_rows; i++)
		if (add_row(c, a->rows[i], times, e) != 0)
			return -1;
	c->bars.words = !times;
	c->bars.from = c->in->from;
	c->bars.to = c->in->to;
	if (times && c->n > 1)
		qsort(c->slots, c->n, sizeof(*c->slots), by_time);
	if (times) {
		keep_newest(c, MOMENTS_MAX);
	} else if (c->n > WORDS_MAX) {
		c->left_out = c->n - WORDS_MAX;
		c->n = WORDS_MAX;
	}
	return 0;
}

/* So many fit beside each other and can still be told apart. */
static enum calendar unit_of(const struct panel_input *in,
    const struct bar_conf *conf, enum panel_width width)
{
	static const size_t most[] = {
	    [WIDTH_FULL] = 400,
	    [WIDTH_HALF] = 200,
	    [WIDTH_THIRD] = 130,
	    [WIDTH_QUARTER] = 100,
	};

	return calendar_coarsen(
	    (enum calendar)conf->by, in->to - in->from, most[width]);
}

static int too_many(size_t n, struct err *e)
{
	return err_set(e,
	    "%zu values for each bar, at most %d can be told "
	    "apart",
	    n, BAR_VALUES_MAX);
}

static int fill_by_calendar(struct bar_chart *c, struct err *e)
{
	const struct panel_input *in = c->in;
	const struct answer_view view = {INT64_MIN, in->to, in->common->unit};
	struct series *all = NULL;
	size_t n = in->n_series;

	if (in->answer == NULL)
		all = arena_copy(c->arena, in->series, n * sizeof(*all));
	else if (!answer_has_time(in->answer) && in->answer->n_rows > 0)
		return err_set(e,
		    "query: the first column is %s; with 'by' bars want ts",
		    in->answer->columns[0]);
	else if (series_of_answer(c->arena, in->answer, &view, &all, &n, e) !=
		 0)
		return -1;
	if (n > BAR_VALUES_MAX)
		return too_many(n, e);
	c->bars.n_values = n;
	c->names = series_names(c->arena, all, n);
	if (n > 0 && c->conf->aggregate != AGGREGATE_COUNT)
		c->bars.unit = all[0].unit;
	for (size_t i = 0; i < n; i++)
		series_finite(c->arena, &all[i]);
	by_calendar(c, all, n);
	return 0;
}

static int fill_by_row(
    struct bar_chart *c, const struct answer *a, struct err *e)
{
	if (a->n_columns < 2)
		return too_few(a, e);
	if (a->n_columns - 1 > BAR_VALUES_MAX)
		return too_many(a->n_columns - 1, e);
	c->bars.n_values = a->n_columns - 1;
	c->names = a->columns + 1;
	c->bars.unit = c->in->common->unit;
	return by_row(c, e);
}

static const struct {
	double w, h;
} sizes[] = {
    [WIDTH_FULL] = {1340, 250},
    [WIDTH_HALF] = {660, 230},
    [WIDTH_THIRD] = {430, 190},
    [WIDTH_QUARTER] = {310, 170},
};

static void draw(struct bar_chart *c, struct block *b)
{
	enum ink *inks = arena_array(c->arena, c->bars.n_values, sizeof(*inks));
	int first = c->conf->colour;

	for (size_t k = 0; k < c->bars.n_values; k++)
		inks[k] = (enum ink)(
		    INK_SERIES_1 + (first + (int)k) % INK_SERIES_COUNT);
	c->bars.inks = inks;
	if (c->bars.n_values == 1)
		c->bars.minus =
		    inks[0] == INK_SERIES_2 ? INK_SERIES_1 : INK_SERIES_2;
	c->bars.slots = c->slots;
	c->bars.n = c->n;
	c->bars.stack = c->conf->stack;
	c->bars.ruler = c->in->ruler;
	c->bars.w = sizes[b->width].w;
	c->bars.h = sizes[b->width].h;
	b->wide = bars_draw(c->arena, &c->bars);
	c->bars.w = NARROW_WIDTH;
	c->bars.h = NARROW_HIGH;
	b->narrow = bars_draw(c->arena, &c->bars);
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	struct bar_chart c = {.arena = a, .in = in, .conf = in->conf};

	c.unit = unit_of(in, c.conf, b->width);
	if (in->answer != NULL)
		state_of_source(in, "", 0, b, a);
	else
		state_of_series(in, b, a);
	if (b->state == PANEL_EMPTY)
		return 0;
	/* check() sees to it that series have a calendar's unit */
	if ((c.unit != CALENDAR_NONE || in->answer == NULL
		    ? fill_by_calendar(&c, e)
		    : fill_by_row(&c, in->answer, e)) != 0)
		return -1;
	if (c.n == 0) {
		b->state = PANEL_EMPTY;
		b->message = "nothing in this time";
		return 0;
	}
	bar_write_words(&c, b);
	draw(&c, b);
	return 0;
}

const struct panel_kind panel_bar = {
    .name = "bar",
    .help = "bars: amounts by day, week, month or year, or of each row",
    .options = options,
    .conf_size = sizeof(struct bar_conf),
    .needs = NEEDS_SERIES | NEEDS_ANSWER | NEEDS_ROWS | NEEDS_STATUS,
    .points = POINTS,
    .check = check,
    .wish = wish,
    .build = build,
};
