#include "panel/forecast_trend.h"

#include <math.h>

#include "base/clock.h"
#include "chart/plot.h"
#include "chart/unit.h"
#include "panel/gaps.h"
#include "panel/parts.h"

#define FUTURE	     64 /* points of a line ahead */
#define NARROW_WIDTH 360
#define NARROW_HIGH  200
#define SERIES_MAX   6 /* that are looked ahead in one chart */
#define DAY	     86400.0
#define WORDY	     (2 * DAY) /* farther away than this has a date */

const char *trend_words(
    struct arena *a, const struct trend *t, const char *unit)
{
	double span = (double)(t->to - t->from);
	bool hours = span < 2 * DAY;
	double by = t->slope * (hours ? 3600 : DAY);
	const char *spread = unit_text(a, unit, (t->high - t->low) / 2);

	if (t->course == TREND_TOO_FEW)
		return arena_printf(a, "%zu values are known, a trend takes %d",
		    t->n, TREND_LEAST);
	if (t->course == TREND_FLAT && t->high == t->low)
		return arena_printf(
		    a, "it stays at %s", unit_text(a, unit, t->level));
	if (t->course == TREND_FLAT)
		return arena_printf(a,
		    "there is no trend, it swings by ± %s around %s", spread,
		    unit_text(a, unit, t->level));
	return arena_printf(a, "%s by %s %s, ± %s around that",
	    t->slope > 0 ? "rises" : "falls", unit_text(a, unit, fabs(by)),
	    hours ? "an hour" : "a day", spread);
}

static const char *until(struct arena *a, double seconds, int64_t now)
{
	const char *words = clock_duration(a, seconds);

	if (seconds < WORDY || seconds > 1000 * 366 * DAY)
		return words;
	return arena_printf(a, "%s, on %s", words,
	    clock_format(a, seconds > 300 * DAY ? "%-d %B %Y" : "%-d %B",
		now + (int64_t)seconds));
}

/* " (between 9 d and 17 d)", or open where the slope may be nearly none. */
static const char *doubt(struct arena *a, const struct trend_reach *r)
{
	const char *soonest = clock_duration(a, r->soonest);
	const char *latest = clock_duration(a, r->latest);

	if (!isfinite(r->latest) || r->latest > 10 * r->in)
		return arena_printf(a, " (%s at the soonest)", soonest);
	return str_eq(soonest, latest)
		   ? ""
		   : arena_printf(a, " (between %s and %s)", soonest, latest);
}

const char *trend_reach_words(struct arena *a, const struct trend *t,
    const char *unit, double level, int64_t now)
{
	struct trend_reach r = trend_reach(t, level, now);
	const char *goal = unit_text(a, unit, level);

	switch (r.state) {
	case REACH_UNKNOWN:
		return arena_printf(a, "nobody knows when it reaches %s: %s",
		    goal, trend_words(a, t, unit));
	case REACH_FLAT:
		return arena_printf(
		    a, "%s is not in sight: %s", goal, trend_words(a, t, unit));
	case REACH_AWAY:
		return arena_printf(a,
		    "%s is not in sight: it %s, away from there", goal,
		    t->slope > 0 ? "rises" : "falls");
	case REACH_FAR:
		return arena_printf(a,
		    "%s is not in sight: it would take %s at this rate, and "
		    "only %s are known",
		    goal, clock_duration(a, r.in),
		    clock_duration(a, (double)(t->to - t->from)));
	case REACH_IN:
		break;
	}
	return arena_printf(
	    a, "reaches %s in %s%s", goal, until(a, r.in, now), doubt(a, &r));
}

static const struct {
	double w, h;
} sizes[] = {
    [WIDTH_FULL] = {1340, 250},
    [WIDTH_HALF] = {660, 230},
    [WIDTH_THIRD] = {430, 190},
    [WIDTH_QUARTER] = {310, 170},
};

struct prophet {
	const struct panel_input *in;
	struct arena *arena;
	const char **names;
	struct trend *trends;
	size_t n;     /* series that are drawn */
	double level; /* NaN: none to be reached */
	int64_t to;
};

/* Far enough to see it reached, a third of what is known at least. */
static void look_ahead(struct prophet *p)
{
	double span = (double)(p->in->to - p->in->from), most = span / 3;

	for (size_t i = 0; i < p->n && !isnan(p->level); i++) {
		struct trend_reach r =
		    trend_reach(&p->trends[i], p->level, p->in->now);

		if (r.state == REACH_IN)
			most =
			    fmax(most, fmin(r.in * 1.15, TREND_AHEAD * span));
	}
	p->to = p->in->to + (int64_t)most;
}

static struct plot_line past(const struct prophet *p, size_t i)
{
	const struct series *s = &p->in->series[i];

	return (struct plot_line){
	    .name = p->names[i],
	    .ink = (enum ink)(INK_SERIES_1 + colour_of(i) - 1),
	    .points = s->points,
	    .n = s->n,
	    .step = s->step,
	    .hole = gap_least(s),
	};
}

static struct plot_line future(const struct prophet *p, size_t i)
{
	const struct series *s = &p->in->series[i];
	const struct trend *t = &p->trends[i];
	struct point *points = arena_array(p->arena, FUTURE, sizeof(*points));

	for (size_t k = 0; k < FUTURE; k++) {
		int64_t ts = s->last_ts +
			     (p->to - s->last_ts) * (int64_t)k / (FUTURE - 1);
		struct trend_value v = trend_at(t, ts);

		points[k] = (struct point){ts, v.mean, v.low, v.high};
	}
	return (struct plot_line){
	    .name = arena_printf(p->arena, "%s, ahead", p->names[i]),
	    .end = p->n > 1 ? p->names[i] : "then",
	    .ink = (enum ink)(INK_SERIES_1 + colour_of(i) - 1),
	    .dashed = true,
	    .points = points,
	    .n = t->course == TREND_TOO_FEW ? 0 : FUTURE,
	    .step = 1,
	    .hole = INT64_MAX,
	    .last = points[FUTURE - 1].mean,
	};
}

static void draw(struct prophet *p, struct block *b)
{
	struct plot_line *lines =
	    arena_array(p->arena, 2 * p->n, sizeof(*lines));
	struct plot_level level = {p->level,
	    unit_text(p->arena, p->in->series[0].unit, p->level), false};
	struct plot plot = {
	    .w = sizes[b->width].w,
	    .h = sizes[b->width].h,
	    .from = p->in->from,
	    .to = p->to,
	    .unit = p->in->series[0].unit,
	    .min = NAN,
	    .max = NAN,
	    .labels = plot_can_label(2 * p->n, sizes[b->width].h),
	    .lines = lines,
	    .n_lines = 2 * p->n,
	    .levels = &level,
	    .n_levels = isnan(p->level) ? 0 : 1,
	    .ruler = p->in->ruler,
	};

	for (size_t i = 0; i < p->n; i++) {
		lines[i] = past(p, i);
		lines[p->n + i] = future(p, i);
	}
	b->wide = plot_draw(p->arena, &plot);
	plot.w = NARROW_WIDTH;
	plot.h = NARROW_HIGH;
	b->narrow = plot_draw(p->arena, &plot);
}

/* Does the sentence go on from the series' name? */
static bool is_verb(const char *words)
{
	return str_starts(words, "reaches") || str_starts(words, "rises") ||
	       str_starts(words, "falls");
}

static void tell(const struct prophet *p, struct block *b)
{
	for (size_t i = 0; i < p->in->n_series; i++) {
		const struct series *s = &p->in->series[i];
		const char *words =
		    isnan(p->level)
			? trend_words(p->arena, &p->trends[i], s->unit)
			: trend_reach_words(p->arena, &p->trends[i], s->unit,
			      p->level, p->in->now);

		strings_add(p->arena, &b->paragraphs,
		    arena_printf(p->arena, "%s%s %s.", p->names[i],
			is_verb(words) ? "" : ":", words));
	}
}

void trend_check_reach(
    const char *reach, const struct node *panel, struct faults *faults)
{
	double level;

	if (reach != NULL && !str_quantity(reach, &level))
		fault_at(faults, node_get(panel, "reach"),
		    "reach: '%.80s' is not a number, size or length of time",
		    reach);
}

void trend_tell_reach(const struct panel_input *in, const char *const *names,
    const char *reach, struct block *b, struct arena *a)
{
	size_t before = b->paragraphs.n;
	double level;

	if (reach == NULL || in->n_series == 0 || !str_quantity(reach, &level))
		return;
	for (size_t i = 0; i < in->n_series; i++) {
		struct series s = in->series[i];
		struct trend t;

		series_finite(a, &s);
		t = trend_fit(a, s.points, s.n);
		if (trend_reach(&t, level, in->now).state == REACH_IN)
			strings_add(a, &b->paragraphs,
			    arena_printf(a, "%s %s.", names[i],
				trend_reach_words(
				    a, &t, s.unit, level, in->now)));
	}
	if (b->paragraphs.n == before)
		strings_add(a, &b->paragraphs,
		    arena_printf(a, "%s is not in sight.",
			unit_text(a, in->series[0].unit, level)));
}

int forecast_trend_build(const struct panel_input *given, const char *reach,
    struct block *b, struct arena *a, struct err *e)
{
	struct panel_input in = *given;
	struct prophet p = {.in = &in, .arena = a, .level = NAN};
	struct series *series =
	    arena_copy(a, in.series, in.n_series * sizeof(*series));

	(void)e;
	for (size_t i = 0; i < in.n_series; i++)
		series_finite(a, &series[i]);
	in.series = series;
	state_of_series(&in, b, a);
	if (in.n_series == 0 || b->state == PANEL_EMPTY)
		return 0;
	if (reach != NULL)
		(void)str_quantity(reach, &p.level);
	p.names = series_names(a, in.series, in.n_series);
	p.n = in.n_series < SERIES_MAX ? in.n_series : SERIES_MAX;
	p.trends = arena_array(a, in.n_series, sizeof(*p.trends));
	for (size_t i = 0; i < in.n_series; i++)
		p.trends[i] = trend_fit(a, series[i].points, series[i].n);
	look_ahead(&p);
	draw(&p, b);
	tell(&p, b);
	b->alt = alt_of_series(&in, p.names, a);
	legend_of_series(&in, p.names, b, a);
	b->legend_open = !plot_can_label(2 * p.n, sizes[b->width].h);
	b->numbers = numbers_of_series(a, in.series, p.names, in.n_series);
	return 0;
}
