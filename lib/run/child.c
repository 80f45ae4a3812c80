/* What a child does: fetch, decode, say so. */
#include "base/clock.h"
#include "run/collect.h"

#include <errno.h>
#include <unistd.h>

/* Left of the run's time for decoding and delivering. */
#define MARGIN_S 0.5

struct child {
	struct job *const *jobs;
	struct fetch *fetches;
	int fd;
	bool broken;
};

static void write_all(struct child *c, const struct buf *b)
{
	const char *p = b->data;
	size_t left = b->len;

	while (left > 0 && !c->broken) {
		ssize_t n = write(c->fd, p, left);

		if (n < 0 && errno != EINTR)
			c->broken = true;
		if (n > 0) {
			p += n;
			left -= (size_t)n;
		}
	}
}

/* Drops the samples that the source's keep: does not name. */
static void keep_only(const struct strings *globs, struct readings *r)
{
	size_t kept = 0;

	if (globs->n == 0)
		return;
	for (size_t i = 0; i < r->n_samples; i++)
		if (str_glob_any(globs, r->samples[i].metric))
			r->samples[kept++] = r->samples[i];
	r->n_samples = kept;
}

static int decode_part(const struct job *job, const struct fetch *f,
    struct span body, struct readings *out, struct err *e)
{
	const struct plan_source *s = job->source;
	struct decode_input in = {
	    .conf = s->decode_conf,
	    .body = body.p,
	    .len = body.n,
	    .state =
		out->state.p != NULL ? out->state : job->memory.decode_state,
	    .now = f->now,
	    .max_age = f->max_age,
	    .as = s->as,
	};

	err_clear(e);
	if (s->decoder->decode(&in, out, e) != 0) {
		if (e->code == OUTCOME_OK)
			e->code = OUTCOME_PARSE;
		return -1;
	}
	return 0;
}

/*
 * The parts of the body one after the other, as one. Each that is not the
 * last is copied, for a NUL to stand behind it.
 */
static int decode(
    const struct job *job, struct fetch *f, struct readings *out, struct err *e)
{
	size_t begin = 0, n = f->n_ends > 0 ? f->n_ends : 1;
	const char *text = buf_text(&f->body);

	for (size_t i = 0; i < n; i++) {
		size_t end = f->n_ends > 0 ? f->ends[i] : f->body.len;
		struct span part = {text + begin, end - begin};

		if (i + 1 < n)
			part.p = arena_strndup(out->arena, part.p, part.n);
		if (decode_part(job, f, part, out, e) != 0)
			return -1;
		begin = end;
	}
	readings_join_tables(out);
	keep_only(&job->source->common.keep, out);
	if (f->warning != NULL)
		readings_warn(out, "%s", f->warning);
	return 0;
}

static const char *join_warnings(const struct readings *r)
{
	const char *text = "";

	for (size_t i = 0; i < r->warnings.n; i++)
		text = arena_printf(r->arena, "%s%s%s", text, i > 0 ? "; " : "",
		    r->warnings.items[i]);
	if (r->warnings_left_out > 0)
		text = arena_printf(
		    r->arena, "%s; and %zu more", text, r->warnings_left_out);
	return text;
}

/* Says it; if that is too much to be said, says so. */
static void say(struct child *c, struct wire_message *m)
{
	struct buf out;

	buf_init(&out, WIRE_FRAME_MAX);
	wire_put(&out, m);
	if (out.failed) {
		buf_reset(&out);
		readings_init(&m->readings, m->readings.arena);
		m->fetch_state = (struct span){0};
		m->outcome = OUTCOME_TOO_LARGE;
		m->message = "what it yielded is too large to be stored";
		m->hint = "";
		wire_put(&out, m);
	}
	write_all(c, &out);
	buf_free(&out);
}

static void done(void *ctx, struct fetch *f)
{
	struct child *c = ctx;
	struct job *job = f->owner;
	struct arena *a = arena_new();
	struct wire_message m = {.ms = f->ms, .bytes = f->body.len};
	struct err e = f->err;
	int rc = f->rc;

	readings_init(&m.readings, a);
	if (rc == 0)
		rc = decode(job, f, &m.readings, &e);
	m.job = (uint64_t)(f - c->fetches);
	m.message = rc == 0 ? join_warnings(&m.readings) : e.text;
	m.hint = rc == 0 ? "" : e.hint;
	m.outcome = rc == 0		   ? OUTCOME_OK
		    : e.code == OUTCOME_OK ? OUTCOME_FAILED
					   : (enum outcome)e.code;
	m.fetch_state =
	    (struct span){buf_text(&f->new_state), f->new_state.len};
	if (rc != 0)
		readings_init(&m.readings, a);
	say(c, &m);
	arena_free(a);
}

/* Asks the parent, which commits before it answers. */
static int keep(struct fetch *f, struct span vault, struct err *e)
{
	struct child *c = f->keeper;
	struct wire_message m = {
	    .keep = true, .job = (uint64_t)(f - c->fetches), .vault = vault};
	struct buf out;
	char answer = 0;

	buf_init(&out, WIRE_FRAME_MAX);
	wire_put(&out, &m);
	write_all(c, &out);
	buf_free(&out);
	while (!c->broken && read(c->fd, &answer, 1) < 0 && errno == EINTR)
		continue;
	if (answer == WIRE_KEPT)
		return 0;
	return err_code(
	    e, OUTCOME_FAILED, "what must be kept could not be stored");
}

static const char *command(const struct job *job, struct arena *a)
{
	const struct plan_source *s = job->source;

	if (s->common.run != NULL)
		return s->common.run;
	if (s->decoder->command == NULL || !s->kind->commands)
		return NULL;
	return s->decoder->command(s->decode_conf, job->memory.decode_state, a);
}

static void prepare(struct child *c, struct fetch *f, struct job *job,
    int64_t now, double left, struct arena *a)
{
	const struct plan_source *s = job->source;
	double timeout = s->common.timeout;

	if (left > 2 * MARGIN_S && timeout > left - MARGIN_S)
		timeout = left - MARGIN_S;
	*f = (struct fetch){
	    .name = s->name,
	    .conf = s->conf,
	    .command = command(job, a),
	    .state = job->memory.fetch_state,
	    .timeout = timeout,
	    .now = now,
	    .vault = job->kept,
	    .owner = job,
	    .keep = keep,
	    .keeper = c,
	};
	buf_init(&f->body, s->common.limit);
	buf_init(&f->new_state, 1024 * 1024);
}

int collect_child(
    struct job *const *jobs, size_t n, int64_t now, double deadline, int fd)
{
	struct arena *a = arena_new();
	struct child c = {.jobs = jobs, .fd = fd};
	struct fetch_sink sink = {done, &c};

	c.fetches = arena_array(a, n, sizeof(*c.fetches));
	for (size_t i = 0; i < n; i++)
		prepare(&c, &c.fetches[i], jobs[i], now, deadline, a);
	jobs[0]->source->kind->fetch(c.fetches, n, &sink);
	for (size_t i = 0; i < n; i++) {
		buf_free(&c.fetches[i].body);
		buf_free(&c.fetches[i].new_state);
	}
	arena_free(a);
	return c.broken;
}
