#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(const char *path, struct err *e)
{
	return err_set(e, "%s: %s", path, strerror(errno));
}

/* What can be done about it, where that is in somebody's hands. */
static const char *remedy(int number)
{
	switch (number) {
	case EACCES:
	case EPERM:
		return "the user who runs broadsheet must be able to write it";
	case EROFS:
		return "mount its file system for writing";
	case ENOSPC:
	case EDQUOT:
		return "make room on its disk";
	default:
		return NULL;
	}
}

int file_write_failed(const char *path, struct err *e)
{
	const char *hint = remedy(errno);

	failed(path, e);
	return hint != NULL ? err_hint(e, "%s", hint) : -1;
}

static int read_all(int fd, const char *path, struct buf *b, struct err *e)
{
	char chunk[16384];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(path, e);
		buf_add(b, chunk, (size_t)n);
		if (b->failed)
			return err_set(
			    e, "%s: larger than %zu bytes", path, b->max);
	}
	return 0;
}

static int read_fd(struct arena *a, int fd, const char *path, size_t max,
    struct span *out, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, max);
	rc = read_all(fd, path, &b, e);
	if (rc == 0) {
		out->p = arena_strndup(a, buf_text(&b), b.len);
		out->n = b.len;
	}
	buf_free(&b);
	return rc;
}

int file_read(struct arena *a, const char *path, size_t max, struct span *out,
    struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return failed(path, e);
	rc = read_fd(a, fd, path, max, out, e);
	close(fd);
	return rc;
}

/*
 * What systemd hands to a service (LoadCredential=) is root's, in a directory
 * that only the service enters; its access list shows as the group's bits.
 */
static bool is_credential(const char *path, const struct stat *st)
{
	return str_starts(path, "/run/credentials/") && st->st_uid == 0 &&
	       (st->st_mode & 037) == 0;
}

static int check_private(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return failed(path, e);
	if (!S_ISREG(st.st_mode))
		return err_set(e, "%s: not a regular file", path);
	if ((st.st_mode & 077) == 0 || is_credential(path, &st))
		return 0;
	err_set(e, "%s: others can read this secret (mode %04o)", path,
	    (unsigned)st.st_mode & 07777);
	return err_hint(e, "chmod 600 %s", path);
}

int file_read_private(struct arena *a, const char *path, size_t max,
    struct span *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;

	if (fd < 0)
		return failed(path, e);
	rc = check_private(fd, path, e);
	if (rc == 0)
		rc = read_fd(a, fd, path, max, out, e);
	close(fd);
	return rc;
}

int file_read_secret(
    struct arena *a, const char *path, const char **out, struct err *e)
{
	struct span text = {0}, line = {0};

	if (file_read_private(a, path, 16384, &text, e) != 0)
		return -1;
	if (!str_line(&text, &line) || line.n == 0)
		return err_set(e, "%s: the secret is empty", path);
	*out = arena_strndup(a, line.p, line.n);
	return 0;
}

static int write_all(int fd, const char *data, size_t n)
{
	ssize_t done;

	for (; n > 0; data += done, n -= (size_t)done) {
		done = write(fd, data, n);
		if (done < 0 && errno == EINTR)
			done = 0;
		else if (done < 0)
			return -1;
	}
	return 0;
}

static int write_new(
    const char *path, const void *data, size_t n, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return file_write_failed(path, e);
	if (write_all(fd, data, n) != 0 || fsync(fd) != 0) {
		file_write_failed(path, e);
		close(fd);
		unlink(path);
		return -1;
	}
	if (close(fd) != 0)
		return file_write_failed(path, e);
	return 0;
}

int file_replace(const char *path, const void *data, size_t n, struct err *e)
{
	char fresh[4096];

	if ((size_t)snprintf(fresh, sizeof(fresh), "%s.new", path) >=
	    sizeof(fresh))
		return err_set(e, "%s: name too long", path);
	if (write_new(fresh, data, n, e) != 0)
		return -1;
	if (rename(fresh, path) != 0) {
		file_write_failed(path, e);
		unlink(fresh);
		return -1;
	}
	return 0;
}

int file_sync_dir(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		return file_write_failed(path, e);
	if (fsync(fd) != 0 && errno != EINVAL)
		rc = file_write_failed(path, e);
	close(fd);
	return rc;
}

int file_make_dirs(const char *path, struct err *e)
{
	char part[4096];
	size_t n = strlen(path);

	struct stat st;

	if (n == 0 || n >= sizeof(part))
		return err_set(e, "%s: bad directory name", path);
	memcpy(part, path, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return file_write_failed(part, e);
		if (i < n)
			part[i] = '/';
	}
	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		return err_set(e, "%s: Not a directory", path);
	return 0;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool file_same(const char *path, const void *data, size_t n)
{
	struct arena *a;
	struct span old = {0};
	struct stat st;
	struct err e;
	bool same;

	if (stat(path, &st) != 0 || st.st_size < 0 || (size_t)st.st_size != n)
		return false;
	a = arena_new();
	same = file_read(a, path, n, &old, &e) == 0 && old.n == n &&
	       (n == 0 || memcmp(old.p, data, n) == 0);
	arena_free(a);
	return same;
}

const char *file_resolve(struct arena *a, const char *base, const char *path)
{
	struct passwd *user;

	if (path[0] == '/')
		return arena_strdup(a, path);
	if (str_starts(path, "~/") && (user = getpwuid(geteuid())) != NULL)
		return arena_printf(a, "%s%s", user->pw_dir, path + 1);
	if (str_eq(base, "."))
		return arena_strdup(a, path);
	return arena_printf(a, "%s/%s", base, path);
}

const char *file_dir(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	return slash == path ? "/"
			     : arena_strndup(a, path, (size_t)(slash - path));
}
