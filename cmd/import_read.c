#include "base/csv.h"
#include "decode/moment.h"
#include "import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES (16 * 1024)
#define BLOCK	       (256 * 1024)
#define SERIES_MAX     1000000
#define AHEAD	       86400 /* a clock may be off by a zone */

struct reading {
	const char *name;
	int64_t now;
	const struct import_sink *sink;
	struct arena *arena;
	struct names known; /* of series: positions in names */
	const char **names;
	size_t n_names, cap_names;
	const char *last; /* of them: rows of a series come together */
	struct import_row *rows;
	size_t n;
	bool begun;    /* the header was there */
	char why[256]; /* the row is bad */
};

static int flush(struct reading *r, struct err *e)
{
	size_t n = r->n;

	r->n = 0;
	return n == 0 ? 0 : r->sink->rows(r->sink->ctx, r->rows, n, e);
}

/* Why it is no name of a series, or NULL. */
static const char *series_fault(const char *name)
{
	size_t n = strlen(name), source = strcspn(name, "/");

	if (source == 0 || source + 1 >= n)
		return "a series is named source/metric";
	if (source > 100 || n - source - 1 > READING_NAME_MAX)
		return "the series' name is too long";
	if (!str_is_clean(name, n) || strchr(name, '\n') != NULL)
		return "the series' name is not plain text";
	return NULL;
}

static int intern(
    struct reading *r, const char *name, const char **out, struct err *e)
{
	size_t at;

	if (!str_eq(r->last, name)) {
		if (!names_find(&r->known, name, &at)) {
			if (r->n_names == SERIES_MAX)
				return err_set(e, "%s: more than %d series",
				    r->name, SERIES_MAX);
			at = r->n_names;
			*arena_push(r->arena, &r->names, &r->n_names,
			    &r->cap_names) = arena_strdup(r->arena, name);
			names_add(r->arena, &r->known, r->names[at], at);
		}
		r->last = r->names[at];
	}
	*out = r->last;
	return 0;
}

/* "'12x' is not a number", the text made fit to be shown. */
static const char *is_not(struct reading *r, const char *text, const char *what)
{
	char shown[48];

	str_clean_into(shown, sizeof(shown), text, strlen(text));
	str_one_line(shown);
	snprintf(r->why, sizeof(r->why), "'%s' is not %s", shown, what);
	return r->why;
}

/* Why the row is bad, or NULL. */
static const char *take_cells(
    struct reading *r, const struct csv_row *row, struct import_row *out)
{
	const char *fault;

	if (row->n != 3) {
		snprintf(r->why, sizeof(r->why),
		    "%zu %s, where series,ts,value are wanted", row->n,
		    row->n == 1 ? "field" : "fields");
		return r->why;
	}
	if ((fault = series_fault(csv_cell(row, 0))) != NULL)
		return fault;
	if (!moment_parse(csv_cell(row, 1), NULL, &out->ts))
		return is_not(r, csv_cell(row, 1), "a time");
	if (out->ts <= 0)
		return "the time is before 1970";
	if (out->ts > r->now + AHEAD)
		return "the time is ahead";
	if (!str_number(csv_cell(row, 2), &out->value))
		return is_not(r, csv_cell(row, 2), "a number");
	return NULL;
}

static bool is_header(const struct csv_row *row)
{
	static const char *const names[] = {"series", "ts", "value"};

	for (size_t i = 0; i < 3; i++)
		if (row->n != 3 || !str_eq(csv_cell(row, i), names[i]))
			return false;
	return true;
}

static int take(void *ctx, struct csv_row *row, struct err *e)
{
	struct reading *r = ctx;
	struct import_row *out = &r->rows[r->n];
	const char *fault;

	if (!r->begun) {
		r->begun = true;
		return is_header(row) ? 0
				      : err_set(e,
					    "%s:1: the header series,ts,value "
					    "is missing",
					    r->name);
	}
	if ((fault = take_cells(r, row, out)) != NULL)
		return r->sink->bad(r->sink->ctx, row->line, fault, e);
	if (intern(r, csv_cell(row, 0), &out->series, e) != 0)
		return -1;
	return ++r->n == IMPORT_BATCH ? flush(r, e) : 0;
}

/* A line that can't be parted is bad like any other. */
static int recover(
    struct reading *r, const struct csv_reader *csv, struct err *e)
{
	size_t line = csv_reader_line(csv);

	if (e->code != CSV_BROKEN && e->code != CSV_LONG)
		return -1;
	if (!r->begun)
		return err_context(e, "%s:%zu", r->name, line);
	snprintf(r->why, sizeof(r->why), "%.200s", e->text);
	err_clear(e);
	return r->sink->bad(r->sink->ctx, line, r->why, e);
}

static int feed(
    struct reading *r, struct csv_reader *csv, struct span line, struct err *e)
{
	return csv_reader_feed(csv, line, e) == 0 ? 0 : recover(r, csv, e);
}

/*
 * Blocks, each up to its last line feed; what is behind that comes first in
 * the next one. Of a line that is longer than a block the beginning is fed,
 * which is too long already.
 */
static int read_blocks(
    struct reading *r, struct csv_reader *csv, FILE *f, struct err *e)
{
	char *block = arena_alloc(r->arena, BLOCK);
	size_t have = 0, got;
	bool cut = false; /* what comes is the rest of a line */
	uint64_t all = 0;

	while ((got = fread(block + have, 1, BLOCK - have, f)) > 0) {
		struct span rest = {block, have + got}, line;

		all += got;
		if (all == got && rest.n >= 3 &&
		    memcmp(rest.p, "\xef\xbb\xbf", 3) == 0)
			rest = (struct span){rest.p + 3, rest.n - 3};
		while (rest.n > 0) {
			const char *end = memchr(rest.p, '\n', rest.n);

			if (end == NULL && rest.n < BLOCK)
				break;
			line = rest;
			if (end != NULL)
				line.n = (size_t)(end - rest.p) + 1;
			rest.p += line.n;
			rest.n -= line.n;
			if (!cut && feed(r, csv, line, e) != 0)
				return -1;
			cut = end == NULL;
		}
		have = rest.n;
		memmove(block, rest.p, have);
		if (r->sink->progress != NULL)
			r->sink->progress(r->sink->ctx, all);
	}
	if (ferror(f))
		return err_set(e, "%s: %s", r->name, strerror(errno));
	if (have > 0 && !cut &&
	    feed(r, csv, (struct span){block, have}, e) != 0)
		return -1;
	return csv_reader_end(csv, e) == 0 ? 0 : recover(r, csv, e);
}

int import_read(FILE *f, const char *name, int64_t now,
    const struct import_sink *sink, struct arena *a, struct err *e)
{
	struct reading r = {
	    .name = name,
	    .now = now,
	    .sink = sink,
	    .arena = a,
	    .rows = arena_array(a, IMPORT_BATCH, sizeof(struct import_row)),
	};
	struct csv_spec spec = {
	    .separator = ',',
	    .one_line = true,
	    .max_row = LINE_MAX_BYTES,
	    .take = take,
	    .ctx = &r,
	};
	struct csv_reader *csv;
	int rc;

	if (csv_reader_open(&csv, &spec, e) != 0)
		return -1;
	rc = read_blocks(&r, csv, f, e);
	csv_reader_close(csv);
	if (rc == 0 && !r.begun)
		return err_set(e, "%s: it is empty", name);
	return rc == 0 ? flush(&r, e) : -1;
}
