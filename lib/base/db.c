#include "base/db.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define BUSY_MS 5000

struct db_stmt {
	struct db *db;
	sqlite3_stmt *stmt;
	const char *sql;
	struct db_stmt *next;
};

struct db {
	sqlite3 *handle;
	char *path;
	struct db_stmt *stmts;
	uint64_t steps, max_steps;
};

static int failed(struct db *db, struct err *e)
{
	int code = sqlite3_extended_errcode(db->handle);

	err_code(e, code, "%s: %s", db->path, sqlite3_errmsg(db->handle));
	if ((code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT)
		err_hint(e, "move %s aside and a new one is made", db->path);
	return -1;
}

static int configure(struct db *db, enum db_mode mode, struct err *e)
{
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_extended_result_codes(db->handle, 1);
	if (mode == DB_MEMORY)
		return 0;
	if (mode == DB_READ)
		return db_exec(db, "PRAGMA query_only = 1;", e);
	return db_exec(db,
	    "PRAGMA journal_mode = WAL;"
	    "PRAGMA synchronous = NORMAL;"
	    "PRAGMA foreign_keys = 1;",
	    e);
}

int db_open(struct db **out, const char *path, enum db_mode mode, struct err *e)
{
	static const int flags[] = {
	    [DB_MEMORY] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY,
	    [DB_READ] = SQLITE_OPEN_READWRITE,
	    [DB_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	struct db *db = calloc(1, sizeof(*db));

	*out = NULL;
	if (db == NULL || (db->path = strdup(path)) == NULL) {
		free(db);
		return err_set(e, "%s: out of memory", path);
	}
	if (sqlite3_open_v2(mode == DB_MEMORY ? ":memory:" : path, &db->handle,
		flags[mode] | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	    configure(db, mode, e) != 0) {
		failed(db, e);
		db_close(db);
		return -1;
	}
	*out = db;
	return 0;
}

void db_close(struct db *db)
{
	if (db == NULL)
		return;
	while (db->stmts != NULL) {
		struct db_stmt *s = db->stmts;

		db->stmts = s->next;
		db_finalize(s);
	}
	sqlite3_close_v2(db->handle);
	free(db->path);
	free(db);
}

int db_exec(struct db *db, const char *sql, struct err *e)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return failed(db, e);
	return 0;
}

static struct db_stmt *prepare(
    struct db *db, const char *sql, unsigned flags, struct err *e)
{
	struct db_stmt *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		err_set(e, "%s: out of memory", db->path);
		return NULL;
	}
	s->db = db;
	s->sql = sql;
	if (sqlite3_prepare_v3(db->handle, sql, -1, flags, &s->stmt, &sql) !=
	    SQLITE_OK) {
		failed(db, e);
		free(s);
		return NULL;
	}
	if (s->stmt == NULL || sql[strspn(sql, " \t\r\n;")] != '\0') {
		err_set(e, "%s: not exactly one SQL statement", db->path);
		db_finalize(s);
		return NULL;
	}
	return s;
}

struct db_stmt *db_stmt(struct db *db, const char *sql, struct err *e)
{
	struct db_stmt *s;

	for (s = db->stmts; s != NULL; s = s->next) {
		if (s->sql != sql)
			continue;
		db_reset(s);
		return s;
	}
	s = prepare(db, sql, SQLITE_PREPARE_PERSISTENT, e);
	if (s != NULL) {
		s->next = db->stmts;
		db->stmts = s;
	}
	return s;
}

int db_prepare(
    struct db *db, const char *sql, struct db_stmt **out, struct err *e)
{
	struct db_stmt *s = prepare(db, sql, 0, e);

	*out = s;
	if (s == NULL)
		return -1;
	if (sqlite3_stmt_readonly(s->stmt))
		return 0;
	db_finalize(s);
	*out = NULL;
	return err_set(e,
	    "%s: this statement would write; only SELECT may be "
	    "used here",
	    db->path);
}

void db_finalize(struct db_stmt *s)
{
	if (s == NULL)
		return;
	sqlite3_finalize(s->stmt);
	free(s);
}

void db_bind_int(struct db_stmt *s, int i, int64_t v)
{
	sqlite3_bind_int64(s->stmt, i, v);
}

void db_bind_real(struct db_stmt *s, int i, double v)
{
	sqlite3_bind_double(s->stmt, i, v);
}

void db_bind_text(struct db_stmt *s, int i, const char *v)
{
	sqlite3_bind_text(s->stmt, i, v, -1, SQLITE_STATIC);
}

void db_bind_blob(struct db_stmt *s, int i, struct span v)
{
	sqlite3_bind_blob64(s->stmt, i, v.p, v.n, SQLITE_STATIC);
}

int db_parameter(struct db_stmt *s, const char *name)
{
	return sqlite3_bind_parameter_index(s->stmt, name);
}

int db_step(struct db_stmt *s, struct err *e)
{
	int rc;

	s->db->steps = 0;
	rc = sqlite3_step(s->stmt);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		failed(s->db, e);
	sqlite3_reset(s->stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

int db_run(struct db_stmt *s, struct err *e)
{
	int rc;

	while ((rc = db_step(s, e)) == 1)
		continue;
	return rc;
}

void db_reset(struct db_stmt *s)
{
	sqlite3_reset(s->stmt);
	sqlite3_clear_bindings(s->stmt);
}

int db_columns(const struct db_stmt *s)
{
	return sqlite3_column_count(s->stmt);
}

const char *db_column_name(const struct db_stmt *s, int i)
{
	return sqlite3_column_name(s->stmt, i);
}

enum db_type db_type(const struct db_stmt *s, int i)
{
	switch (sqlite3_column_type(s->stmt, i)) {
	case SQLITE_INTEGER:
		return DB_INTEGER;
	case SQLITE_FLOAT:
		return DB_REAL;
	case SQLITE_TEXT:
		return DB_TEXT;
	case SQLITE_BLOB:
		return DB_BLOB;
	default:
		return DB_NULL;
	}
}

int64_t db_int(const struct db_stmt *s, int i)
{
	return sqlite3_column_int64(s->stmt, i);
}

double db_real(const struct db_stmt *s, int i)
{
	if (sqlite3_column_type(s->stmt, i) == SQLITE_NULL)
		return NAN;
	return sqlite3_column_double(s->stmt, i);
}

const char *db_text(const struct db_stmt *s, int i)
{
	return (const char *)sqlite3_column_text(s->stmt, i);
}

struct span db_blob(const struct db_stmt *s, int i)
{
	struct span b;

	b.p = sqlite3_column_blob(s->stmt, i);
	b.n = (size_t)sqlite3_column_bytes(s->stmt, i);
	return b;
}

int64_t db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

static int authorize(void *ctx, int action, const char *a, const char *b,
    const char *c, const char *d)
{
	(void)ctx, (void)a, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return sqlite3_stricmp(b, "load_extension") == 0 ? SQLITE_DENY
								 : SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

#define STEP_UNIT 1000

static int count_steps(void *ctx)
{
	struct db *db = ctx;

	db->steps += STEP_UNIT;
	return db->steps > db->max_steps;
}

void db_restrict(struct db *db, uint64_t max_steps)
{
	db->max_steps = max_steps;
	sqlite3_limit(db->handle, SQLITE_LIMIT_SQL_LENGTH, 100000);
	sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db->handle, SQLITE_LIMIT_EXPR_DEPTH, 200);
	sqlite3_limit(db->handle, SQLITE_LIMIT_COMPOUND_SELECT, 50);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_set_authorizer(db->handle, authorize, NULL);
	sqlite3_progress_handler(db->handle, STEP_UNIT, count_steps, db);
}
