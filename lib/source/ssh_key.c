/*
 * Private key files: PEM, or OpenSSH's own format (its PROTOCOL.key), which
 * ssh-keygen writes since 7.8.
 *
 * libssh2 reads either by itself, but asks for passphrases on the terminal,
 * and signs with RSA only by SHA-1, which servers refuse. So here it is found
 * out whether a key can be used as it is, and RSA keys are read whole.
 */
#include "source/ssh.h"

#include "base/file.h"

#include <string.h>

#define KEY_FILE_MAX (64 * 1024)
#define OPENSSH_HEAD "-----BEGIN OPENSSH PRIVATE KEY-----"
#define OPENSSH_TAIL "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC	     "openssh-key-v1" /* with its NUL */
#define RSA_NAME     "ssh-rsa"

static bool take_u32(struct span *rest, uint32_t *out)
{
	const unsigned char *p = (const unsigned char *)rest->p;

	if (rest->n < 4)
		return false;
	*out = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
	rest->p += 4;
	rest->n -= 4;
	return true;
}

bool ssh_wire_take(struct span *rest, struct span *out)
{
	uint32_t n;

	if (!take_u32(rest, &n) || n > rest->n)
		return false;
	*out = (struct span){rest->p, n};
	rest->p += n;
	rest->n -= n;
	return true;
}

void ssh_wire_put(struct buf *b, const void *p, size_t n)
{
	const unsigned char head[4] = {(unsigned char)(n >> 24),
	    (unsigned char)(n >> 16), (unsigned char)(n >> 8),
	    (unsigned char)n};

	buf_add(b, head, sizeof(head));
	buf_add(b, p, n);
}

/* A positive number has a zero byte before a high bit (RFC 4251, 5). */
static void put_number(struct buf *b, struct span v)
{
	char padded[KEY_FILE_MAX / 8];

	if (v.n == 0 || (v.p[0] & 0x80) == 0 || v.n >= sizeof(padded)) {
		ssh_wire_put(b, v.p, v.n);
		return;
	}
	padded[0] = '\0';
	memcpy(padded + 1, v.p, v.n);
	ssh_wire_put(b, padded, v.n + 1);
}

bool ssh_rsa_blob(struct span blob, struct buf *out)
{
	struct span type;

	if (!ssh_wire_take(&blob, &type) || !span_eq(type, RSA_NAME))
		return false;
	ssh_wire_put(out, SSH_RSA_ALGORITHM, strlen(SSH_RSA_ALGORITHM));
	buf_add(out, blob.p, blob.n);
	return !out->failed;
}

/* What is between the lines that frame it, without its line ends. */
static bool unframe(struct arena *a, struct span text, struct span *out)
{
	struct span line;
	char *joined = arena_alloc(a, text.n + 1);
	bool inside = false;
	size_t n = 0;

	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (span_eq(line, OPENSSH_TAIL))
			return inside && crypto_base64_decode(
					     a, (struct span){joined, n}, out);
		if (inside) {
			memcpy(joined + n, line.p, line.n);
			n += line.n;
		}
		inside = inside || span_eq(line, OPENSSH_HEAD);
	}
	return false;
}

/* The private part of one RSA key: two equal checks, type, n, e, d, … */
static int rsa_private(struct span rest, struct ssh_key *key, struct err *e)
{
	struct span type, n, exponent, d;
	uint32_t check[2];

	if (!take_u32(&rest, &check[0]) || !take_u32(&rest, &check[1]) ||
	    check[0] != check[1] || !ssh_wire_take(&rest, &type) ||
	    !span_eq(type, RSA_NAME) || !ssh_wire_take(&rest, &n) ||
	    !ssh_wire_take(&rest, &exponent) || !ssh_wire_take(&rest, &d))
		return err_set(e, "the key is damaged");
	return crypto_key_rsa(&key->rsa, n, exponent, d, e);
}

static int parse_openssh(
    struct arena *a, struct span text, struct ssh_key *key, struct err *e)
{
	struct span rest, cipher, kdf, kdf_options, secret, blob, type;
	uint32_t keys;

	if (!unframe(a, text, &rest) || rest.n < sizeof(MAGIC) ||
	    memcmp(rest.p, MAGIC, sizeof(MAGIC)) != 0)
		return err_set(e, "the key is damaged");
	rest.p += sizeof(MAGIC);
	rest.n -= sizeof(MAGIC);
	if (!ssh_wire_take(&rest, &cipher) || !ssh_wire_take(&rest, &kdf) ||
	    !ssh_wire_take(&rest, &kdf_options) || !take_u32(&rest, &keys) ||
	    keys != 1 || !ssh_wire_take(&rest, &key->blob) ||
	    !ssh_wire_take(&rest, &secret))
		return err_set(e, "the key is damaged");
	blob = key->blob;
	if (!ssh_wire_take(&blob, &type))
		return err_set(e, "the key is damaged");
	key->type = arena_strndup(a, type.p, type.n);
	key->encrypted = !span_eq(cipher, "none");
	if (key->encrypted || !str_eq(key->type, RSA_NAME))
		return 0;
	return rsa_private(secret, key, e);
}

static int parse_pem(
    struct arena *a, struct span text, struct ssh_key *key, struct err *e)
{
	struct crypto_key *pem = NULL;
	struct span n, exponent;
	struct buf b;

	if (crypto_key_pem(&pem, text, &key->encrypted, e) != 0)
		return key->encrypted ? 0 : -1;
	if (!crypto_key_rsa_public(pem, a, &n, &exponent)) {
		crypto_key_free(pem);
		return 0; /* libssh2 can read it */
	}
	key->rsa = pem;
	key->type = RSA_NAME;
	buf_init(&b, KEY_FILE_MAX);
	ssh_wire_put(&b, RSA_NAME, strlen(RSA_NAME));
	put_number(&b, exponent);
	put_number(&b, n);
	key->blob = (struct span){arena_copy(a, b.data, b.len), b.len};
	buf_free(&b);
	return 0;
}

int ssh_key_parse(
    struct arena *a, struct span text, struct ssh_key *key, struct err *e)
{
	key->type = "";
	if (memmem(text.p, text.n, OPENSSH_HEAD, strlen(OPENSSH_HEAD)) != NULL)
		return parse_openssh(a, text, key, e);
	if (str_starts(text.p, "ssh-") || str_starts(text.p, "ecdsa-"))
		return err_set(e, "that is the public half of a key");
	return parse_pem(a, text, key, e);
}

int ssh_key_load(
    struct arena *a, const char *path, struct ssh_key *key, struct err *e)
{
	struct span text;

	*key = (struct ssh_key){.path = path, .type = ""};
	if (file_read_private(a, path, KEY_FILE_MAX, &text, e) != 0) {
		e->code = OUTCOME_AUTH;
		return -1;
	}
	if (ssh_key_parse(a, text, key, e) == 0)
		return 0;
	err_context(e, "key %s", path);
	e->code = OUTCOME_AUTH;
	return -1;
}

void ssh_key_free(struct ssh_key *key)
{
	crypto_key_free(key->rsa);
	key->rsa = NULL;
}
