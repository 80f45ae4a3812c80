#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "panel/parts.h"

#define NO_ROWS "the query gives no rows"

bool outcome_fails(enum outcome o)
{
	return o != OUTCOME_OK && o != OUTCOME_NOT_DUE;
}

static bool overdue(const struct panel_input *in, int64_t newest, int64_t every)
{
	double most = LATE_AFTER * (double)(every > 0 ? every : in->run_every) +
		      (double)in->run_every;

	return !in->past && (double)(in->now - newest) > most;
}

bool series_late(const struct panel_input *in, const struct series *s)
{
	/* Nobody knows how often a query's rows come. */
	return in->answer == NULL && s->last_ts > 0 &&
	       overdue(in, s->last_ts, s->every);
}

const char *moment_words(struct arena *a, int64_t ts, int64_t now)
{
	struct tm then = clock_local(ts), today = clock_local(now);

	if (then.tm_year != today.tm_year)
		return clock_format(a, "%-d %b %Y", ts);
	return clock_format(
	    a, then.tm_yday == today.tm_yday ? "%H:%M" : "%-d %b %H:%M", ts);
}

static const struct source_status *status_of(
    const struct panel_input *in, const char *name)
{
	for (size_t i = 0; i < in->n_status; i++)
		if (str_eq(in->status[i].name, name))
			return &in->status[i];
	return NULL;
}

bool panel_concerned(const struct panel_input *in, const char *source)
{
	const struct strings *globs = &in->common->series;

	for (size_t i = 0; i < in->n_series; i++)
		if (str_eq(in->series[i].source, source))
			return true;
	for (size_t i = 0; i < globs->n; i++) {
		const char *slash = strchr(globs->items[i], '/');
		char prefix[256];
		size_t len;

		if (slash == NULL)
			continue;
		len = (size_t)(slash - globs->items[i]);
		if (len >= sizeof(prefix))
			continue;
		memcpy(prefix, globs->items[i], len);
		prefix[len] = '\0';
		if (str_glob(prefix, source))
			return true;
	}
	return false;
}

/* Every message names its source. */
static const char *sentence(struct arena *a, const struct source_status *s)
{
	if (s->message == NULL || s->message[0] == '\0')
		return arena_printf(
		    a, "source %s: %s", s->name, outcome_word(s->outcome));
	if (strstr(s->message, s->name) != NULL)
		return s->message;
	return arena_printf(a, "source %s: %s", s->name, s->message);
}

static const char *failures(const struct panel_input *in, struct arena *a)
{
	const struct source_status *first = NULL;
	size_t others = 0;

	for (size_t i = 0; i < in->n_status; i++) {
		const struct source_status *s = &in->status[i];

		if (!outcome_fails(s->outcome) || !panel_concerned(in, s->name))
			continue;
		if (first == NULL)
			first = s;
		else
			others++;
	}
	if (first == NULL)
		return NULL;
	if (others == 0)
		return sentence(a, first);
	return arena_printf(a, "%s; and %zu more %s", sentence(a, first),
	    others, others == 1 ? "source" : "sources");
}

static const char *joined(struct arena *a, const struct strings *s)
{
	const char *text = "";

	for (size_t i = 0; i < s->n && i < 5; i++)
		text = i == 0 ? s->items[0]
			      : arena_printf(a, "%s, %s", text, s->items[i]);
	return s->n > 5 ? arena_printf(a, "%s, …", text) : text;
}

static const char *nothing(
    const struct panel_input *in, int64_t newest, struct arena *a)
{
	const char *globs = joined(a, &in->common->series);

	if (in->answer != NULL)
		return in->answer->n_rows == 0 ? NO_ROWS
					       : "the query gives nothing for "
						 "this time";
	if (newest == 0)
		return arena_printf(a, "nothing yet from %s", globs);
	return arena_printf(a, "nothing from %s since %s (%s ago)", globs,
	    moment_words(a, newest, in->now),
	    clock_duration(a, (double)(in->now - newest)));
}

static const char *too_old(
    const struct panel_input *in, int64_t newest, struct arena *a)
{
	return arena_printf(a, "newest value is %s old",
	    clock_duration(a, (double)(in->now - newest)));
}

void state_of_series(
    const struct panel_input *in, struct block *b, struct arena *a)
{
	const char *failed = failures(in, a);
	int64_t newest = 0, every = 0;
	size_t points = 0;

	for (size_t i = 0; i < in->n_series; i++) {
		const struct series *s = &in->series[i];

		points += s->n;
		if (s->last_ts > newest) {
			newest = s->last_ts;
			every = s->every;
		}
	}
	b->state = PANEL_OK;
	if (failed != NULL) {
		b->state = PANEL_FAILED;
		b->message = failed;
	} else if (points == 0) {
		b->state = PANEL_EMPTY;
		b->message = nothing(in, newest, a);
	} else if (in->answer == NULL && overdue(in, newest, every)) {
		b->state = PANEL_LATE;
		b->message = too_old(in, newest, a);
	}
}

void state_of_source(const struct panel_input *in, const char *source,
    int64_t newest, struct block *b, struct arena *a)
{
	const struct source_status *s = status_of(in, source);

	b->state = PANEL_OK;
	if (in->answer != NULL && in->answer->n_rows == 0) {
		b->state = PANEL_EMPTY;
		b->message = NO_ROWS;
	}
	if (in->answer != NULL)
		return;
	if (s != NULL && outcome_fails(s->outcome)) {
		b->state = PANEL_FAILED;
		b->message = sentence(a, s);
	} else if (newest == 0) {
		b->state = PANEL_EMPTY;
		b->message = arena_printf(a, "nothing yet from %s", source);
	} else if (overdue(in, newest, s != NULL ? s->every : 0)) {
		b->state = PANEL_LATE;
		b->message = arena_printf(a, "as of %s, %s old",
		    moment_words(a, newest, in->now),
		    clock_duration(a, (double)(in->now - newest)));
	}
}
