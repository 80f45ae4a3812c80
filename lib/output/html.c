#include "output/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "output/facts.h"
#include "output/html_names.h"
#include "output/html_private.h"
#include "output/svg.h"
#include "page/template.h"

#define ASSET_MAX    (256 * 1024)
#define BLOCK_MAX    (64 * 1024 * 1024)
#define FAULTS_SHOWN 3 /* so many are open at once */
#define FAULTS_ID    "faults"

/* "sha256-…" of the text, as the policy wants it (CSP level 2, base64). */
static const char *source_hash(struct arena *a, struct span s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char hex[CRYPTO_SHA256_HEX], out[45] = "", byte[3] = "";
	unsigned bits[33] = {0}; /* 32 bytes, and a zero to fill up */

	crypto_sha256_hex(s.p, s.n, hex);
	for (size_t i = 0; i < 32; i++) {
		memcpy(byte, hex + 2 * i, 2);
		bits[i] = (unsigned)strtoul(byte, NULL, 16);
	}
	for (size_t i = 0; i < 11; i++) {
		unsigned v = bits[3 * i] << 16 | bits[3 * i + 1] << 8 |
			     (i < 10 ? bits[3 * i + 2] : 0);

		for (size_t k = 0; k < 4; k++)
			out[4 * i + k] = digits[v >> (18 - 6 * k) & 63];
	}
	out[43] = '=';
	return arena_printf(a, "'sha256-%s'", out);
}

const char *html_policy(
    struct arena *a, struct span css, struct span script, const char *beside)
{
	return arena_printf(a,
	    "default-src 'none'; style-src %s; script-src %s%s; "
	    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
	    "form-action 'none'",
	    source_hash(a, css), source_hash(a, script), beside);
}

int html_asset(struct html *h, const char *name, const char *closing,
    struct span *out, struct err *e)
{
	const char *path = arena_printf(h->arena, "%s/%s", h->assets, name);

	if (file_read(h->arena, path, ASSET_MAX, out, e) < 0)
		return -1;
	if (!str_utf8_valid(out->p, out->n))
		return err_set(e, "%s: not UTF-8", path);
	if (strcasestr(out->p, closing) != NULL || strlen(out->p) != out->n)
		return err_set(e,
		    "%s: holds \"%s\" or a NUL, and so can't be "
		    "part of a page",
		    path, closing);
	return 0;
}

/* The palette and the style sheet. */
static int read_style(struct html *h, struct err *e)
{
	struct span own;
	struct buf b;

	if (html_asset(h, "broadsheet.css", "</style", &own, e) < 0)
		return -1;
	buf_init(&b, 2 * ASSET_MAX);
	svg_theme_css(&b);
	buf_add(&b, own.p, own.n);
	h->css.n = b.len;
	h->css.p = arena_strndup(h->arena, buf_text(&b), b.len);
	buf_free(&b);
	return 0;
}

static int read_scripts(struct html *h, struct err *e)
{
	struct span *all = &h->plain.text, own;

	if (html_asset(h, "broadsheet.js", "</script", all, e) < 0 ||
	    html_asset(h, "forecast.js", "</script", &own, e) < 0)
		return -1;
	h->forecast.text = (struct span){
	    arena_printf(h->arena, "%s%s", all->p, own.p), all->n + own.n};
	h->plain.policy = html_policy(h->arena, h->css, *all, "");
	h->forecast.policy =
	    html_policy(h->arena, h->css, h->forecast.text, "");
	return 0;
}

static int read_parts(struct html *h, const struct html_conf *c, struct err *e)
{
	struct template_conf t = {.shipped = c->templates,
	    .overrides = c->overrides,
	    .files = html_files,
	    .names = html_names};

	if (read_style(h, e) < 0 || read_scripts(h, e) < 0)
		return -1;
	return template_open(&h->templates, &t, e);
}

int html_open(struct html **out, const struct html_conf *c, struct err *e)
{
	struct arena *a = arena_new();
	struct html *h = arena_make(a, struct html);

	h->arena = a;
	h->assets = arena_strdup(a, c->assets);
	if (read_parts(h, c, e) < 0) {
		html_close(h);
		return -1;
	}
	*out = h;
	return 0;
}

const char *html_digest(const struct html *h)
{
	return template_digest(h->templates);
}

void html_close(struct html *h)
{
	if (h == NULL)
		return;
	template_close(h->templates);
	arena_free(h->arena);
}

/* The page's first panel of a kind, if it has one. */
static const char *block_of(const struct page *p, const char *kind)
{
	for (size_t i = 0; i < p->n_blocks; i++)
		if (str_eq(p->blocks[i].kind, kind))
			return p->blocks[i].id;
	return NULL;
}

void html_masthead(struct arena *a, struct dict *d, const struct report *r,
    const struct page *p)
{
	const char *own_list = block_of(p, "status");
	bool today = r->next - r->started < 12 * 3600;

	dict_text(d, "TITLE", r->title);
	if (p->title != NULL && !str_eq(p->title, r->title)) {
		dict_show(d, "HAS_PAGE_TITLE");
		dict_text(d, "PAGE_TITLE", p->title);
	}
	dict_text(
	    d, "DATE", clock_format(a, "%A %-d %B %Y, %H:%M", r->started));
	dict_text(d, "ZONE_SHORT", clock_format(a, "%Z", r->started));
	dict_text(d, "STARTED_ISO", clock_iso(a, r->started));
	if (r->next != 0) {
		dict_show(d, "HAS_NEXT");
		dict_text(d, "NEXT",
		    clock_format(a, today ? "%H:%M" : "%-d %B %H:%M", r->next));
	}
	dict_text(d, "ANSWERED", facts_answered(a, r));
	dict_text(d, "FAULTS_ID", own_list == NULL ? FAULTS_ID : own_list);
	dict_show(d, facts_failing(r) > 0 ? "FAULTY" : "FAULTLESS");
}

static void link_to(struct dict *nav, const struct page_link *l)
{
	struct dict *d = dict_section(nav, l->period ? "PERIOD" : "APART");

	dict_text(d, "HREF", l->href);
	dict_text(d, "TEXT", l->text);
	if (l->current)
		dict_show(d, "CURRENT");
}

static bool leads_elsewhere(const struct page *p)
{
	for (size_t i = 0; i < p->n_links; i++)
		if (!p->links[i].current)
			return true;
	return false;
}

void html_navigation(struct dict *d, const struct page *p)
{
	struct dict *nav;

	if (!leads_elsewhere(p))
		return;
	nav = dict_section(d, "NAV");
	for (size_t i = 0; i < p->n_links; i++)
		link_to(nav, &p->links[i]);
}

static void fault(struct arena *a, struct dict *d, const struct report *r,
    const struct source_status *s)
{
	bool today = r->started - s->since < 12 * 3600;

	dict_text(d, "NAME", s->name);
	dict_text(d, "OUTCOME", outcome_word(s->outcome));
	dict_text(d, "MESSAGE", s->message);
	dict_text(d, "SINCE",
	    clock_format(a, today ? "%H:%M" : "%-d %B %H:%M", s->since));
	if (s->last_ok == 0) {
		dict_show(d, "NEVER_OK");
	} else {
		dict_show(d, "HAS_LAST_OK");
		dict_text(d, "LAST_OK",
		    clock_duration(a, (double)(r->started - s->last_ok)));
	}
	if (s->hint != NULL && s->hint[0] != '\0')
		dict_text(dict_section(d, "HINT"), "TEXT", s->hint);
}

/* The sources that failed, unless a panel of the page tells. */
static void faults(struct arena *a, struct dict *page, const struct report *r,
    const struct page *p)
{
	size_t n = facts_failing(r);
	struct dict *d;

	if (n == 0 || block_of(p, "status") != NULL)
		return;
	d = dict_include(page, "FAULTS", "faults.tpl");
	dict_text(d, "ID", FAULTS_ID);
	dict_text(d, "SUMMARY",
	    n == 1 ? "1 source did not answer"
		   : arena_printf(a, "%zu sources did not answer", n));
	if (n <= FAULTS_SHOWN)
		dict_show(d, "FEW");
	for (size_t i = 0; i < r->n_sources; i++)
		if (fact_failing(&r->sources[i]))
			fault(a, dict_section(d, "FAULT"), r, &r->sources[i]);
}

/* The same page for other words. */
static void choices(struct dict *section, const struct block *b)
{
	struct dict *d, *link;

	if (b->n_choices == 0 && (b->choices == NULL || b->note == NULL))
		return;
	dict_show(section, "CHOSEN");
	d = dict_section(section, "CHOICES");
	for (size_t i = 0; i < b->n_choices; i++) {
		link = dict_section(d, "CHOICE");
		dict_text(link, "HREF", b->choices[i].href);
		dict_text(link, "TEXT", b->choices[i].text);
		if (b->choices[i].current)
			dict_show(link, "CURRENT");
	}
	if (b->note != NULL)
		dict_text(dict_section(d, "HAS_NOTE"), "NOTE", b->note);
}

/* A section begins at a block of that kind, or at the page's first. */
static struct dict *section(
    struct dict *page, const struct page *p, const struct block *b)
{
	bool titled = str_eq(b->kind, "section");
	struct dict *d = dict_section(page, "SECTION");

	if (!titled)
		dict_show(d, "UNTITLED");
	dict_text(d, "ID", titled ? b->id : "top");
	dict_text(d, "TITLE", titled ? b->title : p->title);
	choices(d, b);
	return d;
}

int html_print(struct html *h, const struct page *p, struct block *b,
    const struct html_charts *charts, const struct html_pictures *pictures,
    size_t *inline_bytes, struct arena *a, struct err *e)
{
	struct dict *d = dict_new();
	size_t before = *inline_bytes;
	struct buf text;
	int rc = d == NULL ? err_set(e, "no memory") : 0;

	buf_init(&text, BLOCK_MAX);
	if (rc == 0)
		rc = html_block(d, b, block_name(a, p, b), charts, pictures,
		    inline_bytes, a, e);
	if (rc == 0)
		rc = template_expand(h->templates, "block.tpl", d, &text, e);
	if (rc == 0)
		b->html = (struct span){
		    arena_copy(a, buf_text(&text), text.len), text.len};
	b->svg_bytes = *inline_bytes - before;
	buf_free(&text);
	dict_free(d);
	return rc;
}

/* What printing a page carries along. */
struct printing {
	struct html *html;
	struct arena *arena;
	const struct page *page;
	const struct html_pictures *pictures;
	size_t inline_bytes;
};

static int block(struct printing *s, struct dict *section,
    const struct block *given, struct err *e)
{
	struct block b = *given;
	struct html_charts charts;

	if (b.html.p == NULL &&
	    (html_draw(&b, s->arena, &charts, e) < 0 ||
		html_print(s->html, s->page, &b, &charts, s->pictures,
		    &s->inline_bytes, s->arena, e) < 0))
		return -1;
	dict_markup(
	    dict_section(section, "BLOCK"), "PANEL", b.html.p, b.html.n);
	return 0;
}

static int blocks(struct printing *s, struct dict *page, struct err *e)
{
	const struct page *p = s->page;
	struct dict *d = NULL;

	for (size_t i = 0; i < p->n_blocks; i++) {
		const struct block *b = &p->blocks[i];
		bool titled = str_eq(b->kind, "section");

		if (titled || d == NULL)
			d = section(page, p, b);
		if (!titled && block(s, d, b, e) < 0)
			return -1;
	}
	return 0;
}

/* How many alerts fire, wherever they are shown; it leads to the list. */
void html_alarm(struct arena *a, struct dict *d, const struct report *r,
    const struct page *p)
{
	size_t hot = alerts_hot(r->alerts, r->n_alerts);
	const char *list = block_of(p, "alerts");

	dict_show(d, hot > 0 ? "ALERTING" : "CALM");
	if (hot == 0)
		return;
	dict_text(d, "ALARMS", arena_printf(a, "%zu", hot));
	d = dict_section(d, "FIRING");
	dict_text(d, "TEXT",
	    hot == 1 ? "1 alert fires"
		     : arena_printf(a, "%zu alerts fire", hot));
	if (list != NULL)
		dict_text(dict_section(d, "LISTED"), "ID", list);
	else
		dict_show(d, "UNLISTED");
}

/* Such a page stays what it is: it is never stale, and no newer one comes. */
static void past(struct arena *a, struct dict *d, const struct report *r)
{
	static const char format[] = "%H:%M:%S on %-d %B %Y";

	if (r->printed == 0) {
		dict_show(d, "PRESENT");
		return;
	}
	d = dict_section(d, "PAST");
	dict_text(d, "THEN", clock_format(a, format, r->started));
	dict_text(d, "PRINTED", clock_format(a, format, r->printed));
}

/* What the head, the script and the foot want to know. */
static void frame(const struct html *h, struct arena *a, struct dict *d,
    const struct report *r, const struct page *p)
{
	const struct html_script *script =
	    block_of(p, "forecast") != NULL ? &h->forecast : &h->plain;
	double every = (double)r->every;

	dict_text(d, "STARTED", arena_printf(a, "%lld", (long long)r->started));
	dict_text(d, "EVERY", arena_printf(a, "%lld", (long long)r->every));
	dict_text(d, "ZONE", r->zone);
	dict_text(d, "VERSION", r->version);
	dict_text(d, "TOOK", arena_printf(a, "%.2f s", r->ms / 1000));
	dict_text(d, "RHYTHM",
	    arena_printf(a, "every %s",
		r->every == 60 ? "minute" : clock_duration(a, every)));
	dict_markup(d, "CSP", script->policy, strlen(script->policy));
	dict_markup(d, "CSS", h->css.p, h->css.n);
	dict_markup(d, "SCRIPT", script->text.p, script->text.n);
	past(a, d, r);
	if (r->archive != NULL)
		dict_text(dict_section(d, "ARCHIVE"), "HREF", r->archive);
	if (r->warning != NULL)
		dict_text(dict_section(d, "WARNING"), "TEXT", r->warning);
}

int html_page(struct html *h, const struct report *r, const struct page *p,
    const struct html_pictures *pictures, struct buf *b, struct err *e)
{
	struct printing s = {
	    .html = h, .arena = arena_new(), .page = p, .pictures = pictures};
	struct dict *d = dict_new();
	int rc = d == NULL ? err_set(e, "no memory") : 0;

	if (rc == 0) {
		frame(h, s.arena, d, r, p);
		html_masthead(s.arena, d, r, p);
		html_navigation(d, p);
		html_alarm(s.arena, d, r, p);
		faults(s.arena, d, r, p);
		rc = blocks(&s, d, e);
	}
	if (rc == 0)
		rc = template_expand(h->templates, "page.tpl", d, b, e);
	dict_free(d);
	arena_free(s.arena);
	return rc < 0 ? err_context(e, "%s", p->file) : 0;
}
