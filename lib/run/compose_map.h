/*
 * What only a panel's options tell that it needs: records, a file of the
 * user's own, series as of moments before; and the outlines of the world.
 */
#ifndef RUN_COMPOSE_MAP_H
#define RUN_COMPOSE_MAP_H

#include "panel/panel.h"
#include "store/store.h"

/* Read when first needed, in the arena; `data` is the directory of assets/. */
struct world;

struct world *world_new(struct arena *, const char *data);

struct panel_wish wish_of(
    const struct panel_kind *, const struct panel_input *);

/* The series as of the moments wished for. */
must_use int gather_then(struct store *, const struct panel_kind *,
    struct panel_input *, const struct strings *globs, struct arena *,
    struct err *);

must_use int gather_records(struct store *, const struct panel_kind *,
    struct panel_input *, struct arena *, struct err *);

/* An outline that can't be read costs the map only its land. */
void gather_outlines(struct world *, struct panel_input *);

must_use int gather_file(const struct panel_kind *, struct panel_input *,
    struct arena *, struct err *);

#endif
