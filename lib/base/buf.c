#include "base/buf.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECIMALS 3 /* of the numbers that are short */

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_free(struct buf *b)
{
	size_t max = b->max;

	free(b->data);
	buf_init(b, max);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* Room for n more bytes and the NUL. */
static bool reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap == 0 ? 256 : b->cap;
	char *data;

	if (b->failed || n > b->max - b->len) {
		b->failed = true;
		return false;
	}
	if (b->data != NULL && b->len + n < b->cap)
		return true;
	while (cap <= b->len + n)
		cap *= 2;
	data = realloc(b->data, cap);
	if (data == NULL) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (!reserve(b, n))
		return;
	if (n > 0)
		memcpy(b->data + b->len, p, n);
	b->len += n;
	b->data[b->len] = '\0';
}

bool buf_add_some(struct buf *b, const void *p, size_t n)
{
	size_t room = b->max - b->len;
	bool all = n <= room;

	buf_add(b, p, all ? n : room);
	if (!all)
		b->failed = true;
	return !b->failed;
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

/* Into the room that there is; again if that was too small. */
void buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->failed || b->data == NULL ? 0 : b->cap - b->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(room == 0 ? NULL : b->data + b->len, room, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(b, (size_t)n)) {
		b->failed = true;
		if (room > 0)
			b->data[b->len] = '\0';
		return;
	}
	if ((size_t)n >= room) {
		va_start(ap, fmt);
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	b->len += (size_t)n;
}

/*
 * v in units of 1 / scale, if that is a whole number of at most 15 digits:
 * then its digits are those of %.15g.
 */
static bool is_whole(double v, double scale, int64_t *units)
{
	double u = nearbyint(v * scale);

	if (!(fabs(u) < 1e15) || u / scale != v)
		return false;
	*units = (int64_t)u;
	return true;
}

/* printf() takes several times as long, and most numbers are short. */
void buf_number(struct buf *b, double v)
{
	char text[24], *s = text + sizeof(text);
	double scale = 1;
	int64_t units = 0;
	int decimals = 0;
	uint64_t left;

	while (decimals <= DECIMALS && !is_whole(v, scale, &units)) {
		scale *= 10;
		decimals++;
	}
	if (decimals > DECIMALS || (units == 0 && signbit(v))) {
		buf_printf(b, "%.15g", v);
		return;
	}
	left = (uint64_t)llabs(units);
	for (int i = 0; left > 0 || i <= decimals; i++, left /= 10) {
		*--s = (char)('0' + left % 10);
		if (i + 1 == decimals)
			*--s = '.';
	}
	if (units < 0)
		*--s = '-';
	buf_add(b, s, (size_t)(text + sizeof(text) - s));
}

const char *buf_text(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}
