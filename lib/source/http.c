/*
 * http: what a web server answers. This file has the options and what can be
 * wrong with them; see http.h for where the rest is.
 */
#include "source/http.h"

#include <signal.h>
#include <string.h>

#define OPTION(key, type, member)                                              \
	key, OPTION_##type, offsetof(struct http_conf, member)

static const struct option options[] = {
    {OPTION("http", TEXT, http),
	.help = "the URL, http:// or https://; certificates are verified, "
		"redirects are followed",
	.required = true},
    {OPTION("method", CHOICE, method), .choices = "GET|POST|PUT|HEAD",
	.deflt = "GET", .help = "the method of the request"},
    {OPTION("headers", MAP, headers),
	.help = "further headers; only those that hold no secret follow a "
		"redirect to another host"},
    {OPTION("body", TEXT, body), .help = "what POST or PUT sends"},
    {OPTION("auth", CHOICE, auth), .choices = "none|basic|bearer",
	.deflt = "none",
	.help = "how to say who asks; never passed on to another host"},
    {OPTION("user", TEXT, user), .help = "the user of auth: basic"},
    {OPTION("password_file", PATH, password_file),
	.help = "the file that holds the password of auth: basic; only its "
		"owner may be able to read it"},
    {OPTION("token_file", PATH, token_file),
	.help = "the file that holds the token of auth: bearer; only its "
		"owner may be able to read it"},
    {OPTION("ca", PATH, ca),
	.help = "certificates of the authorities to trust, PEM, instead of "
		"the machine's own: for an authority of one's own"},
    {OPTION("expect", LIST, expect),
	.help = "the statuses that are good, such as 404 or 2xx; 2xx if not "
		"given"},
    {OPTION("conditional", BOOL, conditional), .deflt = "yes",
	.help = "ask only for what has changed, where the server tells "
		"(ETag, Last-Modified) and the answer is at most 64 KB"},
    {0},
};

/* The node that a fault is about: the key's value, or the whole source. */
static const struct node *at(const struct node *source, const char *key)
{
	const struct node *value = node_get(source, key);

	return value != NULL ? value : source;
}

static void check_url(
    const struct http_conf *conf, const struct node *node, struct faults *f)
{
	CURLU *u = curl_url();
	CURLUcode code = u == NULL ? CURLUE_OUT_OF_MEMORY
				   : curl_url_set(u, CURLUPART_URL, conf->http,
					 CURLU_NON_SUPPORT_SCHEME);
	char *scheme = NULL, *user = NULL;

	if (code == CURLUE_OK) {
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
		curl_url_get(u, CURLUPART_USER, &user, 0);
	}
	/* never the URL itself once it may hold a password */
	if (code != CURLUE_OK)
		fault_at(f, at(node, "http"), "http: this is not a URL: %s",
		    curl_url_strerror(code));
	else if (!str_eq(scheme, "http") && !str_eq(scheme, "https"))
		fault_at(f, at(node, "http"),
		    "http: a URL begins with http:// or https://, not %s://",
		    scheme);
	else if (user != NULL)
		fault_at(f, at(node, "http"),
		    "http: a URL holds no user and password; write auth: "
		    "basic, user: and password_file:");
	curl_free(scheme);
	curl_free(user);
	curl_url_cleanup(u);
}

static void check_body(
    const struct http_conf *conf, const struct node *node, struct faults *f)
{
	if (conf->body != NULL && conf->method != HTTP_POST &&
	    conf->method != HTTP_PUT)
		fault_at(f, at(node, "body"),
		    "body: only method: POST or PUT sends one");
}

static void need(const char *key, const char *value, bool needed,
    const char *auth, const struct node *node, struct faults *f)
{
	if (needed && value == NULL)
		fault_at(f, at(node, "auth"), "auth: %s needs %s:", auth, key);
	else if (!needed && value != NULL)
		fault_at(
		    f, at(node, key), "%s: goes only with auth: %s", key, auth);
}

static void check_auth(
    const struct http_conf *conf, const struct node *node, struct faults *f)
{
	bool basic = conf->auth == HTTP_BASIC;
	bool bearer = conf->auth == HTTP_BEARER;

	need("user", conf->user, basic, "basic", node, f);
	need("password_file", conf->password_file, basic, "basic", node, f);
	need("token_file", conf->token_file, bearer, "bearer", node, f);
}

/* RFC 9110, 5.1 and 5.5: tokens, and values without control characters. */
static void check_headers(
    const struct http_conf *conf, const struct node *node, struct faults *f)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t i = 0; i < conf->headers.n; i++) {
		const char *key = conf->headers.items[i].key;
		const char *value = conf->headers.items[i].value;

		if (key[0] == '\0' || key[strspn(key, token)] != '\0')
			fault_at(f, at(node, "headers"),
			    "headers: '%s' is not the name of a header", key);
		for (; *value != '\0'; value++)
			if ((unsigned char)*value < 0x20 || *value == 0x7f)
				break;
		if (*value != '\0')
			fault_at(f, at(node, "headers"),
			    "headers: the value of %s must be one line of "
			    "text",
			    key);
	}
}

static bool is_status(const char *s)
{
	if (strlen(s) != 3 || s[0] < '1' || s[0] > '5')
		return false;
	return str_eq(s + 1, "xx") || strspn(s + 1, "0123456789") == 2;
}

static void check_expect(
    const struct http_conf *conf, const struct node *node, struct faults *f)
{
	for (size_t i = 0; i < conf->expect.n; i++)
		if (!is_status(conf->expect.items[i]))
			fault_at(f, at(node, "expect"),
			    "expect: '%s' is not a status such as 404 or 2xx",
			    conf->expect.items[i]);
}

static void check(void *p, const struct node *node, struct faults *f)
{
	const struct http_conf *conf = p;

	if (conf->http != NULL)
		check_url(conf, node, f);
	check_body(conf, node, f);
	check_auth(conf, node, f);
	check_headers(conf, node, f);
	check_expect(conf, node, f);
}

/* All share children, whatever the host: curl serves many at once. */
static const char *endpoint(const void *conf, struct arena *a)
{
	(void)conf, (void)a;
	return "http";
}

static void fetch(struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	signal(SIGPIPE, SIG_IGN); /* OpenSSL writes to sockets that are gone */
	curl_global_init(CURL_GLOBAL_DEFAULT);
	http_multi(jobs, n, sink);
	curl_global_cleanup();
}

const struct source_kind source_http = {
    .name = "http",
    .help = "what a web server answers",
    .options = options,
    .conf_size = sizeof(struct http_conf),
    .batch = 125,
    .endpoint = endpoint,
    .check = check,
    .fetch = fetch,
};
