/* One source at a glance. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "chart/plot.h"
#include "chart/unit.h"
#include "panel/alarm.h"
#include "panel/gaps.h"
#include "panel/parts.h"
#include "panel/tiles.h"

#define SPARK_WIDTH 96
#define SPARK_HIGH  20

static const char *age_words(
    const struct panel_input *in, int64_t ts, struct arena *a)
{
	return clock_duration(a, (double)(in->now - ts));
}

static const char *alert_words(
    const struct panel_input *in, const struct tiles_source *s, struct arena *a)
{
	const char *text = alarm_text(a, s->alert, in->now);

	if (s->hot < 2)
		return text;
	return arena_printf(a, "%s; and %zu more", text, s->hot - 1);
}

/* A tile bears its source's name already. */
static const char *failure_words(const struct source_status *s, struct arena *a)
{
	const char *start = arena_printf(a, "source %s: ", s->name);
	const char *message = s->message != NULL ? s->message : "";

	return str_starts(message, start) ? message + strlen(start) : message;
}

static int64_t newest(const struct tiles_source *s)
{
	int64_t ts = 0;

	for (size_t i = 0; i < TILE_FIGURES; i++)
		if (s->series[i] != NULL && s->series[i]->last_ts > ts)
			ts = s->series[i]->last_ts;
	return ts;
}

/* Is there a value, and none that is as new as it should be? */
static bool all_late(const struct panel_input *in, const struct tiles_source *s)
{
	bool late = false;

	for (size_t i = 0; i < TILE_FIGURES; i++) {
		if (s->series[i] == NULL)
			continue;
		if (!series_late(in, s->series[i]))
			return false;
		late = true;
	}
	return late;
}

static void set(struct tile *t, enum panel_state state, const char *mark,
    const char *word, const char *text)
{
	t->state = state;
	t->mark = mark;
	t->word = word;
	t->text = text;
}

static void set_state(
    const struct panel_input *in, struct tiles_source *s, struct arena *a)
{
	const struct alert *x = s->alert;
	struct tile *t = &s->tile;

	if (x != NULL && alert_is_hot(x))
		set(t, PANEL_ALERT, alarm_mark(x),
		    alert_severity_word(x->severity), alert_words(in, s, a));
	else if (outcome_fails(s->status->outcome))
		set(t, PANEL_FAILED, "✕", outcome_word(s->status->outcome),
		    failure_words(s->status, a));
	else if (s->status->tried == 0)
		set(t, PANEL_EMPTY, "○", "not asked yet", "");
	else if (all_late(in, s))
		set(t, PANEL_LATE, "◌", "late",
		    arena_printf(a, "newest value is %s old",
			age_words(in, newest(s), a)));
	else if (x != NULL)
		set(t, PANEL_OK, alarm_mark(x), alarm_look(x),
		    alert_words(in, s, a));
	else
		set(t, PANEL_OK, "●", "ok", "");
}

static struct scene *spark(const struct panel_input *in,
    const struct series *given, const char *name, bool hot, struct arena *a)
{
	struct series s = *given;
	struct plot_line line = {
	    .name = name,
	    .ink = hot ? INK_RED : INK_SERIES_1,
	    .step = s.step,
	    .hole = gap_least(&s),
	};

	series_finite(a, &s);
	line.points = s.points;
	line.n = s.n;
	if (s.n < 2)
		return NULL;
	return plot_spark(a, &line, in->from, in->to, SPARK_WIDTH, SPARK_HIGH);
}

/* Percentages without a fraction: a tile is small. */
static const char *value_words(const struct series *s, struct arena *a)
{
	if (unit_is_percent(s->unit) && isfinite(s->last))
		return arena_printf(a, "%s %%", unit_number(a, s->last, 0));
	return unit_text(a, s->unit, s->last);
}

/* "disk{mount="/var"}, 5 min ago": what the small number leaves open. */
static const char *more_words(const struct panel_input *in,
    const struct tiles_source *s, size_t i, struct arena *a)
{
	const struct series *series = s->series[i];
	const char *text = "";

	if (s->fitting[i] > 1)
		text = arena_printf(a, "%s, the greatest of %zu",
		    series->metric, s->fitting[i]);
	if (!series_late(in, series))
		return text;
	return arena_printf(a, "%s%s%s ago", text, text[0] != '\0' ? ", " : "",
	    age_words(in, series->last_ts, a));
}

static void add_figure(const struct panel_input *in, struct tiles_source *s,
    size_t i, struct arena *a)
{
	const struct tiles_conf *c = in->conf;
	const struct series *series = s->series[i];
	struct tile_figure *f = &s->tile.figures[i];

	*f = (struct tile_figure){.label = c->figures[i].title,
	    .value = "–",
	    .more = "",
	    .part = NAN};
	if (series == NULL)
		return;
	f->value = value_words(series, a);
	f->more = more_words(in, s, i, a);
	f->hot = alarm_on(in, series->name) != NULL;
	f->late = series_late(in, series);
	if (unit_is_percent(series->unit))
		f->part = series->last / 100;
	if (c->spark)
		f->spark = spark(in, series, f->label, f->hot, a);
}

void tiles_describe(
    const struct panel_input *in, struct tiles_source *s, struct arena *a)
{
	const struct tiles_conf *c = in->conf;

	s->tile.name = s->status->name;
	for (size_t i = 0; i < in->n_anchors; i++)
		if (str_eq(in->anchors[i].source, s->tile.name))
			s->tile.href = in->anchors[i].href;
	set_state(in, s, a);
	s->tile.n_figures = c->n_figures;
	for (size_t i = 0; i < c->n_figures; i++)
		add_figure(in, s, i, a);
}

int tiles_rank(const struct tiles_source *s)
{
	switch (s->tile.state) {
	case PANEL_ALERT:
		return s->alert->severity == ALERT_CRITICAL ? 0 : 1;
	case PANEL_FAILED:
		return 2;
	case PANEL_LATE:
		return 3;
	case PANEL_EMPTY:
		return 4;
	default:
		return s->alert != NULL ? 5 : 6;
	}
}
