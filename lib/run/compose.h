/*
 * Composing: from the store to the report, as of one moment.
 */
#ifndef RUN_COMPOSE_H
#define RUN_COMPOSE_H

#include "model/report.h"
#include "run/plan.h"
#include "store/store.h"

/*
 * Builds every panel of every page and period as of `now`. A panel that
 * can't be built costs only itself: its block says why. -1 only if the store
 * can't be read at all.
 */
must_use int compose(const struct plan *, struct store *, int64_t now,
    const struct ruler *, struct arena *, struct report *, struct err *);

/* The same without pages: titles, times and the state of every source. */
must_use int compose_status(const struct plan *, struct store *, int64_t now,
    struct arena *, struct report *, struct err *);

#endif
