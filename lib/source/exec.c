/*
 * exec: what a command of this machine prints. The vector is run without a
 * shell; a job's command (run:, tail:, or the decoder's own) by /bin/sh.
 */
#include "base/clock.h"
#include "base/proc.h"
#include "source/source.h"
#include "source/words.h"

#include <errno.h>
#include <string.h>

/* The end of stderr is enough: only its last line is shown. */
#define DIAG_MAX 4096

struct exec_conf {
	struct strings exec;
};

static const struct option options[] = {
    {"exec", OPTION_LIST, offsetof(struct exec_conf, exec),
	.help = "a command of this machine as a list of its words, run "
		"without a shell; [] for this machine itself, with decode: "
		"linux, tail: or run:",
	.required = true},
    {0},
};

static const char **make_vector(struct arena *a, const struct fetch *job)
{
	const struct exec_conf *conf = job->conf;
	const char **argv = arena_array(a, conf->exec.n + 4, sizeof(*argv));

	if (job->command == NULL) {
		for (size_t i = 0; i < conf->exec.n; i++)
			argv[i] = conf->exec.items[i];
		return argv;
	}
	argv[0] = "/bin/sh";
	argv[1] = "-c";
	argv[2] = job->command;
	return argv;
}

static int not_started(const char *const *argv, struct err *e)
{
	int code = e->code;

	err_code(e, OUTCOME_FAILED, "%s", strerror(code));
	if (code == ENOENT && strchr(argv[0], ' ') != NULL)
		return err_hint(e, "write each word as an item of the list, "
				   "or use run: for a line of shell");
	if (code == ENOENT && strchr(argv[0], '/') == NULL)
		return err_hint(e, "is it installed? programs are looked for "
				   "in PATH, which is short under cron: the "
				   "full path works everywhere");
	if (code == EACCES)
		return err_hint(e, "chmod +x %s", argv[0]);
	return -1;
}

/* What the exit statuses of the shell mean (POSIX, 2.8.2). */
static int bad_status(int status, struct err *e, const char *said)
{
	err_code(e, OUTCOME_FAILED, "exit status %d%s%s", status,
	    said[0] != '\0' ? ": " : "", said);
	if (status == 127)
		return err_hint(e, "a program is missing; under cron PATH is "
				   "short: the full path works everywhere");
	return -1;
}

static int killed(int signal, struct err *e, const char *said)
{
	const char *name = sigabbrev_np(signal);
	const char *colon = said[0] != '\0' ? ": " : "";

	if (name == NULL) /* a real-time signal */
		return err_code(e, OUTCOME_FAILED, "killed by signal %d%s%s",
		    signal, colon, said);
	return err_code(e, OUTCOME_FAILED, "killed by SIG%s (%s)%s%s", name,
	    sigdescr_np(signal), colon, said);
}

static int judge(const struct fetch *job, const struct proc_result *r,
    struct span diag, struct err *e)
{
	char said[WORDS_SAID_MAX + 1], size[WORDS_SIZE_MAX];

	words_last_line(said, diag);
	if (r->timed_out)
		return err_code(
		    e, OUTCOME_TIMEOUT, "no end in %g s: killed", job->timeout);
	if (r->overflow)
		return err_code(e, OUTCOME_TOO_LARGE,
		    "printed more than %s: killed",
		    words_size(size, job->body.max));
	if (r->signal != 0)
		return killed(r->signal, e, said);
	return r->status == 0 ? 0 : bad_status(r->status, e, said);
}

static int run(struct fetch *job, const char *const *argv)
{
	struct proc_result r;
	struct buf diag;
	int rc;

	if (argv[0] == NULL)
		return err_code(&job->err, OUTCOME_FAILED,
		    "the list is empty, and there is no command to run here");
	buf_init(&diag, DIAG_MAX);
	rc = proc_run(argv, job->timeout, &job->body, &diag, &r, &job->err);
	if (rc != 0)
		not_started(argv, &job->err);
	else
		rc = judge(job, &r, (struct span){buf_text(&diag), diag.len},
		    &job->err);
	buf_free(&diag);
	if (rc != 0 && job->command == NULL)
		err_context(&job->err, "exec %s", argv[0]);
	return rc;
}

static void fetch(struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	for (size_t i = 0; i < n; i++) {
		double begun = clock_monotonic();
		struct arena *a = arena_new();

		jobs[i].rc = run(&jobs[i], make_vector(a, &jobs[i]));
		jobs[i].ms = (clock_monotonic() - begun) * 1000;
		arena_free(a);
		sink->done(sink->ctx, &jobs[i]);
		buf_free(&jobs[i].body);
		buf_free(&jobs[i].new_state);
	}
}

const struct source_kind source_exec = {
    .name = "exec",
    .help = "what a command of this machine prints",
    .options = options,
    .conf_size = sizeof(struct exec_conf),
    .batch = 1,
    .commands = true,
    .fetch = fetch,
};
