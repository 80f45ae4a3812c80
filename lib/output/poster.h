/*
 * A block as one picture that stands alone: its title, note and message above
 * the chart, and the legend below where the chart does not name its lines.
 * For what is embedded elsewhere, printed or mailed; on a page all but the
 * chart is text of the page.
 */
#ifndef OUTPUT_POSTER_H
#define OUTPUT_POSTER_H

#include "base/arena.h"
#include "chart/scene.h"
#include "model/report.h"

/* NULL if the block has no chart. */
struct scene *poster_scene(
    struct arena *, const struct block *, const struct ruler *);

#endif
