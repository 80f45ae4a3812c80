/*
 * The keys of an agent (draft-miller-ssh-agent). libssh2 finds it, by
 * SSH_AUTH_SOCK, and has it sign; but it lets RSA keys sign with SHA-1 only,
 * which servers refuse, so for those the agent is asked here, through the
 * connection that libssh2 has opened.
 */
#include "source/ssh.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SIGN_REQUEST  13
#define SIGN_RESPONSE 14
#define RSA_SHA2_512  4
#define MESSAGE_MAX   (256 * 1024)

struct signer {
	struct ssh_link *link;
	struct span blob; /* as the agent knows the key */
};

static bool put_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

static bool get_all(const struct signer *s, char *p, size_t n)
{
	struct pollfd poller = {.fd = s->link->agent_fd, .events = POLLIN};

	while (n > 0) {
		double left = s->link->conn->deadline - clock_monotonic();
		ssize_t got;

		if (left <= 0 || poll(&poller, 1, (int)(left * 1000) + 1) < 0)
			return false;
		got = recv(poller.fd, p, n, MSG_DONTWAIT);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

/* The request as one wire string, its length before it. */
static void put_request(
    struct buf *out, struct span blob, const unsigned char *data, size_t n)
{
	static const char flags[4] = {0, 0, 0, RSA_SHA2_512};
	struct buf b;

	buf_init(&b, MESSAGE_MAX);
	buf_char(&b, SIGN_REQUEST);
	ssh_wire_put(&b, blob.p, blob.n);
	ssh_wire_put(&b, data, n);
	buf_add(&b, flags, sizeof(flags));
	ssh_wire_put(out, b.data, b.len);
	out->failed = out->failed || b.failed;
	buf_free(&b);
}

/* The agent's answer, read into the arena. */
static bool get_answer(
    const struct signer *s, struct arena *a, struct span *out)
{
	unsigned char head[4];
	char *body;

	if (!get_all(s, (char *)head, sizeof(head)) || head[0] != 0)
		return false;
	out->n = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (out->n > MESSAGE_MAX)
		return false;
	body = arena_alloc(a, out->n + 1);
	out->p = body;
	return get_all(s, body, out->n);
}

/* The bare signature out of the answer: string(string(name) string(sig)). */
static bool get_signature(struct span answer, struct span *sig)
{
	struct span whole, name;

	if (answer.n == 0 || answer.p[0] != SIGN_RESPONSE)
		return false;
	answer.p++;
	answer.n--;
	return ssh_wire_take(&answer, &whole) && ssh_wire_take(&whole, &name) &&
	       span_eq(name, SSH_RSA_ALGORITHM) && ssh_wire_take(&whole, sig);
}

static LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC(sign)
{
	const struct signer *s = *abstract;
	struct span answer, found;
	struct buf request;
	bool done;

	(void)session;
	buf_init(&request, MESSAGE_MAX);
	put_request(&request, s->blob, data, data_len);
	done = !request.failed &&
	       put_all(s->link->agent_fd, request.data, request.len) &&
	       get_answer(s, s->link->conn->arena, &answer) &&
	       get_signature(answer, &found);
	buf_free(&request);
	*sig = done ? malloc(found.n + 1) : NULL;
	if (*sig == NULL)
		return -1;
	memcpy(*sig, found.p, found.n);
	*sig_len = found.n;
	return 0;
}

static int offer_rsa(struct ssh_link *l, struct span blob)
{
	struct signer s = {.link = l, .blob = blob};
	void *abstract = &s;
	struct buf named;
	int rc = LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED;

	buf_init(&named, MESSAGE_MAX);
	if (ssh_rsa_blob(blob, &named))
		ssh_await(l->conn, rc,
		    libssh2_userauth_publickey(l->session, l->target->user,
			(unsigned char *)named.data, named.len, sign,
			&abstract));
	buf_free(&named);
	return rc;
}

/* *in: it opened the door. -1 only if the connection failed. */
static int offer(struct ssh_login *login, LIBSSH2_AGENT *agent,
    struct libssh2_agent_publickey *key, bool *in, struct err *e)
{
	struct ssh_link *l = login->link;
	struct arena *a = l->conn->arena;
	struct span blob = {(const char *)key->blob, key->blob_len};
	struct span rest = blob, type;
	int rc;

	if (!ssh_wire_take(&rest, &type))
		return 0;
	if (span_eq(type, "ssh-rsa"))
		rc = offer_rsa(l, blob);
	else
		ssh_await(l->conn, rc,
		    libssh2_agent_userauth(agent, l->target->user, key));
	*in = rc == 0;
	if (rc != 0 && (l->conn->lost || !ssh_login_refused(rc)))
		return ssh_failed(l, rc, "the login", e);
	ssh_login_tried(login, arena_strndup(a, type.p, type.n),
	    arena_printf(a, "the agent's %s", key->comment));
	return 0;
}

static bool wanted(const struct libssh2_agent_publickey *key, struct span only)
{
	return only.n == 0 || (only.n == key->blob_len &&
				  memcmp(only.p, key->blob, only.n) == 0);
}

static int try_all(struct ssh_login *login, LIBSSH2_AGENT *agent,
    struct span only, enum ssh_agent_result *result, struct err *e)
{
	struct libssh2_agent_publickey *key = NULL;
	bool in = false;

	while (!in && login->tries < SSH_TRIES_MAX &&
	       libssh2_agent_get_identity(agent, &key, key) == 0) {
		if (!wanted(key, only))
			continue;
		if (offer(login, agent, key, &in, e) != 0)
			return -1;
		*result = in ? SSH_AGENT_IN : SSH_AGENT_REFUSED;
	}
	return 0;
}

int ssh_agent_login(struct ssh_login *login, struct span only,
    enum ssh_agent_result *result, struct err *e)
{
	LIBSSH2_AGENT *agent = libssh2_agent_init(login->link->session);
	int rc = 0, listed;

	*result = SSH_AGENT_NONE;
	if (agent == NULL)
		return 0;
	if (libssh2_agent_connect(agent) == 0) {
		ssh_await(login->link->conn, listed,
		    libssh2_agent_list_identities(agent));
		if (listed == 0)
			rc = try_all(login, agent, only, result, e);
		libssh2_agent_disconnect(agent);
	}
	libssh2_agent_free(agent);
	return rc;
}
