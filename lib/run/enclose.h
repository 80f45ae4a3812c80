/*
 * What goes with a notice: the snapshot that its alerts took, as an address
 * and as a file, if it is (still) there when the notice is sent.
 */
#ifndef RUN_ENCLOSE_H
#define RUN_ENCLOSE_H

#include "notify/mail.h"
#include "output/news.h"
#include "run/plan.h"

/* The snapshot is that of the first alert that has one. */
struct news_site enclose_site(
    const struct plan *, const struct dispatch *, struct arena *);

/*
 * The snapshot in an archive that broadsheet verify knows, for who is told
 * that something begins; NULL if there is none, or it is too large for mail:
 * a notice goes without it rather than not at all.
 */
const struct mail_part *enclose_file(
    const struct dispatch *, const struct news_site *, struct arena *);

#endif
