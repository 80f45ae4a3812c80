/* http: conditional requests, and the state that they live by. */
#include "http_rig.h"

/* Keeps a copy of the state that a job left, as the store would. */
static struct arena *kept_arena;
static struct span kept;

static void keep(void *ctx, struct fetch *job)
{
	(void)ctx;
	kept.n = job->new_state.len;
	kept.p = arena_strndup(
	    kept_arena, buf_text(&job->new_state), job->new_state.len);
	job->owner =
	    arena_strndup(kept_arena, buf_text(&job->body), job->body.len);
}

static void next(struct http_conf *conf, const char *body)
{
	const struct fetch_sink sink = {keep, NULL};
	struct fetch job = fetch_job(conf);

	job.state = kept;
	memset(server.asked, 0, SERVER_ASKED_MAX);
	source_http.fetch(&job, 1, &sink);
	if (body == NULL) {
		assert_int_equal(job.rc, -1);
		return;
	}
	assert_string_equal(job.err.text, "");
	assert_int_equal(job.rc, 0);
	assert_string_equal(job.owner, body);
}

static void asks_for_what_has_changed(void **state)
{
#define TAGGED                                                                 \
	OK "ETag: \"v1\"\r\n"                                                  \
	   "Last-Modified: Sun, 22 Nov 2026 03:14:00 GMT\r\n\r\n"
#define UNCHANGED "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
	struct http_conf conf = serve("/",
	    SCRIPT(TAGGED "one", UNCHANGED,
		"HTTP/1.1 500 Nope\r\nConnection: close\r\n\r\n", UNCHANGED,
		OK "ETag: \"v2\"\r\n\r\ntwo", OK "\r\nthree", OK "\r\nfour"));

	(void)state;
	kept_arena = arena_new();
	kept = (struct span){0};
	next(&conf, "one");
	assert_not_asked("If-");
	next(&conf, "one");
	assert_asked("If-None-Match: \"v1\"\r\n");
	assert_asked("If-Modified-Since: Sun, 22 Nov 2026 03:14:00 GMT\r\n");
	next(&conf, NULL); /* a failure forgets nothing */
	next(&conf, "one");
	assert_asked("If-None-Match: \"v1\"\r\n");
	next(&conf, "two");
	next(&conf, "three");
	assert_asked("If-None-Match: \"v2\"\r\n");
	assert_not_asked("If-Modified-Since");
	assert_int_equal(kept.n, 0); /* it had no tag */
	next(&conf, "four");
	assert_not_asked("If-");
	arena_free(kept_arena);
}

static void not_modified_unasked(void **state)
{
	struct http_conf conf = serve("/", SCRIPT(UNCHANGED));

	(void)state;
	refuses(&conf, OUTCOME_HTTP_STATUS,
	    "304 Not Modified from http://127.0.0.1:PORT/", "");
}

static void large_answers_are_not_kept(void **state)
{
	static char large[HTTP_CACHED_MAX + 256];
	struct http_conf conf;
	struct fetch job = fetch_job(&conf);
	const struct fetch_sink sink = {keep, NULL};

	(void)state;
	kept_arena = arena_new();
	snprintf(large, sizeof(large), "%s", TAGGED);
	memset(large + strlen(large), 'x', HTTP_CACHED_MAX + 1);
	conf = serve("/", SCRIPT(large));
	source_http.fetch(&job, 1, &sink);
	assert_int_equal(job.rc, 0);
	assert_int_equal(strlen(job.owner), HTTP_CACHED_MAX + 1);
	assert_int_equal(kept.n, 0);
	arena_free(kept_arena);
}

static void state_is_validated(void **state)
{
	struct http_conf conf = {.http = "http://a/"}, other = {.http = "b"};
	struct http_cached in = {"\"e\"", NULL, {"bo\ndy\0x", 7}}, out;
	struct arena *a = arena_new();
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	http_cache_write(&conf, &in, &b);
	assert_true(
	    http_cache_read(a, &conf, (struct span){b.data, b.len}, &out));
	assert_string_equal(out.etag, "\"e\"");
	assert_null(out.modified);
	assert_int_equal(out.body.n, 7);
	assert_memory_equal(out.body.p, "bo\ndy\0x", 7);
	assert_false(
	    http_cache_read(a, &other, (struct span){b.data, b.len}, &out));
	for (size_t n = 0; n < b.len; n++) {
		assert_false(
		    http_cache_read(a, &conf, (struct span){b.data, n}, &out));
		b.data[n] ^= 1;
		assert_false(http_cache_read(
		    a, &conf, (struct span){b.data, b.len}, &out));
		b.data[n] ^= 1;
	}
	buf_reset(&b);
	in.etag = "bad\nInjected: x";
	http_cache_write(&conf, &in, &b);
	assert_int_equal(b.len, 0);
	in.etag = "\"e\"";
	b.max = 100; /* what does not fit is not remembered */
	http_cache_write(&conf, &in, &b);
	assert_int_equal(b.len, 0);
	assert_false(b.failed);
	buf_free(&b);
	arena_free(a);
}

static void how_long_it_may_be_kept(void **state)
{
	(void)state;
	assert_true(http_max_age(NULL) == 0);
	assert_true(http_max_age("no-cache") == 0);
	assert_true(http_max_age("public, max-age=7200") == 7200);
	assert_true(http_max_age("Max-Age=\"60\", public") == 60);
	assert_true(http_max_age("s-maxage=5,max-age=6") == 6);
	assert_true(http_max_age("max-age=-1") == 0);
	assert_true(http_max_age("max-age") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    served(asks_for_what_has_changed),
	    served(not_modified_unasked),
	    served(large_answers_are_not_kept),
	    cmocka_unit_test(state_is_validated),
	    cmocka_unit_test(how_long_it_may_be_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
