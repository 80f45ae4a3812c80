/*
 * What of a snapshot does not fit into it: log lines first, the oldest of
 * them, then numbers, what is for comparison, then panels, each from the last
 * on.
 */
#ifndef OUTPUT_OMISSION_H
#define OUTPUT_OMISSION_H

#include "output/capsule.h"

struct omission {
	size_t lines;		/* the oldest */
	bool *numbers, *panels; /* of each block */
	bool has_numbers;	/* the file has any: a step for each */
	size_t n_numbers, n_panels;
	bool gist; /* what is for comparison */
};

/* Of nothing. */
struct omission omission_none(struct arena *, const struct capsule *);

/* The first so many steps of leaving out: of a line, numbers or a panel. */
void omission_after(struct omission *, const struct capsule *, size_t steps);

/*
 * A snapshot as HTML without that; NULL: without what does not fit.
 */
must_use int capsule_html_without(const struct capsule_means *,
    const struct capsule *, const struct omission *, struct buf *,
    struct err *);

/* "the oldest 12 log lines; the panels CPU, Memory and 4 more"; NULL: none. */
const char *omission_words(
    const struct omission *, const struct capsule *, struct arena *);

/*
 * Prints with as few steps left out as makes it fit into the capsule's
 * max_size. `numbers`: they are a part of it. print() appends to a buf; *fits
 * is set to false by it where that is not for its bytes.
 */
must_use int omission_fit(const struct capsule *, bool numbers, struct arena *,
    int (*print)(void *ctx, const struct omission *, struct buf *, bool *fits,
	struct err *),
    void *ctx, struct buf *, struct err *);

#endif
