/* Collecting: whatever a child does, each source is delivered once. */
#include "run/collect.h"
#include "test.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define NOW 1795317240
#define OUT 3 /* a child's pipe */

struct delivered {
	struct arena *a;
	size_t n;
	size_t calls;
	size_t progress;
	const char *text; /* a line for each, in the order of the jobs */
	struct plan *plan;
	const char **lines;
	int fail_at;
};

static const char *line_of(struct arena *a, const struct delivery *d)
{
	const struct readings *r = d->readings;

	if (d->outcome != OUTCOME_OK)
		return arena_printf(a, "%s: %s: %s%s%s\n", d->source,
		    outcome_word(d->outcome), d->message,
		    d->hint[0] != '\0' ? "; hint: " : "", d->hint);
	assert_non_null(r);
	return arena_printf(a, "%s: ok: %zu samples, first %s = %g\n",
	    d->source, r->n_samples,
	    r->n_samples > 0 ? r->samples[0].metric : "",
	    r->n_samples > 0 ? r->samples[0].value : 0);
}

static int deliver(void *ctx, const struct delivery *d, size_t n, struct err *e)
{
	struct delivered *t = ctx;

	if (t->fail_at > 0 && ++t->calls == (size_t)t->fail_at)
		return err_set(e, "disk full");
	for (size_t i = 0; i < n; i++) {
		const struct plan_source *s = plan_source(t->plan, d[i].source);
		const char **line = &t->lines[s - t->plan->sources];

		assert_null(*line); /* once */
		assert_int_equal(d[i].now, NOW);
		assert_int_equal(d[i].every, s->every);
		*line = line_of(t->a, &d[i]);
		t->n++;
	}
	return 0;
}

static void progress(void *ctx, size_t ended, size_t all)
{
	struct delivered *t = ctx;

	assert_int_equal(all, t->plan->n_sources);
	assert_int_equal(ended, ++t->progress);
}

static void load(struct arena *a, struct plan *plan, const char *sources)
{
	const char *yaml = arena_printf(a,
	    "{title: T, pages: {index: {panels: []}}, sources: {%s}}", sources);
	struct faults f = {.arena = a};
	struct err e;

	if (plan_parse(plan, "f", (struct span){yaml, strlen(yaml)}, &f, &e) !=
	    0)
		fail_msg("%s", f.items[0].text);
}

static int run(
    struct arena *a, struct plan *plan, struct delivered *t, double left)
{
	struct job *jobs = arena_array(a, plan->n_sources, sizeof(*jobs));
	struct collect_sink sink = {
	    .deliver = deliver, .progress = progress, .ctx = t};
	struct err e = {0};
	int rc;

	t->a = a;
	t->plan = plan;
	t->lines = arena_array(a, plan->n_sources, sizeof(*t->lines));
	for (size_t i = 0; i < plan->n_sources; i++)
		jobs[i].source = &plan->sources[i];
	rc = collect_jobs(plan, jobs, plan->n_sources, NOW, left, &sink, &e);
	t->text = rc == 0 ? "" : e.text;
	for (size_t i = 0; i < plan->n_sources; i++)
		if (t->lines[i] != NULL)
			t->text = arena_printf(a, "%s%s", t->text, t->lines[i]);
	/* No child is left, neither running nor dead. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	return rc;
}

static const char *same_endpoint(const void *conf, struct arena *a)
{
	(void)conf, (void)a;
	return "here";
}

static void with(struct arena *a, size_t n,
    void (*fetch)(struct fetch *, size_t, const struct fetch_sink *),
    double left, const char *expected)
{
	struct source_kind fake = {.name = "fake",
	    .batch = 100,
	    .endpoint = same_endpoint,
	    .fetch = fetch};
	const char *yaml = "";
	struct delivered t = {0};
	struct plan plan;

	for (size_t i = 0; i < n; i++)
		yaml = arena_printf(a,
		    "%ss%zu: {exec: [x], decode: number, timeout: 500ms}, ",
		    yaml, i);
	load(a, &plan, yaml);
	for (size_t i = 0; i < n; i++)
		plan.sources[i].kind = &fake;
	assert_int_equal(run(a, &plan, &t, left), 0);
	assert_string_equal(t.text, expected);
	assert_int_equal(t.n, n);
	assert_int_equal(t.progress, n);
}

static void answer(
    struct fetch *job, const struct fetch_sink *sink, const char *body)
{
	buf_str(&job->body, body);
	job->ms = 1;
	sink->done(sink->ctx, job);
}

struct keeping {
	struct delivered told; /* first: it is what deliver() takes */
	char kept[256];
	bool fails;
};

static int keep_it(
    void *ctx, const char *vault, struct span data, struct err *e)
{
	struct keeping *k = ctx;
	size_t n = strlen(k->kept);

	snprintf(k->kept + n, sizeof(k->kept) - n, "%s=%.*s ", vault,
	    (int)data.n, data.p);
	return k->fails ? err_set(e, "the disk is full") : 0;
}

/* Two of a vault, one after the other in one child. */
static void fetch_and_keep(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	for (size_t i = 0; i < n; i++) {
		jobs[i].rc = jobs[i].keep(
		    &jobs[i], (struct span){"new", 3}, &jobs[i].err);
		answer(&jobs[i], sink, n == 2 ? "2" : "1");
	}
}

static const char *vault_of(const void *conf, struct arena *a)
{
	(void)conf, (void)a;
	return "login";
}

static const char *keeping(struct arena *a, struct keeping *k)
{
	struct source_kind fake = {.name = "fake",
	    .batch = 1,
	    .vault = vault_of,
	    .fetch = fetch_and_keep};
	struct collect_sink sink = {
	    .deliver = deliver, .keep = keep_it, .ctx = k};
	struct job jobs[2] = {{0}};
	struct plan plan;
	struct err e = {0};

	load(a, &plan,
	    "a: {exec: [x], decode: number}, b: {exec: [x], decode: number}");
	k->told.a = a;
	k->told.plan = &plan;
	k->told.lines = arena_array(a, 2, sizeof(*k->told.lines));
	for (size_t i = 0; i < 2; i++) {
		plan.sources[i].kind = &fake;
		jobs[i].source = &plan.sources[i];
		jobs[i].vault = "login";
	}
	assert_int_equal(collect_jobs(&plan, jobs, 2, NOW, 30, &sink, &e), 0);
	return arena_printf(a, "%s%s", k->told.lines[0], k->told.lines[1]);
}

/* In one child, though a batch is of one: the parent answers each time. */
static void children_ask_for_what_must_be_kept(void **state)
{
	struct keeping k = {0};

	assert_string_equal(keeping(*state, &k),
	    "a: ok: 1 samples, first value = 2\n"
	    "b: ok: 1 samples, first value = 2\n");
	assert_string_equal(k.kept, "login=new login=new ");
}

static void a_child_is_told_that_nothing_was_kept(void **state)
{
	struct keeping k = {.fails = true};

	assert_string_equal(keeping(*state, &k),
	    "a: failed: what must be kept could not be stored\n"
	    "b: failed: what must be kept could not be stored\n");
}

static void real_commands(void **state)
{
	struct delivered t = {0};
	struct plan plan;

	load(*state, &plan,
	    "a: {exec: [echo, 42], decode: number},"
	    "b: {exec: [sh, -c, 'exit 3'], decode: number},"
	    "c: {exec: [echo, none], decode: number},"
	    "d: {exec: [printf, 'x=1\\ny=2\\nz=3\\n'], decode: keyvalue, "
	    "keep: [y]}");
	assert_int_equal(run(*state, &plan, &t, 30), 0);
	assert_int_equal(t.n, 4);
	assert_string_equal(t.lines[0], "a: ok: 1 samples, first value = 42\n");
	assert_string_equal(t.lines[1], "b: failed: exec sh: exit status 3\n");
	assert_memory_equal(t.lines[2], "c: parse: ", 10);
	assert_string_equal(t.lines[3], "d: ok: 1 samples, first y = 2\n");
}

static void fetch_and_answer(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	for (size_t i = n; i > 0; i--)
		answer(&jobs[i - 1], sink, "7");
}

static void several_by_one_child(void **state)
{
	with(*state, 3, fetch_and_answer, 30,
	    "s0: ok: 1 samples, first value = 7\n"
	    "s1: ok: 1 samples, first value = 7\n"
	    "s2: ok: 1 samples, first value = 7\n");
}

static void fetch_and_die(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	(void)n;
	answer(&jobs[0], sink, "7");
	kill(getpid(), SIGKILL);
}

static void a_child_that_dies_midway(void **state)
{
	with(*state, 2, fetch_and_die, 30,
	    "s0: ok: 1 samples, first value = 7\n"
	    "s1: crashed: its child process was ended by signal 9 (Killed)\n");
}

static void fetch_and_leave(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	(void)jobs, (void)n, (void)sink;
	_exit(0);
}

static void a_child_that_says_nothing(void **state)
{
	with(*state, 1, fetch_and_leave, 30,
	    "s0: crashed: its child process ended without an answer\n");
}

static void fetch_for_ever(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	(void)n;
	answer(&jobs[0], sink, "7");
	for (;;)
		pause();
}

static void a_child_past_the_run(void **state)
{
	with(*state, 2, fetch_for_ever, 0.3,
	    "s0: ok: 1 samples, first value = 7\n"
	    "s1: timeout: no answer before the run's deadline of 45 s\n");
}

/* Half a second for each of the two, and two more. */
static void a_child_past_its_own_time(void **state)
{
	with(*state, 2, fetch_for_ever, 600,
	    "s0: ok: 1 samples, first value = 7\n"
	    "s1: timeout: no answer in 0.5 s\n");
}

static void nothing_is_started_past_the_deadline(void **state)
{
	with(*state, 2, fetch_and_answer, 0,
	    "s0: timeout: no answer before the run's deadline of 45 s\n"
	    "s1: timeout: no answer before the run's deadline of 45 s\n");
}

static void say(const void *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(OUT, p, n);

		if (done <= 0)
			_exit(1);
		p = (const char *)p + done;
		n -= (size_t)done;
	}
}

static void fetch_rubbish(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	(void)n;
	answer(&jobs[0], sink, "7");
	say("\4\0\0\0\0\0\0\0junk", 12);
	for (;;)
		pause();
}

static void a_child_that_says_rubbish(void **state)
{
	with(*state, 2, fetch_rubbish, 30,
	    "s0: ok: 1 samples, first value = 7\n"
	    "s1: crashed: its child process sent a broken message\n");
}

static void fetch_flood(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	static char chunk[65536];

	(void)jobs, (void)n, (void)sink;
	memset(chunk, 0xff, sizeof(chunk));
	for (;;)
		say(chunk, sizeof(chunk));
}

static void a_child_that_floods(void **state)
{
	with(*state, 1, fetch_flood, 30,
	    "s0: crashed: its child process sent a broken message\n");
}

static void fetch_twice(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	(void)n;
	answer(&jobs[0], sink, "7");
	sink->done(sink->ctx, &jobs[0]);
	answer(&jobs[1], sink, "7");
}

static void a_child_that_repeats_itself(void **state)
{
	with(*state, 2, fetch_twice, 30,
	    "s0: ok: 1 samples, first value = 7\n"
	    "s1: crashed: its child process sent a broken message\n");
}

static void fetch_and_fail(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	for (size_t i = 0; i < n; i++) {
		jobs[i].rc = err_code(&jobs[i].err,
		    i == 0 ? OUTCOME_REFUSED : OUTCOME_OK, "no\033[1m");
		err_hint(&jobs[i].err, "try %zu", i);
		sink->done(sink->ctx, &jobs[i]);
	}
}

static void failures_with_their_words(void **state)
{
	with(*state, 2, fetch_and_fail, 30,
	    "s0: refused: no; hint: try 0\n"
	    "s1: failed: no; hint: try 1\n");
}

/* A process that a child started ends with it. */
static void fetch_and_fork(
    struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	pid_t pid = fork();

	(void)n;
	if (pid == 0)
		for (;;)
			pause();
	buf_printf(&jobs[0].body, "%d", (int)pid);
	jobs[0].ms = 1;
	sink->done(sink->ctx, &jobs[0]);
}

static void grandchildren_end_too(void **state)
{
	struct source_kind fake = {
	    .name = "fake", .batch = 1, .fetch = fetch_and_fork};
	const struct timespec pause_s = {0, 10000000};
	struct delivered t = {0};
	struct plan plan;
	double pid;
	char path[64], text[256];

	load(*state, &plan, "s: {exec: [x], decode: number, timeout: 500ms}");
	plan.sources[0].kind = &fake;
	assert_int_equal(run(*state, &plan, &t, 30), 0);
	assert_true(
	    str_number(arena_strndup(*state, strchr(t.lines[0], '=') + 2,
			   strlen(strchr(t.lines[0], '=')) - 3),
		&pid));
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	for (;;) {
		FILE *f = fopen(path, "r");
		size_t n;

		if (f == NULL)
			break;
		n = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
		text[n] = '\0';
		if (n == 0 || strstr(text, ") Z ") != NULL)
			break;
		nanosleep(&pause_s, NULL);
	}
}

/* More endpoints than children at once, and than a batch may take. */
static void in_turns(void **state)
{
	struct source_kind fake = {.name = "fake",
	    .batch = 3,
	    .endpoint = same_endpoint,
	    .fetch = fetch_and_answer};
	const char *yaml = "";
	struct delivered t = {0};
	struct plan plan;

	for (int i = 0; i < 20; i++)
		yaml = arena_printf(
		    *state, "%ss%d: {exec: [x], decode: number}, ", yaml, i);
	load(*state, &plan, yaml);
	plan.common.parallel = 2;
	for (int i = 0; i < 20; i++)
		plan.sources[i].kind = &fake;
	assert_int_equal(run(*state, &plan, &t, 30), 0);
	assert_int_equal(t.n, 20);
}

/* What can't be delivered ends it, and every child with it. */
static void a_store_that_fails(void **state)
{
	struct source_kind answers = {
	    .name = "fake", .batch = 1, .fetch = fetch_and_answer};
	struct source_kind hangs = {
	    .name = "fake", .batch = 1, .fetch = fetch_for_ever};
	struct delivered t = {.fail_at = 1};
	struct plan plan;

	load(*state, &plan,
	    "a: {exec: [x], decode: number}, b: {exec: [x], decode: number}");
	plan.sources[0].kind = &answers;
	plan.sources[1].kind = &hangs;
	assert_int_equal(run(*state, &plan, &t, 30), -1);
	assert_string_equal(t.text, "disk full");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(real_commands),
	    arena_test(several_by_one_child),
	    arena_test(a_child_that_dies_midway),
	    arena_test(a_child_that_says_nothing),
	    arena_test(a_child_past_the_run),
	    arena_test(a_child_past_its_own_time),
	    arena_test(nothing_is_started_past_the_deadline),
	    arena_test(a_child_that_says_rubbish),
	    arena_test(a_child_that_floods),
	    arena_test(a_child_that_repeats_itself),
	    arena_test(failures_with_their_words),
	    arena_test(grandchildren_end_too),
	    arena_test(in_turns),
	    arena_test(children_ask_for_what_must_be_kept),
	    arena_test(a_child_is_told_that_nothing_was_kept),
	    arena_test(a_store_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
