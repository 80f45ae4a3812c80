/*
 * What differs between two moments: the gist of A against those of B. Pure.
 * Plain data, in an arena; it points into the gist.
 *
 * Only what both know of is compared: of snapshots of a page's panels, these.
 */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "model/gist.h"

/* name, word for people and JSON */
#define DIFF_CHANGES(X)                                                        \
	X(MOVED, "moved")	/* a series: see score.h */                    \
	X(APPEARED, "appeared") /* a series, a table */                        \
	X(SILENT, "silent")	/* a series that had values at A */            \
	X(CAME, "came")		/* a row */                                    \
	X(WENT, "went")		/* a row, a table */                           \
	X(NUMBER, "number")	/* how many rows are the same */               \
	X(CHANGED, "changed")	/* a cell */                                   \
	X(MANY, "many")		/* cells of a column, most of all */           \
	X(BEGAN, "began")	/* an alert fires */                           \
	X(ENDED, "ended")                                                      \
	X(PASSED, "passed") /* began and ended in between */                   \
	X(STILL, "still")   /* an alert fires, a source fails, as at A */      \
	X(NEW, "new")	    /* a pattern of lines */                           \
	X(GONE, "gone")                                                        \
	X(FAILS, "fails") /* a source */                                       \
	X(ANSWERS, "answers")

enum diff_change {
#define X(name, word) DIFF_##name,
	DIFF_CHANGES(X)
#undef X
};

const char *diff_change_word(enum diff_change);

struct diff_series {
	enum diff_change change;
	const struct gist_series *a, *b; /* NULL: not known there */
	double score;			 /* of MOVED */
};

struct diff_row {
	enum diff_change change;
	const char *key; /* its cells, of CAME, WENT and NUMBER all of them */
	const char *column;	    /* of CHANGED and MANY, or NULL */
	const char *before, *after; /* of CHANGED; NULL: empty */
	size_t n_before, n_after;   /* of NUMBER; of MANY changed and all */
};

struct diff_table {
	enum diff_change change; /* CHANGED, APPEARED, WENT */
	const struct gist_table *table;
	struct diff_row *rows;
	size_t n_rows, cap_rows;
	bool cut; /* rows that are not there may only have had no room */
};

struct diff_alert {
	enum diff_change change; /* BEGAN, ENDED, PASSED, STILL */
	const struct alert *alert;
};

struct diff_pattern {
	enum diff_change change; /* NEW, GONE */
	const struct gist_pattern *pattern;
};

struct diff_source {
	enum diff_change change;	    /* FAILS, ANSWERS, STILL */
	const struct source_status *status; /* of ANSWERS at A, else at B */
};

struct diff {
	const struct gist *a, *b;
	struct diff_series *series; /* by score, then those that came or went */
	size_t n_series, cap_series;
	size_t moved;		/* of them, and of those left out */
	size_t series_left_out; /* that moved less */
	struct diff_table *tables;
	size_t n_tables, cap_tables;
	struct diff_alert *alerts;
	size_t n_alerts, cap_alerts;
	struct diff_pattern *patterns; /* new ones, the most frequent first */
	size_t n_patterns, cap_patterns;
	struct diff_source *sources;
	size_t n_sources, cap_sources;
	bool differs; /* anything but what is STILL */
};

/* Of the series that moved the `most` that moved most. */
void diff_gist(struct arena *, const struct gist *a, const struct gist *b,
    size_t most, struct diff *);

/* Parts of diff_gist(). */
void diff_all_tables(struct arena *, struct diff *);

#endif
