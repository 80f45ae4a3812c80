/* Bytes in and out under a deadline, and failures in words. */
#include "source/ssh.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* RFC 4253, 4.2 allows lines before SSH-; this is more than anyone needs. */
#define GREETING_MAX 8192

struct ssh_link *ssh_last(struct ssh_conn *c)
{
	return &c->links[c->n - 1];
}

struct ssh_link *ssh_before(struct ssh_link *l)
{
	return l == l->conn->links ? NULL : l - 1;
}

static double left(const struct ssh_conn *c)
{
	return c->deadline - clock_monotonic();
}

static bool wait_for(const struct ssh_conn *c, int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};
	double seconds = left(c);

	return seconds > 0 && poll(&p, 1, (int)ceil(seconds * 1000)) >= 0 &&
	       left(c) > 0;
}

bool ssh_wait(struct ssh_conn *c)
{
	short events = POLLIN;

	for (size_t i = 0; i < c->n; i++)
		if (c->links[i].session != NULL &&
		    (libssh2_session_block_directions(c->links[i].session) &
			LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0)
			events |= POLLOUT;
	return !c->lost && wait_for(c, c->fd, events);
}

static void greet_byte(struct ssh_greeting *g, char ch)
{
	bool first = g->n_all == g->n_line;

	if (first && ch != '\n' && ch != '\r' &&
	    g->n_said < sizeof(g->said) - 1)
		g->said[g->n_said++] = ch;
	if (g->n_line < sizeof(g->head))
		g->head[g->n_line] = ch;
	g->n_line++;
	g->n_all++;
	if (ch != '\n')
		return;
	g->seen = g->n_line > sizeof(g->head) &&
		  memcmp(g->head, "SSH-", sizeof(g->head)) == 0;
	g->n_line = 0;
}

/*
 * libssh2 would read for ever from a server that sends bytes and never
 * "SSH-". False when it has said too much.
 */
static bool greet(struct ssh_greeting *g, const char *p, size_t n)
{
	for (size_t i = 0; i < n && !g->seen; i++)
		greet_byte(g, p[i]);
	g->foreign = !g->seen && g->n_all > GREETING_MAX;
	return !g->foreign;
}

/* The agent's socket blocks, so it is waited for first. */
static ssize_t agent_receive(struct ssh_link *l, int fd, void *buf, size_t n)
{
	ssize_t got;

	l->agent_fd = fd;
	if (!wait_for(l->conn, fd, POLLIN))
		return -ETIMEDOUT;
	got = recv(fd, buf, n, 0);
	return got > 0 ? got : got == 0 ? -ECONNRESET : -errno;
}

static ssize_t tunnel_receive(struct ssh_link *l, void *buf, size_t n)
{
	ssize_t got = libssh2_channel_read(l->tunnel, buf, n);

	if (got == LIBSSH2_ERROR_EAGAIN)
		return -EAGAIN;
	if (got == 0 && libssh2_channel_eof(l->tunnel) == 0)
		return -EAGAIN;
	return got < 0 ? -ECONNRESET : got;
}

static ssize_t socket_receive(const struct ssh_conn *c, void *buf, size_t n)
{
	ssize_t got = recv(c->fd, buf, n, 0);

	if (got >= 0)
		return got;
	return errno == EINTR || errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

static LIBSSH2_RECV_FUNC(receive)
{
	struct ssh_link *l = *abstract;
	struct ssh_conn *c = l->conn;
	ssize_t got;

	(void)flags;
	if (socket != c->fd)
		return agent_receive(l, socket, buffer, length);
	if (c->lost)
		return -ECONNRESET;
	if (left(c) <= 0)
		return -EAGAIN;
	got = l->tunnel != NULL ? tunnel_receive(l, buffer, length)
				: socket_receive(c, buffer, length);
	if (got == -EAGAIN)
		return got;
	if (got <= 0 || !greet(&l->greeting, buffer, (size_t)got)) {
		c->lost = true;
		return -ECONNRESET;
	}
	return got;
}

static ssize_t tunnel_send(struct ssh_link *l, const void *buf, size_t n)
{
	ssize_t sent = libssh2_channel_write(l->tunnel, buf, n);

	if (sent == LIBSSH2_ERROR_EAGAIN || sent == 0)
		return -EAGAIN;
	return sent < 0 ? -ECONNRESET : sent;
}

static LIBSSH2_SEND_FUNC(transmit)
{
	struct ssh_link *l = *abstract;
	struct ssh_conn *c = l->conn;
	ssize_t sent;

	(void)flags;
	if (socket == c->fd && c->lost)
		return -EPIPE;
	if (socket == c->fd && l->tunnel != NULL)
		return tunnel_send(l, buffer, length);
	if (socket != c->fd)
		l->agent_fd = socket;
	sent = send(socket, buffer, length, MSG_NOSIGNAL);
	if (sent >= 0)
		return sent;
	return errno == EINTR || errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

LIBSSH2_SESSION *ssh_session(struct ssh_link *l)
{
	union {
		ssize_t (*receive)(
		    libssh2_socket_t, void *, size_t, int, void **);
		ssize_t (*transmit)(
		    libssh2_socket_t, const void *, size_t, int, void **);
		void *any;
	} in = {.receive = receive}, out = {.transmit = transmit};

	l->session = libssh2_session_init_ex(NULL, NULL, NULL, l);
	if (l->session == NULL)
		return NULL;
	libssh2_session_callback_set(l->session, LIBSSH2_CALLBACK_RECV, in.any);
	libssh2_session_callback_set(
	    l->session, LIBSSH2_CALLBACK_SEND, out.any);
	libssh2_session_set_blocking(l->session, 0);
	return l->session;
}

const char *ssh_reason(struct ssh_link *l)
{
	char *text = NULL;

	libssh2_session_last_error(l->session, &text, NULL, 0);
	return text != NULL && text[0] != '\0' ? text : "no reason given";
}

/* Before it has spoken SSH, what it said instead tells most. */
static int no_greeting(
    struct ssh_link *l, int rc, const char *place, struct err *e)
{
	const struct ssh_greeting *g = &l->greeting;
	char said[sizeof(g->said)];

	str_clean_into(said, sizeof(said), g->said, g->n_said);
	if (g->foreign || (!l->conn->lost && rc != LIBSSH2_ERROR_EAGAIN))
		return err_code(e, OUTCOME_PROTOCOL,
		    "%s does not speak SSH: it sends \"%s\"", place, said);
	if (l->conn->lost)
		return err_code(e, OUTCOME_UNREACHABLE,
		    "%s closed the connection without an SSH banner%s%s%s",
		    place, g->n_said > 0 ? ": \"" : "", said,
		    g->n_said > 0 ? "\"" : "");
	return err_code(e, OUTCOME_TIMEOUT,
	    "%s sent no SSH banner in %g s%s%s%s", place, l->conn->allowed,
	    g->n_said > 0 ? ", only \"" : "", said, g->n_said > 0 ? "\"" : "");
}

int ssh_failed(struct ssh_link *l, int rc, const char *during, struct err *e)
{
	char place[SSH_PLACE_MAX];

	ssh_place(place, l->target);
	if (!l->greeting.seen)
		return no_greeting(l, rc, place, e);
	if (l->conn->silent)
		return err_code(
		    e, OUTCOME_TIMEOUT, "%s answers no more", place);
	if (l->conn->lost || rc == LIBSSH2_ERROR_SOCKET_DISCONNECT)
		return err_code(e, OUTCOME_UNREACHABLE,
		    "%s closed the connection during %s", place, during);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return err_code(e, OUTCOME_TIMEOUT,
		    "%s did not get through %s in %g s", place, during,
		    l->conn->allowed);
	return err_code(e, OUTCOME_PROTOCOL, "%s: %s failed: %s", place, during,
	    ssh_reason(l));
}
