/*
 * A browser on this machine that is sent back to a port of it: one request
 * after the other, bounded in size and time, and a few words as the answer.
 */
#ifndef BASE_LOOPBACK_H
#define BASE_LOOPBACK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

struct loopback;

/* Listens on this machine's own addresses only. */
must_use int loopback_open(struct loopback **, int port, struct err *);
void loopback_close(struct loopback *); /* accepts NULL */

enum loopback_event {
	LOOPBACK_NOTHING, /* in this time */
	LOOPBACK_REQUEST, /* *query is what was behind the '?' */
	LOOPBACK_OTHER,	  /* the other descriptor has something to be read */
};

/*
 * Waits for a GET of the path, or for the other descriptor (-1: none), so many
 * seconds. Requests for anything else are answered here. lb may be NULL:
 * waits for the other only.
 */
enum loopback_event loopback_wait(struct loopback *lb, struct arena *,
    const char *path, int other, double seconds, const char **query);

/* Ends the request with a page of this text; good: with status 200. */
void loopback_answer(struct loopback *, bool good, const char *text);

#endif
