/*
 * Whole numbers in few bits; see codec.h. For codec.c only.
 */
#ifndef STORE_CODEC_INTS_H
#define STORE_CODEC_INTS_H

#include "store/bits.h"

/* What they have in common is taken out of them. */
void codec_put_ints(struct bits_out *, int64_t *, size_t n);
void codec_get_ints(struct bits_in *, int64_t *, size_t n);

/* What is left of a prediction: no predictor is tried. */
void codec_put_residuals(struct bits_out *, const int64_t *, size_t n);
void codec_get_residuals(struct bits_in *, int64_t *, size_t n);

#endif
