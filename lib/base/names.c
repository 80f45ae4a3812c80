#include "base/names.h"

#include <stdint.h>
#include <string.h>

struct name_slot {
	const char *name; /* NULL: free */
	size_t value;
};

/* FNV-1a, 64 bits: Fowler, Noll, Vo, draft-eastlake-fnv. */
static size_t hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32);
}

/* Where the name is, or where it would be put; cap is a power of two. */
static struct name_slot *probe(const struct names *set, const char *name)
{
	size_t i = hash(name) & (set->cap - 1);

	while (
	    set->slots[i].name != NULL && strcmp(set->slots[i].name, name) != 0)
		i = (i + 1) & (set->cap - 1);
	return &set->slots[i];
}

static void grow(struct arena *a, struct names *set)
{
	struct names old = *set;

	set->cap = old.cap == 0 ? 16 : old.cap * 2;
	set->slots = arena_array(a, set->cap, sizeof(*set->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].name != NULL)
			*probe(set, old.slots[i].name) = old.slots[i];
}

bool names_add(
    struct arena *a, struct names *set, const char *name, size_t value)
{
	struct name_slot *slot;

	if (set->n + 1 > set->cap / 2)
		grow(a, set);
	slot = probe(set, name);
	if (slot->name != NULL)
		return false;
	*slot = (struct name_slot){name, value};
	set->n++;
	return true;
}

bool names_find(const struct names *set, const char *name, size_t *value)
{
	const struct name_slot *slot;

	if (set->n == 0)
		return false;
	slot = probe(set, name);
	if (slot->name != NULL && value != NULL)
		*value = slot->value;
	return slot->name != NULL;
}
