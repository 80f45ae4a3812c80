#include "output/facts.h"

#include "base/clock.h"

#define TIME_WORDS "%-d %b %H:%M:%S"

static struct grid *new_grid(
    struct arena *a, const char *const *names, size_t n, size_t max_rows)
{
	struct grid *g = arena_make(a, struct grid);

	g->n_columns = n;
	g->columns = arena_array(a, n, sizeof(*g->columns));
	for (size_t i = 0; i < n; i++)
		g->columns[i].name = names[i];
	g->rows = arena_array(a, max_rows, sizeof(*g->rows));
	return g;
}

static struct grid_cell *new_row(struct arena *a, struct grid *g)
{
	return g->rows[g->n_rows++] =
		   arena_array(a, g->n_columns, sizeof(**g->rows));
}

static void event(struct arena *a, struct grid *g, const struct capsule *c,
    const struct alert *x, int64_t ts, const char *what)
{
	struct grid_cell *row;

	if (ts == 0 || ts < c->from || ts > c->report->started)
		return;
	row = new_row(a, g);
	row[0].text = clock_format(a, TIME_WORDS, ts);
	row[1].text = what;
	row[2].text = arena_printf(a, "%s (%s): %s%s%s", x->rule,
	    alert_severity_word(x->severity), x->series,
	    x->message[0] == '\0' ? "" : ", ", x->message);
}

struct grid *facts_events(struct arena *a, const struct capsule *c)
{
	static const char *const names[] = {"time", "what", "alert"};
	const struct report *r = c->report;
	struct grid *g = new_grid(a, names, 3, 3 * r->n_alerts);

	for (size_t i = 0; i < r->n_alerts; i++) {
		const struct alert *x = &r->alerts[i];

		event(a, g, c, x, x->since, "◌ past its level");
		event(a, g, c, x, x->fired, "▲ fires");
		event(a, g, c, x, x->ended, "● ended");
	}
	return g;
}

struct grid *facts_gaps(struct arena *a, const struct capsule *c)
{
	static const char *const names[] = {
	    "source", "from", "to", "outcome", "message"};
	struct grid *g = new_grid(a, names, 5, c->n_spells);

	for (size_t i = 0; i < c->n_spells; i++) {
		const struct spell *s = &c->spells[i];
		struct grid_cell *row = new_row(a, g);

		row[0].text = s->source;
		row[1].text = clock_format(a, TIME_WORDS, s->from);
		row[2].text = clock_format(a, TIME_WORDS, s->to);
		row[3].text = arena_printf(a, "✕ %s", outcome_word(s->outcome));
		row[4].text = s->message;
	}
	return g;
}

void facts_lines(
    struct arena *a, const struct capsule *c, size_t from, struct buf *b)
{
	for (size_t i = from; i < c->n_lines; i++)
		buf_printf(b, "%s %s %s\n", clock_iso(a, c->lines[i].ts),
		    c->lines[i].source, c->lines[i].text);
}

bool fact_failing(const struct source_status *s)
{
	return s->outcome != OUTCOME_OK && s->outcome != OUTCOME_NOT_DUE;
}

size_t facts_failing(const struct report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_sources; i++)
		n += fact_failing(&r->sources[i]);
	return n;
}

const char *facts_answered(struct arena *a, const struct report *r)
{
	size_t failed = facts_failing(r), n = r->n_sources;

	if (n == 0)
		return "no sources";
	if (failed > 0)
		return arena_printf(
		    a, "%zu of %zu sources answered", n - failed, n);
	return n == 1 ? "1 source answered"
		      : arena_printf(a, "all %zu sources answered", n);
}
