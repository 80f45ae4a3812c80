#include "diff/diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "diff/score.h"

const char *diff_change_word(enum diff_change change)
{
	static const char *const words[] = {
#define X(name, word) word,
	    DIFF_CHANGES(X)
#undef X
	};

	return words[change];
}

static int compare_series(const void *x, const void *y)
{
	const struct diff_series *a = x, *b = y;
	double by = fabs(b->score) - fabs(a->score);

	if (a->change != b->change)
		return a->change < b->change ? -1 : 1;
	if (by != 0)
		return by < 0 ? -1 : 1;
	return strcmp(a->b != NULL ? a->b->name : a->a->name,
	    b->b != NULL ? b->b->name : b->a->name);
}

/* Either may be NULL: a side that knows nothing of it. */
static void judge_series(struct arena *arena, struct diff *d,
    const struct gist_series *a, const struct gist_series *b)
{
	bool before = a != NULL && a->n > 0, after = b != NULL && b->n > 0;
	double score = before && after ? score_of(a, b) : 0;
	enum diff_change change;

	if (before && after) {
		if (fabs(score) < SCORE_MOVED)
			return;
		change = DIFF_MOVED;
	} else if (before || after) {
		change = after ? DIFF_APPEARED : DIFF_SILENT;
	} else {
		return;
	}
	*arena_push(arena, &d->series, &d->n_series, &d->cap_series) =
	    (struct diff_series){change, a, b, score};
}

/* Both are sorted by name. */
static void all_series(struct arena *arena, struct diff *d, size_t most)
{
	const struct gist *a = d->a, *b = d->b;
	size_t i = 0, k = 0, cut;

	while (i < a->n_series || k < b->n_series) {
		int by = i == a->n_series ? 1
			 : k == b->n_series
			     ? -1
			     : strcmp(a->series[i].name, b->series[k].name);

		judge_series(arena, d, by <= 0 ? &a->series[i] : NULL,
		    by >= 0 ? &b->series[k] : NULL);
		i += by <= 0;
		k += by >= 0;
	}
	if (d->n_series > 1)
		qsort(
		    d->series, d->n_series, sizeof(*d->series), compare_series);
	while (
	    d->moved < d->n_series && d->series[d->moved].change == DIFF_MOVED)
		d->moved++;
	d->differs |= d->n_series > 0;
	if (d->moved <= most)
		return;
	cut = d->series_left_out = d->moved - most;
	memmove(d->series + most, d->series + d->moved,
	    (d->n_series - d->moved) * sizeof(*d->series));
	d->n_series -= cut;
}

/* The same rule on the same series. */
static const struct alert *find_alert(
    const struct gist *f, const struct alert *x)
{
	for (size_t i = 0; i < f->n_alerts; i++)
		if (f->alerts[i].state == ALERT_FIRING &&
		    str_eq(f->alerts[i].rule, x->rule) &&
		    str_eq(f->alerts[i].series, x->series))
			return &f->alerts[i];
	return NULL;
}

static void add_alert(struct arena *arena, struct diff *d,
    enum diff_change change, const struct alert *x)
{
	*arena_push(arena, &d->alerts, &d->n_alerts, &d->cap_alerts) =
	    (struct diff_alert){change, x};
	d->differs |= change != DIFF_STILL;
}

/* How it ended is known at B, if that is the later one. */
static const struct alert *ended(const struct gist *b, const struct alert *x)
{
	for (size_t i = 0; i < b->n_alerts; i++)
		if (b->alerts[i].state == ALERT_ENDED &&
		    b->alerts[i].fired == x->fired &&
		    str_eq(b->alerts[i].rule, x->rule) &&
		    str_eq(b->alerts[i].series, x->series))
			return &b->alerts[i];
	return x;
}

static void all_alerts(struct arena *arena, struct diff *d)
{
	for (size_t i = 0; i < d->b->n_alerts; i++) {
		const struct alert *x = &d->b->alerts[i];

		if (x->state == ALERT_FIRING)
			add_alert(arena, d,
			    find_alert(d->a, x) == NULL ? DIFF_BEGAN
							: DIFF_STILL,
			    x);
		else if (x->state == ALERT_ENDED && x->fired > d->a->at)
			add_alert(arena, d, DIFF_PASSED, x);
	}
	for (size_t i = 0; i < d->a->n_alerts; i++) {
		const struct alert *x = &d->a->alerts[i];

		if (x->state == ALERT_FIRING && find_alert(d->b, x) == NULL)
			add_alert(arena, d, DIFF_ENDED, ended(d->b, x));
	}
}

static void only_in(struct arena *arena, struct diff *d,
    const struct gist *here, const struct gist *there, bool before,
    enum diff_change change)
{
	struct names known = {0};

	for (size_t i = 0; i < there->n_patterns; i++)
		if (there->patterns[i].n > 0 ||
		    (before && there->patterns[i].known > 0))
			(void)names_add(
			    arena, &known, there->patterns[i].text, i);
	for (size_t i = 0; i < here->n_patterns; i++) {
		const struct gist_pattern *p = &here->patterns[i];

		if (p->n == 0 || names_find(&known, p->text, NULL))
			continue;
		*arena_push(arena, &d->patterns, &d->n_patterns,
		    &d->cap_patterns) = (struct diff_pattern){change, p};
		d->differs = true;
	}
}

static const struct source_status *find_source(
    const struct gist *f, const char *name)
{
	for (size_t i = 0; i < f->n_sources; i++)
		if (str_eq(f->sources[i].name, name))
			return &f->sources[i];
	return NULL;
}

static bool fails(const struct source_status *s)
{
	return s != NULL && s->outcome != OUTCOME_OK &&
	       s->outcome != OUTCOME_NOT_DUE;
}

static void all_sources(struct arena *arena, struct diff *d)
{
	for (size_t i = 0; i < d->b->n_sources; i++) {
		const struct source_status *b = &d->b->sources[i];
		const struct source_status *a = find_source(d->a, b->name);
		enum diff_change change = !fails(b)  ? DIFF_ANSWERS
					  : fails(a) ? DIFF_STILL
						     : DIFF_FAILS;

		if (!fails(a) && !fails(b))
			continue;
		*arena_push(
		    arena, &d->sources, &d->n_sources, &d->cap_sources) =
		    (struct diff_source){change, fails(b) ? b : a};
		d->differs |= change != DIFF_STILL;
	}
}

void diff_gist(struct arena *arena, const struct gist *a, const struct gist *b,
    size_t most, struct diff *d)
{
	*d = (struct diff){.a = a, .b = b};
	all_series(arena, d, most);
	diff_all_tables(arena, d);
	all_alerts(arena, d);
	only_in(arena, d, b, a, true, DIFF_NEW);
	only_in(arena, d, a, b, false, DIFF_GONE);
	all_sources(arena, d);
}
