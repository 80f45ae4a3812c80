/* What a forecast says, in words. */
#include <math.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "panel/prospect.h"

static const char *with_suffix(
    struct arena *a, const char *number, const char *suffix)
{
	return suffix[0] == '\0' ? number
				 : arena_printf(a, "%s %s", number, suffix);
}

const char *prospect_number(
    struct arena *a, const struct prospect_look *look, double v)
{
	if (look->span)
		return arena_printf(
		    a, "%s%s", v < 0 ? "−" : "", clock_duration(a, v));
	return with_suffix(a,
	    unit_scaled(
		a, &look->scale, v / look->scale.divisor, look->decimals),
	    look->scale.suffix);
}

/* An error, or a change: a digit more; of percentages in points. */
static const char *fine_number(
    struct arena *a, const struct prospect_look *look, double v)
{
	const char *suffix =
	    unit_is_percent(look->unit) ? "points" : look->scale.suffix;

	if (look->span || look->scale.clock)
		return prospect_number(a, look, v);
	return with_suffix(a,
	    unit_number(a, v / look->scale.divisor, look->decimals + 1),
	    suffix);
}

static const char *weeks_words(struct arena *a, size_t weeks)
{
	return weeks == 1 ? "1 week" : arena_printf(a, "%zu weeks", weeks);
}

const char *prospect_answer(struct arena *a, const struct prospect *p,
    size_t target, const struct prospect_plan *plan)
{
	const struct prospect_target *t = &p->targets[target];
	struct outlook o = prospect_look_ahead(p, target, plan, p->weeks);

	return arena_printf(a, "%s%s in %s: %s, between %s and %s",
	    t->look.name, t->has_level ? "" : " summed up",
	    weeks_words(a, p->weeks), prospect_number(a, &t->look, o.mean),
	    prospect_number(a, &t->look, o.low),
	    prospect_number(a, &t->look, o.high));
}

const char *prospect_verdict(
    struct arena *a, const struct prospect *p, size_t target)
{
	static const char *const verdicts[] = {
	    [KNN_TOO_FEW] = "",
	    [KNN_NO_BETTER] = "It is no better than assuming no change.",
	    [KNN_LITTLE_BETTER] = "It is a little better than nothing.",
	    [KNN_BETTER] = "It is clearly better than nothing.",
	};
	const struct knn_target *t = &p->knn->targets[target];
	const struct prospect_look *look = &p->targets[target].look;
	const char *ahead = "";

	if (t->k == 0)
		return arena_printf(a,
		    "%s: %zu whole %s known, and a forecast takes %d.",
		    look->name, t->n, t->n == 1 ? "week is" : "weeks are",
		    KNN_LEAST);
	if (t->n_ahead > 0)
		ahead = arena_printf(a,
		    " Forecast only from the weeks before, it missed by %s, "
		    "and no change by %s.",
		    fine_number(a, look, t->ahead),
		    fine_number(a, look, t->ahead_naive));
	return arena_printf(a,
	    "Left out one week at a time, this model missed the change of %s "
	    "by %s a week on average; assuming no change misses by %s.%s %s",
	    look->name, fine_number(a, look, t->error),
	    fine_number(a, look, t->naive), ahead, verdicts[t->verdict]);
}

const char *prospect_remark(struct arena *a, const struct prospect *p)
{
	const char *names = NULL;
	size_t n = 0;

	for (size_t i = 0; i < p->knn->n_inputs && p->knn->n > 0; i++) {
		const char *name = p->inputs[i].look.name;

		if (!p->knn->inputs[i].constant)
			continue;
		names =
		    n++ == 0 ? name : arena_printf(a, "%s, %s", names, name);
	}
	if (n == 0)
		return NULL;
	return arena_printf(a, "%s never %s, and so %s nothing.", names,
	    n == 1 ? "varies" : "vary", n == 1 ? "tells" : "tell");
}

const char *prospect_outside(
    struct arena *a, const struct prospect *p, const struct prospect_plan *plan)
{
	const char *words = NULL;

	for (size_t i = 0; i < p->knn->n_inputs; i++) {
		const struct prospect_look *look = &p->inputs[i].look;
		const double *seen = p->knn->inputs[i].quartiles;
		bool above = plan->inputs[i] > seen[4];

		if (p->knn->inputs[i].constant ||
		    (!above && !(plan->inputs[i] < seen[0])))
			continue;
		words = arena_printf(a, "%s%s %s %s",
		    words != NULL ? arena_printf(a, "%s, ", words) : "",
		    look->name, above ? "never above" : "never below",
		    prospect_number(a, look, seen[above ? 4 : 0]));
	}
	if (words == NULL)
		return NULL;
	return arena_printf(a,
	    "The plan is outside of what was seen (%s): the answer is that of "
	    "the weeks that come nearest.",
	    words);
}
