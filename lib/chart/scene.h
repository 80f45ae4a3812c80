/*
 * A scene: a picture as plain data, before anything is drawn. Panels build
 * scenes, tests compare them, painters (output/svg, chart/canvas) draw them;
 * so that no two pictures of one panel can disagree.
 *
 * Coordinates are in pixels at scale 1, origin at the top left, y downwards.
 * Items are painted in order. Text is valid UTF-8, not escaped. All memory
 * belongs to the arena that the scene was made with.
 */
#ifndef CHART_SCENE_H
#define CHART_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * Colours have roles, not values: painters know each role in light and dark.
 * RED means one thing: an alert fires.
 */
enum ink {
	INK_NONE,
	INK_TEXT,
	INK_SOFT,  /* secondary text */
	INK_RULE,  /* axis */
	INK_HAIR,  /* grid */
	INK_PAPER, /* background */
	INK_RED,
	INK_SERIES_1,
	INK_SERIES_2,
	INK_SERIES_3,
	INK_SERIES_4,
	INK_SERIES_5,
	INK_SERIES_6,
	INK_SERIES_7,
	INK_SERIES_8,
};

#define INK_SERIES_COUNT 8

enum scene_kind {
	SCENE_LINE,  /* points, broken where x is NaN; stroke, width, dashed */
	SCENE_AREA,  /* polygons, a NaN between them; fill at `opacity`, edge */
	SCENE_RECT,  /* points[0] top left, points[1] bottom right; fill */
	SCENE_HATCH, /* like a rect, filled with hatching */
	SCENE_MARK,  /* at points[0]; shape, size, fill, halo */
	SCENE_TEXT,  /* at points[0], the baseline; anchor, size, bold */
	/*
	 * A PNG from points[0] top left to [1] bottom right, of which only
	 * what is within [2] and [3] is seen, the same of all of a scene.
	 */
	SCENE_PICTURE,
};

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
enum mark {
	MARK_CIRCLE,
	MARK_SQUARE,
	MARK_TRIANGLE,
	MARK_CROSS,
	MARK_DIAMOND,
	MARK_NABLA, /* a triangle on its tip */
	MARK_PLUS,
	MARK_RING,
};

#define MARK_COUNT 8

struct xy {
	double x, y;
};

struct scene_item {
	enum scene_kind kind;
	enum ink ink;
	struct xy *points;
	size_t n;
	enum ink edge;	/* of areas; INK_NONE: none */
	double width;	/* of lines and edges */
	double size;	/* of text (font size) and marks (diameter) */
	double opacity; /* 0 counts as 1 */
	bool dashed, bold;
	bool mono; /* text in a face whose characters are all as wide */
	bool halo; /* an outline of paper keeps text and marks legible */
	enum anchor anchor;
	enum mark mark;
	const char *text;
	struct span png;   /* not copied */
	const char *title; /* tooltip: name of the series, cause of a gap */
};

/*
 * The data coordinates of a time chart's plot, so that the page's script can
 * say what is under the mouse: x0..x1 pixels are t0..t1 seconds, y0 (bottom)
 * ..y1 (top) are v0..v1. Left zero for pictures without a plot.
 */
struct scene_plot {
	double x0, x1, y0, y1;
	int64_t t0, t1;
	double v0, v1;
	const char *unit;
};

struct scene {
	struct arena *arena;
	double w, h;
	struct scene_item *items;
	size_t n, cap;
	struct scene_plot plot;
};

struct scene *scene_new(struct arena *, double w, double h);

/* Adders return the item, for what is rarely set. points are copied. */
struct scene_item *scene_line(
    struct scene *, const struct xy *, size_t n, enum ink, double width);
struct scene_item *scene_area(
    struct scene *, const struct xy *, size_t n, enum ink, double opacity);
struct scene_item *scene_rect(
    struct scene *, double x0, double y0, double x1, double y1, enum ink);
struct scene_item *scene_hatch(
    struct scene *, double x0, double y0, double x1, double y1);
struct scene_item *scene_mark(
    struct scene *, double x, double y, enum mark, double size, enum ink);
struct scene_item *scene_text(struct scene *, double x, double y, enum anchor,
    double size, enum ink, const char *);

struct scene_item *scene_picture(
    struct scene *, const struct xy points[4], struct span png);

/* Adds all that is in another one, scaled, its origin at x and y. */
void scene_paste(
    struct scene *, const struct scene *from, double x, double y, double scale);

/*
 * The outline of a mark that is neither circle nor ring: its points, to be
 * closed and filled or, of a cross or plus, left open and stroked.
 */
#define SCENE_MARK_POINTS 5
#define SCENE_STROKE	  1.6 /* of open marks, pixels */
#define SCENE_HALO	  1.8 /* of marks: both sides of their outline */

size_t scene_mark_points(
    const struct scene_item *, struct xy points[SCENE_MARK_POINTS]);
bool scene_mark_is_open(enum mark);

/*
 * How wide text is. Layout asks a ruler, so that a test can bring its own;
 * canvas.h has the real one. A NULL ruler is ruler_approximate, which knows
 * no font but the widths of a common sans serif by class of character.
 */
struct ruler {
	double (*width)(void *ctx, const char *text, double size, bool bold);
	void *ctx;
};

extern const struct ruler ruler_approximate;

double ruler_width(
    const struct ruler *, const char *text, double size, bool bold);

/* The text, or its beginning and "…" so that it is at most `max` wide. */
const char *ruler_fit(const struct ruler *, struct arena *, const char *text,
    double size, bool bold, double max);

/*
 * The next character of valid UTF-8, 0 at the end; *s moves behind it. Bytes
 * that are not UTF-8 count as U+FFFD one by one.
 */
uint32_t text_next(const char **s);

#endif
