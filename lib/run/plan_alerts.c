/* Alerts of the plan: rules and maintenance. */
#include "run/plan.h"

#include <string.h>

/* "app1" of "app1/cpu"; NULL if a wildcard stands before the slash. */
static const char *source_part(struct arena *a, const char *glob)
{
	size_t n = strcspn(glob, "/");

	return glob[n] == '/' && strcspn(glob, "*?[\\") >= n
		   ? arena_strndup(a, glob, n)
		   : NULL;
}

static void check_series(
    const struct plan *plan, const struct alert_rule *r, struct faults *faults)
{
	const struct node *n = node_get(r->node, "series");

	for (size_t i = 0; n != NULL && i < r->series.n; i++) {
		const char *glob = r->series.items[i];
		const struct node *at = n->kind == NODE_LIST ? n->items[i] : n;
		const char *source = source_part(plan->arena, glob);

		if (strpbrk(glob, "/*") == NULL)
			fault_at(faults, at,
			    "series: '%.80s' is no series: source/metric is "
			    "wanted",
			    glob);
		else if (source != NULL && plan_source(plan, source) == NULL)
			fault_at(faults, at,
			    "series: there is no source '%.80s'", source);
	}
}

static void check_sources(
    const struct plan *plan, const struct alert_rule *r, struct faults *faults)
{
	const struct node *n = node_get(r->node, "source");

	for (size_t i = 0; n != NULL && i < r->series.n; i++)
		if (!plan_has_source(plan, r->series.items[i]))
			fault_at(faults, n->kind == NODE_LIST ? n->items[i] : n,
			    "source: there is no source '%.80s'",
			    r->series.items[i]);
}

static void add_rule(struct plan *plan, const struct node *key,
    const struct node *n, struct faults *faults)
{
	struct alert_rule *r;

	if (!str_is_clean(key->text, strlen(key->text)) ||
	    key->text[0] == '\0') {
		fault_at(
		    faults, key, "'%.80s' is no name for an alert", key->text);
		return;
	}
	if (n->kind != NODE_MAP) {
		fault_at(faults, n, "alert %.80s: a mapping is wanted here",
		    key->text);
		return;
	}
	r = arena_push(
	    plan->arena, &plan->rules, &plan->n_rules, &plan->cap_rules);
	alert_rule_bind(r, key->text, n, faults);
	if (r->test == ALERT_FAILED)
		check_sources(plan, r, faults);
	else
		check_series(plan, r, faults);
	plan_check_notify(plan, r, faults);
}

static void bind_rules(struct plan *plan, struct faults *faults)
{
	const struct node *all = plan->common.alerts;

	if (all->kind != NODE_MAP) {
		fault_at(faults, all,
		    "alerts: a mapping of names to rules is wanted here");
		return;
	}
	for (size_t i = 0; i < all->n; i++)
		add_rule(plan, all->keys[i], all->items[i], faults);
}

static void bind_maintenance(struct plan *plan, struct faults *faults)
{
	const struct node *all = plan->common.maintenance;
	struct maintenance *m;

	if (all->kind != NODE_MAP) {
		fault_at(faults, all,
		    "maintenance: a mapping of sources to windows is wanted "
		    "here");
		return;
	}
	for (size_t i = 0; i < all->n; i++) {
		if (!plan_has_source(plan, all->keys[i]->text))
			fault_at(faults, all->keys[i],
			    "maintenance: there is no source '%.80s'",
			    all->keys[i]->text);
		m = arena_push(plan->arena, &plan->maintenance,
		    &plan->n_maintenance, &plan->cap_maintenance);
		m->sources = all->keys[i]->text;
		windows_bind(plan->arena, all->items[i], "maintenance",
		    &m->windows, faults);
	}
}

void plan_bind_alerts(struct plan *plan, struct faults *faults)
{
	if (plan->common.alerts != NULL)
		bind_rules(plan, faults);
	if (plan->common.maintenance != NULL)
		bind_maintenance(plan, faults);
}

const struct alert_rule *plan_rule(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_rules; i++)
		if (str_eq(plan->rules[i].name, name))
			return &plan->rules[i];
	return NULL;
}
