#include "run/collect.h"
#include "base/child.h"
#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Beyond the sum of its jobs' timeouts, before a child is killed. */
#define GRACE_S 2.0

enum fate {
	FATE_ENDED,    /* by itself */
	FATE_LATE,     /* past its own time */
	FATE_DEADLINE, /* past the run's */
	FATE_BROKEN,   /* what it said made no sense */
};

/* The jobs of one endpoint, and the child that asks it. */
struct batch {
	struct job **jobs;
	size_t n, cap;
	struct child child;
	double kill_at;
	enum fate fate;
	struct buf in;
	struct arena *arena; /* of what the child says */
};

struct collector {
	const struct plan *plan;
	const struct collect_sink *sink;
	struct arena *arena;
	struct batch *batches;
	size_t n, cap;
	struct names endpoints;
	size_t *newest; /* batch of each endpoint */
	size_t n_endpoints, cap_endpoints;
	size_t started;
	struct batch **running; /* and what is polled for each */
	struct pollfd *polled;
	size_t n_running;
	size_t ended_jobs, all_jobs;
	int64_t now;
	double stop_at;
};

/* The number of an endpoint of a kind; a new one for none. */
static size_t endpoint_of(struct collector *c, const struct job *job)
{
	const struct source_kind *kind = job->source->kind;
	const char *endpoint = job->vault;
	size_t at = c->n_endpoints;

	if (endpoint == NULL && kind->endpoint != NULL)
		endpoint = kind->endpoint(job->source->conf, c->arena);
	if (endpoint != NULL) {
		endpoint =
		    arena_printf(c->arena, "%s %s", kind->name, endpoint);
		if (!names_add(c->arena, &c->endpoints, endpoint, at))
			names_find(&c->endpoints, endpoint, &at);
	}
	if (at == c->n_endpoints)
		arena_push(
		    c->arena, &c->newest, &c->n_endpoints, &c->cap_endpoints);
	return at;
}

/* Into the newest batch of its endpoint, or a new one if that is full. */
static void deal(struct collector *c, struct job *job)
{
	size_t endpoint = endpoint_of(c, job); /* may move c->newest */
	size_t *newest = &c->newest[endpoint]; /* from 1; 0: none */
	struct batch *b;

	/* Those that share a vault share a child, however many they are. */
	if (*newest == 0 ||
	    (job->vault == NULL &&
		c->batches[*newest - 1].n >= job->source->kind->batch)) {
		arena_push(c->arena, &c->batches, &c->n, &c->cap);
		*newest = c->n;
	}
	b = &c->batches[*newest - 1];
	*arena_push(c->arena, &b->jobs, &b->n, &b->cap) = job;
}

/* What the child of a batch is given. */
struct errand {
	struct collector *c;
	struct batch *b;
};

static int run_child(void *ctx, int fd)
{
	const struct errand *x = ctx;

	return collect_child(x->b->jobs, x->b->n, x->c->now,
	    x->c->stop_at - clock_monotonic(), fd);
}

static void set_deadline(struct collector *c, struct batch *b)
{
	double t = clock_monotonic() + GRACE_S;

	for (size_t i = 0; i < b->n; i++)
		t += b->jobs[i]->source->common.timeout;
	b->kill_at = t < c->stop_at ? t : c->stop_at;
}

/* -1 with errno: the machine has no more processes or descriptors. */
static int start_child(struct collector *c, struct batch *b)
{
	struct errand errand = {c, b};

	if (child_start(&b->child, run_child, &errand) != 0)
		return -1;
	buf_init(&b->in, WIRE_FRAME_MAX + WIRE_HEAD);
	c->running[c->n_running++] = b;
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
	    .whole = job->source->common.whole,
	    .outcome = outcome,
	    .message = message,
	    .hint = hint,
	};
	c->ended_jobs++;
	if (c->sink->progress != NULL)
		c->sink->progress(c->sink->ctx, c->ended_jobs, c->all_jobs);
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
}

/* The child waits for the answer; one that went away needs none. */
static bool keep(
    struct collector *c, struct batch *b, const struct wire_message *m)
{
	const struct job *job = b->jobs[m->job];
	struct err e;
	char answer = WIRE_KEPT;

	if (job->vault == NULL || c->sink->keep == NULL)
		return false;
	if (c->sink->keep(c->sink->ctx, job->vault, m->vault, &e) != 0)
		answer = WIRE_NOT_KEPT;
	(void)!send(b->child.fd, &answer, 1, MSG_NOSIGNAL);
	return true;
}

static bool take_one(
    struct collector *c, struct batch *b, const struct wire_message *m)
{
	if (m->job >= b->n || b->jobs[m->job]->ended)
		return false;
	if (m->keep)
		return keep(c, b, m);
	take_message(c, b, m);
	return true;
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
		if (wire_get(b->arena, body, &m, &e) != 0 ||
		    !take_one(c, b, &m))
			return -1;
		used += WIRE_HEAD + n;
	}
	if (used > 0) {
		memmove(b->in.data, b->in.data + used, b->in.len - used);
		b->in.len -= used;
	}
	return 0;
}

/* False at the end of what the child says, or of what makes sense. */
static bool read_some(struct collector *c, struct batch *b)
{
	char chunk[65536];
	ssize_t n = read(b->child.fd, chunk, sizeof(chunk));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	buf_add(&b->in, chunk, (size_t)n);
	if (!b->in.failed && take_frames(c, b) == 0)
		return true;
	b->fate = FATE_BROKEN;
	return false;
}

static const char *crash_text(const struct batch *b, int status)
{
	if (b->fate == FATE_BROKEN)
		return "its child process sent a broken message";
	if (WIFSIGNALED(status))
		return arena_printf(b->arena,
		    "its child process was ended by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	return "its child process ended without an answer";
}

static const char *late_text(
    const struct collector *c, const struct batch *b, const struct job *job)
{
	if (b->fate == FATE_LATE)
		return arena_printf(
		    b->arena, "no answer in %g s", job->source->common.timeout);
	return arena_printf(b->arena,
	    "no answer before the run's deadline of %g s",
	    c->plan->common.deadline);
}

/* What is said of the jobs that a child did not get to. */
static void end_rest(struct collector *c, struct batch *b, int status)
{
	for (size_t i = 0; i < b->n; i++) {
		struct job *job = b->jobs[i];

		if (job->ended)
			continue;
		if (b->fate == FATE_LATE || b->fate == FATE_DEADLINE)
			end_job(
			    c, job, OUTCOME_TIMEOUT, late_text(c, b, job), "");
		else
			end_job(
			    c, job, OUTCOME_CRASHED, crash_text(b, status), "");
	}
}

/* Gives out the jobs of a batch that has ended, and forgets it. */
static int deliver(struct collector *c, struct batch *b, struct err *e)
{
	struct delivery *all = arena_array(b->arena, b->n, sizeof(*all));
	int rc;

	for (size_t i = 0; i < b->n; i++)
		all[i] = b->jobs[i]->delivery;
	rc = c->sink->deliver(c->sink->ctx, all, b->n, e);
	arena_free(b->arena);
	b->arena = NULL;
	return rc;
}

/* Ends the child, however far it is. */
static int end_child(struct batch *b)
{
	int status = child_end(&b->child);

	buf_free(&b->in);
	return status;
}

static int finish(struct collector *c, size_t at, struct err *e)
{
	struct batch *b = c->running[at];
	int status = end_child(b);

	c->running[at] = c->running[--c->n_running];
	end_rest(c, b, status);
	return deliver(c, b, e);
}

/* A batch that can't be started any more ends without a child. */
static int start(struct collector *c, struct batch *b, struct err *e)
{
	b->arena = arena_new();
	set_deadline(c, b);
	if (clock_monotonic() >= c->stop_at) {
		b->fate = FATE_DEADLINE;
		end_rest(c, b, 0);
		return deliver(c, b, e);
	}
	if (start_child(c, b) == 0)
		return 0;
	for (size_t i = 0; i < b->n; i++)
		end_job(c, b->jobs[i], OUTCOME_CRASHED,
		    arena_printf(b->arena,
			"its child process could not be started: %s",
			strerror(errno)),
		    "");
	return deliver(c, b, e);
}

static int start_some(struct collector *c, struct err *e)
{
	while (c->started < c->n &&
	       c->n_running < (size_t)c->plan->common.parallel)
		if (start(c, &c->batches[c->started++], e) != 0)
			return -1;
	return 0;
}

static double next_deadline(const struct collector *c)
{
	double t = c->stop_at;

	for (size_t i = 0; i < c->n_running; i++)
		if (c->running[i]->kill_at < t)
			t = c->running[i]->kill_at;
	return t;
}

/* True once there is nothing more to be had from a child. */
static bool is_over(struct collector *c, struct batch *b, short revents)
{
	if (revents != 0 && !read_some(c, b))
		return true;
	if (clock_monotonic() < b->kill_at)
		return false;
	b->fate = b->kill_at < c->stop_at ? FATE_LATE : FATE_DEADLINE;
	return true;
}

/* Waits for children to speak, end, or be late. */
static int turn(struct collector *c, struct err *e)
{
	double left = next_deadline(c) - clock_monotonic();

	for (size_t i = 0; i < c->n_running; i++)
		c->polled[i] =
		    (struct pollfd){c->running[i]->child.fd, POLLIN, 0};
	poll(c->polled, c->n_running, left > 0 ? (int)(left * 1000) + 1 : 0);
	/* From the last: finish() puts the last one into the gap. */
	for (size_t i = c->n_running; i > 0; i--)
		if (is_over(c, c->running[i - 1], c->polled[i - 1].revents) &&
		    finish(c, i - 1, e) != 0)
			return -1;
	return 0;
}

/* After a fault of our own: no child is left behind. */
static void abandon(struct collector *c)
{
	for (size_t i = 0; i < c->n_running; i++) {
		end_child(c->running[i]);
		arena_free(c->running[i]->arena);
	}
}

static size_t most_children(const struct collector *c)
{
	size_t parallel = (size_t)c->plan->common.parallel;

	return c->n < parallel ? c->n : parallel;
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
	c.running = arena_array(c.arena, most_children(&c), sizeof(*c.running));
	c.polled = arena_array(c.arena, most_children(&c), sizeof(*c.polled));
	rc = start_some(&c, e);
	while (rc == 0 && c.n_running > 0) {
		rc = turn(&c, e);
		if (rc == 0)
			rc = start_some(&c, e);
	}
	if (rc != 0)
		abandon(&c);
	arena_free(c.arena);
	return rc;
}
