#include "run/redact_private.h"

#include "diff/pattern.h"

static const char *text(struct redact *r, const char *s)
{
	return redact_text(r, r->arena, s);
}

static void mask_strings(struct redact *r, struct strings *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->items[i] = text(r, s->items[i]);
}

static void mask_table(struct redact *r, struct gist_table *t)
{
	t->source = text(r, t->source);
	t->name = text(r, t->name);
	mask_strings(r, &t->columns);
	for (size_t i = 0; i < t->n_rows; i++)
		for (size_t c = 0; c < t->columns.n; c++)
			t->rows[i][c] = text(r, t->rows[i][c]);
}

/* Where things are may be in any cell that is a number. */
static void hide_places(struct gist_table *t)
{
	double v;

	for (size_t i = 0; i < t->n_rows; i++)
		for (size_t c = 0; c < t->columns.n; c++)
			if (t->records || (t->rows[i][c] != NULL &&
					      str_number(t->rows[i][c], &v)))
				t->rows[i][c] = NULL;
}

/* A pattern has only parts of words; that of the masked line has none. */
static void mask_pattern_of(struct redact *r, struct gist_pattern *p)
{
	char pattern[PATTERN_MAX];

	p->source = text(r, p->source);
	p->example = text(r, p->example);
	pattern_of(p->example, pattern);
	p->text = arena_strdup(r->arena, pattern);
}

void redact_gist(struct redact *r, struct gist *g)
{
	const struct source_status *status = g->sources;
	const struct alert *alerts = g->alerts;

	g->page = text(r, g->page);
	mask_strings(r, &g->panels);
	for (size_t i = 0; i < g->n_series; i++) {
		g->series[i].name = text(r, g->series[i].name);
		g->series[i].unit = text(r, g->series[i].unit);
	}
	for (size_t i = 0; i < g->n_tables; i++) {
		if (r->profile->places)
			hide_places(&g->tables[i]);
		mask_table(r, &g->tables[i]);
	}
	for (size_t i = 0; i < g->n_patterns; i++)
		mask_pattern_of(r, &g->patterns[i]);
	redact_status(r, &status, g->n_sources, r->arena);
	redact_alerts(r, &alerts, g->n_alerts, r->arena);
	g->sources =
	    arena_copy(r->arena, status, g->n_sources * sizeof(*status));
	g->alerts = arena_copy(r->arena, alerts, g->n_alerts * sizeof(*alerts));
}
