/*
 * Arenas: memory by lifetime. What is allocated from an arena lives until
 * arena_free() or arena_reset(), and is never freed alone. Memory comes
 * zeroed and aligned for any type.
 *
 * Allocation does not fail: when the machine has no memory left the process
 * says so on stderr and ends with status 1. A run is short and the last page
 * stays, so there is nothing better to do at any call.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *); /* accepts NULL */
void arena_reset(struct arena *);

void *arena_alloc(struct arena *, size_t n);
void *arena_array(struct arena *, size_t n, size_t size);
void *arena_copy(struct arena *, const void *, size_t n);
char *arena_strdup(struct arena *, const char *); /* NULL stays NULL */
char *arena_strndup(struct arena *, const char *, size_t n);
char *arena_printf(struct arena *, const char *fmt, ...) printf_like(2, 3);
char *arena_vprintf(struct arena *, const char *fmt, va_list);

#define arena_make(a, type) ((type *)arena_alloc((a), sizeof(type)))

/*
 * A growing array: `arena_push(a, &v.items, &v.n, &v.cap)` yields a pointer
 * to a new zeroed last element. Doubling leaves the old copies in the arena.
 */
#define arena_push(a, items, n, cap)                                           \
	((*(items) =                                                           \
		 arena_grow((a), *(items), *(n), (cap), sizeof(**(items)))),   \
	    &(*(items))[(*(n))++])

void *arena_grow(
    struct arena *, void *items, size_t n, size_t *cap, size_t size);

#endif
