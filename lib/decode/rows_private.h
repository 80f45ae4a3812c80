/*
 * The parts of rows, for each other only:
 *
 *	rows.c		rows to readings
 *	rows_number.c	cells that are numbers
 *	rows_rules.c	what is wanted of columns, and which rows don't fit
 */
#ifndef DECODE_ROWS_PRIVATE_H
#define DECODE_ROWS_PRIVATE_H

#include "decode/rows.h"

#define ROWS_NUMBER_MAX 64

/* Says which columns there are instead; returns -1. */
int rows_no_column(const struct rows *, const char *name, struct err *);

/* A number as text with a decimal point, in buf or as it is; or NULL. */
const char *rows_number(
    const struct rows *, const struct cell *, char buf[ROWS_NUMBER_MAX]);

/*
 * May a text be kept as a number? Not what would lose something by it: the
 * plus of a telephone number, leading zeros, digits past 64 bits.
 */
bool rows_is_plain(const char *);

static inline bool rows_is_empty(const struct cell *c)
{
	return c->text == NULL || c->text[0] == '\0';
}

/* The rules of each column. */
must_use int rows_find_rules(struct rows *, struct err *);

/* Fills cells that are empty from above; returns how many there are then. */
size_t rows_fill(struct rows *, struct cell *, size_t n);

/* False, and the row is counted as bad, if it lacks or has what it may not. */
bool rows_fit(struct rows *, const struct cell *, size_t n);

#endif
