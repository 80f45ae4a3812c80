#include "chart/spread.h"

#define SPREAD_MAX 64

/*
 * Take `i · height` from each wish and the distances become an order only:
 * then it is isotonic regression, by pooling neighbours that are out of
 * order into a block at their mean (pool adjacent violators).
 */
struct block {
	double sum;
	size_t n;
};

static double mean(const struct block *b)
{
	return b->sum / (double)b->n;
}

static double clamp(double v, double lo, double hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

size_t spread_room(double height, double lo, double hi)
{
	return hi < lo ? 0 : (size_t)((hi - lo) / height) + 1;
}

bool spread(double *at, size_t n, double height, double lo, double hi)
{
	struct block blocks[SPREAD_MAX];
	size_t used = 0, i = 0;

	if (n > SPREAD_MAX || n > spread_room(height, lo, hi))
		return false;
	for (i = 0; i < n; i++) {
		blocks[used++] = (struct block){at[i] - (double)i * height, 1};
		while (used > 1 &&
		       mean(&blocks[used - 2]) > mean(&blocks[used - 1])) {
			blocks[used - 2].sum += blocks[used - 1].sum;
			blocks[used - 2].n += blocks[used - 1].n;
			used--;
		}
	}
	i = 0;
	for (size_t b = 0; b < used; b++)
		for (size_t k = 0; k < blocks[b].n; k++, i++)
			at[i] = clamp(mean(&blocks[b]), lo,
				    hi - (double)(n - 1) * height) +
				(double)i * height;
	return true;
}
