/*
 * The templates of a configuration: the user's own and, for what those lack,
 * the shipped ones. Pages and snapshots are printed by the same.
 */
#ifndef RUN_TEMPLATES_H
#define RUN_TEMPLATES_H

#include "output/html.h"
#include "run/plan.h"

/*
 * Broken ones of the user's are a warning in the report (in the arena), and
 * it is as shipped then. `data` has templates/ and assets/.
 */
must_use int templates_open(struct html **, const struct plan *,
    const char *data, struct report *, struct arena *, struct err *);

#endif
