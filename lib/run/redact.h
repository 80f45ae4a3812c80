/*
 * Snapshots that leave the house: what a profile of the configuration names
 * is replaced by pseudonyms (base/mask.h), in all that a snapshot is made of.
 *
 * It is done before anything is laid out, for a name that a chart has
 * shortened is found by nobody: what a panel is told (its numbers' names,
 * tables, lines, its options) is masked on the way from the store to its
 * build(), so that no kind of panel knows of it, and what it compares is the
 * same on both sides. What pages share is masked in the report. A last
 * look over the finished page finds what got past.
 *
 * Numbers and times stay, unless the whole of one is a match; so do the names
 * that the program itself has for things.
 */
#ifndef RUN_REDACT_H
#define RUN_REDACT_H

#include "output/capsule.h"
#include "run/plan.h"

struct redact;

/*
 * By a profile of the plan; an unknown one is an error with those that there
 * are. It lives in the arena, until redact_close().
 */
must_use int redact_open(struct redact **, const struct plan *,
    const char *profile, struct arena *, struct err *);
void redact_close(struct redact *); /* accepts NULL */

/* NULL stays NULL. */
const char *redact_text(struct redact *, struct arena *, const char *);

/* Ids of the panels, which are made of their titles; of a copy of the plan. */
void redact_plan(struct redact *, struct plan *);

/*
 * What is gathered for a panel becomes a masked copy. False: it is not to be
 * built at all; its block says why.
 */
bool redact_input(struct redact *, const struct plan_panel *,
    struct panel_input *, struct block *, struct arena *);

/* Titles, links, sources and alerts, and what pages say of their panels. */
void redact_report(struct redact *, struct report *, struct arena *);

/* What a snapshot has besides its report. */
void redact_capsule(struct redact *, struct capsule *, struct arena *);

/*
 * Does the page, as HTML, show anything that was masked elsewhere? An error
 * names it and its part. Words of letters only, which the page may have of
 * its own, are not looked for unless the profile has them, nor numbers.
 */
must_use int redact_check(struct redact *, struct span html, struct err *);

#endif
