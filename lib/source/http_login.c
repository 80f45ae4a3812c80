/*
 * What is remembered of a login between runs, as JSON in the vault. Sources
 * of one client at one service share it, or else each would make the others'
 * refresh tokens worthless.
 */
#include "base/json.h"
#include "source/http.h"

#include <math.h>
#include <string.h>

static const char *text_of(
    struct arena *a, const struct json *j, const char *key)
{
	const char *s = json_text_of(json_get(j, key));

	if (s == NULL || strlen(s) > HTTP_TOKEN_MAX ||
	    !http_sendable(s, strlen(s)))
		return NULL;
	return arena_strdup(a, s);
}

static int64_t int_of(const struct json *j, const char *key)
{
	double v = json_number_of(json_get(j, key));

	return isnan(v) || v < 0 || v > 1e12 ? 0 : (int64_t)v;
}

void http_login_read(
    struct arena *a, struct span text, struct http_login *login)
{
	struct json *j;
	struct err e;

	*login = (struct http_login){0};
	if (text.n == 0 || (j = json_parse(text.p, text.n, &e)) == NULL)
		return;
	*login = (struct http_login){
	    .access = text_of(a, j, "access"),
	    .refresh = text_of(a, j, "refresh"),
	    .scope = text_of(a, j, "scope"),
	    .user = text_of(a, j, "user"),
	    .expires = int_of(j, "expires"),
	    .refresh_until = int_of(j, "refresh_until"),
	    .until = int_of(j, "until"),
	    .strikes = int_of(j, "strikes"),
	};
	json_free(j);
}

void http_login_write(const struct http_login *login, struct buf *out)
{
	struct json *j = json_object_new();

	json_put_text(j, "access", login->access);
	json_put_text(j, "refresh", login->refresh);
	json_put_text(j, "scope", login->scope);
	json_put_text(j, "user", login->user);
	json_put_int(j, "expires", login->expires);
	json_put_int(j, "refresh_until", login->refresh_until);
	json_put_int(j, "until", login->until);
	json_put_int(j, "strikes", login->strikes);
	json_write(j, 0, out);
	json_free(j);
}

static const char *or_none(const char *s)
{
	return s != NULL ? s : "";
}

/* The server alone: budgets are the server's. */
static const char *server_of(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://");
	size_t n = host == NULL ? 0 : strcspn(host + 3, "/?#");

	return host == NULL
		   ? url
		   : arena_strndup(a, url, (size_t)(host + 3 - url) + n);
}

const char *http_vault(const void *p, struct arena *a)
{
	const struct http_conf *conf = p;

	if (!http_converses(conf) || conf->http == NULL)
		return NULL;
	switch (conf->auth) {
	case HTTP_OAUTH2:
		return arena_printf(a, "login %s %s %s",
		    or_none(conf->client_id), or_none(conf->token_url),
		    or_none(conf->login));
	case HTTP_ACCOUNT:
		return arena_printf(a, "account %s %s %s",
		    or_none(conf->key_file), or_none(conf->scope),
		    or_none(conf->subject));
	case HTTP_KEY:
		return arena_printf(a, "key %s %s", or_none(conf->key_file),
		    server_of(a, conf->http));
	default:
		return arena_printf(a, "server %s", server_of(a, conf->http));
	}
}
