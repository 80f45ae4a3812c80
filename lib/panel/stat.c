/*
 * The newest value, large: where one number is the answer.
 */
#include <math.h>

#include "base/clock.h"
#include "chart/plot.h"
#include "chart/unit.h"
#include "panel/alarm.h"
#include "panel/gaps.h"
#include "panel/parts.h"

#define POINTS	    160
#define SPARK_WIDTH 150
#define SPARK_HIGH  34
#define FIGURES_MAX 12 /* more numbers than this are a table */
#define CHANGES_MAX 4

struct conf {
	struct strings since;
	bool spark;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"since", OPTION_LIST, AT(since),
	.help = "changes since so long ago, at most four, such as [1d, 1w]"},
    {"spark", OPTION_BOOL, AT(spark), .deflt = "yes",
	.help = "a small line of the values in view"},
    {0},
};

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct conf *c = conf;
	const struct node *n = node_get(panel, "since");
	double seconds;

	(void)common;
	if (c->since.n > CHANGES_MAX)
		fault_at(faults, n, "since: %zu changes, at most %d fit",
		    c->since.n, CHANGES_MAX);
	for (size_t i = 0; i < c->since.n; i++)
		if (!str_duration(c->since.items[i], &seconds) || seconds < 1)
			fault_at(faults, n,
			    "since: '%.80s' is not a length of time, such as "
			    "1d or 1w",
			    c->since.items[i]);
}

/* The value at a time: of the last point not after it, unless in a gap. */
static double value_at(const struct series *s, int64_t ts)
{
	const struct point *found = NULL;

	for (size_t i = 0; i < s->n && s->points[i].ts <= ts; i++)
		found = &s->points[i];
	if (found == NULL || ts - found->ts > gap_least(s))
		return NAN;
	return found->mean;
}

static const char *since_words(struct arena *a, const char *text, double s)
{
	static const struct {
		double seconds;
		const char *words;
	} known[] = {
	    {86400, "since yesterday"},
	    {7 * 86400.0, "since last week"},
	    {30 * 86400.0, "since last month"},
	    {365 * 86400.0, "since last year"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].seconds == s)
			return known[i].words;
	return arena_printf(a, "in %s", text);
}

/*
 * The difference as exactly as the value itself is shown; one of percentages
 * is in points, not in percent.
 */
static void set_change(
    struct figure *f, const struct series *s, double by, struct arena *a)
{
	struct unit_scale u = unit_scale(a, s->unit, s->last);
	int decimals = unit_decimals(s->last / u.divisor);
	double shown = fabs(by) / u.divisor;
	const char *unit = unit_is_percent(s->unit) ? "points" : u.suffix;
	size_t i = f->n_changes;

	if (round(shown * pow(10, decimals)) == 0) {
		f->changes[i].sign = "=";
		f->changes[i].amount = "unchanged";
		return;
	}
	f->changes[i].sign = by > 0 ? "▲" : "▼";
	f->changes[i].amount = arena_printf(a, "%s%s%s",
	    unit_number(a, shown, shown == floor(shown) ? 0 : decimals),
	    unit[0] != '\0' ? " " : "", unit);
}

static void add_changes(const struct conf *c, const struct series *s,
    int64_t now, struct figure *f, struct arena *a)
{
	for (size_t i = 0; i < c->since.n && f->n_changes < CHANGES_MAX; i++) {
		double seconds, by;

		if (!str_duration(c->since.items[i], &seconds))
			continue;
		by = s->last - value_at(s, now - (int64_t)seconds);
		if (isnan(by))
			continue;
		set_change(f, s, by, a);
		f->changes[f->n_changes].since =
		    since_words(a, c->since.items[i], seconds);
		f->n_changes++;
	}
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
	add_changes(c, s, in->now, f, a);
	if (c->spark)
		add_spark(in, s, name, f, a);
}

static int build(const struct panel_input *given, struct block *b,
    struct arena *a, struct err *e)
{
	struct panel_input in = *given;
	const char **names = series_names(a, in.series, in.n_series);
	struct series *series =
	    arena_copy(a, in.series, in.n_series * sizeof(*series));

	(void)e;
	for (size_t i = 0; i < in.n_series; i++)
		series_finite(a, &series[i]);
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
	if (in.n_series > FIGURES_MAX)
		b->note =
		    arena_printf(a, "and %zu more", in.n_series - FIGURES_MAX);
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
    .check = check,
    .build = build,
};
