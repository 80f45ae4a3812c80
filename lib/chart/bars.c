#include "chart/bars.h"

#include <math.h>
#include <stdlib.h>

#include "chart/axes.h"

#define PART_OPACITY 0.4
#define PAD	     0.1 /* of a slot, on both sides */
#define PAD_MAX	     2.0
#define MOMENT_MIN   1.5 /* pixels */
#define MOMENT_MAX   18.0
#define WORD_LEAST   44.0 /* pixels: shorter words say nothing */
#define WORD_APART   8.0
#define RIGHT	     4.0

/* Where the bars of a slot are. */
struct place {
	double x0, x1;
};

struct drawing {
	struct arena *arena;
	const struct bars *bars;
	struct scene *scene;
	struct frame frame;
	struct values values;
	struct place *places;
};

static void widen(struct values_data *d, double v)
{
	d->lo = fmin(d->lo, v);
	d->hi = fmax(d->hi, v);
}

/* Bars begin at zero, so it is always to be seen. */
static struct values_data range_of(const struct drawing *d)
{
	const struct bars *b = d->bars;
	struct values_data r = {
	    .unit = b->unit,
	    .min = NAN,
	    .max = NAN,
	    .integral = true,
	    .room = d->frame.y0 - d->frame.y1,
	};

	for (size_t i = 0; i < b->n; i++) {
		double up = 0, down = 0;

		for (size_t k = 0; k < b->n_values; k++) {
			double v = b->slots[i].values[k];

			if (isnan(v))
				continue;
			r.integral &= v == floor(v);
			up = b->stack ? up + fmax(v, 0) : fmax(up, v);
			down = b->stack ? down + fmin(v, 0) : fmin(down, v);
		}
		widen(&r, up);
		widen(&r, down);
	}
	return r;
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Wide enough to be seen, no wider than what is between most of them. */
static double moment_width(const struct drawing *d)
{
	const struct bars *b = d->bars;
	double *apart;
	double width;

	if (b->n < 2)
		return MOMENT_MAX;
	apart = arena_array(d->arena, b->n - 1, sizeof(*apart));
	for (size_t i = 1; i < b->n; i++)
		apart[i - 1] = frame_x(&d->frame, (double)b->slots[i].from) -
			       frame_x(&d->frame, (double)b->slots[i - 1].from);
	qsort(apart, b->n - 1, sizeof(*apart), rising);
	width = apart[(b->n - 2) / 4] - 1;
	return fmax(fmin(width, MOMENT_MAX), MOMENT_MIN);
}

/* Two runs of one day are beside each other, as long as there is room. */
static void place_moments(struct drawing *d)
{
	const struct bars *b = d->bars;
	double width = moment_width(d), end = d->frame.x0;

	for (size_t i = 0; i < b->n; i++) {
		double x = frame_x(&d->frame, (double)b->slots[i].from);
		double x0 = fmax(x - width / 2, end);

		x0 = fmin(x0, d->frame.x1 - width);
		d->places[i] = (struct place){x0, x0 + width};
		end = x0 + width + fmin(1, width / 4);
	}
}

static void place_slots(struct drawing *d)
{
	const struct bars *b = d->bars;
	const struct frame *f = &d->frame;

	for (size_t i = 0; i < b->n; i++) {
		const struct bar_slot *s = &b->slots[i];
		double each = (f->x1 - f->x0) / (double)b->n;
		double x0 = b->words ? f->x0 + (double)i * each
				     : frame_x(f, (double)s->from);
		double x1 = b->words ? x0 + each : frame_x(f, (double)s->to);
		double pad = fmin((x1 - x0) * PAD, PAD_MAX);

		if (b->words)
			pad = (x1 - x0) * PAD;
		d->places[i] =
		    (struct place){x0 + pad, fmax(x1 - pad, x0 + pad + 1)};
	}
}

static void place(struct drawing *d)
{
	const struct bars *b = d->bars;

	d->places = arena_array(d->arena, b->n, sizeof(*d->places));
	if (!b->words && b->n > 0 && b->slots[0].from == b->slots[0].to)
		place_moments(d);
	else
		place_slots(d);
}

static void draw_bar(struct drawing *d, const struct bar_slot *s, size_t k,
    const struct place *at, double base, double v)
{
	double y0 = frame_y(&d->frame, base);
	double y1 = frame_y(&d->frame, base + v);
	enum ink ink = v < 0 && d->bars->minus != INK_NONE ? d->bars->minus
							   : d->bars->inks[k];
	struct scene_item *it;

	/* what is not zero is to be seen */
	if (v != 0 && fabs(y0 - y1) < 1)
		y1 = y0 + (v > 0 ? -1 : 1);
	it = scene_rect(
	    d->scene, at->x0, fmin(y0, y1), at->x1, fmax(y0, y1), ink);
	it->title = s->titles[k];
	if (!s->part)
		return;
	it->opacity = PART_OPACITY;
	scene_hatch(d->scene, at->x0, fmin(y0, y1), at->x1, fmax(y0, y1))
	    ->title = s->titles[k];
}

static void draw_slot(
    struct drawing *d, const struct bar_slot *s, const struct place *at)
{
	const size_t n = d->bars->n_values;
	double up = 0, down = 0, each = (at->x1 - at->x0) / (double)n;

	for (size_t k = 0; k < n; k++) {
		double v = s->values[k], *base = v < 0 ? &down : &up;
		double x0 = at->x0 + (double)k * each;
		struct place one = {x0, x0 + each - (n > 1 && each > 4)};

		if (isnan(v))
			continue;
		if (!d->bars->stack) {
			draw_bar(d, s, k, &one, 0, v);
			continue;
		}
		draw_bar(d, s, k, at, *base, v);
		*base += v;
	}
}

/* Each word, or every second, third …, shortened to the room it has. */
static void draw_words(struct drawing *d)
{
	const struct bars *b = d->bars;
	const struct frame *f = &d->frame;
	double each = (f->x1 - f->x0) / (double)b->n, longest = 0;
	size_t step = 1;

	for (size_t i = 0; i < b->n; i++)
		longest = fmax(longest,
		    ruler_width(b->ruler, b->slots[i].word, AXES_TEXT, false));
	longest = fmin(longest, WORD_LEAST) + WORD_APART;
	while (each * (double)step < longest && step < b->n)
		step++;
	axes_rule(d->scene, f->x0, crisp(f->y0), f->x1, crisp(f->y0), INK_RULE);
	for (size_t i = 0; i < b->n; i += step) {
		double middle = f->x0 + ((double)i + 0.5) * each;
		double room = each * (double)step - WORD_APART;
		const char *word = ruler_fit(b->ruler, d->arena,
		    b->slots[i].word, AXES_TEXT, false, room);
		double half = ruler_width(b->ruler, word, AXES_TEXT, false) / 2;

		middle = fmin(middle, d->scene->w - half);
		scene_text(d->scene, fmax(middle, half), f->y0 + 16,
		    ANCHOR_MIDDLE, AXES_TEXT, INK_SOFT, word);
	}
}

struct scene *bars_draw(struct arena *a, const struct bars *b)
{
	struct drawing d = {
	    .arena = a,
	    .bars = b,
	    .scene = scene_new(a, b->w, b->h),
	    .frame = {.y0 = b->h - AXES_BOTTOM,
		.y1 = AXES_TOP,
		.x1 = b->w - RIGHT,
		.from = b->from,
		.to = b->to > b->from ? b->to : b->from + 1},
	};
	struct values_data data = range_of(&d);
	double zero;

	d.values = values_make(a, b->ruler, &data);
	d.frame.divisor = d.values.divisor;
	d.frame.scale = d.values.scale;
	d.frame.x0 = d.values.gutter + 8;
	place(&d);
	axes_grid(d.scene, &d.frame, &d.values);
	if (b->words)
		draw_words(&d);
	else
		axes_times(d.scene, &d.frame, b->ruler);
	for (size_t i = 0; i < b->n; i++)
		draw_slot(&d, &b->slots[i], &d.places[i]);
	zero = crisp(frame_y(&d.frame, 0));
	axes_rule(d.scene, d.frame.x0, zero, d.frame.x1, zero, INK_SOFT);
	axes_unit(d.scene, &d.frame, &d.values, b->ruler);
	return d.scene;
}
