#include "run/judge.h"
#include "alert/judge.h"
#include "run/tell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400)

/* A pending alert does not last over a gap of so many values. */
#define GAP 3

/* A series that brought nothing for so many values is gone. */
#define STALE	    5
#define STALE_LEAST 300

/* A series that only a wildcard names is no longer waited for. */
#define FORGOTTEN (7 * DAY)

/* An alert that went on before this run. */
struct going {
	struct alert alert;
	bool met; /* with what this run knows of its series */
};

struct judging {
	const struct plan *plan;
	struct store *store;
	struct arena *arena;
	int64_t now, judged;
	struct source_status *status;
	size_t n_status;
	struct names status_names;
	struct going *going; /* by series */
	size_t n_going;
	struct fresh *fresh; /* what came */
	size_t n_fresh;
	struct names fresh_names;
	struct alert *changed;
	size_t n_changed, cap_changed;
	struct alert *live; /* as they are now */
	size_t n_live, cap_live;
};

static const struct source_status *status_of(
    const struct judging *j, const char *source)
{
	size_t i;

	return names_find(&j->status_names, source, &i) ? &j->status[i] : NULL;
}

static bool outcome_is_bad(const struct source_status *s)
{
	return s != NULL && s->tried != 0 && s->outcome != OUTCOME_OK &&
	       s->outcome != OUTCOME_NOT_DUE;
}

static int by_series(const void *x, const void *y)
{
	const struct going *a = x, *b = y;

	return strcmp(a->alert.series, b->alert.series);
}

static int gather(struct judging *j, struct err *e)
{
	struct alert *live;

	if (store_alerts_live(
		j->store, j->arena, &live, &j->n_going, &j->judged, e) != 0 ||
	    store_status(j->store, j->arena, &j->status, &j->n_status, e) != 0)
		return -1;
	for (size_t i = 0; i < j->n_status; i++)
		names_add(j->arena, &j->status_names, j->status[i].name, i);
	j->going = arena_array(j->arena, j->n_going, sizeof(*j->going));
	for (size_t i = 0; i < j->n_going; i++)
		j->going[i].alert = live[i];
	if (j->n_going > 1)
		qsort(j->going, j->n_going, sizeof(*j->going), by_series);
	return 0;
}

static struct going *find_going(
    struct judging *j, const struct alert_rule *r, const char *series)
{
	size_t low = 0, high = j->n_going;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(j->going[mid].alert.series, series) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < j->n_going && str_eq(j->going[low].alert.series, series);
	     low++)
		if (str_eq(j->going[low].alert.rule, r->name))
			return &j->going[low];
	return NULL;
}

static void change(struct judging *j, const struct alert *x)
{
	*arena_push(j->arena, &j->changed, &j->n_changed, &j->cap_changed) = *x;
}

/* It goes on after this run, changed or not. */
static void stay(struct judging *j, const struct alert *x, bool changed)
{
	if (changed)
		change(j, x);
	*arena_push(j->arena, &j->live, &j->n_live, &j->cap_live) = *x;
}

/* Over: what was stored or fired is remembered. */
static void over(struct judging *j, const struct alert *x)
{
	if (x->id != 0 || x->fired != 0)
		change(j, x);
}

static void end_now(struct judging *j, struct alert *x)
{
	x->state = ALERT_ENDED;
	x->ended = j->now;
	over(j, x);
}

/* The rule may have been written anew since. */
static void refresh(const struct alert_rule *r, struct alert *x)
{
	x->severity = r->severity;
	x->message = r->message;
	x->low = r->low;
	x->high = r->high;
}

/* What this rule knew of this series: it has met it now. */
static struct alert resume(struct judging *j, const struct alert_rule *r,
    const char *series, const char *source, const char *unit)
{
	struct going *g = find_going(j, r, series);

	if (g == NULL || g->alert.test != r->test)
		return alert_none(r, series, source, unit);
	g->met = true;
	refresh(r, &g->alert);
	return g->alert;
}

static int64_t every_of(const struct judging *j, int64_t every)
{
	return every > j->plan->every ? every : j->plan->every;
}

/* Of values from long ago only the newest says how things are. */
static bool counts(const struct judging *j, const struct fresh *f, size_t i)
{
	return i + 1 == f->n || f->samples[i].ts > j->now - DAY;
}

static void judge_values(
    struct judging *j, const struct alert_rule *r, const struct fresh *f)
{
	struct alert x = resume(j, r, f->series, f->source, f->unit);
	int64_t gap = GAP * every_of(j, f->every);

	for (size_t i = 0; i < f->n; i++) {
		int64_t ts =
		    f->samples[i].ts < j->now ? f->samples[i].ts : j->now;

		if (!counts(j, f, i) ||
		    alert_value(r, &x, ts, f->samples[i].value, gap) !=
			ALERT_OVER)
			continue;
		over(j, &x);
		x = alert_none(r, f->series, f->source, f->unit);
	}
	if (alert_goes_on(&x))
		stay(j, &x, true);
}

static bool breaks(const struct alert_rule *r, const struct fresh *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (alert_breaks(r, f->samples[i].value))
			return true;
	return false;
}

/* The patterns are matched last: nearly all values are well. */
static int judge_fresh(struct judging *j, struct err *e)
{
	int64_t since = j->judged < j->now ? j->judged : j->now - 1;
	if (store_fresh(j->store, j->arena, since, j->now, &j->fresh,
		&j->n_fresh, e) != 0)
		return -1;
	for (size_t i = 0; i < j->n_fresh; i++)
		for (size_t k = 0; k < j->plan->n_rules; k++) {
			const struct alert_rule *r = &j->plan->rules[k];

			if (r->test >= ALERT_ABSENT ||
			    (!breaks(r, &j->fresh[i]) &&
				(j->n_going == 0 ||
				    !find_going(j, r, j->fresh[i].series))))
				continue;
			if (str_glob_any(&r->series, j->fresh[i].series))
				judge_values(j, r, &j->fresh[i]);
		}
	return 0;
}

/* Alerts on series that brought nothing in this run. */
static void wait_for(struct judging *j, struct alert *x)
{
	const struct plan_source *s = plan_source(j->plan, x->source);
	const struct alert_rule *r = plan_rule(j->plan, x->rule);
	int64_t stale;

	if (s == NULL || r == NULL || r->test != x->test ||
	    !str_glob_any(&r->series, x->series)) {
		end_now(j, x);
		return;
	}
	refresh(r, x);
	stale = STALE * every_of(j, s->every);
	if (stale < STALE_LEAST)
		stale = STALE_LEAST;
	if (x->test < ALERT_ABSENT &&
	    !outcome_is_bad(status_of(j, x->source)) &&
	    alert_wait(x, j->now, stale) == ALERT_OVER)
		over(j, x);
	else
		stay(j, x, false);
}

static void wait_for_others(struct judging *j)
{
	for (size_t i = 0; i < j->n_going; i++)
		if (!j->going[i].met)
			wait_for(j, &j->going[i].alert);
}

/* A turn of a rule that is judged by the time that passes. */
static void take_turn(
    struct judging *j, struct alert *x, enum alert_turn turn, bool was)
{
	if (turn == ALERT_OVER)
		over(j, x);
	else if (alert_goes_on(x))
		stay(j, x, !was || x->fired == j->now);
}

static void judge_absence(struct judging *j, const struct alert_rule *r,
    const struct series *s, bool named)
{
	struct alert x;
	bool was;

	if (plan_source(j->plan, s->source) == NULL ||
	    outcome_is_bad(status_of(j, s->source)))
		return;
	x = resume(j, r, s->name, s->source, s->unit);
	x.value = s->last;
	was = alert_goes_on(&x);
	if (!named && j->now - s->last_ts > FORGOTTEN) {
		if (was)
			end_now(j, &x);
		return;
	}
	take_turn(j, &x,
	    alert_absence(r, &x, j->now, s->last_ts, every_of(j, s->every)),
	    was);
}

/* Those that have a name and never were. */
static void judge_unseen(
    struct judging *j, const struct alert_rule *r, const struct strings *known)
{
	for (size_t i = 0; i < r->series.n; i++) {
		const char *name = r->series.items[i];
		struct series s = {.name = name, .unit = "", .last = NAN};
		bool seen = strpbrk(name, "*?[\\") != NULL;

		for (size_t k = 0; k < known->n && !seen; k++)
			seen = str_eq(known->items[k], name);
		if (seen)
			continue;
		s.source = arena_strndup(j->arena, name, strcspn(name, "/"));
		judge_absence(j, r, &s, true);
	}
}

static bool is_named(const struct alert_rule *r, const char *series)
{
	for (size_t i = 0; i < r->series.n; i++)
		if (str_eq(r->series.items[i], series))
			return true;
	return false;
}

/* Those that came in this run need no search for their newest value. */
static bool judge_present(
    struct judging *j, const struct alert_rule *r, const char *name)
{
	const struct fresh *f;
	struct series s;
	size_t i;

	if (!names_find(&j->fresh_names, name, &i))
		return false;
	f = &j->fresh[i];
	if (f->samples[f->n - 1].ts < j->now - (int64_t)r->low)
		return false;
	if (find_going(j, r, name) == NULL)
		return true;
	s = (struct series){.name = name,
	    .source = f->source,
	    .unit = f->unit,
	    .every = f->every,
	    .last = f->samples[f->n - 1].value,
	    .last_ts = f->samples[f->n - 1].ts};
	judge_absence(j, r, &s, true);
	return true;
}

static int judge_absences_of(
    struct judging *j, const struct alert_rule *r, struct err *e)
{
	struct strings names = {0}, quiet = {0};
	struct series *s;
	size_t n;

	if (store_names(j->store, j->arena, &r->series, &names, e) != 0)
		return -1;
	for (size_t i = 0; i < names.n; i++)
		if (!judge_present(j, r, names.items[i]))
			strings_add(j->arena, &quiet, names.items[i]);
	if (store_series(
		j->store, j->arena, &quiet, j->now, j->now, 0, &s, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		judge_absence(j, r, &s[i], is_named(r, s[i].name));
	judge_unseen(j, r, &names);
	return 0;
}

static int judge_absences(struct judging *j, struct err *e)
{
	for (size_t k = 0; k < j->plan->n_rules; k++) {
		const struct alert_rule *r = &j->plan->rules[k];

		if (r->test != ALERT_ABSENT)
			continue;
		if (j->fresh_names.n == 0)
			for (size_t i = 0; i < j->n_fresh; i++)
				names_add(j->arena, &j->fresh_names,
				    j->fresh[i].series, i);
		if (judge_absences_of(j, r, e) != 0)
			return -1;
	}
	return 0;
}

static void judge_failures(struct judging *j)
{
	for (size_t k = 0; k < j->plan->n_rules; k++) {
		const struct alert_rule *r = &j->plan->rules[k];

		for (size_t i = 0; r->test == ALERT_FAILED && i < j->n_status;
		     i++) {
			const struct source_status *s = &j->status[i];
			struct alert x;
			bool was;

			if (plan_source(j->plan, s->name) == NULL ||
			    !str_glob_any(&r->series, s->name))
				continue;
			x = resume(j, r, s->name, s->name, "");
			was = alert_goes_on(&x);
			take_turn(j, &x,
			    alert_failure(
				r, &x, j->now, outcome_is_bad(s), s->since),
			    was);
		}
	}
}

static void set_back(struct judging *j)
{
	for (size_t i = 0; i < j->n_going; i++)
		(void)alert_set_back(&j->going[i].alert, j->now);
}

static size_t count_hot(struct judging *j)
{
	for (size_t i = 0; i < j->n_live; i++)
		judge_mute(j->plan, j->now, status_of(j, j->live[i].source),
		    &j->live[i], j->arena);
	return alerts_hot(j->live, j->n_live);
}

static int save(struct judging *j, struct err *e)
{
	struct telling t = {
	    .live = j->live,
	    .n_live = j->n_live,
	    .changed = j->changed,
	    .n_changed = j->n_changed,
	    .now = j->now,
	};
	struct news *news;
	size_t n;

	if (tell(j->plan, j->store, &t, j->arena, &news, &n, e) != 0)
		return -1;
	return store_alerts_save(
	    j->store, j->changed, j->n_changed, news, n, j->now, e);
}

static int judge_all(struct judging *j, size_t *hot, struct err *e)
{
	if (gather(j, e) != 0)
		return -1;
	if (j->plan->n_rules == 0 && j->n_going == 0)
		return 0;
	set_back(j);
	if (judge_fresh(j, e) != 0 || judge_absences(j, e) != 0)
		return -1;
	judge_failures(j);
	wait_for_others(j);
	*hot = count_hot(j);
	return save(j, e);
}

int judge(const struct plan *plan, struct store *store, int64_t now,
    size_t *hot, struct err *e)
{
	struct judging j = {
	    .plan = plan, .store = store, .arena = arena_new(), .now = now};
	int rc;

	*hot = 0;
	rc = judge_all(&j, hot, e);
	arena_free(j.arena);
	return rc;
}
