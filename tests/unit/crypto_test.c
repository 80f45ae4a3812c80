/* Digests by their published vectors; base64 and keys that are none. */
#include "base/crypto.h"
#include "test.h"

/* FIPS 180-4, "abc". */
static void sha256(void **state)
{
	char hex[CRYPTO_SHA256_HEX];

	crypto_sha256_hex("abc", 3, hex);
	assert_string_equal(hex,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(crypto_sha256_base64(*state, "abc", 3),
	    "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

/* RFC 2202, test case 2. */
static void hmac_sha1(void **state)
{
	static const unsigned char expected[CRYPTO_SHA1_SIZE] = {0xef, 0xfc,
	    0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2, 0x74, 0x16, 0xd5, 0xf1,
	    0x84, 0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79};
	static const char text[] = "what do ya want for nothing?";
	unsigned char out[CRYPTO_SHA1_SIZE];

	(void)state;
	crypto_hmac_sha1((struct span){"Jefe", 4},
	    (struct span){text, sizeof(text) - 1}, out);
	assert_memory_equal(out, expected, sizeof(out));
}

/* RFC 4648, section 10. */
static void base64(void **state)
{
	static const struct {
		const char *text, *bytes;
	} good[] = {{"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"},
	    {"Zm9vYg==", "foob"}, {"Zm9vYmFy", "foobar"}, {"/+8=", "\xff\xef"}};
	static const char *const bad[] = {"", "Zg", "Zg=", "Z===", "Zm=v",
	    "    Zm9v", "Zm9v    ", "Zm9\n", "Zm-_", "=Zm9"};
	struct span out;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(crypto_base64_decode(*state,
		    (struct span){good[i].text, strlen(good[i].text)}, &out));
		assert_true(span_eq(out, good[i].bytes));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(crypto_base64_decode(
		    *state, (struct span){bad[i], strlen(bad[i])}, &out));
}

static void what_is_no_key(void **state)
{
	static const char *const bad[] = {"", "no key",
	    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"};
	struct crypto_key *key;
	bool encrypted;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    crypto_key_pem(&key, (struct span){bad[i], strlen(bad[i])},
			&encrypted, &e),
		    -1);
		assert_string_equal(e.text, "not a private key");
		assert_false(encrypted);
	}
	crypto_key_free(NULL);
}

static void base64_for_urls(void **state)
{
	struct arena *a = *state;

	assert_string_equal(crypto_base64url(a, "", 0), "");
	assert_string_equal(crypto_base64url(a, "\xfb\xef\xff", 3), "--__");
	assert_string_equal(crypto_base64url(a, "a", 1), "YQ");
	assert_string_equal(crypto_base64url(a, "ab", 2), "YWI");
}

static void random_bytes_differ(void **state)
{
	struct arena *a = *state;
	char *one, *two;
	struct err e;

	assert_int_equal(crypto_random_hex(a, 16, &one, &e), 0);
	assert_int_equal(crypto_random_hex(a, 16, &two, &e), 0);
	assert_int_equal(strspn(one, "0123456789abcdef"), 32);
	assert_int_equal(one[32], '\0');
	assert_string_not_equal(one, two);
	assert_int_equal(crypto_random_hex(a, 33, &one, &e), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(sha256),
	    cmocka_unit_test(hmac_sha1),
	    arena_test(base64),
	    cmocka_unit_test(what_is_no_key),
	    arena_test(base64_for_urls),
	    arena_test(random_bytes_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
