/* Resolve, connect, jump from host to host, handshake, log in. */
#include "source/ssh.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * What may be agreed on: the best of libssh2 1.10, and nothing that OpenSSH
 * has dropped (CBC ciphers, MD5, group1).
 */
#define KEX_METHODS                                                            \
	"curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"   \
	"ecdh-sha2-nistp384,ecdh-sha2-nistp521,"                               \
	"diffie-hellman-group-exchange-sha256,"                                \
	"diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"         \
	"diffie-hellman-group14-sha256,diffie-hellman-group14-sha1"
#define CIPHERS "aes256-ctr,aes192-ctr,aes128-ctr"
#define MACS	"hmac-sha2-256,hmac-sha2-512,hmac-sha1"

/*
 * A name on its way to an address. The C library gives up after its own
 * time only, so it works in a thread, and this must stay behind with it when
 * time is up first.
 */
struct lookup {
	struct gaicb request;
	struct addrinfo hints;
	char host[256], port[8];
};

static int no_answer(
    const struct ssh_conn *c, const struct ssh_target *t, struct err *e)
{
	char place[SSH_PLACE_MAX];

	return err_code(e, OUTCOME_TIMEOUT, "no answer from %s in %g s",
	    ssh_place(place, t), c->allowed);
}

static int no_address(const char *host, int code, struct err *e)
{
	return err_code(e, OUTCOME_DNS, "no address for %s: %s", host,
	    code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code));
}

/* Waits for the thread; false when time was up and it has not ended. */
static bool look(struct lookup *l, double seconds)
{
	struct timespec ts = {.tv_sec = (time_t)seconds};
	struct gaicb *list[] = {&l->request};
	const struct gaicb *wait_list[] = {&l->request};

	ts.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
	if (getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) != 0)
		return true;
	gai_suspend(wait_list, 1, &ts);
	return gai_error(&l->request) != EAI_INPROGRESS ||
	       gai_cancel(&l->request) == EAI_CANCELED;
}

static int resolve_name(const struct ssh_conn *c, const struct ssh_target *t,
    struct addrinfo **out, struct err *e)
{
	struct lookup *l = calloc(1, sizeof(*l));
	double seconds = c->deadline - clock_monotonic();
	int code;

	if (l == NULL || seconds <= 0)
		return free(l), no_answer(c, t, e);
	l->hints.ai_socktype = SOCK_STREAM;
	snprintf(l->host, sizeof(l->host), "%s", t->host);
	snprintf(l->port, sizeof(l->port), "%d", t->port);
	l->request = (struct gaicb){
	    .ar_name = l->host, .ar_service = l->port, .ar_request = &l->hints};
	if (!look(l, seconds))
		return err_code(e, OUTCOME_DNS,
		    "no address for %s: the name servers did not answer in "
		    "%g s",
		    t->host, c->allowed);
	code = gai_error(&l->request);
	*out = l->request.ar_result;
	free(l);
	if (code == EAI_CANCELED)
		return no_answer(c, t, e);
	return code == 0 ? 0 : no_address(t->host, code, e);
}

static int resolve(const struct ssh_conn *c, const struct ssh_target *t,
    struct addrinfo **out, struct err *e)
{
	struct addrinfo hints = {
	    .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
	char port[8];

	snprintf(port, sizeof(port), "%d", t->port);
	if (getaddrinfo(t->host, port, &hints, out) == 0)
		return 0;
	return resolve_name(c, t, out, e);
}

/* The errno of connecting; ETIMEDOUT also when these seconds have passed. */
static int connect_one(int fd, const struct addrinfo *ai, double seconds)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int code = 0;
	socklen_t n = sizeof(code);

	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	if (seconds <= 0 || poll(&p, 1, (int)ceil(seconds * 1000)) <= 0)
		return ETIMEDOUT;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &n);
	return code;
}

static int try_address(
    struct ssh_conn *c, const struct addrinfo *ai, double seconds)
{
	int fd = socket(ai->ai_family,
	    ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, ai->ai_protocol);
	int code, on = 1;

	if (fd < 0)
		return errno;
	code = connect_one(fd, ai, seconds);
	if (code != 0) {
		close(fd);
		return code;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	c->fd = fd;
	return 0;
}

static int not_connected(const struct ssh_conn *c, const struct ssh_target *t,
    int code, struct err *e)
{
	char place[SSH_PLACE_MAX];

	ssh_place(place, t);
	if (code == ETIMEDOUT)
		return no_answer(c, t, e);
	if (code == ECONNREFUSED)
		return err_code(e, OUTCOME_REFUSED,
		    "connection to %s refused: nothing listens there", place);
	return err_code(e, OUTCOME_UNREACHABLE, "%s can't be reached: %s",
	    place, strerror(code));
}

/* One address after the other, each with its share of the time left. */
static int connect_tcp(
    struct ssh_conn *c, const struct ssh_target *t, struct err *e)
{
	struct addrinfo *list = NULL;
	int code = EHOSTUNREACH;
	size_t n = 0;

	if (resolve(c, t, &list, e) != 0)
		return -1;
	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next)
		n++;
	for (const struct addrinfo *ai = list; ai != NULL && code != 0;
	     ai = ai->ai_next, n--)
		code = try_address(
		    c, ai, (c->deadline - clock_monotonic()) / (double)n);
	freeaddrinfo(list);
	return code == 0 ? 0 : not_connected(c, t, code, e);
}

/* A channel of the link before that leads to the next host. */
static int open_tunnel(struct ssh_link *l, struct err *e)
{
	struct ssh_link *before = ssh_before(l);
	char from[SSH_PLACE_MAX], to[SSH_PLACE_MAX];
	const char *reason;
	int rc;

	do {
		l->tunnel = libssh2_channel_direct_tcpip(
		    before->session, l->target->host, l->target->port);
		rc = l->tunnel != NULL
			 ? 0
			 : libssh2_session_last_errno(before->session);
	} while (rc == LIBSSH2_ERROR_EAGAIN && ssh_wait(l->conn));
	if (rc == 0)
		return 0;
	if (rc != LIBSSH2_ERROR_CHANNEL_FAILURE)
		return ssh_failed(before, rc, "the jump", e);
	/* "Channel open failure (connect failed)" */
	reason = ssh_reason(before);
	if (strchr(reason, '(') != NULL)
		reason = strchr(reason, '(') + 1;
	return err_code(e, OUTCOME_UNREACHABLE,
	    "%s can't reach %s for us: %.*s", ssh_place(from, before->target),
	    ssh_place(to, l->target), (int)strcspn(reason, ")"), reason);
}

static int shake_failed(struct ssh_link *l, int rc, struct err *e)
{
	char place[SSH_PLACE_MAX];

	if (rc != LIBSSH2_ERROR_KEX_FAILURE || l->conn->lost)
		return ssh_failed(l, rc, "the key exchange", e);
	err_code(e, OUTCOME_PROTOCOL, "no algorithm in common with %s",
	    ssh_place(place, l->target));
	return err_hint(e,
	    "its sshd_config must allow one of each: KexAlgorithms "
	    "curve25519-sha256; Ciphers aes256-ctr; MACs hmac-sha2-256; "
	    "HostKeyAlgorithms ssh-ed25519 or ecdsa-sha2-nistp256 (a server "
	    "that has only an RSA host key needs another one)");
}

static int handshake(
    struct ssh_link *l, const struct ssh_known *known, struct err *e)
{
	struct arena *a = l->conn->arena;
	LIBSSH2_SESSION *s = ssh_session(l);
	int rc;

	if (s == NULL)
		return err_code(e, OUTCOME_FAILED, "no memory for a session");
	libssh2_session_method_pref(s, LIBSSH2_METHOD_KEX, KEX_METHODS);
	libssh2_session_method_pref(s, LIBSSH2_METHOD_CRYPT_CS, CIPHERS);
	libssh2_session_method_pref(s, LIBSSH2_METHOD_CRYPT_SC, CIPHERS);
	libssh2_session_method_pref(s, LIBSSH2_METHOD_MAC_CS, MACS);
	libssh2_session_method_pref(s, LIBSSH2_METHOD_MAC_SC, MACS);
	libssh2_session_method_pref(
	    s, LIBSSH2_METHOD_HOSTKEY, ssh_hostkey_methods(a, known));
	ssh_await(l->conn, rc, libssh2_session_handshake(s, l->conn->fd));
	return rc == 0 ? 0 : shake_failed(l, rc, e);
}

/* To one more host, and in. */
static int hop(struct ssh_conn *c, const struct ssh_target *t, struct err *e)
{
	struct ssh_link *l = &c->links[c->n++];
	struct ssh_known known = {0};

	*l = (struct ssh_link){.conn = c, .target = t, .agent_fd = -1};
	if (ssh_hostkey_load(c->conf, c->arena, t, &known, e) != 0)
		return -1;
	if ((c->n == 1 ? connect_tcp(c, t, e) : open_tunnel(l, e)) != 0)
		return -1;
	if (handshake(l, &known, e) != 0 ||
	    ssh_hostkey_check(l, &known, e) != 0)
		return -1;
	return ssh_login(l, e);
}

int ssh_connect(struct ssh_conn *c, const struct ssh_conf *conf,
    struct arena *a, double seconds, struct err *e)
{
	*c = (struct ssh_conn){.conf = conf,
	    .arena = a,
	    .fd = -1,
	    .allowed = seconds,
	    .deadline = clock_monotonic() + seconds};
	for (size_t i = 0; i < conf->n_hops; i++)
		if (hop(c, &conf->hops[i], e) != 0)
			return -1;
	return 0;
}

void ssh_disconnect(struct ssh_conn *c)
{
	for (size_t i = c->n; i-- > 0 && !c->lost;)
		if (c->links[i].session != NULL)
			libssh2_session_disconnect(c->links[i].session, "");
	c->lost = true; /* so that no call below waits or sends */
	while (c->n > 0) {
		struct ssh_link *l = &c->links[--c->n];

		if (l->session != NULL)
			libssh2_session_free(l->session);
	}
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}
