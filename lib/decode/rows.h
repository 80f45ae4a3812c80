/*
 * From rows with named columns to readings: what csv, json and sql share.
 *
 * Rows come one by one. A row that does not fit costs only itself: it is a
 * warning, and the first such is the error if there was no other row.
 */
#ifndef DECODE_ROWS_H
#define DECODE_ROWS_H

#include "decode/decode.h"

#define ROWS_COLUMNS_MAX 256

/* What is wanted of the columns, as options that csv and json share. */
struct rows_rules {
	struct strings required; /* may not be empty */
	struct strings fill;	 /* empty: the same as above */
	struct strings series;	 /* of records: samples as well */
	const char *zone;	 /* of times without an offset; NULL: ours */
	int comma;		 /* enum: 1 is a decimal comma */
};

#define ROWS_RULES(conf, member)                                               \
	{"required", OPTION_LIST,                                              \
	    offsetof(conf, member) + offsetof(struct rows_rules, required),    \
	    .help = "columns that must not be empty; rows that lack one are "  \
		    "left out and listed"},                                    \
	    {"fill", OPTION_LIST,                                              \
		offsetof(conf, member) + offsetof(struct rows_rules, fill),    \
		.help = "columns whose empty cells mean the same as above, "   \
			"as merged cells of a spreadsheet do"},                \
	    {"series", OPTION_LIST,                                            \
		offsetof(conf, member) + offsetof(struct rows_rules, series),  \
		.help = "columns of records that are series as well, at the "  \
			"records' own times"},                                 \
	    {"time_zone", OPTION_TEXT,                                         \
		offsetof(conf, member) + offsetof(struct rows_rules, zone),    \
		.help = "IANA name of the zone of times that say none; the "   \
			"page's own if left out"},                             \
	{                                                                      \
		"decimal", OPTION_CHOICE,                                      \
		    offsetof(conf, member) +                                   \
			offsetof(struct rows_rules, comma),                    \
		    .deflt = ".", .choices = ".|,",                            \
		    .help = "what parts a number that is text from its "       \
			    "fraction"                                         \
	}

/* Says what of them can't be. */
void rows_check(
    const struct rows_rules *, const struct node *, struct faults *);

/* Reads times in the rules' zone from now on; returns the one before. */
const char *rows_enter(const struct rows_rules *, struct arena *);
void rows_leave(const char *zone);

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

	struct rows_rules rules;
	bool typed;  /* tables too: units are of numbers, time is in epoch s */
	bool strict; /* samples: texts are labels and never numbers */
	bool slug;   /* samples: metrics are columns' names made plain */

	/* Of samples' metrics and tables' columns. */
	const char *unit;
	struct pairs units;
	struct strings counters; /* globs */
};

struct rows_column {
	bool required, fill, series, number;
	struct cell above; /* the last that was not empty */
};

struct rows {
	const struct rows_spec *spec;
	struct readings *out;
	const char **names;   /* cleaned, unique */
	const char **metrics; /* of each column */
	struct rows_column *columns;
	size_t n;
	int key, time, metric, value, text; /* positions or -1 */
	struct table *table;
	size_t at; /* number of the row, set before rows_add() */
	size_t good, bad, cells, holes;
	struct strings faults; /* the first of the bad */
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
