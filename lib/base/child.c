#include "base/child.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long a killed child may take to be gone: a dead disk holds it. */
#define REAP_S 1.0

static _Noreturn void run(
    int (*work)(void *ctx, int fd), void *ctx, int fd, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	setpgid(0, 0);
	signal(SIGPIPE, SIG_IGN);
	if (dup2(fd, 3) < 0)
		_exit(1);
	close_range(4, ~0u, 0);
	_exit(work(ctx, 3));
}

int child_start(struct child *c, int (*work)(void *ctx, int fd), void *ctx)
{
	pid_t parent = getpid();
	int fds[2], why;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return -1;
	c->pid = fork();
	if (c->pid == 0)
		run(work, ctx, fds[1], parent);
	why = errno;
	close(fds[1]);
	if (c->pid < 0) {
		close(fds[0]);
		errno = why;
		return -1;
	}
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	c->fd = fds[0];
	return 0;
}

static int reap(pid_t pid)
{
	struct timespec pause = {.tv_nsec = 50000};
	double until = clock_monotonic() + REAP_S;
	int status = 0;

	while (
	    waitpid(pid, &status, WNOHANG) == 0 && clock_monotonic() < until) {
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 10000000)
			pause.tv_nsec *= 2;
	}
	return status;
}

int child_end(struct child *c)
{
	kill(-c->pid, SIGKILL);
	kill(c->pid, SIGKILL);
	close(c->fd);
	return reap(c->pid);
}
