/*
 * What the files of the ssh kind share; nobody else includes it.
 *
 *	ssh.c          the kind: options, jobs and their channels
 *	ssh_target.c   [user@]host[:port]
 *	ssh_link.c     bytes in and out under a deadline, failures in words
 *	ssh_connect.c  resolve, connect, jump, handshake
 *	ssh_known.c    known_hosts, as text
 *	ssh_hostkey.c  is that the host that we know?
 *	ssh_key.c      private key files
 *	ssh_auth.c     who we are
 *	ssh_agent.c    the keys of an agent
 *	ssh_exec.c     one command on one channel
 *
 * libssh2 is used without blocking throughout: each of its calls returns
 * when the socket has nothing, or when the deadline of the connection has
 * passed (the callbacks then feign an empty socket), so no server can hold
 * one for longer. A call that ran out of time may be resumed later.
 *
 * Failures carry an enum outcome in err->code.
 */
#ifndef SOURCE_SSH_H
#define SOURCE_SSH_H

#include <libssh2.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/str.h"
#include "source/source.h"

#define SSH_HOPS_MAX  8
#define SSH_PLACE_MAX 300

/* Where: a name or an address as the user wrote it. */
struct ssh_target {
	const char *user, *host;
	int port;
};

struct ssh_conf {
	const char *ssh, *identity, *known_hosts, *jump;
	bool agent;

	struct ssh_target hops[SSH_HOPS_MAX + 1]; /* the last is the target */
	size_t n_hops;
};

/* ssh_target.c */

/* "[user@]host[:port]", "[v6]:port"; user: whose name is the default. */
must_use int ssh_target_parse(struct arena *, const char *text,
    const char *user, struct ssh_target *, struct err *);

/* "host:port", brackets around an address of version 6. */
const char *ssh_place(char out[SSH_PLACE_MAX], const struct ssh_target *);

/* The text as one word of sh, quoted only if it needs to be. */
const char *ssh_quote(struct arena *, const char *text);

/* ssh_link.c */

struct ssh_conn;

/* What a server says before it is known to speak SSH. */
struct ssh_greeting {
	bool seen, foreign; /* foreign: too much was said without SSH- */
	char said[120];	    /* the beginning of the first line */
	size_t n_said, n_line, n_all;
	char head[4]; /* of the current line */
};

/* One SSH session: over TCP, or through a channel of the link before it. */
struct ssh_link {
	struct ssh_conn *conn;
	const struct ssh_target *target;
	LIBSSH2_SESSION *session;
	LIBSSH2_CHANNEL *tunnel; /* of the link before; NULL for the first */
	struct ssh_greeting greeting;
	int agent_fd; /* seen when libssh2 talks to the agent; -1 */
};

/* All the links to one target. */
struct ssh_conn {
	const struct ssh_conf *conf;
	struct arena *arena;
	int fd;
	double deadline; /* as clock_monotonic(); nothing waits longer */
	double allowed;	 /* seconds that it was set from, for messages */
	bool lost;	 /* closed, broken or given up */
	bool silent;	 /* given up because it did not answer */
	struct ssh_link links[SSH_HOPS_MAX + 1];
	size_t n;
};

/* The last link, that of the target. */
struct ssh_link *ssh_last(struct ssh_conn *);

/* A new session for the link, with our callbacks; NULL without memory. */
LIBSSH2_SESSION *ssh_session(struct ssh_link *);

/* Waits until there may be more to do; false when time is up. */
bool ssh_wait(struct ssh_conn *);

/* The link that runs the tunnel of this one; NULL for the first. */
struct ssh_link *ssh_before(struct ssh_link *);

/* Resumes a call of libssh2 until it is done or time is up. */
#define ssh_await(conn, rc, call)                                              \
	do                                                                     \
		(rc) = (call);                                                 \
	while ((rc) == LIBSSH2_ERROR_EAGAIN && ssh_wait(conn))

/* What libssh2 says of its last failure. */
const char *ssh_reason(struct ssh_link *);

/*
 * The sentence for a call that returned rc during "the key exchange" or the
 * like: out of time, closed by the server, or what libssh2 says.
 */
int ssh_failed(struct ssh_link *, int rc, const char *during, struct err *);

/* ssh_connect.c */

/* Through all hops to a session that is logged in. Close it also on -1. */
must_use int ssh_connect(struct ssh_conn *, const struct ssh_conf *,
    struct arena *, double seconds, struct err *);

/* At once, without waiting for the server. */
void ssh_disconnect(struct ssh_conn *);

/* ssh_known.c */

struct ssh_known_key {
	const char *type;
	struct span blob;
	const char *file;
	int line;
	bool revoked;
};

struct ssh_known {
	struct ssh_known_key *items;
	size_t n, cap;
};

/* The name that known_hosts has for a target: "app1" or "[app1]:2222". */
const char *ssh_known_name(struct arena *, const struct ssh_target *);

/*
 * Adds the lines of a known_hosts file (sshd(8)) that are about the name:
 * plain, hashed, with wildcards and negations, and @revoked ones. Bad lines
 * and @cert-authority ones are passed over.
 */
void ssh_known_parse(struct arena *, const char *file, struct span text,
    const char *name, struct ssh_known *);

/* "SHA256:" and so on, as ssh-keygen -l shows it. */
const char *ssh_fingerprint(struct arena *, struct span blob);

/* ssh_hostkey.c */

/* The keys that are known of the target. */
must_use int ssh_hostkey_load(const struct ssh_conf *, struct arena *,
    const struct ssh_target *, struct ssh_known *, struct err *);

/* Methods to ask for, those first of which a key is known. */
const char *ssh_hostkey_methods(struct arena *, const struct ssh_known *);

/* Is the key that the server has proved to have the one that we know? */
must_use int ssh_hostkey_check(
    struct ssh_link *, const struct ssh_known *, struct err *);

/* ssh_key.c */

struct ssh_key {
	const char *path;
	const char *type;	/* "ssh-ed25519"; "" if not known */
	struct span blob;	/* the public part; empty if not known */
	bool encrypted;		/* only blob and type are of use */
	struct crypto_key *rsa; /* RSA keys sign by themselves, see auth */
};

/* Free it also on -1. */
must_use int ssh_key_load(
    struct arena *, const char *path, struct ssh_key *, struct err *);
must_use int ssh_key_parse(
    struct arena *, struct span text, struct ssh_key *, struct err *);
void ssh_key_free(struct ssh_key *);

/* Strings of the wire format (RFC 4251, 5): a length of 4 bytes, and bytes. */
bool ssh_wire_take(struct span *rest, struct span *out);
void ssh_wire_put(struct buf *, const void *, size_t n);

/*
 * The blob of an RSA key under the name of the algorithm that signs with
 * SHA-512 (RFC 8332): libssh2 1.10 takes the algorithm from there.
 */
#define SSH_RSA_ALGORITHM "rsa-sha2-512"
bool ssh_rsa_blob(struct span blob, struct buf *out);

/* ssh_auth.c */

#define SSH_TRIES_MAX 5 /* sshd hangs up after its MaxAuthTries, 6 */

/* The keys that were offered at one login. */
struct ssh_login {
	struct ssh_link *link;
	struct buf tried; /* in words */
	int tries;
	struct err why; /* why a key could not even be tried; code 0: none */
};

must_use int ssh_login(struct ssh_link *, struct err *);

/* Was that answer of libssh2 only a no to this key? */
bool ssh_login_refused(int rc);

/* Counts a key that was offered. */
void ssh_login_tried(struct ssh_login *, const char *type, const char *name);

/* ssh_agent.c */

enum ssh_agent_result { SSH_AGENT_NONE, SSH_AGENT_REFUSED, SSH_AGENT_IN };

/*
 * Tries the keys of the agent, or only the one with this blob unless that is
 * empty. -1 if the connection failed.
 */
must_use int ssh_agent_login(struct ssh_login *, struct span only,
    enum ssh_agent_result *, struct err *);

/* ssh_exec.c */

enum ssh_step { SSH_IDLE, SSH_MOVED, SSH_ENDED };

/* A command on its channel. */
struct ssh_exec {
	struct fetch *job; /* NULL: over, the channel is being closed */
	LIBSSH2_CHANNEL *channel;
	double begun, deadline;
	char tail[1024]; /* the end of stderr */
	size_t n_tail;
};

/*
 * Opens the channel and starts the command, within the deadline of the
 * connection. *full: the server refuses one more channel at a time.
 */
must_use int ssh_exec_start(struct ssh_conn *, struct ssh_exec *, bool *full);

/* Takes what is there. SSH_ENDED: job->rc and job->err are set. */
enum ssh_step ssh_exec_step(struct ssh_conn *, struct ssh_exec *);

/* The line for the server's shell that runs a command of sh. */
char *ssh_exec_line(struct arena *, const char *command);

#endif
