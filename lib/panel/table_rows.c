#include "panel/table_rows.h"

#include <math.h>
#include <string.h>

double table_number(const char *cell)
{
	double v;

	return cell != NULL && str_number(cell, &v) ? v : NAN;
}

struct sorter {
	size_t column;
	int sign;
};

static int compare(const void *x, const void *y, void *ctx)
{
	const struct sorter *s = ctx;
	const char *a = (*(const char **const *)x)[s->column];
	const char *b = (*(const char **const *)y)[s->column];
	double u = table_number(a), v = table_number(b);
	bool none_a = a == NULL || a[0] == '\0';
	bool none_b = b == NULL || b[0] == '\0';

	if (none_a || none_b)
		return none_a - none_b;
	if (isnan(u) != isnan(v))
		return isnan(u) ? 1 : -1;
	if (!isnan(u))
		return s->sign * ((u > v) - (u < v));
	return strcmp(a, b) < 0 ? -s->sign : strcmp(a, b) > 0 ? s->sign : 0;
}

/* Merge sort of pointers. */
static void sort_rows(
    const char ***rows, const char ***spare, size_t n, struct sorter *s)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	sort_rows(rows, spare, half, s);
	sort_rows(rows + half, spare, n - half, s);
	while (i < half && j < n)
		spare[k++] =
		    compare(&rows[j], &rows[i], s) < 0 ? rows[j++] : rows[i++];
	while (i < half)
		spare[k++] = rows[i++];
	memcpy(rows, spare, k * sizeof(*rows));
}

void table_sort(
    struct arena *a, const char ***rows, size_t n, size_t column, int sign)
{
	struct sorter s = {.column = column, .sign = sign};

	sort_rows(rows, arena_array(a, n, sizeof(*rows)), n, &s);
}

struct grid *table_turn(struct arena *a, const struct grid *g)
{
	struct grid *t = arena_make(a, struct grid);

	t->foot = g->foot;
	t->n_columns = g->n_rows + 1;
	t->n_rows = g->n_columns > 0 ? g->n_columns - 1 : 0;
	t->columns = arena_array(a, t->n_columns, sizeof(*t->columns));
	t->columns[0].name = g->n_columns > 0 ? g->columns[0].name : "";
	for (size_t i = 0; i < g->n_rows; i++)
		t->columns[i + 1] =
		    (struct grid_column){g->rows[i][0].text, true};
	t->rows = arena_array(a, t->n_rows, sizeof(*t->rows));
	for (size_t r = 0; r < t->n_rows; r++) {
		t->rows[r] = arena_array(a, t->n_columns, sizeof(**t->rows));
		t->rows[r][0].text = g->columns[r + 1].name;
		for (size_t i = 0; i < g->n_rows; i++)
			t->rows[r][i + 1] = g->rows[i][r + 1];
	}
	return t;
}
