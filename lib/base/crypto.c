#include "base/crypto.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct crypto_key {
	EVP_PKEY *pkey;
};

void crypto_sha256_hex(const void *data, size_t n, char out[CRYPTO_SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char md[SHA256_DIGEST_LENGTH];

	SHA256(data, n, md);
	for (size_t i = 0; i < sizeof(md); i++) {
		out[2 * i] = digits[md[i] >> 4];
		out[2 * i + 1] = digits[md[i] & 15];
	}
	out[2 * sizeof(md)] = '\0';
}

char *crypto_sha256_base64(struct arena *a, const void *data, size_t n)
{
	unsigned char md[SHA256_DIGEST_LENGTH];
	char *out = arena_alloc(a, (sizeof(md) + 2) / 3 * 4 + 1);

	SHA256(data, n, md);
	EVP_EncodeBlock((unsigned char *)out, md, sizeof(md));
	return out;
}

void crypto_hmac_sha1(
    struct span key, struct span text, unsigned char out[CRYPTO_SHA1_SIZE])
{
	unsigned int n = CRYPTO_SHA1_SIZE;

	HMAC(EVP_sha1(), key.p, (int)key.n, (const unsigned char *)text.p,
	    text.n, out, &n);
}

/* libcrypto itself skips spaces and takes '=' anywhere. */
static bool all_base64(const char *p, size_t n)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";

	for (size_t i = 0; i < n; i++)
		if (memchr(alphabet, p[i], sizeof(alphabet) - 1) == NULL)
			return false;
	return true;
}

bool crypto_base64_decode(struct arena *a, struct span text, struct span *out)
{
	size_t padding = 0;
	unsigned char *raw;

	if (text.n == 0 || text.n % 4 != 0 || text.n > INT_MAX)
		return false;
	while (padding < 2 && text.p[text.n - 1 - padding] == '=')
		padding++;
	if (!all_base64(text.p, text.n - padding))
		return false;
	raw = arena_alloc(a, text.n / 4 * 3 + 1);
	if (EVP_DecodeBlock(raw, (const unsigned char *)text.p, (int)text.n) <
	    0) {
		ERR_clear_error();
		return false;
	}
	*out = (struct span){(const char *)raw, text.n / 4 * 3 - padding};
	return true;
}

/* Why libcrypto failed, in its words; its queue of errors is emptied. */
static int failed(const char *what, struct err *e)
{
	char reason[200];

	ERR_error_string_n(ERR_peek_last_error(), reason, sizeof(reason));
	ERR_clear_error();
	return err_set(e, "%s: %s", what, reason);
}

static int wrap(struct crypto_key **out, EVP_PKEY *pkey)
{
	struct crypto_key *key = calloc(1, sizeof(*key));

	if (key == NULL) {
		EVP_PKEY_free(pkey);
		return -1;
	}
	key->pkey = pkey;
	*out = key;
	return 0;
}

/* Asked only when there is a passphrase; nobody is there to type it. */
static int no_passphrase(char *buf, int size, int writing, void *asked)
{
	(void)buf, (void)size, (void)writing;
	*(bool *)asked = true;
	return -1;
}

int crypto_key_pem(
    struct crypto_key **out, struct span text, bool *encrypted, struct err *e)
{
	EVP_PKEY *pkey = NULL;
	BIO *bio =
	    text.n > INT_MAX ? NULL : BIO_new_mem_buf(text.p, (int)text.n);

	*encrypted = false;
	if (bio != NULL)
		pkey = PEM_read_bio_PrivateKey(
		    bio, NULL, no_passphrase, encrypted);
	BIO_free(bio);
	ERR_clear_error();
	if (*encrypted) {
		EVP_PKEY_free(pkey);
		return err_set(e, "the key has a passphrase");
	}
	if (pkey == NULL)
		return err_set(e, "not a private key");
	return wrap(out, pkey) == 0 ? 0 : err_set(e, "no memory");
}

static bool push(
    OSSL_PARAM_BLD *bld, const char *name, struct span bytes, BIGNUM **bn)
{
	*bn = bytes.n > INT_MAX ? NULL
				: BN_bin2bn((const unsigned char *)bytes.p,
				      (int)bytes.n, NULL);
	return *bn != NULL && OSSL_PARAM_BLD_push_BN(bld, name, *bn);
}

static EVP_PKEY *rsa_from(OSSL_PARAM_BLD *bld)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;

	if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) > 0 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) <= 0)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return pkey;
}

int crypto_key_rsa(struct crypto_key **out, struct span n, struct span e,
    struct span d, struct err *err)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *bn[3] = {NULL};
	EVP_PKEY *pkey = NULL;

	if (bld != NULL && push(bld, OSSL_PKEY_PARAM_RSA_N, n, &bn[0]) &&
	    push(bld, OSSL_PKEY_PARAM_RSA_E, e, &bn[1]) &&
	    push(bld, OSSL_PKEY_PARAM_RSA_D, d, &bn[2]))
		pkey = rsa_from(bld);
	OSSL_PARAM_BLD_free(bld);
	BN_free(bn[0]);
	BN_free(bn[1]);
	BN_clear_free(bn[2]);
	if (pkey == NULL)
		return failed("not an RSA key", err);
	return wrap(out, pkey) == 0 ? 0 : err_set(err, "no memory");
}

void crypto_key_free(struct crypto_key *key)
{
	if (key != NULL)
		EVP_PKEY_free(key->pkey);
	free(key);
}

static bool number(
    const EVP_PKEY *pkey, const char *name, struct arena *a, struct span *out)
{
	BIGNUM *bn = NULL;
	unsigned char *raw;

	if (!EVP_PKEY_get_bn_param(pkey, name, &bn))
		return false;
	out->n = (size_t)BN_num_bytes(bn);
	raw = arena_alloc(a, out->n + 1);
	BN_bn2bin(bn, raw);
	out->p = (const char *)raw;
	BN_free(bn);
	return true;
}

bool crypto_key_rsa_public(const struct crypto_key *key, struct arena *a,
    struct span *n, struct span *e)
{
	return EVP_PKEY_is_a(key->pkey, "RSA") &&
	       number(key->pkey, OSSL_PKEY_PARAM_RSA_N, a, n) &&
	       number(key->pkey, OSSL_PKEY_PARAM_RSA_E, a, e);
}

static int sign(const struct crypto_key *key, const EVP_MD *digest,
    const void *data, size_t n, unsigned char **out, size_t *out_n,
    struct err *e)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done;

	*out_n = (size_t)EVP_PKEY_get_size(key->pkey);
	*out = malloc(*out_n);
	done = ctx != NULL && *out != NULL &&
	       EVP_DigestSignInit(ctx, NULL, digest, NULL, key->pkey) > 0 &&
	       EVP_DigestSign(ctx, *out, out_n, data, n) > 0;
	EVP_MD_CTX_free(ctx);
	if (done)
		return 0;
	free(*out);
	*out = NULL;
	return failed("signing", e);
}

int crypto_sign_rsa_sha512(const struct crypto_key *key, const void *data,
    size_t n, unsigned char **out, size_t *out_n, struct err *e)
{
	return sign(key, EVP_sha512(), data, n, out, out_n, e);
}

int crypto_sign_rsa_sha256(const struct crypto_key *key, const void *data,
    size_t n, unsigned char **out, size_t *out_n, struct err *e)
{
	return sign(key, EVP_sha256(), data, n, out, out_n, e);
}

char *crypto_base64url(struct arena *a, const void *data, size_t n)
{
	char *out = arena_alloc(a, (n + 2) / 3 * 4 + 1);

	EVP_EncodeBlock((unsigned char *)out, data, (int)n);
	out[strcspn(out, "=")] = '\0';
	for (char *p = out; *p != '\0'; p++)
		*p = *p == '+' ? '-' : (char)(*p == '/' ? '_' : *p);
	return out;
}

int crypto_random_hex(struct arena *a, size_t n, char **out, struct err *e)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[32];

	*out = arena_alloc(a, 2 * sizeof(raw) + 1);
	if (n > sizeof(raw) || RAND_bytes(raw, (int)n) != 1)
		return failed("random bytes", e);
	for (size_t i = 0; i < n; i++) {
		(*out)[2 * i] = digits[raw[i] >> 4];
		(*out)[2 * i + 1] = digits[raw[i] & 15];
	}
	return 0;
}

void crypto_base64(const void *data, size_t n, struct buf *out)
{
	unsigned char text[1024 / 3 * 4 + 5];
	const unsigned char *p = data;

	for (size_t part; n > 0; p += part, n -= part) {
		part = n < 1023 ? n : 1023;
		buf_add(out, text, (size_t)EVP_EncodeBlock(text, p, (int)part));
	}
}
