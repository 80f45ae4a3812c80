#include "base/loopback.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX  16384
#define PATIENCE  2.0 /* seconds for a request to be complete */
#define LISTENERS 2

struct loopback {
	int listeners[LISTENERS]; /* IPv4 and IPv6; -1: none */
	int client;		  /* -1: none */
};

static int listen_at(const struct sockaddr *address, socklen_t n)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1, why;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, address, n) == 0 && listen(fd, 8) == 0)
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

/* "localhost" is either address; the one of IPv6 may not be there. */
int loopback_open(struct loopback **out, int port, struct err *e)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET,
	    .sin_port = htons((unsigned short)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
	    .sin6_port = htons((unsigned short)port),
	    .sin6_addr = in6addr_loopback};
	int fd = listen_at((const struct sockaddr *)&v4, sizeof(v4));

	*out = NULL;
	if (fd < 0)
		return err_set(e, "port %d: %s", port, strerror(errno));
	*out = calloc(1, sizeof(**out));
	if (*out == NULL) {
		close(fd);
		return err_set(e, "out of memory");
	}
	(*out)->listeners[0] = fd;
	(*out)->listeners[1] =
	    listen_at((const struct sockaddr *)&v6, sizeof(v6));
	(*out)->client = -1;
	return 0;
}

static void hang_up(struct loopback *lb)
{
	if (lb->client >= 0)
		close(lb->client);
	lb->client = -1;
}

void loopback_close(struct loopback *lb)
{
	if (lb == NULL)
		return;
	hang_up(lb);
	for (size_t i = 0; i < LISTENERS; i++)
		if (lb->listeners[i] >= 0)
			close(lb->listeners[i]);
	free(lb);
}

static int ms_until(double at)
{
	double left = (at - clock_monotonic()) * 1000;

	return left > 0 ? (int)left + 1 : 0;
}

/* The head of a request; false if it is late, too long or cut. */
static bool read_head(int fd, char head[HEAD_MAX])
{
	double until = clock_monotonic() + PATIENCE;
	size_t n = 0;

	while (n + 1 < HEAD_MAX) {
		struct pollfd p = {fd, POLLIN, 0};
		ssize_t got;

		if (poll(&p, 1, ms_until(until)) <= 0)
			return false;
		got = recv(fd, head + n, HEAD_MAX - 1 - n, MSG_DONTWAIT);
		if (got <= 0)
			return false;
		n += (size_t)got;
		head[n] = '\0';
		if (strstr(head, "\r\n\r\n") != NULL)
			return true;
	}
	return false;
}

static void say(int fd, const char *status, const char *text)
{
	char page[2048];
	int n = snprintf(page, sizeof(page),
	    "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
	    "Content-Security-Policy: default-src 'none'\r\n"
	    "Connection: close\r\n\r\n<!DOCTYPE html>\n"
	    "<title>broadsheet</title>\n<p>%s\n",
	    status, text);
	struct timeval patience = {.tv_sec = 1};

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (n > 0 && (size_t)n < sizeof(page))
		(void)!send(fd, page, (size_t)n, MSG_NOSIGNAL);
}

/* The query of a GET of this path; NULL: it is another request. */
static const char *query_of(struct arena *a, char *head, const char *path)
{
	char *target = head + strlen("GET "), *end, *mark;

	if (strncmp(head, "GET ", 4) != 0)
		return NULL;
	end = strpbrk(target, " \r\n");
	if (end == NULL || *end != ' ')
		return NULL;
	*end = '\0';
	mark = strchr(target, '?');
	if (mark != NULL)
		*mark++ = '\0';
	if (strcmp(target, path) != 0 || mark == NULL)
		return NULL;
	return arena_strdup(a, mark);
}

static bool take(struct loopback *lb, int listener, struct arena *a,
    const char *path, const char **query)
{
	char head[HEAD_MAX];

	hang_up(lb);
	lb->client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (lb->client < 0)
		return false;
	*query = read_head(lb->client, head) ? query_of(a, head, path) : NULL;
	if (*query != NULL)
		return true;
	say(lb->client, "404 Not Found", "There is nothing here.");
	hang_up(lb);
	return false;
}

enum loopback_event loopback_wait(struct loopback *lb, struct arena *a,
    const char *path, int other, double seconds, const char **query)
{
	double until = clock_monotonic() + seconds;
	struct pollfd p[LISTENERS + 1];

	for (size_t i = 0; i < LISTENERS; i++)
		p[i] = (struct pollfd){
		    lb != NULL ? lb->listeners[i] : -1, POLLIN, 0};
	p[LISTENERS] = (struct pollfd){other, POLLIN, 0};
	do {
		if (poll(p, LISTENERS + 1, ms_until(until)) <= 0)
			continue;
		if (p[LISTENERS].revents != 0)
			return LOOPBACK_OTHER;
		for (size_t i = 0; i < LISTENERS; i++)
			if (lb != NULL && p[i].revents != 0 &&
			    take(lb, p[i].fd, a, path, query))
				return LOOPBACK_REQUEST;
	} while (clock_monotonic() < until);
	return LOOPBACK_NOTHING;
}

void loopback_answer(struct loopback *lb, bool good, const char *text)
{
	if (lb->client >= 0)
		say(lb->client, good ? "200 OK" : "400 Bad Request", text);
	hang_up(lb);
}
