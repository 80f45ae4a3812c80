/*
 * How a service account asks for a token: a JSON Web Token (RFC 7519) that it
 * signs with its own key (RS256, RFC 7518, 3.3), as a grant (RFC 7523, 2.1).
 * The key file is the JSON that Google's console gives out.
 */
#include "base/crypto.h"
#include "base/file.h"
#include "base/json.h"
#include "source/http.h"

#include <stdlib.h>
#include <string.h>

#define KEY_FILE_MAX (64 * 1024)
#define LASTS	     3600 /* seconds: as long as it may */

#define GRANT "urn:ietf:params:oauth:grant-type:jwt-bearer"

struct account {
	const char *email, *key, *url;
};

static int incomplete(const char *path, const char *what, struct err *e)
{
	err_code(e, OUTCOME_AUTH, "key_file: %s: %s", path, what);
	return err_hint(e, "it is the JSON file that the service gives out "
			   "when a key of a service account is made");
}

static int read_account(
    struct arena *a, const char *path, struct account *out, struct err *e)
{
	struct span text;
	struct json *j;
	struct err why;

	if (file_read_private(a, path, KEY_FILE_MAX, &text, e) != 0) {
		e->code = OUTCOME_AUTH;
		return -1;
	}
	j = json_parse(text.p, text.n, &why);
	*out = (struct account){
	    arena_strdup(a, json_text_of(json_get(j, "client_email"))),
	    arena_strdup(a, json_text_of(json_get(j, "private_key"))),
	    arena_strdup(a, json_text_of(json_get(j, "token_uri"))),
	};
	json_free(j);
	if (j == NULL)
		return incomplete(path, "this is not JSON", e);
	if (out->email == NULL || out->key == NULL)
		return incomplete(
		    path, "client_email or private_key is missing", e);
	return 0;
}

static const char *part(struct arena *a, struct json *j)
{
	struct buf b;
	const char *out;

	buf_init(&b, KEY_FILE_MAX);
	json_write(j, 0, &b);
	out = crypto_base64url(a, buf_text(&b), b.len);
	buf_free(&b);
	json_free(j);
	return out;
}

static const char *claims(struct arena *a, const struct http_conf *conf,
    const struct account *account, const char *url, int64_t now)
{
	struct json *j = json_object_new();

	json_put_text(j, "iss", account->email);
	json_put_text(j, "scope", conf->scope);
	json_put_text(j, "sub", conf->subject);
	json_put_text(j, "aud", conf->audience != NULL ? conf->audience : url);
	json_put_int(j, "iat", now);
	json_put_int(j, "exp", now + LASTS);
	return part(a, j);
}

static const char *header(struct arena *a)
{
	struct json *j = json_object_new();

	json_put_text(j, "alg", "RS256");
	json_put_text(j, "typ", "JWT");
	return part(a, j);
}

static int sign(struct arena *a, const char *pem, const char *text,
    const char **out, struct err *e)
{
	struct crypto_key *key = NULL;
	unsigned char *raw = NULL;
	bool encrypted;
	size_t n = 0;
	int rc;

	rc = crypto_key_pem(
	    &key, (struct span){pem, strlen(pem)}, &encrypted, e);
	if (rc == 0)
		rc = crypto_sign_rsa_sha256(
		    key, text, strlen(text), &raw, &n, e);
	if (rc == 0)
		*out = crypto_base64url(a, raw, n);
	free(raw);
	crypto_key_free(key);
	return rc;
}

const char *http_jwt_email(struct arena *a, const struct http_conf *conf)
{
	struct account account;
	struct err e;

	return read_account(a, conf->key_file, &account, &e) == 0
		   ? account.email
		   : NULL;
}

int http_jwt_grant(struct arena *a, const struct http_conf *conf, int64_t now,
    struct pairs *grant, const char **url, struct err *e)
{
	struct account account;
	const char *text, *signature;

	if (read_account(a, conf->key_file, &account, e) != 0)
		return -1;
	*url = conf->token_url != NULL ? conf->token_url : account.url;
	if (*url == NULL)
		return incomplete(conf->key_file, "token_uri is missing", e);
	text = arena_printf(
	    a, "%s.%s", header(a), claims(a, conf, &account, *url, now));
	if (sign(a, account.key, text, &signature, e) != 0) {
		err_context(e, "key_file: %s: private_key", conf->key_file);
		e->code = OUTCOME_AUTH;
		return -1;
	}
	http_add(a, grant, "grant_type", GRANT);
	http_add(
	    a, grant, "assertion", arena_printf(a, "%s.%s", text, signature));
	return 0;
}
