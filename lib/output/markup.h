/*
 * Text in HTML and SVG where no template puts it.
 */
#ifndef OUTPUT_MARKUP_H
#define OUTPUT_MARKUP_H

#include "base/buf.h"

/*
 * Escaped for an element and for an attribute in quotes. Line feeds and tabs
 * become spaces; other control characters, which XML does not allow, U+FFFD.
 */
void markup_text(struct buf *, const char *);

#endif
