#include "base/proc.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct child {
	pid_t pid;
	int out, diag;
};

static int spawn(struct child *c, const char *const *argv, int out, int diag)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	int rc;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, 1);
	posix_spawn_file_actions_adddup2(&files, diag, 2);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(
	    &attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	rc = posix_spawnp(&c->pid, argv[0], &files, &attr,
	    (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

static int start(struct child *c, const char *const *argv, struct err *e)
{
	int out[2], diag[2], rc;

	if (pipe2(out, O_CLOEXEC) != 0)
		return err_code(e, errno, "pipe: %s", strerror(errno));
	if (pipe2(diag, O_CLOEXEC) != 0) {
		close(out[0]);
		close(out[1]);
		return err_code(e, errno, "pipe: %s", strerror(errno));
	}
	rc = spawn(c, argv, out[1], diag[1]);
	close(out[1]);
	close(diag[1]);
	c->out = out[0];
	c->diag = diag[0];
	if (rc == 0)
		return 0;
	close(c->out);
	close(c->diag);
	return err_code(e, rc, "%s: %s", argv[0], strerror(rc));
}

/* Moves what there is; false at the end of the stream. */
static bool drain(int fd, struct buf *b)
{
	char chunk[16384];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	if (n > 0)
		buf_add_some(b, chunk, (size_t)n);
	return n > 0;
}

/* Reads both streams to their ends, or to a bound. */
static void collect(struct child *c, double deadline, struct buf *out,
    struct buf *diag, struct proc_result *r)
{
	struct pollfd fds[2] = {{c->out, POLLIN, 0}, {c->diag, POLLIN, 0}};

	while (fds[0].fd >= 0 || fds[1].fd >= 0) {
		double left = deadline - clock_monotonic();

		if (left <= 0) {
			r->timed_out = true;
			return;
		}
		if (poll(fds, 2, (int)(left * 1000) + 1) < 0 && errno != EINTR)
			return;
		if (fds[0].revents != 0 && !drain(c->out, out))
			fds[0].fd = -1;
		if (fds[1].revents != 0 && !drain(c->diag, diag))
			fds[1].fd = -1;
		if (out->failed) {
			r->overflow = true;
			return;
		}
	}
}

/* Waits until the deadline, then kills the group. */
static void reap(struct child *c, double deadline, struct proc_result *r)
{
	const struct timespec pause = {0, 1000000};
	int status = 0;

	if (r->timed_out || r->overflow)
		kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, &status, WNOHANG) == 0) {
		if (clock_monotonic() >= deadline) {
			r->timed_out = true;
			kill(-c->pid, SIGKILL);
		}
		nanosleep(&pause, NULL);
	}
	kill(-c->pid, SIGKILL); /* what it left behind */
	r->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int proc_run(const char *const *argv, double timeout, struct buf *out,
    struct buf *diag, struct proc_result *r, struct err *e)
{
	double deadline = clock_monotonic() + timeout;
	struct child c;

	*r = (struct proc_result){0};
	if (start(&c, argv, e) != 0)
		return -1;
	collect(&c, deadline, out, diag, r);
	close(c.out);
	close(c.diag);
	reap(&c, deadline, r);
	return 0;
}
