/*
 * Bits, most significant first, into a buffer and out of bytes that may be
 * anything: reading past the end gives zeros and is noted.
 */
#ifndef STORE_BITS_H
#define STORE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct bits_out {
	struct buf *out;
	uint64_t acc; /* the low n bits wait */
	unsigned n;   /* less than 8 between calls */
};

void bits_put(struct bits_out *, uint64_t value, unsigned n); /* n <= 64 */
void bits_put_number(struct bits_out *, uint64_t); /* short if small */
void bits_put_signed(struct bits_out *, int64_t);
void bits_end(struct bits_out *); /* fills the last byte */

struct bits_in {
	const unsigned char *p;
	size_t left;   /* bytes not yet taken */
	uint64_t acc;  /* at its top the next bits */
	unsigned n;    /* how many of them */
	bool past_end; /* more was asked for than there is */
};

struct bits_in bits_begin(struct span);
uint64_t bits_get(struct bits_in *, unsigned n); /* n <= 64 */
uint64_t bits_get_number(struct bits_in *);
int64_t bits_get_signed(struct bits_in *);

/* The number of ones before the next zero, which is taken too; at most max. */
unsigned bits_get_ones(struct bits_in *, unsigned max);

/* Small magnitudes to small numbers, and back. */
uint64_t bits_zigzag(int64_t);
int64_t bits_unzigzag(uint64_t);

#endif
