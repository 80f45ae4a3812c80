#include "base/proc.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* For the ends of a pipeline that outlive the command itself. */
#define GRACE 0.1

/* Even SIGKILL waits for a process that hangs in the kernel; we don't. */
#define DEATH_MAX_MS 1000

enum stream { OUT, DIAG, N_STREAMS };

struct child {
	pid_t pid, watcher;
	int pidfd;
	int alive;	   /* its being closed tells the watcher */
	int fd[N_STREAMS]; /* our ends, -1 once at the end */
};

static int make_pipe(int ours[static 1], int theirs[static 1], struct err *e)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_code(e, errno, "pipe: %s", strerror(errno));
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	*ours = fds[0];
	*theirs = fds[1];
	return 0;
}

static void close_all(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static int spawn(pid_t *pid, const char *const *argv, int in, const int *theirs)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&files, in, 0);
	else
		posix_spawn_file_actions_addopen(
		    &files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, theirs[OUT], 1);
	posix_spawn_file_actions_adddup2(&files, theirs[DIAG], 2);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
					    POSIX_SPAWN_SETSIGMASK |
					    POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawnp(pid, argv[0], &files, &attr,
	    (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/*
 * A member of the command's group that does nothing but wait for us to die,
 * and takes the group along. A kill of our own group would miss it.
 */
static _Noreturn void watch(pid_t group, int alive)
{
	char byte;

	setpgid(0, group);
	dup2(alive, 0);
	close_range(1, ~0U, 0);
	while (read(0, &byte, 1) < 0 && errno == EINTR)
		continue;
	kill(-group, SIGKILL);
	_exit(0);
}

static int start_watcher(struct child *c, struct err *e)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_code(e, errno, "pipe: %s", strerror(errno));
	c->watcher = fork();
	if (c->watcher == 0) {
		close(fds[1]);
		watch(c->pid, fds[0]);
	}
	close(fds[0]);
	c->alive = fds[1];
	if (c->watcher < 0)
		return err_code(e, errno, "fork: %s", strerror(errno));
	setpgid(c->watcher, c->pid); /* whoever of us two is first */
	return 0;
}

/* Kills the whole group, also one that was only half started. */
static void end(struct child *c, int *status)
{
	struct pollfd death = {c->pidfd, POLLIN, 0};

	kill(-c->pid, SIGKILL);
	while (c->pidfd >= 0 && poll(&death, 1, DEATH_MAX_MS) < 0 &&
	       errno == EINTR)
		continue;
	*status = 0;
	if (waitpid(c->pid, status, WNOHANG) != c->pid)
		*status = SIGKILL;
	close_all(
	    (const int[]){c->pidfd, c->alive, c->fd[OUT], c->fd[DIAG]}, 4);
	if (c->watcher > 0)
		waitpid(c->watcher, NULL, 0);
}

static int start(
    struct child *c, const char *const *argv, int in, struct err *e)
{
	int theirs[N_STREAMS] = {-1, -1}, rc, status;

	*c = (struct child){.pidfd = -1, .alive = -1, .fd = {-1, -1}};
	if (make_pipe(&c->fd[OUT], &theirs[OUT], e) != 0)
		return -1;
	if (make_pipe(&c->fd[DIAG], &theirs[DIAG], e) != 0) {
		close_all((const int[]){c->fd[OUT], theirs[OUT]}, 2);
		return -1;
	}
	rc = spawn(&c->pid, argv, in, theirs);
	close_all(theirs, N_STREAMS);
	if (rc != 0) {
		close_all(c->fd, N_STREAMS);
		return err_code(e, rc, "%s: %s", argv[0], strerror(rc));
	}
	c->pidfd = pidfd_open(c->pid, 0);
	if (c->pidfd < 0)
		rc = err_code(e, errno, "pidfd_open: %s", strerror(errno));
	else
		rc = start_watcher(c, e);
	if (rc != 0)
		end(c, &status);
	return rc;
}

/* Adds, and forgets from the front what is more than max. */
static void keep_tail(struct buf *b, const char *p, size_t n)
{
	size_t drop;

	if (n > b->max) {
		p += n - b->max;
		n = b->max;
	}
	if (n > b->max - b->len) {
		drop = n - (b->max - b->len);
		memmove(b->data, b->data + drop, b->len - drop);
		b->len -= drop;
	}
	buf_add(b, p, n);
}

/* Moves a chunk of what there is. */
static void drain(struct child *c, enum stream s, struct buf *b)
{
	char chunk[16384];
	ssize_t n = read(c->fd[s], chunk, sizeof(chunk));

	if (n < 0)
		return;
	if (n == 0) {
		close(c->fd[s]);
		c->fd[s] = -1;
	} else if (s == OUT) {
		buf_add_some(b, chunk, (size_t)n);
	} else {
		keep_tail(b, chunk, (size_t)n);
	}
}

/*
 * Reads until both streams and the command have ended, or to a bound. Once
 * the command has ended its streams have GRACE left.
 */
static void collect(struct child *c, double deadline, struct buf *out,
    struct buf *diag, struct proc_result *r)
{
	struct buf *to[N_STREAMS] = {out, diag};
	bool ended = false;

	while (!ended || c->fd[OUT] >= 0 || c->fd[DIAG] >= 0) {
		double left = deadline - clock_monotonic();
		struct pollfd fds[] = {{c->fd[OUT], POLLIN, 0},
		    {c->fd[DIAG], POLLIN, 0},
		    {ended ? -1 : c->pidfd, POLLIN, 0}};

		if (left <= 0)
			break;
		if (poll(fds, 3, (int)(left * 1000) + 1) <= 0)
			continue;
		for (int s = 0; s < N_STREAMS; s++)
			if (fds[s].revents != 0)
				drain(c, s, to[s]);
		if (out->failed)
			break;
		if (fds[2].revents != 0) {
			ended = true;
			deadline = clock_monotonic() + GRACE;
		}
	}
	r->overflow = out->failed;
	r->timed_out = !ended && !out->failed;
}

static int run(const char *const *argv, int in, double timeout, struct buf *out,
    struct buf *diag, struct proc_result *r, struct err *e)
{
	double deadline = clock_monotonic() + timeout;
	struct child c;
	int status;

	*r = (struct proc_result){0};
	if (start(&c, argv, in, e) != 0)
		return -1;
	collect(&c, deadline, out, diag, r);
	end(&c, &status);
	r->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return 0;
}

int proc_run(const char *const *argv, double timeout, struct buf *out,
    struct buf *diag, struct proc_result *r, struct err *e)
{
	return run(argv, -1, timeout, out, diag, r, e);
}

/* A file in memory, at its beginning; -1 with errno. */
static int make_input(struct span input)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	ssize_t n;

	while (fd >= 0 && input.n > 0) {
		n = pwrite(fd, input.p, input.n, lseek(fd, 0, SEEK_END));
		if (n < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		input.p += n > 0 ? n : 0;
		input.n -= n > 0 ? (size_t)n : 0;
	}
	return fd;
}

int proc_feed(const char *const *argv, struct span input, double timeout,
    struct buf *out, struct buf *diag, struct proc_result *r, struct err *e)
{
	int in = make_input(input), rc;

	if (in < 0)
		return err_code(e, errno, "memory: %s", strerror(errno));
	rc = run(argv, in, timeout, out, diag, r, e);
	close(in);
	return rc;
}
