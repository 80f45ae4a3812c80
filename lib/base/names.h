/*
 * A set of names, each with a number: a hash table, for what would take a
 * search of all by all where there are thousands. Names are not copied.
 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct names {
	struct name_slot *slots;
	size_t n, cap;
};

/* False, and nothing is changed, if the name is there already. */
bool names_add(struct arena *, struct names *, const char *name, size_t value);

/* False if it is not there; value may be NULL. */
bool names_find(const struct names *, const char *name, size_t *value);

#endif
