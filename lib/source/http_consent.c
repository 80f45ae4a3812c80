/*
 * How a person gives access: the authorisation code of RFC 6749, 4.1, with
 * the redirect to this machine of RFC 8252, 7.3.
 */
#include "base/crypto.h"
#include "source/http.h"

#include <string.h>
#include <strings.h>

#define REDIRECT  "http://localhost:8339/"
#define TIMEOUT_S 20
#define STATE	  16 /* random bytes */

static int lacks(const char *key, struct err *e)
{
	return err_set(e, "%s: is missing, so nobody can be asked", key);
}

/* The port and path of a redirect to this machine; else port 0. */
static void find_place(const char *redirect, struct arena *a, struct consent *c)
{
	static const char *const here[] = {"localhost", "127.0.0.1"};
	CURLU *u = curl_url();
	char *host = NULL, *port = NULL, *path = NULL, *scheme = NULL;
	int64_t number = 0;

	if (u != NULL &&
	    curl_url_set(u, CURLUPART_URL, redirect, 0) == CURLUE_OK) {
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
		curl_url_get(u, CURLUPART_HOST, &host, 0);
		curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
		curl_url_get(u, CURLUPART_PATH, &path, 0);
	}
	for (size_t i = 0; i < 2; i++)
		if (str_eq(host, here[i]) && str_eq(scheme, "http") &&
		    port != NULL && str_int(port, &number))
			c->port = (int)number;
	c->path = arena_strdup(a, path != NULL ? path : "/");
	curl_free(host);
	curl_free(port);
	curl_free(path);
	curl_free(scheme);
	curl_url_cleanup(u);
}

static int begin(
    const void *p, struct arena *a, struct consent *c, struct err *e)
{
	const struct http_conf *conf = p;
	struct buf form;
	char *state;

	*c = (struct consent){0};
	if (conf->auth != HTTP_OAUTH2)
		return err_set(
		    e, "it needs nobody's consent (only auth: oauth2 does)");
	if (conf->authorize_url == NULL)
		return lacks("authorize_url", e);
	if (crypto_random_hex(a, STATE, &state, e) != 0)
		return -1;
	c->state = state;
	c->redirect =
	    conf->redirect_url != NULL ? conf->redirect_url : REDIRECT;
	find_place(c->redirect, a, c);
	buf_init(&form, 65536);
	http_form_add(&form, "response_type", "code");
	http_form_add(&form, "client_id", conf->client_id);
	http_form_add(&form, "redirect_uri", c->redirect);
	if (conf->scope != NULL)
		http_form_add(&form, "scope", conf->scope);
	http_form_add(&form, "state", state);
	http_form_pairs(&form, &conf->authorize_parameters);
	c->address = http_with_query(a, conf->authorize_url, &form);
	buf_free(&form);
	return 0;
}

/* The code of what came back. */
static int read_answer(struct arena *a, const struct consent *c,
    const char *answer, const char **code, const char **scope, struct err *e)
{
	struct span text = str_trim((struct span){answer, strlen(answer)});
	const char *all = arena_strndup(a, text.p, text.n);
	const char *query = strchr(all, '?');
	const char *state, *error;

	query = query != NULL ? query + 1 : all;
	*code = http_form_get(a, query, "code");
	*scope = http_form_get(a, query, "scope");
	state = http_form_get(a, query, "state");
	error = http_form_get(a, query, "error");
	if (error != NULL)
		return err_set(e, "the service says: %.80s", error);
	if (*code == NULL && strpbrk(all, "=&?/ ") == NULL && all[0] != '\0')
		*code = all;
	else if (*code != NULL && !str_eq(state, c->state))
		return err_set(e, "this answers another question: its state "
				  "is not the one that was sent");
	if (*code == NULL || (*code)[0] == '\0')
		return err_set(e, "there is no code in it");
	return 0;
}

static bool has_word(const char *list, const char *word, size_t n)
{
	while (*list != '\0') {
		size_t len = strcspn(list, " ,");

		if (len == n && strncmp(list, word, n) == 0)
			return true;
		list += len + (list[len] != '\0');
	}
	return false;
}

/* What was asked for and not given; NULL if all was, or nobody knows. */
static const char *missing(
    struct arena *a, const char *asked, const char *granted)
{
	const char *out = NULL;

	while (granted != NULL && asked != NULL && *asked != '\0') {
		size_t n = strcspn(asked, " ,");

		if (n > 0 && !has_word(granted, asked, n))
			out =
			    arena_printf(a, "%s%s%.*s", out != NULL ? out : "",
				out != NULL ? ", " : "", (int)n, asked);
		asked += n + (asked[n] != '\0');
	}
	return out;
}

static int exchange_code(const struct http_conf *conf, struct arena *a,
    const struct consent *c, const char *code, int64_t now,
    struct http_login *login, struct err *e)
{
	struct http_exchange x = {
	    .conf = conf, .name = "auth", .timeout = TIMEOUT_S, .now = now};
	struct pairs grant = {0};
	int rc;

	http_add(a, &grant, "grant_type", "authorization_code");
	http_add(a, &grant, "code", code);
	http_add(a, &grant, "redirect_uri", c->redirect);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	rc = http_token_ask(a, &x, &grant, login, e);
	curl_global_cleanup();
	if (rc == 0 && login->refresh == NULL && login->expires != 0) {
		err_set(e, "the service gave no refresh token, so the access "
			   "would end soon");
		return err_hint(e, "does it want a parameter for it? Google: "
				   "authorize_parameters: {access_type: "
				   "offline, prompt: consent}");
	}
	return rc;
}

static int end(const void *p, struct arena *a, const struct consent *c,
    const char *answer, int64_t now, struct consent_given *out, struct err *e)
{
	const struct http_conf *conf = p;
	struct http_login login = {0};
	const char *code, *scope;

	if (read_answer(a, c, answer, &code, &scope, e) != 0 ||
	    exchange_code(conf, a, c, code, now, &login, e) != 0)
		return -1;
	http_login_write(&login, &out->vault);
	if (out->vault.failed)
		return err_set(e, "the tokens are too long to be kept");
	out->missing =
	    missing(a, conf->scope, scope != NULL ? scope : login.scope);
	out->refresh_until = login.refresh_until;
	return 0;
}

const struct source_login http_login_of_person = {begin, end};
