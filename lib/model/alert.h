/*
 * Alerts: what the rules say of series and sources, as of one moment.
 *
 * An alert is one rule on one series (or source) from the first value past
 * its level until it is clear again: first pending, then firing, then ended;
 * one that is clear before it fires is forgotten. Its id stays the same all
 * the way, also across runs.
 */
#ifndef MODEL_ALERT_H
#define MODEL_ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* name, word for people and status.json */
#define ALERT_STATES(X)                                                        \
	X(FIRING, "firing")                                                    \
	X(PENDING, "pending") /* not yet for as long as the rule wants */      \
	X(ENDED, "ended")

#define ALERT_SEVERITIES(X)                                                    \
	X(WARNING, "warning")                                                  \
	X(CRITICAL, "critical")

#define ALERT_TESTS(X)                                                         \
	X(ABOVE, "above")     /* high */                                       \
	X(BELOW, "below")     /* low */                                        \
	X(OUTSIDE, "outside") /* low and high */                               \
	X(EQUALS, "equals")   /* low */                                        \
	X(ABSENT, "absent")   /* no value for low seconds */                   \
	X(FAILED, "failed")   /* the source fails for low seconds */

#define X(name, word) ALERT_##name,
enum alert_state { ALERT_STATES(X) };
enum alert_severity { ALERT_SEVERITIES(X) };
enum alert_test { ALERT_TESTS(X) };
#undef X

struct alert {
	int64_t id;	     /* of the store */
	const char *rule;    /* its name in the configuration */
	const char *series;  /* source/metric; of FAILED the source */
	const char *source;  /* that the series belongs to */
	const char *unit;    /* of values and levels, "" if unknown */
	const char *message; /* the rule's own words, "" if none */
	enum alert_severity severity;
	enum alert_state state;
	enum alert_test test;
	double low, high; /* the levels of the test; NaN: has none */
	int64_t since;	  /* the first value past the level */
	int64_t fired;	  /* 0: has not */
	int64_t ended;	  /* 0: goes on */
	double first;	  /* the value it began with; NaN: none */
	double value;	  /* the newest one that was judged */
	double peak;	  /* the one furthest past the level so far */
	int64_t seen;	  /* when the newest one was measured; 0: none */
	int64_t clear;	  /* clear since, but not yet for long enough; or 0 */
	/*
	 * Does it make nobody look: in a maintenance window, or its source
	 * does not answer, which is shown instead. It counts for nothing then.
	 */
	bool muted;
	const char *why;   /* it is muted: "silent until 04:00"; or "" */
	int64_t acked;	   /* when somebody said that they see to it; or 0 */
	int64_t ack_until; /* that holds; 0: to the end of the alert */
	const char *note;  /* what they said, or "" */
	/*
	 * The snapshot that was taken of it: "snapshots/….html" in the output
	 * directory, or "". Where pages are made: only what is there.
	 */
	const char *snapshot;
	int64_t snapped; /* when one was tried last; 0: never */
};

const char *alert_state_word(enum alert_state);
const char *alert_severity_word(enum alert_severity);
const char *alert_test_word(enum alert_test);
bool alert_state_parse(const char *word, enum alert_state *);
bool alert_severity_parse(const char *word, enum alert_severity *);
bool alert_test_parse(const char *word, enum alert_test *);

/* It fires and is not muted: this is what is red. */
bool alert_is_hot(const struct alert *);

/* Somebody sees to it: nobody is told again. */
bool alert_is_acked(const struct alert *, int64_t now);

/* How many of them are hot. */
size_t alerts_hot(const struct alert *, size_t n);

/*
 * For qsort(): by series, the worst of each first: what fires, the critical
 * before the warning, the older before the newer.
 */
int alert_by_series(const void *, const void *);

/*
 * The worst alert on a series that goes on, muted or not, or NULL; of alerts
 * in the order of alert_by_series().
 */
const struct alert *alert_find(
    const struct alert *, size_t n, const char *series);

#endif
