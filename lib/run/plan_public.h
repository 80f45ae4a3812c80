/*
 * The plan of the public output: what anybody may see of the same store.
 *
 * Left out are pages, panels and sources with `private: yes`; panels that
 * name a private source; and, once any source is private, panels of SQL and
 * choices that do not say `private: no`, as a query may read anything. Of
 * series that a glob finds, of alerts, messages and explorer data those of
 * private sources are left out where they are gathered: plan_hides().
 */
#ifndef RUN_PLAN_PUBLIC_H
#define RUN_PLAN_PUBLIC_H

#include "run/plan.h"

/* In the arena; NULL if there is no public output. */
const struct plan *plan_public(const struct plan *, struct arena *);

/* Is the source none that this plan shows? Only in a public plan. */
bool plan_hides(const struct plan *, const char *source);

/* Leaves out series of hidden sources, in place; how many there are then. */
size_t plan_shown(const struct plan *, struct series *, size_t n);

/* A part of plan_load(): public: beside output: */
void plan_check_public(const struct plan *, struct faults *);

#endif
