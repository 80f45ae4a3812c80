/*
 * Who is told what: alerts that begin, last and end, as news for channels.
 *
 * It looks at how things are, not at what changed: a channel is told of an
 * alert that fires, is not muted and that nobody sees to, unless it knows;
 * and of the end of every alert that it was told of. So nothing is missed
 * where an alert began in a window of silence or a channel is new.
 */
#ifndef RUN_TELL_H
#define RUN_TELL_H

#include "run/plan.h"
#include "store/store.h"

/* Of this run: those that go on, muted or not, and those that changed. */
struct telling {
	const struct alert *live, *changed;
	size_t n_live, n_changed;
	int64_t now;
};

must_use int tell(const struct plan *, struct store *, const struct telling *,
    struct arena *, struct news **, size_t *n, struct err *);

#endif
