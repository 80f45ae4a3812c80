#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Under AddressSanitizer every allocation has a block of its own, so that it
 * sees a read or a write past the end.
 */
#if defined(__SANITIZE_ADDRESS__)
#define EACH_ALONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_ALONE 1
#endif
#endif

#ifdef EACH_ALONE
#define BLOCK_MIN 1
#define ALIGN	  1 /* malloc() sees to it */
#else
#define BLOCK_MIN (64 * 1024)
#define ALIGN	  alignof(max_align_t)
#endif

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *first;
};

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "broadsheet: out of memory\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(1);
}

static void *checked_malloc(size_t n)
{
	void *p = malloc(n);

	if (p == NULL)
		out_of_memory();
	return p;
}

struct arena *arena_new(void)
{
	struct arena *a = checked_malloc(sizeof(*a));

	a->first = NULL;
	return a;
}

void arena_reset(struct arena *a)
{
	struct block *b, *next;

	for (b = a->first; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	a->first = NULL;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	free(a);
}

/* A large one goes behind the first, which has room left for others. */
static struct block *add_block(struct arena *a, size_t n)
{
	bool large = n >= BLOCK_MIN && a->first != NULL;
	size_t size = n > BLOCK_MIN ? n : BLOCK_MIN;
	struct block *b, **at = large ? &a->first->next : &a->first;

	if (size > SIZE_MAX - sizeof(*b))
		out_of_memory();
	b = checked_malloc(sizeof(*b) + size);
	b->used = 0;
	b->size = size;
	b->next = *at;
	*at = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct block *b = a->first;
	void *p;

	if (n > SIZE_MAX - ALIGN)
		out_of_memory();
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (b == NULL || b->size - b->used < n)
		b = add_block(a, n);
	p = b->data + b->used;
	b->used += n;
	return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory();
	return arena_alloc(a, bytes);
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
	void *copy = arena_alloc(a, n);

	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1);

	if (n > 0)
		memcpy(copy, s, n);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		n = 0;
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void *arena_grow(
    struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
	void *grown;

	if (n < *cap)
		return items;
	*cap = *cap == 0 ? 8 : *cap * 2;
	grown = arena_array(a, *cap, size);
	if (n > 0)
		memcpy(grown, items, n * size);
	return grown;
}
