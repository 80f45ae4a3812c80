/*
 * Judging: a rule, what went on before, and what came since, to what goes on
 * now. Pure: no clock, no store.
 *
 * An alert that goes on is a struct alert, fired or not; where there is none
 * its `since` is 0. Each step may begin one or bring it on; when the step
 * says ALERT_OVER it is over (ended is set; fired is 0 if it never did), and
 * the caller takes it away and puts an empty one in its place.
 *
 * What is between the level and the clear level holds: it neither begins an
 * alert nor ends one, so that a value which wavers around one level makes one
 * alert, not many.
 */
#ifndef ALERT_JUDGE_H
#define ALERT_JUDGE_H

#include "alert/rule.h"

enum alert_turn { ALERT_GOES_ON, ALERT_OVER };

/* Nothing goes on: what a step may begin. */
struct alert alert_none(const struct alert_rule *, const char *series,
    const char *source, const char *unit);

static inline bool alert_goes_on(const struct alert *a)
{
	return a->since != 0;
}

/*
 * One value. Those of a series come in the order of time; one that is not
 * newer than the last is passed over. After more than `gap` seconds without a
 * value a pending alert begins anew: nobody knows whether it held.
 */
enum alert_turn alert_value(const struct alert_rule *, struct alert *,
    int64_t ts, double value, int64_t gap);

/* How far past the levels of a test a value is; negative: not past them. */
double alert_beyond(enum alert_test, double low, double high, double value);

/* Is this value past the level? The quick part of alert_value(). */
bool alert_breaks(const struct alert_rule *, double value);

/*
 * The time passes, without values: after `stale` seconds the series is taken
 * for gone, and its alert is over.
 */
enum alert_turn alert_wait(struct alert *, int64_t now, int64_t stale);

/*
 * Of an absent rule: the newest value is of `last` (0: there never was one);
 * so much silence is nothing to speak of where values come each `every`.
 */
enum alert_turn alert_absence(const struct alert_rule *, struct alert *,
    int64_t now, int64_t last, int64_t every);

/* Of a failed rule: the source fails, since then; or it does not. */
enum alert_turn alert_failure(const struct alert_rule *, struct alert *,
    int64_t now, bool fails, int64_t since);

/*
 * The machine's clock was set back: nothing is later than now. True if
 * anything was.
 */
bool alert_set_back(struct alert *, int64_t now);

#endif
