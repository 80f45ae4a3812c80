/*
 * A block of the report into the dictionary of its panel (block.tpl and the
 * templates that it includes).
 */
#ifndef OUTPUT_HTML_BLOCK_H
#define OUTPUT_HTML_BLOCK_H

#include "base/arena.h"
#include "base/err.h"
#include "model/report.h"
#include "output/html.h"
#include "page/template.h"

/* What is carried from block to block of a page. */
struct html_state {
	struct arena *arena; /* of the page */
	const struct page *page;
	const struct html_pictures *pictures; /* or NULL */
	size_t inline_bytes;		      /* of SVG so far */
	unsigned long drawn; /* SVGs so far: tells their ids apart */
};

/* The dictionary is that of the panel, block.tpl. */
must_use int html_block(
    struct html_state *, struct dict *, const struct block *, struct err *);

#endif
