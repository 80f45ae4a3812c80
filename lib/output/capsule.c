/*
 * A snapshot as one HTML file, complete in itself: charts and styles are
 * inside, and so are the numbers as CSV. No script, nothing is requested. It
 * ends with a manifest (manifest.h).
 */
#include "output/capsule.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "chart/unit.h"
#include "output/csv.h"
#include "output/html_private.h"
#include "output/manifest.h"

#define CSV_MAX	   (64u * 1024 * 1024)
#define MANIFEST   120 /* bytes for a part, about */
#define NAMED	   6   /* that are left out; the others are counted */
#define TIME_WORDS "%-d %b %H:%M:%S"

/* What is left out. */
struct omission {
	size_t lines; /* the oldest */
	bool *numbers, *panels;
	size_t n_numbers, n_panels;
};

struct printing {
	struct html *html;
	const struct capsule *capsule;
	struct arena *arena;
	struct dict *root;
	struct omission without;
	struct span *csv, *panels; /* of each block; p NULL: none */
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

static void event(struct printing *p, const struct alert *x, int64_t ts,
    const char *sign, const char *word)
{
	struct dict *d;

	if (ts < p->capsule->from || ts > p->capsule->report->started)
		return;
	d = dict_section(p->root, "EVENT");
	dict_text(d, "TIME", clock_format(p->arena, TIME_WORDS, ts));
	dict_text(d, "MARK", sign);
	dict_text(d, "WORD", word);
	dict_text(d, "NAME",
	    arena_printf(p->arena, "%s (%s)", x->rule,
		alert_severity_word(x->severity)));
	dict_text(d, "TEXT",
	    x->message[0] == '\0'
		? x->series
		: arena_printf(p->arena, "%s, %s", x->series, x->message));
}

/* Alert by alert: what one did is read in one place. */
static void events(struct printing *p)
{
	const struct report *r = p->capsule->report;

	for (size_t i = 0; i < r->n_alerts; i++) {
		const struct alert *x = &r->alerts[i];

		event(p, x, x->since, "◌", "past its level");
		if (x->fired != 0)
			event(p, x, x->fired, "▲", "fires");
		if (x->ended != 0)
			event(p, x, x->ended, "●", "ended");
	}
}

static void gaps(struct printing *p)
{
	for (size_t i = 0; i < p->capsule->n_spells; i++) {
		const struct spell *s = &p->capsule->spells[i];
		struct dict *d = dict_section(p->root, "GAP");

		dict_text(d, "NAME", s->source);
		dict_text(
		    d, "SINCE", clock_format(p->arena, TIME_WORDS, s->from));
		dict_text(d, "TIME", clock_format(p->arena, TIME_WORDS, s->to));
		dict_text(d, "OUTCOME", outcome_word(s->outcome));
		dict_text(d, "MESSAGE", s->message);
	}
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
	for (size_t i = p->without.lines; i < c->n_lines; i++)
		buf_printf(&b, "%s %s %s\n",
		    clock_iso(p->arena, c->lines[i].ts), c->lines[i].source,
		    c->lines[i].text);
	verbatim(d, buf_text(&b));
	buf_free(&b);
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

/* "numbers of CPU, Memory and 4 more" */
static const char *named(
    struct printing *p, const char *what, const bool *out, size_t n)
{
	const struct page *page = p->capsule->page;
	const char *text = what;
	size_t k = 0;

	for (size_t i = 0; i < page->n_blocks; i++)
		if (out[i] && k++ < NAMED)
			text = arena_printf(p->arena, "%s%s %s", text,
			    k > 1 ? "," : "", page->blocks[i].title);
	return n <= NAMED
		   ? text
		   : arena_printf(p->arena, "%s and %zu more", text, n - NAMED);
}

static void left_out(struct printing *p)
{
	const struct omission *o = &p->without;
	const char *text = "";
	struct dict *d;

	if (o->lines + o->n_numbers + o->n_panels == 0)
		return;
	if (o->lines > 0)
		text = arena_printf(
		    p->arena, "the oldest %zu log lines; ", o->lines);
	if (o->n_numbers > 0)
		text = arena_printf(p->arena, "%s%s; ", text,
		    named(p, "the numbers of", o->numbers, o->n_numbers));
	if (o->n_panels > 0)
		text = arena_printf(p->arena, "%s%s; ", text,
		    named(p, "the panels", o->panels, o->n_panels));
	d = dict_section(p->root, "LEFT_OUT");
	dict_text(d, "TEXT", arena_strndup(p->arena, text, strlen(text) - 2));
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
	events(p);
	gaps(p);
	lines(p);
	numbers(p);
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

/* So much less; false if there is nothing left that could go. */
static bool shrink(struct printing *p, size_t over)
{
	const struct page *page = p->capsule->page;
	struct omission *o = &p->without, before = *o;

	omit_lines(p, &over);
	for (size_t i = page->n_blocks; i-- > 0 && over > 0;)
		if (p->csv[i].p != NULL && !o->numbers[i])
			omit(o->numbers, &o->n_numbers, i, p->csv[i].n, &over);
	for (size_t i = page->n_blocks; i-- > 0 && over > 0;)
		if (!is_section(&page->blocks[i]) && !o->panels[i])
			omit(o->panels, &o->n_panels, i, p->panels[i].n, &over);
	return o->lines != before.lines || o->n_numbers != before.n_numbers ||
	       o->n_panels != before.n_panels;
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

static int prepare(struct printing *p, struct err *e)
{
	for (size_t i = 0; i < p->capsule->page->n_blocks; i++)
		if (prepare_block(p, i, e) != 0)
			return -1;
	return 0;
}

static int print(const struct capsule_means *means, const struct capsule *c,
    struct buf *b, struct err *e)
{
	size_t n = c->page->n_blocks;
	struct printing p = {
	    .html = means->html, .capsule = c, .arena = arena_new()};
	int rc;

	p.csv = arena_array(p.arena, n, sizeof(*p.csv));
	p.panels = arena_array(p.arena, n, sizeof(*p.panels));
	p.without.numbers = arena_array(p.arena, n, sizeof(bool));
	p.without.panels = arena_array(p.arena, n, sizeof(bool));
	rc = prepare(&p, e);
	if (rc == 0)
		rc = write_within(&p, b, e);
	arena_free(p.arena);
	return rc;
}

const struct capsule_kind capsule_html = {
    .name = "html",
    .suffix = ".html",
    .media = "text/html",
    .print = print,
};
