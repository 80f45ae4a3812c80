#include "chart/level.h"

#include <math.h>

#define SIZE  11.0
#define INSET 36.0 /* from the axis: the unit is there */

static bool is_visible(const struct frame *f, const struct plot_level *l)
{
	double v = l->value / f->divisor;

	return v >= f->scale.lo && v <= f->scale.hi;
}

static enum ink ink_of(const struct plot_level *l)
{
	return l->strong ? INK_RED : INK_SOFT;
}

void levels_draw(struct scene *s, const struct frame *f,
    const struct plot_level *levels, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double y = floor(frame_y(f, levels[i].value)) + 0.5;
		const struct xy ends[] = {{f->x0, y}, {f->x1, y}};

		if (is_visible(f, &levels[i]))
			scene_line(s, ends, 2, ink_of(&levels[i]), 1)->dashed =
			    true;
	}
}

void levels_name(struct scene *s, const struct frame *f,
    const struct plot_level *levels, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double y = frame_y(f, levels[i].value);
		bool high = y < f->y1 + 2 * SIZE;

		if (is_visible(f, &levels[i]))
			scene_text(s, f->x0 + INSET, high ? y + SIZE : y - 4,
			    ANCHOR_START, SIZE, ink_of(&levels[i]),
			    levels[i].text)
			    ->halo = true;
	}
}
