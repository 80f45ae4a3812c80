#include "source/http_call.h"
#include "source/http.h"

#include <signal.h>

#define ANSWER_MAX (256 * 1024) /* of which nothing is used */

int http_call(struct http_call *c, struct arena *a, struct err *e)
{
	static const int methods[] = {HTTP_GET, HTTP_POST, HTTP_PUT};
	struct http_login budget = {0};
	struct http_conf conf = {.http = c->url,
	    .method = methods[c->method],
	    .headers = c->headers,
	    .body = c->body,
	    .ca = c->ca,
	    .stay = true,
	    .hidden = c->secrets};
	struct http_exchange x = {.conf = &conf,
	    .name = c->name,
	    .timeout = c->timeout,
	    .limit = ANSWER_MAX,
	    .now = c->now,
	    .budget = &budget};
	int rc;

	signal(SIGPIPE, SIG_IGN); /* OpenSSL writes to sockets that are gone */
	curl_global_init(CURL_GLOBAL_DEFAULT);
	rc = http_exchange(&x, a);
	curl_global_cleanup();
	buf_free(&x.body);
	c->status = x.status;
	c->retry_at = budget.until;
	/* It was said: that the answer is long or breaks off changes nothing */
	if (rc != 0 && x.status / 100 == 2)
		rc = 0;
	if (rc != 0)
		*e = x.err;
	return rc;
}
