/* Separated values (RFC 4180), by libcsv. */
#include "base/buf.h"
#include "decode/body.h"
#include "decode/moment.h"
#include "decode/rows.h"

#include <csv.h>
#include <string.h>

#define BLOCK (16 * 1024) /* by which libcsv's buffer grows */

struct conf {
	const char *separator, *key, *time, *time_format;
	struct strings columns;
	struct pairs units;
	bool header;
	int decimal;
	enum decode_as deflt; /* without as:; AS_DEFAULT if it is there */
};

/* The cells of one row; their text ends in NULs. */
struct row {
	struct buf text;
	size_t start[ROWS_COLUMNS_MAX];
	size_t n, line;
};

struct reader {
	const struct conf *conf;
	struct rows_spec spec;
	struct rows rows;
	struct readings *out;
	struct err *e;
	struct row row, last;
	size_t line; /* being read */
	bool begun;  /* the columns are known */
	bool open;   /* within a row that goes on in the next line */
	bool last_only;
	int rc;
};

/* CRLF becomes LF; a NUL would end a C string, so is another control. */
static void add_text(struct buf *b, const char *p, size_t n)
{
	const char *end = p + n, *stop;

	for (; p < end; p = stop + 1) {
		for (stop = p; stop < end && *stop != '\0' && *stop != '\r';)
			stop++;
		buf_add(b, p, (size_t)(stop - p));
		if (stop < end &&
		    !(*stop == '\r' && stop + 1 < end && stop[1] == '\n'))
			buf_char(b, *stop == '\0' ? '\1' : *stop);
	}
}

static void on_cell(void *text, size_t n, void *ctx)
{
	struct row *row = &((struct reader *)ctx)->row;

	if (row->n++ >= ROWS_COLUMNS_MAX)
		return;
	row->start[row->n - 1] = row->text.len;
	add_text(&row->text, text, n);
	buf_char(&row->text, '\0');
}

static const char *cell_text(const struct row *row, size_t i)
{
	return row->text.data + row->start[i];
}

/* The columns: named by the configuration, by the first row, or by number. */
static int begin(struct reader *r)
{
	const struct strings *given = &r->conf->columns;
	const char *names[ROWS_COLUMNS_MAX];

	r->begun = true;
	if (given->n > 0)
		return rows_begin(
		    &r->rows, &r->spec, r->out, given->items, given->n, r->e);
	if (r->row.n > ROWS_COLUMNS_MAX)
		return err_code(r->e, OUTCOME_TOO_LARGE,
		    "%zu columns, at most %d fit", r->row.n, ROWS_COLUMNS_MAX);
	for (size_t i = 0; i < r->row.n; i++)
		names[i] = r->conf->header ? cell_text(&r->row, i) : "";
	return rows_begin(&r->rows, &r->spec, r->out, names, r->row.n, r->e);
}

static int add(struct reader *r, const struct row *row)
{
	struct cell cells[ROWS_COLUMNS_MAX];

	for (size_t i = 0; i < row->n; i++)
		cells[i] = (struct cell){cell_text(row, i), false};
	r->rows.at = row->line;
	return rows_add(&r->rows, cells, row->n, r->e);
}

static bool row_empty(const struct row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (cell_text(row, i)[0] != '\0')
			return false;
	return true;
}

static int take_row(struct reader *r)
{
	struct row swap = r->last;

	if (!r->begun) {
		if (begin(r) != 0)
			return -1;
		if (r->conf->header)
			return 0;
	}
	if (r->row.n > r->rows.n) {
		rows_bad(&r->rows, "line %zu has %zu fields, %s has %zu",
		    r->row.line, r->row.n,
		    r->conf->columns.n > 0 ? "'columns'"
		    : r->conf->header	   ? "the header"
					   : "the first line",
		    r->rows.n);
		return 0;
	}
	if (!r->last_only)
		return add(r, &r->row);
	if (!row_empty(&r->row)) {
		r->last = r->row;
		r->row = swap;
	}
	return 0;
}

static void on_row(int c, void *ctx)
{
	struct reader *r = ctx;

	(void)c;
	r->open = false;
	if (r->rc == 0 && r->row.text.failed)
		r->rc = err_code(r->e, OUTCOME_TOO_LARGE,
		    "line %zu is too long", r->row.line);
	else if (r->rc == 0)
		r->rc = take_row(r);
	buf_reset(&r->row.text);
	r->row.n = 0;
}

static bool is_blank(struct span line)
{
	return str_trim(line).n == 0;
}

/* Line by line, so that every row knows its own. */
static int parse_lines(struct reader *r, struct csv_parser *p, struct span rest)
{
	while (rest.n > 0 && r->rc == 0) {
		struct span line = rest;
		const char *end = memchr(rest.p, '\n', rest.n);

		line.n = end != NULL ? (size_t)(end - rest.p) + 1 : rest.n;
		rest.p += line.n;
		rest.n -= line.n;
		r->line++;
		if (!r->open)
			r->row.line = r->line;
		r->open = r->open || !is_blank(line);
		if (csv_parse(p, line.p, line.n, on_cell, on_row, r) != line.n)
			return err_code(r->e, OUTCOME_PARSE,
			    "line %zu: a quote within a field, or text "
			    "behind its end",
			    r->line);
	}
	if (r->rc == 0 && csv_fini(p, on_cell, on_row, r) != 0)
		return err_code(r->e, OUTCOME_PARSE,
		    "line %zu: a quoted field without its end", r->row.line);
	return r->rc;
}

static char separator(const struct conf *c)
{
	if (str_eq(c->separator, "\\t") || str_eq(c->separator, "tab"))
		return '\t';
	return c->separator[0];
}

static int parse(struct reader *r, struct span body)
{
	struct csv_parser p;
	int rc;

	csv_init(&p, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&p, (unsigned char)separator(r->conf));
	csv_set_blk_size(&p, BLOCK);
	rc = parse_lines(r, &p, body);
	csv_free(&p);
	if (rc == 0 && !r->begun)
		rc = begin(r);
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

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	struct span body = body_text(in);
	struct reader *r = arena_make(out->arena, struct reader);
	int rc;

	if (body_check(body, "CSV", e) != 0)
		return -1;
	r->conf = c;
	r->out = out;
	r->e = e;
	r->spec = (struct rows_spec){
	    .as = which(c, in->as),
	    .word = "line",
	    .key = c->key,
	    .time = c->time,
	    .time_format = c->time_format,
	    .must = true,
	    .comma = c->decimal == 1,
	    .slug = true,
	    .units = c->units,
	};
	r->last_only =
	    r->spec.as == AS_SAMPLES && c->time == NULL && c->key == NULL;
	/* Each cell has one byte more than in the body, a quoted one less. */
	buf_init(&r->row.text, 2 * in->len + 2);
	buf_init(&r->last.text, 2 * in->len + 2);
	say_encoding(out, body);
	rc = parse(r, body);
	buf_free(&r->row.text);
	buf_free(&r->last.text);
	return rc;
}

static void check(void *conf, const struct node *n, struct faults *faults)
{
	struct conf *c = conf;
	char sep = separator(c);

	if (decode_as_unsaid(n))
		c->deflt =
		    c->key != NULL || c->time != NULL ? AS_RECORDS : AS_TABLE;
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
    {"decimal", OPTION_CHOICE, AT(decimal), .deflt = ".", .choices = ".|,",
	.help = "what parts a number from its fraction"},
    {0},
};

const struct decoder decoder_csv = {
    .name = "csv",
    .help = "separated values, with or without a header",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_TABLE, AS_RECORDS, AS_SAMPLES},
    .check = check,
    .decode = decode,
};
