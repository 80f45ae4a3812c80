/* ssh: what needs no server. The rest is in tests/e2e/test_ssh.py. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/ssh.h"

/* Made by ssh-keygen for this test, of no use anywhere. */
#define ED25519                                                                \
	"AAAAC3NzaC1lZDI1NTE5AAAAIOp2GVJnvl6+DPot21MKEGeVE95NNtLCkChSnlXHWQAi"
#define ED25519_PRINT "SHA256:WEK6ZUu1TybkTlupFIAMUiMVbZRM9rZpq1XSsZf4yMo"

static struct arena *a;

static int setup(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void assert_target(const char *text, const char *user, const char *place)
{
	char out[SSH_PLACE_MAX];
	struct ssh_target t;
	struct err e;

	assert_int_equal(ssh_target_parse(a, text, "me", &t, &e), 0);
	assert_string_equal(t.user, user);
	assert_string_equal(ssh_place(out, &t), place);
}

static void targets(void **state)
{
	(void)state;
	assert_target("app1", "me", "app1:22");
	assert_target("app1:2222", "me", "app1:2222");
	assert_target(
	    "monitor@app1.example.net", "monitor", "app1.example.net:22");
	assert_target("a@b@app1:1", "a@b", "app1:1");
	assert_target("[::1]:2222", "me", "[::1]:2222");
	assert_target("root@[fe80::1%eth0]", "root", "[fe80::1%eth0]:22");
	assert_target("2001:db8::1", "me", "[2001:db8::1]:22");
	assert_target("app1:65535", "me", "app1:65535");
}

static void assert_no_target(const char *text, const char *why)
{
	char sentence[1024];
	struct ssh_target t;
	struct err e;

	snprintf(sentence, sizeof(sentence),
	    "\"%s\" is not [user@]host[:port]: %s", text, why);
	assert_int_equal(ssh_target_parse(a, text, "me", &t, &e), -1);
	assert_string_equal(e.text, sentence);
}

static void bad_targets(void **state)
{
	static const char host[] = "no such host name";
	static const char port[] = "the port is not from 1 to 65535";
	static const char user[] = "no such user name";

	(void)state;
	assert_no_target("", host);
	assert_no_target("@app1", user);
	assert_no_target("root@", host);
	assert_no_target("-oProxyCommand=x", host);
	assert_no_target("-l@app1", user);
	assert_no_target("app1;reboot", host);
	assert_no_target("app 1", host);
	assert_no_target("$(x)@app1", user);
	assert_no_target("app1:", port);
	assert_no_target("app1:0", port);
	assert_no_target("app1:65536", port);
	assert_no_target("app1:+22", port);
	assert_no_target("app1:99999999999999999999", port);
	assert_no_target("[::1", "the brackets do not match");
	assert_no_target("[::1]22", "the brackets do not match");
	assert_no_target("[]:22", host);
	assert_no_target("ssh://app1", "it is no URL");
}

static void quoting(void **state)
{
	(void)state;
	assert_string_equal(ssh_quote(a, "/a/b-c_d.1"), "/a/b-c_d.1");
	assert_string_equal(ssh_quote(a, ""), "''");
	assert_string_equal(ssh_quote(a, "a b"), "'a b'");
	assert_string_equal(ssh_quote(a, "it's $x"), "'it'\\''s $x'");
	assert_string_equal(ssh_quote(a, "''"), "''\\'''\\'''");
}

/* A shell gets out of the line what was put in; the status comes through. */
static void lines_for_the_shell(void **state)
{
	const char *line = ssh_exec_line(
	    a, "printf '%s|' \"it's\" '$HOME' \"a\\\\b\"; exit 7");
	char file[] = "/tmp/source_ssh_test.XXXXXX", out[64] = "";
	int fd = mkstemp(file), channel[2], own = dup(STDIN_FILENO), status;

	(void)state;
	assert_true(fd >= 0);
	/* Its stdin stays open, as a channel does: the end would kill it. */
	assert_int_equal(pipe2(channel, O_CLOEXEC), 0);
	assert_true(dup2(channel[0], STDIN_FILENO) >= 0);
	status = system(arena_printf(a, "(%s) >%s", line, file));
	assert_true(dup2(own, STDIN_FILENO) >= 0);
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_true(read(fd, out, sizeof(out) - 1) > 0);
	assert_string_equal(out, "it's|$HOME|a\\b|");
	close(own);
	close(fd);
	close(channel[0]);
	close(channel[1]);
	unlink(file);
}

static size_t known(const char *text, const char *name)
{
	struct ssh_known k = {0};

	ssh_known_parse(a, "kh", (struct span){text, strlen(text)}, name, &k);
	return k.n;
}

#define LINE(hosts) hosts " ssh-ed25519 " ED25519 " comment\n"

static void known_names(void **state)
{
	static const struct ssh_target plain = {"me", "App1", 22},
				       other = {"me", "app1", 2222},
				       v6 = {"me", "::1", 22};

	(void)state;
	assert_string_equal(ssh_known_name(a, &plain), "app1");
	assert_string_equal(ssh_known_name(a, &other), "[app1]:2222");
	assert_string_equal(ssh_known_name(a, &v6), "::1");
}

static void known_lines(void **state)
{
	(void)state;
	assert_int_equal(known(LINE("app1"), "app1"), 1);
	assert_int_equal(known(LINE("APP1"), "app1"), 1);
	assert_int_equal(known(LINE("app1"), "app10"), 0);
	assert_int_equal(known(LINE("app10"), "app1"), 0);
	assert_int_equal(known(LINE("app1,10.0.0.1"), "10.0.0.1"), 1);
	assert_int_equal(known(LINE("[app1]:2222"), "[app1]:2222"), 1);
	assert_int_equal(known(LINE("[app1]:2222"), "app1"), 0);
	assert_int_equal(known(LINE("app1"), "[app1]:2222"), 0);
	assert_int_equal(known(LINE("*.example.net"), "a.example.net"), 1);
	assert_int_equal(known(LINE("*.example.net"), "example.net"), 0);
	assert_int_equal(known(LINE("app?"), "app1"), 1);
	assert_int_equal(known(LINE("*a*b"), "xaxbxb"), 1);
	assert_int_equal(known(LINE("*,!app2"), "app1"), 1);
	assert_int_equal(known(LINE("*,!app2"), "app2"), 0);
	assert_int_equal(known(LINE("!app2"), "app1"), 0);
	assert_int_equal(known(LINE("  \tapp1"), "app1"), 1);
	assert_int_equal(known(LINE("@cert-authority *"), "app1"), 0);
	assert_int_equal(known(LINE("# app1"), "app1"), 0);
}

/* One bad line costs only itself. */
static void known_bad_lines(void **state)
{
	(void)state;
	assert_int_equal(
	    known("app1\n\napp1 ssh-ed25519\napp1 ssh-ed25519 ???\n"
		  "app1 ssh-ed25519 AAAA\napp1 ssh-rsa " ED25519 "\n"
		  "|1|bad app1 x\n|1|a|b ssh-ed25519 " ED25519 "\n"
		  "app1 ssh-ed25519 AAAAC3Nz\n\xff\xfe\n" LINE("app1"),
		"app1"),
	    1);
}

/* By ssh-keygen -H, of "app1". */
static void known_hashed(void **state)
{
	static const char line[] = LINE(
	    "|1|gOxZtXq9WJdoBs7Z5qwgeiTIPjI=|dSSwPswkFy/ktMvz1kTZWUtYAL4=");

	(void)state;
	assert_int_equal(known(line, "app1"), 1);
	assert_int_equal(known(line, "app2"), 0);
}

static void known_revoked(void **state)
{
	static const char text[] = "\n" LINE("@revoked *");
	struct ssh_known k = {0};

	(void)state;
	ssh_known_parse(a, "kh", (struct span){text, strlen(text)}, "app1", &k);
	assert_int_equal(k.n, 1);
	assert_true(k.items[0].revoked);
	assert_int_equal(k.items[0].line, 2);
	assert_string_equal(k.items[0].file, "kh");
	assert_string_equal(ssh_fingerprint(a, k.items[0].blob), ED25519_PRINT);
	assert_string_equal(ssh_hostkey_methods(a, &k),
	    "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,"
	    "ecdsa-sha2-nistp521,ssh-rsa");
}

/* The types that are known are asked for first. */
static void known_methods(void **state)
{
	struct ssh_known_key keys[] = {{.type = "ssh-rsa"},
	    {.type = "ecdsa-sha2-nistp256"}, {.type = "of the future"}};
	struct ssh_known k = {.items = keys, .n = 3};

	(void)state;
	assert_string_equal(ssh_hostkey_methods(a, &k),
	    "ecdsa-sha2-nistp256,ssh-rsa,ssh-ed25519,ecdsa-sha2-nistp384,"
	    "ecdsa-sha2-nistp521");
}

#define HEAD "-----BEGIN OPENSSH PRIVATE KEY-----\n"
#define TAIL "-----END OPENSSH PRIVATE KEY-----\n"

/* openssh-key-v1, cipher none, … of an RSA key of 1024 bits. */
#define RSA_BODY                                                               \
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2gt" \
	"cn\n"                                                                 \
	"NhAAAAAwEAAQAAAIEAuoFjvNtczvZ4s2/"                                    \
	"X98oyZf4Qvl3A0lNoJZ700DLTu4zydB3Ia9xg\n"                              \
	"asrybzVgZthEOk/7kdj3O2cHJOkuCLIBl4XR6Mwh8dWpFB4FZTS+AYlpjpXCer/"      \
	"p9AjQNt\n"                                                            \
	"nLPDj0rz0HyWS0HDhAFFUABM79rFS9zQq0AwdyhwoAm5QAyScAAAH42+"             \
	"iN89vojfMAAAAH\n"                                                     \
	"c3NoLXJzYQAAAIEAuoFjvNtczvZ4s2/"                                      \
	"X98oyZf4Qvl3A0lNoJZ700DLTu4zydB3Ia9xgas\n"                            \
	"rybzVgZthEOk/7kdj3O2cHJOkuCLIBl4XR6Mwh8dWpFB4FZTS+AYlpjpXCer/"        \
	"p9AjQNtnL\n"                                                          \
	"PDj0rz0HyWS0HDhAFFUABM79rFS9zQq0AwdyhwoAm5QAyScAAAADAQABAAAAgHNtAL0x" \
	"Rg\n"                                                                 \
	"8Qm0LyRUcl7GsTAmnOvDdvR1WBOyJfUosQgD088X1PtpxhXglVj4QW9KLiPV/"        \
	"WV6x75wAB\n"                                                          \
	"EGxxPmnn0PhXpaGcKnwqhIzETfY3fW+WILYgtaCa0/"                           \
	"AuLUpvwHwYYlivBto1ll4ie+WjFA\n"                                       \
	"7Pq8/2fNAFqsOitzolE18BAAAAQGqL2jt1vpZoLPWudmQ5O4nRrg0wB9A/"           \
	"7Qkg4c396ATU\n"                                                       \
	"AUpw+"                                                                \
	"RweAWlMzkgd4hn8ZRfMz8z31U5Ava0GcdtornwAAABBAPgdSwxFsJ7vZnYkSBbJHu\n"  \
	"VLy41ojDCcw/IP5pfkQ0Hyg60db/"                                         \
	"zqeCpWdr6XjBk+7jSFA+oJE7w+lix2lwrYCF8AAABB\n"                         \
	"AMBu1XB/fbFyu8MkH2JBq14CP7pjWOOm2vRjIn9RW4vLDtN8KqPgm340n/SQnN6VU4/"  \
	"Ycn\n"                                                                \
	"eJQ+eP+0hqOhTwlDkAAAABdAEC\n"
#define RSA_PEM                                                                \
	"-----BEGIN RSA PRIVATE KEY-----\n"                                    \
	"MIICXAIBAAKBgQC6gWO821zO9nizb9f3yjJl/hC+XcDSU2glnvTQMtO7jPJ0Hchr\n"   \
	"3GBqyvJvNWBm2EQ6T/uR2Pc7Zwck6S4IsgGXhdHozCHx1akUHgVlNL4BiWmOlcJ6\n"   \
	"v+n0CNA22cs8OPSvPQfJZLQcOEAUVQAEzv2sVL3NCrQDB3KHCgCblADJJwIDAQAB\n"   \
	"AoGAc20AvTFGDxCbQvJFRyXsaxMCac68N29HVYE7Il9SixCAPTzxfU+2nGFeCVWP\n"   \
	"hBb0ouI9X9ZXrHvnAAEQbHE+aefQ+FeloZwqfCqEjMRN9jd9b5YgtiC1oJrT8C4t\n"   \
	"Sm/AfBhiWK8G2jWWXiJ75aMUDs+rz/Z80AWqw6K3OiUTXwECQQD4HUsMRbCe72Z2\n"   \
	"JEgWyR7lS8uNaIwwnMPyD+aX5ENB8oOtHW/86ngqVna+l4wZPu40hQPqCRO8PpYs\n"   \
	"dpcK2AhfAkEAwG7VcH99sXK7wyQfYkGrXgI/umNY46ba9GMif1Fbi8sO03wqo+Cb\n"   \
	"fjSf9JCc3pVTj9hyd4lD54/7SGo6FPCUOQJBALDcUK7Czo+8nxD/89MqMjfIu6Rl\n"   \
	"LelJFfPqmbkUIU1VDb/NCBMFH/st/x8E7/ze+vW9C3k8VzEMfAfd0PUN4YkCQFED\n"   \
	"mFpXYkx9mCzsnUXZjdLzMW8/+iFFkvLGdbSSRO9SmrhQkwcRPYVhlGH7K//NcDOk\n"   \
	"FXTb1jm79TekeTVtn4kCQGqL2jt1vpZoLPWudmQ5O4nRrg0wB9A/7Qkg4c396ATU\n"   \
	"AUpw+RweAWlMzkgd4hn8ZRfMz8z31U5Ava0Gcdtornw=\n"                       \
	"-----END RSA PRIVATE KEY-----\n"

static int parse(const char *text, struct ssh_key *key, struct err *e)
{
	*key = (struct ssh_key){0};
	return ssh_key_parse(a, (struct span){text, strlen(text)}, key, e);
}

/* The same key in both formats has the same public half. */
static void keys_rsa(void **state)
{
	struct ssh_key own, pem;
	struct err e;

	(void)state;
	assert_int_equal(parse(HEAD RSA_BODY TAIL, &own, &e), 0);
	assert_int_equal(parse(RSA_PEM, &pem, &e), 0);
	assert_string_equal(own.type, "ssh-rsa");
	assert_string_equal(pem.type, "ssh-rsa");
	assert_non_null(own.rsa);
	assert_non_null(pem.rsa);
	assert_int_equal(own.blob.n, pem.blob.n);
	assert_memory_equal(own.blob.p, pem.blob.p, own.blob.n);
	ssh_key_free(&own);
	ssh_key_free(&pem);
}

/* Both sign alike; this kind of signature has no chance in it. */
static void keys_sign(void **state)
{
	struct ssh_key own, pem;
	unsigned char *sig[2];
	size_t n[2];
	struct err e;

	(void)state;
	assert_int_equal(parse(HEAD RSA_BODY TAIL, &own, &e), 0);
	assert_int_equal(parse(RSA_PEM, &pem, &e), 0);
	assert_int_equal(
	    crypto_sign_rsa_sha512(own.rsa, "text", 4, &sig[0], &n[0], &e), 0);
	assert_int_equal(
	    crypto_sign_rsa_sha512(pem.rsa, "text", 4, &sig[1], &n[1], &e), 0);
	assert_int_equal(n[0], 128);
	assert_int_equal(n[1], 128);
	assert_memory_equal(sig[0], sig[1], 128);
	free(sig[0]);
	free(sig[1]);
	ssh_key_free(&own);
	ssh_key_free(&pem);
}

static void assert_no_key(const char *text, const char *sentence)
{
	struct ssh_key key;
	struct err e;

	assert_int_equal(parse(text, &key, &e), -1);
	assert_string_equal(e.text, sentence);
	ssh_key_free(&key);
}

static void bad_keys(void **state)
{
	(void)state;
	assert_no_key("", "not a private key");
	assert_no_key("hello\n", "not a private key");
	assert_no_key(
	    "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n", "not a private key");
	assert_no_key(
	    "ssh-ed25519 " ED25519 " me\n", "that is the public half of a key");
	assert_no_key(HEAD, "the key is damaged");
	assert_no_key(HEAD TAIL, "the key is damaged");
	assert_no_key(HEAD "AAAA\n" TAIL, "the key is damaged");
	assert_no_key(HEAD "????\n" TAIL, "the key is damaged");
}

/* Cut anywhere, or with any byte another, it is refused or harmless. */
static void damaged_keys(void **state)
{
	static const char whole[] = HEAD RSA_BODY TAIL;
	struct ssh_key key;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(whole) - 2; i++) {
		char *cut = arena_strndup(a, whole, i);

		assert_int_equal(parse(cut, &key, &e), -1);
		ssh_key_free(&key);
	}
	for (size_t i = strlen(HEAD); i < sizeof(whole) - sizeof(TAIL); i++) {
		char *bent = arena_strdup(a, whole);

		bent[i] = bent[i] == '/' ? 'A' : '/';
		if (parse(bent, &key, &e) == 0)
			assert_non_null(key.type);
		ssh_key_free(&key);
	}
}

static void wire(void **state)
{
	static const char text[] = "\0\0\0\3abc\0\0\0\4xyz";
	struct span rest = {text, sizeof(text) - 1}, out;

	(void)state;
	assert_true(ssh_wire_take(&rest, &out));
	assert_true(span_eq(out, "abc"));
	assert_false(ssh_wire_take(&rest, &out)); /* one byte is missing */
	rest = (struct span){"\xff\xff\xff\xff", 4};
	assert_false(ssh_wire_take(&rest, &out));
	rest = (struct span){"\0\0\0", 3};
	assert_false(ssh_wire_take(&rest, &out));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(targets),
	    TEST(bad_targets),
	    TEST(quoting),
	    TEST(lines_for_the_shell),
	    TEST(known_names),
	    TEST(known_lines),
	    TEST(known_bad_lines),
	    TEST(known_hashed),
	    TEST(known_revoked),
	    TEST(known_methods),
	    TEST(keys_rsa),
	    TEST(keys_sign),
	    TEST(bad_keys),
	    TEST(damaged_keys),
	    TEST(wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
