/*
 * Rows of a query, for panels that are made from them.
 */
#ifndef TESTS_PANEL_ROWS_H
#define TESTS_PANEL_ROWS_H

#include "panel_input.h"

/* Columns and cells by a blank; a number is a number, "-" is NULL. */
static inline void set_rows(struct rig *r, const char *columns, size_t n,
    const char *const *cells, size_t rows)
{
	struct answer *a = arena_make(r->arena, struct answer);
	char *names = arena_strdup(r->arena, columns), *save;

	a->n_columns = n;
	a->n_rows = rows;
	a->columns = arena_array(r->arena, n, sizeof(*a->columns));
	a->rows = arena_array(r->arena, rows, sizeof(*a->rows));
	for (size_t i = 0; i < n; i++)
		a->columns[i] = strtok_r(i == 0 ? names : NULL, " ", &save);
	for (size_t i = 0; i < rows * n; i++) {
		struct answer_cell *c;

		if (i % n == 0)
			a->rows[i / n] = arena_array(r->arena, n, sizeof(*c));
		c = &a->rows[i / n][i % n];
		*c = (struct answer_cell){
		    ANSWER_TEXT, NAN, str_eq(cells[i], "-") ? NULL : cells[i]};
		if (c->text == NULL)
			c->type = ANSWER_NULL;
		else if (str_number(c->text, &c->number))
			c->type = ANSWER_NUMBER;
	}
	r->in.answer = a;
}

#define ROWS(r, columns, n, ...)                                               \
	set_rows(r, columns, n, (const char *const[]){__VA_ARGS__},            \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *) / (n))

#endif
