#include "output/diff.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "diff/score.h"

#define CELLS	     6
#define CELL_MAX     48 /* characters that others are aligned to */
#define PATTERNS_MAX 30
#define ROWS_MAX     40 /* of one table */
#define TIME	     "%-d %b %H:%M:%S"

/* Red is an alert that fires, and nothing else. */
enum tint { PLAIN, FIRES, ERROR, WARN, FAINT };

struct sheet {
	const struct diff_look *look;
	struct arena *arena;
	struct buf *out;
	struct sheet_row {
		const char *cells[CELLS];
		enum tint tint;
	} * rows; /* of the section that goes on */
	size_t n, cap;
};

static size_t characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* At most so many characters of it, the last one then a sign of that. */
static void put_cut(struct sheet *t, const char *text, size_t max)
{
	size_t bytes = 0, n = 0;

	if (characters(text) <= max) {
		buf_str(t->out, text);
		return;
	}
	while (text[bytes] != '\0' && n + 1 < max) {
		bytes++;
		while (((unsigned char)text[bytes] & 0xc0) == 0x80)
			bytes++;
		n++;
	}
	buf_add(t->out, text, bytes);
	buf_str(t->out, "…");
}

static const char *colour(const struct sheet *t, enum tint tint)
{
	static const char *const codes[] = {
	    [PLAIN] = "",
	    [FIRES] = "\033[31m",
	    [ERROR] = "\033[35m",
	    [WARN] = "\033[33m",
	    [FAINT] = "\033[2m",
	};

	return t->look->colour ? codes[tint] : "";
}

static struct sheet_row *add(struct sheet *t, enum tint tint, const char *sign)
{
	struct sheet_row *r = arena_push(t->arena, &t->rows, &t->n, &t->cap);

	*r = (struct sheet_row){.cells = {sign}, .tint = tint};
	return r;
}

static size_t last_cell(const struct sheet_row *r)
{
	size_t last = CELLS - 1;

	while (last > 0 && r->cells[last] == NULL)
		last--;
	return last;
}

static void put_row(struct sheet *t, const struct sheet_row *r,
    const size_t *widths, struct buf *line)
{
	size_t last = last_cell(r);

	buf_reset(line);
	buf_str(line, "  ");
	for (size_t c = 0; c <= last; c++) {
		const char *text = r->cells[c] != NULL ? r->cells[c] : "";
		size_t n = characters(text);

		buf_str(line, text);
		for (; c < last && n < widths[c]; n++)
			buf_char(line, ' ');
		if (c < last)
			buf_str(line, c == 0 ? " " : "  ");
	}
	buf_str(t->out, colour(t, r->tint));
	put_cut(
	    t, buf_text(line), t->look->width > 0 ? t->look->width : SIZE_MAX);
	if (t->look->colour && r->tint != PLAIN)
		buf_str(t->out, "\033[0m");
	buf_char(t->out, '\n');
}

/* The rows that were added, aligned, under a title. */
static void end(struct sheet *t, const char *title)
{
	size_t widths[CELLS] = {0};
	struct buf line;

	if (t->n == 0)
		return;
	for (size_t i = 0; i < t->n; i++)
		for (size_t c = 0; c < last_cell(&t->rows[i]); c++) {
			const char *s = t->rows[i].cells[c];
			size_t n = s != NULL ? characters(s) : 0;

			if (n > widths[c])
				widths[c] = n < CELL_MAX ? n : CELL_MAX;
		}
	buf_printf(t->out, "\n%s%s%s\n", t->look->colour ? "\033[1m" : "",
	    title, t->look->colour ? "\033[0m" : "");
	buf_init(&line, t->out->max);
	for (size_t i = 0; i < t->n; i++)
		put_row(t, &t->rows[i], widths, &line);
	buf_free(&line);
	t->n = 0;
}

static const char *more(struct sheet *t, size_t n, const char *what)
{
	return arena_printf(t->arena, "and %zu %s more", n, what);
}

/* "×8" where that says more than the difference does. */
static const char *moved_by(struct sheet *t, const struct diff_series *s)
{
	double a = s->a->median, b = s->b->median, ratio = b / a;

	if (a != 0 && ratio >= 2 && ratio < 1e6)
		return arena_printf(
		    t->arena, "×%s", unit_number(t->arena, ratio, ratio < 10));
	if (a != 0 && ratio > 1e-6 && ratio <= 0.5)
		return arena_printf(t->arena, "÷%s",
		    unit_number(t->arena, 1 / ratio, ratio > 0.1));
	return arena_printf(t->arena, "%s%s", b > a ? "+" : "−",
	    unit_text(t->arena, s->b->unit, fabs(b - a)));
}

static void put_moved(struct sheet *t, const struct diff_series *s)
{
	struct sheet_row *r = add(t, PLAIN, s->score > 0 ? "▲" : "▼");

	r->cells[1] = s->b->name;
	r->cells[2] = arena_printf(t->arena, "%s → %s",
	    unit_text(t->arena, s->a->unit, s->a->median),
	    unit_text(t->arena, s->b->unit, s->b->median));
	r->cells[3] = moved_by(t, s);
	r->cells[4] = arena_printf(t->arena, "%s (%s)", score_word(s->score),
	    unit_number(t->arena, s->score, -1));
}

static void series(struct sheet *t, const struct diff *d)
{
	for (size_t i = 0; i < d->n_series; i++) {
		const struct diff_series *s = &d->series[i];
		bool came = s->change == DIFF_APPEARED;
		const struct gist_series *g = came ? s->b : s->a;
		struct sheet_row *r;

		if (s->change == DIFF_MOVED) {
			put_moved(t, s);
			continue;
		}
		r = add(t, PLAIN, came ? "+" : "−");
		r->cells[1] = g->name;
		r->cells[2] = unit_text(t->arena, g->unit, g->median);
		r->cells[3] = came ? "appeared" : "silent";
	}
	if (d->series_left_out > 0)
		add(t, FAINT, "…")->cells[1] =
		    more(t, d->series_left_out, "that moved less");
	end(t, "Series that moved most, by their own variation");
}

static void put_change(struct sheet *t, const struct diff_row *r)
{
	static const char *const signs[] = {
	    [DIFF_CAME] = "+", [DIFF_WENT] = "−"};
	bool whole = r->change == DIFF_CAME || r->change == DIFF_WENT;
	struct sheet_row *to = add(t, PLAIN, whole ? signs[r->change] : "~");
	size_t n = r->change == DIFF_CAME ? r->n_after : r->n_before;

	to->cells[1] = r->key;
	if (whole && n > 1)
		to->cells[2] = arena_printf(t->arena, "%zu of them", n);
	else if (r->change == DIFF_NUMBER)
		to->cells[2] = arena_printf(
		    t->arena, "%zu → %zu of them", r->n_before, r->n_after);
	else if (r->change == DIFF_CHANGED)
		to->cells[2] = arena_printf(t->arena, "%s: %s → %s", r->column,
		    r->before[0] != '\0' ? r->before : "(empty)",
		    r->after[0] != '\0' ? r->after : "(empty)");
	else if (r->change == DIFF_MANY) {
		to->cells[1] = r->column;
		to->cells[2] = arena_printf(t->arena,
		    "another in %zu of %zu rows", r->n_before, r->n_after);
	}
}

static void tables(struct sheet *t, const struct diff *d)
{
	for (size_t i = 0; i < d->n_tables; i++) {
		const struct diff_table *x = &d->tables[i];
		const char *what =
		    x->table->records ? ", records"
		    : x->table->name[0] != '\0'
			? arena_printf(t->arena, ", %s", x->table->name)
			: "";

		if (x->change != DIFF_CHANGED)
			add(t, PLAIN, x->change == DIFF_APPEARED ? "+" : "−")
			    ->cells[1] = x->change == DIFF_APPEARED
					     ? "the table appeared"
					     : "the table is gone";
		for (size_t k = 0; k < x->n_rows && k < ROWS_MAX; k++)
			put_change(t, &x->rows[k]);
		if (x->n_rows > ROWS_MAX)
			add(t, FAINT, "…")->cells[1] =
			    more(t, x->n_rows - ROWS_MAX, "changes");
		if (x->cut)
			add(t, FAINT, "…")->cells[1] =
			    "the table lists some of its rows only: one that "
			    "went may just have lost its place";
		end(t, arena_printf(
			   t->arena, "Table of %s%s", x->table->source, what));
	}
}

static const char *when(struct sheet *t, const struct diff_alert *d)
{
	const struct alert *x = d->alert;
	const char *fired = clock_format(t->arena, TIME, x->fired);

	if (d->change == DIFF_ENDED && x->ended == 0)
		return "";
	if (d->change == DIFF_ENDED)
		return arena_printf(
		    t->arena, "at %s", clock_format(t->arena, TIME, x->ended));
	if (d->change == DIFF_PASSED)
		return arena_printf(t->arena, "%s to %s", fired,
		    clock_format(t->arena, TIME, x->ended));
	return arena_printf(t->arena, "since %s", fired);
}

static void alerts(struct sheet *t, const struct diff *d)
{
	for (size_t i = 0; i < d->n_alerts; i++) {
		const struct diff_alert *x = &d->alerts[i];
		bool fires = x->change == DIFF_BEGAN || x->change == DIFF_STILL;
		struct sheet_row *r =
		    add(t, fires ? FIRES : PLAIN, fires ? "▲" : "●");

		r->cells[1] = diff_change_word(x->change);
		r->cells[2] = arena_printf(t->arena, "%s (%s)", x->alert->rule,
		    alert_severity_word(x->alert->severity));
		r->cells[3] = x->alert->series;
		r->cells[4] = when(t, x);
		if (x->alert->message[0] != '\0')
			r->cells[5] = x->alert->message;
	}
	end(t, "Alerts");
}

static void put_pattern(
    struct sheet *t, const struct gist_pattern *p, const char *sign)
{
	enum tint tint = str_eq(p->level, "error")  ? ERROR
			 : str_eq(p->level, "warn") ? WARN
						    : PLAIN;
	struct sheet_row *r = add(t, tint, sign);

	r->cells[1] =
	    arena_printf(t->arena, "%s×", unit_whole(t->arena, (double)p->n));
	r->cells[2] = p->level[0] != '\0' ? p->level : "plain";
	r->cells[3] = p->source;
	r->cells[4] = p->text;
	if (strcmp(p->text, p->example) != 0)
		add(t, FAINT, " ")->cells[4] = p->example;
}

static void patterns(struct sheet *t, const struct diff *d,
    enum diff_change change, const char *sign, const char *title)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_patterns; i++)
		if (d->patterns[i].change == change && n++ < PATTERNS_MAX)
			put_pattern(t, d->patterns[i].pattern, sign);
	if (n > PATTERNS_MAX)
		add(t, FAINT, "…")->cells[1] =
		    more(t, n - PATTERNS_MAX, "patterns");
	end(t, title);
}

static void sources(struct sheet *t, const struct diff *d)
{
	for (size_t i = 0; i < d->n_sources; i++) {
		const struct diff_source *x = &d->sources[i];
		bool answers = x->change == DIFF_ANSWERS;
		struct sheet_row *r = add(t, PLAIN, answers ? "●" : "✕");

		r->cells[1] = x->status->name;
		r->cells[2] = answers			? "answers again"
			      : x->change == DIFF_STILL ? "still fails"
							: "fails";
		r->cells[3] = arena_printf(t->arena, "%s: %s",
		    outcome_word(x->status->outcome), x->status->message);
	}
	end(t, "Sources");
}

static void head(struct sheet *t, const struct diff *d)
{
	const struct {
		const char *name, *asked;
		const struct gist *gist;
	} sides[] = {{"A", t->look->a, d->a}, {"B", t->look->b, d->b}};

	for (size_t i = 0; i < 2; i++)
		buf_printf(t->out, "%s  %s  (%s)\n", sides[i].name,
		    clock_format(
			t->arena, "%Y-%m-%d %H:%M:%S %Z", sides[i].gist->at),
		    sides[i].asked);
	buf_printf(t->out,
	    "the %s before each of them; variation and log "
	    "lines of the %s before A\n",
	    clock_duration(t->arena, (double)d->b->window),
	    clock_duration(t->arena, (double)d->a->window * GIST_REFERENCE));
	if (d->a->lines_left_out + d->b->lines_left_out > 0)
		buf_str(t->out, "not all log lines could be looked at: a new "
				"pattern may be an old one\n");
}

void diff_text(
    const struct diff *d, const struct diff_look *look, struct buf *b)
{
	struct sheet t = {.look = look, .arena = arena_new(), .out = b};

	head(&t, d);
	alerts(&t, d);
	sources(&t, d);
	series(&t, d);
	tables(&t, d);
	patterns(
	    &t, d, DIFF_NEW, "+", "Log lines of a kind that was not there");
	patterns(&t, d, DIFF_GONE, "−", "Log lines of a kind that is gone");
	if (!d->differs)
		buf_str(b, "\nnothing differs\n");
	arena_free(t.arena);
}
