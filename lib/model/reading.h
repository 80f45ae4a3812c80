/*
 * What a decoder makes of the bytes of one source in one run: samples,
 * records, tables and lines. Plain data, in the arena of the readings.
 *
 * Bounds: a decoder stops with OUTCOME_TOO_LARGE rather than add more than
 * READINGS_MAX of a kind; names and texts are valid UTF-8 without control
 * characters (texts may hold line feeds), at most READING_TEXT_MAX bytes.
 * readings_*() see to both.
 *
 * What is missing or odd but costs only itself is a warning: a sentence like
 * an error's, of which the first READINGS_WARNINGS_MAX are kept.
 */
#ifndef MODEL_READING_H
#define MODEL_READING_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define READINGS_MAX	      200000
#define READINGS_WARNINGS_MAX 8
#define READING_NAME_MAX      512
#define READING_TEXT_MAX      8192
#define READINGS_COLUMNS_MAX  256 /* of a table; fields of a record */

/* Units that scale themselves when shown; any other word is shown as is. */
#define UNIT_PERCENT "percent"
#define UNIT_BYTES   "bytes"
#define UNIT_SECONDS "seconds"
#define UNIT_COUNT   "count"
#define UNIT_NUMBER  "number" /* never scaled */

struct label {
	const char *name, *value;
};

/*
 * A number. `metric` is the series' name within its source, labels included
 * as by metric_name(): cpu, disk{mount="/var"}. A counter only ever grows
 * (but for resets); it becomes a rate per second, its unit "UNIT/s", on the
 * way to the store. NaN is a hole and is not stored.
 */
struct sample {
	const char *metric;
	const char *unit; /* "" if unknown */
	double value;
	int64_t ts; /* 0: the time of the run */
	bool counter;
};

/* One thing with a key: inserted, or replaced where the key is known. */
struct field {
	const char *name, *value; /* value NULL: null */
	bool number;		  /* value is a decimal number */
};

struct record {
	const char *key;
	int64_t ts; /* 0: the time of the run */
	struct field *fields;
	size_t n;
};

/* A table as of this run, replaced whole. Cells are text; NULL is empty. */
struct column {
	const char *name;
	const char *unit; /* "": text; otherwise cells are numbers */
};

struct table {
	const char *name; /* "" for a source with one table */
	struct column *columns;
	size_t n_columns;
	const char ***rows; /* n_rows × n_columns */
	size_t n_rows, cap_rows;
	size_t left_out; /* rows that were cut */
};

/* One line of a log. */
struct line {
	int64_t ts; /* 0: the time of the run */
	const char *text;
};

struct readings {
	struct arena *arena; /* owns everything below */
	struct sample *samples;
	size_t n_samples, cap_samples;
	struct record *records;
	size_t n_records, cap_records;
	struct table *tables;
	size_t n_tables, cap_tables;
	struct line *lines;
	size_t n_lines, cap_lines;
	size_t lines_left_out; /* counted, not kept */
	struct strings warnings;
	size_t warnings_left_out; /* counted, not kept */
	struct span state;	  /* what the decoder wants back next time */
};

/* The bytes of this readings come from a (not owned). */
void readings_init(struct readings *, struct arena *a);

/* "metric", or "metric{a="1",b="2"}" with labels sorted and escaped. */
const char *metric_name(
    struct arena *, const char *metric, const struct label *, size_t n);

/*
 * Adders copy and clean what they are given. NULL (or false) means that a
 * bound is met: set OUTCOME_TOO_LARGE.
 */
struct sample *readings_sample(
    struct readings *, const char *metric, double value, const char *unit);
struct record *readings_record(struct readings *, const char *key,
    size_t n_fields); /* fields zeroed, to be set by record_field() */
void record_field(struct readings *, struct record *, size_t i,
    const char *name, const char *value, bool number);
struct table *readings_table(struct readings *, const char *name,
    size_t n_columns); /* columns zeroed, to be set by table_column() */
/* Tables of one name and the same columns become one, rows one after the
 * other: what came in several parts. */
void readings_join_tables(struct readings *);
void table_column(struct readings *, struct table *, size_t i, const char *name,
    const char *unit);
const char **table_row(struct readings *, struct table *); /* all NULL */
void table_cell(
    struct readings *, const char **row, size_t i, const char *, size_t n);
bool readings_line(struct readings *, int64_t ts, const char *, size_t n);
void readings_warn(struct readings *, const char *fmt, ...) printf_like(2, 3);

#endif
