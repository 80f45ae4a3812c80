/*
 * An HTTP server for a test, in a process of its own: it gives the next
 * answer of a script to each connection, and keeps what it was asked. "PORT"
 * in an answer becomes its own port.
 */
#ifndef SCRIPTED_SERVER_H
#define SCRIPTED_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SERVER_ASKED_MAX 65536

struct server {
	pid_t pid;
	int port;
	char *asked; /* every request, one after the other */
};

/* Reads a request's head, and as much of a body as comes with it. */
static inline void server_read(int fd, char *asked)
{
	size_t n = strlen(asked), begun = n;
	ssize_t got;

	while (n + 1 < SERVER_ASKED_MAX &&
	       strstr(asked + begun, "\r\n\r\n") == NULL) {
		got = read(fd, asked + n, SERVER_ASKED_MAX - 1 - n);
		if (got <= 0)
			return;
		n += (size_t)got;
	}
}

static inline void server_answer(int fd, const char *text, int port)
{
	const char *mark = strstr(text, "PORT");

	if (mark != NULL) {
		dprintf(fd, "%.*s%d", (int)(mark - text), text, port);
		text = mark + strlen("PORT");
	}
	dprintf(fd, "%s", text);
}

static inline _Noreturn void server_serve(
    const struct server *s, int listener, const char *const *script)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	for (; *script != NULL; script++) {
		int fd = accept(listener, NULL, NULL);

		server_read(fd, s->asked);
		server_answer(fd, *script, s->port);
		close(fd);
	}
	_exit(0);
}

/* The script ends with NULL. */
static inline void server_start(struct server *s, const char *const *script)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	s->port = ntohs(in.sin_port);
	s->asked = mmap(NULL, SERVER_ASKED_MAX, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(s->asked != MAP_FAILED);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		server_serve(s, fd, script);
	close(fd);
}

static inline void server_stop(struct server *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	munmap(s->asked, SERVER_ASKED_MAX);
}

#endif
