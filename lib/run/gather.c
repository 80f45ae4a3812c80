/*
 * What a panel needs of the store. A failure costs only this panel.
 */
#include "run/composer.h"

#include <math.h>

#include "panel/derive.h"
#include "panel/pace.h"
#include "run/anchors.h"
#include "run/compose_map.h"
#include "run/plan_public.h"
#include "run/query.h"
#include "run/tiles.h"

#define LINES_MAX  2000
#define REACH_MOST 3 /* times the view, as fine as it */

/* How far before the newest value its pace is looked for: times its age. */
#define PACE_AGES   20
#define PACE_POINTS 2000

/* A chart spans at least this, however young the memory is. */
#define SPAN_MIN_S 10

/* Where a chart begins: a young memory is not shown as an empty chart. */
static int64_t view_start(const struct composer *c, double period, int64_t to)
{
	int64_t from = to - (int64_t)period;
	int64_t first = c->first;

	if (first == 0 || first > to - SPAN_MIN_S)
		first = to - SPAN_MIN_S;
	return from > first ? from : first;
}

static bool concerns(const struct panel_input *in, const char *source)
{
	const struct panel_common *c = in->common;

	if (c->sources.n == 0 && c->series.n == 0 && c->source == NULL)
		return true; /* it says nothing of which: so all of them */
	if (in->common->source != NULL && str_eq(in->common->source, source))
		return true;
	if (str_glob_any(&in->common->sources, source))
		return true;
	for (size_t i = 0; i < in->n_series; i++)
		if (str_eq(in->series[i].source, source))
			return true;
	return false;
}

static int gather_spells(
    struct composer *c, struct panel_input *in, struct err *e)
{
	struct spell *all;
	size_t n, kept = 0;

	if (store_spells(c->store, c->arena, in->from, in->to, &all, &n, e) !=
	    0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (concerns(in, all[i].source) &&
		    !plan_hides(c->plan, all[i].source))
			all[kept++] = all[i];
	in->spells = all;
	in->n_spells = kept;
	return 0;
}

/* Every metric of every source. */
static struct strings globs_of(struct composer *c,
    const struct strings *sources, const struct strings *metrics)
{
	struct strings globs = {0};

	for (size_t i = 0; i < sources->n; i++)
		for (size_t k = 0; k < metrics->n; k++)
			strings_add(c->arena, &globs,
			    arena_printf(c->arena, "%s/%s", sources->items[i],
				metrics->items[k]));
	return globs;
}

/*
 * A view of long steps does not show how often values come. Where the newest
 * would be late for its source, what lay just before it tells.
 */
static int keep_pace(struct composer *c, const struct panel_input *in,
    struct series *s, struct err *e)
{
	const char *names[] = {s->name};
	const struct strings name = {names, 1, 1};
	int64_t age = in->now - s->last_ts, pace;
	struct series *before;
	size_t n;

	series_keep_pace(c->arena, s);
	if (s->step <= s->every || !series_late(in, s))
		return 0;
	if (store_series(c->store, c->arena, &name,
		s->last_ts - PACE_AGES * age, s->last_ts, PACE_POINTS, &before,
		&n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(before[i].name, s->name))
			continue;
		pace = series_pace(c->arena, &before[i]);
		s->every = pace > s->every ? pace : s->every;
	}
	return 0;
}

static int gather_series(struct composer *c, const struct panel_kind *kind,
    struct panel_input *in, struct err *e)
{
	struct strings globs = in->common->series, metrics;
	int64_t span = in->to - in->from;
	int64_t reach =
	    derive_reach(in->common, span) + wish_of(kind, in).reach;
	double more = span > 0 ? (double)reach / (double)span : 0;
	struct series *series;

	if (kind->metrics != NULL) {
		metrics = kind->metrics(in->conf, c->arena);
		globs = globs_of(c, &in->common->sources, &metrics);
	}
	/* as fine as without what is before the view */
	if (store_series(c->store, c->arena, &globs, in->from - reach, in->to,
		kind->points +
		    (size_t)(fmin(more, REACH_MOST) * (double)kind->points),
		&series, &in->n_series, e) != 0)
		return -1;
	in->n_series = plan_shown(c->plan, series, in->n_series);
	for (size_t i = 0; i < in->n_series; i++) {
		if (keep_pace(c, in, &series[i], e) != 0)
			return -1;
		if (in->common->unit != NULL)
			series[i].unit = in->common->unit;
	}
	in->series = series;
	return gather_then(c->store, kind, in, &globs, c->arena, e);
}

/* Those on the panel's series that go on. */
static void gather_alerts(
    struct composer *c, const struct panel_kind *kind, struct panel_input *in)
{
	struct alert *found = NULL;
	size_t cap = 0;

	in->alerts = c->alerts;
	in->n_alerts = c->n_alerts;
	if ((kind->needs & NEEDS_ALERTS) != 0)
		return;
	in->n_alerts = 0;
	if (in->to < c->now) /* what fires now is not of then */
		return;
	for (size_t i = 0; c->n_alerts > 0 && i < in->n_series; i++) {
		const struct alert *x =
		    alert_find(c->alerts, c->n_alerts, in->series[i].name);

		for (; x != NULL && x < c->alerts + c->n_alerts &&
		       x->state != ALERT_ENDED &&
		       str_eq(x->series, in->series[i].name);
		     x++)
			*arena_push(c->arena, &found, &in->n_alerts, &cap) = *x;
	}
	in->alerts = found;
}

static int gather_table(
    struct composer *c, struct panel_input *in, struct err *e)
{
	const char *name = in->common->table;
	struct table *table;

	if (store_table(c->store, c->arena, in->common->source,
		name != NULL ? name : "", in->to, &table, &in->table_ts,
		e) != 0)
		return -1;
	in->table = table;
	return 0;
}

/* "app*" + "/versions": of every source that has such a table. */
static int gather_tables(
    struct composer *c, struct panel_input *in, struct err *e)
{
	const char *name = in->common->table;
	struct found_table *found = NULL;
	size_t cap = 0;

	for (size_t i = 0; i < c->plan->n_sources; i++) {
		const char *source = c->plan->sources[i].name;
		struct table *table;
		int64_t ts;

		if (!str_glob_any(&in->common->sources, source))
			continue;
		if (store_table(c->store, c->arena, source,
			name != NULL ? name : "", in->to, &table, &ts, e) != 0)
			return -1;
		if (table != NULL)
			*arena_push(c->arena, &found, &in->n_tables, &cap) =
			    (struct found_table){source, table, ts};
	}
	in->tables = found;
	return 0;
}

static int gather_lines(
    struct composer *c, struct panel_input *in, struct err *e)
{
	struct strings names = {0};
	struct log_line *lines;

	for (size_t i = 0; i < c->plan->n_sources; i++)
		if (str_glob_any(
			&in->common->sources, c->plan->sources[i].name))
			strings_add(c->arena, &names, c->plan->sources[i].name);
	if (store_lines(c->store, c->arena, &names, in->from,
		in->to < c->now ? in->to : c->lines_to, LINES_MAX, &lines,
		&in->n_lines, &in->lines_left_out, e) != 0)
		return -1;
	in->lines = lines;
	return 0;
}

/* What a query may stand for. */
static int gather_data(struct composer *c, const struct plan_panel *p,
    struct panel_input *in, struct err *e)
{
	const struct panel_kind *kind = p->kind;
	unsigned needs = kind->needs;

	if (p->common.query != NULL)
		return query_gather(c->query, p, in, c->arena, e);
	if (((needs & NEEDS_SERIES) != 0 || kind->metrics != NULL) &&
	    gather_series(c, kind, in, e) != 0)
		return -1;
	if ((needs & NEEDS_TABLE) == 0)
		return 0;
	return in->common->source != NULL ? gather_table(c, in, e)
					  : gather_tables(c, in, e);
}

static int gather(struct composer *c, const struct plan_panel *p,
    struct panel_input *in, struct err *e)
{
	const struct panel_kind *kind = p->kind;

	if (gather_data(c, p, in, e) != 0)
		return -1;
	if ((kind->needs & NEEDS_LINES) != 0 && gather_lines(c, in, e) != 0)
		return -1;
	gather_alerts(c, kind, in);
	if ((kind->needs & NEEDS_RECORDS) != 0 &&
	    gather_records(c->store, kind, in, c->arena, e) != 0)
		return -1;
	if (kind->tiles != NULL &&
	    tiles_gather(c->store, kind, in, c->arena, e) != 0)
		return -1;
	if ((kind->needs & NEEDS_OUTLINES) != 0)
		gather_outlines(c->world, in);
	if (gather_file(kind, in, c->arena, e) != 0)
		return -1;
	if ((kind->needs & NEEDS_ANCHORS) != 0)
		in->anchors =
		    anchors_of(c->plan, p->page, c->arena, &in->n_anchors);
	return kind->needs == NEEDS_NOTHING ? 0 : gather_spells(c, in, e);
}

struct panel_input compose_input(
    const struct composer *c, const struct plan_panel *p, const struct view *v)
{
	double period = p->common.period > 0 ? p->common.period : v->period;

	return (struct panel_input){
	    .conf = p->conf,
	    .common = &p->common,
	    .title = p->title,
	    .now = v->to,
	    .from = view_start(c, period, v->to),
	    .period = (int64_t)period,
	    .to = v->to,
	    .choose = v->choice != NULL ? v->choose : NULL,
	    .choice = v->choice,
	    .run_every = c->plan->every,
	    .past = v->past,
	    .status = c->status,
	    .n_status = c->n_status,
	    .recipients = c->recipients,
	    .n_recipients = c->n_recipients,
	};
}

void compose_alerts(const struct composer *composer, const struct plan_panel *p,
    struct panel_input *in, struct arena *a)
{
	struct composer c = *composer;

	c.arena = a;
	gather_alerts(&c, p->kind, in);
}

bool compose_gather(const struct composer *composer, const struct plan_panel *p,
    struct panel_input *in, struct block *b, struct arena *a)
{
	struct composer c = *composer;
	struct err e = {0};

	c.arena = a;
	if (gather(&c, p, in, &e) == 0)
		return true;
	compose_fail(b, a, &e);
	return false;
}
