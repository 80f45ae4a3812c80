/*
 * What is known of an archived snapshot, as JSON beside it:
 *
 *	{"broadsheet": VERSION, "page": TITLE, "moment": TIME, "from": TIME,
 *	 "taken": TIME, "reason": TEXT, "shows": TEXT, "n_alerts": N,
 *	 "alerts": ["RULE: SERIES"]}
 *
 * Times are ISO 8601; at most FACTS_ALERTS alerts are named.
 */
#ifndef RUN_ARCHIVE_FACTS_H
#define RUN_ARCHIVE_FACTS_H

#include "output/archive.h"
#include "output/capsule.h"

#define FACTS_ALERTS 8

void facts_write(
    const struct capsule *, const char *reason, struct arena *, struct buf *);

/* Whatever can be read of them; the rest of the entry stays as it is. */
void facts_read(struct arena *, const char *path, struct archive_entry *);

#endif
