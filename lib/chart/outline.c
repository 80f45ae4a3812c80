#include "chart/outline.h"

#include <math.h>
#include <string.h>

#include "chart/clip.h"

#define MAGIC	     "broadsheet outline 1"
#define SOURCE_MAX   200
#define UNITS_MAX    10000
#define LON_MAX	     900.0
#define TOLERANCE    0.4 /* pixels */
#define TOLERANCE_UP 16	 /* where there is still too much */
#define EDGE	     1.0 /* areas end this far outside of the frame */

struct reader {
	const unsigned char *p, *end;
};

static bool get(struct reader *r, uint32_t *out)
{
	uint32_t v = 0;

	for (unsigned shift = 0; shift < 28 && r->p < r->end; shift += 7) {
		unsigned char c = *r->p++;

		v |= (uint32_t)(c & 0x7f) << shift;
		if ((c & 0x80) == 0) {
			*out = v;
			return true;
		}
	}
	return false;
}

static bool get_signed(struct reader *r, double *out)
{
	uint32_t v;

	if (!get(r, &v))
		return false;
	*out = v & 1 ? -(double)(v >> 1) - 1 : (double)(v >> 1);
	return true;
}

static bool get_points(
    struct reader *r, struct lonlat *points, size_t n, double units)
{
	double lon = 0, lat = 0, dx, dy;

	for (size_t i = 0; i < n; i++) {
		if (!get_signed(r, &dx) || !get_signed(r, &dy))
			return false;
		lon += dx;
		lat += dy;
		points[i] = (struct lonlat){lon / units, lat / units};
		if (fabs(points[i].lon) > LON_MAX || fabs(points[i].lat) > 90)
			return false;
	}
	return true;
}

/* Each point takes two bytes at least: no more are made than can be there. */
static bool get_part(struct reader *r, struct arena *a, struct outline *o,
    double units, size_t *total)
{
	struct lonlat *points;
	uint32_t kind, n;

	if (!get(r, &kind) || !get(r, &n) || kind > OUTLINE_LINE)
		return false;
	if (n < (kind == OUTLINE_AREA ? 3 : 2) ||
	    n > (size_t)(r->end - r->p) / 2)
		return false;
	points = arena_array(a, n, sizeof(*points));
	if ((*total += n) > OUTLINE_POINTS_MAX ||
	    !get_points(r, points, n, units))
		return false;
	outline_add(a, o, (enum outline_kind)kind, points, n);
	return true;
}

static bool get_all(struct reader *r, struct arena *a, struct outline *o)
{
	uint32_t units, parts;
	size_t total = 0;

	if (!get(r, &units) || units == 0 || units > UNITS_MAX ||
	    !get(r, &parts) || parts > OUTLINE_PARTS_MAX)
		return false;
	for (uint32_t i = 0; i < parts; i++)
		if (!get_part(r, a, o, units, &total))
			return false;
	return r->p == r->end;
}

int outline_parse(
    struct arena *a, struct span bytes, struct outline *o, struct err *e)
{
	struct span magic, source;
	struct reader r;

	*o = (struct outline){0};
	if (bytes.n > OUTLINE_BYTES_MAX || !str_line(&bytes, &magic) ||
	    !span_eq(magic, MAGIC) || !str_line(&bytes, &source) ||
	    source.n > SOURCE_MAX)
		return err_set(e, "not an outline of the world");
	o->source = str_clean(a, source.p, source.n, SOURCE_MAX);
	r.p = (const unsigned char *)bytes.p;
	r.end = r.p + bytes.n;
	if (!get_all(&r, a, o))
		return err_set(e, "the outline of the world is damaged");
	return 0;
}

struct outline_part *outline_add(struct arena *a, struct outline *o,
    enum outline_kind kind, const struct lonlat *points, size_t n)
{
	struct outline_part *part = arena_push(a, &o->parts, &o->n, &o->cap);
	struct geo_box b = {
	    points[0].lat, points[0].lon, points[0].lat, points[0].lon};

	for (size_t i = 1; i < n; i++) {
		b.south = fmin(b.south, points[i].lat);
		b.north = fmax(b.north, points[i].lat);
		b.west = fmin(b.west, points[i].lon);
		b.east = fmax(b.east, points[i].lon);
	}
	*part = (struct outline_part){kind, b, points, n, NULL};
	return part;
}

/* What is being drawn, and how coarsely. */
struct drawing {
	const struct outline *outline;
	const struct geo_view *view;
	struct frame frame;
	double tolerance;
	struct path areas, lines, points;
};

static void draw_turn(
    struct drawing *d, const struct outline_part *part, double turn)
{
	struct arena *scratch = arena_new();
	struct xy *at = arena_array(scratch, part->n, sizeof(*at));

	for (size_t i = 0; i < part->n; i++)
		at[i] = geo_project(
		    d->view, part->points[i].lon + turn, part->points[i].lat);
	if (part->kind == OUTLINE_AREA)
		clip_ring(&d->areas, at, part->n, &d->frame, d->tolerance);
	else if (part->kind == OUTLINE_LINE)
		clip_line(
		    &d->lines, at, part->n, &d->view->frame, d->tolerance);
	arena_free(scratch);
}

/* In every turn of the world in which the map shows some of it. */
static void draw_part(struct drawing *d, const struct outline_part *part)
{
	const struct geo_box *see = &d->view->bounds, *box = &part->box;
	int first = (int)ceil((see->west - box->east) / 360);
	int last = (int)floor((see->east - box->west) / 360);

	if (box->south > see->north || box->north < see->south)
		return;
	for (int turn = first; turn <= last; turn++)
		draw_turn(d, part, 360.0 * turn);
}

static void draw_all(struct drawing *d, struct arena *a)
{
	d->areas = (struct path){.arena = a};
	d->lines = (struct path){.arena = a};
	for (size_t i = 0; i < d->outline->n; i++)
		draw_part(d, &d->outline->parts[i]);
}

/* Points of the outline's own, such as depots. */
static void draw_points(
    const struct drawing *d, const struct outline_style *style, struct scene *s)
{
	for (size_t i = 0; i < d->outline->n; i++) {
		const struct outline_part *part = &d->outline->parts[i];
		const struct frame *f = &d->view->frame;
		struct scene_item *it;
		struct xy at;

		if (part->kind != OUTLINE_POINT)
			continue;
		at = geo_place(d->view, part->points[0]);
		if (at.x < f->x0 || at.x > f->x1 || at.y < f->y0 ||
		    at.y > f->y1)
			continue;
		it = scene_mark(s, at.x, at.y, MARK_CIRCLE, 4, style->line);
		it->title = part->name;
	}
}

static void paint(
    const struct drawing *d, const struct outline_style *style, struct scene *s)
{
	struct scene_item *it;

	if (d->areas.n > 0 && style->fill != INK_NONE) {
		it = scene_area(s, d->areas.points, d->areas.n, style->fill,
		    style->opacity);
		it->edge = style->edge;
		it->width = style->width;
	}
	if (d->lines.n > 0 && style->line != INK_NONE)
		scene_line(
		    s, d->lines.points, d->lines.n, style->line, style->width);
	if (style->line != INK_NONE)
		draw_points(d, style, s);
}

void outline_draw(const struct outline *o, const struct geo_view *v,
    const struct outline_style *style, struct scene *s)
{
	struct arena *scratch = arena_new();
	struct drawing d = {.outline = o, .view = v, .frame = v->frame};

	d.frame.x0 -= EDGE;
	d.frame.y0 -= EDGE;
	d.frame.x1 += EDGE;
	d.frame.y1 += EDGE;
	d.tolerance = TOLERANCE;
	do {
		draw_all(&d, scratch);
		d.tolerance *= 2;
	} while (
	    d.areas.n + d.lines.n > style->most && d.tolerance <= TOLERANCE_UP);
	paint(&d, style, s);
	arena_free(scratch);
}
