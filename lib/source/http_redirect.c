/*
 * Redirects, followed here rather than by curl: so credentials and the
 * user's own headers go only to whom they are meant for, nothing leads from
 * TLS to plain text, and a loop is named by where it leads.
 */
#include "source/http.h"

#include <strings.h>

/* A URL without user and password, and its parts that say whose it is. */
struct place {
	char *url, *scheme, *host, *port;
};

static bool place_read(struct place *p, const char *url)
{
	CURLU *u = curl_url();
	bool ok = u != NULL && curl_url_set(u, CURLUPART_URL, url,
				   CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;

	*p = (struct place){0};
	if (ok) {
		curl_url_set(u, CURLUPART_USER, NULL, 0);
		curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
		curl_url_get(u, CURLUPART_SCHEME, &p->scheme, 0);
		curl_url_get(u, CURLUPART_HOST, &p->host, 0);
		curl_url_get(u, CURLUPART_PORT, &p->port, CURLU_DEFAULT_PORT);
		curl_url_get(u, CURLUPART_URL, &p->url, 0);
	}
	curl_url_cleanup(u);
	return ok && p->url != NULL && p->scheme != NULL;
}

static void place_free(struct place *p)
{
	curl_free(p->url);
	curl_free(p->scheme);
	curl_free(p->host);
	curl_free(p->port);
}

/* The same server, or the same host after its usual step up to TLS. */
static bool same_party(const struct place *a, const struct place *b)
{
	if (a->host == NULL || b->host == NULL ||
	    strcasecmp(a->host, b->host) != 0)
		return false;
	if (str_eq(a->scheme, b->scheme))
		return str_eq(a->port, b->port);
	return str_eq(a->scheme, "http") && str_eq(a->port, "80") &&
	       str_eq(b->scheme, "https") && str_eq(b->port, "443");
}

static int check_redirect(
    struct http_request *r, const struct place *from, const struct place *to)
{
	struct err *e = &r->job->err;
	const char *shown_from = http_show(r->arena, from->url);
	const char *shown_to = http_show(r->arena, to->url);

	if (r->redirects++ == HTTP_REDIRECTS_MAX)
		return err_code(e, OUTCOME_HTTP_STATUS,
		    "more than %d redirects, the last to %s",
		    HTTP_REDIRECTS_MAX, shown_to);
	if (!str_eq(to->scheme, "http") && !str_eq(to->scheme, "https"))
		return err_code(e, OUTCOME_PROTOCOL,
		    "%s redirects to %s, which is not HTTP", shown_from,
		    shown_to);
	if (str_eq(from->scheme, "https") && str_eq(to->scheme, "http"))
		return err_code(e, OUTCOME_TLS,
		    "%s redirects to %s, which is not encrypted", shown_from,
		    shown_to);
	return 0;
}

/* RFC 9110, 15.4 */
static bool turns_into_get(int method, long status)
{
	if (status == 303)
		return method != HTTP_HEAD;
	return method == HTTP_POST && (status == 301 || status == 302);
}

int http_redirect(struct http_request *r, long status, const char *url)
{
	struct place from, to;
	int rc;

	if (!place_read(&to, url)) {
		place_free(&to);
		return err_code(&r->job->err, OUTCOME_PROTOCOL,
		    "%s redirects to what is no URL",
		    http_show(r->arena, r->url));
	}
	place_read(&from, r->url);
	rc = check_redirect(r, &from, &to);
	if (rc == 0) {
		r->url = arena_strdup(r->arena, to.url);
		r->away |= !same_party(&from, &to);
		r->as_get |= turns_into_get(r->conf->method, status);
	}
	place_free(&from);
	place_free(&to);
	return rc;
}

bool http_is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

const char *http_onward(struct arena *a, const char *from, const char *to)
{
	struct place here, there = {0};
	CURLU *u = curl_url();
	char *whole = NULL;
	const char *out = NULL;

	if (u != NULL && curl_url_set(u, CURLUPART_URL, from, 0) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_URL, to, 0) == CURLUE_OK)
		curl_url_get(u, CURLUPART_URL, &whole, 0);
	if (place_read(&here, from) && whole != NULL &&
	    place_read(&there, whole) && str_eq(here.scheme, there.scheme) &&
	    same_party(&here, &there))
		out = arena_strdup(a, there.url);
	place_free(&here);
	place_free(&there);
	curl_free(whole);
	curl_url_cleanup(u);
	return out;
}
