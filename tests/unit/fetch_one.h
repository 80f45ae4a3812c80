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

/* Keeps nothing, and counts in owner how often a job ended. */
static inline void fetch_ended(void *ctx, struct fetch *job)
{
	(void)ctx;
	++*(int *)job->owner;
}

/* A job with 1 MB and 30 s. Free it with fetch_free(). */
static inline struct fetch fetch_job(const void *conf)
{
	struct fetch job = {
	    .name = "web", .conf = conf, .timeout = 30, .now = 1793330040};

	buf_init(&job.body, 1024 * 1024);
	buf_init(&job.new_state, 1024 * 1024);
	return job;
}

static inline void fetch_free(struct fetch *job)
{
	buf_free(&job->body);
	buf_free(&job->new_state);
}

static inline int fetch_one(const struct source_kind *kind, struct fetch *job)
{
	const struct fetch_sink sink = {fetch_ended, NULL};
	int ended = 0;

	job->owner = &ended;
	kind->fetch(job, 1, &sink);
	assert_int_equal(ended, 1);
	return job->rc;
}

/* It fails with exactly this outcome, sentence and hint. */
static inline void assert_fails(const struct source_kind *kind,
    struct fetch *job, enum outcome outcome, const char *text, const char *hint)
{
	assert_int_equal(fetch_one(kind, job), -1);
	assert_string_equal(job->err.text, text);
	assert_string_equal(job->err.hint, hint);
	assert_string_equal(
	    outcome_word((enum outcome)job->err.code), outcome_word(outcome));
	fetch_free(job);
}

/* It yields exactly this. */
static inline void assert_yields(
    const struct source_kind *kind, struct fetch *job, const char *body)
{
	fetch_one(kind, job);
	assert_string_equal(job->err.text, "");
	assert_int_equal(job->rc, 0);
	assert_string_equal(buf_text(&job->body), body);
	fetch_free(job);
}

#endif
