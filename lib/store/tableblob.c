#include "store/bytes.h"
#include "store/store_private.h"

/*
 * The private format of a table: a version byte; the numbers of columns,
 * rows and rows left out; the name and unit of each column; then the cells
 * by row: numbers and texts as in bytes.h.
 */
#define VERSION 1

#define COLUMNS_MAX 256

bool table_encode(const struct table *t, struct buf *b)
{
	buf_char(b, VERSION);
	bytes_put_number(b, t->n_columns);
	bytes_put_number(b, t->n_rows);
	bytes_put_number(b, t->left_out);
	for (size_t i = 0; i < t->n_columns; i++) {
		bytes_put_text(b, t->columns[i].name);
		bytes_put_text(b, t->columns[i].unit);
	}
	for (size_t i = 0; i < t->n_rows; i++)
		for (size_t j = 0; j < t->n_columns; j++)
			bytes_put_text(b, t->rows[i][j]);
	return !b->failed;
}

/* Each cell takes at least a byte, so what is claimed can be checked. */
static bool get_size(struct span *in, struct table *t)
{
	uint64_t columns, rows, left_out;

	if (!bytes_number(in, &columns) || !bytes_number(in, &rows) ||
	    !bytes_number(in, &left_out) || columns > COLUMNS_MAX ||
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
		if (!bytes_text(in, &t->columns[i].name) ||
		    !bytes_text(in, &t->columns[i].unit) ||
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
			if (!bytes_text(in, &t->rows[i][j]))
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
