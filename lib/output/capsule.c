/*
 * A snapshot as one HTML file, complete in itself: charts and styles are
 * inside, and so are the numbers as CSV. No script, nothing is requested. It
 * ends with a manifest (manifest.h).
 */
#include "output/capsule.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "chart/unit.h"
#include "output/csv.h"
#include "output/facts.h"
#include "output/gist.h"
#include "output/html_private.h"
#include "output/manifest.h"
#include "output/omission.h"

#define CSV_MAX	 (64u * 1024 * 1024)
#define MANIFEST 120 /* bytes for a part, about */

struct printing {
	struct html *html;
	const struct capsule *capsule;
	struct arena *arena;
	struct dict *root;
	struct omission without;
	struct span *csv, *panels; /* of each block; p NULL: none */
	struct span gist;	   /* for diff; p NULL: none */
};

static bool is_section(const struct block *b)
{
	return str_eq(b->kind, "section");
}

/* No script and nothing from elsewhere, not even from beside it. */
static const char *policy(struct printing *p)
{
	return arena_printf(p->arena,
	    "default-src 'none'; style-src 'sha256-%s'; img-src data:; "
	    "base-uri 'none'; form-action 'none'",
	    crypto_sha256_base64(p->arena, p->html->css.p, p->html->css.n));
}

static const char *moment(struct printing *p, int64_t ts)
{
	return clock_format(p->arena, "%H:%M:%S on %-d %B %Y", ts);
}

static void head(struct printing *p)
{
	const struct capsule *c = p->capsule;
	const char *csp = policy(p);
	struct dict *d = p->root;

	html_masthead(p->arena, d, c->report, c->page);
	dict_text(d, "ZONE", c->report->zone);
	dict_text(d, "VERSION", c->report->version);
	dict_text(d, "DIGEST", c->digest);
	dict_text(d, "SINCE", moment(p, c->from));
	dict_text(d, "THEN", moment(p, c->report->started));
	dict_text(d, "PRINTED", moment(p, c->report->printed));
	dict_markup(d, "CSP", csp, strlen(csp));
	dict_markup(d, "CSS", p->html->css.p, p->html->css.n);
	if (c->report->warning != NULL)
		dict_text(
		    dict_section(d, "WARNING"), "TEXT", c->report->warning);
}

static void mark(
    struct printing *p, struct dict *d, const char *kind, const char *id)
{
	const char *text = manifest_mark(p->arena, kind, id);

	dict_markup(d, "BEGINS", text, strlen(text));
}

static struct dict *begin_section(struct printing *p, const struct block *b)
{
	struct dict *d = dict_section(p->root, "SECTION");

	if (!is_section(b))
		dict_show(d, "UNTITLED");
	dict_text(d, "ID", is_section(b) ? b->id : "top");
	dict_text(
	    d, "TITLE", is_section(b) ? b->title : p->capsule->page->title);
	return d;
}

static void panels(struct printing *p)
{
	const struct page *page = p->capsule->page;
	struct dict *section = NULL, *d;

	for (size_t i = 0; i < page->n_blocks; i++) {
		const struct block *b = &page->blocks[i];

		if (is_section(b) || section == NULL)
			section = begin_section(p, b);
		if (is_section(b) || p->without.panels[i])
			continue;
		d = dict_section(section, "BLOCK");
		mark(p, d, "panel", b->id);
		dict_markup(d, "PANEL", p->panels[i].p, p->panels[i].n);
	}
}

/* A row of the grid is a section, its cells the values of these names. */
static void rows(struct printing *p, const struct grid *g, const char *section,
    const char *const *names, size_t n)
{
	assert(g->n_columns == n);
	for (size_t i = 0; i < g->n_rows; i++) {
		struct dict *d = dict_section(p->root, section);

		for (size_t k = 0; k < n; k++)
			dict_text(d, names[k], g->rows[i][k].text);
	}
}

static void facts(struct printing *p)
{
	static const char *const event[] = {"TIME", "WHAT", "TEXT"};
	static const char *const gap[] = {
	    "NAME", "SINCE", "TIME", "OUTCOME", "MESSAGE"};

	rows(p, facts_events(p->arena, p->capsule), "EVENT", event, 3);
	rows(p, facts_gaps(p->arena, p->capsule), "GAP", gap, 5);
}

/* Templates make a line of many; here each stays one. Text is clean. */
static void verbatim(struct dict *d, const char *text)
{
	struct buf b;

	buf_init(&b, 6 * CSV_MAX);
	for (; *text != '\0'; text++) {
		if (*text == '&')
			buf_str(&b, "&amp;");
		else if (*text == '<')
			buf_str(&b, "&lt;");
		else if (*text == '>')
			buf_str(&b, "&gt;");
		else if (*text != '\r')
			buf_char(&b, *text);
	}
	dict_markup(d, "VERBATIM", buf_text(&b), b.len);
	buf_free(&b);
}

static void lines(struct printing *p)
{
	const struct capsule *c = p->capsule;
	size_t n = c->n_lines - p->without.lines, missing;
	struct dict *d;
	struct buf b;

	if (n == 0)
		return;
	missing = c->lines_left_out + p->without.lines;
	d = dict_section(p->root, "LINES");
	dict_text(d, "SUMMARY",
	    missing == 0
		? arena_printf(p->arena, "%zu lines", n)
		: arena_printf(p->arena,
		      "%zu lines; %zu before them are not here", n, missing));
	buf_init(&b, CSV_MAX);
	facts_lines(p->arena, c, p->without.lines, &b);
	verbatim(d, buf_text(&b));
	buf_free(&b);
}

/* A line of JSON, which a reader finds by the part's mark. */
static void gist(struct printing *p)
{
	if (p->gist.p != NULL && !p->without.gist)
		verbatim(dict_section(p->root, "GIST"), p->gist.p);
}

static void numbers(struct printing *p)
{
	const struct page *page = p->capsule->page;
	struct dict *all = NULL, *d;

	for (size_t i = 0; i < page->n_blocks; i++) {
		const struct block *b = &page->blocks[i];

		if (p->csv[i].p == NULL || p->without.numbers[i])
			continue;
		if (all == NULL)
			all = dict_section(p->root, "NUMBERS_SHOWN");
		d = dict_section(all, "NUMBERS_OF");
		mark(p, d, "numbers", b->id);
		dict_text(d, "TITLE", b->title);
		verbatim(d, p->csv[i].p);
	}
}

static void left_out(struct printing *p)
{
	const char *text = omission_words(&p->without, p->capsule, p->arena);
	struct dict *d;

	if (text == NULL)
		return;
	d = dict_section(p->root, "LEFT_OUT");
	dict_text(d, "TEXT", text);
	dict_text(d, "SIZE",
	    unit_text(p->arena, UNIT_BYTES, (double)p->capsule->max_size));
}

static int write_once(struct printing *p, struct buf *b, struct err *e)
{
	int rc;

	if ((p->root = dict_new()) == NULL)
		return err_set(e, "no memory");
	head(p);
	html_alarm(p->arena, p->root, p->capsule->report, p->capsule->page);
	left_out(p);
	panels(p);
	facts(p);
	lines(p);
	numbers(p);
	gist(p);
	rc = template_expand(p->html->templates, "capsule.tpl", p->root, b, e);
	dict_free(p->root);
	if (rc == 0)
		manifest_add(b);
	return rc;
}

static void omit_lines(struct printing *p, size_t *over)
{
	const struct capsule *c = p->capsule;

	while (*over > 0 && p->without.lines < c->n_lines) {
		const struct log_line *l = &c->lines[p->without.lines++];
		size_t n = strlen(l->text) + strlen(l->source) + 23;

		*over -= n < *over ? n : *over;
	}
}

static void omit(bool *out, size_t *n, size_t i, size_t bytes, size_t *over)
{
	out[i] = true;
	(*n)++;
	*over -= bytes + MANIFEST < *over ? bytes + MANIFEST : *over;
}

static void omit_gist(struct printing *p, size_t *over)
{
	size_t n = p->gist.n + MANIFEST;

	if (*over == 0 || p->gist.p == NULL || p->without.gist)
		return;
	p->without.gist = true;
	*over -= n < *over ? n : *over;
}

/* So much less; false if there is nothing left that could go. */
static bool shrink(struct printing *p, size_t over)
{
	const struct page *page = p->capsule->page;
	struct omission *o = &p->without, before = *o;

	omit_lines(p, &over);
	for (size_t i = page->n_blocks; i-- > 0 && over > 0;)
		if (p->csv[i].p != NULL && !o->numbers[i])
			omit(o->numbers, &o->n_numbers, i, p->csv[i].n, &over);
	omit_gist(p, &over);
	for (size_t i = page->n_blocks; i-- > 0 && over > 0;)
		if (!is_section(&page->blocks[i]) && !o->panels[i])
			omit(o->panels, &o->n_panels, i, p->panels[i].n, &over);
	return o->lines != before.lines || o->n_numbers != before.n_numbers ||
	       o->n_panels != before.n_panels || o->gist != before.gist;
}

static int write_within(struct printing *p, struct buf *b, struct err *e)
{
	size_t start = b->len, max = p->capsule->max_size, size;

	for (;;) {
		if (write_once(p, b, e) != 0)
			return -1;
		size = b->len - start;
		if (size <= max && !b->failed)
			return 0;
		if (b->failed || !shrink(p, size - max))
			break;
		b->len = start;
	}
	return err_set(e,
	    "a snapshot takes %zu bytes at least, which is more than %zu", size,
	    max);
}

/* Its HTML, and its numbers as CSV. */
static int prepare_block(struct printing *p, size_t i, struct err *e)
{
	const struct page *page = p->capsule->page;
	const struct block *b = &page->blocks[i];
	struct block bare = *b;
	struct html_charts charts;
	size_t inline_bytes = 0;
	struct buf csv;

	if (is_section(b))
		return 0;
	bare.numbers = NULL; /* there are no files of them */
	if (html_draw(&bare, p->arena, &charts, e) != 0 ||
	    html_print(p->html, page, &bare, &charts, NULL, &inline_bytes,
		p->arena, e) != 0)
		return -1;
	p->panels[i] = bare.html;
	if (b->numbers == NULL)
		return 0;
	buf_init(&csv, CSV_MAX);
	csv_numbers(b->numbers, &csv);
	p->csv[i] = (struct span){
	    arena_strndup(p->arena, buf_text(&csv), csv.len), csv.len};
	buf_free(&csv);
	return 0;
}

static void prepare_gist(struct printing *p)
{
	struct buf b;

	if (p->capsule->gist == NULL)
		return;
	buf_init(&b, GIST_MAX);
	gist_write(p->capsule->gist, &b);
	if (!b.failed)
		p->gist = (struct span){
		    arena_strndup(p->arena, buf_text(&b), b.len), b.len};
	buf_free(&b);
}

static int prepare(struct printing *p, struct err *e)
{
	for (size_t i = 0; i < p->capsule->page->n_blocks; i++)
		if (prepare_block(p, i, e) != 0)
			return -1;
	return 0;
}

int capsule_html_without(const struct capsule_means *means,
    const struct capsule *c, const struct omission *without, struct buf *b,
    struct err *e)
{
	size_t n = c->page->n_blocks;
	struct printing p = {
	    .html = means->html, .capsule = c, .arena = arena_new()};
	int rc;

	p.csv = arena_array(p.arena, n, sizeof(*p.csv));
	p.panels = arena_array(p.arena, n, sizeof(*p.panels));
	p.without = without != NULL ? *without : omission_none(p.arena, c);
	prepare_gist(&p);
	rc = prepare(&p, e);
	if (rc == 0)
		rc = without != NULL ? write_once(&p, b, e)
				     : write_within(&p, b, e);
	arena_free(p.arena);
	return rc;
}

static int print(const struct capsule_means *means, const struct capsule *c,
    struct buf *b, struct err *e)
{
	return capsule_html_without(means, c, NULL, b, e);
}

static int page_of(
    struct arena *a, struct span file, struct span *out, struct err *e)
{
	(void)a;
	(void)e;
	*out = file;
	return 0;
}

const struct capsule_kind capsule_html = {
    .name = "html",
    .suffix = ".html",
    .media = "text/html",
    .print = print,
    .magic = "<!doctype html>",
    .check = manifest_check,
    .page = page_of,
};
