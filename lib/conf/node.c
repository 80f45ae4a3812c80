#include "conf/node.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Fewer keys than this are looked through one by one. */
#define INDEX_FROM 16

static bool is_said(const struct faults *f, const struct fault *fault)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->items[i].line == fault->line &&
		    f->items[i].col == fault->col &&
		    str_eq(f->items[i].file, fault->file) &&
		    str_eq(f->items[i].text, fault->text))
			return true;
	return false;
}

void fault_at(struct faults *f, const struct node *n, const char *fmt, ...)
{
	struct fault fault = {n->file, n->line, n->col, NULL};
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(f->arena, fmt, ap);
	va_end(ap);
	text = str_clean(f->arena, text, strlen(text), ERR_TEXT_MAX);
	str_one_line(text);
	fault.text = text;
	if (is_said(f, &fault))
		return;
	if (f->n < FAULTS_MAX)
		*arena_push(f->arena, &f->items, &f->n, &f->cap) = fault;
	else
		f->left_out++;
}

/* Where places are equal, texts decide, to be sure of the order. */
static int by_place(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;
	int files = strcmp(x->file, y->file);

	if (files != 0)
		return files;
	if (x->line != y->line)
		return x->line - y->line;
	return x->col != y->col ? x->col - y->col : strcmp(x->text, y->text);
}

void fault_sort(struct faults *f)
{
	if (f->n > 0)
		qsort(f->items, f->n, sizeof(*f->items), by_place);
}

struct node *node_new(struct arena *a, const struct node *at,
    enum node_kind kind, const char *text)
{
	struct node *n = arena_make(a, struct node);

	n->kind = kind;
	n->file = at->file;
	n->line = at->line;
	n->col = at->col;
	n->text = text;
	n->weight = 1;
	return n;
}

static bool find_key(const struct node *map, const char *key, size_t *at)
{
	if (map->index != NULL)
		return names_find(map->index, key, at);
	for (*at = 0; *at < map->n; (*at)++)
		if (strcmp(map->keys[*at]->text, key) == 0)
			return true;
	return false;
}

static void add_to_index(struct arena *a, struct node *map)
{
	if (map->n < INDEX_FROM)
		return;
	if (map->index != NULL) {
		names_add(
		    a, map->index, map->keys[map->n - 1]->text, map->n - 1);
		return;
	}
	map->index = arena_make(a, struct names);
	for (size_t i = 0; i < map->n; i++)
		names_add(a, map->index, map->keys[i]->text, i);
}

static void grow(struct node *n, const struct node *child)
{
	n->weight += child->weight;
	if (n->height <= child->height)
		n->height = child->height + 1;
}

bool node_add(
    struct arena *a, struct node *map, struct node *key, struct node *value)
{
	size_t n = map->n, at;

	if (find_key(map, key->text, &at))
		return false;
	*arena_push(a, &map->keys, &n, &map->cap_keys) = key;
	*arena_push(a, &map->items, &map->n, &map->cap) = value;
	map->weight += key->weight;
	grow(map, value);
	add_to_index(a, map);
	return true;
}

void node_push(struct arena *a, struct node *list, struct node *item)
{
	*arena_push(a, &list->items, &list->n, &list->cap) = item;
	grow(list, item);
}

const struct node *node_get(const struct node *map, const char *key)
{
	size_t at;

	return map != NULL && map->kind == NODE_MAP && find_key(map, key, &at)
		   ? map->items[at]
		   : NULL;
}

const struct node *node_key(const struct node *map, const char *key)
{
	size_t at;

	return map != NULL && map->kind == NODE_MAP && find_key(map, key, &at)
		   ? map->keys[at]
		   : NULL;
}

static const char *replace_text(
    struct arena *a, const char *text, const char *what, const char *with)
{
	const char *hit = strstr(text, what);
	struct buf b;
	char *out;

	if (hit == NULL)
		return text;
	buf_init(&b, 1024 * 1024);
	for (; hit != NULL; hit = strstr(text, what)) {
		buf_add(&b, text, (size_t)(hit - text));
		buf_str(&b, with);
		text = hit + strlen(what);
	}
	buf_str(&b, text);
	out = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return out;
}

static struct node *replace(
    struct arena *a, const struct node *n, const char *what, const char *with)
{
	struct node *copy =
	    node_new(a, n, n->kind, replace_text(a, n->text, what, with));

	for (size_t i = 0; i < n->n; i++) {
		struct node *item = replace(a, n->items[i], what, with);

		if (n->kind == NODE_MAP)
			node_add(
			    a, copy, replace(a, n->keys[i], what, with), item);
		else
			node_push(a, copy, item);
	}
	return copy;
}

struct node *node_replace(
    struct arena *a, const struct node *n, const char *name, const char *value)
{
	return replace(a, n, arena_printf(a, "{%s}", name), value);
}
