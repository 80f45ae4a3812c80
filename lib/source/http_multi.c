/*
 * Many requests at once by curl's multi interface: one thread, one pool of
 * connections, a bounded number of them in flight. Each job's clock starts when
 * its own request does, so that a queue of slow servers makes none late.
 */
#include "base/clock.h"
#include "source/http.h"

#define WAIT_MS 1000

struct loop {
	CURLM *multi;
	struct arena *arena;
	struct http_request *requests;
	struct fetch *jobs;
	size_t n, at_once, started, flying;
	const struct fetch_sink *sink;
};

static void end(struct loop *l, struct http_request *r)
{
	r->job->ms = (clock_monotonic() - r->begun) * 1000;
	http_request_close(r);
	l->sink->done(l->sink->ctx, r->job);
	buf_free(&r->job->body);
	buf_free(&r->job->new_state);
}

static void fail(struct loop *l, struct http_request *r, const char *why)
{
	r->job->rc = err_code(&r->job->err, OUTCOME_FAILED, "curl: %s", why);
	end(l, r);
}

static void fly(struct loop *l, struct http_request *r)
{
	CURLMcode code = curl_multi_add_handle(l->multi, r->easy);

	if (code == CURLM_OK)
		l->flying++;
	else
		fail(l, r, curl_multi_strerror(code));
}

static void start_more(struct loop *l)
{
	while (l->started < l->n && l->flying < l->at_once) {
		size_t i = l->started++;
		struct http_request *r = &l->requests[i];

		l->jobs[i].rc =
		    http_request_open(r, &l->jobs[i], NULL, l->arena);
		if (l->jobs[i].rc == 0)
			fly(l, r);
		else
			end(l, r);
	}
}

static void take_ended(struct loop *l)
{
	struct http_request *r;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(l->multi, &left)) != NULL) {
		CURLcode code = m->data.result;
		CURL *easy = m->easy_handle;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&r);
		curl_multi_remove_handle(l->multi, easy);
		l->flying--;
		if (http_request_next(r, code))
			fly(l, r);
		else
			end(l, r);
	}
}

/* The loop itself has failed: nothing more will come. */
static void abandon(struct loop *l, CURLMcode code)
{
	for (size_t i = 0; i < l->n; i++) {
		struct http_request *r = &l->requests[i];

		if (i < l->started && r->easy == NULL)
			continue; /* has ended */
		if (r->easy != NULL)
			curl_multi_remove_handle(l->multi, r->easy);
		if (i >= l->started)
			*r = (struct http_request){
			    .job = &l->jobs[i], .begun = clock_monotonic()};
		fail(l, r, curl_multi_strerror(code));
	}
}

static void drive(struct loop *l)
{
	CURLMcode code = CURLM_OK;
	int running;

	start_more(l);
	while (l->flying > 0 && code == CURLM_OK) {
		code = curl_multi_perform(l->multi, &running);
		take_ended(l);
		start_more(l);
		if (code == CURLM_OK && l->flying > 0)
			code =
			    curl_multi_poll(l->multi, NULL, 0, WAIT_MS, NULL);
	}
	if (code != CURLM_OK)
		abandon(l, code);
}

void http_multi(
    struct fetch *jobs, size_t n, size_t at_once, const struct fetch_sink *sink)
{
	struct loop l = {
	    .jobs = jobs, .n = n, .at_once = at_once, .sink = sink};

	l.arena = arena_new();
	l.requests = arena_array(l.arena, n, sizeof(*l.requests));
	l.multi = curl_multi_init();
	if (l.multi != NULL)
		drive(&l);
	else
		abandon(&l, CURLM_OUT_OF_MEMORY);
	curl_multi_cleanup(l.multi);
	arena_free(l.arena);
}
