/*
 * Linked into a broadsheet of its own (.build/MODE/broadsheet-faults): every
 * call that changes a file, the program's own and those of its libraries, is
 * counted here, can be made to fail, and is written down.
 *
 *	BROADSHEET_FAULT="WHO HOW N"	the Nth call of a process fails
 *	BROADSHEET_FAULT="WHO HOW N +"	and every one after it
 *	BROADSHEET_FAULT_TRACE=FILE	a line for each call: WHO CALL PATH
 *
 * WHO is parent (the program that was started) or child (each process that it
 * forks, counted on its own). HOW is an error (EIO, ENOSPC, EINTR), short (half
 * is written), or kill: the process is no more, as by SIGKILL, and the call has
 * not happened. A call that cannot fail so happens as ever.
 *
 * The functions of the C library are defined here, which is how SQLite, a
 * shared library, comes to call them; SQLite's own are wrapped by the linker
 * where the program calls them. A step that fails has not been taken.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sqlite3.h>

enum how { NOTHING, EIO_, ENOSPC_, EINTR_, SHORT, KILL };

static const char *const hows[] = {
    "nothing", "EIO", "ENOSPC", "EINTR", "short", "kill"};

static struct {
	bool child, rest; /* whose calls, and those after the Nth too */
	enum how how;
	long n;
} fault;

static const char *trace;
static pid_t first, counted;
static atomic_long calls;
static int injected; /* what SQLite says of its last call, if not the truth */

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("BROADSHEET_FAULT");
	char who[16], how[16], rest[2] = "";

	trace = getenv("BROADSHEET_FAULT_TRACE");
	first = counted = getpid();
	if (text == NULL)
		return;
	if (sscanf(text, "%15s %15s %ld %1s", who, how, &fault.n, rest) < 3)
		abort();
	fault.child = strcmp(who, "child") == 0;
	fault.rest = rest[0] == '+';
	while (strcmp(hows[fault.how], how) != 0)
		if (++fault.how > KILL)
			abort();
}

/* A line at once, whoever else writes; not by what is counted here. */
static void note(const char *call, const char *path)
{
	char line[8300];
	int fd, n;

	n = snprintf(line, sizeof(line), "%s %s %s\n",
	    getpid() == first ? "parent" : "child", call, path);
	fd = (int)syscall(SYS_openat, AT_FDCWD, trace,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	(void)!syscall(SYS_write, fd, line, (size_t)n);
	close(fd);
}

static enum how meet(const char *call, const char *path)
{
	bool child = getpid() != first;
	long i;

	if (counted != getpid()) {
		counted = getpid();
		calls = 0;
	}
	i = ++calls;
	if (trace != NULL)
		note(call, path);
	if (fault.how == NOTHING || child != fault.child || i < fault.n ||
	    (i > fault.n && !fault.rest))
		return NOTHING;
	if (fault.how == KILL)
		kill(getpid(), SIGKILL);
	return fault.how;
}

static enum how meet_fd(const char *call, int fd)
{
	char link[32], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	return meet(call, path);
}

/* Does the call fail? Never by EINTR where the kernel knows no such thing. */
static bool fails(enum how how, bool can_interrupt)
{
	static const int errors[] = {
	    [EIO_] = EIO, [ENOSPC_] = ENOSPC, [EINTR_] = EINTR, [KILL] = 0};

	if (how == NOTHING || errors[how] == 0 ||
	    (how == EINTR_ && !can_interrupt))
		return false;
	errno = errors[how];
	return true;
}

/* Half of it, but never nothing. */
static size_t part(enum how how, size_t n)
{
	return how == SHORT && n > 1 ? n / 2 : n;
}

ssize_t write(int fd, const void *data, size_t n)
{
	enum how how = fd > STDERR_FILENO ? meet_fd("write", fd) : NOTHING;

	return fails(how, true) ? -1
				: syscall(SYS_write, fd, data, part(how, n));
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	enum how how = meet_fd("pwrite", fd);

	return fails(how, true)
		   ? -1
		   : syscall(SYS_pwrite64, fd, data, part(how, n), at);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
	return pwrite64(fd, data, n, at);
}

static int on_fd(const char *call, long number, int fd)
{
	return fails(meet_fd(call, fd), false) ? -1 : (int)syscall(number, fd);
}

int fsync(int fd)
{
	return on_fd("fsync", SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return on_fd("fdatasync", SYS_fdatasync, fd);
}

int syncfs(int fd)
{
	return on_fd("syncfs", SYS_syncfs, fd);
}

int ftruncate64(int fd, off64_t n)
{
	return fails(meet_fd("ftruncate", fd), true)
		   ? -1
		   : (int)syscall(SYS_ftruncate, fd, n);
}

int ftruncate(int fd, off_t n)
{
	return ftruncate64(fd, n);
}

int rename(const char *from, const char *to)
{
	char both[8200];

	snprintf(both, sizeof(both), "%s %s", from, to);
	if (fails(meet("rename", both), false))
		return -1;
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
	if (fails(meet("unlink", path), false))
		return -1;
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode)
{
	if (fails(meet("mkdir", path), false))
		return -1;
	return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

static int open_file(const char *path, int flags, va_list rest)
{
	bool makes = (flags & (O_CREAT | __O_TMPFILE)) != 0;
	int mode = makes ? va_arg(rest, int) : 0;
	bool writes = makes || (flags & O_ACCMODE) != O_RDONLY;

	if (writes && fails(meet("open", path), true))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	int fd;

	va_start(rest, flags);
	fd = open_file(path, flags, rest);
	va_end(rest);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list rest;
	int fd;

	va_start(rest, flags);
	fd = open_file(path, flags, rest);
	va_end(rest);
	return fd;
}

/* SQLite's own, as the linker's --wrap names them. */
int __real_sqlite3_step(sqlite3_stmt *);
int __real_sqlite3_exec(sqlite3 *, const char *,
    int (*)(void *, int, char **, char **), void *, char **);
int __real_sqlite3_errcode(sqlite3 *);
const char *__real_sqlite3_errmsg(sqlite3 *);
int __wrap_sqlite3_step(sqlite3_stmt *);
int __wrap_sqlite3_exec(sqlite3 *, const char *,
    int (*)(void *, int, char **, char **), void *, char **);
int __wrap_sqlite3_errcode(sqlite3 *);
const char *__wrap_sqlite3_errmsg(sqlite3 *);

static bool step_fails(const char *call, const char *sql)
{
	static const int codes[] = {[EIO_] = SQLITE_IOERR,
	    [ENOSPC_] = SQLITE_FULL,
	    [EINTR_] = SQLITE_BUSY,
	    [KILL] = 0};
	char start[64];

	snprintf(start, sizeof(start), "%s", sql);
	start[strcspn(start, "\n")] = '\0';
	injected = codes[meet(call, start)];
	return injected != 0;
}

int __wrap_sqlite3_step(sqlite3_stmt *s)
{
	return step_fails("step", sqlite3_sql(s)) ? injected
						  : __real_sqlite3_step(s);
}

int __wrap_sqlite3_exec(sqlite3 *db, const char *sql,
    int (*row)(void *, int, char **, char **), void *ctx, char **text)
{
	return step_fails("exec", sql)
		   ? injected
		   : __real_sqlite3_exec(db, sql, row, ctx, text);
}

int __wrap_sqlite3_errcode(sqlite3 *db)
{
	return injected != 0 ? injected : __real_sqlite3_errcode(db);
}

const char *__wrap_sqlite3_errmsg(sqlite3 *db)
{
	return injected != 0 ? sqlite3_errstr(injected)
			     : __real_sqlite3_errmsg(db);
}
