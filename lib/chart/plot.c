#include "chart/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/axes.h"
#include "chart/endlabel.h"
#include "chart/level.h"
#include "chart/trace.h"
#include "chart/unit.h"

#define SMALL	      AXES_TEXT
#define LINE_WIDTH    1.6
#define LINE_STRONG   2.2
#define BAND_LINES    4	  /* more bands than this are mud */
#define BAND_LEAST    1.5 /* pixels: thinner ones can't be seen */
#define OVERHANG      60  /* pixels: a cause may be wider than its gap */
#define MANY	      12  /* lines: thinner ones keep apart */
#define DOT	      4.0
#define CLOUD_DOT     2.6
#define CLOUD_OPACITY 0.5

struct drawing {
	struct arena *arena;
	const struct plot *plot;
	struct scene *scene;
	struct frame frame;
	struct stack stack;
	struct values values;
};

struct range {
	double lo, hi;
	bool integral;
};

static void widen(struct range *r, double lo, double hi)
{
	r->lo = fmin(r->lo, lo);
	r->hi = fmax(r->hi, hi);
}

static struct range range_of(const struct drawing *d)
{
	const struct plot *p = d->plot;
	struct range r = {NAN, NAN, true};

	for (size_t i = 0; i < p->n_lines; i++) {
		for (size_t k = 0; k < p->lines[i].n; k++) {
			const struct point *pt = &p->lines[i].points[k];

			r.integral &= pt->mean == floor(pt->mean);
			if (!p->stack)
				widen(&r, pt->min, pt->max);
		}
	}
	for (size_t i = 0; i < p->n_clouds; i++)
		for (size_t k = 0; k < p->clouds[i].n; k++)
			widen(&r, p->clouds[i].points[k].mean,
			    p->clouds[i].points[k].mean);
	for (size_t i = 0; i < p->n_levels && !isnan(r.lo); i++)
		widen(&r, p->levels[i].value, p->levels[i].value);
	for (size_t i = 0; p->stack && i < p->n_lines; i++)
		for (size_t j = 0; j < d->stack.n; j++)
			widen(&r, fmin(0, d->stack.top[i][j]),
			    d->stack.top[i][j]);
	return r;
}

static void make_scale(struct drawing *d)
{
	const struct plot *p = d->plot;
	struct range r = range_of(d);
	const struct values_data data = {
	    .unit = p->unit,
	    .lo = r.lo,
	    .hi = r.hi,
	    .min = p->min,
	    .max = p->max,
	    .integral = r.integral,
	    .room = d->frame.y0 - d->frame.y1,
	};

	d->values = values_make(d->arena, p->ruler, &data);
	d->frame.divisor = d->values.divisor;
	d->frame.scale = d->values.scale;
}

static void draw_gaps(struct drawing *d)
{
	const struct plot *p = d->plot;
	const struct frame *f = &d->frame;

	for (size_t i = 0; i < p->n_gaps; i++) {
		double x0 = frame_x(f, (double)p->gaps[i].from);
		double x1 = frame_x(f, (double)p->gaps[i].to);

		if (x1 - x0 < 2)
			x1 = x0 + 2;
		scene_hatch(d->scene, x0, f->y1, x1, f->y0)->title =
		    p->gaps[i].title;
	}
}

/* What caused a gap, where that fits; over lines and grid. */
static void draw_causes(struct drawing *d)
{
	const struct plot *p = d->plot;
	const struct frame *f = &d->frame;
	double end = f->x0 + 24; /* the unit is there */

	for (size_t i = 0; i < p->n_gaps; i++) {
		const struct plot_gap *g = &p->gaps[i];
		double x0 = frame_x(f, (double)g->from);
		double x1 = frame_x(f, (double)g->to);
		double half = ruler_width(p->ruler, g->text, SMALL, false) / 2;
		double x = (x0 + x1) / 2;
		struct scene_item *it;

		if (2 * half > x1 - x0 + OVERHANG || x - half < end + 4 ||
		    x + half > f->x1)
			continue;
		it = scene_text(d->scene, x, f->y1 + SMALL + 1, ANCHOR_MIDDLE,
		    SMALL, INK_SOFT, g->text);
		it->halo = true;
		end = x + half;
	}
}

static void draw_band(struct drawing *d, const struct trace *t, enum ink ink)
{
	struct xy *around = arena_array(d->arena, 2 * t->n, sizeof(struct xy));

	for (size_t i = 0, end; i < t->n; i = end + 1) {
		size_t n = 0;

		for (end = i; end < t->n && !isnan(t->mean[end].x); end++)
			around[n++] = (struct xy){t->mean[end].x, t->max[end]};
		for (size_t k = end; k-- > i;)
			around[n++] = (struct xy){t->mean[k].x, t->min[k]};
		if (end - i > 1)
			scene_area(d->scene, around, n, ink, 0.16);
	}
}

/* A point without neighbours makes no line: a dot. */
static void draw_dots(
    struct drawing *d, const struct trace *t, const struct plot_line *l)
{
	for (size_t i = 0; i < t->n; i++) {
		bool before = i > 0 && !isnan(t->mean[i - 1].x);
		bool after = i + 1 < t->n && !isnan(t->mean[i + 1].x);

		if (isnan(t->mean[i].x) || before || after)
			continue;
		scene_mark(d->scene, t->mean[i].x, t->mean[i].y, MARK_CIRCLE,
		    DOT, l->ink)
		    ->title = l->name;
	}
}

static void draw_line(
    struct drawing *d, const struct trace *t, const struct plot_line *l)
{
	double width = d->plot->n_lines > MANY ? 1 : LINE_WIDTH;
	struct scene_item *it;

	if (t->n > 0) {
		it = scene_line(d->scene, t->mean, t->n, l->ink,
		    l->strong ? LINE_STRONG : width);
		it->title = l->name;
		it->dashed = l->dashed;
	}
	draw_dots(d, t, l);
}

/* Each measurement lightly, no two on one pixel. */
static void draw_cloud(struct drawing *d, const struct plot_line *l)
{
	double x = -INFINITY, y = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct point *p = &l->points[i];
		double px =
		    frame_x(&d->frame, (double)p->ts + (double)l->step / 2);
		double py = frame_y(&d->frame, p->mean);

		if (px - x < 1 && fabs(py - y) < 1)
			continue;
		scene_mark(d->scene, px, py, MARK_CIRCLE, CLOUD_DOT, l->ink)
		    ->opacity = CLOUD_OPACITY;
		x = px;
		y = py;
	}
}

static void draw_lines(struct drawing *d)
{
	const struct plot *p = d->plot;
	struct trace *traces =
	    arena_array(d->arena, p->n_lines, sizeof(*traces));

	for (size_t i = 0; i < p->n_clouds; i++)
		draw_cloud(d, &p->clouds[i]);
	for (size_t i = 0; i < p->n_lines; i++) {
		traces[i] = trace_make(d->arena, &d->frame, &p->lines[i]);
		if (p->n_lines <= BAND_LINES && p->lines[i].step > 0 &&
		    traces[i].spread >= BAND_LEAST)
			draw_band(d, &traces[i], p->lines[i].ink);
	}
	for (size_t i = 0; i < p->n_lines; i++)
		if (!p->lines[i].strong)
			draw_line(d, &traces[i], &p->lines[i]);
	for (size_t i = 0; i < p->n_lines; i++)
		if (p->lines[i].strong)
			draw_line(d, &traces[i], &p->lines[i]);
}

/* One layer, run by run. */
static void draw_layer(struct drawing *d, size_t layer)
{
	const struct stack *s = &d->stack;
	const struct plot_line *l = &d->plot->lines[layer];
	struct xy *around = arena_array(d->arena, 2 * s->n, sizeof(struct xy));

	for (size_t i = 0, end; i < s->n; i = end + 1) {
		size_t n = 0;

		for (end = i; end < s->n && !s->hole[end] &&
			      (end == i || s->ts[end] - s->ts[end - 1] <=
					       (double)l->hole);
		     end++)
			around[n++] =
			    (struct xy){frame_x(&d->frame, s->ts[end]),
				frame_y(&d->frame, s->top[layer][end])};
		for (size_t k = end; k-- > i;)
			around[n++] = (struct xy){frame_x(&d->frame, s->ts[k]),
			    frame_y(&d->frame,
				layer > 0 ? s->top[layer - 1][k] : 0)};
		if (end > i)
			scene_area(d->scene, around, n, l->ink, 0.72)->title =
			    l->name;
		if (end > i && end < s->n && !s->hole[end])
			end--; /* a hole in time, not in the list */
	}
}

/* Where a line's label wants to be. */
static double end_of(const struct drawing *d, size_t i)
{
	const struct plot_line *l = &d->plot->lines[i];
	const struct stack *s = &d->stack;
	double top;

	if (!d->plot->stack)
		return frame_y(
		    &d->frame, l->n > 0 ? l->points[l->n - 1].mean : l->last);
	top = s->n > 0 ? s->top[i][s->n - 1] : 0;
	return frame_y(&d->frame,
	    (top + (i > 0 && s->n > 0 ? s->top[i - 1][s->n - 1] : 0)) / 2);
}

/* Is the value shown in the unit of the axis? */
static bool in_axis_unit(const struct drawing *d, double v)
{
	return unit_scale(d->arena, d->plot->unit, v).divisor ==
	       d->values.unit_divisor;
}

/* As many decimals as the largest of the values in the axis' unit needs. */
static int label_decimals(const struct drawing *d)
{
	double most = 0;
	bool whole = true;

	for (size_t i = 0; i < d->plot->n_lines; i++) {
		double v = d->plot->lines[i].last / d->frame.divisor;

		if (v == 0 || !in_axis_unit(d, d->plot->lines[i].last))
			continue;
		most = fmax(most, fabs(v));
		whole &= v == floor(v);
	}
	if (whole)
		return 0;
	if (unit_is_percent(d->plot->unit) && most >= 0.1)
		return 1;
	return unit_decimals(most);
}

/* The value without its unit where the axis has the same. */
static const char *value_words(const struct drawing *d, double v, int decimals)
{
	if (v == 0)
		return "0";
	if (in_axis_unit(d, v) && !unit_scale(d->arena, d->plot->unit, v).clock)
		return unit_number(d->arena, v / d->frame.divisor, decimals);
	return unit_text(d->arena, d->plot->unit, v);
}

static size_t make_labels(struct drawing *d, struct end_label *labels)
{
	int decimals = label_decimals(d);
	size_t n = 0;

	for (size_t i = 0; d->plot->labels && i < d->plot->n_lines; i++) {
		const struct plot_line *l = &d->plot->lines[i];
		const char *value;

		if (l->end == NULL || l->n == 0)
			continue;
		value = value_words(d, l->last, decimals);
		if (l->age != NULL)
			value =
			    arena_printf(d->arena, "%s (%s)", value, l->age);
		labels[n++] = (struct end_label){
		    .name = l->end, .value = value, .ink = l->ink, .line = i};
	}
	return n;
}

bool plot_can_label(size_t n, double h)
{
	return n <= END_LABELS_MAX &&
	       end_labels_fit(n, AXES_TOP, h - AXES_BOTTOM);
}

static void draw_series(struct drawing *d)
{
	if (!d->plot->stack) {
		draw_lines(d);
		return;
	}
	for (size_t i = 0; i < d->plot->n_lines; i++)
		draw_layer(d, i);
}

static void tell_script(struct drawing *d)
{
	const struct frame *f = &d->frame;

	d->scene->plot = (struct scene_plot){
	    .x0 = f->x0,
	    .x1 = f->x1,
	    .y0 = f->y0,
	    .y1 = f->y1,
	    .t0 = f->from,
	    .t1 = f->to,
	    .v0 = f->scale.lo * f->divisor,
	    .v1 = f->scale.hi * f->divisor,
	    .unit = d->plot->unit != NULL ? d->plot->unit : "",
	};
}

struct scene *plot_draw(struct arena *a, const struct plot *p)
{
	struct end_label labels[END_LABELS_MAX];
	struct drawing d = {
	    .arena = a,
	    .plot = p,
	    .scene = scene_new(a, p->w, p->h),
	    .frame = {.y0 = p->h - AXES_BOTTOM,
		.y1 = AXES_TOP,
		.from = p->from,
		.to = p->to > p->from ? p->to : p->from + 1},
	};
	size_t n;

	if (p->stack)
		d.stack = stack_make(a, p->lines, p->n_lines);
	make_scale(&d);
	n = p->n_lines <= END_LABELS_MAX ? make_labels(&d, labels) : 0;
	d.frame.x0 = d.values.gutter + 8;
	d.frame.x1 =
	    p->w - end_labels_fit_width(a, p->ruler, labels, n, p->w * 0.36);
	for (size_t i = 0; i < n; i++) {
		labels[i].y = end_of(&d, labels[i].line);
		labels[i].x = d.frame.x1;
	}
	axes_grid(d.scene, &d.frame, &d.values);
	axes_times(d.scene, &d.frame, p->ruler);
	draw_gaps(&d);
	levels_draw(d.scene, &d.frame, p->levels, p->n_levels);
	draw_series(&d);
	levels_name(d.scene, &d.frame, p->levels, p->n_levels);
	draw_causes(&d);
	axes_unit(d.scene, &d.frame, &d.values, p->ruler);
	end_labels_draw(d.scene, labels, n, d.frame.x1, d.frame.y1, d.frame.y0);
	tell_script(&d);
	return d.scene;
}
