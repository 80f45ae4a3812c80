/*
 * What a map panel needs besides numbers: records, the outlines of the world
 * among the assets, a file of the user's own. For lib/run/gather.c only.
 */
#ifndef RUN_COMPOSE_MAP_H
#define RUN_COMPOSE_MAP_H

#include "panel/panel.h"
#include "store/store.h"

/* Read when first needed, in the arena; `data` is the directory of assets/. */
struct world;

struct world *world_new(struct arena *, const char *data);

must_use int gather_records(struct store *, const struct panel_kind *,
    struct panel_input *, struct arena *, struct err *);

/* An outline that can't be read costs the map only its land. */
void gather_outlines(struct world *, struct panel_input *);

must_use int gather_file(const struct panel_kind *, struct panel_input *,
    struct arena *, struct err *);

#endif
