/*
 * What several kinds of panel share: names, states, words and numbers.
 */
#ifndef PANEL_PARTS_H
#define PANEL_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/report.h"
#include "panel/panel.h"

/* A value is late once its age passes this many times its interval. */
#define LATE_AFTER 2.5

/*
 * The shortest part that tells each series from the others: for app1/cpu and
 * app2/cpu app1 and app2; for here/disk{mount="/"} and …{mount="/var"} / and
 * /var. One series alone is called by its metric.
 */
const char **series_names(struct arena *, const struct series *, size_t n);

/* Without NaN, infinities and what is beyond all measure (PLOT_MAX). */
void series_finite(struct arena *, struct series *);

/*
 * The block's state and message from its series: empty, failed (a source
 * fails; the chart is shown all the same), late or ok.
 */
void state_of_series(
    const struct panel_input *, struct block *, struct arena *);

/*
 * The same from one source's status and the time of its newest data (0:
 * none). `what` is "table" or "line".
 */
void state_of_source(const struct panel_input *, const char *source,
    int64_t newest, struct block *, struct arena *);

/* Not ok, and not merely not due. */
bool outcome_fails(enum outcome);

/* "03:14", or "21 Nov 03:14" where that is another day than now. */
const char *moment_words(struct arena *, int64_t ts, int64_t now);

/* "6 hours", "30 days" */
const char *period_words(struct arena *, int64_t seconds);

/* Legend rows, in the order of the series. */
void legend_of_series(const struct panel_input *, const char **names,
    struct block *, struct arena *);

/* "CPU, 6 hours to 03:14: app1 now 25 %, between 12 and 60 %; …" */
const char *alt_of_series(
    const struct panel_input *, const char **names, struct arena *);

/* Time and a column for each series. */
struct numbers *numbers_of_series(
    struct arena *, const struct series *, const char **names, size_t n);

/* Least, greatest and mean value of a series in view; NaN if none. */
struct extent {
	double min, max, mean;
};

struct extent series_extent(const struct series *);

/* For options: in the order of INK_SERIES_1 and on. */
#define COLOUR_CHOICES "blue|orange|green|purple|grey|cyan|pink|olive"

/* The colour of the i-th series: 1 to 8. */
int colour_of(size_t i);

#endif
