/*
 * Which alerts make nobody look: those that a window silences, and those of
 * a source that does not answer, which is itself what is shown.
 */
#ifndef ALERT_MUTE_H
#define ALERT_MUTE_H

#include "alert/rule.h"
#include "model/series.h"

/* Windows for all the alerts of the sources that a glob matches. */
struct maintenance {
	const char *sources;
	struct windows windows;
};

struct mute {
	const struct maintenance *items;
	size_t n;
	int64_t now;
};

/* Sets muted and why. The rule and the status may be NULL: unknown. */
void alert_mute(struct alert *, const struct mute *, const struct alert_rule *,
    const struct source_status *, struct arena *);

#endif
