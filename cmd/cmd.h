/*
 * What the verbs share. What prints and exits is in this folder and nowhere
 * else.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "args.h"
#include "run/notify.h"
#include "run/plan.h"
#include "run/run.h"

enum exit_status {
	EXIT_WELL = 0,
	EXIT_FATAL = 1,
	EXIT_USAGE = 2,	  /* usage or configuration */
	EXIT_SOURCES = 3, /* published, some sources failed */
	EXIT_ALERT = 4,	  /* an alert fires, if that was asked for */
	EXIT_LOCKED = 11, /* another run holds the lock */
	EXIT_REAUTH = 12, /* authorisation needed */
};

int verb_run(struct invocation *);
int verb_collect(struct invocation *);
int verb_render(struct invocation *);
int verb_snapshot(struct invocation *);
int verb_verify(struct invocation *);
int verb_diff(struct invocation *);
int verb_check_config(struct invocation *);
int verb_test(struct invocation *);
int verb_ack(struct invocation *);
int verb_auth(struct invocation *);
int verb_status(struct invocation *);
int verb_export(struct invocation *);
int verb_import(struct invocation *);
int verb_sql(struct invocation *);
int verb_forecast(struct invocation *);
int verb_init(struct invocation *);
int verb_help(struct invocation *);
int verb_version(struct invocation *);

/* "broadsheet: …" on stderr, the hint on a line of its own. */
int complain(const struct err *, int status);
void complain_faults(const struct faults *);

/* test --notify: a notice that is a test. */
int test_channel(struct invocation *);

/* test --report: a report, as it would be if it were due. */
int test_report(struct invocation *);

/* For what is only tried, with this: what became of each. */
struct notify_trial {
	struct arena *arena;
	int status;
};

void say_tried(void *ctx, const struct notify_event *);

/*
 * For notify_send(), with the invocation: what begins to fail, and what is
 * well again, is said once.
 */
void say_notified(void *ctx, const struct notify_event *);

/* Says so, and which one may be meant. */
int no_such_source(const struct plan *, const char *name);

/*
 * Finds and loads the configuration; -o and the rest of the command line are
 * put in. If not 0 the faults are said, and that is the exit status.
 */
must_use int load_plan(struct invocation *, struct plan *);

#endif
