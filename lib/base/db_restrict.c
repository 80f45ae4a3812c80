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
	sqlite3_set_authorizer(db->handle, authorize, NULL);
	sqlite3_progress_handler(db->handle, STEP_UNIT, count_steps, db);
}
