/*
 * exec: a command of this machine, which is given the message as JSON on its
 * stdin. It is run without a shell.
 */
#include "base/proc.h"
#include "notify/channel.h"

#include <string.h>

#define OUT_MAX	 65536 /* what it prints is not used */
#define DIAG_MAX 4096
#define SAID_MAX 200

struct conf {
	struct strings exec;
};

static const struct option options[] = {
    {"exec", OPTION_LIST, offsetof(struct conf, exec), .required = true,
	.help = "a command of this machine as a list of its words, run "
		"without a shell; the message comes as JSON on its stdin, and "
		"an exit status of 0 says that it was taken"},
    {0},
};

static void check(void *p, const struct node *node, struct faults *faults)
{
	const struct conf *conf = p;
	const struct node *at = node_get(node, "exec");

	if (at != NULL && conf->exec.n == 0)
		fault_at(faults, at, "exec: the list is empty");
}

/* The last line that is not blank. */
static void last_line(const struct buf *diag, char *out, size_t size)
{
	struct span rest = {buf_text(diag), diag->len}, line, last = {"", 0};

	while (str_line(&rest, &line))
		if (str_trim(line).n > 0)
			last = str_trim(line);
	str_clean_into(out, size, last.p, last.n);
}

static int judge(const struct sending *s, const struct proc_result *r,
    const struct buf *diag, struct err *e)
{
	char said[SAID_MAX];
	const char *colon;

	last_line(diag, said, sizeof(said));
	colon = said[0] != '\0' ? ": " : "";
	if (r->timed_out)
		return err_set(e, "no end in %g s: killed", channel_timeout(s));
	if (r->signal != 0)
		return err_set(e, "ended by signal %d (%s)%s%s", r->signal,
		    strsignal(r->signal), colon, said);
	/* Who prints without end is stopped, and has been told all the same */
	if (r->status == 0 || r->overflow)
		return 0;
	return err_set(e, "exit status %d%s%s", r->status, colon, said);
}

static int send(struct sending *s, struct arena *a, struct err *e)
{
	const struct conf *conf = s->channel->conf;
	const char *json = s->message->json;
	const char **argv = arena_array(a, conf->exec.n + 1, sizeof(*argv));
	struct proc_result r;
	struct buf out, diag;
	int rc;

	for (size_t i = 0; i < conf->exec.n; i++)
		argv[i] = conf->exec.items[i];
	buf_init(&out, OUT_MAX);
	buf_init(&diag, DIAG_MAX);
	rc = proc_feed(argv, (struct span){json, strlen(json)},
	    channel_timeout(s), &out, &diag, &r, e);
	if (rc != 0)
		err_set(e, "%s", strerror(e->code));
	else
		rc = judge(s, &r, &diag, e);
	buf_free(&out);
	buf_free(&diag);
	return rc == 0 ? 0 : err_context(e, "exec %s", argv[0]);
}

const struct channel_kind channel_exec = {
    .name = "exec",
    .help = "a command of this machine",
    .options = options,
    .conf_size = sizeof(struct conf),
    .check = check,
    .send = send,
};
