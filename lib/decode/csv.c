/* Separated values (RFC 4180). */
#include "base/csv.h"
#include "decode/body.h"
#include "decode/csv_extract.h"
#include "decode/json_read.h"
#include "decode/moment.h"
#include "decode/rows.h"

#include <string.h>

#define DOCUMENT_MAX ((size_t)64 * 1024 * 1024)

struct conf {
	const char *separator, *key, *time, *time_format, *extract;
	struct strings columns;
	struct pairs units;
	struct rows_rules rules;
	bool header;
	enum decode_as deflt; /* without as:; AS_DEFAULT if it is there */
};

struct reader {
	const struct conf *conf;
	struct rows_spec spec;
	struct rows rows;
	struct readings *out;
	struct err *e;
	struct csv_row last;
	bool begun; /* the columns are known */
	bool last_only;
};

_Static_assert(ROWS_COLUMNS_MAX <= CSV_CELLS_MAX, "all cells have their text");

/* The columns: named by the configuration, by the first row, or by number. */
static int begin(struct reader *r, const struct csv_row *row)
{
	const struct strings *given = &r->conf->columns;
	const char *names[ROWS_COLUMNS_MAX];

	r->begun = true;
	if (given->n > 0)
		return rows_begin(
		    &r->rows, &r->spec, r->out, given->items, given->n, r->e);
	if (row->n > ROWS_COLUMNS_MAX)
		return err_code(r->e, OUTCOME_TOO_LARGE,
		    "%zu columns, at most %d fit", row->n, ROWS_COLUMNS_MAX);
	for (size_t i = 0; i < row->n; i++)
		names[i] = r->conf->header ? csv_cell(row, i) : "";
	return rows_begin(&r->rows, &r->spec, r->out, names, row->n, r->e);
}

static int add(struct reader *r, const struct csv_row *row)
{
	struct cell cells[ROWS_COLUMNS_MAX];

	for (size_t i = 0; i < row->n; i++)
		cells[i] = (struct cell){csv_cell(row, i), false};
	r->rows.at = row->line;
	return rows_add(&r->rows, cells, row->n, r->e);
}

static bool row_empty(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (csv_cell(row, i)[0] != '\0')
			return false;
	return true;
}

static int take(void *ctx, struct csv_row *row, struct err *e)
{
	struct reader *r = ctx;
	struct csv_row swap;

	(void)e; /* the same as the reader's */
	if (!r->begun) {
		if (begin(r, row) != 0)
			return -1;
		if (r->conf->header)
			return 0;
	}
	if (row->n > r->rows.n) {
		rows_bad(&r->rows, "line %zu has %zu fields, %s has %zu",
		    row->line, row->n,
		    r->conf->columns.n > 0 ? "'columns'"
		    : r->conf->header	   ? "the header"
					   : "the first line",
		    r->rows.n);
		return 0;
	}
	if (!r->last_only)
		return add(r, row);
	if (!row_empty(row)) {
		swap = r->last;
		r->last = *row;
		*row = swap;
	}
	return 0;
}

static char separator(const struct conf *c)
{
	if (str_eq(c->separator, "\\t") || str_eq(c->separator, "tab"))
		return '\t';
	return c->separator[0];
}

static int parse_body(
    struct reader *r, struct csv_reader *csv, struct span body)
{
	struct err *e = r->e;

	if (csv_reader_feed(csv, body, e) == 0 && csv_reader_end(csv, e) == 0)
		return 0;
	if (e->code != CSV_BROKEN && e->code != CSV_LONG)
		return -1;
	e->code = e->code == CSV_LONG ? OUTCOME_TOO_LARGE : OUTCOME_PARSE;
	return err_context(e, "line %zu", csv_reader_line(csv));
}

static int parse(struct reader *r, struct span body)
{
	struct csv_spec spec = {
	    .separator = separator(r->conf),
	    .max_row = body.n,
	    .take = take,
	    .ctx = r,
	};
	const struct csv_row none = {0};
	struct csv_reader *csv;
	int rc;

	if (csv_reader_open(&csv, &spec, r->e) != 0)
		return -1;
	rc = parse_body(r, csv, body);
	csv_reader_close(csv);
	if (rc == 0 && !r->begun)
		rc = begin(r, &none);
	if (rc == 0 && r->last.n > 0)
		rc = add(r, &r->last);
	return rc == 0 ? rows_end(&r->rows, r->e) : -1;
}

static void say_encoding(struct readings *out, struct span body)
{
	struct span line;

	for (size_t at = 1; str_line(&body, &line); at++) {
		if (str_utf8_valid(line.p, line.n))
			continue;
		readings_warn(out, "line %zu is not UTF-8", at);
		return;
	}
}

static enum decode_as which(const struct conf *c, enum decode_as as)
{
	if (as == AS_DEFAULT || (as == AS_TABLE && c->deflt != AS_DEFAULT))
		return c->deflt != AS_DEFAULT ? c->deflt : AS_TABLE;
	return as;
}

static int read_rows(const struct conf *c, enum decode_as as, struct span body,
    struct readings *out, struct err *e)
{
	struct reader *r = arena_make(out->arena, struct reader);
	int rc;

	r->conf = c;
	r->out = out;
	r->e = e;
	r->spec = (struct rows_spec){
	    .as = as,
	    .word = "line",
	    .key = c->key,
	    .time = c->time,
	    .time_format = c->time_format,
	    .must = true,
	    .rules = c->rules,
	    .typed = c->extract != NULL,
	    .slug = true,
	    .units = c->units,
	};
	r->last_only = as == AS_SAMPLES && c->time == NULL && c->key == NULL;
	buf_init(&r->last.text, 2 * body.n + 2);
	say_encoding(out, body);
	rc = parse(r, body);
	buf_free(&r->last.text);
	return rc;
}

/* As rows of a document, of which the SELECT makes others. */
static int extract(const struct conf *c, enum decode_as as, struct span body,
    struct readings *out, struct err *e)
{
	struct conf input = *c;
	struct json_conf json = {
	    .extract = c->extract, .units = c->units, .rules = c->rules};
	struct readings rows;
	struct buf document;
	int rc;

	memset(&input.rules.series, 0, sizeof(input.rules.series));
	memset(&json.rules.required, 0, sizeof(json.rules.required));
	memset(&json.rules.fill, 0, sizeof(json.rules.fill));
	readings_init(&rows, out->arena);
	if (read_rows(&input, AS_TABLE, body, &rows, e) != 0)
		return -1;
	out->warnings = rows.warnings;
	out->warnings_left_out = rows.warnings_left_out;
	buf_init(&document, DOCUMENT_MAX);
	csv_document(&rows.tables[0], c->time, &document);
	rc = document.failed
		 ? err_code(e, OUTCOME_TOO_LARGE, "too large for 'extract'")
		 : json_read(&json, as, buf_text(&document), out, e);
	buf_free(&document);
	return rc;
}

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	struct span body = body_text(in);
	enum decode_as as = which(c, in->as);
	const char *zone;
	int rc;

	if (body_check(body, "CSV", e) != 0)
		return -1;
	zone = rows_enter(&c->rules, out->arena);
	rc = c->extract != NULL ? extract(c, as, body, out, e)
				: read_rows(c, as, body, out, e);
	rows_leave(zone);
	return rc;
}

static enum decode_as unsaid(const void *conf)
{
	return which(conf, AS_DEFAULT);
}

static void check(void *conf, const struct node *n, struct faults *faults)
{
	struct conf *c = conf;
	char sep = separator(c);

	if (decode_as_unsaid(n))
		c->deflt =
		    c->key != NULL || c->time != NULL ? AS_RECORDS : AS_TABLE;
	rows_check(&c->rules, n, faults);
	if (c->extract != NULL)
		json_check_extract(c->extract, node_get(n, "extract"), faults);
	if (sep == c->separator[0] && strlen(c->separator) != 1)
		fault_at(faults, node_get(n, "separator"),
		    "separator: '%.20s' is not one character", c->separator);
	else if (sep == '"' || sep == '\n' || sep == '\r' || sep == ' ' ||
		 (unsigned char)sep >= 0x80)
		fault_at(faults, node_get(n, "separator"),
		    "separator: '%.20s' can't part fields", c->separator);
	if (!moment_format(c->time_format))
		fault_at(faults, node_get(n, "time_format"), MOMENT_FAULT,
		    c->time_format);
}

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"separator", OPTION_TEXT, AT(separator), .deflt = ",",
	.help = "what parts the fields: one character, such as ';' or '\\t'"},
    {"header", OPTION_BOOL, AT(header), .deflt = "yes",
	.help = "whether the first line names the columns"},
    {"columns", OPTION_LIST, AT(columns),
	.help = "names of the columns, instead of the header's"},
    {"key", OPTION_TEXT, AT(key),
	.help = "column with the key of a record; a label of samples"},
    {"time", OPTION_TEXT, AT(time),
	.help = "column with the time; without it samples are those of the "
		"last row"},
    {"time_format", OPTION_TEXT, AT(time_format),
	.help = "iso, epoch, epoch_ms, serial (days, as in spreadsheets) or a "
		"strptime(3) pattern"},
    {"units", OPTION_MAP, AT(units),
	.help = "columns that are numbers, with the unit of each"},
    {"extract", OPTION_TEXT, AT(extract),
	.help = "a SELECT over the rows, which :body has as an array of "
		"objects: columns with units as numbers, the time in epoch "
		"seconds, all else as text"},
    ROWS_RULES(struct conf, rules),
    {0},
};

const struct decoder decoder_csv = {
    .name = "csv",
    .help = "separated values, with or without a header",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_TABLE, AS_RECORDS, AS_SAMPLES},
    .unsaid = unsaid,
    .check = check,
    .decode = decode,
};
