/*
 * Rows of SQL on their way from the source to its decoder, which are
 * strangers: a sequence of items, each a tag, a text and a NUL byte.
 *
 *	Q name		a query begins; "" where a source has only one
 *	C name		one of its columns; they come before all cells
 *	0		a cell: NULL
 *	N 12.5		a number, decimal
 *	T text		any text, also what is not UTF-8
 *	D time		a date or time in ISO 8601, with an offset or without
 *
 * After the columns come the cells, row by row, as many in each as there are
 * columns.
 */
#ifndef MODEL_ROWSET_H
#define MODEL_ROWSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum rowset_tag {
	ROWSET_QUERY = 'Q',
	ROWSET_COLUMN = 'C',
	ROWSET_NULL = '0',
	ROWSET_NUMBER = 'N',
	ROWSET_TEXT = 'T',
	ROWSET_TIME = 'D',
};

/* A NUL within the text becomes another control character. */
void rowset_put(struct buf *, enum rowset_tag, const char *, size_t n);

struct rowset_item {
	enum rowset_tag tag;
	const char *text; /* within what is read */
};

/* 1: an item; 0: the end; -1: this is no rowset. */
int rowset_next(struct span *rest, struct rowset_item *);

#endif
