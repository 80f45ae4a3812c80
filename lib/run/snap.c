#include "run/snap.h"

#include "run/archive.h"
#include "run/judge.h"

/* So many pages in a run; others have theirs in the next ones. */
#define PAGES_MAX 3

#define ALERTS_MAX 10000
#define SIZE_MAX_B ((size_t)10 * 1000 * 1000)

struct snapper {
	const struct plan *plan;
	struct store *store;
	struct arena *arena;
	const struct snap_watch *watch;
	const char *data;
	int64_t now;
	struct alert *alerts; /* that go on, or ended in the interval */
	size_t n;
};

/* Those of one page that want one. */
struct wanted {
	const struct plan_page *page;
	const struct alert **alerts;
	size_t n, cap;
};

static bool page_has_series(const struct plan_page *page, const struct alert *x)
{
	for (size_t i = 0; i < page->n_panels; i++) {
		const struct plan_panel *p = &page->panels[i];

		if ((p->kind->needs & NEEDS_SERIES) != 0 &&
		    str_glob_any(&p->common.series, x->series))
			return true;
	}
	return false;
}

static bool page_has_source(const struct plan_page *page, const struct alert *x)
{
	for (size_t i = 0; i < page->n_panels; i++)
		if (str_glob_any(&page->panels[i].common.sources, x->source))
			return true;
	return false;
}

const struct plan_page *snap_page(
    const struct plan *plan, const struct alert *x)
{
	for (size_t i = 0; i < plan->n_pages; i++)
		if (page_has_series(&plan->pages[i], x))
			return &plan->pages[i];
	for (size_t i = 0; i < plan->n_pages; i++)
		if (page_has_source(&plan->pages[i], x))
			return &plan->pages[i];
	return &plan->pages[0];
}

static const struct source_status *status_of(
    const struct source_status *all, size_t n, const char *source)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].name, source))
			return &all[i];
	return NULL;
}

static int gather(struct snapper *s, struct err *e)
{
	struct source_status *status;
	size_t n;

	if (store_alerts(s->store, s->arena,
		s->now - s->plan->snapshots.min_interval, s->now, ALERTS_MAX,
		&s->alerts, &s->n, e) != 0 ||
	    store_status(s->store, s->arena, &status, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < s->n; i++)
		if (s->alerts[i].state == ALERT_FIRING)
			judge_mute(s->plan, s->now,
			    status_of(status, n, s->alerts[i].source),
			    &s->alerts[i], s->arena);
	return 0;
}

static bool is_wanted(const struct snapper *s, const struct alert *x)
{
	const struct alert_rule *r = plan_rule(s->plan, x->rule);

	return r != NULL && r->snapshot && alert_is_hot(x) &&
	       x->snapshot[0] == '\0';
}

/* A moment that is later than now is of a clock that was set back. */
static bool is_too_soon(const struct snapper *s, const struct plan_page *page)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct alert *x = &s->alerts[i];

		if (x->snapped != 0 && x->snapped <= s->now &&
		    s->now - x->snapped < s->plan->snapshots.min_interval &&
		    snap_page(s->plan, x) == page)
			return true;
	}
	return false;
}

static struct wanted *wanted_of(
    struct snapper *s, struct wanted *all, size_t *n, const struct alert *x)
{
	const struct plan_page *page = snap_page(s->plan, x);

	for (size_t i = 0; i < *n; i++)
		if (all[i].page == page)
			return &all[i];
	if (*n == PAGES_MAX || is_too_soon(s, page))
		return NULL;
	all[*n] = (struct wanted){.page = page};
	return &all[(*n)++];
}

/* "alert busy on app1/cpu and 2 more" */
static const char *reason_of(const struct snapper *s, const struct wanted *w)
{
	const char *text = arena_printf(s->arena, "alert %s on %s",
	    w->alerts[0]->rule, w->alerts[0]->series);

	return w->n == 1
		   ? text
		   : arena_printf(s->arena, "%s and %zu more", text, w->n - 1);
}

/* While all is well nothing is remembered. */
static int remember(const struct snapper *s, const struct wanted *w,
    const struct err *failed, struct recipient *was, struct err *e)
{
	const struct dispatch_end end = {.channel = PLAN_SNAPSHOTS,
	    .recipient = w->page->name,
	    .fate = failed != NULL ? DISPATCH_LATER : DISPATCH_SENT,
	    .message = failed != NULL ? failed->text : ""};
	struct recipient *all;
	bool known = failed != NULL;
	size_t n;

	*was = (struct recipient){.message = ""};
	if (store_recipients(s->store, s->arena, &all, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		known |= all[i].failing != 0 &&
			 str_eq(all[i].channel, end.channel) &&
			 str_eq(all[i].recipient, end.recipient);
	return !known ? 0
		      : store_dispatch_end(
			    s->store, s->arena, &end, s->now, was, e);
}

static int take(struct snapper *s, const struct wanted *w, struct err *e)
{
	const struct run_snapshot how = {
	    .data = s->data,
	    .now = s->now,
	    .taken = s->now,
	    .page = w->page->name,
	    .max_size = SIZE_MAX_B,
	    .format = capsule_kinds[0],
	};
	struct archive_taken taken;
	struct recipient was;
	struct snap_event event = {.page = w->page->name, .was = &was};
	struct err failed = {0};

	if (store_alerts_snap(s->store, w->alerts, w->n, "", s->now, e) != 0)
		return -1;
	if (archive_take(
		s->plan, s->store, &how, reason_of(s, w), &taken, &failed) == 0)
		event.path = taken.path;
	else
		event.err = &failed;
	if (event.path != NULL && store_alerts_snap(s->store, w->alerts, w->n,
				      event.path, s->now, e) != 0)
		return -1;
	if (remember(s, w, event.err, &was, e) != 0)
		return -1;
	s->watch->taken(s->watch->ctx, &event);
	return 0;
}

static int take_all(struct snapper *s, struct err *e)
{
	struct wanted all[PAGES_MAX], *w;
	size_t n = 0;

	if (gather(s, e) != 0)
		return -1;
	for (size_t i = 0; i < s->n; i++)
		if (is_wanted(s, &s->alerts[i]) &&
		    (w = wanted_of(s, all, &n, &s->alerts[i])) != NULL)
			*arena_push(s->arena, &w->alerts, &w->n, &w->cap) =
			    &s->alerts[i];
	for (size_t i = 0; i < n; i++)
		if (take(s, &all[i], e) != 0)
			return -1;
	return 0;
}

static bool wants_any(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_rules; i++)
		if (plan->rules[i].snapshot)
			return plan->n_pages > 0;
	return false;
}

int snap_take(const struct plan *plan, struct store *store, const char *data,
    int64_t now, const struct snap_watch *watch, struct err *e)
{
	struct snapper s = {.plan = plan,
	    .store = store,
	    .arena = arena_new(),
	    .watch = watch,
	    .data = data,
	    .now = now};
	int rc = wants_any(plan) ? take_all(&s, e) : 0;

	arena_free(s.arena);
	return rc;
}
