#include "base/db.h"
#include "base/db_private.h"
#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BUSY_PAUSE_MS 10

struct db_stmt {
	struct db *db;
	sqlite3_stmt *stmt;
	const char *sql;
	int fault; /* of the first bind that failed */
	struct db_stmt *next;
};

static enum db_cause cause(int code)
{
	switch (code & 0xff) {
	case SQLITE_READONLY:
		return DB_DENIED;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return DB_DAMAGED;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return DB_BUSY;
	case SQLITE_FULL:
		return DB_FULL;
	case SQLITE_INTERRUPT:
		return DB_INTERRUPTED;
	default:
		return DB_OTHER;
	}
}

int db_failed(struct db *db, struct err *e)
{
	return err_code(e, (int)cause(sqlite3_errcode(db->handle)), "%s: %s",
	    db->path, sqlite3_errmsg(db->handle));
}

static enum db_cause system_cause(int number)
{
	switch (number) {
	case ENOENT:
		return DB_MISSING;
	case EACCES:
	case EPERM:
	case EROFS:
		return DB_DENIED;
	case ENOSPC:
	case EDQUOT:
		return DB_FULL;
	default:
		return DB_OTHER;
	}
}

/* strerror() as the rest of the sentence. */
static int system_failed(const char *path, int number, struct err *e)
{
	const char *text = strerror(number);

	return err_code(e, (int)system_cause(number), "%s: %c%s", path,
	    tolower((unsigned char)text[0]), text + 1);
}

/* SQLite makes files beside it, and says in riddles that it cannot. */
static int check_folder(const char *path, struct err *e)
{
	struct arena *a = arena_new();
	int rc = 0;

	if (faccessat(AT_FDCWD, file_dir(a, path), W_OK | X_OK, AT_EACCESS) !=
	    0)
		rc = system_failed(
		    arena_printf(a, "%s: its directory", path), errno, e);
	arena_free(a);
	return rc;
}

/*
 * Made here and not by SQLite, which would let others read it. Only where
 * nothing is: to close a file ends this process's locks on it.
 */
static int make(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && errno == ENOENT)
		return err_code(
		    e, DB_MISSING, "%s: its directory does not exist", path);
	if (fd < 0 && errno != EEXIST)
		return system_failed(path, errno, e);
	if (fd >= 0)
		close(fd);
	return 0;
}

static int check_file(const char *path, enum db_mode mode, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		if (errno == ENOENT && mode == DB_WRITE)
			return make(path, e);
		return system_failed(path, errno, e);
	}
	if (S_ISDIR(st.st_mode))
		return err_set(e, "%s: is a directory", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, "%s: not a regular file", path);
	if (faccessat(AT_FDCWD, path, mode == DB_WRITE ? R_OK | W_OK : R_OK,
		AT_EACCESS) != 0)
		return system_failed(path, errno, e);
	return mode == DB_WRITE ? check_folder(path, e) : 0;
}

/* Is there nothing in it yet? Also the first look at whether it is one. */
static int is_empty(struct db *db, bool *empty, struct err *e)
{
	struct db_stmt *s = db_stmt(db, "PRAGMA page_count", e);

	if (s == NULL || db_step(s, e) != 1)
		return -1;
	*empty = db_int(s, 0) == 0;
	db_reset(s);
	return 0;
}

/*
 * The order matters: WAL writes the first page. SQLite does not wait for
 * others while it changes to WAL, so that is done here.
 */
static int format(struct db *db, struct err *e)
{
	const struct timespec pause = {0, BUSY_PAUSE_MS * 1000000};
	int rc = -1;

	for (int ms = 0; ms < DB_BUSY_MS; ms += BUSY_PAUSE_MS) {
		rc = db_exec(db,
		    "PRAGMA auto_vacuum = INCREMENTAL;"
		    "PRAGMA journal_mode = WAL;",
		    e);
		if (rc == 0)
			err_clear(e);
		if (rc == 0 || e->code != DB_BUSY)
			return rc;
		nanosleep(&pause, NULL);
	}
	return rc;
}

static int configure(struct db *db, enum db_mode mode, struct err *e)
{
	bool empty = false;

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
	if (mode == DB_MEMORY)
		return 0;
	if (mode != DB_GUEST && is_empty(db, &empty, e) != 0)
		return -1;
	if (mode == DB_READ || mode == DB_GUEST)
		return db_exec(db, "PRAGMA query_only = 1;", e);
	if (empty && format(db, e) != 0)
		return -1;
	return db_exec(db,
	    "PRAGMA synchronous = NORMAL;"
	    "PRAGMA secure_delete = FAST;"
	    "PRAGMA foreign_keys = 1;",
	    e);
}

/*
 * The name as SQLite takes it: a relative one gets its "./", so that none
 * reads as a URI or as one of SQLite's own (":memory:", the empty name).
 */
static int open_handle(struct db *db, enum db_mode mode, struct err *e)
{
	static const int flags[] = {
	    [DB_MEMORY] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY,
	    [DB_READ] = SQLITE_OPEN_READWRITE,
	    [DB_GUEST] = SQLITE_OPEN_READWRITE,
	    [DB_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	const char *dot = db->path[0] == '/' ? "" : "./";
	char *name = NULL;
	int rc;

	if (mode != DB_MEMORY && check_file(db->path, mode, e) != 0)
		return -1;
	if (mode != DB_MEMORY && asprintf(&name, "%s%s", dot, db->path) < 0)
		return err_set(e, "%s: out of memory", db->path);
	rc = sqlite3_open_v2(name == NULL ? ":memory:" : name, &db->handle,
	    flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
	free(name);
	return rc == SQLITE_OK ? 0 : db_failed(db, e);
}

int db_open(struct db **out, const char *path, enum db_mode mode, struct err *e)
{
	struct db *db = calloc(1, sizeof(*db));

	*out = NULL;
	if (db == NULL || (db->path = strdup(path)) == NULL) {
		free(db);
		return err_set(e, "%s: out of memory", path);
	}
	if (open_handle(db, mode, e) != 0 || configure(db, mode, e) != 0) {
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

int db_rename(struct db *db, const char *name, struct err *e)
{
	char *copy = strdup(name);

	if (copy == NULL)
		return err_set(e, "%s: out of memory", name);
	free(db->path);
	db->path = copy;
	return 0;
}

struct sqlite3 *db_handle(struct db *db)
{
	return db->handle;
}

int db_exec(struct db *db, const char *sql, struct err *e)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_failed(db, e);
	return 0;
}

/* Is there no statement in it: blanks, comments, semicolons? */
bool db_blank(struct db *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	while (*sql != '\0') {
		if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, &sql) !=
		    SQLITE_OK)
			return false;
		if (stmt != NULL) {
			sqlite3_finalize(stmt);
			return false;
		}
	}
	return true;
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
		db_failed(db, e);
		free(s);
		return NULL;
	}
	if (s->stmt == NULL || !db_blank(db, sql)) {
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
	/* BEGIN and ATTACH count as reading; they yield no columns. */
	if (sqlite3_stmt_readonly(s->stmt) && sqlite3_column_count(s->stmt) > 0)
		return 0;
	db_finalize(s);
	*out = NULL;
	return err_set(e,
	    "%s: this statement does not only read; write a SELECT", db->path);
}

void db_finalize(struct db_stmt *s)
{
	if (s == NULL)
		return;
	sqlite3_finalize(s->stmt);
	free(s);
}

static void note(struct db_stmt *s, int rc)
{
	if (s->fault == SQLITE_OK)
		s->fault = rc;
}

void db_bind_int(struct db_stmt *s, int i, int64_t v)
{
	note(s, sqlite3_bind_int64(s->stmt, i, v));
}

void db_bind_real(struct db_stmt *s, int i, double v)
{
	note(s, sqlite3_bind_double(s->stmt, i, v));
}

void db_bind_text(struct db_stmt *s, int i, const char *v)
{
	note(s, sqlite3_bind_text(s->stmt, i, v, -1, SQLITE_STATIC));
}

void db_bind_blob(struct db_stmt *s, int i, struct span v)
{
	note(s, sqlite3_bind_blob64(
		    s->stmt, i, v.n == 0 ? "" : v.p, v.n, SQLITE_STATIC));
}

int db_parameter(struct db_stmt *s, const char *name)
{
	return sqlite3_bind_parameter_index(s->stmt, name);
}

int db_step(struct db_stmt *s, struct err *e)
{
	int rc;

	if (s->fault != SQLITE_OK)
		return err_set(e, "%s: a value to be bound: %s", s->db->path,
		    sqlite3_errstr(s->fault));
	if (!sqlite3_stmt_busy(s->stmt))
		s->db->steps = 0;
	rc = sqlite3_step(s->stmt);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		db_failed(s->db, e);
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
	s->fault = SQLITE_OK;
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

int64_t db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}
