#include "run/stage.h"
#include "base/arena.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct staged {
	const char *path, *fresh; /* whole paths; fresh NULL: unchanged */
	int fd;			  /* of fresh; -1 once synced */
};

struct stage {
	struct arena *arena;
	const char *dir;
	struct staged *files;
	size_t n, cap;
	struct strings folders; /* that files were put into */
};

static int failed(const char *path, struct err *e)
{
	return err_set(e, "%s: %s", path, strerror(errno));
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
	*out = s;
	return 0;
}

static void drop(struct staged *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	if (f->fresh != NULL)
		unlink(f->fresh);
}

void stage_close(struct stage *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		drop(&s->files[i]);
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

int stage_put(struct stage *s, const char *path, const void *data, size_t n,
    struct err *e)
{
	const char *whole = arena_printf(s->arena, "%s/%s", s->dir, path);
	struct staged *f;

	if (use_folder(s, whole, e) != 0)
		return -1;
	f = arena_push(s->arena, &s->files, &s->n, &s->cap);
	f->path = whole;
	f->fd = -1;
	if (file_same(whole, data, n)) {
		utimensat(AT_FDCWD, whole, NULL, 0);
		return 0;
	}
	f->fresh = arena_printf(s->arena, "%s.new", whole);
	f->fd = open(f->fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (f->fd < 0 || write_all(f->fd, data, n) != 0)
		return failed(f->fresh, e);
	return 0;
}

/* All are written before the first is synced: that costs a fraction. */
static int sync_files(struct stage *s, struct err *e)
{
	for (size_t i = 0; i < s->n; i++) {
		struct staged *f = &s->files[i];

		if (f->fd < 0)
			continue;
		if (fsync(f->fd) != 0)
			return failed(f->fresh, e);
		if (close(f->fd) != 0) {
			f->fd = -1;
			return failed(f->fresh, e);
		}
		f->fd = -1;
	}
	return 0;
}

int stage_commit(struct stage *s, struct err *e)
{
	if (sync_files(s, e) != 0)
		return -1;
	for (size_t i = 0; i < s->n; i++) {
		struct staged *f = &s->files[i];

		if (f->fresh == NULL)
			continue;
		if (rename(f->fresh, f->path) != 0)
			return failed(f->path, e);
		f->fresh = NULL;
	}
	for (size_t i = 0; i < s->folders.n; i++)
		if (file_sync_dir(s->folders.items[i], e) != 0)
			return -1;
	return 0;
}

static bool was_put(const struct stage *s, const char *path)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->files[i].path, path))
			return true;
	return false;
}

static void sweep_one(const struct stage *s, const char *path, int64_t before)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_mtime < before && !was_put(s, path))
		unlink(path);
}

int stage_sweep(
    struct stage *s, const char *folder, int64_t before, struct err *e)
{
	const char *whole = arena_printf(s->arena, "%s/%s", s->dir, folder);
	DIR *d = opendir(whole);
	struct dirent *entry;

	if (d == NULL)
		return errno == ENOENT ? 0 : failed(whole, e);
	while ((entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			sweep_one(s,
			    arena_printf(
				s->arena, "%s/%s", whole, entry->d_name),
			    before);
	closedir(d);
	return 0;
}
