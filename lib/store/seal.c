#include "store/seal.h"

static uint32_t sum_of(const char *p, size_t n, int64_t a, int64_t b)
{
	unsigned char key[16];

	for (int i = 0; i < 8; i++) {
		key[i] = (unsigned char)((uint64_t)a >> 8 * i);
		key[8 + i] = (unsigned char)((uint64_t)b >> 8 * i);
	}
	return zip_sum(zip_sum(0, key, sizeof(key)), p, n);
}

void seal_put(struct buf *out, int64_t a, int64_t b)
{
	uint32_t sum = sum_of(out->data, out->len, a, b);

	for (int i = 0; i < SEAL_BYTES; i++)
		buf_char(out, (char)(sum >> 8 * i));
}

bool seal_take(struct span *in, int64_t a, int64_t b)
{
	uint32_t sum = 0;

	if (in->n < SEAL_BYTES)
		return false;
	in->n -= SEAL_BYTES;
	for (int i = 0; i < SEAL_BYTES; i++)
		sum |= (uint32_t)(unsigned char)in->p[in->n + (size_t)i]
		       << 8 * i;
	return sum == sum_of(in->p, in->n, a, b);
}
