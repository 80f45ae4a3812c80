/*
 * One run at a time: an exclusive flock(2) on a file beside the store. The
 * kernel drops it with the process, however that ends.
 */
#ifndef RUN_LOCK_H
#define RUN_LOCK_H

#include "base/err.h"

/*
 * 1: ours, until *fd is closed; 0: another holds it; -1: an error. *fd is -1
 * unless it is ours.
 */
must_use int lock_take(const char *store, int *fd, struct err *);

/* 0: ours after waiting for it; -1 if others held it all the time. */
must_use int lock_wait(
    const char *store, double seconds, int *fd, struct err *);

#endif
