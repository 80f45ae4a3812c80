#include "output/gist.h"

#include "base/json.h"

static void put_series(struct json *all, const struct gist_series *s)
{
	struct json *j = json_add_array(all);

	json_add_text(j, s->name);
	json_add_text(j, s->unit);
	json_add_real(j, s->median);
	json_add_int(j, (int64_t)s->n);
	json_add_real(j, s->spread);
	json_add_int(j, (int64_t)s->known);
}

static void put_cells(struct json *rows, const char **cells, size_t n)
{
	struct json *row = json_add_array(rows);

	for (size_t i = 0; i < n; i++)
		if (cells[i] != NULL)
			json_add_text(row, cells[i]);
		else
			json_add_null(row);
}

static void put_table(struct json *all, const struct gist_table *t)
{
	struct json *j = json_add_object(all), *rows;

	json_put_text(j, "source", t->source);
	json_put_text(j, "name", t->name);
	json_put_bool(j, "records", t->records);
	json_put_bool(j, "first_number", t->first_number);
	json_put_int(j, "left_out", (int64_t)t->left_out);
	json_put_texts(j, "columns", &t->columns);
	rows = json_put_array(j, "rows");
	for (size_t i = 0; i < t->n_rows; i++)
		put_cells(rows, t->rows[i], t->columns.n);
}

static void put_alert(struct json *all, const struct alert *x)
{
	struct json *j = json_add_object(all);

	json_put_text(j, "alert", x->rule);
	json_put_text(j, "series", x->series);
	json_put_text(j, "severity", alert_severity_word(x->severity));
	json_put_text(j, "state", alert_state_word(x->state));
	json_put_text(j, "message", x->message);
	json_put_int(j, "since", x->since);
	json_put_int(j, "fired", x->fired);
	json_put_int(j, "ended", x->ended);
}

static void put_pattern(struct json *all, const struct gist_pattern *p)
{
	struct json *j = json_add_array(all);

	json_add_text(j, p->text);
	json_add_text(j, p->level);
	json_add_int(j, (int64_t)p->n);
	json_add_int(j, (int64_t)p->known);
	json_add_text(j, p->source);
	json_add_text(j, p->example);
}

static void put_source(struct json *all, const struct source_status *s)
{
	struct json *j = json_add_object(all);

	json_put_text(j, "source", s->name);
	json_put_text(j, "outcome", outcome_word(s->outcome));
	json_put_text(j, "message", s->message);
	json_put_int(j, "since", s->since);
}

void gist_write(const struct gist *f, struct buf *b)
{
	struct json *doc = json_object_new(), *part;

	json_put_int(doc, "gist", 1);
	json_put_int(doc, "at", f->at);
	json_put_int(doc, "window", f->window);
	json_put_text(doc, "page", f->page);
	json_put_texts(doc, "panels", &f->panels);
	part = json_put_array(doc, "series");
	for (size_t i = 0; i < f->n_series; i++)
		put_series(part, &f->series[i]);
	part = json_put_array(doc, "tables");
	for (size_t i = 0; i < f->n_tables; i++)
		put_table(part, &f->tables[i]);
	part = json_put_array(doc, "alerts");
	for (size_t i = 0; i < f->n_alerts; i++)
		put_alert(part, &f->alerts[i]);
	part = json_put_array(doc, "patterns");
	for (size_t i = 0; i < f->n_patterns && i < GIST_PATTERNS; i++)
		put_pattern(part, &f->patterns[i]);
	json_put_int(doc, "lines_left_out", (int64_t)f->lines_left_out);
	part = json_put_array(doc, "sources");
	for (size_t i = 0; i < f->n_sources; i++)
		put_source(part, &f->sources[i]);
	json_write(doc, 0, b);
	json_free(doc);
}
