/* Fetching with one kind of source in a test, without a configuration. */
#ifndef FETCH_ONE_H
#define FETCH_ONE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/source.h"

/* What a job left, read before it is freed. */
struct fetched {
	int times;
	size_t len;
	char start[64]; /* of the body */
};

static inline void fetch_ended(void *ctx, struct fetch *job)
{
	struct fetched *f = ctx;

	f->times++;
	f->len = job->body.len;
	strncpy(f->start, buf_text(&job->body), sizeof(f->start) - 1);
}

/* A job with 1 MB and 30 s, to be fetched once. */
static inline struct fetch fetch_job(const void *conf)
{
	struct fetch job = {
	    .name = "web", .conf = conf, .timeout = 30, .now = 1793330040};

	buf_init(&job.body, 1024 * 1024);
	buf_init(&job.new_state, 1024 * 1024);
	return job;
}

static inline struct fetched fetch_one(
    const struct source_kind *kind, struct fetch *job)
{
	struct fetched f = {0};
	const struct fetch_sink sink = {fetch_ended, &f};

	kind->fetch(job, 1, &sink);
	assert_int_equal(f.times, 1);
	assert_null(job->body.data);
	assert_null(job->new_state.data);
	return f;
}

/* It fails with exactly this outcome, sentence and hint. */
static inline void assert_fails(const struct source_kind *kind,
    struct fetch *job, enum outcome outcome, const char *text, const char *hint)
{
	fetch_one(kind, job);
	assert_int_equal(job->rc, -1);
	assert_string_equal(job->err.text, text);
	assert_string_equal(job->err.hint, hint);
	assert_string_equal(
	    outcome_word((enum outcome)job->err.code), outcome_word(outcome));
}

/* It yields exactly this. */
static inline void assert_yields(
    const struct source_kind *kind, struct fetch *job, const char *body)
{
	struct fetched f = fetch_one(kind, job);

	assert_string_equal(job->err.text, "");
	assert_int_equal(job->rc, 0);
	assert_string_equal(f.start, body);
	assert_int_equal(f.len, strlen(body));
}

#endif
