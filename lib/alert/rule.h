/*
 * Rules: what an alert watches, as the configuration says it.
 */
#ifndef ALERT_RULE_H
#define ALERT_RULE_H

#include "alert/window.h"
#include "base/str.h"
#include "conf/option.h"
#include "model/alert.h"

struct alert_rule {
	const char *name;
	const struct node *node;
	enum alert_test test;
	enum alert_severity severity;
	struct strings series; /* globs; of ALERT_FAILED those of sources */
	double low, high;      /* as in struct alert */
	double clear_low;      /* within these it is clear again */
	double clear_high;
	int64_t hold;	    /* seconds that it must last to fire */
	int64_t clear_hold; /* that it must be clear to end */
	struct windows silence;
	struct strings notify; /* channels; all unless the node has notify */
	const char *message;   /* "" if none */
	bool snapshot;	       /* is taken when it fires */
};

extern const struct option alert_rule_options[];

/* Binds a mapping; faults are said, and what is bound then is of no use. */
void alert_rule_bind(struct alert_rule *, const char *name, const struct node *,
    struct faults *);

#endif
