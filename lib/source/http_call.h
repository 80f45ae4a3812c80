/*
 * One call of a web service that is told something, by the means of the http
 * source: the same certificates, bounds and words for what goes wrong.
 * Redirects are not followed: what is said is meant for one service.
 */
#ifndef SOURCE_HTTP_CALL_H
#define SOURCE_HTTP_CALL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/option.h"

#define HTTP_CALL_METHODS "GET|POST|PUT" /* choices of an option */

struct http_call {
	const char *name; /* in the User-Agent */
	const char *url;
	int method;
	struct pairs headers;
	const char *body;	/* of POST and PUT, or NULL */
	const char *ca;		/* as with the http source, or NULL */
	struct strings secrets; /* texts that no error may hold */
	double timeout;		/* seconds */
	int64_t now;

	long status;	  /* 0: there was no answer */
	int64_t retry_at; /* as the service wishes; 0: it has no wish */
};

/* 0 if the answer is 2xx; else -1, with an enum outcome as the error's code. */
must_use int http_call(struct http_call *, struct arena *, struct err *);

/* A fault if the name or the value cannot be one of a header. */
void http_check_headers(
    const struct pairs *, const struct node *, struct faults *);

/* What is wrong with a URL as one to call; NULL: nothing. */
const char *http_url_fault(struct arena *, const char *url);

#endif
