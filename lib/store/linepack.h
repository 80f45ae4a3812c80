/*
 * The lines of a source in an hour as few bytes: their numbers, times and
 * texts each on their own, for zstd to find what is alike.
 */
#ifndef STORE_LINEPACK_H
#define STORE_LINEPACK_H

#include "base/buf.h"
#include "base/str.h"

struct packed_line {
	int64_t id; /* in the order in which all lines came */
	int64_t ts;
	const char *text;
};

void linepack_put(struct buf *, const struct packed_line *, size_t n);

/* The texts lie in the bytes. False: no such bytes. */
bool linepack_get(
    struct arena *, struct span, struct packed_line **, size_t *n);

#endif
