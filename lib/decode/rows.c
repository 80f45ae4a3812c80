#include "decode/moment.h"
#include "decode/rows_private.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MAX (4 * 1000 * 1000)

static int too_many(struct err *e)
{
	return err_code(
	    e, OUTCOME_TOO_LARGE, "more than %d rows", READINGS_MAX);
}

/* "Elapsed Time (s)" becomes "elapsed_time_s". */
static const char *slug(struct arena *a, const char *name)
{
	char *s = str_slug(a, name);

	for (char *p = s; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
	return s;
}

static int find(const struct rows *r, size_t n, const char *name)
{
	for (size_t i = 0; name != NULL && i < n; i++)
		if (strcmp(r->names[i], name) == 0)
			return (int)i;
	return -1;
}

static const char *unique_name(struct rows *r, size_t i, const char *raw)
{
	struct arena *a = r->out->arena;
	const char *name = str_clean(a, raw, strlen(raw), READING_NAME_MAX - 8);
	const char *base = name;

	if (name[0] == '\0')
		base = name = arena_printf(a, "column_%zu", i + 1);
	for (int k = 2; find(r, i, name) >= 0; k++)
		name = arena_printf(a, "%s_%d", base, k);
	return name;
}

/* Which columns there are, for people. */
static const char *list_names(const struct rows *r)
{
	const char *list = "";

	for (size_t i = 0; i < r->n && strlen(list) < 300; i++)
		list = arena_printf(r->out->arena, "%s%s%.40s", list,
		    i > 0 ? ", " : "", r->names[i]);
	return list;
}

int rows_no_column(const struct rows *r, const char *name, struct err *e)
{
	return err_code(e, OUTCOME_PARSE, "no column '%s'; there are: %s", name,
	    list_names(r));
}

static int find_columns(struct rows *r, struct err *e)
{
	const struct rows_spec *s = r->spec;

	r->key = find(r, r->n, s->key);
	r->time = find(r, r->n, s->time);
	r->metric = find(r, r->n, s->metric);
	r->value = find(r, r->n, s->value);
	r->text = find(r, r->n, s->text);
	if (s->must && s->key != NULL && r->key < 0)
		return rows_no_column(r, s->key, e);
	if (s->must && s->time != NULL && r->time < 0)
		return rows_no_column(r, s->time, e);
	if (s->as == AS_LINES && r->text < 0)
		return rows_no_column(r, s->text, e);
	if (s->as == AS_RECORDS && r->key < 0 && r->time < 0)
		return rows_no_column(r, s->key != NULL ? s->key : "key", e);
	return rows_find_rules(r, e);
}

static const char *unit_of(
    const struct rows_spec *s, const char *name, const char *otherwise)
{
	for (size_t i = 0; i < s->units.n; i++)
		if (str_eq(s->units.items[i].key, name))
			return s->units.items[i].value;
	return otherwise != NULL ? otherwise : "";
}

static int begin_table(struct rows *r, struct err *e)
{
	r->table = readings_table(
	    r->out, r->spec->name != NULL ? r->spec->name : "", r->n);
	if (r->table == NULL)
		return too_many(e);
	for (size_t i = 0; i < r->n; i++)
		table_column(r->out, r->table, i, r->names[i],
		    unit_of(r->spec, r->names[i], NULL));
	return 0;
}

/* Of several queries each has its name before its metrics, or for its one. */
static const char *metric_of(const struct rows *r, const char *column, bool one)
{
	const char *name = r->spec->name;

	if (name == NULL || name[0] == '\0')
		return column;
	return one ? name : arena_printf(r->out->arena, "%s_%s", name, column);
}

int rows_begin(struct rows *r, const struct rows_spec *spec,
    struct readings *out, const char *const *names, size_t n, struct err *e)
{
	struct arena *a = out->arena;

	*r = (struct rows){.spec = spec, .out = out, .n = n};
	if (n > ROWS_COLUMNS_MAX)
		return err_code(e, OUTCOME_TOO_LARGE,
		    "%zu columns, at most %d fit", n, ROWS_COLUMNS_MAX);
	r->names = arena_array(a, n, sizeof(*r->names));
	r->metrics = arena_array(a, n, sizeof(*r->metrics));
	r->columns = arena_array(a, n, sizeof(*r->columns));
	for (size_t i = 0; i < n; i++) {
		r->names[i] = unique_name(r, i, names[i]);
		r->metrics[i] = spec->slug ? slug(a, r->names[i]) : r->names[i];
		r->metrics[i] = metric_of(r, r->metrics[i], n == 1);
	}
	if (find_columns(r, e) != 0)
		return -1;
	return spec->as == AS_TABLE ? begin_table(r, e) : 0;
}

void rows_bad(struct rows *r, const char *fmt, ...)
{
	va_list ap;

	if (r->bad++ >= READINGS_WARNINGS_MAX)
		return;
	va_start(ap, fmt);
	strings_add(
	    r->out->arena, &r->faults, arena_vprintf(r->out->arena, fmt, ap));
	va_end(ap);
}

static bool is_empty(const struct cell *c)
{
	return rows_is_empty(c);
}

/* False, and the row is counted as bad, if its time can't be read. */
static bool row_time(
    struct rows *r, const struct cell *cells, size_t n, int64_t *ts)
{
	size_t i = (size_t)r->time;
	char buf[ROWS_NUMBER_MAX];
	const char *number;

	*ts = 0;
	if (r->time < 0)
		return true;
	if (i >= n || is_empty(&cells[i])) {
		rows_bad(
		    r, "%s %zu has no %s", r->spec->word, r->at, r->names[i]);
		return false;
	}
	number = rows_number(r, &cells[i], buf);
	if (moment_parse(number != NULL ? number : cells[i].text,
		r->spec->time_format, ts))
		return true;
	rows_bad(r, "%s %zu: %s '%.80s' is not a time%s%s", r->spec->word,
	    r->at, r->names[i], cells[i].text,
	    r->spec->time_format != NULL ? " as of " : "",
	    r->spec->time_format != NULL ? r->spec->time_format : "");
	return false;
}

static struct field make_field(struct rows *r, size_t i, const struct cell *c)
{
	struct field f = {.name = r->names[i]};
	char buf[ROWS_NUMBER_MAX];
	const char *number = rows_number(r, c, buf);
	const char *text = number != NULL ? number : c->text;

	f.number = number != NULL && rows_is_plain(number);
	if (number != NULL && !f.number)
		text = c->text;
	if (!is_empty(c))
		f.value = str_clean(
		    r->out->arena, text, strlen(text), READING_TEXT_MAX);
	return f;
}

static int add_sample(struct rows *r, const char *metric,
    const struct label *labels, size_t n_labels, const char *number, int64_t ts,
    struct err *e)
{
	struct arena *a = r->out->arena;
	struct sample *s;
	double v;

	if (!str_number(number, &v))
		return 0;
	s = readings_sample(r->out, metric_name(a, metric, labels, n_labels), v,
	    unit_of(r->spec, metric, r->spec->unit));
	if (s == NULL)
		return err_code(
		    e, OUTCOME_TOO_LARGE, "more than %d samples", READINGS_MAX);
	s->ts = ts;
	s->counter = str_glob_any(&r->spec->counters, metric);
	return 0;
}

/* Columns of a record that are series as well. */
static int add_series(struct rows *r, const struct cell *cells, size_t n,
    int64_t ts, struct err *e)
{
	char buf[ROWS_NUMBER_MAX];

	for (size_t i = 0; i < n; i++) {
		const char *number = NULL;

		if (r->columns[i].series)
			number = rows_number(r, &cells[i], buf);
		if (number != NULL &&
		    add_sample(r, r->metrics[i], NULL, 0, number, ts, e) != 0)
			return -1;
	}
	return 0;
}

static int add_record(struct rows *r, const struct cell *cells, size_t n,
    int64_t ts, struct err *e)
{
	size_t k = (size_t)(r->key >= 0 ? r->key : r->time);
	struct record *rec;
	size_t used = 0;

	if (k >= n || is_empty(&cells[k])) {
		rows_bad(
		    r, "%s %zu has no %s", r->spec->word, r->at, r->names[k]);
		return 0;
	}
	rec = readings_record(r->out, cells[k].text, n);
	if (rec == NULL)
		return too_many(e);
	rec->ts = ts;
	for (size_t i = 0; i < n; i++)
		if ((int)i != r->key && (int)i != r->time &&
		    cells[i].text != NULL)
			rec->fields[used++] = make_field(r, i, &cells[i]);
	rec->n = used;
	r->good++;
	return add_series(r, cells, n, ts, e);
}

static int add_table_row(
    struct rows *r, const struct cell *cells, size_t n, struct err *e)
{
	const char **row = table_row(r->out, r->table);
	char buf[ROWS_NUMBER_MAX];

	if (row == NULL)
		return too_many(e);
	for (size_t i = 0; i < n; i++) {
		const char *text = cells[i].text, *number = NULL;

		if (is_empty(&cells[i]))
			continue;
		if (r->table->columns[i].unit[0] != '\0')
			number = rows_number(r, &cells[i], buf);
		if (number != NULL)
			text = number;
		table_cell(r->out, row, i, text, strlen(text));
	}
	r->good++;
	return 0;
}

/* What tells the samples of a row from those of others. */
static size_t row_labels(
    struct rows *r, const struct cell *cells, size_t n, struct label *labels)
{
	const struct rows_spec *s = r->spec;
	struct arena *a = r->out->arena;
	size_t n_labels = 0;

	for (size_t i = 0; i < n; i++) {
		int at = (int)i;
		bool text = s->strict && (r->value >= 0 || !cells[i].number);

		if (is_empty(&cells[i]) || at == r->time || at == r->value ||
		    at == r->metric || (at != r->key && !text))
			continue;
		labels[n_labels].name = slug(a, r->names[i]);
		labels[n_labels++].value = str_clean(
		    a, cells[i].text, strlen(cells[i].text), READING_NAME_MAX);
	}
	return n_labels;
}

/* The one sample of a row that has a column for values. */
static int add_value(struct rows *r, const struct cell *cells, size_t n,
    const struct label *labels, size_t n_labels, int64_t ts, struct err *e)
{
	size_t v = (size_t)r->value, m = (size_t)r->metric;
	const char *metric = metric_of(r, r->names[v], true), *number;
	char buf[ROWS_NUMBER_MAX];

	if (v < n && cells[v].text == NULL)
		r->holes++;
	if (v >= n || is_empty(&cells[v]))
		return 0;
	if (r->metric >= 0 && m < n && !is_empty(&cells[m]))
		metric = metric_of(r, cells[m].text, false);
	number = rows_number(r, &cells[v], buf);
	if (number == NULL) {
		rows_bad(r, "%s %zu: value '%.80s' is not a number",
		    r->spec->word, r->at, cells[v].text);
		return 0;
	}
	r->good++;
	return add_sample(r, metric, labels, n_labels, number, ts, e);
}

static int add_samples(struct rows *r, const struct cell *cells, size_t n,
    int64_t ts, struct err *e)
{
	struct label labels[ROWS_COLUMNS_MAX];
	size_t n_labels = row_labels(r, cells, n, labels);
	char buf[ROWS_NUMBER_MAX];

	if (r->value >= 0)
		return add_value(r, cells, n, labels, n_labels, ts, e);
	for (size_t i = 0; i < n; i++) {
		const char *number = rows_number(r, &cells[i], buf);

		if (cells[i].text == NULL)
			r->holes++;
		if ((int)i == r->key || (int)i == r->time || number == NULL ||
		    (r->spec->strict && !cells[i].number))
			continue;
		if (add_sample(
			r, r->metrics[i], labels, n_labels, number, ts, e) != 0)
			return -1;
	}
	r->good++;
	return 0;
}

static int add_line(struct rows *r, const struct cell *cells, size_t n,
    int64_t ts, struct err *e)
{
	size_t i = (size_t)r->text;

	if (i >= n || is_empty(&cells[i]))
		return 0;
	if (!readings_line(r->out, ts, cells[i].text, strlen(cells[i].text)))
		return too_many(e);
	r->good++;
	return 0;
}

static bool all_empty(const struct cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_empty(&cells[i]))
			return false;
	return true;
}

int rows_add(struct rows *r, const struct cell *cells, size_t n, struct err *e)
{
	struct cell filled[ROWS_COLUMNS_MAX];
	int64_t ts = 0;

	if (all_empty(cells, n))
		return 0;
	memcpy(filled, cells, n * sizeof(*cells));
	cells = filled;
	n = rows_fill(r, filled, n);
	r->cells += r->spec->as == AS_TABLE ? r->n : n;
	if (r->cells > CELLS_MAX)
		return err_code(
		    e, OUTCOME_TOO_LARGE, "more than %d cells", CELLS_MAX);
	if (!rows_fit(r, cells, n) ||
	    ((r->spec->as != AS_TABLE || r->spec->typed) &&
		!row_time(r, cells, n, &ts)))
		return 0;
	if (r->spec->typed && r->time >= 0)
		filled[r->time] = (struct cell){
		    arena_printf(r->out->arena, "%lld", (long long)ts), true};
	switch (r->spec->as) {
	case AS_RECORDS:
		return add_record(r, cells, n, ts, e);
	case AS_TABLE:
		return add_table_row(r, cells, n, e);
	case AS_LINES:
		return add_line(r, cells, n, ts, e);
	default:
		return add_samples(r, cells, n, ts, e);
	}
}

/* The key of a record, where it is; addresses keep the order of rows. */
struct place {
	const char **key;
};

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(*x->key, *y->key);

	return order != 0 ? order : (x->key > y->key) - (x->key < y->key);
}

/* Records without a key of their own: two of one moment are two things. */
static void part_moments(struct rows *r)
{
	struct readings *out = r->out;
	size_t n = out->n_records;
	struct place *sorted = arena_array(out->arena, n, sizeof(*sorted));
	const char *key = NULL;
	int k = 1;

	for (size_t i = 0; i < n; i++)
		sorted[i].key = &out->records[i].key;
	qsort(sorted, n, sizeof(*sorted), by_key);
	for (size_t i = 0; i < n; i++) {
		k = str_eq(key, *sorted[i].key) ? k + 1 : 1;
		key = *sorted[i].key;
		if (k > 1)
			*sorted[i].key =
			    arena_printf(out->arena, "%s#%d", key, k);
	}
}

int rows_end(struct rows *r, struct err *e)
{
	if (r->bad > 0 && r->good == 0)
		return err_code(e, OUTCOME_PARSE, "%s", r->faults.items[0]);
	for (size_t i = 0; i < r->faults.n; i++)
		readings_warn(r->out, "%s", r->faults.items[i]);
	r->out->warnings_left_out += r->bad - r->faults.n;
	if (r->spec->as == AS_SAMPLES && r->good > 0 && r->holes == 0 &&
	    r->out->n_samples == 0)
		return err_code(
		    e, OUTCOME_PARSE, "not one number in: %s", list_names(r));
	if (r->spec->as == AS_RECORDS && r->key < 0 && r->out->n_records > 0)
		part_moments(r);
	return 0;
}
