/*
 * Where a source is shown: the first panel, or headline, that is of this
 * source alone.
 */
#ifndef RUN_ANCHORS_H
#define RUN_ANCHORS_H

#include "run/plan.h"

/*
 * At most one for each source, as seen from a page: the places on it come
 * before those on other pages. In the arena.
 */
struct panel_anchor *anchors_of(
    const struct plan *, const char *page, struct arena *, size_t *n);

#endif
