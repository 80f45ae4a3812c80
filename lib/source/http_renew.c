/*
 * Tokens are made durable before they are used: where the old refresh token
 * ends with the first use of the new access token, a kill at any moment leaves
 * one that works.
 */
#include "base/file.h"
#include "source/http_session.h"

#include <string.h>

#define MARGIN_S  120 /* an access token is renewed so long before its end */
#define VAULT_MAX FETCH_VAULT_MAX

int session_keep(struct turn *t, const struct http_login *login)
{
	struct fetch *job = t->job;
	struct buf b;
	int rc;

	buf_init(&b, VAULT_MAX);
	http_login_write(login, &b);
	if (b.failed)
		rc = err_code(&job->err, OUTCOME_TOO_LARGE,
		    "the tokens are too long to be kept");
	else
		rc = job->keep == NULL
			 ? 0
			 : job->keep(
			       job, (struct span){b.data, b.len}, &job->err);
	buf_free(&b);
	if (rc == 0)
		t->s->login = *login;
	return rc;
}

int session_ask_person(struct turn *t)
{
	t->job->err.code = OUTCOME_REAUTH;
	return err_hint(&t->job->err, "broadsheet auth %s", t->job->name);
}

static int ask_account(
    struct turn *t, struct http_exchange *x, struct http_login *login)
{
	struct arena *a = t->s->arena;
	struct http_conf *conf = arena_make(a, struct http_conf);
	struct pairs grant = {0};
	struct err *e = &t->job->err;
	int rc;

	*conf = *t->conf;
	if (http_jwt_grant(
		a, t->conf, t->job->now, &grant, &conf->token_url, e) != 0)
		return -1;
	x->conf = conf;
	rc = http_token_ask(a, x, &grant, login, e);
	if (rc != 0 && e->code == OUTCOME_REAUTH) {
		e->code = OUTCOME_AUTH; /* no person can give it again */
		err_hint(e, "is the key of key_file still there, and this "
			    "machine's clock right?");
	}
	return rc;
}

static int ask_person(
    struct turn *t, struct http_exchange *x, struct http_login *login)
{
	struct arena *a = t->s->arena;
	struct pairs grant = {0};
	struct err *e = &t->job->err;

	if (login->refresh == NULL) {
		if (login->access == NULL)
			err_set(e, "nobody has given access yet");
		else
			err_set(e, "the access has ended");
		return session_ask_person(t);
	}
	http_add(a, &grant, "grant_type", "refresh_token");
	http_add(a, &grant, "refresh_token", login->refresh);
	if (http_token_ask(a, x, &grant, login, e) == 0)
		return 0;
	if (e->code == OUTCOME_REAUTH)
		return session_ask_person(t);
	if (e->code == OUTCOME_AUTH && e->hint[0] == '\0')
		err_hint(e, "is what %s holds still right, and client_id?",
		    t->conf->client_secret_file != NULL
			? t->conf->client_secret_file
			: "client_secret_file");
	return -1;
}

int session_renew(struct turn *t)
{
	struct http_login login = t->s->login;
	struct http_exchange x = session_exchange(t);
	int rc;

	x.budget = &login;
	t->renewed = true;
	rc = t->conf->auth == HTTP_ACCOUNT ? ask_account(t, &x, &login)
					   : ask_person(t, &x, &login);
	if (rc != 0) {
		/* said inside of a good answer: no header counted it */
		if (t->job->err.code == OUTCOME_RATE_LIMITED &&
		    login.until <= t->job->now)
			http_budget_strike(t->job->name, t->job->now, &login);
		t->s->login.until = login.until;
		t->s->login.strikes = login.strikes;
		return -1;
	}
	return session_keep(t, &login);
}

static bool is_stale(const struct http_login *l, int64_t now)
{
	return l->access == NULL ||
	       (l->expires != 0 && l->expires - MARGIN_S <= now);
}

static int read_key(struct turn *t)
{
	if (file_read_secret(t->s->arena, t->conf->key_file, &t->secret,
		&t->job->err) != 0) {
		t->job->err.code = OUTCOME_AUTH;
		return -1;
	}
	if (http_sendable(t->secret, strlen(t->secret)))
		return 0;
	return err_code(&t->job->err, OUTCOME_AUTH,
	    "key_file: %s: not a line of text", t->conf->key_file);
}

int session_equip(struct turn *t)
{
	switch (t->conf->auth) {
	case HTTP_KEY:
		return read_key(t);
	case HTTP_OAUTH2:
	case HTTP_ACCOUNT:
		if (is_stale(&t->s->login, t->job->now) &&
		    session_renew(t) != 0)
			return -1;
		t->secret = t->s->login.access;
		return 0;
	default:
		return 0;
	}
}
