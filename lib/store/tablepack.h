/*
 * The versions of a table in an hour as few bytes: of each only what differs
 * from the one before. A row is known again by its first cell; where it is
 * told by its place among the rows before, and of its cells that changed
 * those that are decimals by the difference: a process table's ages all grow
 * by the same in each minute. What is alike lies together, for zstd to find.
 */
#ifndef STORE_TABLEPACK_H
#define STORE_TABLEPACK_H

#include "base/buf.h"
#include "model/reading.h"

/* As it was from ts until until. */
struct table_version {
	int64_t ts, until;
	const struct table *table;
};

/* `failed` of the buffer says if it did not fit. */
void tablepack_put(struct buf *, const struct table_version *, size_t n);

/* The times of all versions, in their order; false: no such bytes. */
bool tablepack_times(
    struct arena *, struct span, struct table_version **, size_t *n);

/*
 * The i-th table, of which texts may lie in the bytes; NULL: no such bytes.
 */
struct table *tablepack_get(struct arena *, struct span, size_t i);

#endif
