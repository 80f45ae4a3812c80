/* YAML text to nodes, by the events of libyaml, whose only home this is. */
#include "base/str.h"
#include "conf/node.h"

#include <string.h>
#include <yaml.h>

#define DEPTH_MAX 32
#define NODES_MAX 1000000

struct anchor {
	const char *name;
	struct node *node;
};

struct reader {
	struct arena *arena;
	struct faults *faults;
	const char *file;
	yaml_parser_t parser;
	struct anchor *anchors;
	size_t n_anchors, cap_anchors;
	size_t n_nodes;
	bool failed;
};

static struct node *read_node(struct reader *, const yaml_event_t *, int depth);

static struct node *new_node(
    struct reader *r, enum node_kind kind, yaml_mark_t mark)
{
	struct node *n = arena_make(r->arena, struct node);

	n->kind = kind;
	n->file = r->file;
	n->line = (int)mark.line + 1;
	n->col = (int)mark.column + 1;
	n->text = "";
	return n;
}

static struct node *fail(struct reader *r, yaml_mark_t mark, const char *text)
{
	fault_at(r->faults, new_node(r, NODE_SCALAR, mark), "%s", text);
	r->failed = true;
	return NULL;
}

/* What libyaml says, in words that tell what to do. */
static void explain(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem != NULL ? p->problem : "not YAML";
	yaml_mark_t mark = p->problem_mark;
	const char *text = problem;

	if (p->error == YAML_READER_ERROR)
		text = arena_printf(r->arena, "not UTF-8 text (byte %zu): %s",
		    p->problem_offset, problem);
	else if (strstr(problem, "alphabetic or numeric character") != NULL)
		text = "a bare '*' or '&' starts a YAML alias: quote the text "
		       "(\"*/cpu\")";
	else if (strstr(problem, "cannot start any token") != NULL)
		text = "this character can't start a value: indent with "
		       "spaces, not tabs, and quote texts that begin with "
		       "@ ` or %";
	else if (p->context != NULL)
		text = arena_printf(r->arena, "%s, %s", p->context, problem);
	fail(r, mark, text);
}

static bool next_event(struct reader *r, yaml_event_t *event)
{
	if (r->failed)
		return false;
	if (yaml_parser_parse(&r->parser, event))
		return true;
	explain(r);
	return false;
}

static void remember(
    struct reader *r, const yaml_char_t *anchor, struct node *n)
{
	struct anchor *a;

	if (anchor == NULL || n == NULL)
		return;
	a = arena_push(r->arena, &r->anchors, &r->n_anchors, &r->cap_anchors);
	a->name = arena_strdup(r->arena, (const char *)anchor);
	a->node = n;
}

static struct node *read_alias(struct reader *r, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;

	for (size_t i = r->n_anchors; i > 0; i--)
		if (str_eq(r->anchors[i - 1].name, name))
			return r->anchors[i - 1].node;
	return fail(r, event->start_mark,
	    arena_printf(r->arena,
		"'*%s' is a YAML alias that nothing defines: if a pattern "
		"is meant, quote it (\"*%s\")",
		name, name));
}

/* One node by its first event, which is consumed. */
static struct node *next_node(struct reader *r, int depth, bool *end)
{
	yaml_event_t event;
	struct node *n = NULL;

	*end = true;
	if (!next_event(r, &event))
		return NULL;
	if (event.type != YAML_SEQUENCE_END_EVENT &&
	    event.type != YAML_MAPPING_END_EVENT) {
		*end = false;
		n = read_node(r, &event, depth);
	}
	yaml_event_delete(&event);
	return n;
}

static struct node *read_list(
    struct reader *r, const yaml_event_t *event, int depth)
{
	struct node *list = new_node(r, NODE_LIST, event->start_mark), *item;
	bool end;

	while ((item = next_node(r, depth, &end)) != NULL)
		*arena_push(r->arena, &list->items, &list->n, &list->cap) =
		    item;
	return r->failed ? NULL : list;
}

static void add_pair(
    struct reader *r, struct node *map, struct node *key, struct node *value)
{
	const struct node *first = node_get(map, key->text);
	size_t n = map->n;

	if (first != NULL) {
		fault_at(r->faults, key, "'%s' is here twice (line %d too)",
		    key->text, first->line);
		return;
	}
	*arena_push(r->arena, &map->keys, &n, &map->cap_keys) = key;
	*arena_push(r->arena, &map->items, &map->n, &map->cap) = value;
}

static struct node *read_map(
    struct reader *r, const yaml_event_t *event, int depth)
{
	struct node *map = new_node(r, NODE_MAP, event->start_mark);
	struct node *key, *value;
	bool end;

	while ((key = next_node(r, depth, &end)) != NULL) {
		value = next_node(r, depth, &end);
		if (value == NULL)
			break;
		if (key->kind == NODE_SCALAR)
			add_pair(r, map, key, value);
		else
			fault_at(r->faults, key, "a key must be a plain word");
	}
	return r->failed ? NULL : map;
}

static struct node *read_scalar(struct reader *r, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t n = event->data.scalar.length;
	struct node *s = new_node(r, NODE_SCALAR, event->start_mark);
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (memchr(text, '\0', n) != NULL)
		return fail(r, event->start_mark, "a NUL byte in a text");
	if (!(plain && (str_eq(text, "~") || str_eq(text, "null"))))
		s->text = arena_strndup(r->arena, text, n);
	return s;
}

static struct node *read_node(
    struct reader *r, const yaml_event_t *event, int depth)
{
	struct node *n;

	if (depth >= DEPTH_MAX)
		return fail(r, event->start_mark, "nested too deeply");
	if (++r->n_nodes > NODES_MAX)
		return fail(r, event->start_mark, "too large");
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return read_alias(r, event);
	case YAML_SCALAR_EVENT:
		n = read_scalar(r, event);
		remember(r, event->data.scalar.anchor, n);
		return n;
	case YAML_SEQUENCE_START_EVENT:
		n = read_list(r, event, depth + 1);
		remember(r, event->data.sequence_start.anchor, n);
		return n;
	case YAML_MAPPING_START_EVENT:
		n = read_map(r, event, depth + 1);
		remember(r, event->data.mapping_start.anchor, n);
		return n;
	default:
		return fail(r, event->start_mark, "not expected here");
	}
}

/* The stream of a file is one document. */
static struct node *read_stream(struct reader *r)
{
	struct node *root = NULL;
	yaml_event_t event;
	bool more = true;

	while (more && next_event(r, &event)) {
		more = event.type != YAML_STREAM_END_EVENT;
		if (event.type == YAML_DOCUMENT_START_EVENT && root != NULL)
			fail(r, event.start_mark,
			    "a second document: one file is one document");
		else if (event.type != YAML_STREAM_START_EVENT &&
			 event.type != YAML_DOCUMENT_START_EVENT &&
			 event.type != YAML_DOCUMENT_END_EVENT && more)
			root = read_node(r, &event, 0);
		yaml_event_delete(&event);
	}
	return r->failed ? NULL : root;
}

struct node *node_parse(struct arena *a, const char *file, const char *text,
    size_t n, struct faults *faults)
{
	struct reader r = {.arena = a, .faults = faults, .file = file};
	yaml_mark_t start = {0};
	struct node *root;

	if (!yaml_parser_initialize(&r.parser))
		return fail(&r, start, "out of memory");
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, n);
	root = read_stream(&r);
	yaml_parser_delete(&r.parser);
	if (root == NULL && !r.failed)
		return fail(&r, start, "the file is empty");
	return root;
}
