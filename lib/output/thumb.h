/*
 * A page as a small picture: of its most telling panels, what alerts first
 * and charts before all else, four at most, in the order of the page. Of a
 * chart only the drawing is left, for its words would be too small to read.
 */
#ifndef OUTPUT_THUMB_H
#define OUTPUT_THUMB_H

#include "base/arena.h"
#include "chart/scene.h"
#include "model/report.h"

#define THUMB_WIDTH  480
#define THUMB_HEIGHT 300

struct scene *thumb_scene(
    struct arena *, const struct page *, const struct ruler *);

/* What is in it, for who can't see it: "CPU (alert), Memory"; or "". */
const char *thumb_words(struct arena *, const struct page *);

#endif
