/*
 * Scenes as PDF: one as a page of its own, or many with an outline and links.
 * Links and the outline are written as cairo's tags have it (cairo-tag.h).
 */
#include <cairo-pdf.h>
#include <cairo.h>
#include <stdio.h>

#include "chart/canvas_private.h"

#define POINT_PER 0.75 /* PDF points in a pixel of 96 to the inch */
#define WHERE_MAX 200  /* bytes of a tag's attributes */

/* A document in the making. */
struct writing {
	struct canvas *canvas;
	cairo_surface_t *surface;
	cairo_t *cr;
	int chapter; /* the outline's last one of level 1 */
};

static cairo_status_t append(
    void *ctx, const unsigned char *data, unsigned int n)
{
	struct buf *out = ctx;

	buf_add(out, data, n);
	return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void heading(
    struct writing *w, const struct canvas_place *p, size_t page)
{
	char where[WHERE_MAX];
	int id, parent = p->level > 1 ? w->chapter : CAIRO_PDF_OUTLINE_ROOT;

	snprintf(where, sizeof(where), "page=%zu pos=[0 %.2f]", page + 1,
	    p->from.y * POINT_PER);
	id = cairo_pdf_surface_add_outline(
	    w->surface, parent, p->text, where, CAIRO_PDF_OUTLINE_FLAG_OPEN);
	if (p->level == 1)
		w->chapter = id;
}

static void link_to(struct writing *w, const struct canvas_place *p)
{
	char where[WHERE_MAX];

	snprintf(where, sizeof(where),
	    "rect=[%.2f %.2f %.2f %.2f] page=%zu pos=[0 %.2f]", p->from.x,
	    p->from.y, p->to.x - p->from.x, p->to.y - p->from.y, p->page + 1,
	    p->y * POINT_PER);
	cairo_tag_begin(w->cr, CAIRO_TAG_LINK, where);
	cairo_tag_end(w->cr, CAIRO_TAG_LINK);
}

static int page(struct writing *w, const struct canvas_document *d, size_t i,
    bool ground, struct err *e)
{
	const struct canvas_page *page = &d->pages[i];

	cairo_pdf_surface_set_size(
	    w->surface, page->scene->w * POINT_PER, page->scene->h * POINT_PER);
	cairo_save(w->cr);
	cairo_scale(w->cr, POINT_PER, POINT_PER);
	if (canvas_paint(
		w->canvas, page->scene, THEME_LIGHT, ground, w->cr, e) != 0)
		return -1;
	for (size_t k = 0; k < page->n; k++) {
		if (page->places[k].kind == PLACE_HEADING)
			heading(w, &page->places[k], i);
		else
			link_to(w, &page->places[k]);
	}
	cairo_restore(w->cr);
	cairo_show_page(w->cr);
	return 0;
}

static void tell(struct writing *w, cairo_pdf_metadata_t what, const char *text)
{
	if (text != NULL)
		cairo_pdf_surface_set_metadata(w->surface, what, text);
}

static int write_document(struct canvas *c, const struct canvas_document *d,
    bool ground, struct buf *out, struct err *e)
{
	struct writing w = {.canvas = c, .chapter = CAIRO_PDF_OUTLINE_ROOT};
	cairo_status_t status;
	int rc = 0;

	w.surface = cairo_pdf_surface_create_for_stream(append, out, 1, 1);
	w.cr = cairo_create(w.surface);
	tell(&w, CAIRO_PDF_METADATA_TITLE, d->title);
	tell(&w, CAIRO_PDF_METADATA_CREATOR, d->creator);
	tell(&w, CAIRO_PDF_METADATA_CREATE_DATE, d->created);
	for (size_t i = 0; i < d->n && rc == 0; i++)
		rc = page(&w, d, i, ground, e);
	cairo_destroy(w.cr);
	cairo_surface_finish(w.surface);
	status = cairo_surface_status(w.surface);
	if (rc == 0 && status != CAIRO_STATUS_SUCCESS)
		rc = err_set(e, "a chart's PDF can't be written: %s",
		    cairo_status_to_string(status));
	cairo_surface_destroy(w.surface);
	return rc;
}

int canvas_document(struct canvas *c, const struct canvas_document *d,
    struct buf *out, struct err *e)
{
	return write_document(c, d, false, out, e);
}

int canvas_pdf(struct canvas *c, const struct scene *s, const char *created,
    struct buf *out, struct err *e)
{
	struct scene copy = *s;
	struct canvas_page page = {.scene = &copy};
	struct canvas_document d = {.created = created, .pages = &page, .n = 1};

	return write_document(c, &d, true, out, e);
}
