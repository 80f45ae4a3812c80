#include "store/sql_private.h"
#include "store/sql_texts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the views are made from, and the tables of our own. */
static const char *const readable[] = {"record", "record_past", "source",
    "samples", "lines", "tables", "cells", NULL};

bool store_sql_reserved(const char *name)
{
	static const char *const own[] = {
	    "samples", "lines", "records", "tables", "cells"};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcasecmp(name, own[i]) == 0)
			return true;
	return strncasecmp(name, "sqlite_", 7) == 0;
}

/* The layout, with nothing in it. */
static int open_empty(struct store_sql *q, struct err *e)
{
	if (db_open(&q->db, "query", DB_MEMORY, e) != 0)
		return -1;
	for (size_t i = 0; i < store_n_steps; i++)
		if (db_exec(q->db, store_steps[i].sql, e) != 0 ||
		    (store_steps[i].after != NULL &&
			db_exec(q->db, store_steps[i].after, e) != 0))
			return -1;
	return 0;
}

static int open_store(struct store_sql *q, struct err *e)
{
	if (q->conf.path == NULL)
		return open_empty(q, e);
	if (store_open_read(&q->st, q->conf.path, e) != 0)
		return -1;
	if (q->conf.at != 0)
		store_as_of(q->st, q->conf.at);
	return db_open(&q->db, q->conf.path, DB_READ, e);
}

static int add_tables(struct store_sql *q, struct err *e)
{
	q->tables[0] = sql_samples_table;
	q->tables[1] = sql_cells_table;
	sql_lines_table(&q->tables[2], q->st);
	sql_tables_table(&q->tables[3], q->st);
	for (size_t i = 0; i < SQL_TABLES; i++) {
		q->tables[i].ctx = q->st;
		if (db_add_table(q->db, &q->tables[i], e) != 0)
			return -1;
	}
	return 0;
}

static int prepare(struct store_sql *q, struct err *e)
{
	const char *records;

	if (open_store(q, e) != 0)
		return -1;
	q->records = sql_records(q->arena, q->conf.at);
	records = arena_printf(q->arena,
	    "SELECT o.name AS source, r.key, r.ts, r.fields"
	    " FROM (%s) r JOIN main.source o ON o.id = r.source",
	    q->records);
	if (q->conf.label != NULL && db_rename(q->db, q->conf.label, e) != 0)
		return -1;
	if (db_add_local_time(q->db, e) != 0 || add_tables(q, e) != 0 ||
	    db_add_view(q->db, "records", records, e) != 0)
		return -1;
	db_allow(q->db, readable);
	return sql_find_sources(q, e);
}

int store_sql_open(
    struct store_sql **out, const struct store_sql_conf *conf, struct err *e)
{
	struct store_sql *q = calloc(1, sizeof(*q));

	*out = q;
	if (q == NULL)
		return err_set(e, "out of memory");
	q->conf = *conf;
	q->arena = arena_new();
	if (prepare(q, e) == 0)
		return 0;
	store_sql_close(q);
	*out = NULL;
	return -1;
}

void store_sql_close(struct store_sql *q)
{
	if (q == NULL)
		return;
	db_close(q->db);
	store_close(q->st);
	arena_free(q->arena);
	free(q);
}

int store_sql_add_view(
    struct store_sql *q, const char *name, const char *sql, struct err *e)
{
	db_release(q->db);
	if (db_add_view(q->db, name, sql, e) != 0)
		return -1;
	strings_add(q->arena, &q->views, sql);
	strings_add(q->arena, &q->names, name);
	sql_take_name(q, name);
	return 0;
}

static bool names_any(const struct strings *names, const char *text)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcasestr(text, names->items[i]) != NULL)
			return true;
	return false;
}

/* By itself, or by a view that it names. */
static bool leads_to_bare(
    const struct store_sql *q, const char *text, bool *tried)
{
	if (names_any(&q->bare, text))
		return true;
	for (size_t i = 0; i < q->views.n; i++) {
		if (tried[i] || strcasestr(text, q->names.items[i]) == NULL)
			continue;
		tried[i] = true;
		if (leads_to_bare(q, q->views.items[i], tried))
			return true;
	}
	return false;
}

/* Could what is unknown be a field that no record had yet? */
static bool may_come(
    const struct store_sql *q, const char *sql, const struct err *e)
{
	return strstr(e->text, "no such column: ") != NULL &&
	       leads_to_bare(
		   q, sql, arena_array(q->arena, q->views.n, sizeof(bool)));
}

int store_sql_prepare(
    struct store_sql *q, const char *sql, struct db_stmt **s, struct err *e)
{
	*s = NULL;
	db_release(q->db);
	if (sql_add_sources(q, sql, e) != 0)
		return -1;
	for (size_t i = 0; i < q->views.n; i++)
		if (sql_add_sources(q, q->views.items[i], e) != 0)
			return -1;
	db_restrict(q->db, q->conf.max_steps);
	if (db_prepare(q->db, sql, s, e) == 0)
		return 0;
	if (may_come(q, sql, e))
		e->code = SQL_UNKNOWN_YET;
	return -1;
}

struct reading {
	const struct store_question *question;
	struct arena *arena;
	struct answer *answer;
	size_t bytes;
};

static const char *clean(struct reading *r, const char *text, bool one_line)
{
	char *copy =
	    str_clean(r->arena, text, strlen(text), r->question->max_bytes);

	if (one_line)
		str_one_line(copy);
	r->bytes += strlen(copy) + 1;
	return copy;
}

static struct answer_cell read_cell(struct reading *r, struct db_stmt *s, int i)
{
	struct answer_cell cell = {.number = NAN};
	enum db_type type = db_type(s, i);

	if (type == DB_NULL)
		return cell;
	cell.type = ANSWER_TEXT;
	if (type == DB_INTEGER || type == DB_REAL) {
		cell.type = ANSWER_NUMBER;
		cell.number = db_real(s, i);
	}
	cell.text = type == DB_BLOB
			? arena_printf(r->arena, "%zu bytes", db_blob(s, i).n)
			: clean(r, db_text(s, i), false);
	return cell;
}

static int read_row(struct reading *r, struct db_stmt *s, struct err *e)
{
	const struct store_question *q = r->question;
	struct answer *a = r->answer;
	struct answer_cell *row;

	if (a->n_rows == q->max_rows) {
		err_set(e, "query: more than %zu rows", q->max_rows);
		return err_hint(e, "end it with a LIMIT, or GROUP BY");
	}
	row = arena_array(r->arena, a->n_columns, sizeof(*row));
	for (size_t i = 0; i < a->n_columns; i++)
		row[i] = read_cell(r, s, (int)i);
	*arena_push(r->arena, &a->rows, &a->n_rows, &a->cap_rows) = row;
	r->bytes += a->n_columns * sizeof(*row);
	if (r->bytes > q->max_bytes)
		return err_set(
		    e, "query: more than %zu bytes of rows", q->max_bytes);
	return 0;
}

static void bind_word(
    struct arena *a, struct db_stmt *s, const struct store_question *question)
{
	int at;

	if (question->name == NULL || question->word == NULL)
		return;
	at = db_parameter(s, arena_printf(a, ":%s", question->name));
	if (at > 0)
		db_bind_text(s, at, question->word);
}

static void bind(struct db_stmt *s, const struct store_question *question)
{
	const struct {
		const char *name;
		int64_t value;
	} known[] = {{":from", question->from}, {":to", question->to}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		int at = db_parameter(s, known[i].name);

		if (at > 0)
			db_bind_int(s, at, known[i].value);
	}
}

static int read_all(struct reading *r, struct db_stmt *s, struct err *e)
{
	struct answer *a = r->answer;
	int rc;

	a->n_columns = (size_t)db_columns(s);
	a->columns = arena_array(r->arena, a->n_columns, sizeof(*a->columns));
	for (size_t i = 0; i < a->n_columns; i++)
		a->columns[i] = clean(r, db_column_name(s, (int)i), true);
	while ((rc = db_step(s, e)) == 1)
		if (read_row(r, s, e) != 0)
			return -1;
	return rc;
}

int store_sql_ask(struct store_sql *q, const struct store_question *question,
    struct arena *a, struct answer **out, struct err *e)
{
	struct reading r = {question, a, arena_make(a, struct answer), 0};
	struct db_stmt *s;
	int rc;

	*out = r.answer;
	if (store_sql_prepare(q, question->sql, &s, e) != 0)
		return -1;
	bind(s, question);
	bind_word(a, s, question);
	rc = read_all(&r, s, e);
	db_finalize(s);
	if (rc != 0 && e->code == DB_INTERRUPTED)
		err_set(e, "query: interrupted after %llu million steps",
		    (unsigned long long)q->conf.max_steps / 1000000);
	return rc;
}
