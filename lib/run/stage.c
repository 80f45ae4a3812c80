#include "run/stage.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* So many files are synced one by one. */
#define SYNC_EACH 256

struct staged {
	const char *path, *fresh; /* whole paths; fresh NULL: unchanged */
};

struct stage {
	struct arena *arena;
	const char *dir;
	int64_t date; /* of what is put; 0: the machine's */
	int lock;     /* the directory, locked: one stage at a time */
	struct staged *files;
	size_t n, cap;
	struct names paths;	/* of files */
	struct strings folders; /* that files were put into */
};

static int failed(const char *path, struct err *e)
{
	return err_set(e, "%s: %s", path, strerror(errno));
}

/* Where the file system knows no locks, cron's one run is enough. */
static void lock_dir(struct stage *s)
{
	s->lock = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (s->lock >= 0 && flock(s->lock, LOCK_EX) != 0 && errno == EINTR)
		continue;
}

int stage_open(struct stage **out, const char *dir, struct err *e)
{
	struct arena *a = arena_new();
	struct stage *s = arena_make(a, struct stage);

	s->arena = a;
	s->dir = arena_strdup(a, dir);
	*out = NULL;
	if (file_make_dirs(dir, e) != 0) {
		arena_free(a);
		return -1;
	}
	lock_dir(s);
	*out = s;
	return 0;
}

void stage_close(struct stage *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (s->files[i].fresh != NULL)
			unlink(s->files[i].fresh);
	if (s->lock >= 0)
		close(s->lock);
	arena_free(s->arena);
}

static int use_folder(struct stage *s, const char *path, struct err *e)
{
	const char *folder = file_dir(s->arena, path);

	for (size_t i = 0; i < s->folders.n; i++)
		if (str_eq(s->folders.items[i], folder))
			return 0;
	if (file_make_dirs(folder, e) != 0)
		return -1;
	strings_add(s->arena, &s->folders, folder);
	return 0;
}

static int write_all(int fd, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, data, n);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			data += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

static int write_fresh(
    const char *path, const void *data, size_t n, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return file_write_failed(path, e);
	if (write_all(fd, data, n) != 0) {
		file_write_failed(path, e);
		close(fd);
		return -1;
	}
	return close(fd) != 0 ? file_write_failed(path, e) : 0;
}

/* The place of a path: the same one if it is put again. */
static struct staged *find_or_add(struct stage *s, const char *whole)
{
	size_t at = s->n;

	if (names_add(s->arena, &s->paths, whole, at))
		arena_push(s->arena, &s->files, &s->n, &s->cap)->path = whole;
	else
		names_find(&s->paths, whole, &at);
	return &s->files[at];
}

void stage_date(struct stage *s, int64_t when)
{
	s->date = when;
}

static bool date(const struct stage *s, const char *path)
{
	struct timespec when = {.tv_sec = (time_t)s->date};
	struct timespec both[2] = {when, when};

	return utimensat(AT_FDCWD, path, s->date != 0 ? both : NULL, 0) == 0;
}

bool stage_keep(struct stage *s, const char *path)
{
	const char *whole = arena_printf(s->arena, "%s/%s", s->dir, path);

	return date(s, whole) && find_or_add(s, whole) != NULL;
}

int stage_put(struct stage *s, const char *path, const void *data, size_t n,
    struct err *e)
{
	const char *whole = arena_printf(s->arena, "%s/%s", s->dir, path);
	struct staged *f;

	if (use_folder(s, whole, e) != 0)
		return -1;
	f = find_or_add(s, whole);
	if (f->fresh == NULL && file_same(whole, data, n)) {
		(void)date(s, whole); /* at worst it is written once more */
		return 0;
	}
	f->fresh = arena_printf(s->arena, "%s.new", whole);
	if (write_fresh(f->fresh, data, n, e) != 0)
		return -1;
	if (s->date != 0)
		(void)date(s, f->fresh);
	return 0;
}

static int sync_path(const char *path, int (*sync)(int fd), struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		return file_write_failed(path, e);
	if (sync(fd) != 0)
		rc = file_write_failed(path, e);
	close(fd);
	return rc;
}

/*
 * All are written before the first is synced, which costs a fraction; and
 * none stays open, of which there may be thousands. Only for very many is it
 * cheaper to wait for all that the file system has to write, of others too.
 */
static int sync_files(struct stage *s, struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->files[i].fresh != NULL;
	if (n > SYNC_EACH)
		return sync_path(s->dir, syncfs, e);
	for (size_t i = 0; i < s->n; i++)
		if (s->files[i].fresh != NULL &&
		    sync_path(s->files[i].fresh, fsync, e) != 0)
			return -1;
	return 0;
}

static bool is_top(const struct stage *s, const struct staged *f)
{
	return strchr(f->path + strlen(s->dir) + 1, '/') == NULL;
}

static int rename_files(struct stage *s, bool top, struct err *e)
{
	for (size_t i = 0; i < s->n; i++) {
		struct staged *f = &s->files[i];

		if (f->fresh == NULL || is_top(s, f) != top)
			continue;
		if (rename(f->fresh, f->path) != 0)
			return file_write_failed(f->path, e);
		f->fresh = NULL;
	}
	return 0;
}

static int sync_folders(struct stage *s, bool top, struct err *e)
{
	for (size_t i = 0; i < s->folders.n; i++) {
		const char *folder = s->folders.items[i];

		if (str_eq(folder, s->dir) == top &&
		    file_sync_dir(folder, e) != 0)
			return -1;
	}
	return 0;
}

/* Also as of a power cut a page comes after all that it refers to. */
int stage_commit(struct stage *s, struct err *e)
{
	if (sync_files(s, e) != 0 || rename_files(s, false, e) != 0 ||
	    sync_folders(s, false, e) != 0)
		return -1;
	if (rename_files(s, true, e) != 0)
		return -1;
	return sync_folders(s, true, e);
}

/* Of another stage, which was killed: nobody else writes while we hold it. */
static bool is_left_over(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && strcmp(path + n - 4, ".new") == 0;
}

static void sweep_one(const struct stage *s, const char *path, int64_t before,
    bool (*ours)(const char *path))
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mtime < before || is_left_over(path)) &&
	    !names_find(&s->paths, path, NULL) && (ours == NULL || ours(path)))
		unlink(path);
}

int stage_sweep(struct stage *s, const char *folder, int64_t before,
    bool (*ours)(const char *path), struct err *e)
{
	/* Paths are compared as they were put: "out/x", never "out/./x". */
	const char *whole =
	    folder[0] == '\0' ? s->dir
			      : arena_printf(s->arena, "%s/%s", s->dir, folder);
	DIR *d = opendir(whole);
	struct dirent *entry;

	if (d == NULL)
		return errno == ENOENT ? 0 : failed(whole, e);
	while ((entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			sweep_one(s,
			    arena_printf(
				s->arena, "%s/%s", whole, entry->d_name),
			    before, ours);
	closedir(d);
	return 0;
}
