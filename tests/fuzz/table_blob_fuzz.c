/*
 * The private format of tables: whatever bytes lie in the database, they are
 * refused, or are a table that comes back as the same table.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_private.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	struct table *t = table_decode(a, (struct span){(const char *)data, n});
	struct buf b;

	buf_init(&b, TABLE_BLOB_MAX);
	if (t != NULL) {
		if (!table_encode(t, &b))
			abort();
		same(t, table_decode(a, (struct span){b.data, b.len}));
	}
	buf_free(&b);
	arena_free(a);
	return 0;
}
