#include "chart/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/axis.h"
#include "chart/endlabel.h"
#include "chart/level.h"
#include "chart/trace.h"
#include "chart/unit.h"

#define SMALL	     11.0 /* the words' size */
#define TOP	     9.0  /* room above the plot: half a word */
#define BOTTOM	     20.0 /* room below: the times */
#define TICK_SPACING 40.0
#define LINE_WIDTH   1.6
#define LINE_STRONG  2.2
#define BAND_LINES   4	 /* more bands than this are mud */
#define BAND_LEAST   1.5 /* pixels: thinner ones can't be seen */
#define OVERHANG     60	 /* pixels: a cause may be wider than its gap */
#define POWER_MAX    300 /* of ten, that a double holds either way */
#define MANY	     12	 /* lines: thinner ones keep apart */
#define DOT	     4.0

struct drawing {
	struct arena *arena;
	const struct plot *plot;
	struct scene *scene;
	struct frame frame;
	struct stack stack;
	const char *suffix;
	double unit_divisor;		    /* of the unit's scale alone */
	const char *words[SCALE_TICKS_MAX]; /* of the value axis */
	double gutter;			    /* where they end */
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
	for (size_t i = 0; i < p->n_levels && !isnan(r.lo); i++)
		widen(&r, p->levels[i].value, p->levels[i].value);
	for (size_t i = 0; p->stack && i < p->n_lines; i++)
		for (size_t j = 0; j < d->stack.n; j++)
			widen(&r, fmin(0, d->stack.top[i][j]),
			    d->stack.top[i][j]);
	return r;
}

static double largest(const struct plot *p, const struct range *r)
{
	double hi = isnan(p->max) ? r->hi : p->max;
	double lo = isnan(p->min) ? r->lo : p->min;

	return fmax(isnan(hi) ? 0 : fabs(hi), isnan(lo) ? 0 : fabs(lo));
}

/*
 * Figures too long for an axis are shown in powers of a thousand: 0.5 and
 * "×10⁻⁶" above.
 */
static void shorten(struct drawing *d, struct unit_scale *u, double most)
{
	static const char *const digits[] = {
	    "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	double size = most / u->divisor;
	int power;
	const char *words = "";

	d->unit_divisor = u->divisor;
	if (size == 0 || !isfinite(size) || (size >= 1e-3 && size < 1e6))
		return;
	power =
	    (int)fmax(fmin(floor(log10(size) / 3) * 3, POWER_MAX), -POWER_MAX);
	for (int left = abs(power); left > 0; left /= 10)
		words =
		    arena_printf(d->arena, "%s%s", digits[left % 10], words);
	u->divisor *= pow(10, power);
	u->suffix = arena_printf(d->arena, "×10%s%s%s%s", power < 0 ? "⁻" : "",
	    words, u->suffix[0] != '\0' ? " " : "", u->suffix);
}

static void write_ticks(struct drawing *d)
{
	const struct scale *s = &d->frame.scale;

	for (size_t i = 0; i < s->n; i++) {
		d->words[i] = unit_number(d->arena, s->ticks[i], s->decimals);
		d->gutter = fmax(d->gutter,
		    ruler_width(d->plot->ruler, d->words[i], SMALL, false));
	}
}

static void make_scale(struct drawing *d)
{
	const struct plot *p = d->plot;
	struct range r = range_of(d);
	double most = largest(p, &r);
	struct unit_scale u = unit_scale(d->arena, p->unit, most);
	struct frame *f = &d->frame;
	struct scale_data data = {
	    .percent = unit_is_percent(p->unit),
	    .intervals = (size_t)fmax((f->y0 - f->y1) / TICK_SPACING, 1),
	};

	shorten(d, &u, most);
	data.lo = r.lo / u.divisor;
	data.hi = r.hi / u.divisor;
	data.min = p->min / u.divisor;
	data.max = p->max / u.divisor;
	data.integral = r.integral && u.divisor == 1;
	f->divisor = u.divisor;
	f->scale = scale_make(&data);
	d->suffix = u.suffix;
	write_ticks(d);
}

/* Lines of one pixel are sharp where they lie between two. */
static double crisp(double v)
{
	return floor(v) + 0.5;
}

static void rule(
    struct scene *s, double x0, double y0, double x1, double y1, enum ink ink)
{
	const struct xy ends[] = {{x0, y0}, {x1, y1}};

	scene_line(s, ends, 2, ink, 1);
}

static void draw_grid(struct drawing *d)
{
	const struct frame *f = &d->frame;

	for (size_t i = 0; i < f->scale.n; i++) {
		double v = f->scale.ticks[i];
		double y = scale_at(&f->scale, v, f->y0, f->y1);

		scene_text(d->scene, d->gutter, y + SMALL * 0.36, ANCHOR_END,
		    SMALL, INK_SOFT, d->words[i]);
		if (y < f->y0 - 1) /* the time axis is there */
			rule(d->scene, f->x0, crisp(y), f->x1, crisp(y),
			    v == 0 ? INK_RULE : INK_HAIR);
	}
}

/* The unit once, behind the topmost number, over the grid. */
static void draw_unit(struct drawing *d)
{
	const struct frame *f = &d->frame;
	struct scene_item *it;
	double y;

	if (f->scale.n == 0 || d->suffix[0] == '\0')
		return;
	y = scale_at(&f->scale, f->scale.ticks[f->scale.n - 1], f->y0, f->y1);
	it = scene_text(d->scene,
	    d->gutter + ruler_width(d->plot->ruler, " ", SMALL, false),
	    y + SMALL * 0.36, ANCHOR_START, SMALL, INK_SOFT, d->suffix);
	it->halo = true;
}

static void draw_times(struct drawing *d)
{
	const struct frame *f = &d->frame;
	struct axis_place place = {
	    .x0 = f->x0,
	    .x1 = f->x1,
	    .right = d->scene->w,
	    .size = SMALL,
	    .ruler = d->plot->ruler,
	};
	struct axis axis = axis_make(d->arena, f->from, f->to, &place);

	rule(d->scene, f->x0, crisp(f->y0), f->x1, crisp(f->y0), INK_RULE);
	for (size_t i = 0; i < axis.n; i++) {
		const struct axis_tick *t = &axis.ticks[i];

		if (t->strong)
			rule(d->scene, crisp(t->x), f->y1, crisp(t->x), f->y0,
			    INK_HAIR);
		rule(d->scene, crisp(t->x), f->y0, crisp(t->x), f->y0 + 4,
		    INK_RULE);
		if (t->text != NULL)
			scene_text(d->scene, t->x, f->y0 + 16, ANCHOR_MIDDLE,
			    SMALL, t->strong ? INK_TEXT : INK_SOFT, t->text);
	}
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

static void draw_lines(struct drawing *d)
{
	const struct plot *p = d->plot;
	struct trace *traces =
	    arena_array(d->arena, p->n_lines, sizeof(*traces));

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
	       d->unit_divisor;
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
	if (in_axis_unit(d, v))
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
	return n <= END_LABELS_MAX && end_labels_fit(n, TOP, h - BOTTOM);
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
	    .frame = {.y0 = p->h - BOTTOM,
		.y1 = TOP,
		.from = p->from,
		.to = p->to > p->from ? p->to : p->from + 1},
	};
	size_t n;

	if (p->stack)
		d.stack = stack_make(a, p->lines, p->n_lines);
	make_scale(&d);
	n = p->n_lines <= END_LABELS_MAX ? make_labels(&d, labels) : 0;
	d.frame.x0 = d.gutter + 8;
	d.frame.x1 =
	    p->w - end_labels_fit_width(a, p->ruler, labels, n, p->w * 0.36);
	for (size_t i = 0; i < n; i++) {
		labels[i].y = end_of(&d, labels[i].line);
		labels[i].x = d.frame.x1;
	}
	draw_grid(&d);
	draw_times(&d);
	draw_gaps(&d);
	levels_draw(d.scene, &d.frame, p->levels, p->n_levels);
	draw_series(&d);
	levels_name(d.scene, &d.frame, p->levels, p->n_levels);
	draw_causes(&d);
	draw_unit(&d);
	end_labels_draw(d.scene, labels, n, d.frame.x1, d.frame.y1, d.frame.y0);
	tell_script(&d);
	return d.scene;
}
