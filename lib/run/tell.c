#include "run/tell.h"

#include <stdlib.h>
#include <string.h>

struct teller {
	const struct plan *plan;
	const struct telling *telling;
	struct arena *arena;
	struct told *told; /* by channel, rule and series */
	size_t n_told;
};

/* The news of one channel, as they grow. */
struct list {
	struct dispatch_item *items;
	size_t n, cap;
};

static int by_name(const void *x, const void *y)
{
	const struct told *a = x, *b = y;
	int order = strcmp(a->channel, b->channel);

	if (order == 0)
		order = strcmp(a->rule, b->rule);
	return order != 0 ? order : strcmp(a->series, b->series);
}

/* What the channel knows of the alert's rule and series, or NULL. */
static struct told *known(
    const struct teller *t, const struct channel *c, const struct alert *x)
{
	const struct told key = {
	    .channel = c->name, .rule = x->rule, .series = x->series};

	return t->n_told == 0 ? NULL
			      : bsearch(&key, t->told, t->n_told,
				    sizeof(*t->told), by_name);
}

static void add(const struct teller *t, struct list *l,
    enum dispatch_event event, const struct alert *x)
{
	*arena_push(t->arena, &l->items, &l->n, &l->cap) =
	    (struct dispatch_item){event, "", *x};
}

/* Rules that name no channels tell all. */
static bool is_told(
    const struct plan *plan, const struct channel *c, const struct alert *x)
{
	const struct alert_rule *r = plan_rule(plan, x->rule);

	if (r == NULL || !channel_takes(c, x->severity))
		return false;
	if (node_get(r->node, "notify") == NULL)
		return true;
	for (size_t i = 0; i < r->notify.n; i++)
		if (str_eq(r->notify.items[i], c->name))
			return true;
	return false;
}

/* Seconds since it was told; a clock that was set back starts anew. */
static double age(const struct told *k, int64_t now)
{
	return k->last > now ? 1e18 : (double)(now - k->last);
}

static void tell_end(const struct teller *t, const struct channel *c,
    const struct alert *x, struct list *l)
{
	struct told *k = known(t, c, x);

	if (x->ended == 0 || k == NULL || !k->open || k->fired != x->fired)
		return;
	add(t, l, DISPATCH_ENDED, x);
	k->open = false;
	k->last = t->telling->now;
}

static void tell_firing(const struct teller *t, const struct channel *c,
    const struct alert *x, struct list *l)
{
	const struct told *k = known(t, c, x);
	int64_t now = t->telling->now;

	if (!alert_is_hot(x) || alert_is_acked(x, now) ||
	    !is_told(t->plan, c, x))
		return;
	if (k != NULL && k->open && k->fired == x->fired) {
		if (c->common.repeat > 0 && age(k, now) >= c->common.repeat)
			add(t, l, DISPATCH_LASTS, x);
	} else if (k == NULL ||
		   (age(k, now) >= c->common.min_interval && k->last != now)) {
		add(t, l, DISPATCH_BEGINS, x);
	}
}

/* What begins before what lasts or ended, the worst first. */
static int worst_first(const void *x, const void *y)
{
	const struct dispatch_item *a = x, *b = y;
	int order = (int)a->event - (int)b->event;

	if (order == 0)
		order = (int)b->alert.severity - (int)a->alert.severity;
	if (order == 0)
		order = strcmp(a->alert.series, b->alert.series);
	return order != 0 ? order : strcmp(a->alert.rule, b->alert.rule);
}

int tell(const struct plan *plan, struct store *store, const struct telling *g,
    struct arena *a, struct news **out, size_t *n, struct err *e)
{
	struct teller t = {.plan = plan, .telling = g, .arena = a};
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	if (plan->n_channels == 0)
		return 0;
	if (store_told(store, a, &t.told, &t.n_told, e) != 0)
		return -1;
	for (size_t i = 0; i < plan->n_channels; i++) {
		const struct channel *c = &plan->channels[i];
		struct list l = {0};

		for (size_t k = 0; k < g->n_changed; k++)
			tell_end(&t, c, &g->changed[k], &l);
		for (size_t k = 0; k < g->n_live; k++)
			tell_firing(&t, c, &g->live[k], &l);
		if (l.n > 1)
			qsort(l.items, l.n, sizeof(*l.items), worst_first);
		if (l.n > 0)
			*arena_push(a, out, n, &cap) = (struct news){c->name,
			    c->recipients, c->common.grouped, l.items, l.n};
	}
	return 0;
}
