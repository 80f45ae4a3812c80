/*
 * file: the content of a file of this machine, read whole. Files under /proc
 * and /sys say size 0 and are read to their end all the same.
 */
#include "base/clock.h"
#include "source/source.h"
#include "source/words.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file_conf {
	const char *file;
	double max_age;
};

static const struct option options[] = {
    {"file", OPTION_PATH, offsetof(struct file_conf, file),
	.help = "a file of this machine, read whole", .required = true},
    {"max_age", OPTION_DURATION, offsetof(struct file_conf, max_age),
	.max = 10 * 366 * 86400.0,
	.help = "a file that was last written longer ago is a failure; 0 "
		"for any age"},
    {0},
};

static int failed(const char *path, struct err *e)
{
	int code = errno;

	err_code(e, OUTCOME_FAILED, "%s: %s", path, strerror(code));
	if (code == EACCES)
		err_hint(e, "the user who runs broadsheet must be able to "
			    "read it");
	return -1;
}

/* What a name may stand for other than a file, in words. */
static const char *what_it_is(mode_t mode)
{
	return S_ISDIR(mode)	? "a directory"
	       : S_ISFIFO(mode) ? "a pipe"
	       : S_ISSOCK(mode) ? "a socket"
				: "a device";
}

static int check(int fd, const struct file_conf *conf, int64_t now,
    struct arena *a, struct err *e)
{
	struct stat st;
	double age;

	if (fstat(fd, &st) != 0)
		return failed(conf->file, e);
	if (!S_ISREG(st.st_mode))
		return err_code(e, OUTCOME_FAILED, "%s: this is %s, not a file",
		    conf->file, what_it_is(st.st_mode));
	age = (double)(now - st.st_mtime);
	if (conf->max_age <= 0 || age <= conf->max_age)
		return 0;
	return err_code(e, OUTCOME_FAILED, "%s: not written for %s", conf->file,
	    clock_duration(a, age));
}

static int read_all(int fd, const char *path, struct buf *b, struct err *e)
{
	char chunk[65536], size[WORDS_SIZE_MAX];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(path, e);
		if (!buf_add_some(b, chunk, (size_t)n))
			return err_code(e, OUTCOME_TOO_LARGE,
			    "%s: larger than %s", path,
			    words_size(size, b->max));
	}
	return 0;
}

/* O_NONBLOCK: a pipe that nobody writes to would hold open() for ever. */
static int read_file(struct fetch *job, struct arena *a)
{
	const struct file_conf *conf = job->conf;
	int fd, rc;

	fd = open(conf->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return failed(conf->file, &job->err);
	rc = check(fd, conf, job->now, a, &job->err);
	if (rc == 0)
		rc = read_all(fd, conf->file, &job->body, &job->err);
	close(fd);
	return rc;
}

static void fetch(struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	for (size_t i = 0; i < n; i++) {
		double begun = clock_monotonic();
		struct arena *a = arena_new();

		jobs[i].rc = read_file(&jobs[i], a);
		jobs[i].ms = (clock_monotonic() - begun) * 1000;
		arena_free(a);
		sink->done(sink->ctx, &jobs[i]);
		buf_free(&jobs[i].body);
		buf_free(&jobs[i].new_state);
	}
}

const struct source_kind source_file = {
    .name = "file",
    .help = "the content of a file of this machine",
    .options = options,
    .conf_size = sizeof(struct file_conf),
    .batch = 1,
    .fetch = fetch,
};
