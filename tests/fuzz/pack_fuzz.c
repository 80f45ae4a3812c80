/*
 * Packs of tables and of lines: whatever bytes lie in the database, they are
 * refused, or are tables and lines that come back as the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/linepack.h"
#include "store/tablepack.h"

/* Of so many versions, so that one input is soon done. */
#define VERSIONS_MAX 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void same(const struct table *a, const struct table *b)
{
	if (b == NULL || a->n_columns != b->n_columns ||
	    a->n_rows != b->n_rows || a->left_out != b->left_out)
		abort();
	for (size_t i = 0; i < a->n_columns; i++)
		if (!str_eq(a->columns[i].name, b->columns[i].name) ||
		    !str_eq(a->columns[i].unit, b->columns[i].unit))
			abort();
	for (size_t i = 0; i < a->n_rows; i++)
		for (size_t j = 0; j < a->n_columns; j++)
			if (!str_eq(a->rows[i][j], b->rows[i][j]))
				abort();
}

static void again(struct arena *a, struct table_version *v, size_t n)
{
	struct table_version *back;
	struct buf b;
	size_t m;

	buf_init(&b, (size_t)64 * 1024 * 1024);
	tablepack_put(&b, v, n);
	if (b.failed ||
	    !tablepack_times(a, (struct span){b.data, b.len}, &back, &m) ||
	    m != n)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (back[i].ts != v[i].ts || back[i].until != v[i].until)
			abort();
		same(v[i].table,
		    tablepack_get(a, (struct span){b.data, b.len}, i));
	}
	buf_free(&b);
}

static void tables(struct arena *a, struct span in)
{
	struct table_version *v;
	size_t n;

	if (!tablepack_times(a, in, &v, &n) || n == 0 || n > VERSIONS_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		if ((v[i].table = tablepack_get(a, in, i)) == NULL)
			return;
	again(a, v, n);
}

static void lines(struct arena *a, struct span in)
{
	struct packed_line *l, *back;
	struct buf b;
	size_t n, m;

	if (!linepack_get(a, in, &l, &n))
		return;
	buf_init(&b, (size_t)64 * 1024 * 1024);
	linepack_put(&b, l, n);
	if (!linepack_get(a, (struct span){b.data, b.len}, &back, &m) || m != n)
		abort();
	for (size_t i = 0; i < n; i++)
		if (l[i].id != back[i].id || l[i].ts != back[i].ts ||
		    !str_eq(l[i].text, back[i].text))
			abort();
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span in = {(const char *)data, n};
	struct arena *a = arena_new();

	tables(a, in);
	lines(a, in);
	arena_free(a);
	return 0;
}
