/*
 * Tiles of maps: what the maps of all pages want of them after collecting is
 * fetched once it is new or has expired, a bounded number in a run, by a child
 * under a deadline. A server that fails costs its tiles, never the page.
 */
#ifndef RUN_TILES_H
#define RUN_TILES_H

#include "panel/panel.h"
#include "run/plan.h"
#include "store/store.h"

/* The name under which the ledger tells how it went. */
#define TILES_SOURCE "map tiles"

/* Does any map want tiles? */
bool tiles_wanted(const struct plan *);

/* Fetches what is due, within `left` seconds. */
must_use int tiles_fetch(const struct plan *, struct store *, int64_t now,
    double left, struct err *);

/* Those that a panel wants and the store has. */
must_use int tiles_gather(struct store *, const struct panel_kind *,
    struct panel_input *, struct arena *, struct err *);

#endif
