/*
 * One font file: widths without drawing, and cairo's view of it.
 */
#ifndef CHART_CANVAS_FACE_H
#define CHART_CANVAS_FACE_H

#include "base/err.h"

/* As in cairo.h, whose directory only the build knows. */
typedef struct _cairo_font_face cairo_font_face_t;

struct typeface;

/* The file is opened when first needed. path must outlive it. */
struct typeface *typeface_new(const char *path);
void typeface_free(struct typeface *); /* accepts NULL */

/* In em; NaN if there is no such font. */
double typeface_width(struct typeface *, const char *text);

/* Owned by the typeface; NULL and a message if there is no such font. */
cairo_font_face_t *typeface_cairo(struct typeface *, struct err *);

#endif
