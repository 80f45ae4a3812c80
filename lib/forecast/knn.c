#include "forecast/knn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/order.h"

#define SCALED_MAX  1e9	  /* standard deviations: farther is as far */
#define SAME	    1e-12 /* a range so small beside its level is none */
#define AHEAD_LEAST 8	  /* forecasts that a verdict takes */
#define WINDOWS	    4	  /* rows for each period of a sum of errors */
#define BETTER	    0.75  /* of the error of assuming no change */
#define LITTLE	    0.97

/* Another row, and how far it is. */
struct near {
	double distance;
	size_t row;
};

/* The nearest rows, of those seen so far. */
struct nearest {
	struct near at[KNN_K_MAX];
	size_t n;
};

/* What is known of a row of one target. */
struct pupil {
	const double *scaled;
	double value;
	struct nearest nearest;
	double missed[KNN_K_MAX]; /* value - forecast, by k - 1 */
};

static bool usable(double v)
{
	return fabs(v) <= KNN_VALUE_MAX; /* NaN is not */
}

static bool all_usable(const double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!usable(v[i]))
			return false;
	return true;
}

/* The rows of which all inputs are there, the newest of them. */
static void keep_rows(
    struct knn *k, const struct knn_rows *rows, struct arena *a)
{
	size_t d = k->n_inputs, t = k->n_targets, first = rows->n, n = 0;

	while (first > 0 && n < KNN_ROWS_MAX)
		n += all_usable(&rows->inputs[--first * d], d);
	k->raw = arena_array(a, n * d + 1, sizeof(double));
	k->values = arena_array(a, n * t + 1, sizeof(double));
	for (size_t i = first; i < rows->n; i++) {
		if (!all_usable(&rows->inputs[i * d], d))
			continue;
		memcpy(&k->raw[k->n * d], &rows->inputs[i * d],
		    d * sizeof(double));
		memcpy(&k->values[k->n * t], &rows->targets[i * t],
		    t * sizeof(double));
		k->n++;
	}
}

static struct knn_input measure(const struct knn *k, size_t input, double *sort)
{
	struct knn_input in = {0};
	double sum = 0, squares = 0, lo, hi;

	for (size_t i = 0; i < k->n; i++) {
		sort[i] = k->raw[i * k->n_inputs + input];
		sum += sort[i];
	}
	in.mean = sum / (double)k->n;
	for (size_t i = 0; i < k->n; i++)
		squares += (sort[i] - in.mean) * (sort[i] - in.mean);
	in.sd = sqrt(squares / (double)k->n);
	order(sort, k->n);
	for (size_t q = 0; q < 5; q++)
		in.quartiles[q] = order_quantile(sort, k->n, (double)q / 4);
	lo = sort[0];
	hi = sort[k->n - 1];
	in.constant =
	    !(hi - lo > SAME * fmax(fabs(lo), fabs(hi))) || !(in.sd > 0);
	return in;
}

static double standardise(const struct knn_input *in, double v)
{
	double z = (v - in->mean) / in->sd;

	if (in->constant)
		return 0;
	return z > SCALED_MAX ? SCALED_MAX : z < -SCALED_MAX ? -SCALED_MAX : z;
}

static void scale_rows(struct knn *k, struct arena *a)
{
	double *sort = arena_array(a, k->n + 1, sizeof(double));
	size_t d = k->n_inputs;

	k->scaled = arena_array(a, k->n * d + 1, sizeof(double));
	k->inputs = arena_array(a, k->n_inputs, sizeof(*k->inputs));
	for (size_t j = 0; j < d && k->n > 0; j++) {
		k->inputs[j] = measure(k, j, sort);
		for (size_t i = 0; i < k->n; i++)
			k->scaled[i * d + j] =
			    standardise(&k->inputs[j], k->raw[i * d + j]);
	}
}

static double distance(const double *a, const double *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sqrt(sum);
}

/* Rows come oldest first: of equally near ones the newer is before. */
static bool offer(struct nearest *near, double far, size_t row, size_t most)
{
	size_t i = near->n;

	while (i > 0 && near->at[i - 1].distance >= far)
		i--;
	if (i >= most)
		return false;
	if (near->n < most)
		near->n++;
	memmove(&near->at[i + 1], &near->at[i],
	    (near->n - 1 - i) * sizeof(near->at[0]));
	near->at[i] = (struct near){far, row};
	return true;
}

/* How much the forecast from 1, 2, … nearest misses. */
static void examine(struct pupil *p, const struct pupil *all)
{
	double sum = 0, weights = 0;

	for (size_t i = 0; i < p->nearest.n; i++) {
		const struct near *near = &p->nearest.at[i];
		double w = 1 / (near->distance + KNN_EPS);

		sum += w * all[near->row].value;
		weights += w;
		p->missed[i] = p->value - sum / weights;
	}
}

static size_t k_most(size_t n)
{
	return n - 1 < KNN_K_MAX ? n - 1 : KNN_K_MAX;
}

/* The best k for n rows, each of which knows all the others. */
static size_t choose(const struct pupil *all, size_t n, double *error)
{
	size_t best = 0;

	for (size_t k = 1; k <= k_most(n); k++) {
		double sum = 0;

		for (size_t i = 0; i < n; i++)
			sum += fabs(all[i].missed[k - 1]);
		if (best > 0 && !(sum / (double)n < *error))
			continue;
		best = k;
		*error = sum / (double)n;
	}
	return best;
}

/* Tells a row of those before it. */
static void meet(struct pupil *all, size_t n, size_t d)
{
	struct pupil *p = &all[n];

	for (size_t i = 0; i < n; i++)
		(void)offer(&p->nearest, distance(p->scaled, all[i].scaled, d),
		    i, KNN_K_MAX);
	examine(p, all);
}

/* Tells those before a row of it. */
static void introduce(struct pupil *all, size_t n, size_t d)
{
	for (size_t i = 0; i < n; i++)
		if (offer(&all[i].nearest,
			distance(all[i].scaled, all[n].scaled, d), n,
			KNN_K_MAX))
			examine(&all[i], all);
}

/*
 * Row after row: forecast from those before it, then one of them. At the
 * end each row knows all the others.
 */
static void walk(struct knn_target *t, struct pupil *all, size_t d)
{
	double ahead = 0, naive = 0, error;

	for (size_t i = 0; i < t->n; i++) {
		meet(all, i, d);
		if (i >= KNN_LEAST) {
			size_t k = choose(all, i, &error);

			ahead += fabs(all[i].missed[k - 1]);
			naive += fabs(all[i].value);
			t->n_ahead++;
		}
		introduce(all, i, d);
	}
	t->ahead = ahead / (double)t->n_ahead;
	t->ahead_naive = naive / (double)t->n_ahead;
}

static double root_mean_square(const double *missed, size_t n, size_t together)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < n; i++) {
		sum += missed[i];
		if (i >= together)
			sum -= missed[i - together];
		if (i + 1 >= together)
			squares += sum * sum;
	}
	return sqrt(squares / (double)(n + 1 - together));
}

static void grow(struct knn_target *t, const double *missed)
{
	double one = root_mean_square(missed, t->n, 1);
	size_t seen = 1;

	t->growth[0] = 1;
	for (size_t h = 2; h <= KNN_AHEAD_MAX; h++) {
		double least = fmax(sqrt((double)h),
		    t->growth[seen - 1] * sqrt((double)h / (double)seen));

		t->growth[h - 1] = least;
		if (one == 0 || t->n < WINDOWS * h)
			continue;
		t->growth[h - 1] = fmax(fmax(sqrt((double)h), t->growth[h - 2]),
		    root_mean_square(missed, t->n, h) / one);
		seen = h;
	}
}

static void judge(struct knn_target *t)
{
	double ratio = t->naive > 0 ? t->error / t->naive : 1;

	if (t->n_ahead >= AHEAD_LEAST)
		ratio = fmax(
		    ratio, t->ahead_naive > 0 ? t->ahead / t->ahead_naive : 1);
	t->verdict = ratio < BETTER   ? KNN_BETTER
		     : ratio < LITTLE ? KNN_LITTLE_BETTER
				      : KNN_NO_BETTER;
}

static void learn(const struct knn *k, size_t target, struct arena *a)
{
	struct knn_target *t = &k->targets[target];
	struct pupil *all = arena_array(a, k->n + 1, sizeof(*all));
	double *missed = arena_array(a, k->n + 1, sizeof(*missed));

	for (size_t i = 0; i < k->n; i++) {
		double v = k->values[i * k->n_targets + target];

		if (!usable(v))
			continue;
		all[t->n].scaled = &k->scaled[i * k->n_inputs];
		all[t->n].value = v;
		t->naive += fabs(v);
		t->n++;
	}
	t->naive /= (double)t->n;
	if (t->n < KNN_LEAST)
		return;
	walk(t, all, k->n_inputs);
	t->k = choose(all, t->n, &t->error);
	for (size_t i = 0; i < t->n; i++)
		missed[i] = all[i].missed[t->k - 1];
	grow(t, missed);
	order(missed, t->n);
	t->low = fmin(order_quantile(missed, t->n, 0.1), 0);
	t->high = fmax(order_quantile(missed, t->n, 0.9), 0);
	judge(t);
}

struct knn *knn_train(struct arena *a, const struct knn_rows *rows)
{
	struct knn *k = arena_make(a, struct knn);

	k->n_inputs = rows->n_inputs;
	k->n_targets = rows->n_targets;
	k->targets = arena_array(a, k->n_targets, sizeof(*k->targets));
	keep_rows(k, rows, a);
	scale_rows(k, a);
	for (size_t i = 0; i < k->n_targets; i++)
		learn(k, i, a);
	return k;
}

double knn_predict(const struct knn *k, size_t target, const double *inputs)
{
	const struct knn_target *t = &k->targets[target];
	struct nearest nearest = {.n = 0};
	double z[KNN_INPUTS_MAX], sum = 0, weights = 0;

	if (t->k == 0)
		return NAN;
	for (size_t i = 0; i < k->n_inputs; i++)
		z[i] = standardise(&k->inputs[i], inputs[i]);
	for (size_t i = 0; i < k->n; i++)
		if (usable(k->values[i * k->n_targets + target]))
			(void)offer(&nearest,
			    distance(
				z, &k->scaled[i * k->n_inputs], k->n_inputs),
			    i, t->k);
	for (size_t i = 0; i < nearest.n; i++) {
		const struct near *near = &nearest.at[i];
		double w = 1 / (near->distance + KNN_EPS);

		sum += w * k->values[near->row * k->n_targets + target];
		weights += w;
	}
	return sum / weights;
}
