#include "panel/gaps.h"

#include <stdlib.h>

#include "base/clock.h"
#include "panel/parts.h"

struct gathered {
	struct arena *arena;
	const struct panel_input *in;
	struct plot_gap *gaps;
	size_t n, cap;
	bool several; /* sources: a cause says whose it is */
};

int64_t gap_least(const struct series *s)
{
	int64_t apart = s->every > s->step ? s->every : s->step;

	return (int64_t)(LATE_AFTER * (double)(apart > 0 ? apart : 1));
}

static const char *span_words(struct gathered *g, int64_t from, int64_t to)
{
	int64_t now = g->in->now;

	return arena_printf(g->arena, "%s to %s",
	    moment_words(g->arena, from, now), moment_words(g->arena, to, now));
}

static void add(
    struct gathered *g, int64_t from, int64_t to, const struct spell *spell)
{
	const char *word = outcome_word(spell->outcome);
	const char *why = spell->message != NULL && spell->message[0] != '\0'
			      ? spell->message
			      : word;

	for (size_t i = 0; i < g->n; i++)
		if (g->gaps[i].from == from && g->gaps[i].to == to)
			return; /* another series of the same source */
	*arena_push(g->arena, &g->gaps, &g->n, &g->cap) = (struct plot_gap){
	    .from = from,
	    .to = to,
	    .text = g->several
			? arena_printf(g->arena, "%s %s", spell->source, word)
			: word,
	    .title =
		arena_printf(g->arena, "%s, %s", why, span_words(g, from, to)),
	};
}

static void explain(
    struct gathered *g, const struct series *s, int64_t from, int64_t to)
{
	if (to - from <= gap_least(s))
		return;
	for (size_t i = 0; i < g->in->n_spells; i++) {
		const struct spell *spell = &g->in->spells[i];

		if (!outcome_fails(spell->outcome) ||
		    !str_eq(spell->source, s->source) || spell->from > to ||
		    spell->to < from)
			continue;
		add(g, from, to, spell);
		return;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct plot_gap *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Hatching twice is darker, and means nothing. */
static size_t merge(struct gathered *g)
{
	size_t kept = 0;

	if (g->n > 1)
		qsort(g->gaps, g->n, sizeof(*g->gaps), by_time);
	for (size_t i = 0; i < g->n; i++) {
		struct plot_gap *last = kept > 0 ? &g->gaps[kept - 1] : NULL;
		const struct plot_gap *gap = &g->gaps[i];

		if (last == NULL || gap->from >= last->to) {
			g->gaps[kept++] = *gap;
			continue;
		}
		last->to = gap->to > last->to ? gap->to : last->to;
		if (str_eq(last->title, gap->title))
			continue;
		last->title =
		    arena_printf(g->arena, "%s; %s", last->title, gap->title);
	}
	return kept;
}

struct plot_gap *gaps_explained(
    struct arena *a, const struct panel_input *in, size_t *n)
{
	struct gathered g = {.arena = a, .in = in};

	for (size_t i = 1; i < in->n_series; i++)
		g.several |=
		    !str_eq(in->series[i].source, in->series[0].source);
	for (size_t i = 0; i < in->n_series; i++) {
		const struct series *s = &in->series[i];

		for (size_t k = 1; k < s->n; k++)
			explain(&g, s, s->points[k - 1].ts + s->step,
			    s->points[k].ts);
		if (s->n > 0)
			explain(
			    &g, s, s->points[s->n - 1].ts + s->step, in->to);
	}
	*n = merge(&g);
	return g.gaps;
}
