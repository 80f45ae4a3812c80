/*
 * Notifying: what waits for recipients is handed to them, after the page is
 * out. A child process for each recipient, a bounded number at once, under one
 * deadline: who is slow costs only those who wait for the same.
 *
 * A dispatch is marked as sent, on the disk, as soon as the child says so. A
 * kill in between has it sent again, with the same id.
 */
#ifndef RUN_NOTIFY_H
#define RUN_NOTIFY_H

#include "run/plan.h"
#include "store/store.h"

/* What became of one try. */
struct notify_event {
	const char *channel, *recipient;
	enum dispatch_fate fate;
	const char *message, *hint;  /* unless sent */
	const struct recipient *was; /* how it went before */
};

struct notify_watch {
	void (*tried)(void *ctx, const struct notify_event *);
	void *ctx;
};

/*
 * Sends what is due, for at most so many seconds; `ping`: also the ping that
 * the configuration asks for. What fails is told and tried again later; -1
 * only if the store fails.
 */
must_use int notify_send(const struct plan *, struct store *, int64_t now,
    bool ping, double seconds, const struct notify_watch *, struct err *);

/*
 * One letter to all that wait for it: of the same report and time. Without a
 * letter (NULL) it is said of each, as of a try, why it could not be written.
 * `store` NULL: nothing is remembered.
 */
must_use int notify_letter(const struct plan *, struct store *,
    const struct dispatch *, size_t n, const struct message *,
    const struct err *why, int64_t now, double seconds,
    const struct notify_watch *, struct err *);

/*
 * A notice that says that it is a test, to all recipients of a channel, or a
 * ping. Nothing is stored; -1 if a child could not be started.
 */
must_use int notify_test(const struct plan *, const struct channel *,
    int64_t now, double seconds, const struct notify_watch *, struct err *);

#endif
