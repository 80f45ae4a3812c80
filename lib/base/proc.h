/*
 * Running a command: its own process group, bounded in time and bytes, killed
 * whole (the group) when a bound is met. stdin is /dev/null.
 */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct proc_result {
	int status;	/* exit status, or -1 if a signal ended it */
	int signal;	/* the signal that ended it, or 0 */
	bool timed_out; /* we killed it: no more time */
	bool overflow;	/* we killed it: stdout was larger than out->max */
};

/*
 * Runs argv (argv[0] looked up in PATH) for at most timeout seconds. What it
 * writes goes to out and, as much as fits, to diag; stderr never blocks it.
 * -1 only if it could not be started; err->code is then the errno of exec.
 */
must_use int proc_run(const char *const *argv, double timeout, struct buf *out,
    struct buf *diag, struct proc_result *, struct err *);

#endif
