/*
 * Seals: the sum behind each chunk and row of bytes that the store keeps, of
 * the bytes and of the numbers that they lie under, so that neither a flipped
 * bit nor a row in the wrong place is taken for values.
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "base/zip.h"

#define SEAL_BYTES 4

/* Appends the seal of all that is in the buffer. */
void seal_put(struct buf *, int64_t a, int64_t b);

/* Takes the seal off; false if it is not that of these bytes. */
bool seal_take(struct span *, int64_t a, int64_t b);

#endif
