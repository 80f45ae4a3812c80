/*
 * Publishing: the report's pages and everything that they refer to, into the
 * output directory, all at once.
 *
 *	index.html …		pages
 *	charts/NAME-HASH.svg	charts that are not inside a page, named by
 *				their content
 *	charts/NAME.svg|png|pdf	where a panel asks for it
 *	data/NAME.csv|json	the numbers behind each panel
 *	explore.html, data/explore/	 see run/explore.h
 *	status.json		how the run went; the last to appear
 */
#ifndef RUN_PUBLISH_H
#define RUN_PUBLISH_H

#include "model/report.h"
#include "run/drawing.h"
#include "run/explore.h"
#include "run/plan.h"

struct publisher;

/*
 * Broken templates of the user's are a warning in the report; its pages are
 * then printed with the shipped ones. `data` has templates/ and assets/.
 */
must_use int publish_open(struct publisher **, const struct plan *,
    struct report *, const char *data, struct err *);
void publish_close(struct publisher *); /* accepts NULL */

/* The files of a block, and block.html, in the arena. Blocks go in order. */
must_use int publish_block(struct publisher *, const struct page *,
    struct block *, const struct drawing *, struct arena *, struct err *);

/*
 * A block with html from before: its files count as used. False: one that
 * it refers to is gone. The name is that of its files.
 */
bool publish_kept(struct publisher *, const char *name, const struct block *);

/* A block with html of another page of this run. */
void publish_shared(struct publisher *, const struct block *);

/* Of what pages are made: see html_digest(). */
const char *publish_digest(const struct publisher *);

/* The page of the blocks since the last one. */
must_use int publish_page(
    struct publisher *, const struct page *, struct err *);

/*
 * All that was put appears, with the explorer and status.json. Without an
 * explorer (NULL) its files stay as they are.
 */
must_use int publish_commit(
    struct publisher *, struct explorer *, struct err *);

#endif
