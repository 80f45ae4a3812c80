#include "chart/scale.h"

#include <math.h>

/* Beyond this a difference could overflow. */
#define HUGE_LEVEL  1e300
#define NEAR_ZERO   1e-300
#define SMALL_RANGE 0.25 /* of the level: then zero is left out */
#define LEAST_RANGE 0.05 /* of the level, of a scale without zero */
#define FEW	    20	 /* whole numbers up to this start at zero */

struct bounds {
	double lo, hi;
	bool lo_fixed, hi_fixed; /* not to be rounded outwards */
};

/* A round step, kept as mantissa and power so that ticks come out exact. */
struct step {
	double mantissa;
	int power;
};

static double times(const struct step *s, double i)
{
	return s->power >= 0 ? i * s->mantissa * pow(10, s->power)
			     : i * s->mantissa / pow(10, -s->power);
}

static double clamp(double v, double lo, double hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static void include_zero(struct bounds *b, const struct scale_data *d)
{
	double level = fmax(fabs(b->lo), fabs(b->hi));
	double range = b->hi - b->lo;
	bool few = d->integral && level <= FEW;

	if (range == 0 || range >= SMALL_RANGE * level || few) {
		b->lo = fmin(b->lo, 0);
		b->hi = fmax(b->hi, 0);
	} else if (range < LEAST_RANGE * level) {
		b->lo -= (LEAST_RANGE * level - range) / 2;
		b->hi += (LEAST_RANGE * level - range) / 2;
	}
}

static struct bounds bounds_of(const struct scale_data *d)
{
	struct bounds b = {
	    .lo_fixed = !isnan(d->min),
	    .hi_fixed = !isnan(d->max),
	};
	bool empty = isnan(d->lo) || isnan(d->hi);

	b.lo = empty ? 0 : clamp(d->lo, -HUGE_LEVEL, HUGE_LEVEL);
	b.hi = empty ? 0 : clamp(d->hi, -HUGE_LEVEL, HUGE_LEVEL);
	if (b.lo_fixed)
		b.lo = clamp(d->min, -HUGE_LEVEL, HUGE_LEVEL);
	if (b.hi_fixed)
		b.hi = clamp(d->max, -HUGE_LEVEL, HUGE_LEVEL);
	if (!b.lo_fixed && !b.hi_fixed)
		include_zero(&b, d);
	else if (!b.lo_fixed && b.lo > 0 && b.hi > 0)
		b.lo = b.hi - b.lo >= SMALL_RANGE * b.hi ? 0 : b.lo;
	if (b.hi - b.lo < NEAR_ZERO ||
	    b.hi - b.lo < 1e-12 * fmax(fabs(b.lo), fabs(b.hi))) {
		double room = fmax(1, fabs(b.lo) * LEAST_RANGE);

		if (b.hi_fixed && !b.lo_fixed)
			b.lo = b.hi - room;
		else
			b.hi = b.lo + room;
	}
	return b;
}

static bool fits(const struct step *s, const struct bounds *b, size_t intervals)
{
	double size = times(s, 1);
	double lo = b->lo_fixed ? b->lo / size : floor(b->lo / size + 1e-9);
	double hi = b->hi_fixed ? b->hi / size : ceil(b->hi / size - 1e-9);

	return hi - lo <= (double)intervals + 1e-9;
}

/* The smallest round step that needs no more than so many intervals. */
static struct step step_for(
    const struct bounds *b, size_t intervals, bool integral)
{
	static const double mantissas[] = {1, 2, 2.5, 5};
	double raw = (b->hi - b->lo) / (double)intervals;
	struct step s = {1, (int)floor(log10(raw)) - 1};

	if (integral && s.power < 0)
		s.power = 0;
	for (;; s.power++) {
		for (size_t i = 0; i < 4; i++) {
			s.mantissa = mantissas[i];
			if (integral && s.power == 0 && i == 2)
				continue;
			if (fits(&s, b, intervals))
				return s;
		}
	}
}

static void put_ticks(
    struct scale *s, const struct bounds *b, const struct step *step)
{
	double size = times(step, 1);
	double first = b->lo_fixed ? ceil(b->lo / size - 1e-9)
				   : floor(b->lo / size + 1e-9);
	double last = b->hi_fixed ? floor(b->hi / size + 1e-9)
				  : ceil(b->hi / size - 1e-9);

	for (double i = first; i <= last && s->n < SCALE_TICKS_MAX; i++)
		s->ticks[s->n++] = times(step, i) + 0.0; /* no -0 */
	s->lo = b->lo_fixed ? b->lo : s->ticks[0];
	s->hi = b->hi_fixed ? b->hi : s->ticks[s->n - 1];
	s->decimals = -step->power + (step->mantissa == 2.5);
	if (s->decimals < 0)
		s->decimals = 0;
}

static struct step percent_step(size_t intervals)
{
	return intervals >= 10	? (struct step){1, 1}
	       : intervals >= 4 ? (struct step){2.5, 1}
	       : intervals > 1	? (struct step){5, 1}
				: (struct step){1, 2};
}

struct scale scale_make(const struct scale_data *d)
{
	size_t intervals = d->intervals == 0 ? 1 : d->intervals;
	bool whole = d->percent && isnan(d->min) && isnan(d->max) &&
		     !(d->lo < 0) && !(d->hi >= 100.5);
	struct bounds b = {.hi = 100};
	struct scale s = {0};
	struct step step;

	if (intervals > SCALE_TICKS_MAX - 2)
		intervals = SCALE_TICKS_MAX - 2;
	if (!whole)
		b = bounds_of(d);
	step = whole ? percent_step(intervals)
		     : step_for(&b, intervals, d->integral);
	put_ticks(&s, &b, &step);
	return s;
}

double scale_at(const struct scale *s, double v, double y0, double y1)
{
	return y0 + (y1 - y0) * clamp((v - s->lo) / (s->hi - s->lo), 0, 1);
}
