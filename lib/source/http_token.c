/*
 * Tokens: RFC 6749, 4.1.3 (for a code), 5.1 (the reply), 6 (for a refresh
 * token), and services that answer in a shape of their own.
 */
#include "base/file.h"
#include "source/http.h"

#include <math.h>
#include <string.h>

#define REPLY_MAX (256 * 1024)
#define LASTS_MAX (10 * 366 * 86400.0)

/* What the request holds that must never be shown. */
struct asking {
	struct arena *arena;
	struct http_exchange *x;
	const struct http_conf *conf;
	const struct pairs *grant;
	const char *secret;
};

static const char *member(struct asking *q, const char *name)
{
	const char *in = q->conf->token_path;

	return arena_printf(q->arena, "%s.%s", in != NULL ? in : "$", name);
}

static const char *field(
    struct asking *q, struct http_json *j, const char *name)
{
	const char *s = http_json_text(j, member(q, name));

	return s == NULL || s[0] == '\0' || strlen(s) > HTTP_TOKEN_MAX ||
		       !http_sendable(s, strlen(s))
		   ? NULL
		   : s;
}

/* When what lasts so long ends; 0 if that is not said. */
static int64_t after(const struct asking *q, const char *lasts)
{
	double s;

	if (lasts == NULL || !str_number(lasts, &s) || s <= 0)
		return 0;
	return q->x->now + (int64_t)fmin(s, LASTS_MAX);
}

/*
 * By how long it lasts rather than by when it ends: this machine's clock may
 * be another.
 */
static int64_t expiry(struct asking *q, struct http_json *j)
{
	int64_t ts = after(q, field(q, j, "expires_in"));
	const char *at = field(q, j, "expires_at");

	if (ts == 0 && at != NULL && !str_int(at, &ts))
		ts = 0;
	return ts > 0 ? ts : 0;
}

static int64_t refresh_expiry(struct asking *q, struct http_json *j,
    const struct http_login *before, bool same)
{
	int64_t ts = after(q, field(q, j, "refresh_token_expires_in"));

	if (ts != 0)
		return ts;
	if (same)
		return before->refresh_until;
	return q->conf->refresh_lasts > 0
		   ? q->x->now + (int64_t)q->conf->refresh_lasts
		   : 0;
}

/* What the reply lacks stays as it was: some leave out what didn't change. */
static void take(
    struct asking *q, struct http_json *j, struct http_login *login)
{
	struct http_login new = *login;
	const char *refresh = field(q, j, "refresh_token");
	const char *scope = field(q, j, "scope"), *user = field(q, j, "userid");
	bool same = refresh == NULL || str_eq(refresh, login->refresh);

	new.access = field(q, j, "access_token");
	new.expires = expiry(q, j);
	new.refresh = refresh != NULL ? refresh : login->refresh;
	new.refresh_until = refresh_expiry(q, j, login, same);
	new.scope = scope != NULL ? scope : login->scope;
	new.user = user != NULL ? user : login->user;
	*login = new;
}

/* A code that a person brought, or a token of before. */
static int refused(struct asking *q, struct span text, struct err *e)
{
	bool code = false;

	for (size_t i = 0; i < q->grant->n; i++)
		code = code || str_eq(q->grant->items[i].key, "code");
	return http_token_refused(
	    q->arena, q->conf, code, q->x->status, text, e);
}

/* A token is missing: whatever it says instead. */
static int read_reply(struct asking *q, struct http_login *login, struct err *e)
{
	struct http_exchange *x = q->x;
	struct span text = {buf_text(&x->body), x->body.len};
	const char *url = http_show(q->arena, q->conf->token_url);
	struct http_json *j = NULL;
	int rc;

	if (x->status / 100 == 3)
		return err_code(e, OUTCOME_PROTOCOL,
		    "%s redirects, and tokens are not asked for elsewhere",
		    url);
	if (x->status / 100 != 2)
		return refused(q, text, e);
	rc = http_json_open(&j, q->arena, text, e);
	if (rc != 0)
		err_context(e, "%s", url);
	else if (http_said_well(q->conf, j, e) != 0)
		rc = e->code == OUTCOME_RATE_LIMITED ? err_context(e, "%s", url)
						     : refused(q, text, e);
	else if (field(q, j, "access_token") == NULL)
		rc = refused(q, text, e);
	else
		take(q, j, login);
	http_json_close(j);
	return rc;
}

static bool hides(const struct err *e, const char *secret)
{
	return secret != NULL && secret[0] != '\0' &&
	       (strstr(e->text, secret) != NULL ||
		   strstr(e->hint, secret) != NULL);
}

/* A service may repeat what it was sent, or give out tokens of some shape. */
static void hide(struct asking *q, struct err *e)
{
	bool found = hides(e, q->secret) || strstr(e->text, "access_token\"");

	for (size_t i = 0; i < q->grant->n; i++)
		found |= !str_eq(q->grant->items[i].key, "grant_type") &&
			 hides(e, q->grant->items[i].value);
	if (found)
		err_code(e, e->code, "%s: no token (its words hold a secret)",
		    http_show(q->arena, q->conf->token_url));
}

static int read_secret(struct asking *q, struct err *e)
{
	const char *path = q->conf->client_secret_file;

	if (path == NULL || q->conf->auth != HTTP_OAUTH2)
		return 0;
	if (file_read_secret(q->arena, path, &q->secret, e) == 0)
		return 0;
	e->code = OUTCOME_AUTH;
	return -1;
}

static void fill(struct asking *q, struct buf *form)
{
	const struct http_conf *c = q->conf;
	bool body = c->client_auth == HTTP_IN_BODY && c->client_id != NULL &&
		    c->auth == HTTP_OAUTH2;

	buf_init(form, REPLY_MAX);
	http_form_pairs(form, &c->token_parameters);
	http_form_pairs(form, q->grant);
	if (body)
		http_form_add(form, "client_id", c->client_id);
	if (body && q->secret != NULL)
		http_form_add(form, "client_secret", q->secret);
}

static struct http_conf request(
    struct asking *q, const char *url, const char *form)
{
	const struct http_conf *c = q->conf;
	struct http_conf ask = {.http = url,
	    .method = HTTP_POST,
	    .body = form,
	    .ca = c->ca,
	    .rate_windows = c->rate_windows};

	strings_add(q->arena, &ask.expect, "2xx");
	strings_add(q->arena, &ask.expect, "3xx");
	strings_add(q->arena, &ask.expect, "4xx");
	if (c->auth == HTTP_OAUTH2 && c->client_auth == HTTP_IN_HEADER) {
		ask.auth = HTTP_BASIC;
		ask.user = c->client_id;
	}
	return ask;
}

static int limited(struct http_exchange *x, const char *url, struct err *e)
{
	return err_code(e, OUTCOME_RATE_LIMITED, "%s: %ld: too much was asked",
	    url, x->status);
}

int http_token_ask(struct arena *a, struct http_exchange *x,
    const struct pairs *grant, struct http_login *login, struct err *e)
{
	struct asking q = {.arena = a, .x = x, .conf = x->conf, .grant = grant};
	struct http_conf ask;
	struct buf form;
	int rc;

	if (read_secret(&q, e) != 0)
		return -1;
	fill(&q, &form);
	ask = request(&q, q.conf->token_url, buf_text(&form));
	x->conf = &ask;
	x->secret = ask.auth == HTTP_BASIC ? q.secret : NULL;
	x->limit = REPLY_MAX;
	rc = http_exchange(x, a);
	x->conf = q.conf;
	if (rc != 0)
		*e = x->err;
	else if (x->status == 429)
		rc = limited(x, http_show(a, q.conf->token_url), e);
	else
		rc = read_reply(&q, login, e);
	if (rc != 0)
		hide(&q, e);
	buf_free(&form);
	buf_free(&x->body);
	return rc;
}
