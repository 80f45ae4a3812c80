/*
 * What is told of alerts, in words: a dispatch as the message that channels
 * send. Pure, and the same at each try: it speaks as of when the dispatch was
 * made.
 */
#ifndef OUTPUT_NEWS_H
#define OUTPUT_NEWS_H

#include "base/arena.h"
#include "model/dispatch.h"
#include "notify/message.h"

/* The title of the page and its address ("": it has none). */
struct message news_message(struct arena *, const struct dispatch *,
    const char *title, const char *url);

/* The same of no alert: one sentence. */
struct message news_plain(struct arena *, const struct dispatch *,
    const char *title, const char *url, const char *text);

#endif
