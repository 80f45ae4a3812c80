/*
 * Samples and rollups as few bytes, and back bit for bit: every double,
 * negative zeros, subnormals, infinities and the bits of a NaN included.
 *
 * Whole numbers are coded as Golomb-Rice codes of what a predictor leaves
 * (Rice, "Some Practical Universal Noiseless Coding Techniques", 1979; the
 * choice among fixed predictors is that of Robinson's Shorten, 1994), with a
 * parameter for each 32. Values become whole numbers where a divisor makes
 * them so: a power of ten, or the distance of the samples, which is what
 * rates of counters are divided by; a factor that all share is taken out, as
 * sizes are multiples of blocks. A few that don't fit are kept aside.
 * Where most don't, a value is kept as what differs from the one before
 * (Pelkonen et al., "Gorilla", 2015), or as it is.
 *
 * Times that are regular cost nothing, others what they stray.
 */
#ifndef STORE_CODEC_H
#define STORE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* In one chunk: six hours of seconds. */
#define CODEC_MAX 21600

/* What samples of [ts, ts + width) come to. */
struct cell {
	int64_t ts, count;
	double min, max;
	long double sum; /* of the largest doubles as well */
};

/*
 * Of n samples, 1 to CODEC_MAX, at increasing times; appended to the buffer,
 * whose `failed` says if it did not fit.
 */
void codec_put_samples(
    struct buf *, const int64_t *ts, const double *values, size_t n);
void codec_put_cells(
    struct buf *, const struct cell *, size_t n, int64_t width);

/*
 * Into arrays of CODEC_MAX elements. 0 if the bytes cannot be a chunk; what
 * was damaged may also come out as other values, at increasing times.
 */
size_t codec_get_samples(struct span, int64_t *ts, double *values);
size_t codec_get_cells(struct span, struct cell *, int64_t width);

/*
 * The sum without what floating point leaves of decimals: as many digits
 * after the point as the values have; and so of rates over `step` seconds.
 */
long double codec_sum(const double *values, size_t n, int64_t step);

#endif
