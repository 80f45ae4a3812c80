/*
 * Running a command: its own process group, bounded in time and bytes. stdin
 * is /dev/null or what is given, signals are as in a fresh process, and no
 * other descriptor is passed on.
 *
 * The group is killed whole when a bound is met, when the command itself has
 * ended (what it left in the background ends with it), and when the caller
 * dies, however that happens: no run leaves a process behind.
 */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct proc_result {
	int status;	/* exit status, or -1 if a signal ended it */
	int signal;	/* the signal that ended it, or 0 */
	bool timed_out; /* we killed it: no more time */
	bool overflow;	/* we killed it: stdout was larger than out->max */
};

/*
 * Runs argv (argv[0] looked up in PATH) for at most timeout seconds. What it
 * writes to stdout goes to out; of stderr the last diag->max bytes are kept,
 * and however much there is, it never blocks. -1 only if it could not be
 * started; err->code is then the errno.
 */
must_use int proc_run(const char *const *argv, double timeout, struct buf *out,
    struct buf *diag, struct proc_result *, struct err *);

/* The same with these bytes on stdin, and then its end. */
must_use int proc_feed(const char *const *argv, struct span input,
    double timeout, struct buf *out, struct buf *diag, struct proc_result *,
    struct err *);

#endif
