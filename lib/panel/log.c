/*
 * Lines of logs, of several sources in the order of time.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "chart/plot.h"
#include "chart/unit.h"
#include "decode/timestamp.h"
#include "panel/alarm.h"
#include "panel/gaps.h"
#include "panel/level.h"
#include "panel/parts.h"

#define POINTS	    160
#define SPARK_WIDTH 90
#define SPARK_HIGH  18
#define REPLAY_MAX  60 /* seconds that are played back */

struct conf {
	int64_t limit;
	int height; /* enum log_height */
	struct pairs levels;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"limit", OPTION_INT, AT(limit), .min = 1, .max = 2000, .deflt = "200",
	.help = "lines to show, the newest"},
    {"height", OPTION_CHOICE, AT(height), .choices = "short|medium|tall|whole",
	.deflt = "medium",
	.help = "how much of them is in view at once; whole: all, without "
		"scrolling"},
    {"levels", OPTION_MAP, AT(levels),
	.help = "extended regular expressions of lines that are error, warn "
		"or plain (neither), whatever else they say of themselves"},
    {0},
};

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct conf *c = conf;
	const struct node *at = node_get(panel, "levels");
	struct level_rules rules;
	struct err e;

	if (common->sources.n == 0)
		fault_at(faults, panel, "a log needs its sources:");
	if (level_rules_open(&rules, &c->levels, &e) != 0)
		fault_at(faults, at != NULL ? at : panel, "%s", e.text);
	else
		level_rules_close(&rules);
}

/* How many lines there were, those as well that were not kept. */
static struct strings metrics(const void *conf, struct arena *a)
{
	struct strings s = {0};

	(void)conf;
	strings_add(a, &s, "lines");
	return s;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/*
 * The sources that the panel may show, sorted: a source keeps its colour
 * whether or not it has lines just now.
 */
static struct strings all_sources(const struct panel_input *in, struct arena *a)
{
	struct strings all = {0}, once = {0};

	for (size_t i = 0; i < in->n_status; i++)
		if (str_glob_any(&in->common->sources, in->status[i].name))
			strings_add(a, &all, in->status[i].name);
	for (size_t i = 0; i < in->n_lines; i++)
		if (i == 0 ||
		    !str_eq(in->lines[i].source, in->lines[i - 1].source))
			strings_add(a, &all, in->lines[i].source);
	if (all.n > 1)
		qsort(all.items, all.n, sizeof(*all.items), by_text);
	for (size_t i = 0; i < all.n; i++)
		if (i == 0 || !str_eq(all.items[i], all.items[i - 1]))
			strings_add(a, &once, all.items[i]);
	return once;
}

static int source_colour(const struct strings *sources, const char *name)
{
	for (size_t i = 0; i < sources->n; i++)
		if (str_eq(sources->items[i], name))
			return colour_of(i);
	return 1;
}

static const char *time_words(struct arena *a, int64_t ts, int64_t now)
{
	struct tm then = clock_local(ts), today = clock_local(now);
	bool same =
	    then.tm_yday == today.tm_yday && then.tm_year == today.tm_year;

	return clock_format(a, same ? "%H:%M:%S" : "%-d %b %H:%M:%S", ts);
}

/* The time has a column of its own; the text need not say it again. */
static const char *text_words(const char *text)
{
	struct span line = {text, strlen(text)};

	return text + timestamp_length(line);
}

static struct numbers *raw(const struct panel_input *in, struct arena *a)
{
	static const char *const columns[] = {"time", "source", "text"};
	struct numbers *n = arena_make(a, struct numbers);

	n->text = true;
	n->n_columns = 3;
	n->columns = arena_copy(a, columns, sizeof(columns));
	n->n_rows = in->n_lines;
	n->cells = arena_array(a, in->n_lines, sizeof(*n->cells));
	for (size_t i = 0; i < in->n_lines; i++) {
		n->cells[i] = arena_array(a, 3, sizeof(**n->cells));
		n->cells[i][0] = clock_iso(a, in->lines[i].ts);
		n->cells[i][1] = in->lines[i].source;
		n->cells[i][2] = in->lines[i].text;
	}
	return n;
}

static void set_state(
    const struct panel_input *in, struct block *b, struct arena *a)
{
	b->state = PANEL_OK;
	for (size_t i = 0; i < in->n_status; i++) {
		const struct source_status *s = &in->status[i];

		if (!str_glob_any(&in->common->sources, s->name) ||
		    !outcome_fails(s->outcome))
			continue;
		state_of_source(in, s->name, in->now, b, a);
		return;
	}
	if (in->n_lines > 0)
		return;
	b->state = PANEL_EMPTY;
	b->message = arena_printf(
	    a, "no lines in the last %s", period_words(a, in->to - in->from));
}

/* Lines of one asking to lines a minute. */
static struct series per_minute(const struct series *s, struct arena *a)
{
	struct series rate = *s;
	double by = 60.0 / (double)(s->every > 0 ? s->every : 60);

	rate.points = arena_copy(a, s->points, s->n * sizeof(*s->points));
	for (size_t i = 0; i < s->n; i++)
		rate.points[i].mean *= by;
	rate.last *= by;
	series_finite(a, &rate);
	return rate;
}

static void add_rate(const struct panel_input *in, const struct series *s,
    struct log_rate *r, struct arena *a)
{
	struct series rate = per_minute(s, a);
	const struct plot_line line = {
	    .name = "lines a minute",
	    .ink = (enum ink)(INK_SERIES_1 + r->colour - 1),
	    .points = rate.points,
	    .n = rate.n,
	    .step = rate.step,
	    .hole = gap_least(&rate),
	};

	if (isfinite(rate.last) && !series_late(in, s))
		r->text = arena_printf(a, "%s a minute",
		    unit_number(a, rate.last,
			rate.last < 10 && rate.last != floor(rate.last)));
	if (rate.n > 1)
		r->spark = plot_spark(
		    a, &line, in->from, in->to, SPARK_WIDTH, SPARK_HIGH);
}

static void add_rates(const struct panel_input *in,
    const struct strings *sources, struct block *b, struct arena *a)
{
	b->n_rates = sources->n;
	b->rates = arena_array(a, sources->n, sizeof(*b->rates));
	for (size_t i = 0; i < sources->n; i++) {
		struct log_rate *r = &b->rates[i];

		*r = (struct log_rate){
		    .source = sources->items[i], .colour = colour_of(i)};
		for (size_t k = 0; k < in->n_series; k++)
			if (str_eq(in->series[k].source, r->source))
				add_rate(in, &in->series[k], r, a);
	}
}

static void add_rows(const struct panel_input *in, size_t skip,
    const struct strings *sources, const struct level_rules *rules,
    struct block *b, struct arena *a)
{
	int64_t recent = in->run_every;

	if (recent <= 0 || recent > REPLAY_MAX)
		recent = REPLAY_MAX;
	b->n_log = in->n_lines - skip;
	b->log = arena_array(a, b->n_log, sizeof(*b->log));
	for (size_t i = 0; i < b->n_log; i++) {
		const struct log_line *l = &in->lines[skip + i];

		b->log[i] = (struct log_row){
		    .time = time_words(a, l->ts, in->now),
		    .source = l->source,
		    .text = text_words(l->text),
		    .colour = source_colour(sources, l->source),
		    .level = level_by_rules(rules, l->text),
		    .at = l->ts > in->now - recent ? l->ts : 0,
		};
	}
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	const struct conf *c = in->conf;
	struct strings sources = all_sources(in, a);
	size_t limit = (size_t)c->limit;
	size_t skip = in->n_lines > limit ? in->n_lines - limit : 0;
	size_t left = in->lines_left_out + skip;
	struct level_rules rules;

	if (level_rules_open(&rules, &c->levels, e) != 0)
		return -1;
	set_state(in, b, a);
	alarm_of_sources(in, b, a);
	add_rates(in, &sources, b, a);
	add_rows(in, skip, &sources, &rules, b, a);
	level_rules_close(&rules);
	b->log_height = (enum log_height)c->height;
	if (left > 0)
		b->log_left_out = arena_printf(a, "%s earlier %s",
		    unit_whole(a, (double)left), left == 1 ? "line" : "lines");
	if (b->n_log > 0) {
		if (b->note == NULL)
			b->note = "newest below";
		b->numbers = raw(in, a);
	}
	return 0;
}

const struct panel_kind panel_log = {
    .name = "log",
    .help = "lines of logs, in the order of time",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_LINES | NEEDS_STATUS | NEEDS_ALERTS,
    .points = POINTS,
    .metrics = metrics,
    .check = check,
    .build = build,
};
