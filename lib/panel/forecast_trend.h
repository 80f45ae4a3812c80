/*
 * The part of a forecast that looks at series: they go on as they did.
 */
#ifndef PANEL_FORECAST_TREND_H
#define PANEL_FORECAST_TREND_H

#include "forecast/trend.h"
#include "panel/panel.h"

/* "+1.2 % a day", in the unit of time that gives a sensible number. */
const char *trend_words(struct arena *, const struct trend *, const char *unit);

/*
 * "reaches 90 % in 12 d, on 4 December (between 9 d and 17 d)", or why that
 * can't be said.
 */
const char *trend_reach_words(struct arena *, const struct trend *,
    const char *unit, double level, int64_t now);

/* A fault where `reach` is neither NULL nor a quantity. */
void trend_check_reach(
    const char *reach, const struct node *panel, struct faults *);

/*
 * Adds a sentence for each series that reaches the level in sight; if none
 * does, one that says so. Nothing if `reach` is NULL.
 */
void trend_tell_reach(const struct panel_input *, const char *const *names,
    const char *reach, struct block *, struct arena *);

must_use int forecast_trend_build(const struct panel_input *, const char *reach,
    struct block *, struct arena *, struct err *);

#endif
