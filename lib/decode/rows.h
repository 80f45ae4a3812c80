/*
 * From rows with named columns to readings: what csv, json and sql share.
 *
 * Rows come one by one. A row that does not fit costs only itself: the first
 * such is a warning with the number of the others, and is the error if there
 * was no other row.
 */
#ifndef DECODE_ROWS_H
#define DECODE_ROWS_H

#include "decode/decode.h"

#define ROWS_COLUMNS_MAX 256

/* A number is flagged where the document says so ("12" may be a name). */
struct cell {
	const char *text; /* NULL: nothing there */
	bool number;
};

struct rows_spec {
	enum decode_as as;
	const char *word; /* what a row is called: "line" */
	const char *name; /* of a table, and before metrics; may be NULL */

	/* Names of columns; NULL for none. */
	const char *key;  /* of a record; a label of samples */
	const char *time; /* and its format as of moment.h */
	const char *time_format;
	const char *metric, *value; /* of samples, one per row */
	const char *text;	    /* of lines */
	bool must;		    /* key and time must be there */

	bool comma;  /* decimal comma */
	bool strict; /* samples: texts are labels and never numbers */
	bool slug;   /* samples: metrics are columns' names made plain */

	/* Of samples' metrics and tables' columns. */
	const char *unit;
	struct pairs units;
	struct strings counters; /* globs */
};

struct rows {
	const struct rows_spec *spec;
	struct readings *out;
	const char **names;   /* cleaned, unique */
	const char **metrics; /* of each column */
	size_t n;
	int key, time, metric, value, text; /* positions or -1 */
	struct table *table;
	size_t at; /* number of the row, set before rows_add() */
	size_t good, bad, cells, holes;
	char fault[ERR_TEXT_MAX];
};

/* An empty name becomes "column_3", a second "Distance" "Distance_2". */
must_use int rows_begin(struct rows *, const struct rows_spec *,
    struct readings *, const char *const *names, size_t n, struct err *);

/* At most as many cells as there are names; those that lack are empty. */
must_use int rows_add(
    struct rows *, const struct cell *, size_t n, struct err *);

/* Counts a row that is left out, and why: "line 7 has ...". */
void rows_bad(struct rows *, const char *fmt, ...) printf_like(2, 3);

must_use int rows_end(struct rows *, struct err *);

#endif
