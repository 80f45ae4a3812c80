/* Samples as a table: what is asked for is all that is read. */
#include "store/read.h"
#include "store/sql_private.h"

#include <stdlib.h>

#define DAY INT64_C(86400)

/* Made at once, of one series; ends with a day, so that no cell is cut. */
#define WINDOW (30 * DAY)

enum sample_column { COLUMN_SERIES, COLUMN_TS, COLUMN_VALUE };

struct scan {
	struct store *st;
	const struct db_term *terms;
	size_t n_terms;
	struct arena *arena, *scratch;
	struct entry *entries;
	size_t n, series; /* the one that is read */
	int64_t from, to; /* of what is asked for and is there */
	int64_t at;	  /* where the next window begins */
	struct cells cells;
	size_t i; /* of the cells, one past the current */
};

/* A name that is asked for leads to its row by the index. */
static const char *pattern(const struct scan *s)
{
	for (size_t i = 0; i < s->n_terms; i++)
		if (s->terms[i].column == COLUMN_SERIES &&
		    s->terms[i].op == DB_EQ && s->terms[i].text != NULL)
			return s->terms[i].text;
	return "*";
}

static int begin(struct store *st, void *ctx, struct err *e)
{
	struct scan *s = ctx;
	struct strings globs = {0};
	size_t n = 0;

	strings_add(s->arena, &globs, pattern(s));
	if (catalog_match(st, s->arena, &globs, &s->entries, &s->n, e) != 0 ||
	    store_extent(st, &s->from, &s->to, e) != 0)
		return -1;
	for (size_t i = 0; i < s->n; i++)
		if (db_terms_match(s->terms, s->n_terms, COLUMN_SERIES,
			s->entries[i].name))
			s->entries[n++] = s->entries[i];
	s->n = n;
	if (s->to > st->at)
		s->to = st->at;
	db_terms_narrow(s->terms, s->n_terms, COLUMN_TS, &s->from, &s->to);
	s->at = s->from;
	return 0;
}

static void scan_close(void *ctx)
{
	struct scan *s = ctx;

	arena_free(s->scratch);
	arena_free(s->arena);
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
	s->terms = terms;
	s->n_terms = n;
	s->arena = arena_new();
	s->scratch = arena_new();
	return store_read(s->st, begin, s, e);
}

/* The next window that has anything, of this series or of those after it. */
static int fill(struct store *st, void *ctx, struct err *e)
{
	struct scan *s = ctx;

	s->cells = (struct cells){0};
	s->i = 0;
	while (s->series < s->n && s->cells.n == 0) {
		int64_t end = s->at - s->at % DAY + WINDOW - 1;

		if (s->at > s->to) {
			s->series++;
			s->at = s->from;
			continue;
		}
		arena_reset(s->scratch);
		s->cells = (struct cells){0};
		if (series_finest(st, s->scratch, s->entries[s->series].id,
			s->at, end < s->to ? end : s->to, &s->cells, e) != 0)
			return -1;
		s->at = end + 1;
	}
	return 0;
}

static int scan_next(void *ctx, struct err *e)
{
	struct scan *s = ctx;

	if (s->i < s->cells.n) {
		s->i++;
		return 1;
	}
	if (store_read(s->st, fill, s, e) != 0)
		return -1;
	if (s->cells.n == 0)
		return 0;
	s->i = 1;
	return 1;
}

static struct db_value scan_value(void *ctx, int column)
{
	const struct scan *s = ctx;
	const struct cell *c = &s->cells.items[s->i - 1];

	switch (column) {
	case COLUMN_SERIES:
		return (struct db_value){
		    .type = DB_TEXT, .text = s->entries[s->series].name};
	case COLUMN_TS:
		return (struct db_value){.type = DB_INTEGER, .integer = c->ts};
	default:
		return (struct db_value){.type = DB_REAL,
		    .real = (double)(c->sum / (long double)c->count)};
	}
}

const struct db_table sql_samples_table = {
    .name = "samples",
    .columns = "series TEXT, ts INTEGER, value REAL",
    .open = scan_open,
    .next = scan_next,
    .value = scan_value,
    .close = scan_close,
};
