#include "store/codec_ints.h"

/*
 * A block of residuals: six bits of its parameter k, then for each residual
 * the quotient by 2^k as ones and a zero, and the k bits that remain. A
 * quotient of ESCAPE ones: six bits of the width less one, then the residual
 * itself. ALL_ZERO in place of k: nothing follows.
 */
#define BLOCK	 32
#define ESCAPE	 20
#define ALL_ZERO 63
#define K_MAX	 50

/* The predictors: none but a base, the one before, the line of two before. */
#define ORDERS 3

/* In place of a predictor: a factor of all, then what it leaves of them. */
#define FACTOR 3

static unsigned width(uint64_t u)
{
	return u == 0 ? 0 : 64 - (unsigned)__builtin_clzll(u);
}

static uint64_t rice_cost(const uint64_t *u, size_t n, unsigned k)
{
	uint64_t bits = 0, q;

	for (size_t i = 0; i < n; i++) {
		q = u[i] >> k;
		bits += q < ESCAPE ? q + 1 + k : ESCAPE + 6 + width(u[i]);
	}
	return bits;
}

/* Near the width of the mean, which outliers make look larger than it is. */
static unsigned best_parameter(const uint64_t *u, size_t n)
{
	uint64_t sum = 0, cost, least = UINT64_MAX;
	unsigned high, best = 0;

	for (size_t i = 0; i < n; i++)
		sum += u[i] / n;
	high = width(sum) + 1;
	if (high > K_MAX)
		high = K_MAX;
	for (unsigned k = high + 1; k-- > 0;) {
		cost = rice_cost(u, n, k);
		if (cost > least)
			break;
		least = cost;
		best = k;
	}
	return best;
}

static void put_residual(struct bits_out *b, uint64_t u, unsigned k)
{
	uint64_t q = u >> k;

	if (q < ESCAPE) {
		bits_put(b, (UINT64_C(1) << (q + 1)) - 2, (unsigned)q + 1);
		bits_put(b, u, k);
		return;
	}
	bits_put(b, UINT64_MAX, ESCAPE);
	bits_put(b, width(u) - 1, 6);
	bits_put(b, u, width(u));
}

static void put_block(struct bits_out *b, const uint64_t *u, size_t n)
{
	uint64_t any = 0;
	unsigned k;

	for (size_t i = 0; i < n; i++)
		any |= u[i];
	if (any == 0) {
		bits_put(b, ALL_ZERO, 6);
		return;
	}
	k = best_parameter(u, n);
	bits_put(b, k, 6);
	for (size_t i = 0; i < n; i++)
		put_residual(b, u[i], k);
}

void codec_put_residuals(struct bits_out *b, const int64_t *x, size_t n)
{
	uint64_t u[BLOCK];
	size_t len;

	for (size_t at = 0; at < n; at += len) {
		len = n - at < BLOCK ? n - at : BLOCK;
		for (size_t i = 0; i < len; i++)
			u[i] = bits_zigzag(x[at + i]);
		put_block(b, u, len);
	}
}

static uint64_t get_residual(struct bits_in *b, unsigned k)
{
	unsigned q = bits_get_ones(b, ESCAPE);

	if (q < ESCAPE)
		return (uint64_t)q << k | bits_get(b, k);
	return bits_get(b, (unsigned)bits_get(b, 6) + 1);
}

void codec_get_residuals(struct bits_in *b, int64_t *x, size_t n)
{
	size_t len;

	for (size_t at = 0; at < n; at += len) {
		unsigned k = (unsigned)bits_get(b, 6);

		len = n - at < BLOCK ? n - at : BLOCK;
		if (k > K_MAX && k != ALL_ZERO)
			b->past_end = true;
		for (size_t i = 0; i < len; i++)
			x[at + i] =
			    k > K_MAX ? 0 : bits_unzigzag(get_residual(b, k));
	}
}

/* In arithmetic that wraps: what comes in may be anything. */
static int64_t less(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t plus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t prediction(
    const int64_t *x, size_t i, unsigned order, int64_t base)
{
	if (order == 0)
		return base;
	if (order == 1 || i == 1)
		return x[i - 1];
	return plus(x[i - 1], less(x[i - 1], x[i - 2]));
}

static unsigned best_order(const int64_t *x, size_t n, int64_t base)
{
	uint64_t cost[ORDERS] = {0};
	unsigned best = 0;

	for (size_t i = 1; i < n; i++)
		for (unsigned o = 0; o < ORDERS; o++)
			cost[o] += width(
			    bits_zigzag(less(x[i], prediction(x, i, o, base))));
	for (unsigned o = 1; o < ORDERS; o++)
		if (cost[o] < cost[best])
			best = o;
	return best;
}

static int64_t mean(const int64_t *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)x[i] / (double)n;
	return sum > -4e18 && sum < 4e18 ? (int64_t)sum : x[0];
}

/* The greatest that divides all, 0 if all are zero. */
static uint64_t common_factor(const int64_t *x, size_t n)
{
	uint64_t factor = 0, rest, next;

	for (size_t i = 0; i < n && factor != 1; i++)
		for (rest = x[i] < 0 ? -(uint64_t)x[i] : (uint64_t)x[i];
		     rest != 0; rest = next) {
			next = factor % rest;
			factor = rest;
		}
	return factor;
}

static void take_factor(struct bits_out *b, int64_t *x, size_t n)
{
	uint64_t factor = common_factor(x, n);

	if (factor < 2 || factor > INT64_MAX)
		return;
	bits_put(b, FACTOR, 2);
	bits_put_number(b, factor);
	for (size_t i = 0; i < n; i++)
		x[i] /= (int64_t)factor;
}

/* Residuals a block at a time, so that no second array is needed. */
static void put_predicted(struct bits_out *b, const int64_t *x, size_t n)
{
	int64_t base = mean(x, n), left[BLOCK];
	unsigned order = best_order(x, n, base);
	size_t len;

	bits_put(b, order, 2);
	bits_put_signed(b, order == 0 ? base : x[0]);
	for (size_t at = order == 0 ? 0 : 1; at < n; at += len) {
		len = n - at < BLOCK ? n - at : BLOCK;
		for (size_t i = 0; i < len; i++)
			left[i] =
			    less(x[at + i], prediction(x, at + i, order, base));
		codec_put_residuals(b, left, len);
	}
}

void codec_put_ints(struct bits_out *b, int64_t *x, size_t n)
{
	take_factor(b, x, n);
	put_predicted(b, x, n);
}

static void get_predicted(
    struct bits_in *b, unsigned order, int64_t *x, size_t n)
{
	int64_t base = bits_get_signed(b);
	size_t first = order == 0 ? 0 : 1;

	if (order >= ORDERS)
		b->past_end = true;
	x[0] = base;
	codec_get_residuals(b, x + first, n - first);
	for (size_t i = first; i < n; i++)
		x[i] = plus(x[i], prediction(x, i, order, base));
}

void codec_get_ints(struct bits_in *b, int64_t *x, size_t n)
{
	unsigned order = (unsigned)bits_get(b, 2);
	uint64_t factor = 1;

	if (order == FACTOR) {
		factor = bits_get_number(b);
		order = (unsigned)bits_get(b, 2);
	}
	get_predicted(b, order, x, n);
	if (factor != 1)
		for (size_t i = 0; i < n; i++)
			x[i] = (int64_t)((uint64_t)x[i] * factor);
}
