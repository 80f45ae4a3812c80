#include <math.h>

#include "base/clock.h"
#include "chart/plot.h"
#include "chart/theme.h"
#include "chart/unit.h"
#include "panel/alarm.h"
#include "panel/parts.h"

#define ALT_SERIES 6 /* read aloud; more is noise */

int colour_of(size_t i)
{
	return (int)(i % INK_SERIES_COUNT) + 1;
}

void series_finite(struct arena *a, struct series *s)
{
	struct point *kept = arena_array(a, s->n, sizeof(*kept));
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct point *p = &s->points[i];

		if (fabs(p->mean) <= PLOT_MAX && fabs(p->min) <= PLOT_MAX &&
		    fabs(p->max) <= PLOT_MAX)
			kept[n++] = *p;
	}
	s->points = kept;
	s->n = n;
}

struct extent series_extent(const struct series *s)
{
	struct extent e = {NAN, NAN, NAN};

	for (size_t i = 0; i < s->n; i++) {
		double part = 1 / (double)(i + 1);

		e.min = fmin(e.min, s->points[i].min);
		e.max = fmax(e.max, s->points[i].max);
		e.mean = i == 0
			     ? s->points[i].mean
			     : e.mean * (1 - part) + s->points[i].mean * part;
	}
	return e;
}

const char *period_words(struct arena *a, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *one, *many;
	} units[] = {
	    {365 * 86400, "year", "years"},
	    {86400, "day", "days"},
	    {3600, "hour", "hours"},
	    {60, "minute", "minutes"},
	    {1, "second", "seconds"},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		int64_t n =
		    (seconds + units[i].seconds / 20) / units[i].seconds;

		/* up to two days are hours, up to two years days */
		if (n >= (i < 2 ? 2 : 1) || seconds == units[0].seconds ||
		    i == 4)
			return arena_printf(a, "%lld %s", (long long)n,
			    n == 1 ? units[i].one : units[i].many);
	}
	return "";
}

void legend_of_series(const struct panel_input *in, const char **names,
    struct block *b, struct arena *a)
{
	b->legend = arena_array(a, in->n_series, sizeof(*b->legend));
	b->n_legend = in->n_series;
	for (size_t i = 0; i < in->n_series; i++) {
		const struct series *s = &in->series[i];
		struct extent e = series_extent(s);
		double age = (double)(in->now - s->last_ts);

		b->legend[i] = (struct legend_row){
		    .name = names[i],
		    .colour = colour_of(i),
		    .hot = alarm_on(in, s->name) != NULL,
		    .last = unit_text(a, s->unit, s->last),
		    .min = unit_text(a, s->unit, e.min),
		    .max = unit_text(a, s->unit, e.max),
		    .mean = unit_text(a, s->unit, e.mean),
		    .age = series_late(in, s) ? arena_printf(a, "%s ago",
						    clock_duration(a, age))
					      : NULL,
		};
	}
}

/* "between 12 and 60 %": the unit once if it is the same. */
static const char *between(
    struct arena *a, const char *unit, const struct extent *e)
{
	const char *lo, *lo_unit, *hi, *hi_unit;

	unit_split(a, unit, e->min, &lo, &lo_unit);
	unit_split(a, unit, e->max, &hi, &hi_unit);
	if (!str_eq(lo_unit, hi_unit))
		return arena_printf(
		    a, "between %s %s and %s %s", lo, lo_unit, hi, hi_unit);
	return arena_printf(a, "between %s and %s%s%s", lo, hi,
	    hi_unit[0] != '\0' ? " " : "", hi_unit);
}

static const char *describe(const struct panel_input *in,
    const struct series *s, const char *name, struct arena *a)
{
	struct extent e = series_extent(s);
	const struct alert *alarm;
	const char *age;

	if (s->n == 0)
		return arena_printf(a, "%s without values", name);
	age = series_late(in, s)
		  ? arena_printf(a, "%s ago",
			clock_duration(a, (double)(in->now - s->last_ts)))
		  : "now";
	alarm = alarm_on(in, s->name);
	return arena_printf(a, "%s%s %s %s, %s%s%s",
	    alarm != NULL ? "alert: " : "", name, age,
	    unit_text(a, s->unit, s->last), between(a, s->unit, &e),
	    alarm != NULL ? ", " : "",
	    alarm != NULL ? alarm_limit(a, alarm) : "");
}

const char *alt_of_series(
    const struct panel_input *in, const char **names, struct arena *a)
{
	bool dated = in->to - in->from > 2 * 86400;
	const char *alt = arena_printf(a, "%s, %s to %s",
	    in->title[0] != '\0' ? in->title : "Chart",
	    period_words(a, in->to - in->from),
	    clock_format(a, dated ? "%-d %b %Y" : "%H:%M", in->to));

	for (size_t i = 0; i < in->n_series && i < ALT_SERIES; i++)
		alt = arena_printf(a, "%s%s %s", alt, i == 0 ? ":" : ";",
		    describe(in, &in->series[i], names[i], a));
	if (in->n_series > ALT_SERIES)
		alt = arena_printf(
		    a, "%s; and %zu more", alt, in->n_series - ALT_SERIES);
	return alt;
}
