#include "output/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/str.h"
#include "chart/theme.h"
#include "output/markup.h"

#define FONT_SIZE 11
#define FAR	  1e7 /* pixels: nothing is farther away */
#define NAMESPACE " xmlns=\"http://www.w3.org/2000/svg\""

struct writer {
	struct buf *out;
	const char *id;
};

/* Tenths of a pixel. */
static long tenths(double v)
{
	return lround((v > FAR ? FAR : v < -FAR ? -FAR : v) * 10);
}

static void put_long(struct buf *b, long v)
{
	char digits[24];
	char *p = digits + sizeof(digits);
	unsigned long u = v < 0 ? -(unsigned long)v : (unsigned long)v;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) > 0);
	if (v < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

/* One decimal, and none where it is 0. */
static void put_pixels(struct buf *b, double v)
{
	long t = tenths(v);

	if (t < 0)
		buf_char(b, '-');
	t = labs(t);
	put_long(b, t / 10);
	if (t % 10 != 0) {
		buf_char(b, '.');
		put_long(b, t % 10);
	}
}

static void put_attribute(struct buf *b, const char *name, const char *value)
{
	buf_char(b, ' ');
	buf_str(b, name);
	buf_str(b, "=\"");
	markup_text(b, value);
	buf_char(b, '"');
}

static void put_number(struct buf *b, const char *name, double v)
{
	buf_char(b, ' ');
	buf_str(b, name);
	buf_str(b, "=\"");
	put_pixels(b, v);
	buf_char(b, '"');
}

static void put_color(struct buf *b, const char *name, enum ink ink)
{
	buf_char(b, ' ');
	buf_str(b, name);
	buf_str(b, "=\"var(");
	buf_str(b, theme_variable(ink));
	buf_str(b, ")\"");
}

static void put_opacity(struct buf *b, const struct scene_item *it)
{
	if (it->opacity > 0 && it->opacity < 1)
		buf_printf(b, " opacity=\"%.2g\"", it->opacity);
}

/* The end of an element, with its tooltip. */
static void put_end(struct buf *b, const char *name, const char *title)
{
	if (title == NULL || title[0] == '\0') {
		buf_str(b, "/>");
		return;
	}
	buf_str(b, "><title>");
	markup_text(b, title);
	buf_str(b, "</title></");
	buf_str(b, name);
	buf_char(b, '>');
}

static void put_pair(struct buf *b, long x, long y, bool space)
{
	if (space && x >= 0)
		buf_char(b, ' ');
	put_long(b, x);
	if (y >= 0)
		buf_char(b, ' ');
	put_long(b, y);
}

/* Differences of rounded points, so that errors don't add up. */
static void put_path(struct buf *b, const struct scene_item *it, bool closed)
{
	long x = 0, y = 0;
	bool pen = false, first = false;

	buf_str(b, " transform=\"scale(.1)\" d=\"");
	for (size_t i = 0; i < it->n; i++) {
		const struct xy *p = &it->points[i];
		long nx, ny;

		if (!isfinite(p->x) || !isfinite(p->y)) {
			if (closed && pen)
				buf_char(b, 'z');
			pen = false;
			continue;
		}
		nx = tenths(p->x);
		ny = tenths(p->y);
		if (!pen) {
			buf_char(b, 'M');
			put_pair(b, nx, ny, false);
			first = true;
		} else if (nx != x || ny != y) {
			if (first)
				buf_char(b, 'l');
			put_pair(b, nx - x, ny - y, !first);
			first = false;
		}
		pen = true;
		x = nx;
		y = ny;
	}
	buf_str(b, closed ? "z\"" : "\"");
}

static void write_line(const struct writer *w, const struct scene_item *it)
{
	struct buf *b = w->out;

	buf_str(b, it->title != NULL ? "<path class=\"line\"" : "<path");
	put_path(b, it, false);
	put_color(b, "stroke", it->ink);
	if (it->width != 1)
		buf_printf(b, " stroke-width=\"%.3g\"", it->width * 10);
	if (it->dashed)
		buf_str(b, " stroke-dasharray=\"50 40\"");
	put_opacity(b, it);
	if (it->title != NULL)
		put_attribute(b, "data-name", it->title);
	put_end(b, "path", it->title);
}

static void write_area(const struct writer *w, const struct scene_item *it)
{
	buf_str(w->out, "<path class=\"area\"");
	put_path(w->out, it, true);
	if (it->edge == INK_NONE)
		buf_str(w->out, " stroke=\"none\"");
	else
		put_color(w->out, "stroke", it->edge);
	if (it->edge != INK_NONE && it->width != 1)
		buf_printf(w->out, " stroke-width=\"%.3g\"", it->width * 10);
	put_color(w->out, "fill", it->ink);
	put_opacity(w->out, it);
	put_end(w->out, "path", it->title);
}

static void put_rect(const struct writer *w, const struct scene_item *it)
{
	const struct xy *c = it->points;

	buf_str(w->out, "<rect stroke=\"none\"");
	put_number(w->out, "x", c[0].x);
	put_number(w->out, "y", c[0].y);
	put_number(w->out, "width", fmax(c[1].x - c[0].x, 0));
	put_number(w->out, "height", fmax(c[1].y - c[0].y, 0));
}

static void write_rect(const struct writer *w, const struct scene_item *it)
{
	put_rect(w, it);
	put_color(w->out, "fill", it->ink);
	put_opacity(w->out, it);
	put_end(w->out, "rect", it->title);
}

static void put_hatch_id(const struct writer *w)
{
	markup_text(w->out, w->id);
	buf_str(w->out, "-hatch");
}

static void write_hatch(const struct writer *w, const struct scene_item *it)
{
	put_rect(w, it);
	buf_str(w->out, " class=\"gap\" fill=\"url(#");
	put_hatch_id(w);
	buf_str(w->out, ")\"");
	put_end(w->out, "rect", it->title);
}

/* Around what is filled; `unit`: of the coordinates, in a pixel. */
static void put_halo(struct buf *b, const struct scene_item *it, double unit)
{
	if (it->halo)
		buf_printf(b,
		    " paint-order=\"stroke\" stroke=\"var(--paper)\""
		    " stroke-width=\"%.3g\"",
		    SCENE_HALO * unit);
	else
		buf_str(b, " stroke=\"none\"");
}

static void write_circle(const struct writer *w, const struct scene_item *it)
{
	bool ring = it->mark == MARK_RING;

	buf_str(w->out, "<circle");
	if (ring)
		buf_printf(w->out, " stroke-width=\"%.3g\"", SCENE_STROKE);
	else
		put_halo(w->out, it, 1);
	put_number(w->out, "cx", it->points[0].x);
	put_number(w->out, "cy", it->points[0].y);
	put_number(w->out, "r", it->size / 2);
	put_color(w->out, "fill", ring ? INK_PAPER : it->ink);
	if (ring)
		put_color(w->out, "stroke", it->ink);
	put_opacity(w->out, it);
	put_end(w->out, "circle", it->title);
}

/* Without a fill a second, wider stroke of paper lies below the first. */
static void write_strokes(const struct writer *w, const struct scene_item *path)
{
	struct buf *b = w->out;

	for (int pass = path->halo ? 0 : 1; pass < 2; pass++) {
		buf_str(b, "<path class=\"mark\"");
		put_path(b, path, false);
		buf_printf(b, " stroke-width=\"%.3g\"",
		    10 * (SCENE_STROKE + (pass == 0 ? SCENE_HALO : 0)));
		put_color(b, "stroke", pass == 0 ? INK_PAPER : path->ink);
		put_opacity(b, path);
		put_end(b, "path", pass == 0 ? NULL : path->title);
	}
}

static void write_mark(const struct writer *w, const struct scene_item *it)
{
	struct scene_item path = *it;
	struct xy points[SCENE_MARK_POINTS];

	if (it->mark == MARK_CIRCLE || it->mark == MARK_RING) {
		write_circle(w, it);
		return;
	}
	path.points = points;
	path.n = scene_mark_points(it, points);
	if (scene_mark_is_open(it->mark)) {
		write_strokes(w, &path);
		return;
	}
	buf_str(w->out, "<path class=\"mark\"");
	put_path(w->out, &path, true);
	put_halo(w->out, it, 10);
	put_color(w->out, "fill", it->ink);
	put_opacity(w->out, it);
	put_end(w->out, "path", it->title);
}

static void write_text(const struct writer *w, const struct scene_item *it)
{
	struct buf *b = w->out;

	buf_str(b, "<text");
	put_number(b, "x", it->points[0].x);
	put_number(b, "y", it->points[0].y);
	put_color(b, "fill", it->ink);
	if (it->anchor != ANCHOR_START)
		buf_str(b, it->anchor == ANCHOR_END
			       ? " text-anchor=\"end\""
			       : " text-anchor=\"middle\"");
	if (it->size != FONT_SIZE)
		put_number(b, "font-size", it->size);
	if (it->bold)
		buf_str(b, " font-weight=\"600\"");
	if (it->halo)
		buf_str(b, " paint-order=\"stroke\" stroke=\"var(--paper)\""
			   " stroke-width=\"3\"");
	buf_char(b, '>');
	markup_text(b, it->text);
	buf_str(b, "</text>");
}

static void put_clip_id(const struct writer *w)
{
	markup_text(w->out, w->id);
	buf_str(w->out, "-clip");
}

static void write_picture(const struct writer *w, const struct scene_item *it)
{
	const struct xy *c = it->points;

	buf_str(
	    w->out, "<image preserveAspectRatio=\"none\" clip-path=\"url(#");
	put_clip_id(w);
	buf_str(w->out, ")\"");
	put_number(w->out, "x", c[0].x);
	put_number(w->out, "y", c[0].y);
	put_number(w->out, "width", c[1].x - c[0].x);
	put_number(w->out, "height", c[1].y - c[0].y);
	buf_str(w->out, " href=\"data:image/png;base64,");
	crypto_base64(it->png.p, it->png.n, w->out);
	buf_str(w->out, "\"/>");
}

static void write_item(const struct writer *w, const struct scene_item *it)
{
	static void (*const writers[])(
	    const struct writer *, const struct scene_item *) = {
	    [SCENE_LINE] = write_line,
	    [SCENE_AREA] = write_area,
	    [SCENE_RECT] = write_rect,
	    [SCENE_HATCH] = write_hatch,
	    [SCENE_MARK] = write_mark,
	    [SCENE_TEXT] = write_text,
	    [SCENE_PICTURE] = write_picture,
	};

	if (it->kind != SCENE_LINE && it->kind != SCENE_AREA)
		for (size_t i = 0; i < it->n; i++)
			if (!isfinite(it->points[i].x) ||
			    !isfinite(it->points[i].y))
				return;
	if (it->n > 0)
		writers[it->kind](w, it);
}

static const struct scene_item *first_of(
    const struct scene *s, enum scene_kind kind)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->items[i].kind == kind)
			return &s->items[i];
	return NULL;
}

static void put_plot(struct buf *b, const struct scene_plot *p)
{
	if (p->t0 == p->t1)
		return;
	put_number(b, "data-x0", p->x0);
	put_number(b, "data-x1", p->x1);
	put_number(b, "data-y0", p->y0);
	put_number(b, "data-y1", p->y1);
	buf_printf(b, " data-t0=\"%lld\" data-t1=\"%lld\"", (long long)p->t0,
	    (long long)p->t1);
	buf_printf(b, " data-v0=\"%.9g\" data-v1=\"%.9g\"", p->v0, p->v1);
	put_attribute(b, "data-unit", p->unit != NULL ? p->unit : "");
}

static void put_theme(struct buf *b, enum theme theme)
{
	buf_str(b, ":root{");
	for (int i = INK_TEXT; i < INK_COUNT; i++)
		buf_printf(b, "%s:#%06x;", theme_variable((enum ink)i),
		    theme_rgb(theme, (enum ink)i));
	buf_char(b, '}');
}

void svg_theme_css(struct buf *b)
{
	put_theme(b, THEME_LIGHT);
	buf_str(b, "@media(prefers-color-scheme:dark){");
	put_theme(b, THEME_DARK);
	/* Maps are drawn for light paper. */
	buf_str(b, "image{filter:invert(1)hue-rotate(180deg)brightness(.9)}");
	buf_char(b, '}');
}

/* What a page would have given. */
static void put_own_head(const char *title, struct buf *b)
{
	if (title != NULL) {
		buf_str(b, "<title>");
		markup_text(b, title);
		buf_str(b, "</title>");
	}
	buf_str(b, "<style>");
	svg_theme_css(b);
	buf_str(b, "svg{background:var(--paper);font-family:system-ui,"
		   "\"DejaVu Sans\",sans-serif;"
		   "font-variant-numeric:tabular-nums}</style>");
}

static void put_head(
    const struct scene *s, const struct svg_options *o, struct buf *b)
{
	buf_str(b, o->standalone ? "<svg" NAMESPACE : "<svg");
	buf_str(b, " class=\"chart\" viewBox=\"0 0 ");
	put_pixels(b, s->w);
	buf_char(b, ' ');
	put_pixels(b, s->h);
	buf_char(b, '"');
	put_number(b, "width", s->w);
	put_number(b, "height", s->h);
	buf_printf(b,
	    " fill=\"none\" stroke-width=\"10\" stroke-linejoin=\"round\""
	    " font-size=\"%d\"",
	    FONT_SIZE);
	if (o->title != NULL)
		put_attribute(b, "role", "img");
	put_attribute(b, o->title != NULL ? "aria-label" : "aria-hidden",
	    o->title != NULL ? o->title : "true");
	put_plot(b, &s->plot);
	buf_char(b, '>');
}

static void put_hatching(const struct writer *w)
{
	buf_str(w->out, "<defs><pattern id=\"");
	put_hatch_id(w);
	buf_str(w->out,
	    "\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
	    "patternTransform=\"rotate(45)\"><path d=\"M0 0v6\" "
	    "stroke=\"var(--rule)\" stroke-width=\"2.4\"/>"
	    "</pattern></defs>");
}

/* One for all pictures. */
static void put_clip(const struct writer *w, const struct scene_item *it)
{
	struct scene_item rect = {0};

	if (it == NULL)
		return;
	rect.points = it->points + 2;
	buf_str(w->out, "<clipPath id=\"");
	put_clip_id(w);
	buf_str(w->out, "\">");
	put_rect(w, &rect);
	buf_str(w->out, "/></clipPath>");
}

void svg_write(
    const struct scene *s, const struct svg_options *o, struct buf *b)
{
	struct writer w = {b, o->id != NULL ? o->id : ""};

	put_head(s, o, b);
	if (o->standalone)
		put_own_head(o->title, b);
	if (o->desc != NULL) {
		buf_str(b, "<desc>");
		markup_text(b, o->desc);
		buf_str(b, "</desc>");
	}
	if (first_of(s, SCENE_HATCH) != NULL)
		put_hatching(&w);
	put_clip(&w, first_of(s, SCENE_PICTURE));
	for (size_t i = 0; i < s->n; i++)
		write_item(&w, &s->items[i]);
	buf_str(b, "</svg>\n");
}

void svg_stand_alone(struct span svg, const char *title, struct buf *b)
{
	const char *head = svg.p + strlen("<svg");
	const char *end = (const char *)memchr(svg.p, '>', svg.n) + 1;

	buf_str(b, "<svg" NAMESPACE);
	buf_add(b, head, (size_t)(end - head));
	put_own_head(title, b);
	buf_add(b, end, (size_t)(svg.p + svg.n - end));
}
