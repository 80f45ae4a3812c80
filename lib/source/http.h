/*
 * The parts of the http source, for each other only:
 *
 *	http.c		the kind: its options, and what is wrong with them
 *	http_request.c	one request, as curl must make it
 *	http_redirect.c	where a redirect leads, and whether to go there
 *	http_outcome.c	what became of it, in words
 *	http_cache.c	what is remembered for conditional requests
 *	http_multi.c	the loop that drives many requests at once
 *
 * curl is initialised in fetch(), so only in a child.
 */
#ifndef SOURCE_HTTP_H
#define SOURCE_HTTP_H

#include <curl/curl.h>
#include <stdbool.h>

#include "source/source.h"

#define HTTP_REDIRECTS_MAX 5
#define HTTP_AT_ONCE	   50	       /* requests in flight in one child */
#define HTTP_HEADERS_MAX   (64 * 1024) /* bytes, of one answer */
#define HTTP_SAID_MAX	   4096	       /* bytes read of a refusal */
#define HTTP_CACHED_MAX	   (64 * 1024) /* bytes, of a body kept for 304 */
#define HTTP_TAG_MAX	   512	       /* bytes, of an ETag or a date */

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_HEAD };
enum http_auth { HTTP_NONE, HTTP_BASIC, HTTP_BEARER };

struct http_conf {
	const char *http;
	int method; /* enum http_method */
	struct pairs headers;
	const char *body;
	int auth; /* enum http_auth */
	const char *user, *password_file, *token_file;
	const char *ca;
	struct strings expect; /* "204", "4xx"; empty: 2xx */
	bool conditional;
};

/* An earlier answer; etag and modified are NULL where it had none. */
struct http_cached {
	const char *etag, *modified;
	struct span body;
};

/* Why we stopped reading before the end. */
enum http_stop {
	HTTP_STOP_NOT,
	HTTP_STOP_BODY,	   /* past the limit */
	HTTP_STOP_HEADERS, /* past HTTP_HEADERS_MAX */
	HTTP_STOP_SAID,	   /* enough of a refusal */
};

/* One job from its start to its end. */
struct http_request {
	struct fetch *job;
	const struct http_conf *conf;
	struct arena *arena;
	CURL *easy;
	struct curl_slist *headers;
	char error[CURL_ERROR_SIZE];

	const char *secret; /* password or token, NULL if none */
	const char *url;    /* of this hop */
	int redirects;
	bool away;   /* a redirect led to another party: no credentials */
	bool as_get; /* a redirect turned POST or PUT into GET */
	bool cached; /* `old` is there and may be asked for */
	struct http_cached old;

	double begun, deadline;
	enum http_stop stop;
	size_t header_bytes;
	struct buf said; /* the body of a refusal */
};

/* --- http_request.c */

/* Begins; -1 and job->err if it can't. Close it in both cases. */
must_use int http_request_open(
    struct http_request *, struct fetch *, struct arena *);
void http_request_close(struct http_request *);

/*
 * After a transfer: true if it has to go on (a redirect), false if the job
 * has ended, with its rc and all that belongs to it.
 */
bool http_request_next(struct http_request *, CURLcode);

/* Is the status one that the user takes as good? */
bool http_expected(const struct http_conf *, long status);

/* --- http_redirect.c */

bool http_is_redirect(long status);

/* Points the request at where a redirect leads; -1 and job->err if refused. */
must_use int http_redirect(struct http_request *, long status, const char *url);

/* --- http_outcome.c */

/* A URL that can be shown: without user, password, query and fragment. */
const char *http_show(struct arena *, const char *url);

/* Both set job->err and return -1. */
int http_failed(struct http_request *, CURLcode);
int http_refused(struct http_request *, long status);

/* --- http_cache.c */

/* False if the state is not one of exactly this request. */
bool http_cache_read(struct arena *, const struct http_conf *,
    struct span state, struct http_cached *);

/* Leaves out empty where it is not worth remembering, or does not fit. */
void http_cache_write(
    const struct http_conf *, const struct http_cached *, struct buf *out);

/* --- http_multi.c */

void http_multi(struct fetch *jobs, size_t n, const struct fetch_sink *);

#endif
