/*
 * What is told of alerts, in words: a dispatch as the message that channels
 * send. Pure, and the same at each try, but for a snapshot that is there by
 * then or no longer: it speaks as of when the dispatch was made.
 */
#ifndef OUTPUT_NEWS_H
#define OUTPUT_NEWS_H

#include "base/arena.h"
#include "model/dispatch.h"
#include "notify/message.h"

/* Where it comes from; "": there is none. */
struct news_site {
	const char *title, *url;	     /* of the page */
	const char *snapshot, *snapshot_url; /* its path and its address */
};

struct message news_message(
    struct arena *, const struct dispatch *, const struct news_site *);

/* The same of no alert: one sentence. */
struct message news_plain(struct arena *, const struct dispatch *,
    const struct news_site *, const char *text);

/*
 * Two dispatches, of which the first says that an alert begins which is none,
 * the second that it ended; NULL if there is no chance for their ids.
 */
struct dispatch *news_test(
    struct arena *, const char *channel, int64_t now, struct err *);

#endif
