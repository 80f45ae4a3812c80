/*
 * A process of our own that works for us and speaks through one descriptor:
 * for what may hang, crash or flood. It keeps nothing else of its parent's,
 * neither a lock nor a database, has a group of its own, and dies with its
 * parent.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <sys/types.h>

struct child {
	pid_t pid;
	int fd; /* our end of a socket; reading does not block */
};

/*
 * Calls work(ctx, fd) in a new process, which ends with what it returns. -1
 * with errno: the machine has no more processes or descriptors.
 */
int child_start(struct child *, int (*work)(void *ctx, int fd), void *ctx);

/*
 * Kills it and all that it started, however far it is; its wait status. One
 * that even SIGKILL does not end (it waits for a disk or a network file
 * system) is left to be somebody else's.
 */
int child_end(struct child *);

#endif
