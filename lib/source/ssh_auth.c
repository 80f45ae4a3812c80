/*
 * Who we are: a key file, an agent's keys, or the usual files of the home.
 *
 * RSA: libssh2 1.10 signs with SHA-1 only, which OpenSSH refuses since 8.8.
 * It takes the algorithm from the first word of the public blob, so a blob
 * that says rsa-sha2-512, and a signature of our own, do (see ssh.h).
 *
 * libssh2_userauth_list() is never called: a long list from the server
 * overflows the heap in versions before 1.11.
 */
#include "source/ssh.h"

#include "base/file.h"

#include <string.h>

#define TRIED_MAX 400

static const char *const usual[] = {
    "~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"};

bool ssh_login_refused(int rc)
{
	return rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED ||
	       rc == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED;
}

void ssh_login_tried(
    struct ssh_login *login, const char *type, const char *name)
{
	login->tries++;
	buf_printf(&login->tried, "%s%s%s%s%s", login->tries > 1 ? ", " : "",
	    name, type[0] != '\0' ? " (" : "", type,
	    type[0] != '\0' ? ")" : "");
}

static LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC(sign)
{
	const struct ssh_key *key = *abstract;
	struct err e;

	(void)session;
	return crypto_sign_rsa_sha512(
	    key->rsa, data, data_len, sig, sig_len, &e);
}

static int offer_rsa(struct ssh_link *l, struct ssh_key *key)
{
	const char *user = l->target->user;
	void *abstract = key;
	struct buf blob;
	int rc = LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED;

	buf_init(&blob, 64 * 1024);
	if (ssh_rsa_blob(key->blob, &blob))
		ssh_await(l->conn, rc,
		    libssh2_userauth_publickey(l->session, user,
			(unsigned char *)blob.data, blob.len, sign, &abstract));
	buf_free(&blob);
	return rc;
}

static int offer(struct ssh_link *l, struct ssh_key *key)
{
	const char *user = l->target->user;
	int rc;

	if (key->rsa != NULL)
		return offer_rsa(l, key);
	ssh_await(l->conn, rc,
	    libssh2_userauth_publickey_fromfile_ex(l->session, user,
		(unsigned int)strlen(user), NULL, key->path, NULL));
	return rc;
}

/* Remembers why a key could not be tried; the first is what is told. */
static void note(struct ssh_login *login, const struct err *e)
{
	if (login->why.code == 0)
		login->why = *e;
}

/* A key with a passphrase: if an agent has it open, that is as good. */
static int by_agent(
    struct ssh_login *login, const struct ssh_key *key, bool *in, struct err *e)
{
	enum ssh_agent_result r = SSH_AGENT_NONE;
	struct err why;

	if (login->link->conn->conf->agent &&
	    ssh_agent_login(login, key->blob, &r, e) != 0)
		return -1;
	*in = r == SSH_AGENT_IN;
	if (r != SSH_AGENT_NONE)
		return 0;
	err_code(&why, OUTCOME_AUTH,
	    "key %s has a passphrase, and no agent holds it", key->path);
	err_hint(&why,
	    "start an agent and run: ssh-add %s (or make a key of its own "
	    "without a passphrase for this)",
	    ssh_quote(login->link->conn->arena, key->path));
	note(login, &why);
	return 0;
}

/* *in: it opened the door. -1 only if the connection failed. */
static int try_key(
    struct ssh_login *login, struct ssh_key *key, bool *in, struct err *e)
{
	struct ssh_link *l = login->link;
	struct err why;
	int rc;

	if (key->encrypted)
		return by_agent(login, key, in, e);
	rc = offer(l, key);
	*in = rc == 0;
	if (rc == LIBSSH2_ERROR_FILE) {
		err_code(
		    &why, OUTCOME_AUTH, "key %s: %s", key->path, ssh_reason(l));
		note(login, &why);
		return 0;
	}
	if (rc != 0 && (l->conn->lost || !ssh_login_refused(rc)))
		return ssh_failed(l, rc, "the login", e);
	ssh_login_tried(login,
	    key->rsa != NULL ? "ssh-rsa by " SSH_RSA_ALGORITHM : key->type,
	    key->path);
	return 0;
}

static int try_file(
    struct ssh_login *login, const char *path, bool *in, struct err *e)
{
	struct ssh_key key;
	struct err why;
	int rc = 0;

	if (login->tries >= SSH_TRIES_MAX)
		return 0;
	if (ssh_key_load(login->link->conn->arena, path, &key, &why) != 0)
		note(login, &why);
	else
		rc = try_key(login, &key, in, e);
	ssh_key_free(&key);
	return rc;
}

/* Whatever is usual: the agent's keys, then those files that there are. */
static int try_usual(struct ssh_login *login, bool *in, struct err *e)
{
	enum ssh_agent_result r = SSH_AGENT_NONE;

	if (login->link->conn->conf->agent &&
	    ssh_agent_login(login, (struct span){0}, &r, e) != 0)
		return -1;
	*in = r == SSH_AGENT_IN;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]) && !*in; i++) {
		const char *path =
		    file_resolve(login->link->conn->arena, ".", usual[i]);

		if (file_exists(path) && try_file(login, path, in, e) != 0)
			return -1;
	}
	return 0;
}

static int refused(struct ssh_login *login, struct err *e)
{
	const struct ssh_target *t = login->link->target;
	const char *identity = login->link->conn->conf->identity;

	err_code(e, OUTCOME_AUTH,
	    "user %s: none of these keys was accepted: %s", t->user,
	    buf_text(&login->tried));
	if (identity == NULL)
		return -1;
	return err_hint(e, "ssh-copy-id -i %s -p %d %s@%s",
	    ssh_quote(login->link->conn->arena, identity), t->port, t->user,
	    t->host);
}

static int explain(struct ssh_login *login, struct err *e)
{
	const struct ssh_target *t = login->link->target;

	if (login->tries > 0)
		return refused(login, e);
	if (login->why.code != 0) {
		*e = login->why;
		return -1;
	}
	err_code(e, OUTCOME_AUTH,
	    "user %s: there is no key to log in with: neither an agent's nor "
	    "%s, %s or %s",
	    t->user, usual[0], usual[1], usual[2]);
	return err_hint(
	    e, "name a private key with identity:, or run: ssh-keygen");
}

int ssh_login(struct ssh_link *l, struct err *e)
{
	struct ssh_login login = {.link = l};
	const char *identity = l->conn->conf->identity;
	bool in = false;
	int rc;

	buf_init(&login.tried, TRIED_MAX);
	rc = identity != NULL ? try_file(&login, identity, &in, e)
			      : try_usual(&login, &in, e);
	if (rc == 0 && !in)
		rc = explain(&login, e);
	buf_free(&login.tried);
	return rc;
}
