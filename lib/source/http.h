/*
 * The parts of the http source, for each other only:
 *
 *	http.c		the kind: its options, and what is wrong with them
 *	http_request.c	one request, as curl must make it
 *	http_redirect.c	where a redirect leads, and whether to go there
 *	http_outcome.c	what became of it, in words
 *	http_cache.c	what is remembered for conditional requests
 *	http_call.c	a service that is told something
 *	http_multi.c	the loop that drives many requests at once
 *	http_tile.c	tiles of maps
 *
 * and of those sources that need more than one request (logins, pages), one
 * after the other:
 *
 *	http_session.c	from the login to the last page
 *	http_exchange.c	one request and its answer
 *	http_renew.c	tokens: when they are asked for, and kept
 *	http_login.c	what is remembered of a login
 *	http_token.c	how tokens are asked for
 *	http_jwt.c	how a service account asks
 *	http_consent.c	how a person is asked
 *	http_paging.c	which page comes next
 *	http_since.c	what is new
 *	http_budget.c	how often the service may be asked
 *	http_said.c	refusals inside of good answers
 *	http_form.c	parameters, and reading JSON by paths
 *
 * curl is initialised in fetch(), so only in a child, or by `auth`.
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
enum http_auth {
	HTTP_NONE,
	HTTP_BASIC,
	HTTP_BEARER,
	HTTP_OAUTH2,
	HTTP_ACCOUNT, /* a service account */
	HTTP_KEY,
};

/* `paging:`, see http_paging.c */
struct http_paging {
	const char *parameter, *size, *items, *next, *more;
	int64_t first, step, per_page, pages;
};

/* `since:`, see http_since.c */
struct http_since {
	const char *parameter, *from, *first;
	int format;
	double overlap;
};

/* `errors:`, see http_said.c */
struct http_errors {
	const char *status, *message;
	struct strings ok, unauthorised, limited;
};

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
	bool stay;	       /* redirects are not followed */
	struct strings hidden; /* texts that are never shown: http_outcome.c */

	struct pairs arguments;
	bool form; /* they are in the body, as further ones will be */
	const char *token_url, *authorize_url, *redirect_url;
	const char *client_id, *client_secret_file, *scope, *login;
	struct pairs token_parameters, authorize_parameters;
	const char *token_path;
	int client_auth; /* enum http_client_auth */
	double refresh_lasts;
	const char *key_file, *key_parameter, *key_header, *audience, *subject;
	struct strings rate_windows;

	const struct node *paging_node, *since_node, *errors_node;
	struct http_paging paging; /* where paging_node is there, and so on */
	struct http_since since;
	struct http_errors errors;
};

enum http_client_auth { HTTP_IN_BODY, HTTP_IN_HEADER };

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
	bool given;	    /* it is the session's, and is no file's */
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

/*
 * Begins; -1 and job->err if it can't. Close it in both cases. The secret is
 * read from its file unless one is given.
 */
must_use int http_request_open(
    struct http_request *, struct fetch *, const char *secret, struct arena *);
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

/* Is it a value that can be sent in a header as it is? */
bool http_sendable(const char *, size_t n);

/*
 * The address that `to` means on a page at `from`; NULL if it is none, or on
 * another server, which must not see what is for this one.
 */
const char *http_onward(struct arena *, const char *from, const char *to);

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

/* Of a Cache-Control header (RFC 9111, 5.2.2.1), or NULL; 0: it says nothing */
double http_max_age(const char *cache_control);

/* --- http_multi.c */

/* At most `at_once` requests in flight. */
void http_multi(
    struct fetch *jobs, size_t n, size_t at_once, const struct fetch_sink *);

/* --- http_form.c */

void http_add(
    struct arena *, struct pairs *, const char *key, const char *value);

/* "&name=value", percent-encoded (the first one without "&"). */
void http_form_add(struct buf *, const char *name, const char *value);
void http_form_pairs(struct buf *, const struct pairs *);

/* The URL with a form added to its query. */
const char *http_with_query(
    struct arena *, const char *url, const struct buf *form);

/* A parameter of a query or form, decoded; NULL: it is not there. */
const char *http_form_get(struct arena *, const char *query, const char *name);

/* A fault if it is not a path such as $.a[0].b; `all`: [*] may be within. */
void http_check_path(const char *key, const char *path, bool all,
    const struct node *, struct faults *);

/* A JSON document that is asked by paths. */
struct http_json;

/* -1, PARSE and words of the text if it is none. NULL text: none. */
must_use int http_json_open(
    struct http_json **, struct arena *, struct span text, struct err *);
void http_json_close(struct http_json *); /* accepts NULL */

/* As text, numbers as they are written; NULL: not there, or null. */
const char *http_json_text(struct http_json *, const char *path);
int64_t http_json_count(struct http_json *, const char *path); /* array */

/* Each value that a path with [*] leads to. */
void http_json_each(struct http_json *, const char *path,
    void (*take)(void *ctx, const char *text), void *ctx);

/* --- http_said.c */

extern const struct option http_errors_options[];
void http_errors_check(
    struct http_conf *, const struct node *, struct faults *);

/* 0, or -1 with REAUTH (a token was refused), RATE_LIMITED or HTTP_STATUS. */
must_use int http_said_well(
    const struct http_conf *, struct http_json *, struct err *);

/*
 * What a refused token request means, or one that brought a code: sets err,
 * with the service's words.
 */
int http_token_refused(struct arena *, const struct http_conf *, bool code,
    long status, struct span text, struct err *);

/* --- http_login.c */

#define HTTP_TOKEN_MAX 16384 /* bytes */

/* What a vault holds; texts are NULL where there is none. */
struct http_login {
	const char *access, *refresh, *scope, *user;
	int64_t expires;       /* of access; 0: not known */
	int64_t refresh_until; /* 0: not known */
	int64_t until;	       /* not to be asked before: http_budget.c */
	int64_t strikes;       /* refusals in a row that gave no time */
};

/* What is not one counts as none. */
void http_login_read(struct arena *, struct span, struct http_login *);
void http_login_write(const struct http_login *, struct buf *);

/* The name of its vault; NULL: it needs none. */
const char *http_vault(const void *conf, struct arena *);

/* --- http_session.c */

/* Does it take more than one plain request? */
bool http_converses(const struct http_conf *);

/* One request and its answer. */
struct http_exchange {
	const struct http_conf *conf; /* with its own URL and body */
	const char *secret;
	const char *name; /* the source's, for the User-Agent */
	double timeout;
	size_t limit;
	int64_t now;
	struct http_login *budget; /* kept up from the headers; or NULL */
	CURLSH *share;		   /* of connections; or NULL */

	long status;
	struct buf body;
	const char *next; /* of the header Link */
	struct err err;
};

/* -1 with x->err; body is freed by the caller in any case. */
must_use int http_exchange(struct http_exchange *, struct arena *);

/* The target of a header Link whose rel is next; NULL if none is. */
const char *http_next_link(struct arena *, const char *header);

void http_session(struct fetch *jobs, size_t n, const struct fetch_sink *);

/* --- http_token.c */

/*
 * Tokens for a grant (its own parameters, such as a refresh token). `login`
 * is changed only if it went well: what the reply lacks stays as it is.
 */
must_use int http_token_ask(struct arena *, struct http_exchange *,
    const struct pairs *grant, struct http_login *, struct err *);

/* --- http_jwt.c */

/* What a service account asks with (RFC 7523); *url is where. */
must_use int http_jwt_grant(struct arena *, const struct http_conf *,
    int64_t now, struct pairs *grant, const char **url, struct err *);

/* The account's address, which what it reads is to be shared with; or NULL. */
const char *http_jwt_email(struct arena *, const struct http_conf *);

/* --- http_consent.c */

extern const struct source_login http_login_of_person;

/* --- http_paging.c, http_since.c */

extern const struct option http_paging_options[], http_since_options[];
void http_paging_check(
    struct http_conf *, const struct node *, struct faults *);
void http_since_check(struct http_conf *, const struct node *, struct faults *);

/* Where a sweep through the pages is; also what lasts between runs. */
struct http_place {
	int64_t since;	  /* asked for what is newer; 0: everything */
	int64_t newest;	  /* that this sweep has seen */
	int64_t begun;	  /* when this sweep began */
	const char *next; /* parameter or URL of the next page; NULL: first */
};

/* What is not a place of just this request is the beginning. */
void http_place_read(
    struct arena *, const struct http_conf *, struct span, struct http_place *);
void http_place_write(
    const struct http_conf *, const struct http_place *, struct buf *);

void http_paging_ask(struct arena *, const struct http_conf *,
    const struct http_place *, struct buf *form);

/*
 * What comes after this answer: 1 with place->next, 0 if it was the last, or
 * -1. doc may be NULL where http_needs_json() says that no one is needed.
 */
must_use int http_paging_next(struct arena *, const struct http_conf *,
    struct http_json *doc, const char *link, const char *url,
    struct http_place *, struct err *);
bool http_needs_json(const struct http_conf *);

must_use int http_since_ask(struct arena *, const struct http_conf *,
    const struct http_place *, int64_t now, struct buf *form, struct err *);
void http_since_take(const struct http_conf *, struct http_json *doc,
    int64_t now, struct http_place *);

/* --- http_budget.c */

/* Windows and times of the headers of an answer. */
void http_budget_take(const struct http_conf *, CURL *, long status,
    const char *name, int64_t now, struct http_login *);
/* After a refusal that is not in the status. */
void http_budget_strike(const char *name, int64_t now, struct http_login *);
void http_budget_check(
    const struct http_conf *, const struct node *, struct faults *);

#endif
