/*
 * The report's pages as HTML, by the templates of templates/.
 *
 * A page is one file: style sheet and script are inside, allowed by their
 * hashes in the page's Content-Security-Policy, so that it is the same from
 * a disk and from a server. Its charts are inline as well, until they are
 * more than inline_max bytes together; the others are lazy images, which
 * the caller is asked to publish.
 */
#ifndef OUTPUT_HTML_H
#define OUTPUT_HTML_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/report.h"

struct html;

struct html_conf {
	const char *templates; /* directory of the shipped ones */
	const char *overrides; /* directory of the user's own, or NULL */
	const char *assets;    /* directory of *.css, *.js */
};

/*
 * Reads and checks everything that pages are made of. If it fails with
 * overrides, calling it again without them prints the page as shipped: put
 * the error into report.warning then, so that the page tells.
 */
must_use int html_open(struct html **, const struct html_conf *, struct err *);
void html_close(struct html *); /* accepts NULL */

/* The same text as long as panels are printed by the same templates. */
const char *html_digest(const struct html *);

/*
 * Where charts that are not inline go. put() is given a file of SVG that
 * stands alone and what to call it ("index-24h.cpu", "index-24h.cpu.narrow");
 * it makes the file and sets *href, relative to the page, valid until
 * the call returns.
 */
struct html_pictures {
	size_t inline_max; /* bytes of inline SVG in one page */
	int (*put)(void *ctx, const char *name, const struct buf *svg,
	    const char **href, struct err *);
	void *ctx;
};

/* The charts of a block as SVG, to be inline; what it has not is empty. */
struct html_charts {
	struct span wide, narrow;
};

/* Draws them; on any thread. */
must_use int html_draw(
    const struct block *, struct arena *, struct html_charts *, struct err *);

/*
 * Prints a block of a page, into the arena, as block.html. inline_bytes
 * counts those of the page's SVG so far. pictures NULL: all are inline.
 */
must_use int html_print(struct html *, const struct page *, struct block *,
    const struct html_charts *, const struct html_pictures *,
    size_t *inline_bytes, struct arena *, struct err *);

/* Adds a page to buf; blocks that are not printed yet are printed. */
must_use int html_page(struct html *, const struct report *,
    const struct page *, const struct html_pictures *, struct buf *,
    struct err *);

/*
 * Adds the explorer's page, report.explorer, to buf: the same whenever the
 * pages and the series are, for its script does the rest. It has a policy of
 * its own, which allows scripts beside it: the data (output/explore.h).
 */
must_use int html_explorer(struct html *, const struct report *,
    const struct series *, size_t n, struct buf *, struct err *);

#endif
