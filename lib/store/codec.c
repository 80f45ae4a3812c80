#include "store/codec.h"
#include "store/codec_ints.h"
#include "store/codec_values.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/*
 * A chunk: a version byte; the number of samples; their times: the first,
 * the usual distance, and a bit that says whether the others stray from it;
 * then one stream of values, or four of cells.
 */
#define VERSION 1

/* The distance that most have, if there is one (Boyer and Moore's vote). */
static int64_t usual_distance(const int64_t *ts, size_t n)
{
	int64_t candidate = 1;
	size_t votes = 0;

	for (size_t i = 1; i < n; i++) {
		if (votes == 0)
			candidate = ts[i] - ts[i - 1];
		if (ts[i] - ts[i - 1] == candidate)
			votes++;
		else
			votes--;
	}
	return candidate;
}

static int64_t put_times(struct bits_out *b, const int64_t *ts, size_t n)
{
	int64_t step = usual_distance(ts, n), strays[CODEC_MAX];
	uint64_t any = 0;

	assert(n > 0);
	for (size_t i = 1; i < n; i++) {
		strays[i - 1] = ts[i] - ts[i - 1] - step;
		any |= (uint64_t)strays[i - 1];
	}
	bits_put_number(b, n);
	bits_put_signed(b, ts[0]);
	bits_put_number(b, (uint64_t)step);
	bits_put(b, any != 0, 1);
	if (any != 0)
		codec_put_residuals(b, strays, n - 1);
	return step;
}

/* A time that could be; sums of two don't overflow. */
static bool sane(int64_t t)
{
	return t > -(INT64_C(1) << 60) && t < INT64_C(1) << 60;
}

/* The number of times, 0 if they cannot be. */
static size_t get_times(struct bits_in *b, int64_t *ts)
{
	uint64_t n = bits_get_number(b), step;

	if (n < 1 || n > CODEC_MAX)
		return 0;
	ts[0] = bits_get_signed(b);
	step = bits_get_number(b);
	if (!sane((int64_t)step) || (int64_t)step < 0 || !sane(ts[0]))
		return 0;
	if (bits_get(b, 1) == 1)
		codec_get_residuals(b, ts + 1, n - 1);
	else
		for (size_t i = 1; i < n; i++)
			ts[i] = 0;
	for (size_t i = 1; i < n; i++) {
		if (!sane(ts[i]) || ts[i] + (int64_t)step < 1)
			return 0;
		ts[i] += ts[i - 1] + (int64_t)step;
		if (!sane(ts[i]))
			return 0;
	}
	return b->past_end ? 0 : n;
}

void codec_put_samples(
    struct buf *out, const int64_t *ts, const double *v, size_t n)
{
	struct bits_out b = {.out = out};
	int64_t step;

	bits_put(&b, VERSION, 8);
	step = put_times(&b, ts, n);
	codec_put_doubles(&b, v, n, step);
	bits_end(&b);
}

size_t codec_get_samples(struct span bytes, int64_t *ts, double *v)
{
	struct bits_in b = bits_begin(bytes);
	size_t n;

	if (bits_get(&b, 8) != VERSION || (n = get_times(&b, ts)) == 0)
		return 0;
	codec_get_doubles(&b, v, n);
	return b.past_end ? 0 : n;
}

/*
 * Cells of decimals: their least values, how far their largest are above
 * them, and their sums above that of as many least values, are small whole
 * numbers. Else three streams of doubles.
 */
struct whole {
	int64_t least[CODEC_MAX], above[CODEC_MAX], sum[CODEC_MAX];
};

static bool cells_fit(
    const struct cell *c, size_t n, int64_t divisor, struct whole *w)
{
	for (size_t i = 0; i < n; i++) {
		if (!codec_fits(c[i].min, divisor, &w->least[i]) ||
		    !codec_fits(c[i].max, divisor, &w->above[i]) ||
		    !codec_fits((double)c[i].sum, divisor, &w->sum[i]) ||
		    fabs((double)w->least[i] * (double)c[i].count) >
			CODEC_EXACT ||
		    fabs(c[i].max * (double)divisor) > CODEC_EXACT)
			return false;
		w->above[i] -= w->least[i];
		w->sum[i] -= w->least[i] * c[i].count;
	}
	return true;
}

/* How far apart the samples were, by the cell that has the most. */
static int64_t distance(const struct cell *c, size_t n, int64_t width)
{
	int64_t most = 1;

	for (size_t i = 0; i < n; i++)
		if (c[i].count > most)
			most = c[i].count;
	return width / most;
}

static int64_t cells_divisor(
    const struct cell *c, size_t n, int64_t width, struct whole *w)
{
	int64_t steps[CODEC_STEPS];

	for (int64_t divisor = 1; divisor <= 1000000; divisor *= 10)
		if (cells_fit(c, n, divisor, w))
			return divisor;
	if (!codec_steps(distance(c, n, width), steps))
		return 0;
	for (size_t i = 0; i < CODEC_STEPS; i++)
		if (cells_fit(c, n, steps[i], w))
			return steps[i];
	return 0;
}

static void put_member(
    struct bits_out *b, const struct cell *c, size_t n, size_t offset)
{
	double v[CODEC_MAX];

	for (size_t i = 0; i < n; i++)
		memcpy(&v[i], (const char *)&c[i] + offset, sizeof(v[i]));
	codec_put_doubles(b, v, n, 1);
}

static void get_member(
    struct bits_in *b, struct cell *c, size_t n, size_t offset)
{
	double v[CODEC_MAX];

	v[0] = 0;
	codec_get_doubles(b, v, n);
	for (size_t i = 0; i < n && !b->past_end; i++)
		memcpy((char *)&c[i] + offset, &v[i], sizeof(v[i]));
}

/* Where the sum could be too large for a double its mean stands for it. */
#define HUGE_VALUES 1e290

static bool is_huge(const struct cell *c)
{
	return fabs(c->min) > HUGE_VALUES || fabs(c->max) > HUGE_VALUES;
}

static void put_sums(struct bits_out *b, const struct cell *c, size_t n)
{
	double v[CODEC_MAX];

	for (size_t i = 0; i < n; i++)
		v[i] =
		    (double)(is_huge(&c[i]) ? c[i].sum / (long double)c[i].count
					    : c[i].sum);
	codec_put_doubles(b, v, n, 1);
}

static void get_sums(struct bits_in *b, struct cell *c, size_t n)
{
	double v[CODEC_MAX];

	v[0] = 0;
	codec_get_doubles(b, v, n);
	for (size_t i = 0; i < n && !b->past_end; i++)
		c[i].sum = is_huge(&c[i])
			       ? (long double)v[i] * (long double)c[i].count
			       : (long double)v[i];
}

void codec_put_cells(
    struct buf *out, const struct cell *c, size_t n, int64_t width)
{
	struct bits_out b = {.out = out};
	int64_t x[CODEC_MAX], divisor;
	struct whole w;

	for (size_t i = 0; i < n; i++)
		x[i] = c[i].ts / width;
	bits_put(&b, VERSION, 8);
	put_times(&b, x, n);
	for (size_t i = 0; i < n; i++)
		x[i] = c[i].count;
	codec_put_ints(&b, x, n);
	divisor = cells_divisor(c, n, width, &w);
	bits_put_number(&b, (uint64_t)divisor);
	if (divisor != 0) {
		codec_put_ints(&b, w.least, n);
		codec_put_ints(&b, w.above, n);
		codec_put_ints(&b, w.sum, n);
	} else {
		put_member(&b, c, n, offsetof(struct cell, min));
		put_member(&b, c, n, offsetof(struct cell, max));
		put_sums(&b, c, n);
	}
	bits_end(&b);
}

static void get_whole_cells(
    struct bits_in *b, struct cell *c, size_t n, int64_t divisor)
{
	struct whole w;

	w.least[0] = w.above[0] = w.sum[0] = 0;
	codec_get_ints(b, w.least, n);
	codec_get_ints(b, w.above, n);
	codec_get_ints(b, w.sum, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t least = (uint64_t)w.least[i];

		c[i].min = codec_quotient(w.least[i], divisor);
		c[i].max = codec_quotient(
		    (int64_t)(least + (uint64_t)w.above[i]), divisor);
		c[i].sum = (long double)codec_quotient(
		    (int64_t)((uint64_t)w.sum[i] +
			      least * (uint64_t)c[i].count),
		    divisor);
	}
}

size_t codec_get_cells(struct span bytes, struct cell *c, int64_t width)
{
	struct bits_in b = bits_begin(bytes);
	int64_t x[CODEC_MAX];
	uint64_t divisor;
	size_t n;

	if (bits_get(&b, 8) != VERSION || (n = get_times(&b, x)) == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (x[i] < 0 || x[i] > INT64_MAX / 4 / width)
			return 0;
		c[i].ts = x[i] * width;
	}
	codec_get_ints(&b, x, n);
	for (size_t i = 0; i < n; i++) {
		if (x[i] < 1 || x[i] > UINT32_MAX)
			return 0;
		c[i].count = x[i];
	}
	divisor = bits_get_number(&b);
	if (divisor > CODEC_DIVISOR_MAX)
		return 0;
	if (divisor != 0) {
		get_whole_cells(&b, c, n, (int64_t)divisor);
	} else {
		get_member(&b, c, n, offsetof(struct cell, min));
		get_member(&b, c, n, offsetof(struct cell, max));
		get_sums(&b, c, n);
	}
	return b.past_end ? 0 : n;
}
