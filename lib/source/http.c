/*
 * http: what a web server answers. This file has the options and what can be
 * wrong with them; see http.h for where the rest is.
 */
#include "source/http.h"
#include "source/http_call.h"

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
    {OPTION("auth", CHOICE, auth),
	.choices = "none|basic|bearer|oauth2|service-account|key",
	.deflt = "none",
	.help = "how to say who asks; never passed on to another host"},
    {OPTION("user", TEXT, user), .help = "the user of auth: basic"},
    {OPTION("password_file", PATH, password_file),
	.help = "the file that holds the password of auth: basic; only its "
		"owner may be able to read it"},
    {OPTION("token_file", PATH, token_file),
	.help = "the file that holds the token of auth: bearer; only its "
		"owner may be able to read it"},
    {OPTION("arguments", MAP, arguments),
	.help = "arguments, which are encoded into the query; with POST, "
		"into a form as the body"},
    {OPTION("token_url", TEXT, token_url),
	.help = "where tokens of auth: oauth2 come from"},
    {OPTION("authorize_url", TEXT, authorize_url),
	.help = "where a person gives access, in a browser, once: see "
		"broadsheet auth"},
    {OPTION("redirect_url", TEXT, redirect_url),
	.help = "where the browser is sent back to, as it is registered with "
		"the service; http://localhost:8339/ if left out"},
    {OPTION("client_id", TEXT, client_id),
	.help = "who asks: the service gives it out for auth: oauth2"},
    {OPTION("client_secret_file", PATH, client_secret_file),
	.help = "the file that holds its secret; only its owner may be able "
		"to read it"},
    {OPTION("client_auth", CHOICE, client_auth), .choices = "body|header",
	.deflt = "body", .help = "where the service wants to find both"},
    {OPTION("scope", TEXT, scope),
	.help = "what access is asked for, in the service's words"},
    {OPTION("login", TEXT, login),
	.help = "tells logins of the same client_id apart; sources without "
		"it, or with the same, share one"},
    {OPTION("token_parameters", MAP, token_parameters),
	.help = "further parameters that the service wants with requests for "
		"tokens"},
    {OPTION("authorize_parameters", MAP, authorize_parameters),
	.help = "further parameters of authorize_url"},
    {OPTION("token_path", TEXT, token_path), .deflt = "$",
	.help = "path of the object in the reply that holds access_token"},
    {OPTION("refresh_lasts", DURATION, refresh_lasts),
	.help = "how long a refresh token lasts, so that its end is told "
		"ahead"},
    {OPTION("key_file", PATH, key_file),
	.help = "the file of auth: key with the key, or of auth: "
		"service-account in JSON; only its owner may be able to read "
		"it"},
    {OPTION("key_parameter", TEXT, key_parameter),
	.help = "the parameter that carries the key of auth: key"},
    {OPTION("key_header", TEXT, key_header),
	.help = "the header that carries it"},
    {OPTION("audience", TEXT, audience),
	.help = "for whom a service account's request is; token_url if left "
		"out"},
    {OPTION("subject", TEXT, subject),
	.help = "as whom a service account asks, where it may"},
    {OPTION("paging", NODE, paging_node),
	.help = "how further pages are asked for, see below"},
    {OPTION("since", NODE, since_node),
	.help = "how only what is new is asked for, see below"},
    {OPTION("errors", NODE, errors_node),
	.help = "how refusals look that come with a good status, see below"},
    {OPTION("rate_windows", LIST, rate_windows),
	.help = "the lengths of the windows that lists in headers such as "
		"X-RateLimit-Usage are of: [15m, 1d]"},
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

static const char has_login[] = "a URL holds no user and password";

const char *http_url_fault(struct arena *a, const char *url)
{
	CURLU *u = curl_url();
	CURLUcode code = u == NULL ? CURLUE_OUT_OF_MEMORY
				   : curl_url_set(u, CURLUPART_URL, url,
					 CURLU_NON_SUPPORT_SCHEME);
	char *scheme = NULL, *user = NULL;
	const char *fault = NULL;

	if (code == CURLUE_OK) {
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
		curl_url_get(u, CURLUPART_USER, &user, 0);
	}
	/* never the URL itself once it may hold a password */
	if (code != CURLUE_OK)
		fault = arena_printf(
		    a, "this is not a URL: %s", curl_url_strerror(code));
	else if (!str_eq(scheme, "http") && !str_eq(scheme, "https"))
		fault = arena_printf(a,
		    "a URL begins with http:// or https://, not %s://", scheme);
	else if (user != NULL)
		fault = has_login;
	curl_free(scheme);
	curl_free(user);
	curl_url_cleanup(u);
	return fault;
}

static void check_url(
    const struct http_conf *conf, const struct node *node, struct faults *f)
{
	const char *fault = http_url_fault(f->arena, conf->http);

	if (fault != NULL)
		fault_at(f, at(node, "http"), "http: %s%s", fault,
		    fault == has_login
			? "; write auth: basic, user: and password_file:"
			: "");
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

static void check_token_url(
    const char *key, const char *url, const struct node *node, struct faults *f)
{
	if (url != NULL && !str_starts(url, "https://") &&
	    !str_starts(url, "http://"))
		fault_at(f, at(node, key),
		    "%s: a URL begins with https:// (or http://)", key);
}

/* Those of auth: oauth2, of service accounts and of keys. */
static void check_tokens(
    const struct http_conf *conf, const struct node *node, struct faults *f)
{
	bool oauth = conf->auth == HTTP_OAUTH2;
	bool key = conf->auth == HTTP_KEY;

	if (oauth && conf->token_url == NULL)
		need("token_url", NULL, true, "oauth2", node, f);
	need("client_id", conf->client_id, oauth, "oauth2", node, f);
	if (key && conf->key_file == NULL)
		need("key_file", NULL, true, "key", node, f);
	if (conf->auth == HTTP_ACCOUNT && conf->key_file == NULL)
		need("key_file", NULL, true, "service-account", node, f);
	if (!key && conf->auth != HTTP_ACCOUNT && conf->key_file != NULL)
		fault_at(f, at(node, "key_file"),
		    "key_file: goes only with auth: key or service-account");
	if (key && (conf->key_parameter == NULL) == (conf->key_header == NULL))
		fault_at(f, at(node, "auth"),
		    "auth: key needs either key_parameter: or key_header:");
	check_token_url("token_url", conf->token_url, node, f);
	check_token_url("authorize_url", conf->authorize_url, node, f);
	http_check_path(
	    "token_path", conf->token_path, false, at(node, "token_path"), f);
}

/* A mapping of its own within the source. */
static void bind_part(const struct node *part, const struct option *table_of,
    void *out, struct http_conf *conf,
    void (*check_it)(struct http_conf *, const struct node *, struct faults *),
    struct faults *f)
{
	struct binding table = {table_of, out};

	if (part == NULL)
		return;
	if (part->kind != NODE_MAP) {
		fault_at(f, part, "a mapping is wanted here");
		return;
	}
	option_bind(part, &table, 1, f);
	check_it(conf, part, f);
}

static void bind_parts(struct http_conf *conf, struct faults *f)
{
	bind_part(conf->paging_node, http_paging_options, &conf->paging, conf,
	    http_paging_check, f);
	bind_part(conf->since_node, http_since_options, &conf->since, conf,
	    http_since_check, f);
	bind_part(conf->errors_node, http_errors_options, &conf->errors, conf,
	    http_errors_check, f);
}

/* Parameters that never change are part of the request from now on. */
static void put_parameters(struct http_conf *conf, struct arena *a)
{
	struct buf form;

	conf->form = conf->method == HTTP_POST && conf->body == NULL;
	buf_init(&form, 1024 * 1024);
	http_form_pairs(&form, &conf->arguments);
	if (conf->form && form.len > 0)
		conf->body = arena_strdup(a, buf_text(&form));
	else if (conf->http != NULL)
		conf->http = http_with_query(a, conf->http, &form);
	buf_free(&form);
}

/* RFC 9110, 5.1 and 5.5: tokens, and values without control characters. */
void http_check_headers(
    const struct pairs *headers, const struct node *node, struct faults *f)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t i = 0; i < headers->n; i++) {
		const char *key = headers->items[i].key;
		const char *value = headers->items[i].value;

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
	struct http_conf *conf = p;

	if (conf->http != NULL)
		check_url(conf, node, f);
	check_body(conf, node, f);
	check_auth(conf, node, f);
	check_tokens(conf, node, f);
	http_check_headers(&conf->headers, node, f);
	check_expect(conf, node, f);
	bind_parts(conf, f);
	http_budget_check(conf, node, f);
	put_parameters(conf, f->arena);
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
	if (http_converses(jobs[0].conf))
		http_session(jobs, n, sink);
	else
		http_multi(jobs, n, HTTP_AT_ONCE, sink);
	curl_global_cleanup();
}

static const struct source_part parts[] = {
    {"paging", "how further pages are asked for", http_paging_options},
    {"since", "how only what is new is asked for", http_since_options},
    {"errors", "how refusals look that come with a good status",
	http_errors_options},
    {0},
};

const struct source_kind source_http = {
    .name = "http",
    .help = "what a web server answers",
    .options = options,
    .parts = parts,
    .conf_size = sizeof(struct http_conf),
    .batch = 125,
    .endpoint = endpoint,
    .check = check,
    .vault = http_vault,
    .login = &http_login_of_person,
    .fetch = fetch,
};
