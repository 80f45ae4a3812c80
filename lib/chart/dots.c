#include "chart/dots.h"

#include <math.h>
#include <string.h>

#include "chart/axes.h"
#include "chart/unit.h"

#define ROOM	   0.05 /* of the data's range, around it */
#define TITLE_HIGH 15.0
#define X_SPACING  64.0 /* pixels between ticks */
#define OPACITY	   0.55
#define PALE	   0.35 /* where marks are many */
#define MANY	   150
#define MARK_PLAIN 7.0
#define MARK_LEAST 4.0
#define MARK_MOST  20.0
#define RIGHT	   12.0
#define KEY_GAP	   14.0

/* An axis between two pixels; logarithmic ones hold powers of ten. */
struct side {
	const struct dots_axis *axis;
	struct values values;
	double p0, p1, lo, hi;
};

struct drawing {
	struct arena *arena;
	const struct dots *dots;
	struct scene *scene;
	struct side x, y;
	double largest; /* size */
};

static double inner(const struct side *s, double v)
{
	return s->axis->log ? log10(v) : v;
}

static double at(const struct side *s, double inner_value)
{
	return scale_at(
	    &s->values.scale, inner_value / s->values.divisor, s->p0, s->p1);
}

static void widen(struct side *s, double v)
{
	s->lo = fmin(s->lo, v);
	s->hi = fmax(s->hi, v);
}

static void find_ranges(struct drawing *d)
{
	const struct dots *dots = d->dots;

	d->x = (struct side){.axis = &dots->x, .lo = NAN, .hi = NAN};
	d->y = (struct side){.axis = &dots->y, .lo = NAN, .hi = NAN};
	for (size_t i = 0; i < dots->n; i++) {
		widen(&d->x, inner(&d->x, dots->dots[i].x));
		widen(&d->y, inner(&d->y, dots->dots[i].y));
		d->largest = fmax(d->largest, dots->dots[i].size);
	}
}

/* 1, 2 and 5 of each power of ten, or powers alone where they are many. */
static struct values log_values(
    const struct drawing *d, const struct side *s, double lo, double hi)
{
	static const double digits[] = {1, 2, 5};
	size_t step = hi - lo > 3 ? 3 : 1;
	int apart = (int)ceil((hi - lo) / 8);
	struct values v = {.unit = s->axis->unit,
	    .suffix = "",
	    .divisor = 1,
	    .scale = {.lo = lo, .hi = hi}};

	for (int p = (int)floor(lo); p <= hi; p += apart > 1 ? apart : 1) {
		for (size_t i = 0; i < 3; i += step) {
			double tick = p + log10(digits[i]);

			if (tick < lo || tick > hi ||
			    v.scale.n == SCALE_TICKS_MAX)
				continue;
			v.words[v.scale.n] = unit_text(
			    d->arena, s->axis->unit, digits[i] * pow(10, p));
			v.scale.ticks[v.scale.n++] = tick;
		}
	}
	for (size_t i = 0; i < v.scale.n; i++)
		v.gutter = fmax(v.gutter,
		    ruler_width(d->dots->ruler, v.words[i], AXES_TEXT, false));
	return v;
}

/* Marks keep off the edges; the axis need not begin at zero. */
static void make_values(
    const struct drawing *d, struct side *s, double pixels, double spacing)
{
	double room = (s->hi - s->lo) * ROOM;
	struct values_data data = {
	    .unit = s->axis->unit, .room = pixels, .spacing = spacing};

	if (!(room > fabs(s->hi) * 1e-9))
		room = s->axis->log ? 0.5 : fmax(fabs(s->hi) * ROOM, 0.5);
	data.lo = data.min =
	    s->lo >= 0 && !s->axis->log ? fmax(s->lo - room, 0) : s->lo - room;
	data.hi = data.max = s->hi + room;
	s->values = s->axis->log ? log_values(d, s, data.lo, data.hi)
				 : values_make(d->arena, d->dots->ruler, &data);
}

/* "speed, km/h" */
static const char *axis_title(const struct drawing *d, const struct side *s)
{
	const char *unit = s->values.suffix;

	return unit == NULL || unit[0] == '\0'
		   ? s->axis->title
		   : arena_printf(d->arena, "%s, %s", s->axis->title, unit);
}

static void draw_axes(struct drawing *d)
{
	const struct values *v = &d->x.values;
	struct frame f = {
	    .x0 = d->x.p0, .x1 = d->x.p1, .y0 = d->y.p0, .y1 = d->y.p1};
	double end = -INFINITY;

	axes_grid(d->scene, &f, &d->y.values);
	axes_rule(d->scene, f.x0, crisp(f.y0), f.x1, crisp(f.y0), INK_RULE);
	for (size_t i = 0; i < v->scale.n; i++) {
		double x = scale_at(&v->scale, v->scale.ticks[i], f.x0, f.x1);
		double half =
		    ruler_width(d->dots->ruler, v->words[i], AXES_TEXT, false) /
		    2;

		axes_rule(d->scene, crisp(x), f.y1, crisp(x), f.y0, INK_HAIR);
		axes_rule(
		    d->scene, crisp(x), f.y0, crisp(x), f.y0 + 4, INK_RULE);
		if (x - half < end + 8 || x + half > d->scene->w)
			continue;
		scene_text(d->scene, x, f.y0 + 16, ANCHOR_MIDDLE, AXES_TEXT,
		    INK_SOFT, v->words[i]);
		end = x + half;
	}
	scene_text(d->scene, f.x1, f.y0 + 16 + TITLE_HIGH, ANCHOR_END,
	    AXES_TEXT, INK_SOFT, axis_title(d, &d->x));
	scene_text(d->scene, 0, AXES_TEXT, ANCHOR_START, AXES_TEXT, INK_SOFT,
	    axis_title(d, &d->y));
}

/* The area tells: four times as much is twice as wide. */
static double diameter(const struct drawing *d, double size)
{
	if (d->dots->size_title == NULL || isnan(size))
		return MARK_PLAIN;
	if (!(d->largest > 0) || size <= 0)
		return MARK_LEAST;
	return fmax(MARK_MOST * sqrt(size / d->largest), MARK_LEAST);
}

static void draw_dots(struct drawing *d)
{
	const struct dots *dots = d->dots;

	for (size_t i = 0; i < dots->n; i++) {
		const struct dot *dot = &dots->dots[i];
		const struct dots_category *c =
		    &dots->categories[dot->category];
		struct scene_item *it =
		    scene_mark(d->scene, at(&d->x, inner(&d->x, dot->x)),
			at(&d->y, inner(&d->y, dot->y)), c->mark,
			diameter(d, dot->size), c->ink);

		it->title = dot->title;
		it->opacity = dots->n > MANY ? PALE : OPACITY;
		it->halo = dots->n <= MANY;
	}
}

/* As far as the data reach, and no further than the picture. */
static void draw_fit(struct drawing *d)
{
	const struct dots *dots = d->dots;
	double lo = d->y.values.scale.lo * d->y.values.divisor;
	double hi = d->y.values.scale.hi * d->y.values.divisor;
	double x[] = {d->x.lo, d->x.hi};
	struct xy ends[2];
	struct scene_item *it;

	for (size_t i = 0; i < 2; i++) {
		double y = dots->at + dots->slope * x[i];

		if ((y < lo || y > hi) && dots->slope != 0) {
			y = y < lo ? lo : hi;
			x[i] = (y - dots->at) / dots->slope;
		}
		ends[i] = (struct xy){at(&d->x, x[i]), at(&d->y, y)};
	}
	it = scene_line(d->scene, ends, 2, INK_TEXT, 1.2);
	it->dashed = true;
	it->title = "fitted line";
}

static double put_key(struct drawing *d, double x, double y, enum mark mark,
    double size, enum ink ink, const char *text)
{
	struct scene_item *it =
	    scene_mark(d->scene, x + size / 2, y - 4, mark, size, ink);

	it->opacity = OPACITY;
	x += size + 4;
	scene_text(d->scene, x, y, ANCHOR_START, AXES_TEXT, INK_SOFT, text);
	return x + ruler_width(d->dots->ruler, text, AXES_TEXT, false) +
	       KEY_GAP;
}

/* The largest size and a quarter of it, rounded to one digit. */
static void draw_sizes(struct drawing *d, double x, double y)
{
	double most = pow(10, floor(log10(d->largest)));
	double sizes[2];

	if (d->dots->size_title == NULL || !(d->largest > 0))
		return;
	most *= floor(d->largest / most);
	sizes[0] = most / 4;
	sizes[1] = most;
	for (size_t i = 0; i < 2; i++)
		x = put_key(d, x, y, MARK_CIRCLE, diameter(d, sizes[i]),
		    d->dots->n_categories > 1 ? INK_SOFT
					      : d->dots->categories[0].ink,
		    unit_text(d->arena, d->dots->size_unit, sizes[i]));
}

static void draw_categories(struct drawing *d, double x, double y)
{
	const struct dots *dots = d->dots;

	for (size_t i = 0; dots->n_categories > 1 && i < dots->n_categories;
	     i++) {
		const struct dots_category *c = &dots->categories[i];
		double width =
		    ruler_width(dots->ruler, c->name, AXES_TEXT, false);

		if (x + MARK_PLAIN + 4 + width > d->scene->w)
			return;
		x = put_key(d, x, y, c->mark, MARK_PLAIN, c->ink, c->name);
	}
}

struct scene *dots_draw(struct arena *a, const struct dots *dots)
{
	struct drawing d = {
	    .arena = a,
	    .dots = dots,
	    .scene = scene_new(a, dots->w, dots->h),
	};
	double title;

	find_ranges(&d);
	d.y.p0 = dots->h - AXES_BOTTOM - TITLE_HIGH;
	d.y.p1 = AXES_TOP + TITLE_HIGH;
	make_values(&d, &d.y, d.y.p0 - d.y.p1, 0);
	d.x.p0 = d.y.values.gutter + 8;
	d.x.p1 = dots->w - RIGHT;
	make_values(&d, &d.x, d.x.p1 - d.x.p0, X_SPACING);
	title =
	    ruler_width(dots->ruler, axis_title(&d, &d.y), AXES_TEXT, false);
	draw_axes(&d);
	draw_sizes(&d, 0, d.y.p0 + 16 + TITLE_HIGH);
	draw_categories(&d, title + 2 * KEY_GAP, AXES_TEXT);
	draw_dots(&d);
	if (dots->fitted)
		draw_fit(&d);
	return d.scene;
}
