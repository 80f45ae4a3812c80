/*
 * For the files of base/db only.
 */
#ifndef BASE_DB_PRIVATE_H
#define BASE_DB_PRIVATE_H

#include "base/db.h"

#define DB_BUSY_MS 5000 /* the longest wait for a lock */

struct sqlite3;

struct db {
	struct sqlite3 *handle;
	char *path;
	struct db_stmt *stmts;
	uint64_t steps, max_steps;
	double deadline; /* 0: none */
};

struct sqlite3 *db_handle(struct db *);

#endif
