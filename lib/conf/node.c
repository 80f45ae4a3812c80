#include "conf/node.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fault_at(struct faults *f, const struct node *n, const char *fmt, ...)
{
	struct fault *fault;
	va_list ap;
	char *text;

	if (f->n >= FAULTS_MAX) {
		f->left_out++;
		return;
	}
	va_start(ap, fmt);
	text = arena_vprintf(f->arena, fmt, ap);
	va_end(ap);
	fault = arena_push(f->arena, &f->items, &f->n, &f->cap);
	*fault = (struct fault){
	    .file = n->file,
	    .line = n->line,
	    .col = n->col,
	    .text = str_clean(f->arena, text, strlen(text), ERR_TEXT_MAX),
	};
}

static int by_place(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;
	int files = strcmp(x->file, y->file);

	if (files != 0)
		return files;
	return x->line != y->line ? x->line - y->line : x->col - y->col;
}

/* Also drops what a family has said once for each of its members. */
void fault_sort(struct faults *f)
{
	size_t kept = 0;

	if (f->n == 0)
		return;
	qsort(f->items, f->n, sizeof(*f->items), by_place);
	for (size_t i = 1; i < f->n; i++) {
		if (by_place(&f->items[kept], &f->items[i]) == 0 &&
		    str_eq(f->items[kept].text, f->items[i].text))
			continue;
		f->items[++kept] = f->items[i];
	}
	f->n = kept + 1;
}

const struct node *node_get(const struct node *map, const char *key)
{
	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (strcmp(map->keys[i]->text, key) == 0)
			return map->items[i];
	return NULL;
}

static struct node *copy_node(struct arena *a, const struct node *n)
{
	struct node *copy = arena_copy(a, n, sizeof(*n));

	if (n->n > 0) {
		copy->items = arena_copy(a, n->items, n->n * sizeof(*n->items));
		copy->cap = n->n;
		if (n->keys != NULL) {
			copy->keys =
			    arena_copy(a, n->keys, n->n * sizeof(*n->keys));
			copy->cap_keys = n->n;
		}
	}
	return copy;
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
	struct node *copy = copy_node(a, n);

	if (n->kind == NODE_SCALAR)
		copy->text = replace_text(a, n->text, what, with);
	for (size_t i = 0; i < n->n; i++) {
		copy->items[i] = replace(a, n->items[i], what, with);
		if (n->kind == NODE_MAP)
			copy->keys[i] = replace(a, n->keys[i], what, with);
	}
	return copy;
}

struct node *node_replace(
    struct arena *a, const struct node *n, const char *name, const char *value)
{
	return replace(a, n, arena_printf(a, "{%s}", name), value);
}
