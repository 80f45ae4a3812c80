/* Who is told: channels, and the ping that says that all is well. */
#include "run/plan_use.h"

#include <string.h>

#define NAME_MAX_BYTES 100

bool plan_channel_name(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_MAX_BYTES && str_is_clean(name, n) &&
	       strchr(name, '\n') == NULL && !str_eq(name, PLAN_PING) &&
	       !str_eq(name, PLAN_SNAPSHOTS) &&
	       !str_starts(name, DISPATCH_REPORT);
}

/* Binds what a mapping and its recipe come to. */
static bool bind_channel(struct plan *plan, struct channel *c, const char *name,
    const struct node *n, struct faults *faults)
{
	struct faults found = {.arena = faults->arena};
	struct use use = {.node = n};
	const char *ignored;
	struct binding parameters = {NULL, &ignored};
	bool ok = plan_use(plan, n, &use, &found);

	parameters.options = use.parameters;
	if (ok)
		channel_bind(c, name, use.node, &plan->mail,
		    use.parameters != NULL ? &parameters : NULL, &found);
	ok = ok && found.n == 0;
	plan_use_faults(plan, &use, &found, faults);
	return ok;
}

static void add_channel(struct plan *plan, const struct node *key,
    const struct node *n, struct faults *faults)
{
	struct channel *c;

	if (!plan_channel_name(key->text)) {
		fault_at(
		    faults, key, "'%.80s' is no name for a channel", key->text);
		return;
	}
	if (n->kind != NODE_MAP) {
		fault_at(faults, n,
		    "notify %.80s: a mapping (mail: …, http: … or exec: …) is "
		    "wanted here",
		    key->text);
		return;
	}
	/* Also with faults: rules that name it are right to do so. */
	c = arena_push(plan->arena, &plan->channels, &plan->n_channels,
	    &plan->cap_channels);
	c->name = key->text;
	(void)bind_channel(plan, c, key->text, n, faults);
}

static void put(struct arena *a, struct node *map, const struct node *at,
    const char *key, const char *value)
{
	if (node_get(map, key) == NULL)
		node_add(a, map, node_new(a, at, NODE_SCALAR, key),
		    node_new(a, at, NODE_SCALAR, value));
}

/* A URL alone is one to get. */
static void bind_ping(
    struct plan *plan, const struct node *n, struct faults *faults)
{
	struct arena *a = plan->arena;
	struct node *map = node_new(a, n, NODE_MAP, "");
	struct channel *c = arena_make(a, struct channel);

	if (n->kind == NODE_LIST) {
		fault_at(faults, n, "ping: a URL or a mapping is wanted here");
		return;
	}
	for (size_t i = 0; n->kind == NODE_MAP && i < n->n; i++)
		node_add(a, map, n->keys[i], n->items[i]);
	if (n->kind == NODE_SCALAR)
		put(a, map, n, "http", n->text);
	if (node_get(map, "exec") == NULL)
		put(a, map, n, "method", "GET");
	if (bind_channel(plan, c, PLAN_PING, map, faults))
		plan->ping = c;
}

void plan_bind_notify(struct plan *plan, struct faults *faults)
{
	const struct node *all = plan->common.notify;

	if (plan->common.ping != NULL)
		bind_ping(plan, plan->common.ping, faults);
	if (all == NULL)
		return;
	if (all->kind != NODE_MAP) {
		fault_at(faults, all,
		    "notify: a mapping of names to channels is wanted here");
		return;
	}
	for (size_t i = 0; i < all->n; i++)
		add_channel(plan, all->keys[i], all->items[i], faults);
}

const struct channel *plan_channel(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_channels; i++)
		if (str_eq(plan->channels[i].name, name))
			return &plan->channels[i];
	return NULL;
}

const struct channel *plan_named_channel(const struct plan *plan,
    const char *key, const char *name, const struct node *at,
    struct faults *faults)
{
	const struct channel *c = plan_channel(plan, name);
	struct strings known = {0};
	const char *near;

	if (c != NULL)
		return c;
	for (size_t i = 0; i < plan->n_channels; i++)
		strings_add(plan->arena, &known, plan->channels[i].name);
	near = str_nearest(name, &known);
	fault_at(faults, at, "%s: there is no channel '%.80s'%s%s%s", key, name,
	    near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
	return NULL;
}

void plan_check_notify(
    const struct plan *plan, const struct alert_rule *r, struct faults *faults)
{
	const struct node *n = node_get(r->node, "notify");

	for (size_t i = 0; n != NULL && i < r->notify.n; i++)
		(void)plan_named_channel(plan, "notify", r->notify.items[i],
		    n->kind == NODE_LIST ? n->items[i] : n, faults);
}
