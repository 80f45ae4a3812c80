#include "store/bits.h"

void bits_put(struct bits_out *b, uint64_t value, unsigned n)
{
	if (n > 32) {
		bits_put(b, value >> 32, n - 32);
		n = 32;
	}
	b->acc = b->acc << n | (value & ((UINT64_C(1) << n) - 1));
	b->n += n;
	while (b->n >= 8) {
		b->n -= 8;
		buf_char(b->out, (char)(b->acc >> b->n));
	}
}

/* Groups of seven bits, the low ones first, each with "more follow". */
void bits_put_number(struct bits_out *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		bits_put(b, (v & 0x7f) | 0x80, 8);
	bits_put(b, v, 8);
}

void bits_put_signed(struct bits_out *b, int64_t v)
{
	bits_put_number(b, bits_zigzag(v));
}

void bits_end(struct bits_out *b)
{
	if (b->n > 0)
		bits_put(b, 0, 8 - b->n);
}

struct bits_in bits_begin(struct span s)
{
	return (struct bits_in){.p = (const unsigned char *)s.p, .left = s.n};
}

static void refill(struct bits_in *b)
{
	while (b->n <= 56 && b->left > 0) {
		b->acc |= (uint64_t)*b->p++ << (56 - b->n);
		b->n += 8;
		b->left--;
	}
}

static void drop(struct bits_in *b, unsigned n)
{
	if (n > b->n) {
		b->past_end = true;
		b->n = 0;
		b->acc = 0;
		return;
	}
	b->acc = n == 64 ? 0 : b->acc << n;
	b->n -= n;
}

uint64_t bits_get(struct bits_in *b, unsigned n)
{
	uint64_t v, high = 0;

	if (n > 32) {
		high = bits_get(b, n - 32) << 32;
		n = 32;
	}
	if (n == 0)
		return high;
	refill(b);
	v = b->acc >> (64 - n);
	drop(b, n);
	return high | v;
}

uint64_t bits_get_number(struct bits_in *b)
{
	uint64_t v = 0, byte;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		byte = bits_get(b, 8);
		v |= (byte & 0x7f) << shift;
		if (byte < 0x80)
			return v;
	}
	b->past_end = true;
	return 0;
}

int64_t bits_get_signed(struct bits_in *b)
{
	return bits_unzigzag(bits_get_number(b));
}

unsigned bits_get_ones(struct bits_in *b, unsigned max)
{
	unsigned ones;

	refill(b);
	ones = ~b->acc == 0 ? 64 : (unsigned)__builtin_clzll(~b->acc);
	if (ones >= max) {
		drop(b, max);
		return max;
	}
	drop(b, ones + 1);
	return ones;
}

uint64_t bits_zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

int64_t bits_unzigzag(uint64_t u)
{
	return (int64_t)(u >> 1 ^ (0 - (u & 1)));
}
