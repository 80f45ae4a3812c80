#include "output/csv.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"

static bool like_formula(const char *s)
{
	double v;

	return s[0] != '\0' && strchr("=+-@", s[0]) != NULL &&
	       !str_number(s, &v);
}

static void text_cell(const char *s, struct buf *b)
{
	bool quoted = strpbrk(s, ",\"\r\n") != NULL;

	if (quoted)
		buf_char(b, '"');
	if (like_formula(s))
		buf_char(b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_char(b, '"');
		buf_char(b, *s);
	}
	if (quoted)
		buf_char(b, '"');
}

/* A time, a number, or nothing for a hole. */
static void number_cell(struct arena *a, const struct numbers *n, size_t column,
    double v, struct buf *b)
{
	if (!isfinite(v))
		return;
	if (column == 0 && str_eq(n->columns[0], "time"))
		buf_str(b, clock_iso(a, (int64_t)v));
	else
		buf_number(b, v);
}

static void row(
    struct arena *a, const struct numbers *n, size_t i, struct buf *b)
{
	for (size_t c = 0; c < n->n_columns; c++) {
		if (c > 0)
			buf_char(b, ',');
		if (!n->text)
			number_cell(a, n, c, n->values[i][c], b);
		else if (n->cells[i][c] != NULL)
			text_cell(n->cells[i][c], b);
	}
	buf_str(b, "\r\n");
}

void csv_numbers(const struct numbers *n, struct buf *b)
{
	struct arena *a = arena_new();

	for (size_t c = 0; c < n->n_columns; c++) {
		if (c > 0)
			buf_char(b, ',');
		text_cell(n->columns[c], b);
	}
	buf_str(b, "\r\n");
	for (size_t i = 0; i < n->n_rows; i++)
		row(a, n, i, b);
	arena_free(a);
}
