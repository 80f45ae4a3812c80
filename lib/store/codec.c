#include "store/codec.h"
#include "store/codec_ints.h"

#include <math.h>
#include <string.h>

/*
 * A chunk: a version byte; the number of samples; their times: the first,
 * the usual distance, and a bit that says whether the others stray from it;
 * then one stream of values, or four of cells.
 */
#define VERSION 1

/* What a stream of values is. */
enum mode { MODE_INTS, MODE_XOR, MODE_RAW };

/* Values kept aside may be one in so many. */
#define ASIDE 8

/* Exact as a double below; whole numbers may be larger. */
#define EXACT 9007199254740992.0
#define WHOLE 4611686018427387904.0

#define DIVISOR_MAX INT64_C(1000000000000000)
#define POWERS	    10

static uint64_t bits_of(double v)
{
	uint64_t u;

	memcpy(&u, &v, sizeof(u));
	return u;
}

static double from_bits(uint64_t u)
{
	double v;

	memcpy(&v, &u, sizeof(v));
	return v;
}

static double quotient(int64_t whole, int64_t divisor)
{
	return (double)whole / (double)divisor;
}

/* Is it a whole number over the divisor, to the last bit? */
static bool fits(double v, int64_t divisor, int64_t *whole)
{
	double x = v * (double)divisor;
	int64_t n;

	if (!(fabs(x) < (divisor == 1 ? WHOLE : EXACT)))
		return false;
	n = (int64_t)llrint(x);
	if (bits_of(quotient(n, divisor)) != bits_of(v))
		return false;
	*whole = n;
	return true;
}

static const int64_t tens[POWERS] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

/*
 * The smallest of n divisors, each a multiple of the one before, that serves
 * all but a few values; 0 if there is none.
 */
static int64_t try_divisors(
    const double *v, size_t n, const int64_t *divisors, size_t n_divisors)
{
	size_t d = 0, misfits = 0, try;
	int64_t whole;

	for (size_t i = 0; i < n; i++) {
		for (try = d; try < n_divisors; try++)
			if (fits(v[i], divisors[try], &whole))
				break;
		if (try < n_divisors)
			d = try;
		else if (++misfits > n / ASIDE)
			return 0;
	}
	return divisors[d];
}

static int64_t find_divisor(const double *v, size_t n, int64_t step)
{
	int64_t steps[3] = {step, 10 * step, 100 * step};
	int64_t divisor = try_divisors(v, n, tens, POWERS);

	if (divisor == 0 && step > 1 && step <= 86400)
		divisor = try_divisors(v, n, steps, 3);
	return divisor;
}

/* Those aside count as the one before. False if they are too many. */
static bool to_ints(
    const double *v, size_t n, int64_t divisor, int64_t *x, size_t *aside)
{
	int64_t last = 0;

	*aside = 0;
	for (size_t i = 0; i < n; i++) {
		x[i] = last;
		if (fits(v[i], divisor, &last))
			x[i] = last;
		else
			(*aside)++;
	}
	return *aside <= n / ASIDE;
}

static void put_aside(
    struct bits_out *b, const double *v, size_t n, int64_t divisor)
{
	size_t previous = 0;
	int64_t whole;

	for (size_t i = 0; i < n; i++) {
		if (fits(v[i], divisor, &whole))
			continue;
		bits_put_number(b, i - previous);
		bits_put(b, bits_of(v[i]), 64);
		previous = i;
	}
}

/*
 * A zero bit: as before. Else one bit: do leading zeros and width follow
 * (six bits each), or are they as last time; then the bits.
 */
static void put_xor(struct bits_out *b, const double *v, size_t n)
{
	uint64_t before = 0, diff;
	unsigned lead = 64, tail = 0, l, t;

	for (size_t i = 0; i < n; i++, before = bits_of(v[i - 1])) {
		diff = bits_of(v[i]) ^ before;
		bits_put(b, diff != 0, 1);
		if (diff == 0)
			continue;
		l = (unsigned)__builtin_clzll(diff);
		t = (unsigned)__builtin_ctzll(diff);
		bits_put(b, l < lead || t < tail, 1);
		if (l < lead || t < tail) {
			lead = l;
			tail = t;
			bits_put(b, lead, 6);
			bits_put(b, 63 - lead - tail, 6);
		}
		bits_put(b, diff >> tail, 64 - lead - tail);
	}
}

static void get_xor(struct bits_in *b, double *v, size_t n)
{
	uint64_t u = 0;
	unsigned lead = 0, len = 64;

	for (size_t i = 0; i < n; i++) {
		if (bits_get(b, 1) == 1) {
			if (bits_get(b, 1) == 1) {
				lead = (unsigned)bits_get(b, 6);
				len = (unsigned)bits_get(b, 6) + 1;
			}
			if (lead + len > 64) {
				b->past_end = true;
				len = 64 - lead;
			}
			u ^= bits_get(b, len) << (64 - lead - len);
		}
		v[i] = from_bits(u);
	}
}

static void put_raw(struct bits_out *b, const double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bits_put(b, bits_of(v[i]), 64);
}

static void put_xor_or_raw(struct bits_out *b, const double *v, size_t n)
{
	size_t start = b->out->len;
	struct bits_out before = *b;

	bits_put(b, MODE_XOR, 2);
	put_xor(b, v, n);
	if (b->out->failed || b->out->len - start <= n * sizeof(*v))
		return;
	/* What was put since is taken back. */
	before.out->len = start;
	*b = before;
	bits_put(b, MODE_RAW, 2);
	put_raw(b, v, n);
}

static void put_doubles(
    struct bits_out *b, const double *v, size_t n, int64_t step)
{
	int64_t divisor = find_divisor(v, n, step), x[CODEC_MAX];
	size_t aside;

	if (divisor == 0 || !to_ints(v, n, divisor, x, &aside)) {
		put_xor_or_raw(b, v, n);
		return;
	}
	bits_put(b, MODE_INTS, 2);
	bits_put_number(b, (uint64_t)divisor);
	bits_put_number(b, aside);
	codec_put_ints(b, x, n);
	if (aside > 0)
		put_aside(b, v, n, divisor);
}

static void get_ints(struct bits_in *b, double *v, size_t n)
{
	uint64_t divisor = bits_get_number(b), aside = bits_get_number(b);
	int64_t x[CODEC_MAX];
	size_t at = 0;

	if (divisor < 1 || divisor > DIVISOR_MAX || aside > n) {
		b->past_end = true;
		return;
	}
	codec_get_ints(b, x, n);
	for (size_t i = 0; i < n; i++)
		v[i] = quotient(x[i], (int64_t)divisor);
	for (; aside > 0 && !b->past_end; aside--) {
		uint64_t skip = bits_get_number(b);

		if (skip >= n - at) {
			b->past_end = true;
			return;
		}
		at += skip;
		v[at] = from_bits(bits_get(b, 64));
	}
}

static void get_doubles(struct bits_in *b, double *v, size_t n)
{
	switch (bits_get(b, 2)) {
	case MODE_INTS:
		get_ints(b, v, n);
		return;
	case MODE_XOR:
		get_xor(b, v, n);
		return;
	case MODE_RAW:
		for (size_t i = 0; i < n; i++)
			v[i] = from_bits(bits_get(b, 64));
		return;
	default:
		b->past_end = true;
	}
}

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
	put_doubles(&b, v, n, step);
	bits_end(&b);
}

size_t codec_get_samples(struct span bytes, int64_t *ts, double *v)
{
	struct bits_in b = bits_begin(bytes);
	size_t n;

	if (bits_get(&b, 8) != VERSION || (n = get_times(&b, ts)) == 0)
		return 0;
	get_doubles(&b, v, n);
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
		if (!fits(c[i].min, divisor, &w->least[i]) ||
		    !fits(c[i].max, divisor, &w->above[i]) ||
		    !fits((double)c[i].sum, divisor, &w->sum[i]) ||
		    fabs((double)w->least[i] * (double)c[i].count) > EXACT ||
		    fabs(c[i].max * (double)divisor) > EXACT)
			return false;
		w->above[i] -= w->least[i];
		w->sum[i] -= w->least[i] * c[i].count;
	}
	return true;
}

static int64_t cells_divisor(const struct cell *c, size_t n, struct whole *w)
{
	for (int64_t divisor = 1; divisor <= 1000000; divisor *= 10)
		if (cells_fit(c, n, divisor, w))
			return divisor;
	return 0;
}

static void put_member(
    struct bits_out *b, const struct cell *c, size_t n, size_t offset)
{
	double v[CODEC_MAX];

	for (size_t i = 0; i < n; i++)
		memcpy(&v[i], (const char *)&c[i] + offset, sizeof(v[i]));
	put_doubles(b, v, n, 1);
}

static void get_member(
    struct bits_in *b, struct cell *c, size_t n, size_t offset)
{
	double v[CODEC_MAX];

	v[0] = 0;
	get_doubles(b, v, n);
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
	put_doubles(b, v, n, 1);
}

static void get_sums(struct bits_in *b, struct cell *c, size_t n)
{
	double v[CODEC_MAX];

	v[0] = 0;
	get_doubles(b, v, n);
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
	divisor = cells_divisor(c, n, &w);
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

	codec_get_ints(b, w.least, n);
	codec_get_ints(b, w.above, n);
	codec_get_ints(b, w.sum, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t least = (uint64_t)w.least[i];

		c[i].min = quotient(w.least[i], divisor);
		c[i].max =
		    quotient((int64_t)(least + (uint64_t)w.above[i]), divisor);
		c[i].sum = (long double)quotient(
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
	if (divisor > DIVISOR_MAX)
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

long double codec_sum(const double *v, size_t n)
{
	int64_t divisor = try_divisors(v, n, tens, POWERS), whole;
	long double sum = 0, exact = 0;
	bool all = divisor != 0;

	for (size_t i = 0; i < n; i++) {
		sum += (long double)v[i];
		all = all && fits(v[i], divisor, &whole);
		exact += all ? (long double)whole : 0;
	}
	if (all && fabsl(exact) < (long double)EXACT)
		return (long double)((double)exact / (double)divisor);
	return sum;
}
