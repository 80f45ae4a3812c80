/* One command on one channel. */
#include "source/ssh.h"

#include "base/clock.h"
#include "source/words.h"

#include <signal.h>
#include <string.h>

/* libssh2 sends a command as one packet, of 35,000 bytes at most. */
#define COMMAND_MAX 32000
#define CHUNK	    16384
#define CHUNKS_MAX  16 /* of one channel, before the others have their turn */

/*
 * Runs $1 and ends it when the channel is closed, be it by us or because we
 * or the network died: the server closes the pipe that is the wrapper's
 * stdin, a watcher reads its end, and kills the process group. sshd makes
 * each command the leader of a session, so the group is this command's own;
 * where it is not, "-$$" names no group and only the command is killed.
 * The exit status of a command killed by signal n is 128 + n (POSIX, 2.8.2).
 */
static const char wrapper[] =
    "exec 3<&0; "
    "/bin/sh -c \"$1\" sh </dev/null 3<&- & c=$!; "
    "{ trap \"\" TERM; read -r x; kill -TERM -$$ || kill $c; sleep 1; "
    "kill -KILL -$$; } <&3 3<&- >/dev/null 2>&1 & w=$!; "
    "exec 3<&- </dev/null; "
    "wait $c 2>/dev/null; s=$?; " /* bash reports signals here */
    "kill -KILL $w 2>/dev/null; "
    "exit $s";

char *ssh_exec_line(struct arena *a, const char *command)
{
	return arena_printf(
	    a, "exec /bin/sh -c '%s' sh %s", wrapper, ssh_quote(a, command));
}

static int open_channel(struct ssh_conn *c, struct ssh_exec *x)
{
	LIBSSH2_SESSION *s = ssh_last(c)->session;
	int rc;

	do {
		x->channel = libssh2_channel_open_session(s);
		rc = x->channel != NULL ? 0 : libssh2_session_last_errno(s);
	} while (rc == LIBSSH2_ERROR_EAGAIN && ssh_wait(c));
	return rc;
}

/*
 * The connection is of no more use then: half a request is in libssh2, and a
 * server that does not answer this one won't do better with the next.
 */
static int not_started(struct ssh_conn *c, int rc, struct err *e)
{
	ssh_failed(ssh_last(c), rc, "the start of a command", e);
	c->silent = e->code == OUTCOME_TIMEOUT;
	c->lost = true;
	return -1;
}

static int start_command(struct ssh_conn *c, struct ssh_exec *x, struct err *e)
{
	struct arena *a = arena_new();
	const char *line = ssh_exec_line(a, x->job->command);
	char place[SSH_PLACE_MAX];
	int rc = 0;

	if (strlen(line) <= COMMAND_MAX)
		ssh_await(c, rc, libssh2_channel_exec(x->channel, line));
	else
		rc = LIBSSH2_ERROR_INVAL;
	arena_free(a);
	if (rc == 0)
		return 0;
	if (rc == LIBSSH2_ERROR_INVAL)
		return err_code(e, OUTCOME_FAILED,
		    "the command is longer than %d bytes", COMMAND_MAX);
	if (rc != LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED)
		return not_started(c, rc, e);
	return err_code(e, OUTCOME_FAILED, "%s refused to run a command",
	    ssh_place(place, ssh_last(c)->target));
}

int ssh_exec_start(struct ssh_conn *c, struct ssh_exec *x, bool *full)
{
	struct ssh_link *l = ssh_last(c);
	struct err *e = &x->job->err;
	char place[SSH_PLACE_MAX];
	int rc = open_channel(c, x);

	*full = rc == LIBSSH2_ERROR_CHANNEL_FAILURE && !c->lost;
	if (rc == 0)
		return start_command(c, x, e);
	if (!*full)
		return not_started(c, rc, e);
	err_code(e, OUTCOME_FAILED, "%s refused to open a session",
	    ssh_place(place, l->target));
	return err_hint(e, "is MaxSessions 0 in its sshd_config?");
}

/* Keeps the end of what goes to stderr. */
static void keep_tail(struct ssh_exec *x, const char *p, size_t n)
{
	size_t drop;

	if (n > sizeof(x->tail)) {
		p += n - sizeof(x->tail);
		n = sizeof(x->tail);
	}
	drop = x->n_tail + n > sizeof(x->tail) ? x->n_tail + n - sizeof(x->tail)
					       : 0;
	memmove(x->tail, x->tail + drop, x->n_tail - drop);
	memcpy(x->tail + x->n_tail - drop, p, n);
	x->n_tail += n - drop;
}

static int killed(struct err *e, const char *name, const char *said)
{
	return err_code(e, OUTCOME_FAILED, "killed by SIG%s%s%s", name,
	    said[0] != '\0' ? ": " : "", said);
}

static int bad_status(
    const struct ssh_conn *c, int status, const char *said, struct err *e)
{
	const char *colon = said[0] != '\0' ? ": " : "";

	if (status > 128 && sigabbrev_np(status - 128) != NULL)
		return killed(e, sigabbrev_np(status - 128), said);
	if (status != 127)
		return err_code(e, OUTCOME_FAILED, "exit status %d%s%s", status,
		    colon, said);
	err_code(e, OUTCOME_FAILED, "command not found (exit status 127)%s%s",
	    colon, said);
	return err_hint(e,
	    "is it installed on %s? PATH is short over SSH: the full path "
	    "works everywhere",
	    c->links[c->n - 1].target->host);
}

/* The channel is closed by both sides: how did the command end? */
static int judge(struct ssh_conn *c, struct ssh_exec *x)
{
	LIBSSH2_SESSION *s = ssh_last(c)->session;
	struct err *e = &x->job->err;
	char said[WORDS_SAID_MAX + 1], *name = NULL;
	int status = libssh2_channel_get_exit_status(x->channel);
	size_t n = 0;

	words_last_line(said, (struct span){x->tail, x->n_tail});
	libssh2_channel_get_exit_signal(
	    x->channel, &name, &n, NULL, NULL, NULL, NULL);
	if (name != NULL) {
		killed(e, name, said);
		libssh2_free(s, name);
		return -1;
	}
	return status == 0 ? 0 : bad_status(c, status, said, e);
}

static enum ssh_step end(struct ssh_exec *x, int rc)
{
	x->job->rc = rc;
	return SSH_ENDED;
}

/* What a read of either stream came to; SSH_IDLE when it has no more now. */
static enum ssh_step take(struct ssh_conn *c, struct ssh_exec *x, int stream)
{
	char chunk[CHUNK], size[WORDS_SIZE_MAX];
	ssize_t n =
	    libssh2_channel_read_ex(x->channel, stream, chunk, sizeof(chunk));

	if (n < 0 && n != LIBSSH2_ERROR_EAGAIN)
		c->lost = true;
	if (n <= 0)
		return SSH_IDLE;
	if (stream == SSH_EXTENDED_DATA_STDERR)
		keep_tail(x, chunk, (size_t)n);
	else if (!buf_add_some(&x->job->body, chunk, (size_t)n))
		return end(x, err_code(&x->job->err, OUTCOME_TOO_LARGE,
				  "printed more than %s: killed",
				  words_size(size, x->job->body.max)));
	return SSH_MOVED;
}

/* Both streams, turn by turn: one that is not read blocks the other. */
static enum ssh_step take_some(struct ssh_conn *c, struct ssh_exec *x)
{
	enum ssh_step out, err = SSH_IDLE;
	bool moved = false;

	for (int i = 0; i < CHUNKS_MAX; i++) {
		out = take(c, x, 0);
		if (out == SSH_ENDED)
			return out;
		err = take(c, x, SSH_EXTENDED_DATA_STDERR);
		if (out == SSH_IDLE && err == SSH_IDLE)
			break;
		moved = true;
	}
	return moved ? SSH_MOVED : SSH_IDLE;
}

enum ssh_step ssh_exec_step(struct ssh_conn *c, struct ssh_exec *x)
{
	enum ssh_step step;
	int rc;

	if (clock_monotonic() >= x->deadline)
		return end(x, err_code(&x->job->err, OUTCOME_TIMEOUT,
				  "no end in %g s: killed", x->job->timeout));
	step = take_some(c, x);
	if (step != SSH_IDLE)
		return step;
	if (libssh2_channel_eof(x->channel) != 1) {
		if (!c->lost)
			return SSH_IDLE;
		return end(
		    x, ssh_failed(ssh_last(c), LIBSSH2_ERROR_SOCKET_DISCONNECT,
			   "the command", &x->job->err));
	}
	rc = libssh2_channel_wait_closed(x->channel);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return SSH_IDLE;
	if (rc != 0)
		return end(x,
		    ssh_failed(ssh_last(c), rc, "the command", &x->job->err));
	return end(x, judge(c, x));
}
