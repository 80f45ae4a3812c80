#include "chart/endlabel.h"

#include <math.h>

#include "chart/spread.h"

#define SIZE   11.0
#define HEIGHT 13.5 /* from one label to the next */
#define GAP    9.0  /* between the plot and the words */
#define MOVED  4.0  /* more than this needs a tie */
#define MARGIN 4.0  /* right of plots without labels */

bool end_labels_fit(size_t n, double y1, double y0)
{
	return n <= spread_room(HEIGHT, y1, y0);
}

double end_labels_fit_width(struct arena *a, const struct ruler *r,
    struct end_label *labels, size_t n, double max)
{
	double widest = 0;

	for (size_t i = 0; i < n; i++) {
		struct end_label *l = &labels[i];
		double value = ruler_width(r, l->value, SIZE, true) +
			       ruler_width(r, " ", SIZE, true);

		l->name =
		    ruler_fit(r, a, l->name, SIZE, true, max - value - GAP);
		widest =
		    fmax(widest, value + ruler_width(r, l->name, SIZE, true));
	}
	return n == 0 ? MARGIN : widest + GAP + 1;
}

/* By height, else in the order of the lines; few, so by insertion. */
static void sort(struct end_label *labels, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct end_label l = labels[i];
		size_t k = i;

		for (; k > 0 && labels[k - 1].y > l.y; k--)
			labels[k] = labels[k - 1];
		labels[k] = l;
	}
}

static void draw(
    struct scene *s, const struct end_label *l, double x1, double y)
{
	const struct xy tie[] = {{x1 + 2, l->y}, {x1 + GAP - 2, y}};
	struct scene_item *it;
	const char *words = l->name[0] == '\0' ? l->value
					       : arena_printf(s->arena, "%s %s",
						     l->name, l->value);

	if (fabs(y - l->y) > MOVED)
		scene_line(s, tie, 2, l->ink, 0.8)->opacity = 0.6;
	it = scene_text(
	    s, x1 + GAP, y + SIZE * 0.36, ANCHOR_START, SIZE, l->ink, words);
	it->bold = true;
}

void end_labels_draw(struct scene *s, struct end_label *labels, size_t n,
    double x1, double y1, double y0)
{
	double at[END_LABELS_MAX];

	sort(labels, n);
	for (size_t i = 0; i < n; i++)
		at[i] = labels[i].y;
	if (!spread(at, n, HEIGHT, y1, y0))
		return;
	for (size_t i = 0; i < n; i++)
		draw(s, &labels[i], x1, at[i]);
}
