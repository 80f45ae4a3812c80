/*
 * Lines of logs, of several sources in the order of time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "decode/timestamp.h"
#include "panel/level.h"
#include "panel/parts.h"

struct conf {
	int64_t limit;
};

static const struct option options[] = {
    {"limit", OPTION_INT, offsetof(struct conf, limit), .min = 1, .max = 2000,
	.deflt = "200", .help = "lines to show, the newest"},
    {0},
};

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	(void)conf;
	if (common->sources.n == 0)
		fault_at(faults, panel, "a log needs its sources:");
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

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	const struct conf *c = in->conf;
	struct strings sources = all_sources(in, a);
	size_t limit = (size_t)c->limit;
	size_t skip = in->n_lines > limit ? in->n_lines - limit : 0;
	size_t left = in->lines_left_out + skip;

	(void)e;
	set_state(in, b, a);
	b->n_log = in->n_lines - skip;
	b->log = arena_array(a, b->n_log, sizeof(*b->log));
	for (size_t i = 0; i < b->n_log; i++) {
		const struct log_line *l = &in->lines[skip + i];

		b->log[i] = (struct log_row){
		    .time = time_words(a, l->ts, in->now),
		    .source = l->source,
		    .text = text_words(l->text),
		    .colour = source_colour(&sources, l->source),
		    .level = log_level(l->text),
		};
	}
	if (left > 0)
		b->log_left_out = arena_printf(a, "%s earlier %s",
		    unit_whole(a, (double)left), left == 1 ? "line" : "lines");
	if (b->n_log > 0) {
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
    .needs = NEEDS_LINES | NEEDS_STATUS,
    .check = check,
    .build = build,
};
