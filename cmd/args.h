/*
 * The command line: one table of verbs, one set of options.
 *
 * (Apart from cmd.h because getopt_long() and the configuration both call
 * something `struct option`.)
 */
#ifndef CMD_ARGS_H
#define CMD_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* What was said on the command line. */
struct invocation {
	struct arena *arena;
	const char *config; /* -c, or where one was found; NULL: none */
	const char *output; /* -o */
	bool plan_only;	    /* -n */
	bool quiet, verbose;
	int64_t now;	       /* --now, or the clock, read once */
	const char *now_text;  /* --now as given: its zone is the plan's */
	const char *at;	       /* --at */
	double last;	       /* --last, seconds; 0: as configured */
	const char *last_text; /* as given */
	const char *page;      /* --page */
	const char *panels;    /* --panels */
	const char *paper;     /* --paper */
	struct strings mail;   /* --mail, each time it is given */
	const char *note;      /* --note */
	const char *mark;      /* --mark */
	const char *unmark;    /* --unmark */
	uint64_t max_size;     /* --max-size, bytes; 0: the verb's own */
	const char *redact;    /* --redact */
	const char *sign;      /* --sign, the file of a key */
	const char *signers;   /* --signers */
	const char *identity;  /* --identity */
	double window;	       /* --window, seconds; 0: the verb's own */
	const char *from, *to; /* --from, --to */
	const char *format;    /* --format */
	int64_t times;	       /* --times, 1 if not given */
	double interval;       /* --interval, seconds */
	double max_age;	       /* --max-age, seconds; 0: any */
	double horizon;	       /* --horizon, seconds; 0: the panel's */
	const char *reach;     /* --reach, a quantity */
	bool alert_exit;       /* --alert-exit */
	bool json;	       /* --json */
	bool mdoc;	       /* --mdoc */
	bool dry_run;	       /* --dry-run */
	bool skip_bad;	       /* --skip-bad */
	bool forget;	       /* --forget */
	const char *notify;    /* --notify */
	const char *report;    /* --report */
	double hold;	       /* --for, seconds; 0: to the end */
	bool undo;	       /* --undo */
	bool force;	       /* --force */
	const char *data;      /* directory of templates and assets */
	const struct verb *verb;
	int argc; /* arguments of the verb */
	char **argv;
};

struct verb {
	const char *name;
	const char *arguments; /* "SOURCE", "" */
	const char *options;   /* letters of those that it takes */
	const char *help;
	int (*run)(struct invocation *);
	int min_args, max_args;
};

extern const struct verb verbs[]; /* ends with a NULL name */

/*
 * Fills the invocation. -V and -h become the verbs "version" and "help". -1:
 * the sentence says what is wrong with the command line.
 */
must_use int args_parse(
    struct invocation *, int argc, char **argv, struct err *);

/* The usage, as help prints it. */
void args_usage(void);

#endif
