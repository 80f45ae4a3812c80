/*
 * The cells of tables as a table: one table after the other is unpacked, and
 * only those of the source, name and time that are asked for.
 */
#include "store/sql_private.h"
#include "store/sql_texts.h"

#include <stdlib.h>

enum cell_column {
	COLUMN_SOURCE,
	COLUMN_NAME,
	COLUMN_TS,
	COLUMN_ROW,
	COLUMN_COLUMN,
	COLUMN_VALUE,
};

/*
 * Which tables there are is the scan of "tables", which has source, name and
 * ts in the same places and so takes the same terms.
 */
struct scan {
	struct store *st;
	const char *wanted; /* of names; NULL: any */
	struct db_table tables;
	void *list;
	struct arena *scratch;
	const char *source, *name;
	int64_t ts;
	struct table *now; /* unpacked; NULL: none */
	size_t row, column;
};

static void scan_close(void *ctx)
{
	struct scan *s = ctx;

	if (s->list != NULL)
		s->tables.close(s->list);
	arena_free(s->scratch);
	free(s);
}

static int scan_open(
    void *ctx, const struct db_term *terms, size_t n, void **out, struct err *e)
{
	struct scan *s = calloc(1, sizeof(*s));

	*out = s;
	if (s == NULL)
		return err_set(e, "out of memory");
	s->st = ctx;
	s->scratch = arena_new();
	for (size_t i = 0; i < n; i++)
		if (terms[i].column == COLUMN_NAME && terms[i].op == DB_EQ)
			s->wanted = terms[i].text;
	sql_tables_table(&s->tables, s->st);
	return s->tables.open(s->st, terms, n, &s->list, e);
}

/* The next table, or none if it is not asked for. 0: there is no more. */
static int unpack(struct scan *s, struct err *e)
{
	int64_t seen;
	int rc = s->tables.next(s->list, e);

	arena_reset(s->scratch);
	s->now = NULL;
	s->row = s->column = 0;
	if (rc != 1)
		return rc;
	s->source = s->tables.value(s->list, COLUMN_SOURCE).text;
	s->name = s->tables.value(s->list, COLUMN_NAME).text;
	s->ts = s->tables.value(s->list, COLUMN_TS).integer;
	if (s->wanted != NULL && !str_eq(s->wanted, s->name))
		return 1;
	return store_table(s->st, s->scratch, s->source, s->name, s->ts,
		   &s->now, &seen, e) == 0
		   ? 1
		   : -1;
}

static bool is_cell(const struct scan *s)
{
	return s->now != NULL && s->row < s->now->n_rows &&
	       s->column < s->now->n_columns;
}

static int scan_next(void *ctx, struct err *e)
{
	struct scan *s = ctx;

	if (is_cell(s) && ++s->column == s->now->n_columns) {
		s->column = 0;
		s->row++;
	}
	while (!is_cell(s)) {
		int rc = unpack(s, e);

		if (rc != 1)
			return rc;
	}
	return 1;
}

static struct db_value text_value(const char *text)
{
	return (struct db_value){
	    .type = text != NULL ? DB_TEXT : DB_NULL, .text = text};
}

/* A column that has a unit holds numbers. */
static struct db_value cell_value(const struct scan *s)
{
	const struct column *c = &s->now->columns[s->column];
	const char *text = s->now->rows[s->row][s->column];
	struct db_value v = text_value(text);

	if (text == NULL || c->unit[0] == '\0')
		return v;
	if (str_int(text, &v.integer))
		v.type = DB_INTEGER;
	else if (str_number(text, &v.real))
		v.type = DB_REAL;
	return v;
}

static struct db_value scan_value(void *ctx, int column)
{
	const struct scan *s = ctx;

	switch (column) {
	case COLUMN_SOURCE:
		return text_value(s->source);
	case COLUMN_NAME:
		return text_value(s->name);
	case COLUMN_TS:
		return (struct db_value){.type = DB_INTEGER, .integer = s->ts};
	case COLUMN_ROW:
		return (struct db_value){
		    .type = DB_INTEGER, .integer = (int64_t)s->row + 1};
	case COLUMN_COLUMN:
		return text_value(s->now->columns[s->column].name);
	default:
		return cell_value(s);
	}
}

const struct db_table sql_cells_table = {
    .name = "cells",
    .columns = "source TEXT, name TEXT, ts INTEGER, row INTEGER,"
	       " column TEXT, value",
    .open = scan_open,
    .next = scan_next,
    .value = scan_value,
    .close = scan_close,
};
