/* forecast: what a panel of that kind would say of a plan, or of a series. */
#include "base/clock.h"
#include "base/json.h"
#include "cmd.h"
#include "panel/forecast_trend.h"
#include "panel/prospect.h"
#include "run/compose.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define REACH_BACK (30 * 86400) /* of series that are no panel's */
#define POINTS	   600
#define JSON_MAX   (16 * 1024 * 1024)

/* A panel by PAGE/ID, and its page. */
static const struct plan_panel *find_panel(
    const struct plan *plan, const char *name, const struct plan_page **page)
{
	const char *slash = strchr(name, '/');

	for (size_t i = 0; slash != NULL && i < plan->n_pages; i++) {
		*page = &plan->pages[i];
		if (strlen((*page)->name) != (size_t)(slash - name) ||
		    !str_starts(name, (*page)->name))
			continue;
		for (size_t j = 0; j < (*page)->n_panels; j++)
			if (str_eq((*page)->panels[j].id, slash + 1))
				return &(*page)->panels[j];
	}
	return NULL;
}

static void print_json(struct json *doc)
{
	struct buf b;

	buf_init(&b, JSON_MAX);
	json_write(doc, 1, &b);
	puts(buf_text(&b));
	buf_free(&b);
	json_free(doc);
}

static void put_target(
    struct json *doc, struct arena *a, const struct prospect *p, size_t i)
{
	const struct knn_target *t = &p->knn->targets[i];
	struct json *j = json_add_object(doc);
	struct outlook o = prospect_look_ahead(p, i, &p->plans[0], p->weeks);

	json_put_text(j, "name", p->targets[i].look.name);
	json_put_int(j, "weeks_known", (int64_t)t->n);
	json_put_int(j, "k", (int64_t)t->k);
	json_put_real(j, "now", p->targets[i].level);
	json_put_real(j, "change", o.change);
	json_put_real(j, "then", o.mean);
	json_put_real(j, "low", o.low);
	json_put_real(j, "high", o.high);
	json_put_real(j, "error", t->error);
	json_put_real(j, "error_no_change", t->naive);
	json_put_real(j, "error_ahead", t->ahead);
	json_put_real(j, "error_ahead_no_change", t->ahead_naive);
	json_put_text(j, "answer", prospect_answer(a, p, i, &p->plans[0]));
	json_put_text(j, "verdict", prospect_verdict(a, p, i));
}

static void tell_plan_json(struct arena *a, const struct prospect *p)
{
	struct json *doc = json_object_new(), *plan, *targets;

	json_put_int(doc, "weeks", (int64_t)p->weeks);
	plan = json_put_object(doc, "plan");
	for (size_t i = 0; i < p->knn->n_inputs; i++)
		json_put_real(
		    plan, p->inputs[i].look.name, p->plans[0].inputs[i]);
	targets = json_put_array(doc, "targets");
	for (size_t i = 0; i < p->knn->n_targets; i++)
		put_target(targets, a, p, i);
	print_json(doc);
}

static void tell_plan(struct arena *a, const struct prospect *p)
{
	const char *remark = prospect_remark(a, p);
	const char *outside = prospect_outside(a, p, &p->plans[0]);

	printf("each week: ");
	for (size_t i = 0; i < p->knn->n_inputs; i++)
		printf("%s%s %s", i > 0 ? ", " : "", p->inputs[i].look.name,
		    prospect_number(
			a, &p->inputs[i].look, p->plans[0].inputs[i]));
	printf("\n");
	for (size_t i = 0; i < p->knn->n_targets; i++)
		if (p->knn->targets[i].k > 0)
			printf("%s\n", prospect_answer(a, p, i, &p->plans[0]));
	for (size_t i = 0; i < p->knn->n_targets; i++)
		printf("%s\n", prospect_verdict(a, p, i));
	if (remark != NULL)
		printf("%s\n", remark);
	if (outside != NULL)
		printf("%s\n", outside);
}

static int plan_ahead(struct invocation *in, const struct plan_panel *panel,
    const struct panel_input *input, struct err *e)
{
	struct arena *a = in->arena;
	struct prospect p;

	if (prospect_make(a, panel->conf, input, &p, e) != 0)
		return -1;
	for (int i = 1; i < in->argc; i++)
		if (prospect_set_plan(a, &p, in->argv[i], e) != 0)
			return -1;
	if (in->horizon > 0)
		p.weeks = (size_t)(in->horizon / (double)PROSPECT_WEEK + 0.5);
	if (p.n_plans == 0)
		return err_set(e, "%s", prospect_verdict(a, &p, 0));
	if (in->json)
		tell_plan_json(a, &p);
	else
		tell_plan(a, &p);
	return 0;
}

static void put_trend(struct json *all, struct arena *a, const struct series *s,
    const struct trend *t, double reach, int64_t now)
{
	struct json *j = json_add_object(all);
	struct trend_reach r = trend_reach(t, reach, now);

	json_put_text(j, "series", s->name);
	json_put_int(j, "values", (int64_t)t->n);
	json_put_real(j, "per_day", t->slope * 86400);
	json_put_real(j, "per_day_low", t->slope_low * 86400);
	json_put_real(j, "per_day_high", t->slope_high * 86400);
	json_put_text(j, "trend", trend_words(a, t, s->unit));
	if (isnan(reach))
		return;
	json_put_real(j, "reach", reach);
	json_put_real(j, "seconds", r.state == REACH_IN ? r.in : NAN);
	json_put_text(
	    j, "answer", trend_reach_words(a, t, s->unit, reach, now));
}

static void tell_trends(
    struct invocation *in, const struct series *series, size_t n, double reach)
{
	struct json *doc = json_array_new();
	struct arena *a = in->arena;

	for (size_t i = 0; i < n; i++) {
		const struct series *s = &series[i];
		struct trend t = trend_fit(a, s->points, s->n);

		if (in->json)
			put_trend(doc, a, s, &t, reach, in->now);
		else
			printf("%s: %s\n", s->name,
			    isnan(reach) ? trend_words(a, &t, s->unit)
					 : trend_reach_words(
					       a, &t, s->unit, reach, in->now));
	}
	if (in->json)
		print_json(doc);
	else
		json_free(doc);
}

static int ask_panel(struct invocation *in, const struct plan *plan,
    struct store *store, const struct plan_panel *panel,
    const struct plan_page *page, struct err *e)
{
	const struct prospect_conf *conf = panel->conf;
	struct block block = compose_block(panel);
	double reach = NAN;
	struct panel_input input;
	struct composer *c;
	struct report r;
	bool had;

	if (!str_eq(panel->kind->name, "forecast"))
		return err_set(e, "panel %s is of kind %s, not a forecast",
		    panel->id, panel->kind->name);
	c = compose(plan, store, in->data, in->now, in->arena, &r, e);
	if (c == NULL)
		return -1;
	input = compose_input(
	    c, panel, compose_views(c, (size_t)(page - plan->pages))->items);
	had = compose_gather(c, panel, &input, &block, in->arena);
	compose_end(c);
	if (!had)
		return err_set(e, "%s", block.message);
	if (conf->training != NULL)
		return plan_ahead(in, panel, &input, e);
	if (in->reach != NULL || conf->reach != NULL)
		(void)str_quantity(
		    in->reach != NULL ? in->reach : conf->reach, &reach);
	tell_trends(in, input.series, input.n_series, reach);
	return 0;
}

static int ask_series(struct invocation *in, struct store *store, struct err *e)
{
	int64_t from = in->now - REACH_BACK;
	struct strings globs = {0};
	struct series *series;
	double reach = NAN;
	size_t n;

	for (int i = 0; i < in->argc; i++)
		strings_add(in->arena, &globs, in->argv[i]);
	if (in->from != NULL && clock_parse(in->from, in->now, &from, e) != 0)
		return err_context(e, "--from");
	if (store_series(store, in->arena, &globs, from, in->now, POINTS,
		&series, &n, e) != 0)
		return -1;
	if (n == 0) {
		err_set(e, "there is no series or panel '%.80s'", in->argv[0]);
		return err_hint(e,
		    "a panel is PAGE/NAME, as in the address of the page: "
		    "index/weight for index.html#weight");
	}
	if (in->reach != NULL)
		(void)str_quantity(in->reach, &reach);
	tell_trends(in, series, n, reach);
	return 0;
}

int verb_forecast(struct invocation *in)
{
	const struct plan_panel *panel;
	const struct plan_page *page;
	struct store *store;
	struct plan plan;
	struct err e = {0};
	int rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	if (store_open_read(&store, plan.common.store, &e) != 0)
		return complain(&e, EXIT_FATAL);
	panel = find_panel(&plan, in->argv[0], &page);
	rc = panel != NULL ? ask_panel(in, &plan, store, panel, page, &e)
			   : ask_series(in, store, &e);
	store_close(store);
	return rc == 0 ? EXIT_WELL : complain(&e, EXIT_FATAL);
}
