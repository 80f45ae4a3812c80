/*
 * What a service may send besides readings: Link headers, the address that a
 * browser is sent back to, JSON that is asked by paths; and what a vault or a
 * state may hold. The first byte says which.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool true_)
{
	if (!true_)
		abort();
}

/* What was read is written so that it is read again. */
static void login(struct arena *a, struct span text)
{
	struct http_login one, two;
	struct buf b;

	http_login_read(a, text, &one);
	buf_init(&b, 1024 * 1024);
	http_login_write(&one, &b);
	http_login_read(a, (struct span){b.data, b.len}, &two);
	must(str_eq(one.refresh, two.refresh) && one.until == two.until);
	buf_free(&b);
}

static void count(void *ctx, const char *text)
{
	(void)text;
	++*(size_t *)ctx;
}

static void json(struct arena *a, struct span text)
{
	const struct http_conf conf = {.http = "http://x/",
	    .errors_node = (const struct node *)&conf,
	    .errors = {.status = "$.status", .message = "$.error"},
	    .paging_node = (const struct node *)&conf,
	    .paging = {.next = "$.next", .items = "$.list", .more = "$.more"},
	    .since_node = (const struct node *)&conf,
	    .since = {.from = "$.list[*].t"}};
	struct http_place place = {0};
	struct http_json *j;
	struct err e = {0};
	size_t times = 0;

	if (http_json_open(&j, a, text, &e) != 0) {
		must(e.code == OUTCOME_PARSE);
		return;
	}
	(void)!http_said_well(&conf, j, &e);
	http_since_take(&conf, j, 1795000000, &place);
	must(place.newest <= 1795000000 + 86400);
	http_json_each(j, "$[*]", count, &times);
	if (http_paging_next(a, &conf, j, NULL, conf.http, &place, &e) == 1)
		must(str_starts(place.next, "http://x/"));
	http_json_close(j);
}

static void state(struct arena *a, struct span text)
{
	const struct http_conf conf = {.http = "http://x/"};
	struct http_place place;

	http_place_read(a, &conf, text, &place);
	must(place.since >= 0 && place.newest >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	char *copy = arena_strndup(a, (const char *)data, n);
	struct span text = {copy + 1, n - 1};

	if (n > 0 && copy[0] == 'l')
		login(a, text);
	else if (n > 0 && copy[0] == 'j')
		json(a, text);
	else if (n > 0 && copy[0] == 's')
		state(a, text);
	else if (n > 0 && copy[0] == 'h')
		(void)http_next_link(a, copy + 1);
	else if (n > 0)
		(void)http_form_get(a, copy + 1, "code");
	arena_free(a);
	return 0;
}
