/* The http source and one scripted server, for its tests. */
#ifndef HTTP_RIG_H
#define HTTP_RIG_H

#include "fetch_one.h"
#include "scripted_server.h"

#include "source/http.h"

extern const struct source_kind source_http;

#define OK "HTTP/1.1 200 OK\r\nConnection: close\r\n"

static struct server server;
static char url[256];

/* PORT in a sentence becomes the server's. */
static inline const char *expand(const char *fmt, int port)
{
	static char out[1024];
	const char *mark = strstr(fmt, "PORT");

	assert_non_null(mark);
	snprintf(out, sizeof(out), "%.*s%d%s", (int)(mark - fmt), fmt, port,
	    mark + 4);
	return out;
}

/* A configuration for a server with this script. */
static inline struct http_conf serve(
    const char *path, const char *const *script)
{
	struct http_conf conf = {.http = url, .conditional = true};

	server_start(&server, script);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", server.port, path);
	return conf;
}

#define SCRIPT(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline int stop(void **state)
{
	(void)state;
	if (server.pid > 0)
		server_stop(&server);
	server.pid = 0;
	return 0;
}

static inline void assert_asked(const char *text)
{
	if (strstr(server.asked, text) == NULL)
		fail_msg("'%s' is not in:\n%s", text, server.asked);
}

static inline void assert_not_asked(const char *text)
{
	if (strstr(server.asked, text) != NULL)
		fail_msg("'%s' is in:\n%s", text, server.asked);
}

/* The one job fails with this; PORT is the server's. */
static inline void refuses(struct http_conf *conf, enum outcome outcome,
    const char *text, const char *hint)
{
	struct fetch job = fetch_job(conf);

	assert_fails(
	    &source_http, &job, outcome, expand(text, server.port), hint);
}

#define served(test) cmocka_unit_test_teardown(test, stop)

#endif
