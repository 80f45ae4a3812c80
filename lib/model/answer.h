/*
 * What a query answers: rows of named columns, as they came. Plain data, in
 * an arena; bounded where it is asked for.
 *
 * It is what a panel with `query:` is made from. What the columns mean is
 * the kind's to say: for lines the first is the time, `ts`; a table shows
 * them all; a scatter takes x, y and size by their names.
 */
#ifndef MODEL_ANSWER_H
#define MODEL_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

enum answer_type { ANSWER_NULL, ANSWER_NUMBER, ANSWER_TEXT };

struct answer_cell {
	enum answer_type type;
	double number;	  /* NaN unless it is one */
	const char *text; /* also of numbers, every digit; NULL of NULL */
};

struct answer {
	const char **columns; /* clean text of one line, not always unique */
	size_t n_columns;
	struct answer_cell **rows; /* n_rows × n_columns */
	size_t n_rows, cap_rows;
};

/* The position of a column, -1 if there is none. Case does not matter. */
int answer_column(const struct answer *, const char *name);

#endif
