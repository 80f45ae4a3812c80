#include "run/plan_use.h"
#include "base/file.h"

#include <dirent.h>
#include <string.h>

#define RECIPE_MAX     (256 * 1024)
#define FOLDER	       "assets/recipes"
#define DEPTH_MAX      8
#define PARAMETERS_MAX 32
#define PARAMETERS     "parameters"

struct builder {
	struct plan *plan;
	struct faults *faults;
};

static bool is_path(const char *name)
{
	size_t n = strlen(name);

	return strchr(name, '/') != NULL ||
	       (n > 5 && str_eq(name + n - 5, ".yaml"));
}

static const char *recipe_path(const struct plan *plan, const struct node *use)
{
	struct arena *a = plan->arena;

	if (is_path(use->text))
		return file_resolve(a, file_dir(a, use->file), use->text);
	return arena_printf(a, "%s/" FOLDER "/%s.yaml", plan->data, use->text);
}

/* The shipped recipes, for who names one that there isn't. */
static const char *nearest(struct arena *a, const char *data, const char *name)
{
	DIR *d = opendir(arena_printf(a, "%s/" FOLDER, data));
	struct strings known = {0};
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		size_t n = strlen(entry->d_name);

		if (n > 5 && str_eq(entry->d_name + n - 5, ".yaml"))
			strings_add(
			    a, &known, arena_strndup(a, entry->d_name, n - 5));
	}
	if (d != NULL)
		closedir(d);
	return str_nearest(name, &known);
}

static const struct node *no_recipe(struct builder *b, const struct node *use,
    const char *path, const struct err *e)
{
	const char *near = NULL;

	if (is_path(use->text)) {
		fault_at(b->faults, use, "use: %s", e->text);
		return NULL;
	}
	if (!file_exists(path))
		near = nearest(b->plan->arena, b->plan->data, use->text);
	fault_at(b->faults, use, "use: there is no recipe '%.80s'%s%s%s",
	    use->text, near != NULL ? "; did you mean '" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
	return NULL;
}

static const struct node *read_recipe(
    struct builder *b, const struct node *use, const char *path)
{
	struct plan *plan = b->plan;
	struct span text;
	struct node *n;
	struct err e;
	size_t at = plan->n_recipes;

	if (file_read(plan->arena, path, RECIPE_MAX, &text, &e) != 0)
		return no_recipe(b, use, path, &e);
	names_add(plan->arena, &plan->recipe_names, path, at);
	arena_push(
	    plan->arena, &plan->recipes, &plan->n_recipes, &plan->cap_recipes);
	n = node_parse(plan->arena, path, text.p, text.n, b->faults);
	if (n != NULL && n->kind != NODE_MAP) {
		fault_at(b->faults, n, "a mapping of keys is wanted here");
		n = NULL;
	}
	plan->recipes[at] = n;
	return n;
}

static bool can_be_name(const struct plan *plan, const struct node *use)
{
	const char *name = use->text;

	return use->kind == NODE_SCALAR && name[0] != '\0' &&
	       (plan->data != NULL || is_path(name));
}

/* Each is read once, however many sources build on it; NULL with a fault. */
static const struct node *find_recipe(struct builder *b, const struct node *use)
{
	const char *path;
	size_t at;

	if (!can_be_name(b->plan, use)) {
		fault_at(
		    b->faults, use, "use: the name of a recipe is wanted here");
		return NULL;
	}
	path = recipe_path(b->plan, use);
	return names_find(&b->plan->recipe_names, path, &at)
		   ? b->plan->recipes[at]
		   : read_recipe(b, use, path);
}

static struct node *merge(
    struct arena *a, const struct node *top, const struct node *base)
{
	struct node *out = node_new(a, top, NODE_MAP, "");

	for (size_t i = 0; i < top->n; i++) {
		struct node *item = top->items[i];
		const struct node *under = node_get(base, top->keys[i]->text);

		if (under != NULL && item->kind == NODE_SCALAR &&
		    item->text[0] == '\0')
			continue;
		if (under != NULL && item->kind == NODE_MAP &&
		    under->kind == NODE_MAP)
			item = merge(a, item, under);
		node_add(a, out, top->keys[i], item);
	}
	for (size_t i = 0; i < base->n; i++)
		if (node_get(top, base->keys[i]->text) == NULL)
			node_add(a, out, base->keys[i], base->items[i]);
	return out;
}

/* The recipe and those that it builds on, as one. */
static const struct node *whole_recipe(
    struct builder *b, const struct node *use, int depth)
{
	const struct node *n = find_recipe(b, use), *next = node_get(n, "use");

	if (n == NULL || next == NULL)
		return n;
	if (depth == DEPTH_MAX) {
		fault_at(b->faults, use,
		    "use: more than %d recipes on top of "
		    "each other",
		    DEPTH_MAX);
		return NULL;
	}
	next = whole_recipe(b, next, depth + 1);
	return next != NULL ? merge(b->plan->arena, n, next) : NULL;
}

/* The value for the source: its own, the recipe's, or the default. */
static const struct node *value_of(const struct node *source,
    const struct node *recipe, const struct node *deflt, const char *key)
{
	const struct node *n = node_get(source, key);

	if (n == NULL || n->kind != NODE_SCALAR)
		n = node_get(recipe, key);
	return n == NULL || n->kind != NODE_SCALAR ? deflt : n;
}

/* Puts the values in; the parameters are options that bind to one place. */
static const struct node *fill_in(struct builder *b, const struct node *source,
    const struct node *recipe, const struct node *names, struct use *use)
{
	struct arena *a = b->plan->arena;
	struct option *options = arena_array(a, names->n + 1, sizeof(*options));

	for (size_t i = 0; i < names->n; i++) {
		const char *key = names->keys[i]->text;
		const struct node *deflt = names->items[i];
		const char *value = value_of(source, recipe, deflt, key)->text;

		options[i].key = key;
		options[i].type = OPTION_TEXT;
		options[i].required = deflt->text[0] == '\0';
		recipe = node_replace(a, recipe, key, str_percent(a, value));
		recipe =
		    node_replace(a, recipe, arena_printf(a, "+%s", key), value);
	}
	use->parameters = options;
	return recipe;
}

static struct node *without(
    struct arena *a, const struct node *n, const char *key)
{
	struct node *out = node_new(a, n, NODE_MAP, "");

	for (size_t i = 0; i < n->n; i++)
		if (!str_eq(n->keys[i]->text, key))
			node_add(a, out, n->keys[i], n->items[i]);
	return out;
}

bool plan_use(struct plan *plan, const struct node *source, struct use *use,
    struct faults *faults)
{
	static const struct node none = {.kind = NODE_MAP, .text = ""};
	struct builder b = {plan, faults};
	const struct node *recipe, *names;

	*use = (struct use){.node = source, .from = node_get(source, "use")};
	if (use->from == NULL)
		return true;
	if ((recipe = whole_recipe(&b, use->from, 1)) == NULL)
		return false;
	if ((names = node_get(recipe, PARAMETERS)) == NULL)
		names = &none;
	if (names->kind != NODE_MAP || names->n > PARAMETERS_MAX) {
		fault_at(faults, names,
		    PARAMETERS ": a mapping of at most %d "
			       "names is wanted here",
		    PARAMETERS_MAX);
		return false;
	}
	recipe = fill_in(
	    &b, source, without(plan->arena, recipe, PARAMETERS), names, use);
	use->node = merge(plan->arena, source, recipe);
	return true;
}

static bool is_at(const struct node *n, const struct fault *f)
{
	return n->line == f->line && n->col == f->col &&
	       str_eq(n->file, f->file);
}

void plan_use_faults(const struct plan *plan, const struct use *use,
    const struct faults *found, struct faults *faults)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct fault *f = &found->items[i];
		const struct node at = {
		    .file = f->file, .line = f->line, .col = f->col};

		if (use->from == NULL || is_at(use->from, f))
			fault_at(faults, &at, "%s", f->text);
		else if (names_find(&plan->recipe_names, f->file, NULL))
			fault_at(faults, use->from, "recipe %s, line %d: %s",
			    use->from->text, f->line, f->text);
		else
			fault_at(faults, &at, "%s (recipe %s)", f->text,
			    use->from->text);
	}
	faults->left_out += found->left_out;
}
