/*
 * Recipes: what is written once for many sources to build on. `use: NAME` is
 * a shipped one, `use: ./mine.yaml` one of the user's own (a path has a / or
 * ends in .yaml). A recipe is a mapping of a source's keys, and
 *
 *	parameters: {sheet: , range: "A:Z"}
 *
 * the keys that a source adds for it, with their defaults; those without one
 * must be given. In the recipe {range} stands for the value percent-encoded,
 * {+range} for the value as it is (as in RFC 6570, 3.2.2 and 3.2.3).
 *
 * A source takes from its recipe every key that it leaves out, within
 * mappings as well; a list is taken whole or not at all. A key without a
 * value takes away the recipe's. Recipes may build on recipes.
 */
#ifndef RUN_PLAN_USE_H
#define RUN_PLAN_USE_H

#include "run/plan.h"

struct use {
	const struct node *node; /* the source, complete */
	const struct option *parameters;
	const struct node *from; /* its use:, or NULL */
};

/* False with faults. What builds on nothing comes back as it is. */
bool plan_use(
    struct plan *, const struct node *source, struct use *, struct faults *);

/*
 * Adds what was found wrong with the complete source: what is the recipe's
 * is said where it is used.
 */
void plan_use_faults(const struct plan *, const struct use *,
    const struct faults *found, struct faults *);

#endif
