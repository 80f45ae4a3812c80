/* The explorer's page: its surroundings, for its script does the rest. */
#include <string.h>

#include "output/explore.h"
#include "output/html_private.h"

/* Links for who has no JavaScript; more would be a page too large. */
#define LISTED_MAX 500

static void list(
    struct arena *a, struct dict *page, const struct series *s, size_t n)
{
	for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
		struct dict *d = dict_section(page, "SERIES");
		char id[EXPLORE_ID];

		explore_id(s[i].name, id);
		dict_text(d, "NAME", s[i].name);
		dict_text(d, "UNIT", s[i].unit);
		dict_text(d, "ID", id);
	}
	if (n > LISTED_MAX)
		dict_text(dict_section(page, "LEFT_OUT"), "TEXT",
		    arena_printf(a, "and %zu more", n - LISTED_MAX));
}

/* The page's own style sheet, and the explorer's. */
static int style(
    struct html *h, struct arena *a, struct span *out, struct err *e)
{
	struct span own;
	char *css;

	if (html_asset(h, "explore.css", "</style", &own, e) != 0)
		return -1;
	css = arena_printf(
	    a, "%.*s%.*s", (int)h->css.n, h->css.p, (int)own.n, own.p);
	*out = (struct span){css, h->css.n + own.n};
	return 0;
}

static void fill(struct arena *a, struct dict *d, const struct report *r,
    struct span css, struct span script)
{
	const char *csp = html_policy(a, css, script, " 'self'");

	dict_text(d, "TITLE", r->title);
	dict_text(d, "PAGE_TITLE", r->explorer->title);
	dict_text(d, "ZONE", r->zone);
	dict_text(d, "EVERY", arena_printf(a, "%lld", (long long)r->every));
	dict_text(d, "VERSION", r->version);
	dict_markup(d, "CSP", csp, strlen(csp));
	dict_markup(d, "CSS", css.p, css.n);
	dict_markup(d, "SCRIPT", script.p, script.n);
	html_navigation(d, r->explorer);
}

int html_explorer(struct html *h, const struct report *r,
    const struct series *s, size_t n, struct buf *b, struct err *e)
{
	struct arena *a = arena_new();
	struct dict *d = dict_new();
	struct span css, script;
	int rc = d == NULL ? err_set(e, "no memory") : 0;

	if (rc == 0)
		rc = style(h, a, &css, e);
	if (rc == 0)
		rc = html_asset(h, "explore.js", "</script", &script, e);
	if (rc == 0) {
		fill(a, d, r, css, script);
		list(a, d, s, n);
		rc = template_expand(h->templates, "explore.tpl", d, b, e);
	}
	dict_free(d);
	arena_free(a);
	return rc;
}
