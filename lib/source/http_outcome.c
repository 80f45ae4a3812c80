/*
 * What became of an HTTP request, in words that say what to do. The texts of
 * curl and of the server are only used where there are no better ones.
 */
#include "base/clock.h"
#include "source/http.h"
#include "source/words.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define SAID_SHOWN 120 /* bytes of a refusal that are worth showing */

const char *http_show(struct arena *a, const char *url)
{
	CURLU *u = curl_url();
	char *shown = NULL, *query = NULL;
	const char *out = "a URL that cannot be read";

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url,
			     CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
		curl_url_get(u, CURLUPART_QUERY, &query, 0);
		curl_url_set(u, CURLUPART_USER, NULL, 0);
		curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
		curl_url_set(u, CURLUPART_OPTIONS, NULL, 0);
		curl_url_set(u, CURLUPART_QUERY, NULL, 0);
		curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
		curl_url_get(u, CURLUPART_URL, &shown, 0);
	}
	if (shown != NULL)
		out = arena_printf(a, "%s%s", shown, query != NULL ? "?…" : "");
	curl_free(shown);
	curl_free(query);
	curl_url_cleanup(u);
	return out;
}

/* Where a path is a secret, no more than the host. */
static const char *shown(const struct http_request *r)
{
	const char *url = http_show(r->arena, r->url);
	const char *host = strstr(url, "://");

	if (r->conf->hidden.n == 0 || host == NULL)
		return url;
	return arena_strndup(
	    r->arena, url, (size_t)(host + 3 - url) + strcspn(host + 3, "/?"));
}

static bool has_hidden(const struct http_request *r, const char *text)
{
	for (size_t i = 0; i < r->conf->hidden.n; i++)
		if (strstr(text, r->conf->hidden.items[i]) != NULL)
			return true;
	return false;
}

/* Has this part of the transfer been reached? */
static bool reached(const struct http_request *r, CURLINFO time)
{
	curl_off_t us = 0;

	curl_easy_getinfo(r->easy, time, &us);
	return us > 0;
}

static int timed_out(struct http_request *r)
{
	struct err *e = &r->job->err;
	double s = r->job->timeout;

	if (reached(r, CURLINFO_STARTTRANSFER_TIME_T))
		return err_code(e, OUTCOME_TIMEOUT,
		    "the answer was not complete in %g s (%zu bytes came)", s,
		    r->job->body.len + r->said.len);
	if (reached(r, CURLINFO_PRETRANSFER_TIME_T))
		return err_code(e, OUTCOME_TIMEOUT, "no answer in %g s", s);
	if (reached(r, CURLINFO_NAMELOOKUP_TIME_T))
		return err_code(e, OUTCOME_TIMEOUT, "no %sconnection in %g s",
		    strncasecmp(r->url, "https", 5) == 0 ? "TLS " : "", s);
	return err_code(
	    e, OUTCOME_DNS, "no answer from the name server in %g s", s);
}

static int not_connected(struct http_request *r)
{
	struct err *e = &r->job->err;
	long code = 0;

	curl_easy_getinfo(r->easy, CURLINFO_OS_ERRNO, &code);
	if (code == ECONNREFUSED) {
		err_code(e, OUTCOME_REFUSED, "connection refused");
		return err_hint(e, "nothing listens at that address and port; "
				   "is the service running?");
	}
	return err_code(e, OUTCOME_UNREACHABLE, "no connection: %s",
	    code != 0 ? strerror((int)code) : "unknown reason");
}

static int no_such_host(struct http_request *r)
{
	CURLU *u = curl_url();
	char *host = NULL;

	if (u != NULL && curl_url_set(u, CURLUPART_URL, r->url, 0) == CURLUE_OK)
		curl_url_get(u, CURLUPART_HOST, &host, 0);
	err_code(&r->job->err, OUTCOME_DNS, "no address found for host %s",
	    host != NULL ? host : "");
	curl_free(host);
	curl_url_cleanup(u);
	return -1;
}

/* OpenSSL's results of verification (x509_vfy.h), as curl passes them on. */
static const struct {
	long result;
	const char *text;
	bool own_ca; /* could `ca:` be what is missing? */
} verdicts[] = {
    {9, "the certificate is not valid yet", false},
    {10, "the certificate has expired", false},
    {18, "the certificate is signed by itself", true},
    {19, "the certificate's issuer is unknown here", true},
    {20, "the certificate's issuer is unknown here", true},
    {21, "the certificate's issuer is unknown here", true},
    {62, "the certificate is for another host", false},
};

static int bad_certificate(struct http_request *r)
{
	struct err *e = &r->job->err;
	long result = 0;

	curl_easy_getinfo(r->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		if (verdicts[i].result != result)
			continue;
		err_code(e, OUTCOME_TLS, "%s", verdicts[i].text);
		if (verdicts[i].own_ca)
			err_hint(e, "if it comes from a CA of your own, name "
				    "its file: ca: /path/to/ca.pem");
		return -1;
	}
	if (result <= 1) /* OpenSSL is content, curl missed the host's name */
		return err_code(
		    e, OUTCOME_TLS, "the certificate is for another host");
	return err_code(
	    e, OUTCOME_TLS, "the certificate is not accepted: %s", r->error);
}

/* The file of authorities, not what the server showed, is at fault. */
static int bad_authorities(struct http_request *r)
{
	struct err *e = &r->job->err;
	const char *ca = r->conf->ca;

	if (ca == NULL) {
		err_code(e, OUTCOME_TLS,
		    "this machine knows no certificate authorities");
		return err_hint(e, "apt-get install ca-certificates");
	}
	if (access(ca, R_OK) != 0)
		return err_code(
		    e, OUTCOME_TLS, "ca: %s: %s", ca, strerror(errno));
	return err_code(
	    e, OUTCOME_TLS, "ca: %s: this holds no PEM certificate", ca);
}

static int too_large(struct http_request *r)
{
	char size[WORDS_SIZE_MAX];

	if (r->stop == HTTP_STOP_HEADERS)
		return err_code(&r->job->err, OUTCOME_TOO_LARGE,
		    "the answer's headers are larger than %s",
		    words_size(size, HTTP_HEADERS_MAX));
	return err_code(&r->job->err, OUTCOME_TOO_LARGE,
	    "the answer is larger than %s", words_size(size, r->job->body.max));
}

static int dropped(struct http_request *r)
{
	return err_code(&r->job->err, OUTCOME_UNREACHABLE,
	    "the connection was closed midway, after %zu bytes",
	    r->job->body.len + r->said.len);
}

/* Those that need no more than a sentence. */
static const struct {
	CURLcode code;
	enum outcome outcome;
	const char *text;
} sentences[] = {
    {CURLE_COULDNT_RESOLVE_PROXY, OUTCOME_DNS,
	"no address found for the proxy"},
    {CURLE_UNSUPPORTED_PROTOCOL, OUTCOME_PROTOCOL, "the answer is not HTTP"},
    {CURLE_WEIRD_SERVER_REPLY, OUTCOME_PROTOCOL, "the answer is not HTTP"},
    {CURLE_GOT_NOTHING, OUTCOME_PROTOCOL,
	"the connection was closed without an answer"},
    {CURLE_BAD_CONTENT_ENCODING, OUTCOME_PROTOCOL,
	"the answer's compression is damaged"},
    {CURLE_HTTP2, OUTCOME_PROTOCOL, "the answer breaks the rules of HTTP/2"},
    {CURLE_HTTP2_STREAM, OUTCOME_PROTOCOL,
	"the answer breaks the rules of HTTP/2"},
    {CURLE_OUT_OF_MEMORY, OUTCOME_TOO_LARGE,
	"the answer has a header that is too long"},
};

/* curl has more than one reason here, and says well which one it is. */
static int curl_says(struct http_request *r, CURLcode code,
    enum outcome outcome, const char *what)
{
	return err_code(&r->job->err, (int)outcome, "%s%s", what,
	    r->error[0] != '\0' ? r->error : curl_easy_strerror(code));
}

static int plain(struct http_request *r, CURLcode code)
{
	struct err *e = &r->job->err;

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (sentences[i].code == code)
			return err_code(e, (int)sentences[i].outcome, "%s",
			    sentences[i].text);
	return curl_says(r, code, OUTCOME_FAILED, "");
}

static int explain(struct http_request *r, CURLcode code)
{
	if (r->stop == HTTP_STOP_BODY || r->stop == HTTP_STOP_HEADERS)
		return too_large(r);
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return timed_out(r);
	case CURLE_COULDNT_CONNECT:
		return not_connected(r);
	case CURLE_COULDNT_RESOLVE_HOST:
		return no_such_host(r);
	case CURLE_PEER_FAILED_VERIFICATION:
		return bad_certificate(r);
	case CURLE_SSL_CACERT_BADFILE:
		return bad_authorities(r);
	case CURLE_FILESIZE_EXCEEDED:
		return too_large(r);
	case CURLE_PARTIAL_FILE:
		return dropped(r);
	case CURLE_SSL_CONNECT_ERROR:
		return curl_says(r, code, OUTCOME_TLS, "no TLS connection: ");
	case CURLE_RECV_ERROR:
		return curl_says(r, code, OUTCOME_UNREACHABLE,
		    "the answer could not be read: ");
	case CURLE_SEND_ERROR:
		return curl_says(r, code, OUTCOME_UNREACHABLE,
		    "the request could not be sent: ");
	default:
		return plain(r, code);
	}
}

int http_failed(struct http_request *r, CURLcode code)
{
	explain(r, code);
	return err_context(&r->job->err, "%s", shown(r));
}

/* RFC 9110, 15, and RFC 6585: those that monitoring meets. */
static const struct {
	long status;
	const char *reason;
} reasons[] = {
    {204, " No Content"},
    {301, " Moved Permanently"},
    {302, " Found"},
    {303, " See Other"},
    {304, " Not Modified"},
    {307, " Temporary Redirect"},
    {308, " Permanent Redirect"},
    {400, " Bad Request"},
    {401, " Unauthorized"},
    {403, " Forbidden"},
    {404, " Not Found"},
    {405, " Method Not Allowed"},
    {406, " Not Acceptable"},
    {407, " Proxy Authentication Required"},
    {408, " Request Timeout"},
    {409, " Conflict"},
    {410, " Gone"},
    {413, " Content Too Large"},
    {415, " Unsupported Media Type"},
    {422, " Unprocessable Content"},
    {429, " Too Many Requests"},
    {500, " Internal Server Error"},
    {501, " Not Implemented"},
    {502, " Bad Gateway"},
    {503, " Service Unavailable"},
    {504, " Gateway Timeout"},
};

static const char *reason(long status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

static bool is_text(const struct http_request *r)
{
	const char *type = NULL;

	curl_easy_getinfo(r->easy, CURLINFO_CONTENT_TYPE, &type);
	return type != NULL && (strncasecmp(type, "text/plain", 10) == 0 ||
				   strcasestr(type, "json") != NULL);
}

/* ": the server's own words" on one line, or "". */
static const char *said(struct http_request *r)
{
	char clean[SAID_SHOWN + 1];
	struct buf line;
	struct span text =
	    str_trim((struct span){buf_text(&r->said), r->said.len});

	if (!is_text(r) || text.n == 0)
		return "";
	buf_init(&line, HTTP_SAID_MAX);
	for (size_t i = 0; i < text.n; i++)
		if (!isspace((unsigned char)text.p[i]))
			buf_char(&line, text.p[i]);
		else if (!isspace((unsigned char)text.p[i - 1]))
			buf_char(&line, ' ');
	str_clean_into(clean, sizeof(clean), buf_text(&line), line.len);
	if (has_hidden(r, buf_text(&line)))
		clean[0] = '\0';
	buf_free(&line);
	if (clean[0] == '\0')
		return "";
	return arena_printf(r->arena, ": %s", clean);
}

static int unauthorised(struct http_request *r)
{
	struct err *e = &r->job->err;

	e->code = OUTCOME_AUTH;
	if (r->away)
		return err_hint(e, "credentials are not passed on to where "
				   "the redirect leads: put its URL in http:");
	if (r->given || r->conf->stay)
		return -1;
	if (r->conf->auth == HTTP_NONE)
		return err_hint(e, "auth: basic or auth: bearer gives "
				   "credentials");
	return err_hint(e, "is what %s holds still right?",
	    r->conf->auth == HTTP_BASIC ? r->conf->password_file
					: r->conf->token_file);
}

/* When to come back, as Retry-After says; "" if it doesn't. */
static const char *retry_after(struct http_request *r)
{
	curl_off_t s = 0;

	curl_easy_getinfo(r->easy, CURLINFO_RETRY_AFTER, &s);
	return s <= 0 ? ""
		      : arena_printf(r->arena, "; to be asked again in %s",
			    clock_duration(r->arena, (double)s));
}

int http_refused(struct http_request *r, long status)
{
	struct err *e = &r->job->err;

	err_code(e, OUTCOME_HTTP_STATUS, "%ld%s from %s%s%s", status,
	    reason(status), shown(r),
	    status == 429 || status == 503 ? retry_after(r) : "", said(r));
	if (status == 429)
		e->code = OUTCOME_RATE_LIMITED;
	if (status == 401 || status == 403)
		return unauthorised(r);
	return -1;
}
