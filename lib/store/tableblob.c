#include "store/store_private.h"

#include <string.h>

/*
 * The private format of a table: a version byte; the numbers of columns,
 * rows and rows left out; the name and unit of each column; then the cells
 * by row. A number is a varint (7 bits a byte, low ones first, the high bit
 * says that more follow). A text is its length + 1, its bytes and a NUL, so
 * that it can be used where it lies; no text at all is the number 0.
 */
#define VERSION 1

#define COLUMNS_MAX 256

static void put_number(struct buf *b, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_char(b, (char)(n | 0x80));
	buf_char(b, (char)n);
}

static void put_text(struct buf *b, const char *s)
{
	size_t n;

	if (s == NULL) {
		put_number(b, 0);
		return;
	}
	n = strlen(s);
	put_number(b, n + 1);
	buf_add(b, s, n + 1);
}

bool table_encode(const struct table *t, struct buf *b)
{
	buf_char(b, VERSION);
	put_number(b, t->n_columns);
	put_number(b, t->n_rows);
	put_number(b, t->left_out);
	for (size_t i = 0; i < t->n_columns; i++) {
		put_text(b, t->columns[i].name);
		put_text(b, t->columns[i].unit);
	}
	for (size_t i = 0; i < t->n_rows; i++)
		for (size_t j = 0; j < t->n_columns; j++)
			put_text(b, t->rows[i][j]);
	return !b->failed;
}

static bool get_number(struct span *in, uint64_t *n)
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

static bool get_text(struct span *in, const char **s)
{
	uint64_t n;

	*s = NULL;
	if (!get_number(in, &n))
		return false;
	if (n == 0)
		return true;
	if (n > in->n || memchr(in->p, '\0', n) != in->p + n - 1 ||
	    !str_utf8_valid(in->p, n - 1))
		return false;
	*s = in->p;
	in->p += n;
	in->n -= n;
	return true;
}

/* Each cell takes at least a byte, so what is claimed can be checked. */
static bool get_size(struct span *in, struct table *t)
{
	uint64_t columns, rows, left_out;

	if (!get_number(in, &columns) || !get_number(in, &rows) ||
	    !get_number(in, &left_out) || columns > COLUMNS_MAX ||
	    rows > READINGS_MAX || left_out > SIZE_MAX ||
	    (2 + rows) * columns > in->n)
		return false;
	t->n_columns = columns;
	t->n_rows = t->cap_rows = rows;
	t->left_out = left_out;
	return true;
}

static bool get_columns(struct arena *a, struct span *in, struct table *t)
{
	t->columns = arena_array(a, t->n_columns, sizeof(*t->columns));
	for (size_t i = 0; i < t->n_columns; i++) {
		if (!get_text(in, &t->columns[i].name) ||
		    !get_text(in, &t->columns[i].unit) ||
		    t->columns[i].name == NULL || t->columns[i].unit == NULL)
			return false;
	}
	return true;
}

static bool get_rows(struct arena *a, struct span *in, struct table *t)
{
	const char **cells =
	    arena_array(a, t->n_rows * t->n_columns, sizeof(*cells));

	t->rows = arena_array(a, t->n_rows, sizeof(*t->rows));
	for (size_t i = 0; i < t->n_rows; i++) {
		t->rows[i] = cells + i * t->n_columns;
		for (size_t j = 0; j < t->n_columns; j++)
			if (!get_text(in, &t->rows[i][j]))
				return false;
	}
	return true;
}

struct table *table_decode(struct arena *a, struct span blob)
{
	struct span in = {arena_strndup(a, blob.p, blob.n), blob.n};
	struct table *t = arena_make(a, struct table);

	if (in.n == 0 || *in.p != VERSION)
		return NULL;
	in.p++;
	in.n--;
	t->name = "";
	if (!get_size(&in, t) || !get_columns(a, &in, t) ||
	    !get_rows(a, &in, t) || in.n != 0)
		return NULL;
	return t;
}
