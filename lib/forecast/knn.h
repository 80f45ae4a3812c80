/*
 * Forecasts by k nearest neighbours: what followed the past periods (weeks)
 * that were most alike to a plan. Pure: equal rows make an equal model.
 *
 * Inputs are standardised: their mean and standard deviation (of the
 * population) over all rows become 0 and 1, so that each counts alike; one
 * that never varies counts nothing. Distance is Euclid's. The forecast is the
 * mean of the k nearest rows' targets, each weighted by 1 / (distance +
 * KNN_EPS): inverse distance after Shepard (A two-dimensional interpolation
 * function for irregularly-spaced data, 1968) and Dudani (The
 * distance-weighted k-nearest-neighbor rule, 1976). Without KNN_EPS a single
 * row that happens to equal the plan would be the whole answer; with it
 * nothing nearer than a tenth of a standard deviation is told apart. Of
 * equally near rows the newer counts first.
 *
 * k is that of 1..20 whose mean absolute error is least when each row in turn
 * is left out and forecast from the others; of equal ones the smallest. That
 * error is told, and beside it that of assuming no change (0). The choice of
 * k, and what came after, make it a little too kind; so there is a second
 * check, in which each row is forecast only from those before it, k chosen
 * among these, too. A model is called better only if it is by both.
 */
#ifndef FORECAST_KNN_H
#define FORECAST_KNN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define KNN_K_MAX	20
#define KNN_EPS		0.1
#define KNN_LEAST	8   /* rows that a target needs */
#define KNN_ROWS_MAX	520 /* the newest: ten years of weeks */
#define KNN_AHEAD_MAX	52  /* periods that can be looked ahead */
#define KNN_INPUTS_MAX	16
#define KNN_TARGETS_MAX 8
#define KNN_VALUE_MAX	1e100 /* what is beyond is no measurement */

/*
 * Oldest first. A row of which an input is NaN or beyond KNN_VALUE_MAX is not
 * used; one of which a target is so, not for that target.
 */
struct knn_rows {
	size_t n, n_inputs, n_targets;
	const double *inputs;  /* n × n_inputs */
	const double *targets; /* n × n_targets */
};

struct knn_input {
	double mean, sd;
	double quartiles[5]; /* least, quartiles, greatest */
	bool constant;	     /* so it tells nothing */
};

enum knn_verdict {
	KNN_TOO_FEW,
	KNN_NO_BETTER,
	KNN_LITTLE_BETTER,
	KNN_BETTER,
};

struct knn_target {
	size_t n;	     /* rows that count for it */
	size_t k;	     /* 0: too few rows */
	double error, naive; /* mean absolute, leaving one out */
	size_t n_ahead;	     /* rows forecast from those before them */
	double ahead, ahead_naive;
	/* Of what was left out, four fifths missed by low..high. */
	double low, high; /* low <= 0 <= high */
	/*
	 * How much wider that is after so many periods, [0] being 1: the
	 * square root, as for errors that do not hang together, or what sums
	 * of as many errors in a row were, where that is more and was seen.
	 */
	double growth[KNN_AHEAD_MAX];
	enum knn_verdict verdict;
};

struct knn {
	size_t n, n_inputs, n_targets; /* n: of rows that are used */
	struct knn_input *inputs;
	struct knn_target *targets;
	double *raw;	/* n × n_inputs, as they were */
	double *scaled; /* likewise, standardised; constant ones 0 */
	double *values; /* n × n_targets */
};

struct knn *knn_train(struct arena *, const struct knn_rows *);

/* Of one period with these inputs; NaN if there are too few rows. */
double knn_predict(const struct knn *, size_t target, const double *inputs);

#endif
