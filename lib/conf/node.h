/*
 * A YAML document as a tree, every node with the place it was written at.
 *
 * Scalars stay text: what they mean is said by the option that they are
 * bound to (option.h). Anchors and aliases work; tags, several documents and
 * binary do not. Trees share nodes and are never changed.
 */
#ifndef CONF_NODE_H
#define CONF_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	const char *file;
	int line, col;	     /* from 1 */
	const char *text;    /* scalar; "" when empty */
	struct node **items; /* list; values of a map */
	struct node **keys;  /* map: scalars */
	size_t n, cap, cap_keys;
	size_t weight;	     /* nodes in it and itself, aliases written out */
	int height;	     /* levels below it, likewise */
	struct names *index; /* of the keys of a large map */
};

/*
 * No tree weighs more or is higher, so that whoever walks through one ends,
 * however often an alias repeats it.
 */
#define NODE_WEIGHT_MAX 1000000
#define NODE_HEIGHT_MAX 32

/*
 * Every fault of a configuration, in the order of the file. Reading goes on
 * after a fault, so that one check shows them all (FAULTS_MAX of them).
 */
#define FAULTS_MAX 100

struct fault {
	const char *file;
	int line, col;
	const char *text;
};

struct faults {
	struct arena *arena;
	struct fault *items;
	size_t n, cap;
	size_t left_out;
};

/*
 * Adds "text" at the place of the node; what is there already (of another
 * member of a family) is not said again.
 */
void fault_at(struct faults *, const struct node *, const char *fmt, ...)
    printf_like(3, 4);
void fault_sort(struct faults *);

/* The tree of a file's text, or NULL and a fault. */
struct node *node_parse(struct arena *, const char *file, const char *text,
    size_t n, struct faults *);

/* An empty node at the place of another. */
struct node *node_new(
    struct arena *, const struct node *at, enum node_kind, const char *text);

/* Only while a tree is made. False: the map has such a key already. */
bool node_add(
    struct arena *, struct node *map, struct node *key, struct node *value);
void node_push(struct arena *, struct node *list, struct node *item);

/* The value of a key, NULL if there is none. */
const struct node *node_get(const struct node *map, const char *key);

/* The key as it is written, NULL if there is none. */
const struct node *node_key(const struct node *map, const char *key);

/*
 * A copy in which "{name}" in keys and scalars is replaced by value. Nodes
 * keep their places.
 */
struct node *node_replace(
    struct arena *, const struct node *, const char *name, const char *value);

#endif
