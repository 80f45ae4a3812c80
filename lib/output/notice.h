/*
 * A notice in a page that was printed before: why there is no newer one.
 */
#ifndef OUTPUT_NOTICE_H
#define OUTPUT_NOTICE_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Adds the page with the notice below its <body> tag to out, in place of one
 * that it had. 1: it has this very notice already, and out is as it was.
 */
int notice_put(struct span page, const char *text, struct buf *out);

#endif
