/*
 * ssh: what commands of another machine print. All the sources of a host go
 * through one session, each command on a channel of its own, several at once,
 * so that one that hangs costs nobody else's time.
 */
#include "source/ssh.h"

#include "base/clock.h"

#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define BATCH_MAX 100

/* Commands at once on a session: the default of sshd's MaxSessions. */
#define CHANNELS_MAX 10

/* How long a channel may take to close before it is left to itself. */
#define CLOSE_S	   2.0
#define REAPING_MS 20

#define AT(member) offsetof(struct ssh_conf, member)

static const struct option options[] = {
    {"ssh", OPTION_TEXT, AT(ssh),
	.help = "a machine by SSH, as [user@]host[:port]; the key must be a "
		"private one without a passphrase or in an agent, the host "
		"be in known_hosts",
	.required = true},
    {"identity", OPTION_PATH, AT(identity),
	.help = "a private key file, the only key that is tried; by default "
		"the agent's and ~/.ssh/id_ed25519, id_ecdsa, id_rsa"},
    {"known_hosts", OPTION_PATH, AT(known_hosts),
	.help = "the file of host keys to trust, instead of "
		"~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts"},
    {"jump", OPTION_TEXT, AT(jump),
	.help = "a host to go through, as [user@]host[:port], or several "
		"with commas"},
    {"agent", OPTION_BOOL, AT(agent), .deflt = "yes",
	.help = "use the keys of the agent that SSH_AUTH_SOCK names"},
    {0},
};

/* The jobs of one session. */
struct work {
	struct ssh_conn conn;
	struct fetch *jobs;
	size_t n, next;
	const struct fetch_sink *sink;
	struct arena *arena;
	struct ssh_exec running[CHANNELS_MAX];
	size_t n_running;
	size_t room;  /* commands at once; less if the server says so */
	bool opened;  /* the server has let one run */
	double begun; /* when the time of the next job begins */
};

static const char *own_name(struct arena *a)
{
	const struct passwd *user = getpwuid(geteuid());

	return user != NULL ? arena_strdup(a, user->pw_name) : "root";
}

static void add_hop(struct ssh_conf *conf, const char *text,
    const struct node *at, struct faults *faults)
{
	struct err e;

	if (conf->n_hops == SSH_HOPS_MAX + 1) {
		fault_at(faults, at, "more than %d hosts to go through",
		    SSH_HOPS_MAX);
		return;
	}
	if (ssh_target_parse(faults->arena, text, own_name(faults->arena),
		&conf->hops[conf->n_hops], &e) != 0)
		fault_at(faults, at, "%s", e.text);
	else
		conf->n_hops++;
}

static void check(void *out, const struct node *map, struct faults *faults)
{
	struct ssh_conf *conf = out;
	const char *rest = conf->jump;
	const struct node *jump = node_get(map, "jump");

	conf->n_hops = 0;
	while (rest != NULL) {
		size_t n = strcspn(rest, ",");
		struct span item = str_trim((struct span){rest, n});

		add_hop(conf, arena_strndup(faults->arena, item.p, item.n),
		    jump != NULL ? jump : map, faults);
		rest = rest[n] == ',' ? rest + n + 1 : NULL;
	}
	if (conf->ssh != NULL)
		add_hop(conf, conf->ssh,
		    node_get(map, "ssh") != NULL ? node_get(map, "ssh") : map,
		    faults);
}

static const char *endpoint(const void *in, struct arena *a)
{
	const struct ssh_conf *conf = in;
	const char *key = arena_printf(a, "ssh %d %s %s", conf->agent,
	    conf->identity != NULL ? conf->identity : "",
	    conf->known_hosts != NULL ? conf->known_hosts : "");
	char place[SSH_PLACE_MAX];

	for (size_t i = 0; i < conf->n_hops; i++)
		key = arena_printf(a, "%s %s@%s", key, conf->hops[i].user,
		    ssh_place(place, &conf->hops[i]));
	return key;
}

static void done(struct work *w, struct fetch *job, double begun)
{
	job->ms = (clock_monotonic() - begun) * 1000;
	w->sink->done(w->sink->ctx, job);
	buf_free(&job->body);
	buf_free(&job->new_state);
}

/* Every job that has not begun ends with this error. */
static void fail_rest(struct work *w, const struct err *e)
{
	for (; w->next < w->n; w->next++) {
		struct fetch *job = &w->jobs[w->next];

		job->err = *e;
		job->rc = -1;
		done(w, job, w->begun);
	}
}

/* The longest that any of the jobs to come may take. */
static double longest(const struct work *w)
{
	double seconds = 0;

	for (size_t i = w->next; i < w->n; i++)
		if (w->jobs[i].timeout > seconds)
			seconds = w->jobs[i].timeout;
	return seconds;
}

static void forget(struct work *w, size_t i)
{
	w->running[i] = w->running[--w->n_running];
}

/* The job has ended; its channel is closed as the server finds time. */
static void ended(struct work *w, struct ssh_exec *x)
{
	struct fetch *job = x->job;

	x->job = NULL;
	x->deadline = clock_monotonic() + CLOSE_S;
	done(w, job, x->begun);
}

/*
 * A server has a session until it has reaped its command, which may be after
 * it has told of its end: so where there was room for one there will be.
 */
static int start(struct work *w, struct ssh_exec *x, bool *full)
{
	int rc;

	while ((rc = ssh_exec_start(&w->conn, x, full)) != 0 && *full &&
	       w->opened && w->n_running == 0 &&
	       clock_monotonic() < x->deadline)
		(void)poll(NULL, 0, REAPING_MS);
	w->opened = w->opened || rc == 0;
	return rc;
}

static void begin(struct work *w)
{
	struct fetch *job = &w->jobs[w->next];
	struct ssh_exec *x = &w->running[w->n_running];
	bool full = false;

	*x = (struct ssh_exec){
	    .job = job, .begun = w->begun, .deadline = w->begun + job->timeout};
	w->conn.deadline = x->deadline;
	w->conn.allowed = job->timeout;
	if (job->command == NULL)
		job->rc = err_code(&job->err, OUTCOME_FAILED,
		    "there is no command to run: set run:, tail: or decode: "
		    "linux");
	else if (clock_monotonic() >= x->deadline)
		job->rc = err_code(&job->err, OUTCOME_TIMEOUT,
		    "connecting took longer than %g s", job->timeout);
	else
		job->rc = start(w, x, &full);
	if (full && w->n_running > 0) {
		w->room = w->n_running; /* this job waits for its turn */
		return;
	}
	w->next++;
	if (x->channel != NULL)
		w->n_running++;
	if (job->rc == 0)
		return;
	x->channel != NULL ? ended(w, x) : done(w, job, x->begun);
}

/* One channel that is being closed; true if it is no longer there. */
static bool closing(struct ssh_exec *x)
{
	return libssh2_channel_free(x->channel) != LIBSSH2_ERROR_EAGAIN ||
	       clock_monotonic() >= x->deadline;
}

/* One turn of each channel; false if there was nothing to do. */
static bool turn(struct work *w)
{
	bool moved = false;

	for (size_t i = 0; i < w->n_running;) {
		struct ssh_exec *x = &w->running[i];
		enum ssh_step step =
		    x->job != NULL ? ssh_exec_step(&w->conn, x) : SSH_IDLE;

		if (step == SSH_ENDED)
			ended(w, x);
		moved = moved || step != SSH_IDLE;
		if (x->job == NULL && closing(x)) {
			forget(w, i);
			moved = true;
		} else {
			i++;
		}
	}
	return moved;
}

/* No call waits longer than until the first of the channels is due. */
static void set_deadline(struct work *w)
{
	w->conn.deadline = w->begun + 1e9;
	for (size_t i = 0; i < w->n_running; i++)
		if (w->running[i].deadline < w->conn.deadline)
			w->conn.deadline = w->running[i].deadline;
}

static bool any_job(const struct work *w)
{
	for (size_t i = 0; i < w->n_running; i++)
		if (w->running[i].job != NULL)
			return true;
	return false;
}

/* Runs the jobs until all have ended or the connection is lost. */
static void run_all(struct work *w)
{
	while (!w->conn.lost && (w->next < w->n || any_job(w))) {
		while (
		    !w->conn.lost && w->next < w->n && w->n_running < w->room)
			begin(w);
		set_deadline(w);
		w->begun = clock_monotonic();
		if (!turn(w) && w->n_running > 0)
			ssh_wait(&w->conn);
	}
	while (any_job(w))
		turn(w);
}

/* One connection for as many of the jobs as it lives for. */
static void session(struct work *w)
{
	const struct ssh_conf *conf = w->jobs[0].conf;
	struct err e;

	w->begun = clock_monotonic();
	w->n_running = 0;
	w->opened = false;
	w->room = CHANNELS_MAX;
	if (ssh_connect(&w->conn, conf, w->arena, longest(w), &e) != 0)
		fail_rest(w, &e);
	else
		run_all(w);
	ssh_disconnect(&w->conn);
}

static void fetch(struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	struct err e;
	struct work w = {
	    .jobs = jobs, .n = n, .sink = sink, .arena = arena_new()};

	if (libssh2_init(0) != 0) {
		err_code(&e, OUTCOME_FAILED, "libssh2 does not start");
		fail_rest(&w, &e);
	}
	/* Each session ends at least one job, so this ends too. */
	while (w.next < w.n)
		session(&w);
	libssh2_exit();
	arena_free(w.arena);
}

const struct source_kind source_ssh = {
    .name = "ssh",
    .help = "what commands of another machine print, by SSH",
    .options = options,
    .conf_size = sizeof(struct ssh_conf),
    .batch = BATCH_MAX,
    .endpoint = endpoint,
    .check = check,
    .commands = true,
    .fetch = fetch,
};
