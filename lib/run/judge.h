/*
 * Judging: between what was collected and what is printed. Every value that
 * came since the last run that judged meets the rules, and what began, fired
 * or ended is stored, all at once.
 *
 * Composing asks the store; what mutes an alert depends on the moment and is
 * never stored.
 */
#ifndef RUN_JUDGE_H
#define RUN_JUDGE_H

#include "run/plan.h"
#include "store/store.h"

/* *hot: how many alerts fire and are not muted now. */
must_use int judge(const struct plan *, struct store *, int64_t now,
    size_t *hot, struct err *);

/* What mutes it at the moment, if anything; the status may be NULL. */
void judge_mute(const struct plan *, int64_t now, const struct source_status *,
    struct alert *, struct arena *);

/*
 * The alerts as of a moment, in the order of alert_by_series(): what goes on
 * and what ended in the month before, with what mutes them.
 */
must_use int judge_report(const struct plan *, struct store *, int64_t now,
    const struct source_status *, size_t n_status, struct arena *,
    struct alert **, size_t *n, struct err *);

#endif
