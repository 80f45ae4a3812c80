/*
 * Outlines: land, borders, and what else is drawn under the points of a map.
 *
 * The file, as tests/tools/outline makes it: the line "broadsheet outline 1",
 * a line that names the source, then integers of 7 bits to the byte, the
 * lowest first, the eighth set where more follow: how many units make a
 * degree, and how many parts there are; for each its kind (0 area, 1 line),
 * its number of points, and for each point the longitude and latitude less
 * that of the point before, folded so that small ones are short (0, -1, 1, -2
 * are 0, 1, 2, 3). Rings are not closed twice and may go beyond 180 degrees.
 */
#ifndef CHART_OUTLINE_H
#define CHART_OUTLINE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "chart/geo.h"

#define OUTLINE_BYTES_MAX  ((size_t)8 * 1024 * 1024)
#define OUTLINE_POINTS_MAX 1000000
#define OUTLINE_PARTS_MAX  50000

enum outline_kind { OUTLINE_AREA, OUTLINE_LINE, OUTLINE_POINT };

struct outline_part {
	enum outline_kind kind;
	struct geo_box box;
	const struct lonlat *points;
	size_t n;
	const char *name; /* or NULL */
};

struct outline {
	const char *source;
	struct outline_part *parts;
	size_t n, cap;
};

must_use int outline_parse(
    struct arena *, struct span, struct outline *, struct err *);

/* Adds a part, of n > 0 points that live as long as the outline. */
struct outline_part *outline_add(struct arena *, struct outline *,
    enum outline_kind, const struct lonlat *, size_t n);

/* How it is painted; INK_NONE: not at all. */
struct outline_style {
	enum ink fill;
	double opacity; /* of the fill; 0 counts as 1 */
	enum ink edge;	/* of areas */
	enum ink line;	/* of lines, and points */
	double width;	/* of edges and lines */
	size_t most;	/* points; past that, less detail */
};

/*
 * What a map shows of it: one item for the areas and one for the lines, cut
 * to the frame, with no detail smaller than half a pixel.
 */
void outline_draw(const struct outline *, const struct geo_view *,
    const struct outline_style *, struct scene *);

#endif
