/* http: what a configuration gets wrong, in its exact words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "source/http.h"

extern const struct source_kind source_http;

static const char *fault_of(const struct http_conf *conf)
{
	static char text[512];
	static struct node node = {.kind = NODE_MAP, .file = "x", .line = 1};
	struct http_conf copy = *conf;
	struct faults faults = {.arena = arena_new()};

	source_http.check(&copy, &node, &faults);
	snprintf(
	    text, sizeof(text), "%s", faults.n > 0 ? faults.items[0].text : "");
	assert_true(faults.n <= 1);
	arena_free(faults.arena);
	return text;
}

#define FAULT(text, ...)                                                       \
	assert_string_equal(                                                   \
	    fault_of(&(struct http_conf){.http = "http://a/", __VA_ARGS__}),   \
	    text)

static void faults(void **state)
{
	struct pair name[] = {{"a b", "x"}}, value[] = {{"a", "x\r\nb: c"}};

	(void)state;
	FAULT("", .conditional = true);
	assert_string_equal(fault_of(&(struct http_conf){.http = "ftp://a/"}),
	    "http: a URL begins with http:// or https://, not ftp://");
	assert_string_equal(
	    fault_of(&(struct http_conf){.http = "example.net/x y"}),
	    "http: this is not a URL: Bad scheme");
	assert_string_equal(
	    fault_of(&(struct http_conf){.http = "http://u:secret@a/"}),
	    "http: a URL holds no user and password; write auth: basic, "
	    "user: and password_file:");
	FAULT("body: only method: POST or PUT sends one", .body = "x");
	FAULT("auth: basic needs user:", .auth = HTTP_BASIC,
	    .password_file = "p");
	FAULT("auth: bearer needs token_file:", .auth = HTTP_BEARER);
	FAULT("token_file: goes only with auth: bearer", .token_file = "t");
	FAULT("headers: 'a b' is not the name of a header",
	    .headers = {name, 1, 1});
	FAULT("headers: the value of a must be one line of text",
	    .headers = {value, 1, 1});
	FAULT("expect: '2x' is not a status such as 404 or 2xx",
	    .expect = {(const char *[]){"2x"}, 1, 1});
	FAULT("expect: '999' is not a status such as 404 or 2xx",
	    .expect = {(const char *[]){"999"}, 1, 1});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
