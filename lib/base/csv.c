#include "base/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK (16 * 1024) /* by which libcsv's buffer grows */

struct csv_reader {
	struct csv_spec spec;
	struct csv_parser parser;
	struct csv_row row;
	struct err *e;
	size_t line;  /* being read */
	size_t fault; /* the line of the last error */
	size_t len;   /* of the row so far */
	bool open;    /* within a row that goes on in the next line */
	int rc;
};

const char *csv_cell(const struct csv_row *row, size_t i)
{
	return row->text.data + row->start[i];
}

size_t csv_reader_line(const struct csv_reader *r)
{
	return r->fault;
}

static int fail(struct csv_reader *r, struct err *e, enum csv_cause cause,
    size_t line, const char *what)
{
	r->fault = line;
	return err_code(e, cause, "%s", what);
}

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
	struct csv_row *row = &((struct csv_reader *)ctx)->row;

	if (row->n++ >= CSV_CELLS_MAX)
		return;
	row->start[row->n - 1] = row->text.len;
	add_text(&row->text, text, n);
	buf_char(&row->text, '\0');
}

static void on_row(int c, void *ctx)
{
	struct csv_reader *r = ctx;

	(void)c;
	r->open = false;
	r->len = 0;
	if (r->rc == 0 && r->row.text.failed)
		r->rc = fail(r, r->e, CSV_LONG, r->row.line, "too long");
	else if (r->rc == 0)
		r->rc = r->spec.take(r->spec.ctx, &r->row, r->e);
	buf_reset(&r->row.text);
	r->row.n = 0;
}

static void begin(struct csv_reader *r)
{
	csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&r->parser, (unsigned char)r->spec.separator);
	csv_set_blk_size(&r->parser, BLOCK);
}

int csv_reader_open(
    struct csv_reader **out, const struct csv_spec *spec, struct err *e)
{
	struct csv_reader *r = calloc(1, sizeof(*r));

	*out = r;
	if (r == NULL)
		return err_set(e, "out of memory");
	r->spec = *spec;
	/* Each cell has one byte more than it came with. */
	buf_init(&r->row.text, 2 * spec->max_row + 2);
	begin(r);
	return 0;
}

void csv_reader_close(struct csv_reader *r)
{
	if (r == NULL)
		return;
	csv_free(&r->parser);
	buf_free(&r->row.text);
	free(r);
}

/* Leaves the row behind that can't be read. */
static int broken(struct csv_reader *r, struct err *e, enum csv_cause cause,
    size_t line, const char *what)
{
	csv_free(&r->parser);
	begin(r);
	buf_reset(&r->row.text);
	r->row.n = 0;
	r->len = 0;
	r->open = false;
	return fail(r, e, cause, line, what);
}

#define NO_END "a quoted field without its end"

/* A line and its end. */
static int feed_line(struct csv_reader *r, struct span line, struct err *e)
{
	if (!r->open)
		r->row.line = r->line;
	r->open = r->open || str_trim(line).n > 0;
	r->len += line.n;
	if (r->len > r->spec.max_row)
		return broken(r, e, CSV_LONG, r->row.line, "too long");
	if (csv_parse(&r->parser, line.p, line.n, on_cell, on_row, r) != line.n)
		return broken(r, e, CSV_BROKEN, r->line,
		    "a quote within a field, or text behind its end");
	if (r->rc == 0 && r->open && r->spec.one_line &&
	    line.p[line.n - 1] == '\n')
		return broken(r, e, CSV_BROKEN, r->row.line, NO_END);
	return r->rc;
}

/* Line by line, so that every row knows its own. */
int csv_reader_feed(struct csv_reader *r, struct span rest, struct err *e)
{
	r->e = e;
	r->rc = 0;
	while (rest.n > 0) {
		struct span line = rest;
		const char *end = memchr(rest.p, '\n', rest.n);

		line.n = end != NULL ? (size_t)(end - rest.p) + 1 : rest.n;
		rest.p += line.n;
		rest.n -= line.n;
		r->line++;
		if (feed_line(r, line, e) != 0)
			return -1;
	}
	return 0;
}

int csv_reader_end(struct csv_reader *r, struct err *e)
{
	r->e = e;
	r->rc = 0;
	if (csv_fini(&r->parser, on_cell, on_row, r) != 0)
		return broken(r, e, CSV_BROKEN, r->row.line, NO_END);
	return r->rc;
}
