/* What SQL from outside may do, and for how long. */
#include "base/clock.h"
#include "base/db_private.h"

#include <sqlite3.h>

/* Those that reach out of the database. */
static bool forbidden(const char *function)
{
	return sqlite3_stricmp(function, "load_extension") == 0 ||
	       sqlite3_stricmp(function, "fts3_tokenizer") == 0;
}

/*
 * Without a column nothing of a row is read, only that there is one. What
 * belongs to no table of a database is the statement's own.
 */
static bool readable(const struct db *db, const char *table, const char *column,
    const char *database)
{
	if (db->tables == NULL || column[0] == '\0' || database == NULL ||
	    sqlite3_stricmp(database, "temp") == 0 ||
	    sqlite3_stricmp(table, "json_each") == 0 ||
	    sqlite3_stricmp(table, "json_tree") == 0)
		return true;
	for (size_t i = 0; db->tables[i] != NULL; i++)
		if (sqlite3_stricmp(table, db->tables[i]) == 0)
			return true;
	return false;
}

static int authorize(void *ctx, int action, const char *a, const char *b,
    const char *c, const char *d)
{
	(void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_READ:
		return readable(ctx, a, b, c) ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_FUNCTION:
		return forbidden(b) ? SQLITE_DENY : SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

#define STEP_UNIT 1000

static int count_steps(void *ctx)
{
	struct db *db = ctx;

	db->steps += STEP_UNIT;
	return db->steps > db->max_steps ||
	       (db->deadline > 0 && clock_monotonic() >= db->deadline);
}

void db_deadline(struct db *db, double at)
{
	double left = (at - clock_monotonic()) * 1000;

	db->deadline = at;
	sqlite3_busy_timeout(db->handle, left < 1	     ? 1
					 : left < DB_BUSY_MS ? (int)left
							     : DB_BUSY_MS);
}

/*
 * SQLite writes to the schema when a table function is first named, which
 * the authorizer forbids; so the ones that are welcome are named before.
 */
static void admit_json_tables(struct db *db)
{
	(void)sqlite3_exec(db->handle,
	    "SELECT 1 FROM json_each('[]'), json_tree('[]')", NULL, NULL, NULL);
}

void db_restrict(struct db *db, uint64_t max_steps)
{
	admit_json_tables(db);
	db->max_steps = max_steps;
	sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024);
	sqlite3_limit(db->handle, SQLITE_LIMIT_COLUMN, 500);
	sqlite3_limit(db->handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
	sqlite3_limit(db->handle, SQLITE_LIMIT_SQL_LENGTH, 100000);
	sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db->handle, SQLITE_LIMIT_EXPR_DEPTH, 200);
	sqlite3_limit(db->handle, SQLITE_LIMIT_COMPOUND_SELECT, 50);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_set_authorizer(db->handle, authorize, db);
	sqlite3_progress_handler(db->handle, STEP_UNIT, count_steps, db);
}

void db_release(struct db *db)
{
	sqlite3_set_authorizer(db->handle, NULL, NULL);
	sqlite3_progress_handler(db->handle, 0, NULL, NULL);
}

void db_allow(struct db *db, const char *const *tables)
{
	db->tables = tables;
}

static int run_one(struct db *db, const char *sql, struct err *e)
{
	sqlite3_stmt *stmt = NULL;
	const char *rest;
	int rc = 0;

	if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, &rest) != SQLITE_OK)
		return db_failed(db, e);
	if (!db_blank(db, rest))
		rc = err_set(e, "%s: not exactly one SQL statement", db->path);
	else if (sqlite3_step(stmt) != SQLITE_DONE)
		rc = db_failed(db, e);
	sqlite3_finalize(stmt);
	return rc;
}

/* It is made even where all else is only read: it is the connection's own. */
int db_add_view(struct db *db, const char *name, const char *sql, struct err *e)
{
	char *text =
	    sqlite3_mprintf("CREATE TEMP VIEW \"%w\" AS %s", name, sql);
	int rc;

	if (text == NULL)
		return err_set(e, "%s: out of memory", db->path);
	rc = db_exec(db, "PRAGMA query_only = 0", e);
	if (rc == 0)
		rc = run_one(db, text, e);
	sqlite3_free(text);
	if (rc != 0)
		return -1;
	return db_exec(db, "PRAGMA query_only = 1", e);
}
