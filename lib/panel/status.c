/*
 * How the sources are: those that fail first; and when they were not well.
 * Below them, who is told of alerts, and whether that works.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "panel/parts.h"

struct conf {
	int64_t limit;
};

static const struct option options[] = {
    {"limit", OPTION_INT, offsetof(struct conf, limit), .min = 1, .max = 10000,
	.deflt = "100", .help = "sources to show; those that fail come first"},
    {0},
};

static const struct grid_column columns[] = {
    {"source", false},
    {"state", false},
    {"since", true},
    {"last ok", true},
    {"took", true},
    {"bytes", true},
    {"gaps", false},
    {"message", false},
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))
#define GAPS	  6 /* the column of them */
#define GAPS_MAX  3 /* of a source, in words; the others are counted */

static int failing_first(const void *x, const void *y)
{
	const struct source_status *a = x, *b = y;
	int fails =
	    (int)outcome_fails(b->outcome) - (int)outcome_fails(a->outcome);

	return fails != 0 ? fails : strcmp(a->name, b->name);
}

static struct source_status *chosen(
    const struct panel_input *in, size_t *n, struct arena *a)
{
	const struct strings *globs = &in->common->sources;
	struct source_status *s = arena_array(a, in->n_status, sizeof(*s));

	*n = 0;
	for (size_t i = 0; i < in->n_status; i++)
		if (globs->n == 0 || str_glob_any(globs, in->status[i].name))
			s[(*n)++] = in->status[i];
	if (*n > 1)
		qsort(s, *n, sizeof(*s), failing_first);
	return s;
}

static const char *ago(
    const struct panel_input *in, int64_t ts, struct arena *a)
{
	if (ts == 0)
		return "never";
	if (ts >= in->now)
		return "now";
	return arena_printf(
	    a, "%s ago", clock_duration(a, (double)(in->now - ts)));
}

static const char *state_words(const struct source_status *s, struct arena *a)
{
	if (s->tried == 0)
		return "○ not asked yet";
	return arena_printf(a, "%s %s", outcome_fails(s->outcome) ? "✕" : "●",
	    outcome_fails(s->outcome) ? outcome_word(s->outcome) : "ok");
}

static const char *message_words(const struct source_status *s, struct arena *a)
{
	const char *message = s->message != NULL ? s->message : "";

	if (s->hint == NULL || s->hint[0] == '\0')
		return message;
	return arena_printf(a, "%s; %s", message, s->hint);
}

static const char *gap_words(
    const struct panel_input *in, const struct spell *s, struct arena *a)
{
	const char *from = moment_words(a, s->from, in->now);

	if (s->to >= in->now)
		return arena_printf(
		    a, "since %s %s", from, outcome_word(s->outcome));
	if (s->to == s->from)
		return arena_printf(a, "%s %s", from, outcome_word(s->outcome));
	return arena_printf(a, "%s to %s %s", from,
	    moment_words(a, s->to, in->now), outcome_word(s->outcome));
}

/* When a source did not answer, and why: the newest first. */
static const char *gaps(
    const struct panel_input *in, const char *source, struct arena *a)
{
	const char *text = "";
	size_t n = 0;

	for (size_t i = in->n_spells; i-- > 0;) {
		const struct spell *s = &in->spells[i];

		if (!outcome_fails(s->outcome) || !str_eq(s->source, source))
			continue;
		if (n++ < GAPS_MAX)
			text = arena_printf(a, "%s%s%s", text,
			    n > 1 ? "; " : "", gap_words(in, s, a));
	}
	if (n > GAPS_MAX)
		text = arena_printf(a, "%s; and %zu more", text, n - GAPS_MAX);
	return text;
}

static struct grid_cell *row(const struct panel_input *in,
    const struct source_status *s, struct arena *a)
{
	struct grid_cell *cells = arena_array(a, N_COLUMNS, sizeof(*cells));
	bool asked = s->tried != 0, known = asked && !isnan(s->ms);
	bool fails = asked && outcome_fails(s->outcome);

	cells[0].text = s->name;
	cells[1].text = state_words(s, a);
	cells[2].text = s->since == 0 ? "" : moment_words(a, s->since, in->now);
	cells[3].text = asked ? ago(in, s->last_ok, a) : "";
	cells[4].text = known ? unit_text(a, UNIT_SECONDS, s->ms / 1000) : "";
	cells[5].text = known ? unit_text(a, UNIT_BYTES, (double)s->bytes) : "";
	cells[GAPS].text = gaps(in, s->name, a);
	cells[GAPS + 1].text = asked ? message_words(s, a) : "";
	cells[0].strong = cells[1].strong = fails;
	return cells;
}

static const char *waiting_words(
    const struct panel_input *in, const struct recipient *r, struct arena *a)
{
	const char *text = "";

	if (r->next != 0)
		text = arena_printf(
		    a, "next %s", clock_format(a, "%-d %b %H:%M", r->next));
	if (r->waiting > 0)
		text = arena_printf(a, "%s%s%lld %s", text,
		    text[0] != '\0' ? ", " : "", (long long)r->waiting,
		    r->waiting == 1 ? "waits" : "wait");
	if (r->lost != 0)
		text = arena_printf(a, "%s%sone was given up %s", text,
		    text[0] != '\0' ? ", " : "",
		    moment_words(a, r->lost, in->now));
	if (r->failing == 0 && r->lost == 0)
		return text;
	return arena_printf(
	    a, "%s%s%s", text, text[0] != '\0' ? ": " : "", r->message);
}

/* Who is told of alerts is a row, too. */
static struct grid_cell *recipient_row(
    const struct panel_input *in, const struct recipient *r, struct arena *a)
{
	struct grid_cell *cells = arena_array(a, N_COLUMNS, sizeof(*cells));
	bool fails = r->failing != 0;

	for (size_t i = 0; i < N_COLUMNS; i++)
		cells[i].text = "";
	cells[0].text = dispatch_words(a, r->channel);
	if (r->recipient[0] != '\0')
		cells[0].text =
		    arena_printf(a, "%s (%s)", cells[0].text, r->recipient);
	cells[1].text = fails ? "✕ failing" : "● ok";
	cells[2].text = fails ? moment_words(a, r->failing, in->now) : "";
	cells[3].text = fails || r->next != 0 ? ago(in, r->sent, a) : "";
	cells[GAPS + 1].text = waiting_words(in, r, a);
	cells[0].strong = cells[1].strong = fails;
	return cells;
}

static void add_recipients(
    const struct panel_input *in, struct grid *g, struct arena *a)
{
	if (in->common->sources.n > 0)
		return;
	for (size_t i = 0; i < in->n_recipients; i++)
		g->rows[g->n_rows++] = recipient_row(in, &in->recipients[i], a);
}

static struct numbers *raw(const struct grid *g, struct arena *a)
{
	struct numbers *n = arena_make(a, struct numbers);

	n->text = true;
	n->n_columns = N_COLUMNS;
	n->columns = arena_array(a, N_COLUMNS, sizeof(*n->columns));
	for (size_t i = 0; i < N_COLUMNS; i++)
		n->columns[i] = columns[i].name;
	n->n_rows = g->n_rows;
	n->cells = arena_array(a, g->n_rows, sizeof(*n->cells));
	for (size_t r = 0; r < g->n_rows; r++) {
		n->cells[r] = arena_array(a, N_COLUMNS, sizeof(**n->cells));
		for (size_t i = 0; i < N_COLUMNS; i++)
			n->cells[r][i] = g->rows[r][i].text;
	}
	return n;
}

static void set_state(
    const struct source_status *s, size_t n, struct block *b, struct arena *a)
{
	size_t failing = 0, asked = 0;

	for (size_t i = 0; i < n; i++) {
		asked += s[i].tried != 0;
		failing += s[i].tried != 0 && outcome_fails(s[i].outcome);
	}
	b->state = asked == 0	 ? PANEL_EMPTY
		   : failing > 0 ? PANEL_FAILED
				 : PANEL_OK;
	if (asked == 0)
		b->message = "no source was asked yet";
	else if (failing > 0)
		b->message =
		    arena_printf(a, "%zu of %zu sources failed", failing, n);
	else if (asked < n)
		b->note = arena_printf(a, "%zu of %zu answered", asked, n);
	else
		b->note = n == 1 ? "it answered"
				 : arena_printf(a, "all %zu answered", n);
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	const struct conf *c = in->conf;
	size_t n, limit = (size_t)c->limit;
	struct source_status *s = chosen(in, &n, a);
	struct grid *g = arena_make(a, struct grid);

	(void)e;
	set_state(s, n, b, a);
	if (n == 0)
		return 0;
	g->columns = arena_copy(a, columns, sizeof(columns));
	g->columns[GAPS].name = arena_printf(
	    a, "gaps since %s", moment_words(a, in->from, in->now));
	g->n_columns = N_COLUMNS;
	g->rows =
	    arena_array(a, n + in->n_recipients, sizeof(struct grid_cell *));
	for (; g->n_rows < n && g->n_rows < limit; g->n_rows++)
		g->rows[g->n_rows] = row(in, &s[g->n_rows], a);
	if (n > g->n_rows)
		g->foot = arena_printf(a, "and %zu more", n - g->n_rows);
	add_recipients(in, g, a);
	b->grid = g;
	b->numbers = raw(g, a);
	return 0;
}

const struct panel_kind panel_status = {
    .name = "status",
    .help = "how the sources are, those that fail first, when they were not "
	    "well, and whether notices are taken",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_STATUS,
    .build = build,
};
