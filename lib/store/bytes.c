#include "store/bytes.h"

#include <string.h>

void bytes_put_number(struct buf *b, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_char(b, (char)(n | 0x80));
	buf_char(b, (char)n);
}

void bytes_put_signed(struct buf *b, int64_t n)
{
	bytes_put_number(b, bytes_zigzag(n));
}

void bytes_put_text(struct buf *b, const char *s)
{
	size_t n;

	if (s == NULL) {
		bytes_put_number(b, 0);
		return;
	}
	n = strlen(s);
	bytes_put_number(b, n + 1);
	buf_add(b, s, n + 1);
}

bool bytes_number(struct span *in, uint64_t *n)
{
	unsigned char c;

	*n = 0;
	for (unsigned shift = 0; shift < 64 && in->n > 0; shift += 7) {
		c = (unsigned char)*in->p;
		in->p++;
		in->n--;
		if (shift == 63 && c > 1)
			return false;
		*n |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return true;
	}
	return false;
}

bool bytes_signed(struct span *in, int64_t *n)
{
	uint64_t u;

	if (!bytes_number(in, &u))
		return false;
	*n = bytes_unzigzag(u);
	return true;
}

bool bytes_part(struct span *in, uint64_t n, struct span *part)
{
	if (n > in->n)
		return false;
	*part = (struct span){in->p, n};
	in->p += n;
	in->n -= n;
	return true;
}

bool bytes_text(struct span *in, const char **s)
{
	struct span text;
	uint64_t n;

	*s = NULL;
	if (!bytes_number(in, &n))
		return false;
	if (n == 0)
		return true;
	if (!bytes_part(in, n, &text) ||
	    memchr(text.p, '\0', n) != text.p + n - 1 ||
	    !str_utf8_valid(text.p, n - 1))
		return false;
	*s = text.p;
	return true;
}
