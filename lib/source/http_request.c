/* One request as curl must make it, and the answer as far as we read it. */
#include "base/clock.h"
#include "base/file.h"
#include "source/http.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define BUNDLE "/etc/ssl/certs/ca-certificates.crt"

#define set(r, option, value) curl_easy_setopt((r)->easy, (option), (value))

/* Headers that say nothing about who asks: they go wherever we are sent. */
static bool harmless(const char *name)
{
	static const char *const names[] = {
	    "Accept", "Accept-Language", "Content-Type", "User-Agent"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

bool http_sendable(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return false;
	return true;
}

static long status_of(const struct http_request *r)
{
	long status = 0;

	curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* "204" or a class such as "4xx". */
static bool status_matches(const char *pattern, long status)
{
	int64_t v;

	if (str_int(pattern, &v))
		return v == status;
	return pattern[0] - '0' == status / 100;
}

bool http_expected(const struct http_conf *conf, long status)
{
	if (conf->expect.n == 0)
		return status / 100 == 2;
	for (size_t i = 0; i < conf->expect.n; i++)
		if (status_matches(conf->expect.items[i], status))
			return true;
	return false;
}

/* Is the body of this answer what the user asked for? */
static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct http_request *r = ctx;
	curl_off_t declared = -1;

	n *= size;
	if (!http_expected(r->conf, status_of(r))) {
		if (buf_add_some(&r->said, p, n))
			return n;
		r->stop = HTTP_STOP_SAID;
		return 0;
	}
	curl_easy_getinfo(
	    r->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &declared);
	if ((declared < 0 || (uint64_t)declared <= r->job->body.max) &&
	    buf_add_some(&r->job->body, p, n))
		return n;
	r->stop = HTTP_STOP_BODY;
	return 0;
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct http_request *r = ctx;

	(void)p;
	r->header_bytes += size * n;
	if (r->header_bytes <= HTTP_HEADERS_MAX)
		return size * n;
	r->stop = HTTP_STOP_HEADERS;
	return 0;
}

/* One header more; an empty value is written "Name;" for curl. */
static void add_header(
    struct http_request *r, const char *name, const char *value)
{
	const char *line = value[0] == '\0'
			       ? arena_printf(r->arena, "%s;", name)
			       : arena_printf(r->arena, "%s: %s", name, value);
	struct curl_slist *longer = curl_slist_append(r->headers, line);

	if (longer != NULL)
		r->headers = longer;
}

static void set_headers(struct http_request *r)
{
	const struct pairs *own = &r->conf->headers;

	curl_slist_free_all(r->headers);
	r->headers = NULL;
	for (size_t i = 0; i < own->n; i++)
		if (!r->away || harmless(own->items[i].key))
			add_header(r, own->items[i].key, own->items[i].value);
	if (r->cached && r->old.etag != NULL)
		add_header(r, "If-None-Match", r->old.etag);
	if (r->cached && r->old.modified != NULL)
		add_header(r, "If-Modified-Since", r->old.modified);
	add_header(r, "Expect", ""); /* curl waits a second for an answer */
	set(r, CURLOPT_HTTPHEADER, r->headers);
}

static void set_auth(struct http_request *r)
{
	bool basic = !r->away && r->conf->auth == HTTP_BASIC;
	bool bearer = !r->away && r->conf->auth == HTTP_BEARER;

	set(r, CURLOPT_HTTPAUTH,
	    basic ? CURLAUTH_BASIC
		  : (bearer ? CURLAUTH_BEARER : CURLAUTH_NONE));
	set(r, CURLOPT_USERNAME, basic ? r->conf->user : NULL);
	set(r, CURLOPT_PASSWORD, basic ? r->secret : NULL);
	set(r, CURLOPT_XOAUTH2_BEARER, bearer ? r->secret : NULL);
}

static void set_method(struct http_request *r)
{
	const char *body = r->conf->body != NULL ? r->conf->body : "";
	int method = r->as_get ? HTTP_GET : r->conf->method;

	set(r, CURLOPT_CUSTOMREQUEST, NULL);
	if (method == HTTP_HEAD) {
		set(r, CURLOPT_NOBODY, 1L);
	} else if (method == HTTP_GET) {
		set(r, CURLOPT_HTTPGET, 1L);
	} else {
		set(r, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
		set(r, CURLOPT_POSTFIELDS, body);
		set(r, CURLOPT_POST, 1L);
		if (method == HTTP_PUT)
			set(r, CURLOPT_CUSTOMREQUEST, "PUT");
	}
}

/*
 * Authorities as one file: with a directory of them (Debian's default) curl
 * can't keep them between connections, and each costs 27 ms.
 */
static void set_authorities(struct http_request *r)
{
	const char *bundle = r->conf->ca;

	if (bundle == NULL)
		bundle = curl_version_info(CURLVERSION_NOW)->cainfo;
	if (bundle == NULL && file_exists(BUNDLE))
		bundle = BUNDLE;
	if (bundle == NULL)
		return;
	set(r, CURLOPT_CAINFO, bundle);
	set(r, CURLOPT_CAPATH, NULL);
}

/* Names of sources may hold anything, headers may not. */
static const char *user_agent(struct arena *a, const char *name)
{
	char *agent = arena_printf(
	    a, "broadsheet/" BROADSHEET_VERSION " (+source %s)", name);

	for (char *p = agent; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	return agent;
}

static void set_always(struct http_request *r)
{
	set(r, CURLOPT_PRIVATE, (char *)r);
	set(r, CURLOPT_ERRORBUFFER, r->error);
	set(r, CURLOPT_WRITEFUNCTION, on_body);
	set(r, CURLOPT_WRITEDATA, r);
	set(r, CURLOPT_HEADERFUNCTION, on_header);
	set(r, CURLOPT_HEADERDATA, r);
	set(r, CURLOPT_NOSIGNAL, 1L);
	set(r, CURLOPT_QUICK_EXIT, 1L); /* don't wait for a resolver */
	set(r, CURLOPT_PROTOCOLS_STR, "http,https");
	set(r, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	set(r, CURLOPT_ACCEPT_ENCODING, ""); /* all that curl can undo */
	set(r, CURLOPT_USERAGENT, user_agent(r->arena, r->job->name));
	set_authorities(r);
}

/* Makes the handle ready for this hop. */
static int arm(struct http_request *r)
{
	double left = r->deadline - clock_monotonic();

	if (left <= 0)
		return http_failed(r, CURLE_OPERATION_TIMEDOUT);
	r->stop = HTTP_STOP_NOT;
	r->header_bytes = 0;
	r->error[0] = '\0';
	buf_reset(&r->said);
	buf_reset(&r->job->body);
	set(r, CURLOPT_URL, r->url);
	set(r, CURLOPT_TIMEOUT_MS, (long)ceil(left * 1000));
	set_method(r);
	set_headers(r);
	set_auth(r);
	return 0;
}

static int read_secret(struct http_request *r)
{
	const char *path = r->conf->auth == HTTP_BASIC ? r->conf->password_file
						       : r->conf->token_file;

	if (r->given || r->conf->auth == HTTP_NONE || path == NULL)
		return 0;
	if (file_read_secret(r->arena, path, &r->secret, &r->job->err) == 0)
		return 0;
	r->job->err.code = OUTCOME_AUTH;
	return -1;
}

int http_request_open(struct http_request *r, struct fetch *job,
    const char *secret, struct arena *a)
{
	double now = clock_monotonic();

	*r = (struct http_request){.job = job,
	    .conf = job->conf,
	    .arena = a,
	    .secret = secret,
	    .given = secret != NULL,
	    .begun = now,
	    .deadline = now + job->timeout};
	r->url = r->conf->http;
	buf_init(&r->said, HTTP_SAID_MAX);
	if (read_secret(r) != 0)
		return -1;
	r->cached = r->conf->conditional && r->conf->method == HTTP_GET &&
		    http_cache_read(a, r->conf, job->state, &r->old);
	r->easy = curl_easy_init();
	if (r->easy == NULL)
		return err_code(&job->err, OUTCOME_FAILED, "curl: no handle");
	set_always(r);
	return arm(r);
}

void http_request_close(struct http_request *r)
{
	curl_easy_cleanup(r->easy);
	curl_slist_free_all(r->headers);
	buf_free(&r->said);
	r->easy = NULL;
	r->headers = NULL;
}

static const char *header(const struct http_request *r, const char *name)
{
	struct curl_header *h;

	if (curl_easy_header(r->easy, name, 0, CURLH_HEADER, -1, &h) !=
	    CURLHE_OK)
		return NULL;
	return h->value;
}

/* A good answer, whole: keep what makes the next one cheaper. */
static void succeed(struct http_request *r, long status)
{
	struct http_cached answer = {.etag = header(r, "ETag"),
	    .modified = header(r, "Last-Modified"),
	    .body = {buf_text(&r->job->body), r->job->body.len}};

	if (r->conf->conditional && r->conf->method == HTTP_GET &&
	    status == 200)
		http_cache_write(r->conf, &answer, &r->job->new_state);
}

static int not_modified(struct http_request *r)
{
	struct fetch *job = r->job;

	buf_reset(&job->body);
	if (!buf_add_some(&job->body, r->old.body.p, r->old.body.n))
		return http_failed(r, CURLE_FILESIZE_EXCEEDED);
	http_cache_write(r->conf, &r->old, &job->new_state);
	return 0;
}

static int judge(struct http_request *r, CURLcode code, bool *again)
{
	long status = status_of(r);
	char *url = NULL;

	if (code != CURLE_OK && r->stop != HTTP_STOP_SAID)
		return http_failed(r, code);
	r->job->max_age = http_max_age(header(r, "Cache-Control"));
	if (r->cached && status == 304)
		return not_modified(r);
	if (http_expected(r->conf, status)) {
		succeed(r, status);
		return 0;
	}
	curl_easy_getinfo(r->easy, CURLINFO_REDIRECT_URL, &url);
	if (url == NULL || r->conf->stay || !http_is_redirect(status))
		return http_refused(r, status);
	*again = http_redirect(r, status, url) == 0 && arm(r) == 0;
	return *again ? 0 : -1;
}

bool http_request_next(struct http_request *r, CURLcode code)
{
	bool again = false;

	r->job->rc = judge(r, code, &again);
	/* a failure forgets nothing: the next answer may be 304 again */
	if (r->job->rc != 0 && r->cached)
		http_cache_write(r->conf, &r->old, &r->job->new_state);
	return again;
}
