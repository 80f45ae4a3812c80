/*
 * A section's choose: one page for each of some words.
 */
#ifndef RUN_PLAN_CHOOSE_H
#define RUN_PLAN_CHOOSE_H

#include "run/plan.h"

/* A part of plan_load(): of a panel that has choose. */
void plan_bind_choose(
    struct plan_page *, const struct plan_panel *, struct faults *);

#endif
