#include "store/codec_values.h"
#include "store/codec.h"
#include "store/codec_ints.h"

#include <math.h>
#include <string.h>

/* What a stream of values is. */
enum mode { MODE_INTS, MODE_XOR, MODE_RAW };

/* Values kept aside may be one in so many. */
#define ASIDE 8

/* Whole numbers may be larger than what all decimals are exact to. */
#define WHOLE 4611686018427387904.0

#define POWERS 10

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

double codec_quotient(int64_t whole, int64_t divisor)
{
	return (double)whole / (double)divisor;
}

/* Is it a whole number over the divisor, to the last bit? */
bool codec_fits(double v, int64_t divisor, int64_t *whole)
{
	double x = v * (double)divisor;
	int64_t n;

	if (!(fabs(x) < (divisor == 1 ? WHOLE : CODEC_EXACT)))
		return false;
	n = (int64_t)llrint(x);
	if (bits_of(codec_quotient(n, divisor)) != bits_of(v))
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
			if (codec_fits(v[i], divisors[try], &whole))
				break;
		if (try < n_divisors)
			d = try;
		else if (++misfits > n / ASIDE)
			return 0;
	}
	return divisors[d];
}

bool codec_steps(int64_t step, int64_t divisors[CODEC_STEPS])
{
	bool usual = step > 1 && step <= 86400;

	for (size_t i = 0; i < CODEC_STEPS; i++)
		divisors[i] = usual ? step * tens[i] : tens[i];
	return usual;
}

static int64_t find_divisor(const double *v, size_t n, int64_t step)
{
	int64_t steps[CODEC_STEPS];
	int64_t divisor = try_divisors(v, n, tens, POWERS);

	if (divisor == 0 && codec_steps(step, steps))
		divisor = try_divisors(v, n, steps, CODEC_STEPS);
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
		if (codec_fits(v[i], divisor, &last))
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
		if (codec_fits(v[i], divisor, &whole))
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

void codec_put_doubles(
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

	if (divisor < 1 || divisor > CODEC_DIVISOR_MAX || aside > n) {
		b->past_end = true;
		return;
	}
	codec_get_ints(b, x, n);
	for (size_t i = 0; i < n; i++)
		v[i] = codec_quotient(x[i], (int64_t)divisor);
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

void codec_get_doubles(struct bits_in *b, double *v, size_t n)
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

long double codec_sum(const double *v, size_t n, int64_t step)
{
	int64_t divisor = find_divisor(v, n, step), whole;
	long double sum = 0, exact = 0;
	bool all = divisor != 0;

	for (size_t i = 0; i < n; i++) {
		sum += (long double)v[i];
		all = all && codec_fits(v[i], divisor, &whole);
		exact += all ? (long double)whole : 0;
	}
	if (all && fabsl(exact) < (long double)CODEC_EXACT)
		return (long double)((double)exact / (double)divisor);
	return sum;
}
