#include "chart/axes.h"

#include <math.h>
#include <stdlib.h>

#include "chart/axis.h"
#include "chart/unit.h"
#include "model/reading.h"

#define SMALL	     AXES_TEXT
#define TICK_SPACING 40.0
#define POWER_MAX    300 /* of ten, that a double holds either way */

static double largest(const struct values_data *d)
{
	double hi = isnan(d->max) ? d->hi : d->max;
	double lo = isnan(d->min) ? d->lo : d->min;

	return fmax(isnan(hi) ? 0 : fabs(hi), isnan(lo) ? 0 : fabs(lo));
}

static void shorten(struct arena *a, struct unit_scale *u, double most)
{
	static const char *const digits[] = {
	    "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	double size = most / u->divisor;
	int power;
	const char *words = "";

	if (size == 0 || !isfinite(size) || u->clock ||
	    (size >= 1e-3 && size < 1e6))
		return;
	power =
	    (int)fmax(fmin(floor(log10(size) / 3) * 3, POWER_MAX), -POWER_MAX);
	for (int left = abs(power); left > 0; left /= 10)
		words = arena_printf(a, "%s%s", digits[left % 10], words);
	u->divisor *= pow(10, power);
	u->suffix = arena_printf(a, "×10%s%s%s%s", power < 0 ? "⁻" : "", words,
	    u->suffix[0] != '\0' ? " " : "", u->suffix);
}

struct values values_make(
    struct arena *a, const struct ruler *ruler, const struct values_data *d)
{
	double most = largest(d);
	struct unit_scale u = unit_scale(a, d->unit, most);
	struct values v = {.unit = d->unit, .unit_divisor = u.divisor};
	struct scale_data data = {.percent = str_eq(d->unit, UNIT_PERCENT)};
	double spacing = d->spacing > 0 ? d->spacing : TICK_SPACING;

	shorten(a, &u, most);
	data.intervals = (size_t)fmax(d->room / spacing, 1);
	data.lo = d->lo / u.divisor;
	data.hi = d->hi / u.divisor;
	data.min = d->min / u.divisor;
	data.max = d->max / u.divisor;
	data.integral = d->integral && u.divisor == 1;
	v.divisor = u.divisor;
	v.suffix = u.suffix;
	v.scale = scale_make(&data);
	for (size_t i = 0; i < v.scale.n; i++) {
		v.words[i] =
		    unit_scaled(a, &u, v.scale.ticks[i], v.scale.decimals);
		v.gutter = fmax(
		    v.gutter, ruler_width(ruler, v.words[i], SMALL, false));
	}
	return v;
}

double crisp(double v)
{
	return floor(v) + 0.5;
}

void axes_rule(
    struct scene *s, double x0, double y0, double x1, double y1, enum ink ink)
{
	const struct xy ends[] = {{x0, y0}, {x1, y1}};

	scene_line(s, ends, 2, ink, 1);
}

void axes_grid(struct scene *s, const struct frame *f, const struct values *v)
{
	for (size_t i = 0; i < v->scale.n; i++) {
		double tick = v->scale.ticks[i];
		double y = scale_at(&v->scale, tick, f->y0, f->y1);

		scene_text(s, v->gutter, y + SMALL * 0.36, ANCHOR_END, SMALL,
		    INK_SOFT, v->words[i]);
		if (y < f->y0 - 1) /* the time axis is there */
			axes_rule(s, f->x0, crisp(y), f->x1, crisp(y),
			    tick == 0 ? INK_RULE : INK_HAIR);
	}
}

void axes_unit(struct scene *s, const struct frame *f, const struct values *v,
    const struct ruler *ruler)
{
	struct scene_item *it;
	double y;

	if (v->scale.n == 0 || v->suffix[0] == '\0')
		return;
	y = scale_at(&v->scale, v->scale.ticks[v->scale.n - 1], f->y0, f->y1);
	it = scene_text(s, v->gutter + ruler_width(ruler, " ", SMALL, false),
	    y + SMALL * 0.36, ANCHOR_START, SMALL, INK_SOFT, v->suffix);
	it->halo = true;
}

void axes_times(
    struct scene *s, const struct frame *f, const struct ruler *ruler)
{
	struct axis_place place = {
	    .x0 = f->x0,
	    .x1 = f->x1,
	    .right = s->w,
	    .size = SMALL,
	    .ruler = ruler,
	};
	struct axis axis = axis_make(s->arena, f->from, f->to, &place);

	axes_rule(s, f->x0, crisp(f->y0), f->x1, crisp(f->y0), INK_RULE);
	for (size_t i = 0; i < axis.n; i++) {
		const struct axis_tick *t = &axis.ticks[i];

		if (t->strong)
			axes_rule(s, crisp(t->x), f->y1, crisp(t->x), f->y0,
			    INK_HAIR);
		axes_rule(
		    s, crisp(t->x), f->y0, crisp(t->x), f->y0 + 4, INK_RULE);
		if (t->text != NULL)
			scene_text(s, t->x, f->y0 + 16, ANCHOR_MIDDLE, SMALL,
			    t->strong ? INK_TEXT : INK_SOFT, t->text);
	}
}
