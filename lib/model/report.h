/*
 * The report: everything that is on the pages of one run, ready to be
 * printed, before any output format. Composed once, read by every output.
 * Plain data, in one arena. All text is clean UTF-8 and not yet escaped.
 */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/alert.h"
#include "model/dispatch.h"
#include "model/series.h"

struct scene; /* chart/scene.h */

/*
 * How a panel is, in data-state: a promise to other programs. For people it
 * is a shape and words before its message, never colour alone.
 */
#define PANEL_STATES(X)                                                        \
	X(OK, "ok", "", "")                                                    \
	X(ALERT, "alert", "▲", "")                                             \
	X(LATE, "late", "◌", "late:")	    /* its newest value is overdue */  \
	X(FAILED, "failed", "✕", "failed:") /* its source or query did */      \
	X(EMPTY, "empty", "○", "")	    /* nothing to show yet */

enum panel_state {
#define X(name, word, mark, said) PANEL_##name,
	PANEL_STATES(X)
#undef X
};

const char *panel_state_word(enum panel_state);
const char *panel_state_mark(enum panel_state);
const char *panel_state_said(enum panel_state);

enum panel_width { WIDTH_FULL, WIDTH_HALF, WIDTH_THIRD, WIDTH_QUARTER };

/* A table as it is shown: formatted text. */
struct grid_column {
	const char *name;
	bool number; /* aligned right, tabular figures */
};

struct grid_cell {
	const char *text; /* "" if empty */
	bool hot;	  /* past a threshold */
	bool strong;	  /* wants attention, but is no alert */
};

struct grid {
	struct grid_column *columns;
	size_t n_columns;
	struct grid_cell **rows; /* n_rows × n_columns */
	size_t n_rows;
	const char *foot; /* "and 141 more", or NULL */
};

/* How a number has changed. Good or bad is for the user to say. */
enum tone { TONE_NONE, TONE_GOOD, TONE_BAD };

struct figure_change {
	const char *sign;   /* "▲", "▼", "=" */
	const char *word;   /* "up", "down", "" */
	const char *amount; /* "0.3 kg" */
	const char *since;  /* "since last week" */
	enum tone tone;
};

/* One number that is the answer. */
struct figure {
	const char *label; /* which series, where there are several; or NULL */
	const char *value, *unit;
	const char *when; /* "03:14", "2 h ago"; set once it is late */
	struct figure_change changes[4];
	size_t n_changes;
	struct scene *spark; /* or NULL */
	bool hot;
};

/* One line of a log as it is shown. */
struct log_row {
	const char *time, *source, *text;
	int colour;	   /* 1..8, of the source */
	const char *level; /* "error", "warn" or "" */
	int64_t at;	   /* its time, if it is to be replayed; or 0 */
};

/* One source of a log, and how much it writes. */
struct log_rate {
	const char *source;
	int colour;
	const char *text;    /* "120 a minute", or NULL */
	struct scene *spark; /* or NULL */
};

enum log_height { LOG_SHORT, LOG_MEDIUM, LOG_TALL, LOG_WHOLE };

/* One alert as it is shown: a line, and facts under a drop-down. */
#define ALERT_FACTS 10

struct alert_row {
	const char *id;	      /* of this alert in this state */
	const char *look;     /* "firing", "pending", "muted", "ended" */
	const char *mark;     /* a shape for it: "▲" */
	const char *word;     /* and a word: "critical" */
	const char *name;     /* "app2 busy" */
	const char *text;     /* "96 %, above 75 % for 29 min" */
	const char *snapshot; /* its address, or NULL */
	bool open;
	struct {
		const char *name, *value;
	} facts[ALERT_FACTS];
	size_t n_facts;
};

/* One source at a glance: a tile of an overview. */
#define TILE_FIGURES 4

struct tile_figure {
	const char *label, *value;
	const char *more;	   /* which of several, how old; or "" */
	double part;		   /* of its full measure, 0 to 1; NaN: none */
	const struct scene *spark; /* instead of a bar, or NULL */
	bool hot, late;
};

struct tile {
	const char *name;
	const char *href; /* of the panels of this source, or NULL */
	enum panel_state state;
	const char *mark; /* a shape for it: "▲" */
	const char *word; /* and a word: "critical", "timeout", "ok" */
	const char *text; /* what and why, or "" */
	struct tile_figure figures[TILE_FIGURES];
	size_t n_figures;
};

struct tile_group {
	const char *name; /* "": the only one */
	const char *note; /* "10 ok, 1 alert" */
	struct tile *tiles;
	size_t n;
};

/* The numbers behind a panel, for CSV and JSON: NaN is a hole. */
struct numbers {
	const char **columns; /* the first is "time" (epoch s) or a text */
	size_t n_columns;
	bool text;	     /* cells are text, else numbers */
	const char ***cells; /* text: n_rows × n_columns */
	double **values;     /* numbers: n_rows × n_columns */
	size_t n_rows;
	const char *unit; /* of the values, or NULL */
};

/* What the page's script makes a forecast from, and its answers without. */
struct block_forecast {
	const char *model;	/* JSON, see panel/prospect.h; or NULL */
	struct strings answers; /* one for each target */
};

struct page_link {
	const char *href, *text;
	bool current;
	bool period; /* another period of this page; else another page */
};

/* One panel of a page. What is NULL or empty is not shown. */
struct block {
	const char *id; /* unique in its page; also names files */
	const char *kind;
	const char *title;
	const char *note; /* small, at the right of the title */
	enum panel_state state;
	enum panel_width width;
	const char *message; /* why it is late, failed or empty */
	const char *alt;     /* the picture in words */
	struct scene *wide, *narrow;
	struct scene *middle; /* as if of half the width; or NULL */
	struct legend_row *legend;
	size_t n_legend;
	bool legend_open; /* the lines bear no names: show the legend */
	struct grid *grid;
	struct grid *folded; /* shown once its title is opened */
	const char *folded_title;
	struct figure *figures;
	size_t n_figures;
	struct log_row *log;
	size_t n_log;
	struct log_rate *rates;
	size_t n_rates;
	enum log_height log_height;
	const char *log_left_out; /* "1,204 lines more", or NULL */
	struct alert_row *alerts;
	size_t n_alerts;
	const char *alerts_left_out; /* "and 40 more", or NULL */
	struct tile_group *tile_groups;
	size_t n_tile_groups;
	size_t n_tiles;		   /* of all groups */
	struct page_link *choices; /* of a section: the same, otherwise */
	size_t n_choices;
	struct strings paragraphs;
	struct block_forecast *forecast; /* or NULL */
	struct numbers *numbers;
	struct strings embed; /* "svg", "png", "pdf": also under stable names */
	struct span html;     /* the whole as printed; p NULL: not yet */
	size_t svg_bytes;     /* of inline pictures in html */
};

/* The legend of a chart: a row per series, formatted. */
struct legend_row {
	const char *name;
	int colour; /* 1..8 as in the chart; 0: none */
	bool hot;   /* an alert on it fires */
	const char *last, *min, *max, *mean;
	const char *age; /* of the last value, once it is late; or NULL */
};

struct page {
	const char *name, *file, *title; /* index, index-24h.html, … */
	struct page_link *links;	 /* pages and periods */
	size_t n_links;
	struct block *blocks;
	size_t n_blocks;
};

struct report {
	const char *version;
	const char *title;
	int64_t started; /* the moment that the pages show */
	int64_t printed; /* when, if that is another moment; or 0 */
	int64_t last;	 /* when the newest run began; 0: none yet */
	int64_t next;	 /* when the next run is expected, 0: unknown */
	double ms;	 /* taken when the pages are printed */
	int64_t every;
	const char *zone;
	struct page *pages;
	size_t n_pages;
	struct page *explorer; /* its file, title and links; NULL: none */
	const char *archive;   /* where snapshots are listed; NULL: nowhere */
	struct source_status *sources;
	size_t n_sources;
	struct alert *alerts; /* that go on, or ended lately; by series */
	size_t n_alerts;
	struct recipient *recipients; /* that are told of alerts; by name */
	size_t n_recipients;
	const char *warning; /* a banner: configuration broken, store cut… */
};

/*
 * What a block's files are called, without the extension: "index-24h.cpu",
 * from the page's file and the block's id. The dot keeps pages apart.
 */
char *block_name(struct arena *, const struct page *, const struct block *);

#endif
