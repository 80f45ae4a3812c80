#include "run/redact_private.h"

#include <string.h>

/* While the options of one panel are masked. */
struct work {
	struct redact *r;
	const struct panel_input *in; /* as it was gathered */
	struct arena *arena;
	bool spread; /* globs become names in nodes, too */
};

static const char *text(struct work *w, const char *s)
{
	return redact_text(w->r, w->arena, s);
}

static bool is_glob(const char *s)
{
	return strpbrk(s, "*?[") != NULL;
}

/* What stands before the slash of a glob of series. */
static const char *first(struct work *w, const char *glob)
{
	return arena_strndup(w->arena, glob, strcspn(glob, "/"));
}

/* "app*" and "app*\/cpu": what that matches is no longer called app. */
static void spread(struct work *w, const char *glob, struct strings *out)
{
	const char *source = first(w, glob), *rest = glob + strlen(source);

	if (!is_glob(source) || str_eq(source, "*"))
		return;
	for (size_t i = 0; i < w->in->n_status; i++) {
		const char *name = w->in->status[i].name;

		if (str_glob(source, name) && text(w, name) != name)
			strings_add(w->arena, out,
			    arena_printf(w->arena, "%s%s", text(w, name),
				text(w, rest)));
	}
}

static void mask_list(struct work *w, struct strings *list)
{
	struct strings out = {0};

	for (size_t i = 0; i < list->n; i++) {
		strings_add(w->arena, &out, text(w, list->items[i]));
		spread(w, list->items[i], &out);
	}
	*list = out;
}

static void mask_map(struct work *w, struct pairs *map)
{
	struct pairs out = {0};

	for (size_t i = 0; i < map->n; i++)
		*arena_push(w->arena, &out.items, &out.n, &out.cap) =
		    (struct pair){text(w, map->items[i].key),
			text(w, map->items[i].value)};
	*map = out;
}

static struct node *mask_node(struct work *w, const struct node *n);

static void mask_items(struct work *w, const struct node *n, struct node *out)
{
	for (size_t i = 0; i < n->n; i++) {
		struct node *key, *item = mask_node(w, n->items[i]);

		if (n->kind == NODE_LIST) {
			node_push(w->arena, out, item);
			continue;
		}
		key = node_new(w->arena, n->keys[i], NODE_SCALAR,
		    text(w, n->keys[i]->text));
		(void)node_add(w->arena, out, key, item);
	}
}

static struct node *mask_node(struct work *w, const struct node *n)
{
	struct strings names = {0};
	struct node *out;

	if (n->kind == NODE_SCALAR && w->spread)
		spread(w, n->text, &names);
	out = node_new(w->arena, n, names.n > 0 ? NODE_LIST : n->kind,
	    names.n > 0 ? "" : text(w, n->text));
	for (size_t i = 0; i < names.n; i++)
		node_push(w->arena, out,
		    node_new(w->arena, n, NODE_SCALAR, names.items[i]));
	mask_items(w, n, out);
	return out;
}

static size_t size_of(enum option_type type)
{
	static const size_t sizes[] = {
	    [OPTION_TEXT] = sizeof(const char *),
	    [OPTION_BOOL] = sizeof(bool),
	    [OPTION_INT] = sizeof(int64_t),
	    [OPTION_NUMBER] = sizeof(double),
	    [OPTION_DURATION] = sizeof(double),
	    [OPTION_SIZE] = sizeof(uint64_t),
	    [OPTION_PATH] = sizeof(const char *),
	    [OPTION_CHOICE] = sizeof(int),
	    [OPTION_LIST] = sizeof(struct strings),
	    [OPTION_MAP] = sizeof(struct pairs),
	    [OPTION_NODE] = sizeof(const struct node *),
	};

	return sizes[type];
}

static void mask_option(struct work *w, enum option_type type, void *at)
{
	if (type == OPTION_TEXT)
		*(const char **)at = text(w, *(const char **)at);
	else if (type == OPTION_LIST)
		mask_list(w, at);
	else if (type == OPTION_MAP)
		mask_map(w, at);
	else if (type == OPTION_NODE && *(const struct node **)at != NULL)
		*(const struct node **)at =
		    mask_node(w, *(const struct node **)at);
}

/* Only what the table binds: the rest is for the kind to make anew. */
static void mask_options(
    struct work *w, const struct option *o, const void *from, void *to)
{
	for (; o->key != NULL; o++) {
		void *at = (char *)to + o->offset;

		memcpy(at, (const char *)from + o->offset, size_of(o->type));
		mask_option(w, o->type, at);
	}
}

/* False: what the kind makes of its options does not hold any more. */
static bool mask_own(struct work *w, const struct plan_panel *p, void *conf,
    const struct panel_common *common)
{
	struct faults faults = {.arena = w->arena};

	memset(conf, 0, p->kind->conf_size);
	mask_options(w, p->kind->options, p->conf, conf);
	if (p->kind->check != NULL)
		p->kind->check(conf, common, p->node, &faults);
	return faults.n == 0;
}

void redact_conf(struct redact *r, const struct plan_panel *p,
    struct panel_input *in, struct arena *a)
{
	struct work w = {.r = r, .in = in, .arena = a, .spread = true};
	struct panel_common *common =
	    arena_copy(a, in->common, sizeof(*common));
	void *conf = arena_alloc(a, p->kind->conf_size);

	mask_options(&w, panel_common_options, in->common, common);
	common->table = text(&w, common->table);
	if (!mask_own(&w, p, conf, common)) {
		/* a glob that looks like one of sources may be another's */
		w.spread = false;
		(void)mask_own(&w, p, conf, common);
	}
	in->common = common;
	in->conf = conf;
}
