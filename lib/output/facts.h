/*
 * What happened in the time of a snapshot, as tables: the same in every kind
 * of file.
 */
#ifndef OUTPUT_FACTS_H
#define OUTPUT_FACTS_H

#include "output/capsule.h"

/* time, what, alert; alert by alert: what one did is read in one place. */
struct grid *facts_events(struct arena *, const struct capsule *);

/* source, from, to, outcome, message */
struct grid *facts_gaps(struct arena *, const struct capsule *);

/* The log lines after the first so many: time, source and text in each. */
void facts_lines(
    struct arena *, const struct capsule *, size_t from, struct buf *);

/* A source that was asked and did not answer well. */
bool fact_failing(const struct source_status *);
size_t facts_failing(const struct report *); /* how many there are */

/* "all 5 sources answered" */
const char *facts_answered(struct arena *, const struct report *);

#endif
