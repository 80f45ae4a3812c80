/*
 * Digests and signatures, by OpenSSL's libcrypto; the only file that
 * includes it.
 */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define CRYPTO_SHA256_HEX 65 /* digits and NUL */
#define CRYPTO_SHA1_SIZE  20

/* SHA-256 (FIPS 180-4) in lower-case hexadecimal. */
void crypto_sha256_hex(const void *, size_t n, char out[CRYPTO_SHA256_HEX]);

/* SHA-256 in base64, as it is: 32 bytes are 43 characters and one '='. */
char *crypto_sha256_base64(struct arena *, const void *, size_t n);

/* Base64 (RFC 4648, padded). */
void crypto_base64(const void *, size_t n, struct buf *out);

/* HMAC (RFC 2104) with SHA-1. */
void crypto_hmac_sha1(
    struct span key, struct span text, unsigned char out[CRYPTO_SHA1_SIZE]);

/* Strict base64 (RFC 4648, padded); false if it is not. */
bool crypto_base64_decode(struct arena *, struct span text, struct span *out);

/* A private key that signs. */
struct crypto_key;

/*
 * From PEM text (PKCS #1, SEC 1, PKCS #8). One that needs a passphrase is an
 * error with *encrypted set.
 */
must_use int crypto_key_pem(
    struct crypto_key **, struct span text, bool *encrypted, struct err *);

/* An RSA key from its numbers, big-endian: modulus, exponent, private one. */
must_use int crypto_key_rsa(struct crypto_key **, struct span n, struct span e,
    struct span d, struct err *);

void crypto_key_free(struct crypto_key *); /* accepts NULL */

/* The public numbers of an RSA key, big-endian; false if it is another. */
bool crypto_key_rsa_public(
    const struct crypto_key *, struct arena *, struct span *n, struct span *e);

/* RSASSA-PKCS1-v1_5 (RFC 8017); *out comes from malloc(). */
must_use int crypto_sign_rsa_sha512(const struct crypto_key *, const void *data,
    size_t n, unsigned char **out, size_t *out_n, struct err *);
must_use int crypto_sign_rsa_sha256(const struct crypto_key *, const void *data,
    size_t n, unsigned char **out, size_t *out_n, struct err *);

/* Unpadded base64 with the alphabet for URLs (RFC 4648, 5). */
char *crypto_base64url(struct arena *, const void *, size_t n);

/* So many random bytes in lower-case hexadecimal, n <= 32; for secrets. */
must_use int crypto_random_hex(
    struct arena *, size_t n, char **out, struct err *);

#endif
