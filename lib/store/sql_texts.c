#include "store/sql_texts.h"
#include "store/linepack.h"
#include "store/pack.h"
#include "store/tablepack.h"

#include <stdlib.h>

/* Rows of their own that are read at once. */
#define BATCH 2000

/* Columns of both, then those of one. */
enum { COLUMN_SOURCE, LINE_TS, LINE_TEXT };
enum { TABLE_NAME = 1, TABLE_TS, TABLE_UNTIL };

struct text_row {
	int64_t ts, until;
	const char *text; /* of a line; the name of a table */
};

/* Source by source: its packs, one after the other, then its rows. */
struct scan {
	struct store *st;
	enum pack_kind kind;
	const struct db_term *terms;
	size_t n_terms;
	int64_t from, to;
	struct arena *arena, *list, *scratch;
	struct strings names;
	int64_t *ids;
	size_t n, cap, source;
	struct pack *packs;
	size_t n_packs, pack;
	bool listed;  /* the packs of the source */
	int64_t last; /* id of the last row of its own that was read */
	struct text_row *rows;
	size_t n_rows, cap_rows, row; /* one past the current */
};

/* The times of what may be asked for; of a table when it began. */
static void narrow(struct scan *s)
{
	int column = s->kind == PACK_LINES ? LINE_TS : TABLE_TS;

	s->from = 0;
	s->to = INT64_C(1) << 40;
	if (s->to > s->st->at)
		s->to = s->st->at;
	db_terms_narrow(s->terms, s->n_terms, column, &s->from, &s->to);
}

static int begin(struct store *st, void *ctx, struct err *e)
{
	static const char sql[] = "SELECT id, name FROM source ORDER BY name";
	struct db_stmt *row = db_stmt(st->db, sql, e);
	struct scan *s = ctx;
	int rc;

	if (row == NULL)
		return -1;
	while ((rc = db_step(row, e)) == 1) {
		if (!db_terms_match(
			s->terms, s->n_terms, COLUMN_SOURCE, db_text(row, 1)))
			continue;
		*arena_push(s->arena, &s->ids, &s->n, &s->cap) = db_int(row, 0);
		strings_add(s->arena, &s->names,
		    arena_strdup(s->arena, db_text(row, 1)));
	}
	return rc;
}

static int scan_open(struct store *st, enum pack_kind kind,
    const struct db_term *terms, size_t n, void **out, struct err *e)
{
	struct scan *s = calloc(1, sizeof(*s));

	*out = s;
	if (s == NULL)
		return err_set(e, "out of memory");
	s->st = st;
	s->kind = kind;
	s->terms = terms;
	s->n_terms = n;
	s->arena = arena_new();
	s->list = arena_new();
	s->scratch = arena_new();
	narrow(s);
	return store_read(st, begin, s, e);
}

static int lines_open(
    void *ctx, const struct db_term *terms, size_t n, void **out, struct err *e)
{
	return scan_open(ctx, PACK_LINES, terms, n, out, e);
}

static int tables_open(
    void *ctx, const struct db_term *terms, size_t n, void **out, struct err *e)
{
	return scan_open(ctx, PACK_TABLES, terms, n, out, e);
}

static void scan_close(void *ctx)
{
	struct scan *s = ctx;

	arena_free(s->scratch);
	arena_free(s->list);
	arena_free(s->arena);
	free(s);
}

static void add(struct scan *s, int64_t ts, int64_t until, const char *text)
{
	if (ts >= s->from && ts <= s->to)
		*arena_push(s->scratch, &s->rows, &s->n_rows, &s->cap_rows) =
		    (struct text_row){ts, until, text};
}

static bool unpack(struct scan *s, struct span bytes, const char *name)
{
	struct packed_line *l;
	struct table_version *v;
	size_t n;

	if (s->kind == PACK_LINES) {
		if (!linepack_get(s->scratch, bytes, &l, &n))
			return false;
		for (size_t i = 0; i < n; i++)
			add(s, l[i].ts, 0, l[i].text);
		return true;
	}
	if (!tablepack_times(s->scratch, bytes, &v, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		add(s, v[i].ts, v[i].until, name);
	return true;
}

static struct pack_key key_of(const struct scan *s)
{
	return (struct pack_key){
	    s->kind, s->ids[s->source], s->kind == PACK_LINES ? "" : NULL};
}

static int read_pack(struct store *st, struct scan *s, struct err *e)
{
	const struct pack *p = &s->packs[s->pack++];
	struct pack_key k = key_of(s);
	struct span bytes;

	if (pack_load(st, s->scratch, &k, p, &bytes, e) != 0)
		return -1;
	if (bytes.p != NULL && !unpack(s, bytes, p->name))
		pack_damaged(st, &k, p);
	return 0;
}

static int list_packs(struct store *st, struct scan *s, struct err *e)
{
	struct pack_key k = key_of(s);

	arena_reset(s->list);
	s->listed = true;
	s->pack = 0;
	s->last = 0;
	return packs_find(
	    st, s->list, &k, s->from, s->to, &s->packs, &s->n_packs, e);
}

/* Rows of their own; the source is done when there are no more. */
static int read_rows(struct store *st, struct scan *s, struct err *e)
{
	static const char *const sql[] = {
	    [PACK_LINES] =
		"SELECT id, ts, 0, text FROM line WHERE source = ? AND"
		" ts BETWEEN ? AND ? AND id > ? ORDER BY id LIMIT ?",
	    [PACK_TABLES] =
		"SELECT id, ts, until, name FROM snapshot WHERE source = ? AND"
		" ts BETWEEN ? AND ? AND id > ? ORDER BY id LIMIT ?",
	};
	struct db_stmt *row = db_stmt(st->db, sql[s->kind], e);
	size_t before = s->n_rows;
	int rc;

	if (row == NULL)
		return -1;
	db_bind_int(row, 1, s->ids[s->source]);
	db_bind_int(row, 2, s->from);
	db_bind_int(row, 3, s->to);
	db_bind_int(row, 4, s->last);
	db_bind_int(row, 5, BATCH);
	while ((rc = db_step(row, e)) == 1) {
		s->last = db_int(row, 0);
		add(s, db_int(row, 1), db_int(row, 2),
		    arena_strdup(s->scratch, db_text(row, 3)));
	}
	if (rc == 0 && s->n_rows == before) {
		s->source++;
		s->listed = false;
	}
	return rc;
}

static int fill(struct store *st, void *ctx, struct err *e)
{
	struct scan *s = ctx;
	int rc = 0;

	arena_reset(s->scratch);
	s->rows = NULL;
	s->n_rows = s->cap_rows = s->row = 0;
	while (s->n_rows == 0 && s->source < s->n && rc == 0) {
		if (!s->listed)
			rc = list_packs(st, s, e);
		else if (s->pack < s->n_packs)
			rc = read_pack(st, s, e);
		else
			rc = read_rows(st, s, e);
	}
	return rc;
}

static int scan_next(void *ctx, struct err *e)
{
	struct scan *s = ctx;

	if (s->row >= s->n_rows && store_read(s->st, fill, s, e) != 0)
		return -1;
	if (s->n_rows == 0)
		return 0;
	s->row++;
	return 1;
}

static struct db_value text(const char *t)
{
	return (struct db_value){.type = DB_TEXT, .text = t};
}

static struct db_value integer(int64_t n)
{
	return (struct db_value){.type = DB_INTEGER, .integer = n};
}

static struct db_value lines_value(void *ctx, int column)
{
	const struct scan *s = ctx;
	const struct text_row *r = &s->rows[s->row - 1];

	return column == COLUMN_SOURCE ? text(s->names.items[s->source])
	       : column == LINE_TS     ? integer(r->ts)
				       : text(r->text);
}

static struct db_value tables_value(void *ctx, int column)
{
	const struct scan *s = ctx;
	const struct text_row *r = &s->rows[s->row - 1];

	return column == COLUMN_SOURCE ? text(s->names.items[s->source])
	       : column == TABLE_NAME
		   ? text(r->text)
		   : integer(column == TABLE_TS	    ? r->ts
			     : r->until < s->st->at ? r->until
						    : s->st->at);
}

void sql_lines_table(struct db_table *t, struct store *st)
{
	*t = (struct db_table){.name = "lines",
	    .columns = "source TEXT, ts INTEGER, text TEXT",
	    .open = lines_open,
	    .next = scan_next,
	    .value = lines_value,
	    .close = scan_close,
	    .ctx = st};
}

void sql_tables_table(struct db_table *t, struct store *st)
{
	*t = (struct db_table){.name = "tables",
	    .columns = "source TEXT, name TEXT, ts INTEGER, until INTEGER",
	    .open = tables_open,
	    .next = scan_next,
	    .value = tables_value,
	    .close = scan_close,
	    .ctx = st};
}
