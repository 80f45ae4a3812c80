/*
 * Lines over time: what most panels are.
 */
#include <math.h>

#include "base/clock.h"
#include "chart/plot.h"
#include "chart/unit.h"
#include "panel/alarm.h"
#include "panel/answer.h"
#include "panel/derive.h"
#include "panel/forecast_trend.h"
#include "panel/gaps.h"
#include "panel/parts.h"

#define POINTS	     600
#define NARROW_WIDTH 360
#define NARROW_HIGH  200

enum legend { LEGEND_AUTO, LEGEND_YES, LEGEND_NO };

struct conf {
	const char *min, *max, *reach;
	bool stack;
	int legend;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"min", OPTION_TEXT, AT(min),
	.help = "the bottom of the scale, such as 0, 4GB or 90s"},
    {"max", OPTION_TEXT, AT(max), .help = "the top of the scale"},
    {"reach", OPTION_TEXT, AT(reach),
	.help = "a level such as 100: tells when lines reach it if they go on "
		"as they did in the time that is shown"},
    {"stack", OPTION_BOOL, AT(stack),
	.help = "areas on top of each other instead of lines"},
    {"legend", OPTION_CHOICE, AT(legend), .choices = "auto|yes|no",
	.deflt = "auto",
	.help = "a legend under the chart; auto: where its lines are too many "
		"to bear their names"},
    {0},
};

/* NaN where there is none. */
static bool limit(const char *text, double *out)
{
	*out = NAN;
	return text == NULL || str_quantity(text, out);
}

static const struct node *place(const struct node *panel, const char *key)
{
	const struct node *n = node_get(panel, key);

	return n != NULL ? n : panel;
}

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct conf *c = conf;
	double min, max;

	(void)common;
	if (!limit(c->min, &min))
		fault_at(faults, place(panel, "min"),
		    "min: '%.80s' is not a number, size or length of time",
		    c->min);
	if (!limit(c->max, &max))
		fault_at(faults, place(panel, "max"),
		    "max: '%.80s' is not a number, size or length of time",
		    c->max);
	trend_check_reach(c->reach, panel, faults);
	if (min >= max)
		fault_at(faults, place(panel, "max"),
		    "max: %s is not above min, %s", c->max, c->min);
}

static struct plot_line *make_lines(const struct panel_input *in,
    const char **names, const struct block *b, struct arena *a)
{
	struct plot_line *lines = arena_array(a, in->n_series, sizeof(*lines));

	for (size_t i = 0; i < in->n_series; i++) {
		const struct series *s = &in->series[i];
		double age = (double)(in->now - s->last_ts);

		lines[i] = (struct plot_line){
		    .name = names[i],
		    .end = in->n_series > 1	    ? names[i]
			   : in->common->smooth > 0 ? "mean"
						    : "now",
		    .ink = (enum ink)(INK_SERIES_1 + colour_of(i) - 1),
		    /* the second round of colours needs another sign */
		    .dashed = i / INK_SERIES_COUNT % 2 == 1,
		    .points = s->points,
		    .n = s->n,
		    .step = s->step,
		    .hole = gap_least(s),
		    .last = s->n > 0 && !isfinite(s->last)
				? s->points[s->n - 1].mean
				: s->last,
		};
		if (b->legend[i].hot) {
			lines[i].ink = INK_RED;
			lines[i].dashed = false;
			lines[i].strong = true;
		}
		if (b->legend[i].age == NULL)
			continue;
		lines[i].age = clock_duration(a, age);
		if (in->n_series == 1)
			lines[i].end = "";
	}
	return lines;
}

/* The measurements that the lines are means of. */
static struct plot_line *make_clouds(const struct derived *d, struct arena *a)
{
	struct plot_line *clouds = arena_array(a, d->n, sizeof(*clouds));

	for (size_t i = 0; i < d->n; i++)
		clouds[i] = (struct plot_line){
		    .ink = d->n == 1
			       ? INK_SOFT
			       : (enum ink)(INK_SERIES_1 + colour_of(i) - 1),
		    .points = d->measured[i].points,
		    .n = d->measured[i].n,
		    .step = d->measured[i].step,
		};
	return clouds;
}

static void add_level(struct plot *p, size_t *cap, const struct alert *x,
    double v, struct arena *a)
{
	struct plot_level *all = p->levels;

	for (size_t i = 0; i < p->n_levels; i++) {
		if (all[i].value != v)
			continue;
		all[i].strong |= alert_is_hot(x);
		return;
	}
	*arena_push(a, &p->levels, &p->n_levels, cap) =
	    (struct plot_level){v, unit_text(a, p->unit, v), alert_is_hot(x)};
}

/* The levels that values are past, or about to be taken for past. */
static void add_levels(
    const struct panel_input *in, struct plot *p, struct arena *a)
{
	size_t cap = 0;

	for (size_t i = 0; i < in->n_alerts && !p->stack; i++) {
		const struct alert *x = &in->alerts[i];

		if (x->muted || x->test > ALERT_OUTSIDE)
			continue;
		if (isfinite(x->low))
			add_level(p, &cap, x, x->low, a);
		if (isfinite(x->high))
			add_level(p, &cap, x, x->high, a);
	}
}

static const struct {
	double w, h;
} sizes[] = {
    [WIDTH_FULL] = {1340, 250},
    [WIDTH_HALF] = {660, 230},
    [WIDTH_THIRD] = {430, 190},
    [WIDTH_QUARTER] = {310, 170},
};

static void draw(const struct panel_input *in, const struct derived *d,
    const char **names, struct block *b, struct arena *a)
{
	const struct conf *c = in->conf;
	struct plot p = {
	    .w = sizes[b->width].w,
	    .h = sizes[b->width].h,
	    .from = in->from,
	    .to = in->to,
	    .unit = in->series[0].unit,
	    .stack = c->stack,
	    .labels = plot_can_label(in->n_series, sizes[b->width].h),
	    .lines = make_lines(in, names, b, a),
	    .n_lines = in->n_series,
	    .ruler = in->ruler,
	};

	if (d->measured != NULL && !c->stack) {
		p.clouds = make_clouds(d, a);
		p.n_clouds = d->n;
	}
	(void)limit(c->min, &p.min); /* check() saw that they are numbers */
	(void)limit(c->max, &p.max);
	p.gaps = gaps_explained(a, in, &p.n_gaps);
	add_levels(in, &p, a);
	b->legend_open =
	    c->legend == LEGEND_YES || (c->legend == LEGEND_AUTO && !p.labels);
	b->wide = plot_draw(a, &p);
	p.w = NARROW_WIDTH;
	p.h = NARROW_HIGH;
	b->narrow = plot_draw(a, &p);
}

/* What was measured, and what was made of it. */
static struct numbers *numbers_of(
    const struct derived *d, const char **names, struct arena *a)
{
	struct series *all = arena_array(a, 2 * d->n, sizeof(*all));
	const char **columns = arena_array(a, 2 * d->n, sizeof(*columns));

	if (d->measured == NULL)
		return numbers_of_series(a, d->series, names, d->n);
	for (size_t i = 0; i < d->n; i++) {
		all[2 * i] = d->measured[i];
		all[2 * i + 1] = d->series[i];
		columns[2 * i] = names[i];
		columns[2 * i + 1] = arena_printf(a, "%s, mean", names[i]);
	}
	return numbers_of_series(a, all, columns, 2 * d->n);
}

static int build(const struct panel_input *given, struct block *b,
    struct arena *a, struct err *e)
{
	struct panel_input in = *given;
	const char **names = series_names(a, in.series, in.n_series);
	size_t points = 0;
	struct derived d;

	if (in.answer != NULL && in.answer->n_rows > 0 &&
	    !answer_has_time(in.answer))
		return err_set(e,
		    "query: the first column is %s; lines want ts",
		    in.answer->columns[0]);
	d = series_derived(a, given);
	in.series = d.series;
	for (size_t i = 0; i < in.n_series; i++)
		points += in.series[i].n;
	state_of_series(&in, b, a);
	alarm_of_series(&in, names, b, a);
	if (in.n_series == 0)
		return 0;
	b->alt = alt_of_series(&in, names, a);
	legend_of_series(&in, names, b, a);
	b->numbers = numbers_of(&d, names, a);
	if (d.measured != NULL)
		b->note = arena_printf(a, "mean of %s, dots are measurements",
		    period_words(a, (int64_t)in.common->smooth));
	if (points > 0)
		draw(&in, &d, names, b, a);
	trend_tell_reach(
	    &in, names, ((const struct conf *)in.conf)->reach, b, a);
	return 0;
}

const struct panel_kind panel_line = {
    .name = "line",
    .help = "lines over time",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_SERIES | NEEDS_ANSWER | NEEDS_STATUS,
    .points = POINTS,
    .derives = true,
    .keeps = true,
    .check = check,
    .build = build,
};
