/*
 * What the pages' files share: for lib/output/html*.c only.
 */
#ifndef OUTPUT_HTML_PRIVATE_H
#define OUTPUT_HTML_PRIVATE_H

#include "base/arena.h"
#include "base/str.h"
#include "model/report.h"
#include "output/html.h"
#include "page/template.h"

struct html {
	struct arena *arena;
	struct template_set *templates;
	const char *assets; /* directory */
	struct span css;
	struct html_script {
		struct span text;
		const char *policy; /* Content-Security-Policy */
	} plain, forecast;	    /* of pages without forecasts, and with */
};

/*
 * An asset that is put between tags; one that could end them ("</script") is
 * an error.
 */
must_use int html_asset(struct html *, const char *name, const char *closing,
    struct span *, struct err *);

/*
 * Only what is on the page itself and pictures beside it. connect-src is for
 * the script, which asks the server for the page's own head. `beside` is
 * what else scripts may come from: " 'self'" or "".
 */
const char *html_policy(
    struct arena *, struct span css, struct span script, const char *beside);

/* The panel's HTML, as block.tpl has it. */
must_use int html_block(struct dict *, const struct block *, const char *name,
    const struct html_charts *, const struct html_pictures *,
    size_t *inline_bytes, struct arena *, struct err *);

/* Parts of html_block(). */

/*
 * A part of a panel, from a file of its own. Includes inherit nothing, so it
 * is told whose it is: ID and TITLE.
 */
struct dict *html_part(struct dict *panel, const struct block *,
    const char *name, const char *file);
/* A whole number. */
void html_number(struct dict *, const char *name, double);
/* SPARK, with the picture inline; id is unique in the page. */
void html_spark(struct dict *, const struct scene *, const char *id);
void html_log(struct dict *panel, const struct block *, struct arena *);
void html_alerts(struct dict *panel, const struct block *);
void html_tiles(struct dict *panel, const struct block *, struct arena *);

/* Title, time, how the sources are: what a page begins with. */
void html_masthead(
    struct arena *, struct dict *, const struct report *, const struct page *);
/* How many alerts fire. */
void html_alarm(
    struct arena *, struct dict *, const struct report *, const struct page *);

/* NAV, if there is anywhere else to go. */
void html_navigation(struct dict *, const struct page *);

#endif
