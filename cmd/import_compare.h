/*
 * What a file to be imported holds, and what of it a store has already.
 */
#ifndef CMD_IMPORT_COMPARE_H
#define CMD_IMPORT_COMPARE_H

#include "base/names.h"
#include "store/store.h"

struct tally {
	size_t rows, series;
	int64_t first, last;   /* their times, if there are any */
	size_t fresh, changed; /* as of tally_compare() */
	size_t tier[5];	       /* as of tally_tiers(): raw, 5m, 1h, 1d, none */
	struct names known;
	const char *newest; /* the series of the last row */
	struct arena *scratch;
};

/* The names of the rows are kept: they live as long as the arena. */
void tally_rows(
    struct arena *, struct tally *, const struct import_row *, size_t n);

/* By their age, the finest form that they will still be kept in. */
void tally_tiers(struct tally *, const struct keep *, int64_t now,
    const struct import_row *, size_t n);

/* A store that is NULL has nothing. */
must_use int tally_compare(struct tally *, struct store *,
    const struct import_row *, size_t n, struct err *);

void tally_free(struct tally *);

#endif
