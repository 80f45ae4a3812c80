/*
 * How far a series moved, by its own variation: the robust z-score of the
 * medians of two windows,
 *
 *	(median at B - median at A) / (1.4826 × MAD)
 *
 * MAD is the median of absolute deviations from the median, over a reference
 * period. Times 1.4826, which is 1/Φ⁻¹(3/4), it estimates the standard
 * deviation of values that are distributed normally, and up to half of them
 * may be anything (Rousseeuw and Croux, Alternatives to the median absolute
 * deviation, Journal of the American Statistical Association 88, 1993). Scores
 * beyond 3.5 are what Iglewicz and Hoaglin (How to detect and handle outliers,
 * 1993) call outliers.
 *
 * A series that hardly ever changes has no MAD to speak of. So the divisor
 * is at least a hundredth of the larger median, and what its unit is worth
 * telling apart: a fifth of a percentage point, a millisecond. A setting that
 * goes from 3 to 4 is found, one that goes from 300 to 303 isn't.
 */
#ifndef DIFF_SCORE_H
#define DIFF_SCORE_H

#include "model/gist.h"

#define SCORE_MOVED 3.5

/*
 * What there is to know of a series: of its points in the window, and of those
 * in the reference, which are at least as coarse. NaN where there are none.
 */
void score_measure(struct arena *, const struct point *window, size_t n,
    const struct point *reference, size_t known, struct gist_series *);

/* Of two with samples in both windows; finite. */
double score_of(const struct gist_series *a, const struct gist_series *b);

/* "unusual", "very unusual", "extreme"; "usual" below SCORE_MOVED */
const char *score_word(double score);

#endif
