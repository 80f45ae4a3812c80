#include "output/diff.h"

#include <assert.h>

#include "base/clock.h"
#include "base/json.h"

static void put_time(
    struct json *j, struct arena *a, const char *key, int64_t ts)
{
	if (ts != 0)
		json_put_text(j, key, clock_iso(a, ts));
}

static void put_side(struct json *doc, struct arena *a, const char *key,
    const struct gist *g, const char *asked)
{
	struct json *j = json_put_object(doc, key);

	json_put_text(j, "asked", asked);
	put_time(j, a, "at", g->at);
}

static void put_series(struct json *all, const struct diff_series *s)
{
	struct json *j = json_add_object(all);
	const struct gist_series *any = s->b != NULL ? s->b : s->a;

	json_put_text(j, "change", diff_change_word(s->change));
	json_put_text(j, "series", any->name);
	json_put_text(j, "unit", any->unit);
	if (s->a != NULL && s->a->n > 0)
		json_put_real(j, "before", s->a->median);
	if (s->b != NULL && s->b->n > 0)
		json_put_real(j, "after", s->b->median);
	if (s->change != DIFF_MOVED)
		return;
	assert(s->a != NULL && s->b != NULL);
	json_put_real(j, "difference", s->b->median - s->a->median);
	if (s->a->median != 0)
		json_put_real(j, "ratio", s->b->median / s->a->median);
	json_put_real(j, "score", s->score);
	json_put_real(j, "usual_deviation", s->a->spread);
}

static void put_row(struct json *all, const struct diff_row *r)
{
	struct json *j = json_add_object(all);

	json_put_text(j, "change", diff_change_word(r->change));
	if (r->key[0] != '\0')
		json_put_text(j, "row", r->key);
	json_put_text(j, "column", r->column);
	json_put_text(j, "before", r->before);
	json_put_text(j, "after", r->after);
	if (r->change != DIFF_NUMBER && r->change != DIFF_MANY)
		return;
	json_put_int(j, "before", (int64_t)r->n_before);
	json_put_int(j, "after", (int64_t)r->n_after);
}

static void put_table(struct json *all, const struct diff_table *t)
{
	struct json *j = json_add_object(all), *rows;

	json_put_text(j, "change", diff_change_word(t->change));
	json_put_text(j, "source", t->table->source);
	json_put_text(j, "table", t->table->name);
	json_put_bool(j, "records", t->table->records);
	json_put_bool(j, "cut", t->cut);
	rows = json_put_array(j, "rows");
	for (size_t i = 0; i < t->n_rows; i++)
		put_row(rows, &t->rows[i]);
}

static void put_alert(
    struct json *all, struct arena *a, const struct diff_alert *d)
{
	struct json *j = json_add_object(all);
	const struct alert *x = d->alert;

	json_put_text(j, "change", diff_change_word(d->change));
	json_put_text(j, "alert", x->rule);
	json_put_text(j, "series", x->series);
	json_put_text(j, "severity", alert_severity_word(x->severity));
	put_time(j, a, "since", x->since);
	put_time(j, a, "fired", x->fired);
	put_time(j, a, "ended", x->ended);
	if (x->message[0] != '\0')
		json_put_text(j, "message", x->message);
}

static void put_pattern(struct json *all, const struct diff_pattern *d)
{
	struct json *j = json_add_object(all);
	const struct gist_pattern *p = d->pattern;

	json_put_text(j, "change", diff_change_word(d->change));
	json_put_text(j, "pattern", p->text);
	json_put_int(j, "lines", (int64_t)p->n);
	if (p->level[0] != '\0')
		json_put_text(j, "level", p->level);
	json_put_text(j, "source", p->source);
	json_put_text(j, "example", p->example);
}

static void put_source(
    struct json *all, struct arena *a, const struct diff_source *d)
{
	struct json *j = json_add_object(all);

	json_put_text(j, "change", diff_change_word(d->change));
	json_put_text(j, "source", d->status->name);
	json_put_text(j, "outcome", outcome_word(d->status->outcome));
	json_put_text(j, "message", d->status->message);
	put_time(j, a, "since", d->status->since);
}

void diff_json(
    const struct diff *d, const struct diff_look *look, struct buf *b)
{
	struct arena *a = arena_new();
	struct json *doc = json_object_new(), *part;

	json_put_bool(doc, "differs", d->differs);
	put_side(doc, a, "a", d->a, look->a);
	put_side(doc, a, "b", d->b, look->b);
	json_put_int(doc, "window", d->b->window);
	part = json_put_array(doc, "series");
	for (size_t i = 0; i < d->n_series; i++)
		put_series(part, &d->series[i]);
	json_put_int(doc, "series_left_out", (int64_t)d->series_left_out);
	part = json_put_array(doc, "tables");
	for (size_t i = 0; i < d->n_tables; i++)
		put_table(part, &d->tables[i]);
	part = json_put_array(doc, "alerts");
	for (size_t i = 0; i < d->n_alerts; i++)
		put_alert(part, a, &d->alerts[i]);
	part = json_put_array(doc, "patterns");
	for (size_t i = 0; i < d->n_patterns; i++)
		put_pattern(part, &d->patterns[i]);
	part = json_put_array(doc, "sources");
	for (size_t i = 0; i < d->n_sources; i++)
		put_source(part, a, &d->sources[i]);
	json_write(doc, 1, b);
	buf_char(b, '\n');
	json_free(doc);
	arena_free(a);
}
