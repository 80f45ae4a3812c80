/*
 * A stream of doubles in few bits; see codec.h. For codec.c only.
 */
#ifndef STORE_CODEC_VALUES_H
#define STORE_CODEC_VALUES_H

#include "store/bits.h"

/* Whole numbers below are exact as doubles. */
#define CODEC_EXACT 9007199254740992.0

#define CODEC_DIVISOR_MAX INT64_C(1000000000000000)

/* step: the distance of the samples, which rates are divided by. */
void codec_put_doubles(
    struct bits_out *, const double *, size_t n, int64_t step);
void codec_get_doubles(struct bits_in *, double *, size_t n);

/*
 * Rates are whole numbers over the distance of the samples, or over that and
 * a power of ten.
 */
#define CODEC_STEPS 3
bool codec_steps(int64_t step, int64_t divisors[CODEC_STEPS]);

/* Is it a whole number over the divisor, to the last bit? */
bool codec_fits(double, int64_t divisor, int64_t *whole);
double codec_quotient(int64_t whole, int64_t divisor);

#endif
