#include "run/redact_private.h"

static void mask_links(
    struct redact *r, struct page_link *links, size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		links[i].href = redact_text(r, a, links[i].href);
		links[i].text = redact_text(r, a, links[i].text);
	}
}

/* What a block has of the plan, and why it could not be built. */
static void mask_block(struct redact *r, struct block *b, struct arena *a)
{
	b->title = redact_text(r, a, b->title);
	b->note = redact_text(r, a, b->note);
	b->message = redact_text(r, a, b->message);
	b->alt = redact_text(r, a, b->alt);
	mask_links(r, b->choices, b->n_choices, a);
}

static void mask_page(struct redact *r, struct page *p, struct arena *a)
{
	p->name = redact_text(r, a, p->name);
	p->file = redact_text(r, a, p->file);
	p->title = redact_text(r, a, p->title);
	mask_links(r, p->links, p->n_links, a);
	for (size_t i = 0; i < p->n_blocks; i++)
		mask_block(r, &p->blocks[i], a);
}

void redact_report(struct redact *r, struct report *report, struct arena *a)
{
	const struct source_status *status = report->sources;
	const struct alert *alerts = report->alerts;

	report->title = redact_text(r, a, report->title);
	report->warning = redact_text(r, a, report->warning);
	redact_status(r, &status, report->n_sources, a);
	redact_alerts(r, &alerts, report->n_alerts, a);
	report->sources =
	    arena_copy(a, status, report->n_sources * sizeof(*status));
	report->alerts =
	    arena_copy(a, alerts, report->n_alerts * sizeof(*alerts));
	report->n_recipients = 0;
	for (size_t i = 0; i < report->n_pages; i++)
		mask_page(r, &report->pages[i], a);
}

void redact_capsule(struct redact *r, struct capsule *c, struct arena *a)
{
	redact_lines(r, &c->lines, c->n_lines, a);
	redact_spells(r, &c->spells, c->n_spells, a);
	redact_gist(r, c->gist);
}
