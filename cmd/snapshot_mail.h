/*
 * snapshot --mail.
 */
#ifndef CMD_SNAPSHOT_MAIL_H
#define CMD_SNAPSHOT_MAIL_H

#include "cmd.h"
#include "run/snapshot.h"

/* Is everything there that sending needs? -1: it can't be sent. */
must_use int mail_prepare(struct invocation *, const struct plan *,
    const struct capsule_kind **, struct err *);

/* Says who has got it; the exit status. */
int mail_snapshot(struct invocation *, const struct plan *, struct snapshot *,
    const struct capsule_kind *);

#endif
