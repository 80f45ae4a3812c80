/*
 * A letter: a page of one moment as a mail that is pleasant to read in a mail
 * client, beside what is attached to it.
 *
 * Mail clients know no style sheets, scripts, SVG, grids or pictures within
 * the text. So the HTML is tables with inline styles, below LETTER_MAX bytes,
 * and charts are PNGs at double resolution that travel with it (cid:). The
 * text alternative is whole without it. Long tables, logs and pages are cut,
 * and each says how much is left out.
 */
#ifndef OUTPUT_LETTER_H
#define OUTPUT_LETTER_H

#include "notify/mail.h"
#include "output/capsule.h"

#define LETTER_MAX 100000 /* bytes: Gmail cuts HTML after 102 KB */

struct letter_conf {
	const struct capsule *capsule;
	const char *url;      /* of the pages, ends in '/'; or NULL */
	const char *note;     /* the sender's own words, or NULL */
	const char *period;   /* of a report: "November 2026"; else NULL */
	const char *attached; /* name of the file, or NULL */
};

struct letter {
	const char *subject, *text, *html;
	struct mail_part *parts; /* the pictures; room for one part more */
	size_t n_parts;
};

/* Equal capsules make equal letters. */
must_use int letter_write(struct arena *, struct canvas *,
    const struct letter_conf *, struct letter *, struct err *);

/*
 * Appends the HTML with the pictures inside, as a browser shows it from a
 * file.
 */
void letter_preview(const struct letter *, struct buf *);

#endif
