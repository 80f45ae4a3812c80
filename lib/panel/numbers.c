#include <math.h>
#include <stdlib.h>

#include "panel/parts.h"

#define CELLS_MAX 2000000 /* 16 MB; a chart's points stay far below */

static int rising(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Every time at which any series has a point, once. */
static int64_t *all_times(
    struct arena *a, const struct series *series, size_t n, size_t *n_times)
{
	size_t total = 0, kept = 0;
	int64_t *ts;

	for (size_t i = 0; i < n; i++)
		total += series[i].n;
	ts = arena_array(a, total, sizeof(*ts));
	total = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < series[i].n; k++)
			ts[total++] = series[i].points[k].ts;
	qsort(ts, total, sizeof(*ts), rising);
	for (size_t i = 0; i < total; i++)
		if (kept == 0 || ts[i] > ts[kept - 1])
			ts[kept++] = ts[i];
	*n_times = kept;
	return ts;
}

static void fill_column(
    struct numbers *nums, const struct series *s, size_t column)
{
	size_t k = 0;

	for (size_t row = 0; row < nums->n_rows; row++) {
		double *cell = &nums->values[row][column];

		*cell = NAN;
		while (
		    k < s->n && (double)s->points[k].ts < nums->values[row][0])
			k++;
		if (k < s->n && (double)s->points[k].ts == nums->values[row][0])
			*cell = s->points[k].mean;
	}
}

static const char *common_unit(const struct series *series, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!str_eq(series[i].unit, series[0].unit))
			return NULL;
	return n > 0 ? series[0].unit : NULL;
}

struct numbers *numbers_of_series(
    struct arena *a, const struct series *series, const char **names, size_t n)
{
	struct numbers *nums = arena_make(a, struct numbers);
	size_t rows;
	int64_t *ts = all_times(a, series, n, &rows);

	if (n + 1 > CELLS_MAX / (rows + 1))
		rows = CELLS_MAX / (n + 1);
	nums->unit = common_unit(series, n);
	nums->columns = arena_array(a, n + 1, sizeof(*nums->columns));
	nums->columns[0] = "time";
	nums->n_columns = n + 1;
	nums->n_rows = rows;
	nums->values = arena_array(a, rows, sizeof(*nums->values));
	for (size_t row = 0; row < rows; row++) {
		nums->values[row] = arena_array(a, n + 1, sizeof(double));
		nums->values[row][0] = (double)ts[row];
	}
	for (size_t i = 0; i < n; i++) {
		nums->columns[i + 1] = names[i];
		fill_column(nums, &series[i], i + 1);
	}
	return nums;
}
