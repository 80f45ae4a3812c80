/*
 * What of a snapshot does not fit into it: log lines first, the oldest of
 * them, then numbers, then panels, each from the last on.
 */
#ifndef OUTPUT_OMISSION_H
#define OUTPUT_OMISSION_H

#include "output/capsule.h"

struct omission {
	size_t lines;		/* the oldest */
	bool *numbers, *panels; /* of each block */
	size_t n_numbers, n_panels;
};

/* Of nothing. */
struct omission omission_none(struct arena *, const struct capsule *);

/*
 * The first so many steps of leaving out, where a kind has no numbers: a line
 * or a panel each. Steps beyond omission_steps() leave out no more.
 */
size_t omission_steps(const struct capsule *);
void omission_after(struct omission *, const struct capsule *, size_t steps);

/* "the oldest 12 log lines; the panels CPU, Memory and 4 more"; NULL: none. */
const char *omission_words(
    const struct omission *, const struct capsule *, struct arena *);

/*
 * Prints with as few steps left out as makes it fit into the capsule's
 * max_size. print() appends to a buf; *fits is set to false by it where that
 * is not for its bytes.
 */
must_use int omission_fit(const struct capsule *, struct arena *,
    int (*print)(void *ctx, const struct omission *, struct buf *, bool *fits,
	struct err *),
    void *ctx, struct buf *, struct err *);

#endif
