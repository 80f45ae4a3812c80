/*
 * Order statistics.
 */
#ifndef FORECAST_ORDER_H
#define FORECAST_ORDER_H

#include <stddef.h>

/* Rising. */
void order(double *, size_t n);

/*
 * Of rising values, q from 0 to 1: between two of them in proportion (type 7
 * of Hyndman and Fan, Sample quantiles in statistical packages, 1996). n > 0.
 */
double order_quantile(const double *, size_t n, double q);

/* The same of any values, which become rising. */
double order_median(double *, size_t n);

#endif
