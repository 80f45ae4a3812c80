/*
 * What can be compared of one moment: of each series how it was in a window
 * before it and how much it varies by itself, the texts of tables, alerts,
 * kinds of log lines, and how the sources were. Read from the store, or from
 * a snapshot, which has them inside. Plain data, in an arena.
 */
#ifndef MODEL_GIST_H
#define MODEL_GIST_H

#include "base/str.h"
#include "model/alert.h"
#include "model/series.h"

/* The reference is so many windows, up to the moment. */
#define GIST_REFERENCE 24

/* Samples of (at - window, at], and of the whole reference. */
struct gist_series {
	const char *name, *unit;
	size_t n;      /* of the window */
	size_t known;  /* of the reference, window included */
	double median; /* of the window; NaN: none */
	double spread; /* of the reference: see diff/score.h; NaN: none */
};

/* A table, or the records of a source: what is text in them. */
struct gist_table {
	const char *source, *name;
	bool records;	   /* then the first column is their key */
	bool first_number; /* the first column is one; the others are text */
	struct strings columns;
	const char ***rows; /* n_rows × columns.n; cells may be NULL */
	size_t n_rows, cap_rows;
	size_t left_out; /* rows that the table has no room for */
};

/* Lines that differ in numbers and names only: see diff/pattern.h. */
struct gist_pattern {
	const char *text;
	const char *source, *example; /* the newest */
	const char *level;	      /* "error", "warn" or "" */
	size_t n;		      /* lines of the window */
	size_t known;		      /* of the reference before it */
};

struct gist {
	int64_t at;
	int64_t window;		    /* seconds */
	const char *page;	    /* whose panels it is of; NULL: of all */
	struct strings panels;	    /* globs of those; none: all of the page */
	struct gist_series *series; /* by name, in bytes */
	size_t n_series, cap_series;
	struct gist_table *tables;
	size_t n_tables, cap_tables;
	struct alert *alerts; /* that go on, or ended in the month before */
	size_t n_alerts, cap_alerts;
	struct gist_pattern *patterns; /* the most frequent first */
	size_t n_patterns, cap_patterns;
	size_t lines_left_out; /* in no pattern */
	struct source_status *sources;
	size_t n_sources, cap_sources;
};

/* Is it the same table, as of two moments? */
bool gist_same_table(const struct gist_table *, const struct gist_table *);

#endif
