/*
 * A linear scale and its ticks: from data to round numbers.
 */
#ifndef CHART_SCALE_H
#define CHART_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#define SCALE_TICKS_MAX 32

struct scale {
	double lo, hi; /* the values at the bottom and at the top; lo < hi */
	double ticks[SCALE_TICKS_MAX]; /* rising, within lo..hi */
	size_t n;
	int decimals; /* that the ticks need */
};

/* What is known of the data; in the unit that will be shown. */
struct scale_data {
	double lo, hi;	  /* NaN: no data */
	double min, max;  /* that the user set; NaN: free */
	bool percent;	  /* 0 to 100, as long as the data keep within */
	bool integral;	  /* all values are whole: so are the ticks */
	size_t intervals; /* between ticks, at most, 0 counts as 1 */
};

/*
 * Steps are 1, 2, 2.5 or 5 times a power of ten. The scale starts at zero
 * unless the data's range is small beside their level; then it shows at least
 * a twentieth of the level, so that noise does not look like news.
 */
struct scale scale_make(const struct scale_data *);

/* Where v is between y0 (lo) and y1 (hi); never outside of them. */
double scale_at(const struct scale *, double v, double y0, double y1);

#endif
