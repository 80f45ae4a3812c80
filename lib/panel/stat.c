/*
 * The newest value, large: where one number is the answer.
 */
#include <math.h>

#include "base/clock.h"
#include "chart/plot.h"
#include "chart/unit.h"
#include "panel/alarm.h"
#include "panel/derive.h"
#include "panel/forecast_trend.h"
#include "panel/gaps.h"
#include "panel/parts.h"
#include "panel/since.h"

#define JUST_NOW    300 /* seconds */
#define POINTS	    160
#define SPARK_WIDTH 150
#define SPARK_HIGH  34
#define FIGURES_MAX 12 /* more numbers than this are a table */

struct conf {
	struct strings since;
	const char *reach;
	bool spark;
	int good; /* enum good */
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"since", OPTION_LIST, AT(since),
	.help = "changes since so long ago, at most four, such as [1d, 1w]"},
    {"reach", OPTION_TEXT, AT(reach),
	.help = "a level such as 100: tells when it is reached if the series "
		"goes on as it did in the time that is shown"},
    {"spark", OPTION_BOOL, AT(spark), .deflt = "yes",
	.help = "a small line of the values in view"},
    {"good", OPTION_CHOICE, AT(good), .choices = "none|down|up",
	.deflt = "none",
	.help = "which way is the better one: changes are marked so"},
    {0},
};

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct conf *c = conf;
	const struct node *n = node_get(panel, "since");
	int64_t at;

	trend_check_reach(c->reach, panel, faults);
	if (c->since.n > 0 && (common->smooth > 0 || common->derive != 0))
		fault_at(faults, n,
		    "since: changes are of values as they are, not of what "
		    "derive or smooth make of them");
	if (c->since.n > PANEL_MOMENTS)
		fault_at(faults, n, "since: %zu changes, at most %d fit",
		    c->since.n, PANEL_MOMENTS);
	for (size_t i = 0; i < c->since.n; i++)
		if (!since_moment(c->since.items[i], 0, &at))
			fault_at(faults, n,
			    "since: '%.80s' is not a length of time, such as "
			    "1d or 1w",
			    c->since.items[i]);
}

static void wish(const void *conf, int64_t now, struct panel_wish *w)
{
	const struct conf *c = conf;

	for (size_t i = 0; i < c->since.n && i < PANEL_MOMENTS; i++)
		if (since_moment(
			c->since.items[i], now, &w->moments[w->n_moments]))
			w->n_moments++;
}

/* When it was measured, unless that was just now. */
static const char *when_words(
    const struct panel_input *in, int64_t ts, struct arena *a)
{
	const int64_t now = in->now;
	struct tm then = clock_local(ts), today = clock_local(now);
	struct tm yesterday = today;

	if (ts <= 0 || now - ts < JUST_NOW)
		return NULL;
	if (in->past)
		return clock_format(a, "%-d %b %Y", ts);
	yesterday.tm_mday--;
	yesterday = clock_local(clock_instant(yesterday));
	if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday)
		return clock_format(a, "today %H:%M", ts);
	if (then.tm_year == yesterday.tm_year &&
	    then.tm_yday == yesterday.tm_yday)
		return clock_format(a, "yesterday %H:%M", ts);
	return clock_format(
	    a, then.tm_year == today.tm_year ? "%a %-d %b" : "%-d %b %Y", ts);
}

static void add_spark(const struct panel_input *in, const struct series *s,
    const char *name, struct figure *f, struct arena *a)
{
	const struct plot_line line = {
	    .name = name,
	    .ink = f->hot ? INK_RED : INK_SERIES_1,
	    .points = s->points,
	    .n = s->n,
	    .step = s->step,
	    .hole = gap_least(s),
	};

	if (s->n > 1)
		f->spark = plot_spark(
		    a, &line, in->from, in->to, SPARK_WIDTH, SPARK_HIGH);
}

static void add_figure(const struct panel_input *in, const struct series *s,
    const char *name, struct block *b, struct arena *a)
{
	const struct conf *c = in->conf;
	struct figure *f = &b->figures[b->n_figures++];
	double age = (double)(in->now - s->last_ts);

	f->hot = alarm_on(in, s->name) != NULL;
	f->label = in->n_series > 1 ? name : NULL;
	unit_split(a, s->unit, s->last, &f->value, &f->unit);
	if (series_late(in, s))
		f->when = arena_printf(a, "%s ago", clock_duration(a, age));
	since_add(in, &c->since, (enum good)c->good, s, f, a);
	if (c->spark)
		add_spark(in, s, name, f, a);
}

static int build(const struct panel_input *given, struct block *b,
    struct arena *a, struct err *e)
{
	struct panel_input in = *given;
	const char **names = series_names(a, in.series, in.n_series);
	struct derived d = series_derived(a, &in);
	const struct series *series = d.series;

	(void)e;
	in.series = series;
	state_of_series(&in, b, a);
	alarm_of_series(&in, names, b, a);
	if (in.n_series > 0)
		b->alt = alt_of_series(&in, names, a);
	b->n_figures = 0;
	b->figures = arena_array(a, in.n_series, sizeof(*b->figures));
	for (size_t i = 0; i < in.n_series && i < FIGURES_MAX; i++)
		if (isfinite(series[i].last))
			add_figure(&in, &series[i], names[i], b, a);
	if (in.n_series == 1 && b->note == NULL)
		b->note = when_words(&in, series[0].last_ts, a);
	if (in.n_series > FIGURES_MAX)
		b->note =
		    arena_printf(a, "and %zu more", in.n_series - FIGURES_MAX);
	trend_tell_reach(
	    &in, names, ((const struct conf *)in.conf)->reach, b, a);
	/* A value from before the view is still the newest there is. */
	if (b->state == PANEL_EMPTY && b->n_figures > 0)
		b->state = PANEL_LATE;
	b->numbers = in.n_series == 0
			 ? NULL
			 : numbers_of_series(a, series, names, in.n_series);
	return 0;
}

const struct panel_kind panel_stat = {
    .name = "stat",
    .help = "the newest value, large",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_SERIES | NEEDS_ANSWER | NEEDS_STATUS,
    .points = POINTS,
    .derives = true,
    .check = check,
    .wish = wish,
    .build = build,
};
