/*
 * The painter that needs no browser: scenes as PNG and PDF, by cairo; and the
 * ruler, which measures text for every layout. The only home of cairo,
 * FreeType and libpng.
 *
 * Fonts are loaded from files by path, when first needed, so that nothing
 * depends on the machine's font configuration. Without them the ruler goes on
 * by approximation, and painting text is an error.
 */
#ifndef CHART_CANVAS_H
#define CHART_CANVAS_H

#include "base/buf.h"
#include "base/err.h"
#include "chart/scene.h"
#include "chart/theme.h"

#ifndef FONT_FILE
#define FONT_FILE "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
#endif
#ifndef FONT_FILE_BOLD
#define FONT_FILE_BOLD "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
#endif
#ifndef FONT_FILE_MONO
#define FONT_FILE_MONO "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
#endif

/* All its characters are as wide, in em. */
#define FONT_MONO_WIDTH (1233.0 / 2048)

struct canvas;

/* Paths NULL: FONT_FILE and FONT_FILE_BOLD. They must outlive the canvas. */
struct canvas *canvas_open(const char *font, const char *bold);
void canvas_close(struct canvas *); /* accepts NULL */

/* Never fails; valid until canvas_close(). */
struct ruler canvas_ruler(struct canvas *);

/* Appends a picture with a palette of at most 256 colours; scale 1 or 2. */
must_use int canvas_png(struct canvas *, const struct scene *, enum theme,
    double scale, struct buf *, struct err *);

/*
 * Appends a document of one page in the light theme. `created` (ISO 8601) is
 * written into it, so that equal scenes make equal files.
 */
must_use int canvas_pdf(struct canvas *, const struct scene *,
    const char *created, struct buf *, struct err *);

/* A place of a page that is led to: in the outline, or by a link. */
struct canvas_place {
	enum { PLACE_HEADING, PLACE_LINK } kind;
	struct xy from, to; /* a link: its corners; a heading: from its y */
	int level;	    /* of a heading: 1 or 2 */
	const char *text;   /* of a heading */
	size_t page;	    /* a link leads to this page, counted from 0, */
	double y;	    /* this far down */
};

struct canvas_page {
	struct scene *scene;
	struct canvas_place *places;
	size_t n, cap;
};

struct canvas_document {
	const char *title, *creator, *created; /* ISO 8601 */
	struct canvas_page *pages;
	size_t n, cap;
};

/*
 * Appends a document of pages in the light theme, on white, with an outline
 * (at a level 2 after a level 1) and links. Text can be selected and searched.
 * Equal documents make equal files.
 */
must_use int canvas_document(struct canvas *, const struct canvas_document *,
    struct buf *, struct err *);

#endif
