/*
 * What is to come: of a plan, from weeks of training (training:), or of a
 * series that goes on as it did (series:).
 */
#include <math.h>

#include "chart/plot.h"
#include "panel/forecast_trend.h"
#include "panel/parts.h"
#include "panel/prospect.h"

#define POINTS	     600
#define NARROW_WIDTH 360
#define NARROW_HIGH  200
#define PAST_HOLE    (5 * PROSPECT_WEEK) /* weeks without a level */

#define AT(member) offsetof(struct prospect_conf, member)

static const struct option options[] = {
    {"training", OPTION_TEXT, AT(training),
	.help = "a SELECT of a row per week: inputs, the changes that came "
		"with them, and week or ts, when it began"},
    {"inputs", OPTION_LIST, AT(inputs), .help = "its columns that a plan sets"},
    {"targets", OPTION_LIST, AT(targets),
	.help = "its columns of changes in a week; the first is drawn"},
    {"levels", OPTION_MAP, AT(levels),
	.help = "of a target the column of what changes, such as "
		"{weight_change: weight}"},
    {"units", OPTION_MAP, AT(units),
	.help = "of columns, such as {distance: km, time: seconds}"},
    {"plan", OPTION_MAP, AT(plan),
	.help = "a week as it is planned, such as {distance: 22, time: 2h05}; "
		"what it leaves out stays as in the last four weeks"},
    {"plans", OPTION_NODE, AT(plans),
	.help = "names of plans to be compared; by default easy weeks (the "
		"lower quartiles), as lately, and hard weeks (the upper ones)"},
    {"horizon", OPTION_DURATION, AT(horizon), .deflt = "8w",
	.min = (double)PROSPECT_WEEK,
	.max = KNN_AHEAD_MAX * (double)PROSPECT_WEEK,
	.help = "how far a plan is looked ahead, in weeks"},
    {"reach", OPTION_TEXT, AT(reach),
	.help = "of series: when they reach this level, such as 90 or 4GB"},
    {0},
};

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct prospect_conf *c = conf;
	const struct node *reach = node_get(panel, "reach");

	(void)common;
	if (c->training != NULL)
		prospect_check(c, panel, faults);
	trend_check_reach(c->reach, panel, faults);
	if (reach != NULL && c->training != NULL)
		fault_at(faults, reach, "reach: is for series, not training");
}

static const struct {
	double w, h;
} sizes[] = {
    [WIDTH_FULL] = {660, 230}, /* between the plan and the words */
    [WIDTH_HALF] = {660, 230},
    [WIDTH_THIRD] = {430, 190},
    [WIDTH_QUARTER] = {310, 170},
};

/* Both lines from now on, week by week. */
static struct point *ahead(const struct prospect *p, bool plan, struct arena *a)
{
	struct point *points = arena_array(a, p->weeks + 1, sizeof(*points));
	double level = p->targets[0].level;

	for (size_t i = 0; i <= p->weeks; i++) {
		int64_t ts = p->now + (int64_t)i * PROSPECT_WEEK;
		struct outlook o = prospect_look_ahead(p, 0, &p->plans[0], i);

		points[i] = plan ? (struct point){ts, o.mean, o.low, o.high}
				 : (struct point){ts, level, level, level};
	}
	return points;
}

static struct plot_line *lines_of(const struct prospect *p, struct arena *a)
{
	const struct prospect_target *t = &p->targets[0];
	struct plot_line *lines = arena_array(a, 3, sizeof(*lines));

	lines[0] = (struct plot_line){
	    .name = t->look.name,
	    .ink = INK_SERIES_5,
	    .points = t->past,
	    .n = t->n_past,
	    .hole = PAST_HOLE,
	};
	lines[1] = (struct plot_line){
	    .name = "no change",
	    .end = "no change",
	    .ink = INK_SERIES_5,
	    .dashed = true,
	    .points = ahead(p, false, a),
	    .n = p->weeks + 1,
	    .hole = INT64_MAX,
	    .last = t->level,
	};
	lines[2] = (struct plot_line){
	    .name = "plan",
	    .end = "plan",
	    .ink = INK_SERIES_1,
	    .strong = true,
	    .points = ahead(p, true, a),
	    .n = p->weeks + 1,
	    .step = 1, /* so that the band is drawn */
	    .hole = INT64_MAX,
	};
	lines[2].last = lines[2].points[p->weeks].mean;
	return lines;
}

static void draw(const struct panel_input *in, struct prospect *p,
    struct block *b, struct arena *a)
{
	int64_t far = (int64_t)p->weeks * PROSPECT_WEEK;
	struct prospect_target *t = &p->targets[0];
	struct plot plot = {
	    .w = sizes[b->width].w,
	    .h = sizes[b->width].h,
	    .to = p->now + far,
	    .unit = t->look.unit,
	    .min = NAN,
	    .max = NAN,
	    .labels = true,
	    .n_lines = 3,
	    .ruler = in->ruler,
	};

	/* As much of the past as of the future, where there is so much. */
	while (t->n_past > 0 && t->past[0].ts < p->now - far) {
		t->past++;
		t->n_past--;
	}
	plot.from = t->n_past > 0 ? t->past[0].ts : p->now;
	plot.lines = lines_of(p, a);
	b->wide = plot_draw(a, &plot);
	plot.w = NARROW_WIDTH;
	plot.h = NARROW_HIGH;
	b->narrow = plot_draw(a, &plot);
}

static void list_row(const struct prospect *p, const struct prospect_plan *plan,
    struct grid_cell *row, struct arena *a)
{
	size_t n = p->knn->n_inputs;

	row[0].text = plan->name;
	for (size_t i = 0; i < n; i++)
		row[1 + i].text =
		    prospect_number(a, &p->inputs[i].look, plan->inputs[i]);
	for (size_t i = 0; i < p->knn->n_targets; i++) {
		const struct prospect_look *look = &p->targets[i].look;
		struct outlook o = prospect_look_ahead(p, i, plan, p->weeks);

		row[1 + n + i].text =
		    isnan(o.mean) ? "–"
				  : arena_printf(a, "%s (%s to %s)",
					prospect_number(a, look, o.mean),
					prospect_number(a, look, o.low),
					prospect_number(a, look, o.high));
	}
}

/* Plans from the first on, and what becomes of them. */
static struct grid *list_plans(
    const struct prospect *p, size_t first, struct arena *a)
{
	struct grid *g = arena_make(a, struct grid);
	size_t inputs = p->knn->n_inputs;

	g->n_columns = 1 + inputs + p->knn->n_targets;
	g->columns = arena_array(a, g->n_columns, sizeof(*g->columns));
	g->columns[0].name = "each week";
	for (size_t i = 1; i < g->n_columns; i++)
		g->columns[i] = (struct grid_column){
		    i <= inputs
			? p->inputs[i - 1].look.name
			: arena_printf(a, "%s in %zu %s",
			      p->targets[i - 1 - inputs].look.name, p->weeks,
			      p->weeks == 1 ? "week" : "weeks"),
		    true};
	g->n_rows = p->n_plans - first;
	g->rows = arena_array(a, g->n_rows, sizeof(*g->rows));
	for (size_t r = 0; r < g->n_rows; r++) {
		g->rows[r] = arena_array(a, g->n_columns, sizeof(**g->rows));
		list_row(p, &p->plans[first + r], g->rows[r], a);
	}
	return g;
}

static struct numbers *numbers_of(const struct prospect *p, struct arena *a)
{
	static const char *const names[] = {"time", "plan", "low", "high"};
	struct numbers *nums = arena_make(a, struct numbers);

	nums->columns = arena_copy(a, names, sizeof(names));
	nums->n_columns = 4;
	nums->unit = p->targets[0].look.unit;
	nums->n_rows = p->weeks + 1;
	nums->values = arena_array(a, nums->n_rows, sizeof(*nums->values));
	for (size_t i = 0; i <= p->weeks; i++) {
		struct outlook o = prospect_look_ahead(p, 0, &p->plans[0], i);
		const double row[] = {
		    (double)(p->now + (int64_t)i * PROSPECT_WEEK), o.mean,
		    o.low, o.high};

		nums->values[i] = arena_copy(a, row, sizeof(row));
	}
	return nums;
}

static void add_words(
    const struct prospect *p, struct block *b, struct arena *a)
{
	const char *remark = prospect_remark(a, p);
	const char *outside =
	    p->n_plans == 0 ? NULL : prospect_outside(a, p, &p->plans[0]);

	for (size_t i = 0; i < p->knn->n_targets; i++)
		strings_add(a, &b->paragraphs, prospect_verdict(a, p, i));
	if (remark != NULL)
		strings_add(a, &b->paragraphs, remark);
	if (outside != NULL)
		strings_add(a, &b->paragraphs, outside);
}

static void tell(const struct panel_input *in, struct prospect *p,
    struct block *b, struct arena *a)
{
	const struct prospect_conf *conf = in->conf;
	struct block_forecast *f = arena_make(a, struct block_forecast);
	const struct knn_target *first = &p->knn->targets[0];

	for (size_t i = 0; i < p->knn->n_targets; i++)
		if (p->knn->targets[i].k > 0)
			strings_add(a, &f->answers,
			    prospect_answer(a, p, i, &p->plans[0]));
	f->model = prospect_json(a, p);
	b->forecast = f;
	b->note =
	    arena_printf(a, "%zu nearest of %zu weeks", first->k, first->n);
	b->alt = arena_printf(a, "%s: %s; no change %s", in->title,
	    prospect_answer(a, p, 0, &p->plans[0]),
	    prospect_number(a, &p->targets[0].look, p->targets[0].level));
	b->grid = list_plans(p, conf->plan.n > 0 ? 0 : 1, a);
	b->numbers = numbers_of(p, a);
	draw(in, p, b, a);
}

static int build_plan(const struct panel_input *in, struct block *b,
    struct arena *a, struct err *e)
{
	struct prospect p;

	state_of_source(in, "", 0, b, a); /* are there rows at all? */
	if (b->state == PANEL_EMPTY)
		return 0;
	if (prospect_make(a, in->conf, in, &p, e) != 0)
		return -1;
	if (p.knn->targets[0].k == 0) {
		b->state = PANEL_EMPTY;
		b->message = prospect_verdict(a, &p, 0);
		return 0;
	}
	add_words(&p, b, a);
	tell(in, &p, b, a);
	return 0;
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	const struct prospect_conf *c = in->conf;

	return c->training != NULL
		   ? build_plan(in, b, a, e)
		   : forecast_trend_build(in, c->reach, b, a, e);
}

const struct panel_kind panel_forecast = {
    .name = "forecast",
    .help = "what is to come: of a plan, or of series that go on",
    .options = options,
    .conf_size = sizeof(struct prospect_conf),
    .needs = NEEDS_SERIES | NEEDS_ANSWER | NEEDS_STATUS,
    .rows_key = "training",
    .points = POINTS,
    .check = check,
    .build = build,
};
