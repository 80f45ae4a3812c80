#include "diff/score.h"

#include <math.h>

#include "chart/unit.h"
#include "forecast/order.h"

#define NORMAL	 1.4826
#define RELATIVE 0.01

static double median(double *v, const struct point *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = p[i].mean;
	return n > 0 ? order_median(v, n) : NAN;
}

void score_measure(struct arena *a, const struct point *window, size_t n,
    const struct point *reference, size_t known, struct gist_series *f)
{
	double *v = arena_array(a, n > known ? n : known, sizeof(*v));
	double middle;

	f->n = n;
	f->known = known;
	f->median = median(v, window, n);
	f->spread = NAN;
	if (known == 0)
		return;
	middle = median(v, reference, known);
	for (size_t i = 0; i < known; i++)
		v[i] = fabs(reference[i].mean - middle);
	f->spread = NORMAL * order_median(v, known);
}

/* What is not worth telling apart. */
static double least(const char *unit, double largest)
{
	if (unit_is_percent(unit))
		return fmax(0.2, largest * 1e-3);
	return fmax(str_eq(unit, UNIT_SECONDS) ? 1e-3 : 0, largest * RELATIVE);
}

double score_of(const struct gist_series *a, const struct gist_series *b)
{
	double largest = fmax(fabs(a->median), fabs(b->median));
	double by = least(b->unit, largest);

	if (a->spread > by)
		by = a->spread;
	/* each first: their difference may be more than a number can be */
	return by > 0 ? b->median / by - a->median / by : 0;
}

const char *score_word(double score)
{
	score = fabs(score);
	return score < SCORE_MOVED ? "usual"
	       : score < 10	   ? "unusual"
	       : score < 50	   ? "very unusual"
				   : "extreme";
}
