/* http: what is asked, what is made of the answers, and the exact words. */
#include "http_rig.h"

#include <sys/stat.h>

/* --- requests */

static void asks_and_yields(void **state)
{
	struct http_conf conf =
	    serve("/x?a=b", SCRIPT(OK "Content-Length: 3\r\n\r\n42\n"));
	struct fetch job = fetch_job(&conf);

	(void)state;
	job.name = "w\xc3\xa9"
		   "b";
	assert_yields(&source_http, &job, "42\n");
	assert_asked("GET /x?a=b HTTP/1.1\r\n");
	assert_asked(
	    "User-Agent: broadsheet/" BROADSHEET_VERSION " (+source w??b)\r\n");
	assert_asked("Accept-Encoding: deflate, gzip, br");
	assert_not_asked("Authorization");
}

static void posts(void **state)
{
	struct http_conf conf = serve("/", SCRIPT(OK "\r\nok"));
	struct pair headers[] = {{"Content-Type", "text/x"}, {"X-Empty", ""}};
	struct fetch job = fetch_job(&conf);

	(void)state;
	conf.method = HTTP_PUT;
	conf.body = "{\"a\": 1}";
	conf.headers = (struct pairs){headers, 2, 2};
	assert_yields(&source_http, &job, "ok");
	assert_asked("PUT / HTTP/1.1\r\n");
	assert_asked("Content-Type: text/x\r\n");
	assert_asked("X-Empty:\r\n");
	assert_asked("Content-Length: 8\r\n");
}

/* --- refusals */

static void bad_status(void **state)
{
	struct http_conf conf = serve("/x?key=secret#f",
	    SCRIPT("HTTP/1.1 404 Nope\r\nContent-Type: text/html\r\n"
		   "Connection: close\r\n\r\n<h1>Not here</h1>",
		"HTTP/1.1 500 Nope\r\nContent-Type: application/json\r\n"
		"Connection: close\r\n\r\n{\n  \"error\":\t\"\x1b[31mno "
		"disk\"\n}\n",
		"HTTP/1.1 418 Nope\r\nConnection: close\r\n\r\n",
		"HTTP/1.1 204 Nope\r\nConnection: close\r\n\r\n"));

	(void)state;
	refuses(&conf, OUTCOME_HTTP_STATUS,
	    "404 Not Found from http://127.0.0.1:PORT/x?…", "");
	refuses(&conf, OUTCOME_HTTP_STATUS,
	    "500 Internal Server Error from http://127.0.0.1:PORT/x?…: "
	    "{ \"error\": \"no disk\" }",
	    "");
	refuses(&conf, OUTCOME_HTTP_STATUS,
	    "418 from http://127.0.0.1:PORT/x?…", "");
	conf.expect = (struct strings){(const char *[]){"404", "5xx"}, 2, 2};
	refuses(&conf, OUTCOME_HTTP_STATUS,
	    "204 No Content from http://127.0.0.1:PORT/x?…", "");
}

static void expected_status(void **state)
{
	struct http_conf conf =
	    serve("/", SCRIPT("HTTP/1.1 404 Nope\r\nConnection: close\r\n\r\na",
			   "HTTP/1.1 503 Nope\r\nConnection: close\r\n\r\nb"));
	struct fetch first = fetch_job(&conf), second = fetch_job(&conf);

	(void)state;
	conf.expect = (struct strings){(const char *[]){"404", "5xx"}, 2, 2};
	assert_yields(&source_http, &first, "a");
	assert_yields(&source_http, &second, "b");
}

static void said_is_cut(void **state)
{
	static char answer[9000] = "HTTP/1.1 500 Nope\r\nContent-Type: "
				   "text/plain\r\nConnection: close\r\n\r\n";
	struct http_conf conf;
	char text[256];

	(void)state;
	memset(answer + strlen(answer), 'x', 8000);
	conf = serve("/", SCRIPT(answer));
	snprintf(text, sizeof(text),
	    "500 Internal Server Error from http://127.0.0.1:PORT/: ");
	memset(text + strlen(text), 'x', 120);
	text[strlen("500 Internal Server Error from http://127.0.0.1:PORT/: ") +
	     120] = '\0';
	refuses(&conf, OUTCOME_HTTP_STATUS, text, "");
}

static void rate_limited(void **state)
{
	struct http_conf conf =
	    serve("/", SCRIPT("HTTP/1.1 429 Nope\r\nRetry-After: 125\r\n"
			      "Connection: close\r\n\r\n",
			   "HTTP/1.1 429 Nope\r\nConnection: close\r\n\r\n"));

	(void)state;
	refuses(&conf, OUTCOME_RATE_LIMITED,
	    "429 Too Many Requests from http://127.0.0.1:PORT/; to be asked "
	    "again in 2 min",
	    "");
	refuses(&conf, OUTCOME_RATE_LIMITED,
	    "429 Too Many Requests from http://127.0.0.1:PORT/", "");
}

/* --- credentials */

static char secret_path[] = "/tmp/source_http_test.XXXXXX";

static void write_secret(const char *text, mode_t mode)
{
	static bool made;
	FILE *f;

	if (!made)
		close(mkstemp(secret_path));
	made = true;
	f = fopen(secret_path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(secret_path, mode), 0);
}

static void credentials(void **state)
{
	struct http_conf conf =
	    serve("/", SCRIPT(OK "\r\n1", OK "\r\n2",
			   "HTTP/1.1 401 Nope\r\nConnection: close\r\n\r\n",
			   "HTTP/1.1 403 Nope\r\nConnection: close\r\n\r\n"));
	struct fetch first = fetch_job(&conf), second = fetch_job(&conf);
	char hint[128];

	(void)state;
	write_secret("open sesame\nmore", 0600);
	conf.password_file = conf.token_file = secret_path;
	conf.auth = HTTP_BASIC;
	conf.user = "ali";
	assert_yields(&source_http, &first, "1");
	assert_asked("Authorization: Basic YWxpOm9wZW4gc2VzYW1l\r\n");
	conf.auth = HTTP_BEARER;
	assert_yields(&source_http, &second, "2");
	assert_asked("Authorization: Bearer open sesame\r\n");
	snprintf(
	    hint, sizeof(hint), "is what %s holds still right?", secret_path);
	refuses(&conf, OUTCOME_AUTH,
	    "401 Unauthorized from http://127.0.0.1:PORT/", hint);
	conf.auth = HTTP_NONE;
	refuses(&conf, OUTCOME_AUTH,
	    "403 Forbidden from http://127.0.0.1:PORT/",
	    "auth: basic or auth: bearer gives credentials");
}

static void open_secret_is_not_used(void **state)
{
	struct http_conf conf = serve("/", SCRIPT(OK "\r\n"));
	struct fetch job = fetch_job(&conf);
	char text[128], hint[128];

	(void)state;
	write_secret("open sesame\n", 0644);
	conf.auth = HTTP_BEARER;
	conf.token_file = secret_path;
	snprintf(text, sizeof(text),
	    "%s: others can read this secret (mode 0644)", secret_path);
	snprintf(hint, sizeof(hint), "chmod 600 %s", secret_path);
	assert_fails(&source_http, &job, OUTCOME_AUTH, text, hint);
	assert_string_equal(server.asked, "");
}

/* --- redirects */

static void credentials_stay_at_home(void **state)
{
	struct http_conf conf = serve(
	    "/", SCRIPT("HTTP/1.1 307 Go\r\nConnection: close\r\nLocation: "
			"/here\r\n\r\n",
		     "HTTP/1.1 302 Go\r\nConnection: close\r\nLocation: "
		     "http://u:p@localhost:PORT/there\r\n\r\n",
		     "HTTP/1.1 302 Go\r\nConnection: close\r\nLocation: "
		     "http://127.0.0.1:PORT/back\r\n\r\n",
		     OK "\r\n42"));
	struct pair headers[] = {{"X-Key", "k"}, {"Accept", "text/x"}};
	struct fetch job = fetch_job(&conf);
	const char *there;

	(void)state;
	write_secret("open sesame\n", 0600);
	conf.auth = HTTP_BEARER;
	conf.token_file = secret_path;
	conf.headers = (struct pairs){headers, 2, 2};
	assert_yields(&source_http, &job, "42");
	there = strstr(server.asked, "GET /here ");
	assert_non_null(there);
	assert_non_null(strstr(there, "Authorization: Bearer open sesame\r\n"));
	there = strstr(server.asked, "GET /there ");
	assert_non_null(there);
	assert_non_null(strstr(there, "GET /back "));
	assert_non_null(strstr(there, "Accept: text/x\r\n"));
	assert_null(strstr(there, "Authorization"));
	assert_null(strstr(there, "X-Key"));
}

static void post_becomes_get(void **state)
{
	struct http_conf conf = serve(
	    "/", SCRIPT("HTTP/1.1 303 Go\r\nConnection: close\r\nLocation: "
			"/done\r\n\r\n",
		     OK "\r\n42"));
	struct fetch job = fetch_job(&conf);

	(void)state;
	conf.method = HTTP_POST;
	conf.body = "a=1";
	assert_yields(&source_http, &job, "42");
	assert_asked("POST / HTTP/1.1\r\n");
	assert_asked("GET /done HTTP/1.1\r\n");
}

static void redirect_loop(void **state)
{
#define LOOP                                                                   \
	"HTTP/1.1 302 Go\r\nConnection: close\r\nLocation: "                   \
	"http://u:p@127.0.0.1:PORT/loop?token=secret\r\n\r\n"
	struct http_conf conf =
	    serve("/", SCRIPT(LOOP, LOOP, LOOP, LOOP, LOOP, LOOP));

	(void)state;
	refuses(&conf, OUTCOME_HTTP_STATUS,
	    "more than 5 redirects, the last to "
	    "http://127.0.0.1:PORT/loop?…",
	    "");
}

static void redirects_elsewhere(void **state)
{
	struct http_conf conf =
	    serve("/", SCRIPT("HTTP/1.1 302 Go\r\nConnection: close\r\n"
			      "Location: file:///etc/passwd\r\n\r\n",
			   "HTTP/1.1 302 Go\r\nConnection: close\r\n"
			   "Location: http://[::x/\r\n\r\n",
			   "HTTP/1.1 302 Go\r\nConnection: close\r\n\r\n"));

	(void)state;
	refuses(&conf, OUTCOME_PROTOCOL,
	    "http://127.0.0.1:PORT/ redirects to file:///etc/passwd, which "
	    "is not HTTP",
	    "");
	refuses(&conf, OUTCOME_PROTOCOL,
	    "http://127.0.0.1:PORT/ redirects to what is no URL", "");
	refuses(&conf, OUTCOME_HTTP_STATUS,
	    "302 Found from http://127.0.0.1:PORT/", "");
}

/* --- answers that are none */

static void broken_answers(void **state)
{
	static char header[80000] = OK "X-Long: ";
	struct http_conf conf;

	(void)state;
	memset(header + strlen(header), 'x', 70000);
	strcat(header, "\r\n\r\n");
	conf = serve(
	    "/", SCRIPT("", "SSH-2.0-x\r\n", OK "Content-Length: 9\r\n\r\nabc",
		     OK "Content-Encoding: gzip\r\n\r\nabc",
		     OK "Transfer-Encoding: chunked\r\n\r\nzz\r\n", header));
	refuses(&conf, OUTCOME_PROTOCOL,
	    "http://127.0.0.1:PORT/: the connection was closed without an "
	    "answer",
	    "");
	refuses(&conf, OUTCOME_PROTOCOL,
	    "http://127.0.0.1:PORT/: the answer is not HTTP", "");
	refuses(&conf, OUTCOME_UNREACHABLE,
	    "http://127.0.0.1:PORT/: the connection was closed midway, after "
	    "3 bytes",
	    "");
	refuses(&conf, OUTCOME_PROTOCOL,
	    "http://127.0.0.1:PORT/: the answer's compression is damaged", "");
	refuses(&conf, OUTCOME_UNREACHABLE,
	    "http://127.0.0.1:PORT/: the answer could not be read: "
	    "Illegal or missing hexadecimal sequence in chunked-encoding",
	    "");
	refuses(&conf, OUTCOME_TOO_LARGE,
	    "http://127.0.0.1:PORT/: the answer's headers are larger than 64 "
	    "KB",
	    "");
}

static void limits(void **state)
{
	struct http_conf conf =
	    serve("/", SCRIPT(OK "\r\n0123456789", OK "\r\n0123456789",
			   OK "Content-Length: 99999999999\r\n\r\n0"));
	struct fetch at = fetch_job(&conf), over = fetch_job(&conf);
	struct fetch declared = fetch_job(&conf);
	char text[320];

	(void)state;
	at.body.max = 10;
	assert_yields(&source_http, &at, "0123456789");
	over.body.max = 9;
	snprintf(
	    text, sizeof(text), "%s: the answer is larger than 9 bytes", url);
	assert_fails(&source_http, &over, OUTCOME_TOO_LARGE, text, "");
	snprintf(text, sizeof(text), "%s: the answer is larger than 1 MB", url);
	assert_fails(&source_http, &declared, OUTCOME_TOO_LARGE, text, "");
}

static void nobody_there(void **state)
{
	struct http_conf conf = serve("/", SCRIPT(OK));
	struct http_conf dns = {.http = "http://no-such-host.invalid/x"};
	struct fetch job = fetch_job(&dns);

	(void)state;
	kill(server.pid, SIGKILL);
	waitpid(server.pid, NULL, 0);
	refuses(&conf, OUTCOME_REFUSED,
	    "http://127.0.0.1:PORT/: connection refused",
	    "nothing listens at that address and port; is the service "
	    "running?");
	assert_fails(&source_http, &job, OUTCOME_DNS,
	    "http://no-such-host.invalid/x: no address found for host "
	    "no-such-host.invalid",
	    "");
}

/* --- many */

static void count(void *ctx, struct fetch *job)
{
	assert_int_equal(job->rc, 0);
	assert_string_equal(buf_text(&job->body), "42");
	assert_true(job->ms > 0);
	++*(size_t *)ctx;
}

static void more_than_fly_at_once(void **state)
{
	enum { N = HTTP_AT_ONCE + 20 };
	const char *script[N + 1] = {0};
	struct http_conf conf;
	struct fetch jobs[N];
	size_t ended = 0;
	const struct fetch_sink sink = {count, &ended};

	(void)state;
	for (size_t i = 0; i < N; i++)
		script[i] = OK "\r\n42";
	conf = serve("/", script);
	for (size_t i = 0; i < N; i++)
		jobs[i] = fetch_job(&conf);
	source_http.fetch(jobs, N, &sink);
	assert_int_equal(ended, N);
}

static int remove_secret(void **state)
{
	(void)state;
	unlink(secret_path);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    served(asks_and_yields),
	    served(posts),
	    served(bad_status),
	    served(expected_status),
	    served(said_is_cut),
	    served(rate_limited),
	    served(credentials),
	    served(open_secret_is_not_used),
	    served(credentials_stay_at_home),
	    served(post_becomes_get),
	    served(redirect_loop),
	    served(redirects_elsewhere),
	    served(broken_answers),
	    served(limits),
	    served(nobody_there),
	    served(more_than_fly_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, remove_secret);
}
