/*
 * Digests and signatures, by OpenSSL's libcrypto; the only file that
 * includes it.
 */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stddef.h>

#define CRYPTO_SHA256_HEX 65 /* digits and NUL */

/* SHA-256 (FIPS 180-4) in lower-case hexadecimal. */
void crypto_sha256_hex(const void *, size_t n, char out[CRYPTO_SHA256_HEX]);

#endif
