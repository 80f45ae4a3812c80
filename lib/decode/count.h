/*
 * Lines counted by what they say: of each run a sample, 0 where there were
 * none, so that charts and alerts work on faults as on anything else.
 */
#ifndef DECODE_COUNT_H
#define DECODE_COUNT_H

#include <stdint.h>

#include "conf/option.h"
#include "model/reading.h"

struct counters;

/* Names that are no metrics and patterns that are none are faults. */
void count_check(const struct pairs *, const struct node *map, struct faults *);

/*
 * Of names to extended regular expressions (regex(7)). count_end() must
 * follow whatever happens.
 */
must_use int count_begin(
    struct arena *, const struct pairs *, struct counters **, struct err *);
/* A whole line, clean. */
void count_line(struct counters *, const char *);
void count_samples(const struct counters *, struct readings *);
void count_end(struct counters *);

#endif
