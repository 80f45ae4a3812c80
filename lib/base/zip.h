/*
 * Bytes made fewer, and the sum that tells whether bytes are still what they
 * were: the only file that includes zstd and zlib.
 */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* Appends a zstd frame (RFC 8878); b->failed says if it did not fit. */
void zip_pack(struct buf *b, struct span);

/*
 * What such a frame holds, in the arena. False if it is not one, is broken,
 * or says that it holds more than max bytes.
 */
bool zip_unpack(struct arena *, struct span, size_t max, struct span *out);

/* CRC-32 (that of gzip, RFC 1952) of bytes, going on from one of others. */
uint32_t zip_sum(uint32_t sum, const void *, size_t n);

#endif
