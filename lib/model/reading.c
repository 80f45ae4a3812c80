#include "model/reading.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void readings_init(struct readings *r, struct arena *a)
{
	*r = (struct readings){.arena = a};
}

static int by_name(const void *a, const void *b)
{
	const struct label *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Escapes as Prometheus' text exposition does: \\, \" and \n. */
static size_t put_escaped(char *dst, const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\' || *s == '\n')
			dst[n++] = '\\';
		dst[n++] = *s == '\n' ? 'n' : *s;
	}
	return n;
}

const char *metric_name(
    struct arena *a, const char *metric, const struct label *labels, size_t n)
{
	struct label *sorted = arena_copy(a, labels, n * sizeof(*labels));
	size_t size = strlen(metric) + 3, len;
	char *name;

	if (n == 0)
		return arena_strdup(a, metric);
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (size_t i = 0; i < n; i++)
		size +=
		    strlen(sorted[i].name) + 2 * strlen(sorted[i].value) + 4;
	name = arena_alloc(a, size);
	len = strlen(metric);
	memcpy(name, metric, len);
	for (size_t i = 0; i < n; i++) {
		name[len++] = i == 0 ? '{' : ',';
		memcpy(name + len, sorted[i].name, strlen(sorted[i].name));
		len += strlen(sorted[i].name);
		name[len++] = '=';
		name[len++] = '"';
		len += put_escaped(name + len, sorted[i].value);
		name[len++] = '"';
	}
	name[len] = '}';
	return name;
}

static const char *clean_name(struct readings *r, const char *s)
{
	char *name = str_clean(r->arena, s, strlen(s), READING_NAME_MAX);

	str_one_line(name);
	return name;
}

struct sample *readings_sample(
    struct readings *r, const char *metric, double value, const char *unit)
{
	struct sample *s;

	if (r->n_samples >= READINGS_MAX)
		return NULL;
	s = arena_push(r->arena, &r->samples, &r->n_samples, &r->cap_samples);
	s->metric = clean_name(r, metric);
	s->unit = clean_name(r, unit);
	s->value = value;
	return s;
}

struct record *readings_record(
    struct readings *r, const char *key, size_t n_fields)
{
	struct record *rec;

	if (r->n_records >= READINGS_MAX || n_fields > READINGS_COLUMNS_MAX)
		return NULL;
	rec = arena_push(r->arena, &r->records, &r->n_records, &r->cap_records);
	rec->key = clean_name(r, key);
	rec->fields = arena_array(r->arena, n_fields, sizeof(*rec->fields));
	rec->n = n_fields;
	return rec;
}

void record_field(struct readings *r, struct record *rec, size_t i,
    const char *name, const char *value, bool number)
{
	rec->fields[i].name = clean_name(r, name);
	rec->fields[i].number = number;
	if (value != NULL)
		rec->fields[i].value =
		    str_clean(r->arena, value, strlen(value), READING_TEXT_MAX);
}

struct table *readings_table(
    struct readings *r, const char *name, size_t n_columns)
{
	struct table *t;

	if (r->n_tables >= READINGS_MAX || n_columns > READINGS_COLUMNS_MAX)
		return NULL;
	t = arena_push(r->arena, &r->tables, &r->n_tables, &r->cap_tables);
	t->name = clean_name(r, name);
	t->columns = arena_array(r->arena, n_columns, sizeof(*t->columns));
	t->n_columns = n_columns;
	return t;
}

void table_column(struct readings *r, struct table *t, size_t i,
    const char *name, const char *unit)
{
	t->columns[i].name = clean_name(r, name);
	t->columns[i].unit = clean_name(r, unit);
}

const char **table_row(struct readings *r, struct table *t)
{
	const char **row;

	if (t->n_rows >= READINGS_MAX)
		return NULL;
	row = arena_array(r->arena, t->n_columns, sizeof(*row));
	*arena_push(r->arena, &t->rows, &t->n_rows, &t->cap_rows) = row;
	return row;
}

void table_cell(
    struct readings *r, const char **row, size_t i, const char *text, size_t n)
{
	row[i] = str_clean(r->arena, text, n, READING_TEXT_MAX);
}

bool readings_line(struct readings *r, int64_t ts, const char *text, size_t n)
{
	struct line *line;

	if (r->n_lines >= READINGS_MAX) {
		r->lines_left_out++;
		return false;
	}
	line = arena_push(r->arena, &r->lines, &r->n_lines, &r->cap_lines);
	line->ts = ts;
	line->text = str_clean(r->arena, text, n, READING_TEXT_MAX);
	return true;
}

void readings_warn(struct readings *r, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	if (r->warnings.n >= READINGS_WARNINGS_MAX) {
		r->warnings_left_out++;
		return;
	}
	va_start(ap, fmt);
	text = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	strings_add(r->arena, &r->warnings,
	    str_clean(r->arena, text, strlen(text), ERR_TEXT_MAX));
}

static bool same_columns(const struct table *a, const struct table *b)
{
	if (!str_eq(a->name, b->name) || a->n_columns != b->n_columns)
		return false;
	for (size_t i = 0; i < a->n_columns; i++)
		if (!str_eq(a->columns[i].name, b->columns[i].name))
			return false;
	return true;
}

static void append_rows(
    struct readings *r, struct table *to, const struct table *from)
{
	for (size_t i = 0; i < from->n_rows; i++) {
		if (to->n_rows == READINGS_MAX)
			to->left_out++;
		else
			*arena_push(r->arena, &to->rows, &to->n_rows,
			    &to->cap_rows) = from->rows[i];
	}
	to->left_out += from->left_out;
}

void readings_join_tables(struct readings *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_tables; i++) {
		size_t k = 0;

		while (k < n && !same_columns(&r->tables[k], &r->tables[i]))
			k++;
		if (k < n)
			append_rows(r, &r->tables[k], &r->tables[i]);
		else
			r->tables[n++] = r->tables[i];
	}
	r->n_tables = n;
}
