/*
 * First looks at a body that came for a document.
 */
#ifndef DECODE_BODY_H
#define DECODE_BODY_H

#include "decode/decode.h"

/* The body without a byte order mark of UTF-8. */
struct span body_text(const struct decode_input *);

/*
 * Refuses what is empty, is UTF-16, or is a web page (an error or a login
 * page that came with status 200) instead of `what` ("JSON").
 */
must_use int body_check(struct span, const char *what, struct err *);

#endif
