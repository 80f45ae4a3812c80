#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/db.h"

static char dir[64];
static char path[128];

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/broadsheet-db-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chmod(dir, 0755), 0);
	snprintf(path, sizeof(path), "%s/x.db", dir);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return WEXITSTATUS(system(command));
}

static void write_file(const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
}

static struct db *open_ok(enum db_mode mode)
{
	struct err e = {0};
	struct db *db;

	if (db_open(&db, path, mode, &e) != 0)
		fail_msg("%s", e.text);
	return db;
}

static void exec_ok(struct db *db, const char *sql)
{
	struct err e = {0};

	if (db_exec(db, sql, &e) != 0)
		fail_msg("%s", e.text);
}

static int64_t ask(struct db *db, const char *sql)
{
	struct err e = {0};
	struct db_stmt *s;
	int64_t v;

	if (db_prepare(db, sql, &s, &e) != 0 || db_step(s, &e) != 1)
		fail_msg("%s", e.text);
	v = db_int(s, 0);
	db_finalize(s);
	return v;
}

/* db_open() fails with "PATH: text". */
static struct err refused(enum db_mode mode, const char *text)
{
	struct err e = {0};
	struct db *db = NULL;
	char whole[512];

	assert_int_equal(db_open(&db, path, mode, &e), -1);
	assert_null(db);
	snprintf(whole, sizeof(whole), "%s: %s", path, text);
	assert_string_equal(e.text, whole);
	return e;
}

static void types_come_back(void **state)
{
	static const char sql[] = "SELECT ?, ?, ?, ?, ?, ?";
	struct span bytes = {"a\0b", 3};
	struct err e = {0};
	struct db *db = open_ok(DB_MEMORY);
	struct db_stmt *s = db_stmt(db, sql, &e);

	(void)state;
	assert_non_null(s);
	db_bind_int(s, 1, INT64_MIN);
	db_bind_real(s, 2, 0.1);
	db_bind_real(s, 3, NAN);
	db_bind_text(s, 4, "é");
	db_bind_blob(s, 5, bytes);
	db_bind_blob(s, 6, (struct span){NULL, 0});
	assert_int_equal(db_step(s, &e), 1);
	assert_int_equal(db_columns(s), 6);
	assert_true(db_int(s, 0) == INT64_MIN);
	assert_true(db_real(s, 1) == 0.1);
	assert_int_equal(db_type(s, 2), DB_NULL);
	assert_true(isnan(db_real(s, 2)));
	assert_null(db_text(s, 2));
	assert_string_equal(db_text(s, 3), "é");
	assert_int_equal(db_type(s, 3), DB_TEXT);
	assert_int_equal(db_blob(s, 4).n, 3);
	assert_memory_equal(db_blob(s, 4).p, "a\0b", 3);
	assert_int_equal(db_type(s, 5), DB_BLOB);
	assert_int_equal(db_blob(s, 5).n, 0);
	assert_int_equal(db_step(s, &e), 0);
	db_close(db);
}

static void statements_are_kept_and_come_reset(void **state)
{
	static const char sql[] = "SELECT ?1 UNION ALL SELECT 2";
	struct err e = {0};
	struct db *db = open_ok(DB_MEMORY);
	struct db_stmt *s = db_stmt(db, sql, &e);

	(void)state;
	db_bind_int(s, 1, 7);
	assert_int_equal(db_step(s, &e), 1);
	assert_ptr_equal(db_stmt(db, sql, &e), s);
	assert_int_equal(db_step(s, &e), 1);
	assert_int_equal(db_type(s, 0), DB_NULL);
	db_close(db);
}

static void a_bind_that_fails_is_told(void **state)
{
	static const char sql[] = "SELECT ?";
	struct err e = {0};
	struct db *db = open_ok(DB_MEMORY);
	struct db_stmt *s = db_stmt(db, sql, &e);
	char text[256];

	(void)state;
	db_bind_int(s, 2, 7);
	assert_int_equal(db_step(s, &e), -1);
	snprintf(text, sizeof(text),
	    "%s: a value to be bound: column index out of range", path);
	assert_string_equal(e.text, text);
	s = db_stmt(db, sql, &e);
	db_bind_int(s, 1, 7);
	assert_int_equal(db_step(s, &e), 1);
	assert_int_equal(db_int(s, 0), 7);
	db_close(db);
}

static void errors_name_the_path(void **state)
{
	static const char sql[] = "SELEKT 1";
	struct err e = {0};
	struct db *db = open_ok(DB_MEMORY);
	char text[256];

	(void)state;
	assert_null(db_stmt(db, sql, &e));
	snprintf(text, sizeof(text), "%s: near \"SELEKT\": syntax error", path);
	assert_string_equal(e.text, text);
	assert_int_equal(e.code, DB_OTHER);
	db_close(db);
}

static void a_new_file_is_private_and_in_wal_mode(void **state)
{
	struct stat st;
	struct db *db;
	mode_t mask = umask(0);

	(void)state;
	db = open_ok(DB_WRITE);
	umask(mask);
	exec_ok(db, "CREATE TABLE t (a); INSERT INTO t VALUES (1);");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(ask(db, "PRAGMA auto_vacuum"), 2);
	assert_int_equal(
	    ask(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	strcat(path, "-wal");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	db_close(db);
}

static size_t read_file(char *dst, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(dst, 1, size, f);
	fclose(f);
	return n;
}

static void a_foreign_file_is_left_as_it_is(void **state)
{
	static char before[65536], after[65536];
	struct db *db = open_ok(DB_WRITE);
	size_t n;

	(void)state;
	exec_ok(db, "CREATE TABLE t (a); PRAGMA journal_mode = DELETE;");
	db_close(db);
	n = read_file(before, sizeof(before));
	assert_true(n > 4096);
	db = open_ok(DB_WRITE);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 0);
	db_close(db);
	assert_int_equal(read_file(after, sizeof(after)), n);
	assert_memory_equal(before, after, n);
}

static void names_that_sqlite_would_read_otherwise(void **state)
{
	struct err e = {0};
	struct db *db;

	(void)state;
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(db_open(&db, ":memory:", DB_WRITE, &e), 0);
	db_close(db);
	assert_int_equal(access(":memory:", F_OK), 0);
	assert_int_equal(db_open(&db, "file:x?mode=ro", DB_WRITE, &e), 0);
	db_close(db);
	assert_int_equal(access("file:x?mode=ro", F_OK), 0);
	assert_int_equal(db_open(&db, "", DB_WRITE, &e), -1);
	assert_int_equal(chdir("/"), 0);
}

static void what_is_missing(void **state)
{
	struct err e;

	(void)state;
	e = refused(DB_READ, "no such file or directory");
	assert_int_equal(e.code, DB_MISSING);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/none/x.db", dir);
	e = refused(DB_WRITE, "its directory does not exist");
	assert_int_equal(e.code, DB_MISSING);
}

static void what_is_no_database(void **state)
{
	static const char text[] = "This is a letter to my aunt.\n";
	char *zeros = calloc(1, 8192);
	struct err e;

	(void)state;
	write_file(text, sizeof(text) - 1);
	e = refused(DB_READ, "file is not a database");
	assert_int_equal(e.code, DB_DAMAGED);
	e = refused(DB_WRITE, "file is not a database");
	assert_int_equal(e.code, DB_DAMAGED);
	memset(zeros, 'x', 8192);
	write_file(zeros, 8192);
	refused(DB_WRITE, "file is not a database");
	free(zeros);
	snprintf(path, sizeof(path), "%s", dir);
	refused(DB_WRITE, "is a directory");
	refused(DB_READ, "is a directory");
	snprintf(path, sizeof(path), "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	refused(DB_WRITE, "not a regular file");
}

static void a_damaged_file(void **state)
{
	struct err e = {0};
	struct db_stmt *s;
	struct db *db = open_ok(DB_WRITE);
	char junk[4096];
	int fd;

	(void)state;
	exec_ok(db, "CREATE TABLE t (a); INSERT INTO t VALUES "
		    "(randomblob(9000));");
	db_close(db);
	memset(junk, 0xff, sizeof(junk));
	fd = open(path, O_WRONLY);
	assert_int_equal(
	    pwrite(fd, junk, sizeof(junk), 8192), (ssize_t)sizeof(junk));
	close(fd);
	db = open_ok(DB_READ);
	assert_int_equal(db_prepare(db, "SELECT sum(a) FROM t", &s, &e), 0);
	assert_int_equal(db_step(s, &e), -1);
	assert_non_null(strstr(e.text, "database disk image is malformed"));
	assert_int_equal(e.code, DB_DAMAGED);
	db_finalize(s);
	db_close(db);
}

/* The kernel lets root do anything, so these are asked as nobody. */
static void what_may_not_be_written(void **state)
{
	struct err e;
	struct db *db = open_ok(DB_WRITE);

	(void)state;
	exec_ok(db, "CREATE TABLE t (a);");
	db_close(db);
	assert_int_equal(chmod(path, 0444), 0);
	if (geteuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	refused(DB_WRITE, "permission denied");
	snprintf(path, sizeof(path), "%s/new.db", dir);
	assert_int_equal(geteuid() == 65534 || chmod(dir, 0555) == 0, 1);
	e = refused(DB_WRITE, "permission denied");
	assert_int_equal(e.code, DB_DENIED);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(dir, 0755), 0);
}

/* As a page's owner without rights on the directory of the store. */
static void a_reader_without_write_access(void **state)
{
	struct db *writer = open_ok(DB_WRITE), *db;

	(void)state;
	exec_ok(writer, "CREATE TABLE t (a); INSERT INTO t VALUES (7);");
	assert_int_equal(chmod(path, 0644), 0);
	strcat(path, "-wal");
	assert_int_equal(chmod(path, 0644), 0);
	strcpy(strrchr(path, '-'), "-shm");
	assert_int_equal(chmod(path, 0644), 0);
	*strrchr(path, '-') = '\0';
	if (getuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	db = open_ok(DB_READ);
	assert_int_equal(ask(db, "SELECT a FROM t"), 7);
	db_close(db);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	db_close(writer);
}

static void a_reader_does_not_write(void **state)
{
	struct err e = {0};
	struct db *db = open_ok(DB_WRITE);
	char text[256];

	(void)state;
	exec_ok(db, "CREATE TABLE t (a);");
	db_close(db);
	db = open_ok(DB_READ);
	assert_int_equal(db_exec(db, "INSERT INTO t VALUES (1)", &e), -1);
	snprintf(text, sizeof(text), "%s: attempt to write a readonly database",
	    path);
	assert_string_equal(e.text, text);
	db_close(db);
}

/* In a child, where the limit ends with it: 1 says skip, 2 a fault. */
static int fill_the_disk(void)
{
	struct rlimit limit = {256 * 1024, 256 * 1024};
	struct err e = {0};
	struct db *db;
	int rc = 0;

	if (db_open(&db, path, DB_WRITE, &e) != 0 ||
	    db_exec(db, "CREATE TABLE t (a)", &e) != 0)
		return 2;
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	for (int i = 0; i < 1000 && rc == 0; i++)
		rc = db_exec(db, "INSERT INTO t VALUES (randomblob(5000))", &e);
	if (rc != -1 || strstr(e.text, path) == NULL ||
	    strstr(e.text, ": disk I/O error") == NULL)
		return 2;
	db_close(db);
	return 0;
}

static void a_quota_that_is_met(void **state)
{
	pid_t child = fork();
	struct db *db;
	int status;

	(void)state;
	if (child == 0)
		_exit(fill_the_disk());
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WEXITSTATUS(status) == 1)
		skip();
	assert_int_equal(status, 0);
	db = open_ok(DB_READ);
	assert_true(ask(db, "SELECT count(*) FROM t") > 10);
	assert_int_equal(ask(db, "SELECT integrity_check = 'ok' FROM "
				 "pragma_integrity_check"),
	    1);
	db_close(db);
}

static void a_database_that_is_busy(void **state)
{
	struct err e = {0};
	struct db *one = open_ok(DB_WRITE), *other;
	char text[256];

	(void)state;
	exec_ok(one, "CREATE TABLE t (a); BEGIN IMMEDIATE;");
	other = open_ok(DB_WRITE);
	assert_int_equal(db_exec(other, "PRAGMA busy_timeout = 1", &e), 0);
	assert_int_equal(db_exec(other, "INSERT INTO t VALUES (1)", &e), -1);
	snprintf(text, sizeof(text), "%s: database is locked", path);
	assert_string_equal(e.text, text);
	assert_int_equal(e.code, DB_BUSY);
	exec_ok(one, "COMMIT");
	exec_ok(other, "INSERT INTO t VALUES (1)");
	db_close(one);
	db_close(other);
}

static void sql_from_outside_is_one_statement_that_reads(void **state)
{
	static const char *const good[] = {"SELECT 1", "SELECT 1;",
	    " SELECT 1 ; -- the one\n/* and all */ ;", "VALUES (1)",
	    "WITH x(a) AS (SELECT 1) SELECT a FROM x"};
	static const char *const two[] = {
	    "", "-- nothing", "SELECT 1; SELECT 2", "SELECT 1; nonsense"};
	static const char *const writing[] = {"CREATE TABLE t (a)", "BEGIN",
	    "ATTACH '/tmp/x' AS x", "PRAGMA user_version = 3"};
	struct err e = {0};
	struct db *db = open_ok(DB_MEMORY);
	struct db_stmt *s;
	char text[256];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(db_prepare(db, good[i], &s, &e), 0);
		db_finalize(s);
	}
	snprintf(text, sizeof(text), "%s: not exactly one SQL statement", path);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(db_prepare(db, two[i], &s, &e), -1);
		assert_null(s);
		assert_string_equal(e.text, text);
	}
	snprintf(text, sizeof(text),
	    "%s: this statement does not only read; write a SELECT", path);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(db_prepare(db, writing[i], &s, &e), -1);
		assert_string_equal(e.text, text);
	}
	db_close(db);
}

static void a_restricted_database_only_computes(void **state)
{
	static const char *const denied[] = {"PRAGMA table_info(t)",
	    "SELECT load_extension('x')", "SELECT fts3_tokenizer('x')",
	    "SELECT * FROM pragma_database_list"};
	struct err e = {0};
	struct db *db = open_ok(DB_MEMORY);
	struct db_stmt *s;

	(void)state;
	db_restrict(db, 100000);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(db_prepare(db, denied[i], &s, &e), -1);
		assert_non_null(strstr(e.text, ": not authorized"));
	}
	assert_int_equal(db_exec(db, "CREATE TABLE t (a)", &e), -1);
	assert_int_equal(
	    db_prepare(db,
		"SELECT sum(value->>'n') FROM json_each(:body, '$.items')", &s,
		&e),
	    0);
	db_bind_text(s, db_parameter(s, ":body"),
	    "{\"items\": [{\"n\": 40}, {\"n\": 2}]}");
	assert_int_equal(db_step(s, &e), 1);
	assert_int_equal(db_int(s, 0), 42);
	assert_int_equal(db_parameter(s, ":none"), 0);
	db_finalize(s);
	db_close(db);
}

/* Rows that never end count as one run of the statement. */
static void steps_are_bounded(void **state)
{
	static const char endless[] =
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
	    "SELECT i FROM n";
	struct err e = {0};
	struct db *db = open_ok(DB_MEMORY);
	struct db_stmt *s;
	char text[256];
	int rows = 0, rc;

	(void)state;
	db_restrict(db, 100000);
	assert_int_equal(db_prepare(db, endless, &s, &e), 0);
	while ((rc = db_step(s, &e)) == 1 && rows < 1000000)
		rows++;
	assert_int_equal(rc, -1);
	snprintf(text, sizeof(text), "%s: interrupted", path);
	assert_string_equal(e.text, text);
	assert_int_equal(e.code, DB_INTERRUPTED);
	assert_int_equal(db_step(s, &e), 1);
	db_finalize(s);
	assert_int_equal(
	    db_prepare(db, "SELECT zeroblob(100000000)", &s, &e), 0);
	assert_int_equal(db_step(s, &e), -1);
	snprintf(text, sizeof(text), "%s: string or blob too big", path);
	assert_string_equal(e.text, text);
	db_finalize(s);
	db_close(db);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(types_come_back),
	    T(statements_are_kept_and_come_reset),
	    T(a_bind_that_fails_is_told),
	    T(errors_name_the_path),
	    T(a_new_file_is_private_and_in_wal_mode),
	    T(a_foreign_file_is_left_as_it_is),
	    T(names_that_sqlite_would_read_otherwise),
	    T(what_is_missing),
	    T(what_is_no_database),
	    T(a_damaged_file),
	    T(what_may_not_be_written),
	    T(a_reader_without_write_access),
	    T(a_reader_does_not_write),
	    T(a_quota_that_is_met),
	    T(a_database_that_is_busy),
	    T(sql_from_outside_is_one_statement_that_reads),
	    T(a_restricted_database_only_computes),
	    T(steps_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
