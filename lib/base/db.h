/*
 * A small wrapper of SQLite, the only file that includes it: statements that
 * are prepared once, typed binds and columns, errors with the path in them.
 *
 * Who uses it: the store, the decoders that extract with SQL, SQLite sources.
 */
#ifndef BASE_DB_H
#define BASE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct db;
struct db_stmt;

enum db_mode {
	DB_MEMORY, /* private, in memory; path is only a name for messages */
	DB_READ,   /* an existing file, read only */
	DB_GUEST,  /* the same, but not looked into before it is asked */
	DB_WRITE,  /* made if missing, synchronous NORMAL */
};

/* Why something failed, in err->code, where callers may want to know. */
enum db_cause {
	DB_OTHER,
	DB_MISSING,	/* no such file */
	DB_DAMAGED,	/* not a database, or no longer one */
	DB_BUSY,	/* another held it for too long */
	DB_FULL,	/* the disk, or a quota */
	DB_DENIED,	/* by permissions, or a file system that is read-only */
	DB_INTERRUPTED, /* past the steps of db_restrict(), or db_deadline() */
};

enum db_type { DB_NULL, DB_INTEGER, DB_REAL, DB_TEXT, DB_BLOB };

/*
 * A file that DB_WRITE makes is for its owner only (mode 0600), in WAL mode,
 * and gives pages back by "PRAGMA incremental_vacuum". One that is there
 * keeps its modes: nothing is changed in a file that may be another's.
 */
must_use int db_open(
    struct db **, const char *path, enum db_mode, struct err *);
void db_close(struct db *); /* accepts NULL; open statements end with it */

/* One or more statements without parameters. */
must_use int db_exec(struct db *, const char *sql, struct err *);

/*
 * A statement, prepared at the first call with this text and kept until
 * db_close(); it comes reset, with no binds. The text must be a literal or
 * outlive the connection.
 */
struct db_stmt *db_stmt(struct db *, const char *sql, struct err *);

/*
 * A statement for text from outside: exactly one statement that only reads;
 * the caller ends it with db_finalize().
 */
must_use int db_prepare(
    struct db *, const char *sql, struct db_stmt **, struct err *);
void db_finalize(struct db_stmt *);

/*
 * Binds by position from 1. Text and blobs must live until the reset; an
 * empty span is an empty blob. A bind that fails makes db_step() fail.
 */
void db_bind_int(struct db_stmt *, int i, int64_t);
void db_bind_real(struct db_stmt *, int i, double); /* NaN becomes NULL */
void db_bind_text(struct db_stmt *, int i, const char *);
void db_bind_blob(struct db_stmt *, int i, struct span);

/* Position of a named parameter such as ":body", 0 if not there. */
int db_parameter(struct db_stmt *, const char *name);

/* 1: a row; 0: done (and reset); -1: an error. */
must_use int db_step(struct db_stmt *, struct err *);

/* Runs to the end, whatever rows there are. */
must_use int db_run(struct db_stmt *, struct err *);
void db_reset(struct db_stmt *);

/* Columns from 0; valid until the next step. Text of NULL is NULL. */
int db_columns(const struct db_stmt *);
const char *db_column_name(const struct db_stmt *, int i);
enum db_type db_type(const struct db_stmt *, int i);
int64_t db_int(const struct db_stmt *, int i);
double db_real(const struct db_stmt *, int i); /* NULL becomes NaN */
const char *db_text(const struct db_stmt *, int i);
struct span db_blob(const struct db_stmt *, int i);

int64_t db_last_id(const struct db *);

/* Rows that the last INSERT, UPDATE or DELETE changed. */
int64_t db_changes(const struct db *);

/* From now on messages begin with this name instead of the path. */
must_use int db_rename(struct db *, const char *name, struct err *);

/*
 * Locks a connection down for SQL from outside: reads only, no ATTACH, no
 * PRAGMA, no extension, small limits (64 MB for a text, blob or row), and at
 * most max_steps virtual machine steps for each run of a statement from now
 * on ("interrupted" past that).
 */
void db_restrict(struct db *, uint64_t max_steps);

/*
 * Of a restricted connection: statements are interrupted, and locks no longer
 * waited for, from this moment of clock_monotonic() on.
 */
void db_deadline(struct db *, double at);

/* Lets the program's own statements through again. */
void db_release(struct db *);

/*
 * Of the database's own tables only these may be read then, views and the
 * tables of JSON apart; the list ends with NULL and outlives the connection.
 */
void db_allow(struct db *, const char *const *tables);

/* A temporary view of one SELECT from outside, on a released connection. */
must_use int db_add_view(
    struct db *, const char *name, const char *sql, struct err *);

/*
 * Adds functions of the local calendar (base/clock.h), right across DST, of
 * a time in epoch seconds; of what is none they are NULL:
 *
 *	local_day(ts)	"2026-11-22"
 *	local_week(ts)	the date of its Monday
 *	local_month(ts)	"2026-11-01"
 *	local_hour(ts)	"2026-11-22 03:00+00:00", as hours may repeat
 */
must_use int db_add_local_time(struct db *, struct err *);

#endif
