/*
 * Composing: from the store to the report, as of one moment. First all that
 * the pages share; then, as they are printed, one panel after the other, so
 * that no more than a few are in memory at once.
 */
#ifndef RUN_COMPOSE_H
#define RUN_COMPOSE_H

#include "model/report.h"
#include "run/plan.h"
#include "run/views.h"
#include "store/store.h"

struct composer;

/*
 * Titles, times, links, the state of every source, and of each panel what
 * the plan knows. `data` has assets/. The composer lives in the arena. NULL
 * only if the store can't be read at all.
 */
struct composer *compose(const struct plan *, struct store *, const char *data,
    int64_t now, struct arena *, struct report *, struct err *);

/* The same without pages. */
must_use int compose_status(const struct plan *, struct store *, int64_t now,
    struct arena *, struct report *, struct err *);

/* The block of a panel as it begins. */
struct block compose_block(const struct plan_panel *);

/* The views of the plan's page of that number; the report has them all. */
const struct views *compose_views(const struct composer *, size_t page);

/* Once the last panel was asked for; accepts NULL. */
void compose_end(struct composer *);

/* What a panel is told before anything is asked of the store. */
struct panel_input compose_input(
    const struct composer *, const struct plan_panel *, const struct view *);

/* Sets its alerts, by the names of its series. */
void compose_alerts(const struct composer *, const struct plan_panel *,
    struct panel_input *, struct arena *);

/*
 * Asks the store for the rest, but for the ruler. False: it can't be had,
 * which costs only this panel: its block says why.
 */
bool compose_gather(const struct composer *, const struct plan_panel *,
    struct panel_input *, struct block *, struct arena *);

/* Builds the block, or says in it why that can't be; on any thread. */
bool compose_build(const struct plan_panel *, const struct panel_input *,
    struct block *, struct arena *);

#endif
