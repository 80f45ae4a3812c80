#include "decode/json_read.h"
#include "base/db.h"
#include "base/json.h"
#include "decode/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 50000000

struct reader {
	const struct json_conf *conf;
	struct rows_spec spec;
	struct rows rows;
	const char *const *keys; /* of items: the columns' names as written */
	struct readings *out;
	struct err *e;
	const char *body;
	struct db *db;
};

/* A database's error is one of the document, or of the query on it. */
static int failed(struct err *e)
{
	if (e->code == DB_INTERRUPTED)
		err_hint(e, "it may take %d million steps of SQLite's machine",
		    STEPS_MAX / 1000000);
	e->code = OUTCOME_PARSE;
	return -1;
}

int json_open(struct db **db, const char *name, struct err *e)
{
	if (db_open(db, name, DB_MEMORY, e) != 0)
		return -1;
	db_restrict(*db, STEPS_MAX);
	return 0;
}

static int query(struct reader *r, const char *sql, struct db_stmt **s)
{
	return db_prepare(r->db, sql, s, r->e) != 0 ? failed(r->e) : 0;
}

static int step(struct reader *r, struct db_stmt *s)
{
	int rc = db_step(s, r->e);

	return rc < 0 ? failed(r->e) : rc;
}

/* A number as text that reads back as the same; SQLite's has 15 digits. */
static const char *real_text(struct arena *a, double v)
{
	char *s = arena_printf(a, "%.15g", v);

	return strtod(s, NULL) == v ? s : arena_printf(a, "%.17g", v);
}

static struct cell column(struct reader *r, const struct db_stmt *s, int i)
{
	struct arena *a = r->out->arena;

	switch (db_type(s, i)) {
	case DB_NULL:
		return (struct cell){"", false};
	case DB_REAL:
		return (struct cell){real_text(a, db_real(s, i)), true};
	case DB_INTEGER:
		return (struct cell){db_text(s, i), true};
	default:
		return (struct cell){db_text(s, i), false};
	}
}

/* values: all paths in one statement, so that SQLite parses only once. */

static const char values_sql[] =
    "SELECT p.key, json_type(?1, p.value), ?1 ->> p.value"
    " FROM json_each(?2) AS p";

static void paths_json(const struct pairs *values, struct buf *out)
{
	struct json *list = json_array_new();

	for (size_t i = 0; i < values->n; i++)
		json_add_text(list, values->items[i].value);
	json_write(list, 0, out);
	json_free(list);
}

/* What is wrong with a value; NULL if nothing. */
static const char *value_fault(struct arena *a, const struct pair *p,
    const char *type, const char *text, double *v)
{
	if (type == NULL)
		return arena_printf(
		    a, "value %s: nothing at %s", p->key, p->value);
	if (str_eq(type, "array") || str_eq(type, "object"))
		return arena_printf(a, "value %s: %s is an %s, not a number",
		    p->key, p->value, type);
	if (!str_number(text, v))
		return arena_printf(a,
		    "value %s: '%.80s' at %s is not a number", p->key, text,
		    p->value);
	return NULL;
}

static const char *unit_of(const struct json_conf *c, const char *metric)
{
	for (size_t i = 0; i < c->units.n; i++)
		if (str_eq(c->units.items[i].key, metric))
			return c->units.items[i].value;
	return c->unit != NULL ? c->unit : "";
}

static int put_value(
    struct reader *r, const struct db_stmt *s, struct strings *faults)
{
	const struct json_conf *c = r->conf;
	const struct pair *p = &c->values.items[db_int(s, 0)];
	const char *type = db_text(s, 1), *fault;
	struct sample *sample;
	double v = 0;

	if (str_eq(type, "null"))
		return 0;
	fault = value_fault(r->out->arena, p, type, column(r, s, 2).text, &v);
	if (fault != NULL) {
		strings_add(r->out->arena, faults, fault);
		return 0;
	}
	sample = readings_sample(r->out, p->key, v, unit_of(c, p->key));
	if (sample == NULL)
		return err_code(r->e, OUTCOME_TOO_LARGE, "more than %d samples",
		    READINGS_MAX);
	sample->counter = str_glob_any(&c->counters, p->key);
	return 0;
}

static int values_done(struct reader *r, const struct strings *faults)
{
	size_t all = r->conf->values.n;

	if (faults->n > 0 && faults->n == all)
		return err_code(r->e, OUTCOME_PARSE,
		    all > 1 ? "%s (nor any of the %zu others)" : "%s",
		    faults->items[0], all - 1);
	for (size_t i = 0; i < faults->n; i++)
		readings_warn(r->out, "%s", faults->items[i]);
	return 0;
}

static int read_values(struct reader *r)
{
	struct strings faults = {0};
	struct db_stmt *s;
	struct buf paths;
	int rc;

	if (query(r, values_sql, &s) != 0)
		return -1;
	buf_init(&paths, 1024 * 1024);
	paths_json(&r->conf->values, &paths);
	db_bind_text(s, 1, r->body);
	db_bind_text(s, 2, buf_text(&paths));
	while ((rc = step(r, s)) == 1)
		if (put_value(r, s, &faults) != 0)
			break;
	db_finalize(s);
	buf_free(&paths);
	return rc == 0 ? values_done(r, &faults) : -1;
}

/* extract: the rows of a SELECT. */

static int begin_rows(struct reader *r, const struct db_stmt *s)
{
	size_t n = (size_t)db_columns(s);
	const char **names = arena_array(r->out->arena, n, sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i] = db_column_name(s, (int)i);
	return rows_begin(&r->rows, &r->spec, r->out, names, n, r->e);
}

static int extract_rows(struct reader *r, struct db_stmt *s)
{
	struct cell cells[ROWS_COLUMNS_MAX];
	int rc;

	if (begin_rows(r, s) != 0)
		return -1;
	db_bind_text(s, db_parameter(s, ":body"), r->body);
	while ((rc = step(r, s)) == 1) {
		for (size_t i = 0; i < r->rows.n; i++)
			cells[i] = column(r, s, (int)i);
		r->rows.at++;
		if (rows_add(&r->rows, cells, r->rows.n, r->e) != 0)
			return -1;
	}
	return rc == 0 ? rows_end(&r->rows, r->e) : -1;
}

static int read_extract(struct reader *r)
{
	struct db_stmt *s;
	int rc;

	r->spec.word = "row";
	r->spec.key = "key";
	r->spec.time = "ts";
	r->spec.metric = "metric";
	r->spec.value = "value";
	r->spec.strict = true;
	if (query(r, r->conf->extract, &s) != 0)
		return -1;
	rc = extract_rows(r, s);
	db_finalize(s);
	return rc;
}

/*
 * items: an array of objects, each a row; or of arrays, the first of which
 * names the columns, as spreadsheets answer.
 */

static const char names_sql[] =
    "SELECT DISTINCT f.key FROM json_each(?1, ?2) AS e, json_each("
    "  CASE e.type WHEN 'object' THEN e.value ELSE '{}' END) AS f";

static const char header_sql[] =
    "SELECT coalesce(h.value, '') FROM json_each(?1, ?2) AS e, json_each("
    "  CASE WHEN e.key = 0 THEN e.value ELSE '[]' END) AS h";

/*
 * A member that is an integer past 64 bits is an id, and no number: its
 * literal is taken (-> keeps it) where the key can be written in a path.
 */
static const char fields_sql[] =
    "SELECT e.key, e.type, f.key,"
    "  CASE WHEN f.type = 'integer' AND typeof(f.value) = 'real'"
    "       AND f.key NOT LIKE '%\"%' AND f.key NOT LIKE '%\\%'"
    "  THEN coalesce(e.value -> CASE e.type WHEN 'array' THEN f.fullkey"
    "       ELSE '$.\"' || f.key || '\"' END, f.value)"
    "  ELSE f.value END"
    " FROM json_each(?1, ?2) AS e LEFT JOIN json_each("
    "  CASE WHEN e.type IN ('object', 'array') THEN e.value"
    "  ELSE '{}' END) AS f";

static const char *items_path(const struct reader *r)
{
	return r->conf->items != NULL ? r->conf->items : "$";
}

static int items_query(struct reader *r, const char *sql, struct db_stmt **s)
{
	if (query(r, sql, s) != 0)
		return -1;
	db_bind_text(*s, 1, r->body);
	db_bind_text(*s, 2, items_path(r));
	return 0;
}

static int item_names(struct reader *r, const char *sql)
{
	struct strings names = {0};
	struct arena *a = r->out->arena;
	struct db_stmt *s;
	int rc;

	if (items_query(r, sql, &s) != 0)
		return -1;
	while ((rc = step(r, s)) == 1 && names.n <= ROWS_COLUMNS_MAX)
		strings_add(a, &names, arena_strdup(a, column(r, s, 0).text));
	db_finalize(s);
	if (rc < 0)
		return -1;
	r->keys = names.items;
	return rows_begin(
	    &r->rows, &r->spec, r->out, names.items, names.n, r->e);
}

/* One item, as its members come by. */
struct item {
	struct cell cells[ROWS_COLUMNS_MAX];
	int64_t key;	 /* position in the array */
	size_t n, width; /* cells used, members seen */
	bool is_row, any;
};

static int end_item(struct reader *r, const struct item *it, bool arrays)
{
	if (!it->any || (arrays && it->key == 0))
		return 0;
	r->rows.at = (size_t)it->key + 1;
	if (!it->is_row)
		rows_bad(&r->rows, "item %zu is not %s", r->rows.at,
		    arrays ? "an array" : "an object");
	else if (it->width > r->rows.n)
		rows_bad(&r->rows, "item %zu has %zu fields, the first has %zu",
		    r->rows.at, it->width, r->rows.n);
	else
		return rows_add(&r->rows, it->cells, it->n, r->e);
	return 0;
}

/* The column of a member: mostly the one behind the last. */
static size_t find_name(const struct reader *r, const char *name, size_t hint)
{
	for (size_t i = 0; r->keys != NULL && i < r->rows.n; i++) {
		size_t at = (hint + i) % r->rows.n;

		if (strcmp(r->keys[at], name) == 0)
			return at;
	}
	return r->rows.n;
}

static void put_member(
    struct reader *r, struct item *it, const struct db_stmt *s, bool arrays)
{
	size_t at = it->width++;
	struct cell c;

	if (!arrays)
		at = find_name(r, db_text(s, 2), at);
	if (at >= r->rows.n)
		return;
	c = column(r, s, 3);
	c.text = arena_strdup(r->out->arena, c.text);
	while (it->n <= at)
		it->cells[it->n++] = (struct cell){NULL, false};
	it->cells[at] = c;
}

static int item_rows(struct reader *r, struct db_stmt *s, bool arrays)
{
	struct item it = {.any = false};
	int rc;

	while ((rc = step(r, s)) == 1) {
		int64_t key = db_int(s, 0);

		if (!it.any || key != it.key) {
			if (end_item(r, &it, arrays) != 0)
				return -1;
			it.n = it.width = 0;
			it.key = key;
			it.any = true;
			it.is_row =
			    str_eq(db_text(s, 1), arrays ? "array" : "object");
		}
		if (it.is_row && db_type(s, 2) != DB_NULL)
			put_member(r, &it, s, arrays);
	}
	if (rc != 0 || end_item(r, &it, arrays) != 0)
		return -1;
	return rows_end(&r->rows, r->e);
}

/* What items: leads to, and the type of its first element. */
static int item_types(struct reader *r, const char **type, const char **first)
{
	static const char sql[] =
	    "SELECT json_type(?1, ?2), json_type(?1, ?2 || '[0]')";
	struct arena *a = r->out->arena;
	struct db_stmt *s;
	int rc;

	if (items_query(r, sql, &s) != 0)
		return -1;
	rc = step(r, s);
	if (rc == 1) {
		*type = arena_strdup(a, db_text(s, 0));
		*first = arena_strdup(a, db_text(s, 1));
	}
	db_finalize(s);
	return rc == 1 ? 0 : -1;
}

static int read_items(struct reader *r)
{
	const char *type = NULL, *first = NULL;
	struct db_stmt *s;
	bool arrays;
	int rc;

	if (item_types(r, &type, &first) != 0)
		return -1;
	if (type == NULL && r->conf->optional) {
		readings_warn(r->out, "items: nothing at %s", items_path(r));
		return 0;
	}
	if (type == NULL)
		return err_code(
		    r->e, OUTCOME_PARSE, "items: nothing at %s", items_path(r));
	if (!str_eq(type, "array"))
		return err_code(r->e, OUTCOME_PARSE,
		    "items: %s is %s %s, not an array", items_path(r),
		    str_eq(type, "object") || str_eq(type, "integer") ? "an"
								      : "a",
		    type);
	if (first == NULL)
		return 0;
	arrays = str_eq(first, "array");
	r->spec.word = "item";
	r->spec.key = r->conf->key;
	r->spec.time = r->conf->time;
	r->spec.must = true;
	if (item_names(r, arrays ? header_sql : names_sql) != 0 ||
	    items_query(r, fields_sql, &s) != 0)
		return -1;
	rc = item_rows(r, s, arrays);
	db_finalize(s);
	return rc;
}

int json_read(const struct json_conf *c, enum decode_as as, const char *body,
    struct readings *out, struct err *e)
{
	struct reader r = {.conf = c, .out = out, .e = e, .body = body};
	int (*read)(struct reader *) = read_items;
	const char *name = "items";
	int rc;

	r.spec = (struct rows_spec){
	    .as = as,
	    .time_format = c->time_format,
	    .rules = c->rules,
	    .text = "text",
	    .unit = c->unit,
	    .units = c->units,
	    .counters = c->counters,
	};
	if (c->extract != NULL) {
		name = "extract";
		read = read_extract;
	} else if (c->values.n > 0) {
		name = "values";
		read = read_values;
	}
	if (json_open(&r.db, name, e) != 0)
		return failed(e);
	rc = read(&r);
	db_close(r.db);
	return rc;
}
