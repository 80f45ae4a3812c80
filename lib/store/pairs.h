/*
 * Lists of samples and of cells on their way between rows, chunks and
 * points.
 */
#ifndef STORE_PAIRS_H
#define STORE_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/codec.h"

struct pair {
	int64_t ts;
	double value;
};

struct pairs {
	struct pair *items;
	size_t n, cap;
};

struct cells {
	struct cell *items;
	size_t n, cap;
};

void pairs_add(struct arena *, struct pairs *, int64_t ts, double value);

/* By time; of those of the same time the one that was added last stays. */
void pairs_tidy(struct arena *, struct pairs *);

/* Those that are not holes (NaN): samples that were taken back. */
struct pairs pairs_whole(struct arena *, const struct pairs *);

/* Those in [from, to), of a tidy list: a part of it. */
struct pairs pairs_between(const struct pairs *, int64_t from, int64_t to);

/* What the samples of a tidy list come to. */
void cells_of(
    struct arena *, const struct pairs *, int64_t width, struct cells *);

void cells_add(struct arena *, struct cells *, const struct cell *);
void cells_add_pair(struct arena *, struct cells *, int64_t ts, double value);
void cells_sort(struct arena *, struct cells *); /* by time */

#endif
