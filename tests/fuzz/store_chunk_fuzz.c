/*
 * Chunks and hot rows: whatever bytes lie in the database, they are refused,
 * or are samples at increasing times that come back as the same samples.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/cohort.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int64_t ts[CODEC_MAX], ts_again[CODEC_MAX];
static double values[CODEC_MAX], values_again[CODEC_MAX];
static struct cell cells[CODEC_MAX], cells_again[CODEC_MAX];

static void samples(struct span bytes)
{
	size_t n = codec_get_samples(bytes, ts, values), again;
	struct buf b;

	if (n == 0)
		return;
	for (size_t i = 1; i < n; i++)
		if (ts[i] <= ts[i - 1])
			abort();
	buf_init(&b, (size_t)16 * 1024 * 1024);
	codec_put_samples(&b, ts, values, n);
	again = codec_get_samples(
	    (struct span){b.data, b.len}, ts_again, values_again);
	if (again != n || memcmp(ts, ts_again, n * sizeof(*ts)) != 0 ||
	    memcmp(values, values_again, n * sizeof(*values)) != 0)
		abort();
	buf_free(&b);
}

static void rollups(struct span bytes)
{
	size_t n = codec_get_cells(bytes, cells, 300), again;
	struct buf b;

	if (n == 0)
		return;
	buf_init(&b, (size_t)16 * 1024 * 1024);
	codec_put_cells(&b, cells, n, 300);
	again = codec_get_cells((struct span){b.data, b.len}, cells_again, 300);
	if (again != n)
		abort();
	for (size_t i = 0; i < n; i++)
		if (cells[i].ts != cells_again[i].ts ||
		    cells[i].count != cells_again[i].count ||
		    memcmp(&cells[i].min, &cells_again[i].min,
			sizeof(double)) != 0 ||
		    memcmp(&cells[i].max, &cells_again[i].max,
			sizeof(double)) != 0)
			abort();
	buf_free(&b);
}

static void hot_row(struct span bytes)
{
	static struct hot_row row, again;
	struct arena *a = arena_new();
	struct buf b;

	buf_init(&b, (size_t)16 * 1024 * 1024);
	if (hot_decode(a, bytes, 1793330040, &row)) {
		hot_encode(&row, 1793330040, &b);
		if (!hot_decode(
			a, (struct span){b.data, b.len}, 1793330040, &again) ||
		    again.present != row.present || again.n_own != row.n_own)
			abort();
	}
	buf_free(&b);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span bytes = {(const char *)data, n};

	samples(bytes);
	rollups(bytes);
	hot_row(bytes);
	return 0;
}
