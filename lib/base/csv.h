/*
 * Separated values (RFC 4180), row by row, by libcsv: for who decodes them
 * and who imports them.
 *
 * Bytes are fed as they come, in pieces of any size that end with a line (or
 * with the last piece). Blank lines are no rows. A quote within a field, or
 * text behind a quoted one, is an error: nobody can tell what was meant.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Of a row; more are counted, but their text is not kept. */
#define CSV_CELLS_MAX 256

/*
 * Cells are C strings: CRLF becomes LF, a NUL another control character.
 * What they hold is otherwise as it came, not checked to be UTF-8.
 */
struct csv_row {
	struct buf text;
	size_t start[CSV_CELLS_MAX];
	size_t n;
	size_t line; /* where it begins, from 1 */
};

const char *csv_cell(const struct csv_row *, size_t i);

enum csv_cause {
	CSV_BROKEN = -1, /* not separated values */
	CSV_LONG = -2,	 /* a row of more than max_row bytes */
};

struct csv_spec {
	char separator;
	bool one_line;	/* no field may hold a line feed */
	size_t max_row; /* bytes */
	/* Called for each row. -1 ends it. The taker may swap *row with
	   another that buf_init() has seen, to keep it. */
	int (*take)(void *ctx, struct csv_row *row, struct err *);
	void *ctx;
};

struct csv_reader;

must_use int csv_reader_open(
    struct csv_reader **, const struct csv_spec *, struct err *);

/*
 * -1: an error of the taker, or err->code is a csv_cause. After CSV_BROKEN and
 * CSV_LONG the line is left behind, and what follows can be fed.
 */
must_use int csv_reader_feed(
    struct csv_reader *, struct span bytes, struct err *);
must_use int csv_reader_end(struct csv_reader *, struct err *);

/* Where that was, from 1; the message leaves it to the caller to say. */
size_t csv_reader_line(const struct csv_reader *);
void csv_reader_close(struct csv_reader *); /* accepts NULL */

#endif
