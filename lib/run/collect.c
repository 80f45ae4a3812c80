#include "run/collect.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Beyond the sum of its jobs' timeouts, before a child is killed. */
#define GRACE_S 2.0

/* The jobs of one endpoint, and the child that asks it. */
struct batch {
	const struct source_kind *kind;
	const char *endpoint;
	struct job **jobs;
	size_t n, cap;
	pid_t pid; /* 0: not started */
	int fd;
	double kill_at;
	bool killed;
	struct buf in;
	struct arena *arena; /* of what the child says */
};

struct collector {
	const struct plan *plan;
	const struct collect_sink *sink;
	struct arena *arena;
	struct batch *batches;
	size_t n, cap;
	size_t started, running;
	size_t ended_jobs, all_jobs;
	int64_t now;
	double stop_at;
};

static struct batch *find_batch(
    struct collector *c, const struct source_kind *kind, const char *endpoint)
{
	for (size_t i = c->n; endpoint != NULL && i > 0; i--) {
		struct batch *b = &c->batches[i - 1];

		if (b->kind == kind && b->n < kind->batch &&
		    str_eq(b->endpoint, endpoint))
			return b;
	}
	return NULL;
}

static void deal(struct collector *c, struct job *job)
{
	const struct source_kind *kind = job->source->kind;
	const char *endpoint = kind->endpoint != NULL
				   ? kind->endpoint(job->source->conf, c->arena)
				   : NULL;
	struct batch *b = find_batch(c, kind, endpoint);

	if (b == NULL) {
		b = arena_push(c->arena, &c->batches, &c->n, &c->cap);
		b->kind = kind;
		b->endpoint = endpoint;
	}
	*arena_push(c->arena, &b->jobs, &b->n, &b->cap) = job;
}

/*
 * A child keeps nothing of its parent's but the pipe: neither the lock nor
 * the database, and it dies with its parent.
 */
static _Noreturn void run_child(struct collector *c, struct batch *b, int fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	signal(SIGPIPE, SIG_IGN);
	if (dup2(fd, 3) < 0)
		_exit(1);
	close_range(4, ~0u, 0);
	_exit(collect_child(
	    b->jobs, b->n, c->now, c->stop_at - clock_monotonic(), 3));
}

static void set_deadline(struct collector *c, struct batch *b)
{
	double t = clock_monotonic() + GRACE_S;

	for (size_t i = 0; i < b->n; i++)
		t += b->jobs[i]->source->common.timeout;
	b->kill_at = t < c->stop_at ? t : c->stop_at;
}

static int start(struct collector *c, struct batch *b, struct err *e)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_set(e, "pipe: %s", strerror(errno));
	set_deadline(c, b);
	b->pid = fork();
	if (b->pid == 0)
		run_child(c, b, fds[1]);
	close(fds[1]);
	if (b->pid < 0) {
		close(fds[0]);
		return err_set(e, "fork: %s", strerror(errno));
	}
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	b->fd = fds[0];
	b->arena = arena_new();
	buf_init(&b->in, WIRE_FRAME_MAX + WIRE_HEAD);
	c->running++;
	return 0;
}

static void end_job(struct collector *c, struct job *job, enum outcome outcome,
    const char *message, const char *hint)
{
	job->ended = true;
	job->delivery = (struct delivery){
	    .source = job->source->name,
	    .now = c->now,
	    .every = job->source->every,
	    .outcome = outcome,
	    .message = message,
	    .hint = hint,
	};
}

static void take_message(
    struct collector *c, struct batch *b, const struct wire_message *m)
{
	struct job *job = b->jobs[m->job];

	end_job(c, job, m->outcome, m->message, m->hint);
	job->readings = m->readings;
	job->delivery.ms = m->ms;
	job->delivery.bytes = m->bytes;
	job->delivery.fetch_state = m->fetch_state;
	if (m->outcome == OUTCOME_OK)
		job->delivery.readings = &job->readings;
	c->ended_jobs++;
	if (c->sink->progress != NULL)
		c->sink->progress(c->sink->ctx, c->ended_jobs, c->all_jobs);
}

/* The frames that are whole; a broken one ends the child. */
static int take_frames(struct collector *c, struct batch *b)
{
	struct wire_message m;
	size_t n, used = 0;
	struct err e;

	while (b->in.len - used >= WIRE_HEAD) {
		const char *p = b->in.data + used;
		struct span body = {p + WIRE_HEAD, 0};

		if (wire_length((const unsigned char *)p, &n, &e) != 0)
			return -1;
		if (b->in.len - used - WIRE_HEAD < n)
			break;
		body.n = n;
		if (wire_get(b->arena, body, &m, &e) != 0 || m.job >= b->n ||
		    b->jobs[m.job]->ended)
			return -1;
		take_message(c, b, &m);
		used += WIRE_HEAD + n;
	}
	if (used > 0) {
		memmove(b->in.data, b->in.data + used, b->in.len - used);
		b->in.len -= used;
	}
	return 0;
}

/* False at the end of what the child says. */
static bool read_some(struct collector *c, struct batch *b)
{
	char chunk[65536];
	ssize_t n = read(b->fd, chunk, sizeof(chunk));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	buf_add(&b->in, chunk, (size_t)n);
	return !b->in.failed && take_frames(c, b) == 0;
}

static void kill_batch(struct batch *b)
{
	kill(-b->pid, SIGKILL);
	kill(b->pid, SIGKILL);
}

/* What is said of the jobs that a child did not get to. */
static void end_rest(struct collector *c, struct batch *b, int status)
{
	for (size_t i = 0; i < b->n; i++) {
		struct job *job = b->jobs[i];
		const char *text;

		if (job->ended)
			continue;
		if (b->killed)
			end_job(c, job, OUTCOME_TIMEOUT,
			    arena_printf(b->arena,
				"no answer before the run's deadline of %g s",
				c->plan->common.deadline),
			    "");
		else {
			text =
			    WIFSIGNALED(status)
				? arena_printf(b->arena,
				      "its child process was ended by signal "
				      "%d "
				      "(%s)",
				      WTERMSIG(status),
				      strsignal(WTERMSIG(status)))
				: "its child process ended without an answer";
			end_job(c, job, OUTCOME_CRASHED, text, "");
		}
		c->ended_jobs++;
	}
}

static int deliver(struct collector *c, struct batch *b, struct err *e)
{
	struct delivery *all = arena_array(b->arena, b->n, sizeof(*all));

	for (size_t i = 0; i < b->n; i++)
		all[i] = b->jobs[i]->delivery;
	return c->sink->deliver(c->sink->ctx, all, b->n, e);
}

static int finish(struct collector *c, struct batch *b, struct err *e)
{
	int status = 0, rc;

	kill_batch(b);
	close(b->fd);
	while (waitpid(b->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	c->running--;
	b->pid = -1;
	end_rest(c, b, status);
	rc = deliver(c, b, e);
	buf_free(&b->in);
	arena_free(b->arena);
	return rc;
}

static int start_some(struct collector *c, struct err *e)
{
	while (
	    c->started < c->n && c->running < (size_t)c->plan->common.parallel)
		if (start(c, &c->batches[c->started++], e) != 0)
			return -1;
	return 0;
}

static double next_deadline(const struct collector *c)
{
	double t = c->stop_at;

	for (size_t i = 0; i < c->started; i++)
		if (c->batches[i].pid > 0 && c->batches[i].kill_at < t)
			t = c->batches[i].kill_at;
	return t;
}

/* Waits for children to speak, end, or be late. */
static int turn(struct collector *c, struct err *e)
{
	struct pollfd *fds = calloc(c->running, sizeof(*fds));
	struct batch **at = calloc(c->running, sizeof(struct batch *));
	double left = next_deadline(c) - clock_monotonic();
	size_t n = 0;
	int rc = 0;

	if (fds == NULL || at == NULL)
		rc = err_set(e, "out of memory");
	for (size_t i = 0; rc == 0 && i < c->started; i++) {
		if (c->batches[i].pid <= 0)
			continue;
		fds[n] = (struct pollfd){c->batches[i].fd, POLLIN, 0};
		at[n++] = &c->batches[i];
	}
	if (rc == 0)
		poll(fds, n, left > 0 ? (int)(left * 1000) + 1 : 0);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		bool more = fds[i].revents == 0 || read_some(c, at[i]);

		at[i]->killed = more && clock_monotonic() >= at[i]->kill_at;
		if (!more || at[i]->killed)
			rc = finish(c, at[i], e);
	}
	free(fds);
	free(at);
	return rc;
}

/* After a fault of our own: no child is left behind. */
static void abandon(struct collector *c)
{
	for (size_t i = 0; i < c->started; i++) {
		struct batch *b = &c->batches[i];

		if (b->pid <= 0)
			continue;
		kill_batch(b);
		close(b->fd);
		waitpid(b->pid, NULL, 0);
		buf_free(&b->in);
		arena_free(b->arena);
	}
}

int collect_jobs(const struct plan *plan, struct job *jobs, size_t n,
    int64_t now, double deadline, const struct collect_sink *sink,
    struct err *e)
{
	struct collector c = {
	    .plan = plan,
	    .sink = sink,
	    .arena = arena_new(),
	    .now = now,
	    .all_jobs = n,
	    .stop_at = clock_monotonic() + deadline,
	};
	int rc;

	for (size_t i = 0; i < n; i++)
		deal(&c, &jobs[i]);
	rc = start_some(&c, e);
	while (rc == 0 && c.running > 0) {
		rc = turn(&c, e);
		if (rc == 0)
			rc = start_some(&c, e);
	}
	if (rc != 0)
		abandon(&c);
	arena_free(c.arena);
	return rc;
}
