#include "panel/bar.h"

#include <math.h>

#include "chart/unit.h"

static const char *value_words(const struct bar_chart *c, double v)
{
	const char *text = unit_text(c->arena, c->bars.unit, fabs(v));

	if (!c->negative && c->conf->aggregate != AGGREGATE_CHANGE)
		return unit_text(c->arena, c->bars.unit, v);
	return v == 0 ? "unchanged"
		      : arena_printf(
			    c->arena, "%s %s", v > 0 ? "up" : "down", text);
}

static const char *slot_words(
    const struct bar_chart *c, const struct bar_slot *s)
{
	const char *words = s->word != NULL
				? s->word
				: calendar_words(c->arena, c->unit, s->from);

	return s->part ? arena_printf(c->arena, "%s, so far", words) : words;
}

/* The bars as series, one point in each. */
static void make_columns(struct bar_chart *c)
{
	size_t n = c->bars.n_values;

	c->columns = arena_array(c->arena, n, sizeof(*c->columns));
	for (size_t k = 0; k < n; k++) {
		struct series *s = &c->columns[k];

		*s = (struct series){.name = c->names[k],
		    .source = "",
		    .metric = c->names[k],
		    .unit = c->bars.unit != NULL ? c->bars.unit : "",
		    .last = NAN};
		s->points = arena_array(c->arena, c->n, sizeof(*s->points));
		for (size_t i = 0; i < c->n; i++) {
			double v = c->slots[i].values[k];

			if (isnan(v))
				continue;
			s->points[s->n++] =
			    (struct point){c->slots[i].from, v, v, v};
			s->last = v;
			s->last_ts = c->in->now;
		}
	}
}

static void write_titles(struct bar_chart *c)
{
	size_t n = c->bars.n_values;

	for (size_t i = 0; i < c->n; i++) {
		struct bar_slot *s = &c->slots[i];

		s->titles = arena_array(c->arena, n, sizeof(*s->titles));
		for (size_t k = 0; k < n; k++)
			s->titles[k] = arena_printf(c->arena, "%s%s%s: %s",
			    n > 1 ? c->names[k] : "", n > 1 ? ", " : "",
			    slot_words(c, s), value_words(c, s->values[k]));
	}
}

/* "highest up 0.7 kg (week of 5 Jan 2026), lowest …, newest …" */
static const char *describe(const struct bar_chart *c, size_t k)
{
	const struct bar_slot *hi = NULL, *lo = NULL, *last = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const struct bar_slot *s = &c->slots[i];

		if (isnan(s->values[k]))
			continue;
		last = s;
		hi = hi == NULL || s->values[k] > hi->values[k] ? s : hi;
		lo = lo == NULL || s->values[k] < lo->values[k] ? s : lo;
	}
	if (last == NULL)
		return "no values";
	return arena_printf(c->arena,
	    "highest %s (%s), lowest %s (%s), "
	    "last %s (%s)",
	    value_words(c, hi->values[k]), slot_words(c, hi),
	    value_words(c, lo->values[k]), slot_words(c, lo),
	    value_words(c, last->values[k]), slot_words(c, last));
}

static const char *alt(const struct bar_chart *c)
{
	const char *text = arena_printf(c->arena, "%s, %zu %s",
	    c->in->title[0] != '\0' ? c->in->title : "Bars", c->n,
	    c->n == 1 ? "bar" : "bars");

	for (size_t k = 0; k < c->bars.n_values; k++)
		text =
		    c->bars.n_values == 1
			? arena_printf(c->arena, "%s: %s", text, describe(c, k))
			: arena_printf(c->arena, "%s%s %s %s", text,
			      k == 0 ? ":" : ";", c->names[k], describe(c, k));
	return text;
}

/* Words in the first column; times are as of any series. */
static struct numbers *numbers_of(const struct bar_chart *c)
{
	struct numbers *nums;
	size_t n = c->bars.n_values;

	if (!c->bars.words)
		return numbers_of_series(c->arena, c->columns, c->names, n);
	nums = arena_make(c->arena, struct numbers);
	nums->text = true;
	nums->n_columns = n + 1;
	nums->n_rows = c->n;
	nums->unit = c->bars.unit;
	nums->columns = arena_array(c->arena, n + 1, sizeof(*nums->columns));
	nums->columns[0] = c->in->answer->columns[0];
	nums->cells = arena_array(c->arena, c->n, sizeof(*nums->cells));
	for (size_t k = 0; k < n; k++)
		nums->columns[k + 1] = c->names[k];
	for (size_t i = 0; i < c->n; i++) {
		nums->cells[i] =
		    arena_array(c->arena, n + 1, sizeof(**nums->cells));
		nums->cells[i][0] = c->slots[i].word;
		for (size_t k = 0; k < n; k++)
			nums->cells[i][k + 1] =
			    isnan(c->slots[i].values[k])
				? ""
				: arena_printf(
				      c->arena, "%.12g", c->slots[i].values[k]);
	}
	return nums;
}

static const char *note(const struct bar_chart *c)
{
	const char *text =
	    c->unit == CALENDAR_NONE
		? NULL
		: arena_printf(c->arena, "%s per %s",
		      aggregate_word((enum aggregate)c->conf->aggregate),
		      calendar_word(c->unit));

	if (c->left_out == 0)
		return text;
	return arena_printf(c->arena, "%s%s%s more left out",
	    text != NULL ? text : "", text != NULL ? ", " : "",
	    unit_whole(c->arena, (double)c->left_out));
}

void bar_write_words(struct bar_chart *c, struct block *b)
{
	struct panel_input in = *c->in;

	write_titles(c);
	make_columns(c);
	b->alt = alt(c);
	b->note = note(c);
	b->numbers = numbers_of(c);
	in.series = c->columns;
	in.n_series = c->bars.n_values;
	legend_of_series(&in, c->names, b, c->arena);
	for (size_t k = 0; k < b->n_legend; k++)
		b->legend[k].colour =
		    (c->conf->colour + (int)k) % INK_SERIES_COUNT + 1;
	b->legend_open = c->bars.n_values > 1;
}
