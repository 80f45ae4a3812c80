/*
 * Values as people read them: scaled by their unit, to three significant
 * digits, thousands apart.
 *
 *	percent     25.3 %, 5.1 %, 0.07 %: one decimal from 0.1 on
 *	%           the same, of a ratio whose axis has a range of its own
 *	bytes       3.12 GB (powers of 1024)    bytes/s   412 KB/s
 *	bits        1.5 Mbit (powers of 1000)   bits/s    40 Mbit/s
 *	seconds     350 ms, 12 s, 1.5 min, 3 h, 12.4 d
 *	count, ""   1,204; 1.2 M from a million on
 *	count/s     744 /s
 *	number      1,204,000: never scaled, no unit
 *	celsius     21.5 °C
 *	duration    55:43, 1:12:05: seconds as a clock shows them
 *	pace        5:21 /km: seconds for a kilometre
 *	kg          76.4 kg, as any other word
 *
 * Whole numbers below a million keep all their digits. NaN is "–".
 */
#ifndef CHART_UNIT_H
#define CHART_UNIT_H

#include <stdbool.h>

#include "base/arena.h"

/* How the values of one axis or column are shown: v / divisor, suffix. */
struct unit_scale {
	double divisor;
	const char *suffix; /* "", "%", "GB/s" */
	bool scales;	    /* the suffix depends on the value's size */
	bool clock;	    /* minutes, shown with seconds behind a colon */
};

/* The scale that suits the largest of some values. */
struct unit_scale unit_scale(struct arena *, const char *unit, double largest);

bool unit_is_percent(const char *unit);

/* A number that is scaled already. decimals -1: three significant digits. */
const char *unit_number(struct arena *, double v, int decimals);

/* The same as its unit shows it: a clock's 5.35 is 5:21. */
const char *unit_scaled(
    struct arena *, const struct unit_scale *, double v, int decimals);

/* The decimals that three significant digits of v need. */
int unit_decimals(double v);

/* Percentages have one, or none if whole; three digits when below 0.1. */
int unit_percent_decimals(double v);

/* "3.12 GB" */
const char *unit_text(struct arena *, const char *unit, double v);

/* "3.12" and "GB" */
void unit_split(struct arena *, const char *unit, double v, const char **number,
    const char **suffix);

/* A whole number with thousands apart: "1,204". */
const char *unit_whole(struct arena *, double v);

#endif
