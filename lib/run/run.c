#include "run/run.h"
#include "run/judge.h"

struct storing {
	struct store *store;
	struct job *jobs;
	size_t n;
	struct names names; /* of the jobs' sources */
	const struct run_watch *watch;
	struct run_result *result;
};

/* What lasts is said once when it begins and once when it ends. */
static void say_change(const struct storing *s, const struct delivery *d)
{
	const struct memory *before;
	bool fails = d->outcome != OUTCOME_OK;
	size_t job = 0;
	struct change change = {
	    .source = d->source,
	    .fails = fails,
	    .message = d->message,
	    .hint = d->hint,
	};

	names_find(&s->names, d->source, &job);
	before = &s->jobs[job].memory;
	change.since = before->last_ok;
	if (fails != (before->failures > 0))
		s->watch->changed(s->watch->ctx, &change);
}

static int deliver(void *ctx, const struct delivery *d, size_t n, struct err *e)
{
	struct storing *s = ctx;

	if (store_deliver(s->store, d, n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		s->result->asked++;
		s->result->failed += d[i].outcome != OUTCOME_OK;
		s->result->reauth |= d[i].outcome == OUTCOME_REAUTH;
		say_change(s, &d[i]);
	}
	return 0;
}

static int keep(void *ctx, const char *vault, struct span data, struct err *e)
{
	const struct storing *s = ctx;

	return store_vault_put(s->store, vault, data, e);
}

static void progress(void *ctx, size_t ended, size_t all)
{
	const struct storing *s = ctx;

	if (s->watch->progress != NULL)
		s->watch->progress(s->watch->ctx, ended, all);
}

int run_collect(const struct plan *plan, struct store *store, int64_t now,
    bool all, const struct run_watch *watch, struct run_result *result,
    struct err *e)
{
	struct storing s = {.store = store, .watch = watch, .result = result};
	struct collect_sink sink = {deliver, keep, progress, &s};
	struct arena *a = arena_new();
	int rc;

	*result = (struct run_result){0};
	rc = collect_due(plan, store, now, all, a, &s.jobs, &s.n, e);
	for (size_t i = 0; i < s.n; i++)
		names_add(a, &s.names, s.jobs[i].source->name, i);
	if (rc == 0)
		rc = collect_jobs(
		    plan, s.jobs, s.n, now, plan->common.deadline, &sink, e);
	arena_free(a);
	return rc;
}

int run_judge(const struct plan *plan, struct store *store, int64_t now,
    struct run_result *result, struct err *e)
{
	return judge(plan, store, now, &result->hot, e);
}
