/*
 * Numbers and texts as bytes, for what the store keeps of tables and lines.
 * A number is a varint: 7 bits a byte, low ones first, the high bit says that
 * more follow; a signed one is zigzag (0, -1, 1, -2 ...) first. A text is its
 * length + 1, its bytes and a NUL, so that it can be used where it lies; no
 * text at all (NULL) is the number 0.
 */
#ifndef STORE_BYTES_H
#define STORE_BYTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

static inline uint64_t bytes_zigzag(int64_t n)
{
	return (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0);
}

static inline int64_t bytes_unzigzag(uint64_t u)
{
	return (int64_t)(u >> 1 ^ (0 - (u & 1)));
}

void bytes_put_number(struct buf *, uint64_t);
void bytes_put_signed(struct buf *, int64_t);
void bytes_put_text(struct buf *, const char *);

/* Each takes what it reads off the span; false if there is no such thing. */
bool bytes_number(struct span *, uint64_t *);
bool bytes_signed(struct span *, int64_t *);
bool bytes_text(struct span *, const char **); /* valid UTF-8 */
bool bytes_part(struct span *, uint64_t n, struct span *);

#endif
