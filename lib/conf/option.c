#include "conf/option.h"
#include "base/file.h"

#include <math.h>
#include <string.h>

struct binder {
	struct faults *faults;
	const struct option *option;
	const struct node *node; /* where the value is written */
};

static void *member(const struct binding *b, const struct option *o)
{
	return (char *)b->out + o->offset;
}

static bool wrong(struct binder *b, const char *what)
{
	fault_at(b->faults, b->node, "%s: '%.80s' is not %s", b->option->key,
	    b->node->text, what);
	return false;
}

struct unit {
	enum option_type type;
	const char *name;
	double factor;
};

/* A bound as the user would write it, in the largest unit that fits. */
static const char *bound(struct arena *a, const struct option *o, double v)
{
	static const struct unit units[] = {
	    {OPTION_DURATION, "d", 86400},
	    {OPTION_DURATION, "h", 3600},
	    {OPTION_DURATION, "m", 60},
	    {OPTION_DURATION, "s", 1},
	    {OPTION_DURATION, "ms", 0.001},
	    {OPTION_SIZE, "GB", 1 << 30},
	    {OPTION_SIZE, "MB", 1 << 20},
	    {OPTION_SIZE, "KB", 1 << 10},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].type == o->type && v >= units[i].factor &&
		    fmod(v, units[i].factor) == 0)
			return arena_printf(
			    a, "%.12g%s", v / units[i].factor, units[i].name);
	return arena_printf(
	    a, o->type == OPTION_DURATION ? "%.12gs" : "%.12g", v);
}

static bool in_range(struct binder *b, double v)
{
	const struct option *o = b->option;
	struct arena *a = b->faults->arena;

	if ((o->min == 0 && o->max == 0) || (v >= o->min && v <= o->max))
		return true;
	fault_at(b->faults, b->node, "%s: %.80s is out of range (%s to %s)",
	    o->key, b->node->text, bound(a, o, o->min), bound(a, o, o->max));
	return false;
}

static void bind_bool(struct binder *b, const char *text, bool *out)
{
	static const char *const yes[] = {"true", "yes", "on"};
	static const char *const no[] = {"false", "no", "off"};

	for (size_t i = 0; i < 3; i++) {
		if (str_eq(text, yes[i]) || str_eq(text, no[i])) {
			*out = str_eq(text, yes[i]);
			return;
		}
	}
	wrong(b, "yes or no");
}

static void bind_int(struct binder *b, const char *text, int64_t *out)
{
	int64_t v;

	if (!str_int(text, &v))
		wrong(b, "a whole number");
	else if (in_range(b, (double)v))
		*out = v;
}

static void bind_number(struct binder *b, const char *text, double *out)
{
	double v;

	if (!str_number(text, &v))
		wrong(b, "a number");
	else if (in_range(b, v))
		*out = v;
}

static void bind_duration(struct binder *b, const char *text, double *out)
{
	double v;

	if (!str_duration(text, &v))
		wrong(b, "a length of time such as 30s, 5m, 2h or 14d");
	else if (in_range(b, v))
		*out = v;
}

static void bind_size(struct binder *b, const char *text, uint64_t *out)
{
	uint64_t v;

	if (!str_size(text, &v))
		wrong(b, "a size such as 512, 64KB or 1MB");
	else if (in_range(b, (double)v))
		*out = v;
}

/* Position of a word in "a|b|c", -1 if it is none of them. */
static int choice(const char *choices, const char *word)
{
	size_t n = strlen(word);

	for (int i = 0; *choices != '\0'; i++) {
		size_t len = strcspn(choices, "|");

		if (len == n && memcmp(choices, word, n) == 0)
			return i;
		choices += len + (choices[len] == '|');
	}
	return -1;
}

static void bind_choice(struct binder *b, const char *text, int *out)
{
	int i = choice(b->option->choices, text);

	if (i >= 0)
		*out = i;
	else
		wrong(b, arena_printf(b->faults->arena, "one of %s",
			     b->option->choices));
}

static void bind_path(struct binder *b, const char *text, const char **out)
{
	struct arena *a = b->faults->arena;

	if (text[0] == '\0')
		wrong(b, "a path");
	else
		*out = file_resolve(a, file_dir(a, b->node->file), text);
}

static void bind_scalar(struct binder *b, const char *text, void *out)
{
	switch (b->option->type) {
	case OPTION_TEXT:
		*(const char **)out = text;
		break;
	case OPTION_PATH:
		bind_path(b, text, out);
		break;
	case OPTION_BOOL:
		bind_bool(b, text, out);
		break;
	case OPTION_INT:
		bind_int(b, text, out);
		break;
	case OPTION_NUMBER:
		bind_number(b, text, out);
		break;
	case OPTION_DURATION:
		bind_duration(b, text, out);
		break;
	case OPTION_SIZE:
		bind_size(b, text, out);
		break;
	case OPTION_CHOICE:
		bind_choice(b, text, out);
		break;
	default:
		break;
	}
}

static void bind_list(
    struct binder *b, const struct node *n, struct strings *out)
{
	*out = (struct strings){0};
	if (n->kind == NODE_SCALAR) {
		strings_add(b->faults->arena, out, n->text);
		return;
	}
	for (size_t i = 0; n->kind == NODE_LIST && i < n->n; i++) {
		if (n->items[i]->kind == NODE_SCALAR)
			strings_add(b->faults->arena, out, n->items[i]->text);
		else
			fault_at(b->faults, n->items[i],
			    "%s: a list of plain texts is wanted here",
			    b->option->key);
	}
	if (n->kind == NODE_MAP)
		fault_at(
		    b->faults, n, "%s: a list is wanted here", b->option->key);
}

static void bind_map(struct binder *b, const struct node *n, struct pairs *out)
{
	*out = (struct pairs){0};
	if (n->kind != NODE_MAP) {
		fault_at(b->faults, n, "%s: a mapping (key: value) is wanted",
		    b->option->key);
		return;
	}
	for (size_t i = 0; i < n->n; i++) {
		struct pair *p;

		if (n->items[i]->kind != NODE_SCALAR) {
			fault_at(b->faults, n->items[i],
			    "%s: a plain value is wanted here", b->option->key);
			continue;
		}
		p = arena_push(
		    b->faults->arena, &out->items, &out->n, &out->cap);
		p->key = n->keys[i]->text;
		p->value = n->items[i]->text;
	}
}

static void bind_value(struct binder *b, const struct node *n, void *out)
{
	b->node = n;
	if (b->option->type == OPTION_NODE)
		*(const struct node **)out = n;
	else if (b->option->type == OPTION_LIST)
		bind_list(b, n, out);
	else if (b->option->type == OPTION_MAP)
		bind_map(b, n, out);
	else if (n->kind != NODE_SCALAR)
		fault_at(b->faults, n, "%s: a plain value is wanted here",
		    b->option->key);
	else
		bind_scalar(b, n->text, out);
}

static void set_defaults(const struct node *map, const struct binding *tables,
    size_t n, struct faults *faults)
{
	struct binder b = {.faults = faults};
	struct node at = *map;

	at.kind = NODE_SCALAR;
	for (size_t i = 0; i < n; i++) {
		const struct option *o = tables[i].options;

		for (; o != NULL && o->key != NULL; o++) {
			if (o->deflt == NULL)
				continue;
			b.option = o;
			at.text = o->deflt;
			bind_value(&b, &at, member(&tables[i], o));
		}
	}
}

static const struct option *find(const struct binding *tables, size_t n,
    const char *key, const struct binding **owner)
{
	for (size_t i = 0; i < n; i++) {
		const struct option *o = tables[i].options;

		for (; o != NULL && o->key != NULL; o++) {
			if (str_eq(o->key, key)) {
				*owner = &tables[i];
				return o;
			}
		}
	}
	return NULL;
}

static void unknown_key(const struct node *key, const struct binding *tables,
    size_t n, struct faults *faults)
{
	struct strings known = {0};
	const char *near;

	for (size_t i = 0; i < n; i++) {
		const struct option *o = tables[i].options;

		for (; o != NULL && o->key != NULL; o++)
			strings_add(faults->arena, &known, o->key);
	}
	near = str_nearest(key->text, &known);
	if (near != NULL)
		fault_at(faults, key, "unknown key '%.80s'; did you mean '%s'?",
		    key->text, near);
	else
		fault_at(faults, key, "unknown key '%.80s'", key->text);
}

static void check_required(const struct node *map, const struct binding *tables,
    size_t n, struct faults *faults)
{
	for (size_t i = 0; i < n; i++) {
		const struct option *o = tables[i].options;

		for (; o != NULL && o->key != NULL; o++)
			if (o->required && node_get(map, o->key) == NULL)
				fault_at(
				    faults, map, "'%s' is missing", o->key);
	}
}

void option_bind(const struct node *map, const struct binding *tables, size_t n,
    struct faults *faults)
{
	struct binder b = {.faults = faults};
	const struct binding *owner;

	set_defaults(map, tables, n, faults);
	for (size_t i = 0; i < map->n; i++) {
		b.option = find(tables, n, map->keys[i]->text, &owner);
		if (b.option == NULL)
			unknown_key(map->keys[i], tables, n, faults);
		else
			bind_value(&b, map->items[i], member(owner, b.option));
	}
	check_required(map, tables, n, faults);
}

static const char *type_word(enum option_type type)
{
	static const char *const words[] = {
	    [OPTION_TEXT] = "text",
	    [OPTION_BOOL] = "yes | no",
	    [OPTION_INT] = "whole number",
	    [OPTION_NUMBER] = "number",
	    [OPTION_DURATION] = "length of time",
	    [OPTION_SIZE] = "size",
	    [OPTION_PATH] = "path",
	    [OPTION_CHOICE] = "choice",
	    [OPTION_LIST] = "list",
	    [OPTION_MAP] = "mapping",
	    [OPTION_NODE] = "mapping or list",
	};

	return words[type];
}

void option_manual(const struct option *o, struct buf *b)
{
	struct arena *a = arena_new();

	for (; o != NULL && o->key != NULL; o++) {
		buf_printf(b, ".It Cm %s : Ar %s\n", o->key,
		    o->choices != NULL ? o->choices : type_word(o->type));
		buf_printf(b, "%c%s",
		    o->help[0] >= 'a' && o->help[0] <= 'z'
			? o->help[0] - 'a' + 'A'
			: o->help[0],
		    o->help + 1);
		if (o->required)
			buf_str(b, " (required)");
		else if (o->deflt != NULL && o->deflt[0] != '\0')
			buf_printf(b, " (default %s)", o->deflt);
		if (o->min != 0 || o->max != 0)
			buf_printf(b, "; from %s to %s", bound(a, o, o->min),
			    bound(a, o, o->max));
		buf_str(b, ".\n");
	}
	arena_free(a);
}
