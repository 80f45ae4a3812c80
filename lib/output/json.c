#include "output/json.h"

#include <math.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

static void put_time(
    struct json *j, struct arena *a, const char *key, int64_t ts)
{
	if (ts != 0)
		json_put_text(j, key, clock_iso(a, ts));
}

static void put_source(
    struct json *sources, struct arena *a, const struct source_status *s)
{
	struct json *j = json_put_object(sources, s->name);
	const char *prefix = arena_printf(a, "source %s: ", s->name);

	json_put_text(j, "outcome", outcome_word(s->outcome));
	if (s->message != NULL && s->message[0] != '\0')
		json_put_text(j, "message",
		    str_starts(s->message, prefix)
			? s->message
			: arena_printf(a, "%s%s", prefix, s->message));
	if (s->hint != NULL && s->hint[0] != '\0')
		json_put_text(j, "hint", s->hint);
	if (!isnan(s->ms)) {
		json_put_int(j, "ms", llround(s->ms));
		json_put_int(j, "bytes", (int64_t)s->bytes);
	}
	put_time(j, a, "last_ok", s->last_ok);
}

static void add_alert(
    struct json *alerts, struct arena *a, const struct alert *x)
{
	struct json *j = json_add_object(alerts);

	json_put_text(j, "alert", x->rule);
	json_put_text(j, "series", x->series);
	json_put_text(j, "state", alert_state_word(x->state));
	json_put_text(j, "severity", alert_severity_word(x->severity));
	put_time(j, a, "since", x->since);
	put_time(j, a, "fired", x->fired);
	if (!isnan(x->value))
		json_put_real(j, "value", x->value);
	if (x->muted)
		json_put_text(j, "muted", x->why);
	if (x->message[0] != '\0')
		json_put_text(j, "message", x->message);
	if (x->snapshot[0] != '\0')
		json_put_text(j, "snapshot", x->snapshot);
	put_time(j, a, "acknowledged", x->acked);
	if (x->acked != 0)
		put_time(j, a, "acknowledged_until", x->ack_until);
	if (x->acked != 0 && x->note[0] != '\0')
		json_put_text(j, "note", x->note);
}

static void add_recipient(
    struct json *list, struct arena *a, const struct recipient *r)
{
	struct json *j = json_add_object(list);

	json_put_text(j, "channel", r->channel);
	if (r->recipient[0] != '\0')
		json_put_text(j, "recipient", r->recipient);
	put_time(j, a, "sent", r->sent);
	put_time(j, a, "failing", r->failing);
	json_put_int(j, "waiting", r->waiting);
	put_time(j, a, "lost", r->lost);
	if (r->next != 0)
		put_time(j, a, "next", r->next);
	if (r->failing != 0 || r->lost != 0)
		json_put_text(j, "message", r->message);
}

void json_status(const struct report *r, struct buf *b)
{
	struct arena *a = arena_new();
	struct json *j = json_object_new(), *part;

	json_put_text(j, "broadsheet", r->version);
	json_put_text(j, "title", r->title);
	put_time(j, a, "started", r->started);
	put_time(j, a, "finished", r->started + llround(r->ms / 1000));
	json_put_int(j, "ms", llround(r->ms));
	part = json_put_object(j, "sources");
	for (size_t i = 0; i < r->n_sources; i++)
		put_source(part, a, &r->sources[i]);
	part = json_put_array(j, "alerts");
	for (size_t i = 0; i < r->n_alerts; i++)
		if (r->alerts[i].state != ALERT_ENDED)
			add_alert(part, a, &r->alerts[i]);
	if (r->n_recipients > 0)
		part = json_put_array(j, "notify");
	for (size_t i = 0; i < r->n_recipients; i++)
		add_recipient(part, a, &r->recipients[i]);
	part = json_put_array(j, "pages");
	for (size_t i = 0; i < r->n_pages; i++)
		json_add_text(part, r->pages[i].file);
	json_write(j, 1, b);
	buf_char(b, '\n');
	json_free(j);
	arena_free(a);
}

static void add_row(
    struct json *rows, struct arena *a, const struct numbers *n, size_t i)
{
	struct json *row = json_add_array(rows);

	for (size_t c = 0; c < n->n_columns; c++) {
		double v = n->text ? 0 : n->values[i][c];

		if (n->text && n->cells[i][c] != NULL)
			json_add_text(row, n->cells[i][c]);
		else if (n->text)
			json_add_real(row, NAN);
		else if (c == 0 && str_eq(n->columns[0], "time"))
			json_add_text(row, clock_iso(a, (int64_t)v));
		else
			json_add_real(row, v);
	}
}

void json_numbers(const struct block *block, struct buf *b)
{
	const struct numbers *n = block->numbers;
	struct arena *a = arena_new();
	struct json *j = json_object_new(), *part;

	json_put_text(j, "title", block->title);
	json_put_text(j, "unit", n->unit == NULL ? "" : n->unit);
	part = json_put_array(j, "columns");
	for (size_t i = 0; i < n->n_columns; i++)
		json_add_text(part, n->columns[i]);
	part = json_put_array(j, "rows");
	for (size_t i = 0; i < n->n_rows; i++)
		add_row(part, a, n, i);
	json_write(j, 0, b);
	buf_char(b, '\n');
	json_free(j);
	arena_free(a);
}
