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
	char *path; /* in messages */
	struct db_stmt *stmts;
	uint64_t steps, max_steps;
	double deadline;	   /* 0: none */
	const char *const *tables; /* that may be read; NULL: any */
};

struct sqlite3 *db_handle(struct db *);

/* SQLite's last words, as an error. Always -1. */
int db_failed(struct db *, struct err *);

/* Is there no statement in it: blanks, comments, semicolons? */
bool db_blank(struct db *, const char *sql);

#endif
