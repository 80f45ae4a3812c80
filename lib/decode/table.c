/*
 * Columns as ps and df print them: a line of names, then rows, with runs of
 * blanks (or a separator) between the cells, the last of which takes the
 * rest of its line.
 */
#include "decode/decode.h"
#include "decode/text.h"

#include <stddef.h>
#include <string.h>

#define COLUMNS_MAX 64

struct conf {
	struct strings columns;
	bool header;
	const char *separator, *key;
	struct pairs units;
};

static const struct option options[] = {
    {"columns", OPTION_LIST, offsetof(struct conf, columns),
	.help = "names of the columns, where the output has no line of them, "
		"or instead of that line"},
    {"header", OPTION_BOOL, offsetof(struct conf, header), .deflt = "no",
	.help = "the output has a line of names although columns: is given"},
    {"separator", OPTION_TEXT, offsetof(struct conf, separator), .deflt = "",
	.help = "between cells; by default any run of blanks"},
    {"key", OPTION_TEXT, offsetof(struct conf, key), .deflt = "",
	.help = "the column that names the rows, for samples (a label) and "
		"records (the key; by default the first)"},
    {"units", OPTION_MAP, offsetof(struct conf, units),
	.help = "column: unit, for columns of numbers; \"\" makes it text"},
    {0},
};

struct sheet {
	const char *names[COLUMNS_MAX];
	const char *units[COLUMNS_MAX];
	size_t n_columns, widest;
	struct span *lines;
	size_t n_rows, cap;
};

/* At most max cells, the last with all that is left; how many there are. */
static size_t cut_blanks(struct span line, struct span *cells, size_t max)
{
	struct span rest = str_trim(line);
	size_t n = 0;

	while (rest.n > 0 && n + 1 < max) {
		struct span field[1];

		text_fields(rest, field, 1);
		cells[n++] = field[0];
		rest.n -= (size_t)(field[0].p + field[0].n - rest.p);
		rest.p = field[0].p + field[0].n;
		rest = str_trim(rest);
	}
	if (rest.n > 0)
		cells[n++] = rest;
	return n;
}

static size_t cut_separated(
    struct span line, const char *separator, struct span *cells, size_t max)
{
	size_t len = strlen(separator), n = 0;
	const char *at;

	while (n + 1 < max && line.n > 0 &&
	       (at = memmem(line.p, line.n, separator, len)) != NULL) {
		struct span cell = {line.p, (size_t)(at - line.p)};

		cells[n++] = str_trim(cell);
		line.n -= cell.n + len;
		line.p = at + len;
	}
	cells[n++] = str_trim(line);
	return n;
}

static size_t cut(
    const struct conf *c, struct span line, struct span *cells, size_t max)
{
	memset(cells, 0, max * sizeof(*cells));
	return c->separator[0] == '\0'
		   ? cut_blanks(line, cells, max)
		   : cut_separated(line, c->separator, cells, max);
}

static void name_columns(
    const struct conf *c, struct span header, struct sheet *s, struct arena *a)
{
	struct span names[COLUMNS_MAX];

	if (c->columns.n > 0) {
		s->n_columns =
		    c->columns.n < COLUMNS_MAX ? c->columns.n : COLUMNS_MAX;
		memcpy(s->names, c->columns.items,
		    s->n_columns * sizeof(s->names[0]));
		return;
	}
	s->n_columns = cut(c, header, names, COLUMNS_MAX);
	for (size_t i = 0; i < s->n_columns; i++)
		s->names[i] =
		    str_clean(a, names[i].p, names[i].n, READING_NAME_MAX / 2);
}

/* "Mounted on" are two words of one name where no row is as wide. */
static void join_last_names(struct sheet *s, struct arena *a)
{
	while (s->widest > 0 && s->n_columns > s->widest) {
		s->names[s->n_columns - 2] = arena_printf(a, "%s %s",
		    s->names[s->n_columns - 2], s->names[s->n_columns - 1]);
		s->n_columns--;
	}
}

static bool read_sheet(
    const struct conf *c, struct span body, struct sheet *s, struct arena *a)
{
	struct span line, cells[COLUMNS_MAX];
	bool named = c->columns.n > 0 && !c->header;

	if (named)
		name_columns(c, (struct span){"", 0}, s, a);
	while (s->n_rows <= READINGS_MAX && str_line(&body, &line)) {
		if (str_trim(line).n == 0)
			continue;
		if (!named) {
			name_columns(c, line, s, a);
			named = true;
			continue;
		}
		*arena_push(a, &s->lines, &s->n_rows, &s->cap) = line;
		if (cut(c, line, cells, COLUMNS_MAX) > s->widest)
			s->widest = cut(c, line, cells, COLUMNS_MAX);
	}
	if (c->columns.n == 0 && c->separator[0] == '\0')
		join_last_names(s, a);
	return named && s->n_columns > 0;
}

static bool is_percentage(struct span cell, double *v)
{
	if (cell.n < 2 || cell.p[cell.n - 1] != '%')
		return false;
	cell.n--;
	return text_number(cell, v);
}

/* What a column of numbers or of percentages is counted in. */
static const char *unit_of(
    const struct conf *c, const char *column, const char *otherwise)
{
	for (size_t i = 0; i < c->units.n; i++)
		if (str_eq(c->units.items[i].key, column))
			return c->units.items[i].value;
	return otherwise;
}

/* Columns whose cells are all numbers have a unit, others "". */
static void find_units(const struct conf *c, struct sheet *s)
{
	struct span cells[COLUMNS_MAX];
	size_t filled[COLUMNS_MAX] = {0}, numbers[COLUMNS_MAX] = {0};
	size_t percents[COLUMNS_MAX] = {0};
	double v;

	for (size_t i = 0; i < s->n_rows; i++) {
		cut(c, s->lines[i], cells, s->n_columns);
		for (size_t k = 0; k < s->n_columns; k++) {
			filled[k] += cells[k].n > 0;
			numbers[k] += text_number(cells[k], &v);
			percents[k] += is_percentage(cells[k], &v);
		}
	}
	for (size_t k = 0; k < s->n_columns; k++) {
		s->units[k] = "";
		if (filled[k] > 0 && numbers[k] == filled[k])
			s->units[k] = unit_of(c, s->names[k], UNIT_COUNT);
		else if (filled[k] > 0 && percents[k] == filled[k])
			s->units[k] = unit_of(c, s->names[k], UNIT_PERCENT);
	}
}

static struct span span(const char *text)
{
	return (struct span){text, strlen(text)};
}

static struct span figure(struct span cell)
{
	double v;

	cell.n -= is_percentage(cell, &v);
	return cell;
}

static int as_table(
    const struct conf *c, const struct sheet *s, struct readings *out)
{
	struct table *t = readings_table(out, "", s->n_columns);
	struct span cells[COLUMNS_MAX];

	if (t == NULL)
		return -1;
	for (size_t i = 0; i < s->n_columns; i++)
		table_column(out, t, i, s->names[i], s->units[i]);
	for (size_t i = 0; i < s->n_rows; i++) {
		const char **row = table_row(out, t);

		if (row == NULL)
			return -1;
		cut(c, s->lines[i], cells, s->n_columns);
		for (size_t k = 0; k < s->n_columns; k++) {
			struct span cell = s->units[k][0] != '\0'
					       ? figure(cells[k])
					       : cells[k];
			if (cell.n > 0)
				table_cell(out, row, k, cell.p, cell.n);
		}
	}
	return 0;
}

static int row_samples(const struct sheet *s, const struct span *cells,
    size_t key, struct readings *out)
{
	struct arena *a = out->arena;
	struct label label = {"", ""};
	double v;

	if (key < s->n_columns) {
		label.name = text_metric(a, span(s->names[key]));
		label.value = str_clean(
		    a, cells[key].p, cells[key].n, READING_NAME_MAX / 2);
	}
	for (size_t k = 0; k < s->n_columns; k++) {
		const char *metric = text_metric(a, span(s->names[k]));

		if (k == key || s->units[k][0] == '\0' ||
		    !text_number(figure(cells[k]), &v))
			continue;
		if (key < s->n_columns)
			metric = metric_name(a, metric, &label, 1);
		if (readings_sample(out, metric, v, s->units[k]) == NULL)
			return -1;
	}
	return 0;
}

static int as_samples(const struct conf *c, const struct sheet *s, size_t key,
    struct readings *out)
{
	struct span cells[COLUMNS_MAX];

	for (size_t i = 0; i < s->n_rows; i++) {
		cut(c, s->lines[i], cells, s->n_columns);
		if (row_samples(s, cells, key, out) != 0)
			return -1;
	}
	return 0;
}

static int as_records(const struct conf *c, const struct sheet *s, size_t key,
    struct readings *out)
{
	struct span cells[COLUMNS_MAX];
	struct arena *a = out->arena;
	double v;

	key = key < s->n_columns ? key : 0;
	for (size_t i = 0; i < s->n_rows; i++) {
		struct record *r;

		cut(c, s->lines[i], cells, s->n_columns);
		r = readings_record(out,
		    str_clean(a, cells[key].p, cells[key].n, READING_NAME_MAX),
		    s->n_columns);
		if (r == NULL)
			return -1;
		for (size_t k = 0; k < s->n_columns; k++) {
			struct span cell = s->units[k][0] != '\0'
					       ? figure(cells[k])
					       : cells[k];

			record_field(out, r, k, s->names[k],
			    cell.n == 0 ? NULL
					: arena_strndup(a, cell.p, cell.n),
			    text_number(cell, &v));
		}
	}
	return 0;
}

static int emit(const struct decode_input *in, const struct sheet *s,
    struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	size_t key = 0;
	int rc;

	while (key < s->n_columns && !str_eq(s->names[key], c->key))
		key++;
	if (key == s->n_columns && c->key[0] != '\0')
		return err_code(e, OUTCOME_PARSE,
		    "key: no column '%s' in the table", c->key);
	if (in->as == AS_SAMPLES && key == s->n_columns && s->n_rows > 1)
		return err_code(e, OUTCOME_PARSE,
		    "a table of %zu rows needs key: to become samples",
		    s->n_rows);
	rc = in->as == AS_SAMPLES   ? as_samples(c, s, key, out)
	     : in->as == AS_RECORDS ? as_records(c, s, key, out)
				    : as_table(c, s, out);
	if (rc != 0)
		return err_code(e, OUTCOME_TOO_LARGE,
		    "a table of %zu rows is too large", s->n_rows);
	return 0;
}

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	struct span body = {in->body, in->len};
	struct sheet *s = arena_make(out->arena, struct sheet);

	if (!read_sheet(c, body, s, out->arena))
		return err_code(e, OUTCOME_PARSE, "no table in the output");
	find_units(c, s);
	return emit(in, s, out, e);
}

const struct decoder decoder_table = {
    .name = "table",
    .help = "columns as ps and df print them",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_TABLE, AS_SAMPLES, AS_RECORDS},
    .decode = decode,
};
