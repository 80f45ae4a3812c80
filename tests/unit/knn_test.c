/* k nearest neighbours, by hand and against what must always hold. */
#include "test.h"

#include <math.h>

#include "forecast/knn.h"

static struct knn *train(struct arena *a, size_t n, size_t inputs,
    const double *x, size_t targets, const double *y)
{
	const struct knn_rows rows = {n, inputs, targets, x, y};

	return knn_train(a, &rows);
}

/*
 * 0..9 have a mean of 4.5 and a variance of 8.25; y is twice x. From 4.5 the
 * rows 4 and 5 are 0.5 / sqrt(8.25) away, each.
 */
static void by_hand(void **state)
{
	struct arena *a = *state;
	double x[10], y[10], at = 4.5, d = 1 / sqrt(8.25);
	const struct knn_target *t;
	struct knn *k;
	double w1 = 1 / (d + KNN_EPS), w2 = 1 / (2 * d + KNN_EPS), error;

	for (int i = 0; i < 10; i++) {
		x[i] = i;
		y[i] = 2 * i;
	}
	k = train(a, 10, 1, x, 1, y);
	assert_float_equal(k->inputs[0].mean, 4.5, 1e-12);
	assert_float_equal(k->inputs[0].sd, sqrt(8.25), 1e-12);
	assert_float_equal(k->inputs[0].quartiles[1], 2.25, 1e-12);
	t = &k->targets[0];
	/*
	 * Left out: with two neighbours those within forecast exactly, the
	 * ends from 1 and 2 (2 and 4); with one all miss by 2.
	 */
	assert_int_equal(t->k, 2);
	error = (2 * w1 + 4 * w2) / (w1 + w2);
	assert_float_equal(t->error, 2 * error / 10, 1e-12);
	assert_float_equal(t->naive, 9, 1e-12);
	assert_float_equal(knn_predict(k, 0, &at), 9, 1e-12);
	/* Rows 8 and 9 are forecast from those before them. */
	assert_int_equal(t->n_ahead, 2);
	assert_float_equal(t->ahead_naive, 17, 1e-12);
	assert_float_equal(t->ahead, error, 1e-12);
	assert_int_equal(t->verdict, KNN_BETTER);
}

static void newer_rows_win_ties(void **state)
{
	struct arena *a = *state;
	double x[8] = {0, 0, 0, 0, 0, 0, 0, 1};
	double y[8] = {5, 5, 5, 5, 5, 5, 1, 9};
	double at = 0;
	struct knn *k = train(a, 8, 1, x, 1, y);

	k->targets[0].k = 1;
	assert_float_equal(knn_predict(k, 0, &at), 1, 0);
	k->targets[0].k = 2;
	assert_float_equal(knn_predict(k, 0, &at), 3, 1e-12);
}

static void too_few(void **state)
{
	struct arena *a = *state;
	double x[7] = {1, 2, 3, 4, 5, 6, 7}, at = 3;
	struct knn *k = train(a, 7, 1, x, 1, x);

	assert_int_equal(k->targets[0].n, 7);
	assert_int_equal(k->targets[0].k, 0);
	assert_int_equal(k->targets[0].verdict, KNN_TOO_FEW);
	assert_true(isnan(knn_predict(k, 0, &at)));
	k = train(a, 0, 1, x, 1, x);
	assert_true(isnan(knn_predict(k, 0, &at)));
	k = train(a, 1, 1, x, 1, x);
	assert_int_equal(k->targets[0].n, 1);
}

/* A target that never changes; inputs that never do. */
static void constants(void **state)
{
	struct arena *a = *state;
	double x[20], y[20], at[2] = {3, 1e9};
	struct knn *k;

	for (int i = 0; i < 20; i++) {
		x[i] = i % 2 == 0 ? 7 : i; /* two columns: 7 and odd ones */
		y[i] = 0;
	}
	k = train(a, 10, 2, x, 1, y);
	assert_true(k->inputs[0].constant);
	assert_false(k->inputs[1].constant);
	assert_float_equal(knn_predict(k, 0, at), 0, 0);
	assert_float_equal(k->targets[0].error, 0, 0);
	assert_int_equal(k->targets[0].verdict, KNN_NO_BETTER);
	for (int i = 0; i < 20; i++)
		x[i] = 0.1;
	k = train(a, 10, 2, x, 1, y);
	assert_true(k->inputs[0].constant && k->inputs[1].constant);
	assert_true(isfinite(knn_predict(k, 0, at)));
}

static void holes_are_left_out(void **state)
{
	struct arena *a = *state;
	double x[12], y[24], at = 2;
	struct knn *k;

	for (int i = 0; i < 12; i++) {
		x[i] = i;
		y[2 * i] = i == 4 ? NAN : 1;
		y[2 * i + 1] = i < 5 ? NAN : 2;
	}
	x[11] = INFINITY;
	x[10] = 1e101;
	k = train(a, 12, 1, x, 2, y);
	assert_int_equal(k->n, 10);
	assert_int_equal(k->targets[0].n, 9);
	assert_int_equal(k->targets[1].n, 5);
	assert_float_equal(knn_predict(k, 0, &at), 1, 1e-12);
	assert_true(isnan(knn_predict(k, 1, &at)));
}

static void huge_values(void **state)
{
	struct arena *a = *state;
	double x[10], y[10], at = -1e100;
	struct knn *k;

	for (int i = 0; i < 10; i++) {
		x[i] = i % 2 == 0 ? 1e100 : -1e100 + i;
		y[i] = i % 3 == 0 ? -1e100 : 1e100;
	}
	k = train(a, 10, 1, x, 1, y);
	assert_true(isfinite(knn_predict(k, 0, &at)));
	assert_true(isfinite(k->targets[0].error));
	assert_true(isfinite(k->targets[0].growth[51]));
}

static double noise(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) / 16777216.0 - 0.5;
}

/*
 * A forecast is within the targets that were seen; it does not depend on the
 * units of inputs; the error with the best k is no more than with any; the
 * band's growth never falls behind the square root.
 */
static void what_always_holds(void **state)
{
	struct arena *a = *state;

	for (unsigned round = 1; round <= 30; round++) {
		size_t n = 8 + round * 3;
		double *x = arena_array(a, 2 * n, sizeof(*x));
		double *scaled = arena_array(a, 2 * n, sizeof(*x));
		double *y = arena_array(a, n, sizeof(*y));
		double lo = INFINITY, hi = -INFINITY, at[2], at_scaled[2], v;
		const struct knn_target *t;
		unsigned seed = round;
		struct knn *k, *other;

		for (size_t i = 0; i < n; i++) {
			x[2 * i] = floor(8 * noise(&seed));
			x[2 * i + 1] = noise(&seed);
			y[i] = x[2 * i] / 8 + noise(&seed);
			scaled[2 * i] = 1024 * x[2 * i] - 4096;
			scaled[2 * i + 1] = x[2 * i + 1] / 64;
			lo = fmin(lo, y[i]);
			hi = fmax(hi, y[i]);
		}
		at[0] = 20 * noise(&seed);
		at[1] = 20 * noise(&seed);
		at_scaled[0] = 1024 * at[0] - 4096;
		at_scaled[1] = at[1] / 64;
		k = train(a, n, 2, x, 1, y);
		other = train(a, n, 2, scaled, 1, y);
		t = &k->targets[0];
		v = knn_predict(k, 0, at);
		assert_true(v >= lo - 1e-12 && v <= hi + 1e-12);
		assert_int_equal(t->k, other->targets[0].k);
		assert_float_equal(v, knn_predict(other, 0, at_scaled), 1e-9);
		assert_true(t->low <= 0 && t->high >= 0);
		assert_true(t->n_ahead == n - KNN_LEAST);
		for (int h = 1; h < KNN_AHEAD_MAX; h++)
			assert_true(t->growth[h] >= sqrt(h + 1) - 1e-12 &&
				    t->growth[h] >= t->growth[h - 1]);
	}
}

/* Errors that always have one sign add up, and the band knows. */
static void errors_that_hang_together(void **state)
{
	struct arena *a = *state;
	double x[60], y[60];
	struct knn *k;

	for (int i = 0; i < 60; i++) {
		x[i] = i % 2;
		y[i] = i < 30 ? 1 : -1;
	}
	k = train(a, 60, 1, x, 1, y);
	assert_true(k->targets[0].growth[9] > 1.5 * sqrt(10));
	assert_int_equal(k->targets[0].verdict, KNN_NO_BETTER);
}

static void only_the_newest_rows(void **state)
{
	struct arena *a = *state;
	size_t n = KNN_ROWS_MAX + 100;
	double *x = arena_array(a, n, sizeof(*x));
	double at = 0;
	struct knn *k;

	for (size_t i = 0; i < n; i++)
		x[i] = (double)i;
	k = train(a, n, 1, x, 1, x);
	assert_int_equal(k->n, KNN_ROWS_MAX);
	assert_float_equal(k->raw[0], 100, 0);
	assert_true(knn_predict(k, 0, &at) >= 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(by_hand),
	    arena_test(newer_rows_win_ties),
	    arena_test(too_few),
	    arena_test(constants),
	    arena_test(holes_are_left_out),
	    arena_test(huge_values),
	    arena_test(what_always_holds),
	    arena_test(errors_that_hang_together),
	    arena_test(only_the_newest_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
