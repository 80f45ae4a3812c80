/* Alerts as pages show them, as of any moment. */
#include "run/judge.h"
#include "run/plan_public.h"

#include "alert/judge.h"
#include "base/file.h"

#include <stdlib.h>

/* What ended is told of for so long, and so many of them. */
#define PAST	 (31 * INT64_C(86400))
#define PAST_MAX 500

void judge_mute(const struct plan *plan, int64_t now,
    const struct source_status *status, struct alert *x, struct arena *a)
{
	const struct mute m = {plan->maintenance, plan->n_maintenance, now};

	alert_mute(x, &m, plan_rule(plan, x->rule), status, a);
}

static int take_peak(
    void *ctx, const char *series, int64_t ts, double value, struct err *e)
{
	struct alert *x = ctx;

	(void)ts;
	(void)e;
	if (str_eq(series, x->series) &&
	    !(alert_beyond(x->test, x->low, x->high, value) <=
		alert_beyond(x->test, x->low, x->high, x->peak)))
		x->peak = value;
	return 0;
}

/* What was judged later than the moment is not what was seen then. */
static int look_back(struct store *st, int64_t now, struct arena *a,
    struct alert *x, struct err *e)
{
	struct strings name = {0};
	struct series *s;
	size_t n;

	if (x->state == ALERT_ENDED || x->seen <= now)
		return 0;
	strings_add(a, &name, x->series);
	if (store_series(st, a, &name, now, now, 0, &s, &n, e) != 0)
		return -1;
	if (n == 1) {
		x->value = s->last;
		x->seen = s->last_ts;
	}
	x->peak = x->first;
	return store_each_sample(st, &name, x->since, now, take_peak, x, e);
}

/* A link leads to what is there; the public output has no snapshots. */
static void keep_snapshot(
    const struct plan *plan, struct alert *x, struct arena *a)
{
	if (x->snapshot[0] != '\0' &&
	    (plan->public || !file_exists(arena_printf(a, "%s/%s",
				 plan->common.output, x->snapshot))))
		x->snapshot = "";
}

static size_t shown(const struct plan *plan, struct alert *all, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!plan_hides(plan, all[i].source))
			all[kept++] = all[i];
	return kept;
}

int judge_report(const struct plan *plan, struct store *store, int64_t now,
    const struct source_status *status, size_t n_status, struct arena *a,
    struct alert **out, size_t *n, struct err *e)
{
	struct names known = {0};
	struct alert *all;
	size_t at;

	if (store_alerts(store, a, now - PAST, now, PAST_MAX, &all, n, e) != 0)
		return -1;
	*n = shown(plan, all, *n);
	for (size_t i = 0; *n > 0 && i < n_status; i++)
		names_add(a, &known, status[i].name, i);
	for (size_t i = 0; i < *n; i++) {
		if (look_back(store, now, a, &all[i], e) != 0)
			return -1;
		keep_snapshot(plan, &all[i], a);
		if (all[i].state == ALERT_ENDED)
			continue;
		judge_mute(plan, now,
		    names_find(&known, all[i].source, &at) ? &status[at] : NULL,
		    &all[i], a);
	}
	if (*n > 1)
		qsort(all, *n, sizeof(*all), alert_by_series);
	*out = all;
	return 0;
}
