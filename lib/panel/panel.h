/*
 * Panels: series, tables and lines to a block of the report. A kind is one
 * file, which ends in its `const struct panel_kind`, and one line in kinds.h.
 *
 * A panel says what it needs; the run asks the store for it and calls
 * build(). build() is pure: equal input makes an equal block.
 */
#ifndef PANEL_PANEL_H
#define PANEL_PANEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "chart/outline.h"
#include "chart/scene.h"
#include "conf/option.h"
#include "model/answer.h"
#include "model/record.h"
#include "model/report.h"
#include "model/series.h"
#include "model/tile.h"

/* Options that every panel takes. */
struct panel_common {
	struct strings series;	 /* globs */
	const char *query;	 /* SQL, instead of series or a table */
	const char *source;	 /* of a table, or of records */
	const char *table;	 /* its name, "" or NULL: the only one */
	struct strings sources;	 /* of lines */
	int width;		 /* enum panel_width */
	const char *unit;	 /* overrides the series' own */
	double period;		 /* seconds; 0: the page's */
	int derive;		 /* enum derive; see derive.h */
	double smooth;		 /* seconds; 0: not */
	bool private;		 /* not in the public output */
	struct strings embed;	 /* svg png pdf */
	bool rows;		 /* of the query only its rows are wanted */
	const struct node *each; /* of a family, replaced before binding */
};

extern const struct option panel_common_options[];

/* What the run has to ask the store for. */
enum panel_needs {
	NEEDS_NOTHING = 0,
	NEEDS_SERIES = 1,
	NEEDS_TABLE = 2,
	NEEDS_LINES = 4,
	NEEDS_STATUS = 8,
	NEEDS_RECORDS = 16,
	NEEDS_OUTLINES = 32,
	NEEDS_ALERTS = 64, /* all of them */
	/* With query: its rows, in place of series and table. */
	NEEDS_ANSWER = 128,
	NEEDS_ROWS = 256, /* and nothing else is made of its rows */
	NEEDS_ANCHORS = 256,
};

/* What only a panel's own options tell. */
#define PANEL_MOMENTS 4

struct panel_wish {
	double past;	  /* seconds of its records' history */
	int64_t reach;	  /* seconds before the view, of its series */
	const char *file; /* to be read, of at most PANEL_FILE_MAX bytes */
	int64_t moments[PANEL_MOMENTS]; /* its series are wanted as of these */
	size_t n_moments;
};

#define PANEL_FILE_MAX ((size_t)4 * 1024 * 1024)

/* The table of one source. */
struct found_table {
	const char *source;
	const struct table *table;
	int64_t ts;
};

/* Where the panels of one source are. */
struct panel_anchor {
	const char *source;
	const char *href; /* "#cpu-app1", or on another page */
};

struct panel_input {
	const void *conf; /* the kind's bound options */
	const struct panel_common *common;
	const char *title;
	int64_t now, from, to; /* the view, to is normally now */
	int64_t period;	       /* seconds; from is later in a young memory */
	int64_t run_every;     /* seconds between runs */
	bool past; /* `now` is an end of long ago: nothing is late */
	const char *choose, *choice; /* queries have :choose; NULL: none */
	const struct ruler *ruler;

	const struct series *series;
	size_t n_series;
	/* As of the moments wished for: name, last and last_ts, no points. */
	const struct series *then[PANEL_MOMENTS];
	size_t n_then[PANEL_MOMENTS];
	/*
	 * Of query:, else NULL. For kinds that need series or a table they
	 * are made from it too (answer.h).
	 */
	const struct answer *answer;
	const struct table *table; /* NULL: none yet */
	int64_t table_ts;
	const struct found_table *tables; /* of `sources` that have one */
	size_t n_tables;
	const struct log_line *lines;
	size_t n_lines;
	size_t lines_left_out;
	const struct records *records;
	const struct outline *world, *near; /* 1:110m, 1:50m; NULL: none */
	struct span file;		    /* as wished for */
	const struct source_status *status; /* of all sources, by name */
	size_t n_status;
	const struct recipient *recipients; /* of alerts; by name */
	size_t n_recipients;
	const struct spell *spells; /* not ok, in the view, of the sources */
	size_t n_spells;	    /* concerned; oldest first */
	/*
	 * In the order of alert_by_series(): all alerts, for a kind that
	 * needs them; else those on its series that go on.
	 */
	const struct alert *alerts;
	size_t n_alerts;
	const struct map_tile *tiles; /* that the kind asked for */
	size_t n_tiles;
	const struct panel_anchor *anchors;
	size_t n_anchors;
};

struct panel_kind {
	const char *name; /* the key that chooses the kind: "line" */
	const char *help;
	const struct option *options;
	size_t conf_size;
	unsigned needs; /* enum panel_needs, or'ed */
	/* How many points a chart of this kind can show; 0: no chart. */
	size_t points;
	/*
	 * Until the newest bucket of its series moves on, the panel may stay
	 * as it was printed: it shows nothing else that does.
	 */
	bool keeps;
	bool derives; /* takes derive: and smooth: */
	/*
	 * An option of the kind's own that is a query, too, of which only the
	 * rows are wanted. May be NULL.
	 */
	const char *rows_key;
	/*
	 * For kinds that draw series of their sources without being told
	 * which: globs of metrics, to be asked of every source. May be NULL.
	 */
	struct strings (*metrics)(const void *conf, struct arena *);
	/* Faults that the table can't see. May be NULL. */
	void (*check)(void *conf, const struct panel_common *,
	    const struct node *, struct faults *);
	/* As of now. May be NULL. */
	void (*wish)(const void *conf, int64_t now, struct panel_wish *);
	/*
	 * The URLs of tiles that it would draw of these records; may be called
	 * before there are any tiles. May be NULL.
	 */
	void (*tiles)(
	    const struct panel_input *, struct arena *, struct strings *urls);
	/*
	 * Fills the block (title, width, kind and id are there). -1: the
	 * panel can't be built; the run shows the message in its place.
	 */
	int (*build)(const struct panel_input *, struct block *, struct arena *,
	    struct err *);
};

const struct panel_kind *panel_kind(const char *name);

/* Is the source among those that the panel shows or asks series of? */
bool panel_concerned(const struct panel_input *, const char *source);

/* A series' newest value is overdue. */
bool series_late(const struct panel_input *, const struct series *);

extern const struct panel_kind *const panel_kinds[]; /* ends with NULL */

#endif
