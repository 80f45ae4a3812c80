/*
 * Dispatches: what recipients are told of alerts. One is what one recipient
 * is told in one run; it waits in the store until it is delivered or given up,
 * and keeps the alerts as they were when it was made, so that each try says
 * the same; only their snapshots are those that there are by now. A report
 * waits as one, too, with the time that it is about: its channel is
 * "report NAME", which no other is called.
 */
#ifndef MODEL_DISPATCH_H
#define MODEL_DISPATCH_H

#include "base/arena.h"
#include "model/alert.h"

/* What is told of an alert: name, word for people and programs. */
#define DISPATCH_EVENTS(X)                                                     \
	X(BEGINS, "begins")                                                    \
	X(LASTS, "lasts") /* said again */                                     \
	X(ENDED, "ended")

#define X(name, word) DISPATCH_##name,
enum dispatch_event { DISPATCH_EVENTS(X) };
#undef X

const char *dispatch_event_word(enum dispatch_event);
bool dispatch_event_parse(const char *word, enum dispatch_event *);

struct dispatch_item {
	enum dispatch_event event;
	const char *key; /* of the alert, the same from its begin to its end */
	struct alert alert;
};

struct dispatch {
	int64_t id;
	const char *uid; /* the same at each try; 32 hexadecimal digits */
	const char *channel;
	const char *recipient; /* an address; "" where the channel is it */
	int64_t made;
	int64_t tries; /* so far */
	struct dispatch_item *items;
	size_t n;
	size_t left_out; /* alerts beyond them */

	/* Of a report, [from, to); to 0: it is none. */
	int64_t from, to;
	int64_t missed; /* the ends of periods from here on; 0: none was */
};

#define DISPATCH_REPORT "report "

/* "notify ops", "report weekly": of a channel */
const char *dispatch_words(struct arena *, const char *channel);

/* How it goes with one recipient. */
struct recipient {
	const char *channel, *recipient;
	int64_t sent;	     /* the last time that went well; 0: never */
	int64_t failing;     /* since; 0: it does not */
	const char *message; /* why it fails, or the last was given up */
	int64_t lost;	     /* when the last was given up; 0: none was */
	int64_t waiting;     /* dispatches */
	int64_t next;	     /* of a report: when another is due; else 0 */
};

#endif
