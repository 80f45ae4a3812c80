#include "forecast/order.h"

#include <math.h>
#include <stdlib.h>

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void order(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), rising);
}

double order_quantile(const double *v, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;

	if (i + 1 >= n)
		return v[n - 1];
	return v[i] + (at - (double)i) * (v[i + 1] - v[i]);
}

double order_median(double *v, size_t n)
{
	order(v, n);
	return order_quantile(v, n, 0.5);
}
