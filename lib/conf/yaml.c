/* YAML text to nodes, by the events of libyaml, whose only home this is. */
#include "base/str.h"
#include "conf/node.h"

#include <string.h>
#include <yaml.h>

/* Of libyaml's words for an alias or anchor without a name. */
#define BAD_ALIAS "alphabetic or numeric character"

struct reader {
	struct arena *arena;
	struct faults *faults;
	const char *file;
	struct span text;
	yaml_parser_t parser;
	struct node **anchors;
	size_t n_anchors, cap_anchors;
	struct names names; /* of anchors */
	size_t n_nodes;
	bool failed;
};

static struct node *read_node(struct reader *, const yaml_event_t *, int depth);

static struct node *new_node(
    struct reader *r, enum node_kind kind, yaml_mark_t mark)
{
	const struct node at = {
	    .file = r->file,
	    .line = (int)mark.line + 1,
	    .col = (int)mark.column + 1,
	};

	return node_new(r->arena, &at, kind, "");
}

static struct node *fail(struct reader *r, yaml_mark_t mark, const char *text)
{
	fault_at(r->faults, new_node(r, NODE_SCALAR, mark), "%s", text);
	r->failed = true;
	return NULL;
}

/* Where a byte is that libyaml could not read at all. */
static yaml_mark_t place_of(const struct reader *r, size_t offset)
{
	yaml_mark_t mark = {0};

	for (size_t i = 0; i < offset && i < r->text.n; i++) {
		if (r->text.p[i] == '\n') {
			mark.line++;
			mark.column = 0;
		} else if (((unsigned char)r->text.p[i] & 0xc0) != 0x80) {
			mark.column++;
		}
	}
	return mark;
}

/* What libyaml says, in words that tell what to do. */
static const char *words_for(struct reader *r, const char *problem)
{
	const yaml_parser_t *p = &r->parser;

	if (p->error == YAML_READER_ERROR)
		return arena_printf(
		    r->arena, "not plain UTF-8 text: %s", problem);
	if (strstr(problem, BAD_ALIAS) != NULL)
		return "a bare '*' or '&' starts a YAML alias: quote the text "
		       "(\"*/cpu\")";
	if (strstr(problem, "cannot start any token") != NULL)
		return "this character can't start a value: indent with "
		       "spaces, not tabs, and quote texts that begin with "
		       "@ ` or %";
	if (p->context != NULL)
		return arena_printf(r->arena, "%s, %s", p->context, problem);
	return problem;
}

static void explain(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem != NULL ? p->problem : "not YAML";
	yaml_mark_t mark = p->problem_mark;

	if (p->error == YAML_READER_ERROR)
		mark = place_of(r, p->problem_offset);
	else if (strstr(problem, BAD_ALIAS) != NULL)
		mark = p->context_mark;
	fail(r, mark, words_for(r, problem));
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

/* An anchor that is used again means the newer one from there on. */
static void remember(
    struct reader *r, const yaml_char_t *anchor, struct node *n)
{
	const char *name = (const char *)anchor;
	size_t at;

	if (anchor == NULL || n == NULL)
		return;
	if (names_find(&r->names, name, &at)) {
		r->anchors[at] = n;
		return;
	}
	names_add(
	    r->arena, &r->names, arena_strdup(r->arena, name), r->n_anchors);
	*arena_push(r->arena, &r->anchors, &r->n_anchors, &r->cap_anchors) = n;
}

static struct node *read_alias(struct reader *r, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	size_t at;

	if (names_find(&r->names, name, &at))
		return r->anchors[at];
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
		node_push(r->arena, list, item);
	return r->failed ? NULL : list;
}

static void add_pair(
    struct reader *r, struct node *map, struct node *key, struct node *value)
{
	if (key->kind != NODE_SCALAR)
		fault_at(r->faults, key, "a key must be a plain word");
	else if (!node_add(r->arena, map, key, value))
		fault_at(r->faults, key, "'%.80s' is here twice (line %d too)",
		    key->text, node_key(map, key->text)->line);
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
		add_pair(r, map, key, value);
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

static struct node *read_kind(
    struct reader *r, const yaml_event_t *event, int depth)
{
	struct node *n;

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

static struct node *read_node(
    struct reader *r, const yaml_event_t *event, int depth)
{
	struct node *n;

	if (depth >= NODE_HEIGHT_MAX)
		return fail(r, event->start_mark, "nested too deeply");
	if (++r->n_nodes > NODE_WEIGHT_MAX)
		return fail(r, event->start_mark, "too large");
	n = read_kind(r, event, depth);
	if (n != NULL && n->height > NODE_HEIGHT_MAX)
		return fail(r, event->start_mark,
		    "nested too deeply, with every alias written out");
	if (n != NULL && n->weight > NODE_WEIGHT_MAX)
		return fail(r, event->start_mark,
		    "too large, with every alias written out");
	return n;
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
	struct reader r = {
	    .arena = a, .faults = faults, .file = file, .text = {text, n}};
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
