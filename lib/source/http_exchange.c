/* One request of a session, and its answer. */
#include "source/http.h"

#include <string.h>
#include <strings.h>

/* RFC 8288, 3: the target whose rel holds "next". */
const char *http_next_link(struct arena *a, const char *s)
{
	while ((s = strchr(s, '<')) != NULL) {
		const char *end = strchr(s, '>');
		const char *rel, *stop;

		if (end == NULL)
			return NULL;
		stop = strchr(end, '<');
		rel = strcasestr(end, "rel=");
		if (rel != NULL && (stop == NULL || rel < stop)) {
			rel += strlen("rel=") + (rel[4] == '"');
			if (strncasecmp(rel, "next", 4) == 0 &&
			    strchr("\"; ,", rel[4]) != NULL)
				return arena_strndup(
				    a, s + 1, (size_t)(end - s - 1));
		}
		s = end;
	}
	return NULL;
}

static void read_headers(
    struct http_exchange *x, struct http_request *r, struct arena *a)
{
	struct curl_header *h;

	curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &x->status);
	for (size_t i = 0;
	     x->next == NULL && curl_easy_header(r->easy, "Link", i,
				    CURLH_HEADER, -1, &h) == CURLHE_OK;
	     i++)
		x->next = http_next_link(a, h->value);
	if (x->budget != NULL && x->status != 0)
		http_budget_take(
		    x->conf, r->easy, x->status, x->name, x->now, x->budget);
}

int http_exchange(struct http_exchange *x, struct arena *a)
{
	struct fetch hop = {.name = x->name,
	    .conf = x->conf,
	    .timeout = x->timeout,
	    .now = x->now};
	struct http_request r;
	bool again = true;

	buf_init(&hop.body, x->limit);
	buf_init(&hop.new_state, 1024);
	hop.rc = http_request_open(&r, &hop, x->secret, a);
	if (hop.rc == 0 && x->share != NULL)
		curl_easy_setopt(r.easy, CURLOPT_SHARE, x->share);
	while (hop.rc == 0 && again)
		again = http_request_next(&r, curl_easy_perform(r.easy));
	x->status = 0;
	x->next = NULL;
	if (r.easy != NULL)
		read_headers(x, &r, a);
	http_request_close(&r);
	buf_free(&hop.new_state);
	x->body = hop.body;
	x->err = hop.err;
	return hop.rc;
}
