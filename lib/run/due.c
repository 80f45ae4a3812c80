/* Which sources are due in this run. */
#include "run/collect.h"

/*
 * A source that failed is asked again at the next run, then after two, four,
 * eight…, but never less often than its own `every`.
 */
static int64_t interval(const struct plan *plan, const struct job *job)
{
	int64_t wait = plan->every;

	if (job->memory.failures == 0)
		return job->source->every;
	for (int i = 1; i < job->memory.failures && wait < job->source->every;
	     i++)
		wait *= 2;
	return wait < job->source->every ? wait : job->source->every;
}

/*
 * cron starts a little early or late. What is asked at every run is due even
 * after half of one (a run by hand shifts nothing); what is asked less often
 * is never asked a whole run early.
 */
static bool due(const struct plan *plan, const struct job *job, int64_t now)
{
	int64_t since = now - job->memory.tried, wait = interval(plan, job);
	int64_t early = plan->every / (wait <= plan->every ? 2 : 10);

	return job->memory.tried == 0 || since < 0 || since + early >= wait;
}

/*
 * Whoever asks a service at the full quarter of an hour asks it with all
 * others: a source with a vault waits a while past it, each one its own, if
 * that only means a later run of the same quarter.
 */
#define QUARTER 900

static bool crowded(const struct plan *plan, const struct job *job, int64_t now)
{
	int64_t past = now % QUARTER;
	int64_t own = 60 + str_hash(job->source->name) % (QUARTER - 120);

	return job->vault != NULL && job->memory.tried != 0 &&
	       job->source->every >= 2 * QUARTER && past < own &&
	       past + plan->every < QUARTER;
}

int collect_remember(
    struct store *store, struct job *job, struct arena *a, struct err *e)
{
	const struct plan_source *s = job->source;

	if (s->kind->vault != NULL)
		job->vault = s->kind->vault(s->conf, a);
	if (store_memory(store, a, s->name, &job->memory, e) != 0)
		return -1;
	return job->vault == NULL
		   ? 0
		   : store_vault(store, a, job->vault, &job->kept, e);
}

int collect_due(const struct plan *plan, struct store *store, int64_t now,
    bool all, struct arena *a, struct job **jobs, size_t *n, struct err *e)
{
	*n = 0;
	*jobs = arena_array(a, plan->n_sources, sizeof(**jobs));
	for (size_t i = 0; i < plan->n_sources; i++) {
		struct job *job = &(*jobs)[*n];

		*job = (struct job){.source = &plan->sources[i]};
		if (collect_remember(store, job, a, e) != 0)
			return -1;
		if (all || (due(plan, job, now) && !crowded(plan, job, now)))
			(*n)++;
	}
	return 0;
}
