#include "output/paper.h"

#include <math.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "output/facts.h"
#include "output/paper_private.h"

#define MOMENT "%H:%M:%S on %-d %B %Y"
#define WORTHY 0.6 /* of a page: higher ones are not put beside others */

const struct paper_size paper_sizes[] = {
    {"a4", 210 / 25.4 * 96, 297 / 25.4 * 96, 45},
    {"letter", 8.5 * 96, 11 * 96, 48},
    {0},
};

const struct paper_size paper_poster = {"poster", 1200, 0, 40};

const struct paper_size *paper_size(const char *name, struct err *e)
{
	for (const struct paper_size *p = paper_sizes; p->name != NULL; p++)
		if (str_eq(p->name, name))
			return p;
	err_set(e, "--paper: there is no '%.80s'", name);
	err_hint(e, "there are a4 and letter");
	return NULL;
}

/* A capsule as it is set. */
struct setting {
	struct paper_flow flow;
	const struct capsule *capsule;
	const struct omission *without;
	const struct paper_size *size;
};

static bool is(const struct block *b, const char *kind)
{
	return str_eq(b->kind, kind);
}

static void masthead(struct setting *s)
{
	const struct capsule *c = s->capsule;
	struct paper_flow *f = &s->flow;
	struct arena *a = f->arena;
	struct paper_style title = {PAPER_TITLE, true, .ink = INK_TEXT};
	struct paper_style soft = {PAPER_BODY, .ink = INK_SOFT};
	struct paper_style page = {PAPER_HEAD, .ink = INK_TEXT};

	paper_text(f, c->report->title, &title, 3);
	if (c->page->title != NULL && !str_eq(c->page->title, c->report->title))
		paper_text(f, c->page->title, &page, 3);
	paper_text(f,
	    arena_printf(a, "%s %s (%s)",
		clock_format(a, "%A %-d %B %Y, %H:%M:%S", c->report->started),
		clock_format(a, "%Z", c->report->started), c->report->zone),
	    &page, 2)
	    ->before = 4;
	paper_text(f,
	    arena_printf(a, "from %s to then, taken at %s",
		clock_format(a, MOMENT, c->from),
		clock_format(a, MOMENT, c->report->printed)),
	    &soft, 2)
	    ->before = 2;
}

/* A text beside a bar, so that it is not read over. */
static void notice(struct setting *s, const char *text)
{
	struct paper_style style = {PAPER_BODY, .ink = INK_TEXT};
	struct paper_flow inner = paper_flow(&s->flow, s->flow.w - 12);
	struct paper_box *box;

	paper_text(&inner, text, &style, 10);
	box = paper_box(&s->flow, paper_height(&inner));
	box->before = 8;
	paper_paste(box, 12, 0, &inner);
	scene_rect(box->scene, 0, 0, 3, box->scene->h, INK_RULE);
}

static void notices(struct setting *s)
{
	const struct report *r = s->capsule->report;
	struct arena *a = s->flow.arena;
	const char *left = omission_words(s->without, s->capsule, a);

	if (r->warning != NULL)
		notice(s, arena_printf(a, "Warning: %s", r->warning));
	if (left != NULL)
		notice(s,
		    arena_printf(a, "Left out to stay within %s: %s",
			unit_text(a, UNIT_BYTES, (double)s->capsule->max_size),
			left));
}

/* How it stands, in one line: what fires, and who answered. */
static void standing(struct setting *s)
{
	const struct report *r = s->capsule->report;
	size_t hot = alerts_hot(r->alerts, r->n_alerts);
	struct arena *a = s->flow.arena;
	struct paper_style style = {
	    PAPER_NAME, true, .ink = hot > 0 ? INK_RED : INK_TEXT};
	const char *words = hot == 0 ? "No alert fires"
			    : hot == 1
				? "▲ 1 alert fires"
				: arena_printf(a, "▲ %zu alerts fire", hot);

	paper_text(&s->flow,
	    arena_printf(a, "%s  ·  %s", words, facts_answered(a, r)), &style,
	    2)
	    ->before = 10;
}

static void alert_line(struct setting *s, const struct alert *x)
{
	bool hot = alert_is_hot(x);
	struct paper_style style = {
	    PAPER_BODY, hot, .ink = hot ? INK_RED : INK_TEXT};
	struct arena *a = s->flow.arena;

	paper_text(&s->flow,
	    arena_printf(a, "%s %s (%s) %s: %s%s%s, since %s", hot ? "▲" : "◌",
		x->rule, alert_severity_word(x->severity),
		x->muted ? "muted" : alert_state_word(x->state), x->series,
		x->message[0] == '\0' ? "" : ", ", x->message,
		clock_format(a, MOMENT, x->since)),
	    &style, 4)
	    ->before = 3;
}

/* Where no panel of the page tells of them. */
static void alerts_of_report(struct setting *s)
{
	const struct report *r = s->capsule->report;

	for (size_t i = 0; i < r->n_alerts; i++)
		if (alert_is_hot(&r->alerts[i]))
			alert_line(s, &r->alerts[i]);
	for (size_t i = 0; i < r->n_alerts; i++)
		if (!alert_is_hot(&r->alerts[i]) &&
		    r->alerts[i].state != ALERT_ENDED)
			alert_line(s, &r->alerts[i]);
}

/* They come first, wherever they are on the page. */
static void alerts(struct setting *s)
{
	const struct page *page = s->capsule->page;
	bool told = false;

	for (size_t i = 0; i < page->n_blocks; i++)
		if (is(&page->blocks[i], "alerts") && !s->without->panels[i]) {
			paper_block(&s->flow, &page->blocks[i]);
			told = true;
		}
	if (!told)
		alerts_of_report(s);
}

/* So many of these panels go into a row. */
static size_t columns(const struct setting *s, const struct block *b)
{
	bool small = b->n_figures > 0;

	switch (b->width) {
	case WIDTH_HALF:
		return 2;
	case WIDTH_THIRD:
		return s->size->h == 0 || small ? 3 : 2;
	case WIDTH_QUARTER:
		return small || s->size->h == 0 ? 4 : 2;
	default:
		return 1;
	}
}

/* Beside each other, if that makes a box that is not too high. */
static bool row(struct setting *s, const struct block *const *blocks, size_t n,
    size_t places)
{
	double step = (s->flow.w + PAPER_GAP) / (double)places;
	struct paper_flow *flows =
	    arena_array(s->flow.arena, n, sizeof(*flows));
	struct paper_box *box;

	for (size_t i = 0; i < n; i++) {
		flows[i] = paper_flow(&s->flow, step - PAPER_GAP);
		paper_block(&flows[i], blocks[i]);
		if (s->size->h > 0 &&
		    paper_height(&flows[i]) > s->size->h * WORTHY)
			return false;
	}
	box = paper_beside(&s->flow, flows, n, step);
	box->before = 18;
	return true;
}

/* Panels of one section from i on that go into a row; returns how many. */
static size_t panels_from(struct setting *s, size_t i)
{
	const struct page *page = s->capsule->page;
	const struct block *chosen[4];
	size_t places = columns(s, &page->blocks[i]), n = 0, end = i;

	for (; end < page->n_blocks && n < places; end++) {
		const struct block *b = &page->blocks[end];

		if (s->without->panels[end] || is(b, "alerts"))
			continue;
		if (is(b, "section") || columns(s, b) != places)
			break;
		chosen[n++] = b;
	}
	if (n == 1 && chosen[0]->n_figures == 0 && s->size->h > 0)
		places = 1; /* alone it may as well have all of the row */
	if (places == 1 || !row(s, chosen, n, places))
		for (size_t k = 0; k < n; k++)
			paper_block(&s->flow, chosen[k]);
	return end - i;
}

/* A section of which nothing is left has no headline either. */
static bool has_panels(const struct setting *s, size_t i)
{
	const struct page *page = s->capsule->page;

	for (; i < page->n_blocks && !is(&page->blocks[i], "section"); i++)
		if (!s->without->panels[i] && !is(&page->blocks[i], "alerts"))
			return true;
	return false;
}

static void panels(struct setting *s)
{
	const struct page *page = s->capsule->page;
	size_t i = 0;

	while (i < page->n_blocks) {
		const struct block *b = &page->blocks[i];

		if (is(b, "section")) {
			if (has_panels(s, i + 1))
				paper_section(
				    &s->flow, b->id, b->title, b->note);
			i++;
		} else if (is(b, "alerts") || s->without->panels[i]) {
			i++;
		} else {
			i += panels_from(s, i);
		}
	}
}

static void table(struct setting *s, const char *title, const struct grid *g)
{
	struct paper_style style = {PAPER_NAME, true, .ink = INK_TEXT};
	struct paper_box *b;

	if (g->n_rows == 0)
		return;
	b = paper_text(&s->flow, title, &style, 1);
	b->before = 14;
	b->keeps = true;
	paper_name(b, NULL, title, 2);
	paper_grid(&s->flow, g);
}

static void happened(struct setting *s)
{
	struct grid *events = facts_events(s->flow.arena, s->capsule);
	struct grid *gaps = facts_gaps(s->flow.arena, s->capsule);

	if (events->n_rows + gaps->n_rows == 0)
		return;
	paper_section(&s->flow, "events", "What happened", NULL);
	table(s, "Alerts", events);
	table(s, "Gaps, and why", gaps);
}

static const char *title_of(const struct capsule *c, struct arena *a)
{
	if (c->page->title == NULL || str_eq(c->page->title, c->report->title))
		return c->report->title;
	return arena_printf(a, "%s: %s", c->report->title, c->page->title);
}

void paper_lay(struct arena *a, const struct capsule *c,
    const struct omission *without, const struct paper_size *size,
    const struct ruler *ruler, struct canvas_document *out)
{
	struct setting s = {
	    .flow = {.arena = a,
		.ruler = ruler,
		.w = size->w - 2 * size->margin,
		.endless = size->h == 0},
	    .capsule = c,
	    .without = without,
	    .size = size,
	};
	struct paper_frame frame = {.size = size, .title = title_of(c, a)};

	frame.when =
	    clock_format(a, "%-d %B %Y, %H:%M:%S %Z", c->report->started);
	frame.foot = arena_printf(a, "broadsheet %s  ·  configuration %s",
	    c->report->version, c->digest);
	masthead(&s);
	notices(&s);
	standing(&s);
	alerts(&s);
	panels(&s);
	happened(&s);
	paper_all_lines(&s.flow, c, without);
	*out = (struct canvas_document){
	    .title = arena_printf(a, "%s, %s", frame.title, frame.when),
	    .creator = arena_printf(a, "broadsheet %s", c->report->version),
	    .created = clock_iso(a, c->report->started)};
	paper_pages(&s.flow, &frame, out);
}
