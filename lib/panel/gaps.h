/*
 * Why there is nothing: gaps in series and the spells that explain them.
 */
#ifndef PANEL_GAPS_H
#define PANEL_GAPS_H

#include "chart/plot.h"
#include "panel/panel.h"

/* Points further apart than this are not joined. */
int64_t gap_least(const struct series *);

/*
 * The gaps of the input's series that overlap a spell of their source,
 * merged where they overlap. The time before a series' first point is no
 * gap: nothing was there yet.
 */
struct plot_gap *gaps_explained(
    struct arena *, const struct panel_input *, size_t *n);

#endif
