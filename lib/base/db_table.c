#include "base/db_table.h"
#include "base/db_private.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TERMS_MAX 16

struct vtab {
	sqlite3_vtab base;
	const struct db_table *table;
};

struct cursor {
	sqlite3_vtab_cursor base;
	void *scan;
	struct db_term terms[TERMS_MAX];
	char *texts[TERMS_MAX];
	int more;
	int64_t row;
};

static bool meets(const struct db_term *t, const char *text)
{
	switch (t->op) {
	case DB_EQ:
		return strcmp(t->text, text) == 0;
	case DB_GLOB:
		return sqlite3_strglob(t->text, text) == 0;
	case DB_LIKE:
		return sqlite3_strlike(t->text, text, 0) == 0;
	default:
		return true;
	}
}

bool db_terms_match(
    const struct db_term *terms, size_t n, int column, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (terms[i].column == column && terms[i].text != NULL &&
		    !meets(&terms[i], text))
			return false;
	return true;
}

void db_terms_narrow(const struct db_term *terms, size_t n, int column,
    int64_t *from, int64_t *to)
{
	for (size_t i = 0; i < n; i++) {
		const struct db_term *t = &terms[i];
		bool low = t->op == DB_EQ || t->op == DB_GT || t->op == DB_GE;
		bool high = t->op == DB_EQ || t->op == DB_LT || t->op == DB_LE;
		double x = t->number;

		if (t->column != column || isnan(x))
			continue;
		if (low && x > (double)*from)
			*from = x <= (double)*to ? (int64_t)floor(x) : *to + 1;
		if (high && x < (double)*to)
			*to = x >= (double)*from ? (int64_t)ceil(x) : *from - 1;
	}
}

static int vtab_connect(sqlite3 *handle, void *ctx, int argc,
    const char *const *argv, sqlite3_vtab **out, char **message)
{
	const struct db_table *table = ctx;
	struct vtab *v;
	char *sql;
	int rc;

	(void)argc, (void)argv, (void)message;
	sql = sqlite3_mprintf("CREATE TABLE x(%s)", table->columns);
	if (sql == NULL)
		return SQLITE_NOMEM;
	rc = sqlite3_declare_vtab(handle, sql);
	sqlite3_free(sql);
	if (rc != SQLITE_OK)
		return rc;
	v = sqlite3_malloc(sizeof(*v));
	if (v == NULL)
		return SQLITE_NOMEM;
	memset(v, 0, sizeof(*v));
	v->table = table;
	/* It shows what its connection may see: views may read it as well. */
	sqlite3_vtab_config(handle, SQLITE_VTAB_INNOCUOUS);
	*out = &v->base;
	return SQLITE_OK;
}

static int vtab_disconnect(sqlite3_vtab *v)
{
	sqlite3_free(v);
	return SQLITE_OK;
}

/* -1: not one that is told. */
static int operator_of(unsigned char op)
{
	switch (op) {
	case SQLITE_INDEX_CONSTRAINT_EQ:
		return DB_EQ;
	case SQLITE_INDEX_CONSTRAINT_LT:
		return DB_LT;
	case SQLITE_INDEX_CONSTRAINT_LE:
		return DB_LE;
	case SQLITE_INDEX_CONSTRAINT_GT:
		return DB_GT;
	case SQLITE_INDEX_CONSTRAINT_GE:
		return DB_GE;
	case SQLITE_INDEX_CONSTRAINT_GLOB:
		return DB_GLOB;
	case SQLITE_INDEX_CONSTRAINT_LIKE:
		return DB_LIKE;
	default:
		return -1;
	}
}

/* The plan is a text: a letter for the operator and one for the column. */
static int vtab_best_index(sqlite3_vtab *v, sqlite3_index_info *info)
{
	char plan[2 * TERMS_MAX + 1];
	double cost = 1e9;
	int n = 0;

	(void)v;
	for (int i = 0; i < info->nConstraint && n < TERMS_MAX; i++) {
		int op = operator_of(info->aConstraint[i].op);
		int column = info->aConstraint[i].iColumn;

		if (!info->aConstraint[i].usable || op < 0 || column < 0 ||
		    column > 50)
			continue;
		plan[2 * n] = (char)('a' + op);
		plan[2 * n + 1] = (char)('A' + column);
		info->aConstraintUsage[i].argvIndex = ++n;
		cost /= op == DB_EQ ? 1000 : 10;
	}
	plan[2 * n] = '\0';
	info->idxStr = sqlite3_mprintf("%s", plan);
	info->needToFreeIdxStr = 1;
	info->estimatedCost = cost;
	info->estimatedRows = cost < 1 ? 1 : (sqlite3_int64)cost;
	return info->idxStr == NULL ? SQLITE_NOMEM : SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *v, sqlite3_vtab_cursor **out)
{
	struct cursor *c = calloc(1, sizeof(*c));

	(void)v;
	if (c == NULL)
		return SQLITE_NOMEM;
	*out = &c->base;
	return SQLITE_OK;
}

static const struct db_table *table_of(const struct cursor *c)
{
	const struct vtab *v = (const struct vtab *)(void *)c->base.pVtab;

	return v->table;
}

static void end_scan(struct cursor *c)
{
	if (c->scan != NULL)
		table_of(c)->close(c->scan);
	c->scan = NULL;
	for (int i = 0; i < TERMS_MAX; i++) {
		free(c->texts[i]);
		c->texts[i] = NULL;
	}
}

static int cursor_close(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)(void *)base;

	end_scan(c);
	free(c);
	return SQLITE_OK;
}

static int tell(struct cursor *c, const struct err *e)
{
	sqlite3_free(c->base.pVtab->zErrMsg);
	c->base.pVtab->zErrMsg = sqlite3_mprintf("%s", e->text);
	return SQLITE_ERROR;
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)(void *)base;
	struct err e = {0};

	c->more = table_of(c)->next(c->scan, &e);
	c->row++;
	return c->more < 0 ? tell(c, &e) : SQLITE_OK;
}

static int read_term(
    struct cursor *c, int i, const char *plan, sqlite3_value *v)
{
	struct db_term *t = &c->terms[i];
	int type = sqlite3_value_type(v);

	*t = (struct db_term){.column = plan[1] - 'A',
	    .op = (enum db_operator)(plan[0] - 'a'),
	    .number = NAN};
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
		t->number = sqlite3_value_double(v);
	if (type != SQLITE_TEXT)
		return SQLITE_OK;
	c->texts[i] = strdup((const char *)sqlite3_value_text(v));
	t->text = c->texts[i];
	return t->text == NULL ? SQLITE_NOMEM : SQLITE_OK;
}

static int cursor_filter(sqlite3_vtab_cursor *base, int number,
    const char *plan, int argc, sqlite3_value **argv)
{
	struct cursor *c = (struct cursor *)(void *)base;
	struct err e = {0};

	(void)number;
	end_scan(c);
	c->row = 0;
	for (int i = 0; i < argc; i++)
		if (read_term(c, i, plan + 2 * (ptrdiff_t)i, argv[i]) !=
		    SQLITE_OK)
			return SQLITE_NOMEM;
	if (table_of(c)->open(
		table_of(c)->ctx, c->terms, (size_t)argc, &c->scan, &e) != 0)
		return tell(c, &e);
	return cursor_next(base);
}

static int cursor_eof(sqlite3_vtab_cursor *base)
{
	return ((struct cursor *)(void *)base)->more != 1;
}

static int cursor_column(
    sqlite3_vtab_cursor *base, sqlite3_context *out, int column)
{
	struct cursor *c = (struct cursor *)(void *)base;
	struct db_value v = table_of(c)->value(c->scan, column);

	if (v.type == DB_INTEGER)
		sqlite3_result_int64(out, v.integer);
	else if (v.type == DB_REAL)
		sqlite3_result_double(out, v.real);
	else if (v.type == DB_TEXT)
		sqlite3_result_text(out, v.text, -1, SQLITE_TRANSIENT);
	else
		sqlite3_result_null(out);
	return SQLITE_OK;
}

static int cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *id)
{
	*id = ((struct cursor *)(void *)base)->row;
	return SQLITE_OK;
}

/* No xCreate: the table is there by its name, and the schema unchanged. */
static const sqlite3_module module = {
    .iVersion = 1,
    .xConnect = vtab_connect,
    .xBestIndex = vtab_best_index,
    .xDisconnect = vtab_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_filter,
    .xNext = cursor_next,
    .xEof = cursor_eof,
    .xColumn = cursor_column,
    .xRowid = cursor_rowid,
};

/* It is named once, as that may no longer be allowed later. */
int db_add_table(struct db *db, const struct db_table *table, struct err *e)
{
	/* SQLite hands the context back as it got it. */
	union {
		const struct db_table *in;
		void *out;
	} ctx = {table};
	char sql[128];

	if (sqlite3_create_module(
		db_handle(db), table->name, &module, ctx.out) != SQLITE_OK)
		return err_set(e, "table %s: %s", table->name,
		    sqlite3_errmsg(db_handle(db)));
	snprintf(sql, sizeof(sql), "SELECT 1 FROM %s WHERE 0", table->name);
	return db_exec(db, sql, e);
}
