#include "chart/canvas.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "chart/canvas_face.h"
#include "chart/canvas_palette.h"
#include "chart/canvas_private.h"

#define SIDE_MAX 16384 /* pixels; more is somebody's mistake */
#define HATCH	 6.0   /* pixels between the strokes */
#define HALO	 3.0

struct canvas {
	struct typeface *faces[2]; /* regular, bold */
	struct typeface *mono;
};

struct canvas *canvas_open(const char *font, const char *bold)
{
	struct canvas *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->faces[0] = typeface_new(font != NULL ? font : FONT_FILE);
	c->faces[1] = typeface_new(bold != NULL ? bold : FONT_FILE_BOLD);
	c->mono = typeface_new(FONT_FILE_MONO);
	return c;
}

void canvas_close(struct canvas *c)
{
	if (c == NULL)
		return;
	for (int i = 0; i < 2; i++)
		typeface_free(c->faces[i]);
	typeface_free(c->mono);
	free(c);
}

static double measure(void *ctx, const char *text, double size, bool bold)
{
	struct canvas *c = ctx;
	double w = typeface_width(c->faces[bold], text);

	return isnan(w) ? ruler_width(&ruler_approximate, text, size, bold)
			: w * size;
}

struct ruler canvas_ruler(struct canvas *c)
{
	if (c == NULL)
		return ruler_approximate;
	return (struct ruler){measure, c};
}

/* One picture in the making. */
struct painting {
	cairo_t *cr;
	struct canvas *canvas;
	enum theme theme;
	struct err *err;
};

static void set_ink(const struct painting *p, enum ink ink, double opacity)
{
	uint32_t rgb = theme_rgb(p->theme, ink);

	cairo_set_source_rgba(p->cr, (rgb >> 16 & 0xff) / 255.0,
	    (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0,
	    opacity == 0 ? 1 : opacity);
}

static bool is_finite(const struct xy *p)
{
	return isfinite(p->x) && isfinite(p->y);
}

static void trace_path(
    const struct painting *p, const struct scene_item *it, bool closed)
{
	bool pen = false;

	cairo_new_path(p->cr);
	for (size_t i = 0; i < it->n; i++) {
		const struct xy *at = &it->points[i];
		bool down = is_finite(at);

		if (down && pen)
			cairo_line_to(p->cr, at->x, at->y);
		else if (down)
			cairo_move_to(p->cr, at->x, at->y);
		else if (pen && closed)
			cairo_close_path(p->cr);
		pen = down;
	}
	if (pen && closed)
		cairo_close_path(p->cr);
}

static int paint_line(const struct painting *p, const struct scene_item *it)
{
	static const double dashes[] = {5, 4};

	trace_path(p, it, false);
	set_ink(p, it->ink, it->opacity);
	cairo_set_line_width(p->cr, it->width);
	cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_dash(p->cr, dashes, it->dashed ? 2 : 0, 0);
	cairo_stroke(p->cr);
	return 0;
}

static int paint_area(const struct painting *p, const struct scene_item *it)
{
	trace_path(p, it, true);
	set_ink(p, it->ink, it->opacity);
	if (it->edge == INK_NONE) {
		cairo_fill(p->cr);
		return 0;
	}
	cairo_fill_preserve(p->cr);
	set_ink(p, it->edge, it->opacity);
	cairo_set_line_width(p->cr, it->width);
	cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_dash(p->cr, NULL, 0, 0);
	cairo_stroke(p->cr);
	return 0;
}

static void rectangle(const struct painting *p, const struct scene_item *it)
{
	const struct xy *c = it->points;

	cairo_rectangle(
	    p->cr, c[0].x, c[0].y, c[1].x - c[0].x, c[1].y - c[0].y);
}

static int paint_rect(const struct painting *p, const struct scene_item *it)
{
	rectangle(p, it);
	set_ink(p, it->ink, it->opacity);
	cairo_fill(p->cr);
	return 0;
}

static int paint_hatch(const struct painting *p, const struct scene_item *it)
{
	double x0 = it->points[0].x, y0 = it->points[0].y;
	double x1 = it->points[1].x, y1 = it->points[1].y;

	cairo_save(p->cr);
	rectangle(p, it);
	cairo_clip(p->cr);
	for (int i = 0; i < (x1 - x0 + y1 - y0) / (HATCH * M_SQRT2); i++) {
		double x = x0 - (y1 - y0) + i * HATCH * M_SQRT2;

		cairo_move_to(p->cr, x, y1);
		cairo_line_to(p->cr, x + (y1 - y0), y0);
	}
	set_ink(p, it->ink, 1);
	cairo_set_line_width(p->cr, 1.2);
	cairo_set_dash(p->cr, NULL, 0, 0);
	cairo_stroke(p->cr);
	cairo_restore(p->cr);
	return 0;
}

static void trace_mark(const struct painting *p, const struct scene_item *it)
{
	struct scene_item path = *it;
	struct xy points[SCENE_MARK_POINTS];

	if (it->mark == MARK_CIRCLE || it->mark == MARK_RING) {
		cairo_new_path(p->cr);
		cairo_arc(p->cr, it->points[0].x, it->points[0].y, it->size / 2,
		    0, 2 * M_PI);
		return;
	}
	path.points = points;
	path.n = scene_mark_points(it, points);
	trace_path(p, &path, !scene_mark_is_open(it->mark));
}

static void stroke_mark(
    const struct painting *p, enum ink ink, double opacity, double width)
{
	set_ink(p, ink, opacity);
	cairo_set_line_width(p->cr, width);
	cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_dash(p->cr, NULL, 0, 0);
	cairo_stroke_preserve(p->cr);
}

static int paint_mark(const struct painting *p, const struct scene_item *it)
{
	bool open = scene_mark_is_open(it->mark);
	double inner = open ? SCENE_STROKE : 0;

	trace_mark(p, it);
	if (it->halo)
		stroke_mark(p, INK_PAPER, it->opacity, SCENE_HALO + inner);
	if (!open) {
		set_ink(p, it->mark == MARK_RING ? INK_PAPER : it->ink,
		    it->opacity);
		cairo_fill_preserve(p->cr);
	}
	if (open || it->mark == MARK_RING)
		stroke_mark(p, it->ink, it->opacity, SCENE_STROKE);
	cairo_new_path(p->cr);
	return 0;
}

static double width_of(const struct painting *p, const struct scene_item *it)
{
	struct ruler r = canvas_ruler(p->canvas);
	const char *rest = it->text;
	size_t n = 0;

	if (!it->mono)
		return ruler_width(&r, it->text, it->size, it->bold);
	while (text_next(&rest) != 0)
		n++;
	return (double)n * FONT_MONO_WIDTH * it->size;
}

static int paint_text(const struct painting *p, const struct scene_item *it)
{
	cairo_font_face_t *face = typeface_cairo(
	    it->mono ? p->canvas->mono : p->canvas->faces[it->bold], p->err);
	double w = it->anchor == ANCHOR_START ? 0 : width_of(p, it);
	double x = it->points[0].x;

	if (face == NULL)
		return -1;
	/* cairo would draw nothing from here on, and call that success */
	if (!str_utf8_valid(it->text, strlen(it->text)))
		return err_set(p->err, "a chart's text is not UTF-8");
	x -= it->anchor == ANCHOR_END ? w : w / 2;
	cairo_set_font_face(p->cr, face);
	cairo_set_font_size(p->cr, it->size);
	cairo_move_to(p->cr, x, it->points[0].y);
	if (it->halo) {
		cairo_text_path(p->cr, it->text);
		set_ink(p, INK_PAPER, 1);
		cairo_set_line_width(p->cr, HALO);
		cairo_set_dash(p->cr, NULL, 0, 0);
		cairo_stroke(p->cr);
		cairo_move_to(p->cr, x, it->points[0].y);
	}
	set_ink(p, it->ink, it->opacity);
	cairo_show_text(p->cr, it->text);
	return 0;
}

struct reader {
	struct span rest;
};

static cairo_status_t read_some(void *ctx, unsigned char *to, unsigned int n)
{
	struct reader *r = ctx;

	if (n > r->rest.n)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(to, r->rest.p, n);
	r->rest.p += n;
	r->rest.n -= n;
	return CAIRO_STATUS_SUCCESS;
}

/* One that can't be read leaves what is below it to be seen. */
static int paint_picture(const struct painting *p, const struct scene_item *it)
{
	const struct xy *c = it->points;
	struct reader r = {it->png};
	cairo_surface_t *s =
	    cairo_image_surface_create_from_png_stream(read_some, &r);

	if (cairo_surface_status(s) == CAIRO_STATUS_SUCCESS) {
		cairo_save(p->cr);
		cairo_rectangle(
		    p->cr, c[2].x, c[2].y, c[3].x - c[2].x, c[3].y - c[2].y);
		cairo_clip(p->cr);
		cairo_translate(p->cr, c[0].x, c[0].y);
		cairo_scale(p->cr,
		    (c[1].x - c[0].x) / cairo_image_surface_get_width(s),
		    (c[1].y - c[0].y) / cairo_image_surface_get_height(s));
		cairo_set_source_surface(p->cr, s, 0, 0);
		cairo_pattern_set_extend(
		    cairo_get_source(p->cr), CAIRO_EXTEND_PAD);
		cairo_rectangle(p->cr, 0, 0, cairo_image_surface_get_width(s),
		    cairo_image_surface_get_height(s));
		cairo_fill(p->cr);
		cairo_restore(p->cr);
	}
	cairo_surface_destroy(s);
	return 0;
}

static int paint_item(const struct painting *p, const struct scene_item *it)
{
	static int (*const painters[])(
	    const struct painting *, const struct scene_item *) = {
	    [SCENE_LINE] = paint_line,
	    [SCENE_AREA] = paint_area,
	    [SCENE_RECT] = paint_rect,
	    [SCENE_HATCH] = paint_hatch,
	    [SCENE_MARK] = paint_mark,
	    [SCENE_TEXT] = paint_text,
	    [SCENE_PICTURE] = paint_picture,
	};

	if (it->kind != SCENE_LINE && it->kind != SCENE_AREA)
		for (size_t i = 0; i < it->n; i++)
			if (!is_finite(&it->points[i]))
				return 0;
	return painters[it->kind](p, it);
}

static int paint(const struct painting *p, const struct scene *s)
{
	cairo_font_options_t *fonts = cairo_font_options_create();
	cairo_status_t status;
	int rc = 0;

	/* The ruler's widths are those of unhinted glyphs. */
	cairo_font_options_set_hint_metrics(fonts, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_hint_style(fonts, CAIRO_HINT_STYLE_SLIGHT);
	cairo_font_options_set_antialias(fonts, CAIRO_ANTIALIAS_GRAY);
	cairo_set_font_options(p->cr, fonts);
	cairo_font_options_destroy(fonts);
	cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_FAST);
	for (size_t i = 0; i < s->n && rc == 0; i++)
		rc = paint_item(p, &s->items[i]);
	status = cairo_status(p->cr);
	if (rc == 0 && status != CAIRO_STATUS_SUCCESS)
		rc = err_set(p->err, "a chart can't be drawn: %s",
		    cairo_status_to_string(status));
	return rc;
}

static int check_size(const struct scene *s, double scale, struct err *e)
{
	if (s->w * scale >= 1 && s->h * scale >= 1 &&
	    s->w * scale <= SIDE_MAX && s->h * scale <= SIDE_MAX)
		return 0;
	return err_set(
	    e, "a chart can't be %g × %g pixels", s->w * scale, s->h * scale);
}

int canvas_paint(struct canvas *c, const struct scene *s, enum theme theme,
    bool ground, cairo_t *cr, struct err *e)
{
	struct painting p = {cr, c, theme, e};

	if (check_size(s, 1, e) != 0)
		return -1;
	if (ground) {
		set_ink(&p, INK_PAPER, 1);
		cairo_paint(cr);
	}
	return paint(&p, s);
}

static int paint_pixels(struct canvas *c, const struct scene *s,
    enum theme theme, double scale, cairo_surface_t *surface, struct err *e)
{
	cairo_t *cr = cairo_create(surface);
	int rc;

	cairo_scale(cr, scale, scale);
	rc = canvas_paint(c, s, theme, true, cr, e);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	return rc;
}

int canvas_png(struct canvas *c, const struct scene *s, enum theme theme,
    double scale, struct buf *out, struct err *e)
{
	cairo_surface_t *surface;
	int rc;

	if (check_size(s, scale, e) != 0)
		return -1;
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
	    (int)ceil(s->w * scale), (int)ceil(s->h * scale));
	rc = paint_pixels(c, s, theme, scale, surface, e);
	if (rc == 0) {
		struct pixels px = {
		    .data = cairo_image_surface_get_data(surface),
		    .stride = (size_t)cairo_image_surface_get_stride(surface),
		    .w = (size_t)cairo_image_surface_get_width(surface),
		    .h = (size_t)cairo_image_surface_get_height(surface),
		};

		rc = palette_png(&px, theme, out, e);
	}
	cairo_surface_destroy(surface);
	return rc;
}
