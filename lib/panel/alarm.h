/*
 * Alerts in words and shapes, and what they make of other panels.
 */
#ifndef PANEL_ALARM_H
#define PANEL_ALARM_H

#include "panel/panel.h"

/* "firing", "pending", "muted" or "ended": a class of the style sheet. */
const char *alarm_look(const struct alert *);

/* A shape for it: "▲". */
const char *alarm_mark(const struct alert *);

/* "above 75 %", "outside 2 to 8 °C", "absent for 5 min" */
const char *alarm_limit(struct arena *, const struct alert *);

/* "cpu 96 %, above 75 % for 29 min, since 02:45"; no "for 0 s" */
const char *alarm_text(struct arena *, const struct alert *, int64_t now);

/* The worst alert that fires on a series, or NULL. */
const struct alert *alarm_on(const struct panel_input *, const char *series);

/*
 * Whatever else there is to say of the panel: an alert on one of its series
 * comes first. Its title then says which and why, its note since when.
 */
void alarm_of_series(const struct panel_input *, const char **names,
    struct block *, struct arena *);

/*
 * The same of any alert on its `sources` or what they yield, for kinds that
 * need all alerts.
 */
void alarm_of_sources(
    const struct panel_input *, struct block *, struct arena *);

#endif
