#include "run/anchors.h"

#include <string.h>

/* The source of a glob of series: "app1" of "app1/cpu"; to be looked up. */
static const char *before_slash(struct arena *a, const char *glob)
{
	return arena_strndup(a, glob, strcspn(glob, "/"));
}

/* Of all that a panel shows the one source, or NULL: it shows several. */
static const char *only_source(const struct plan_panel *p, struct arena *a)
{
	const struct panel_common *c = &p->common;
	const char *only = c->source;

	for (size_t i = 0; i < c->sources.n; i++) {
		if (only != NULL && !str_eq(only, c->sources.items[i]))
			return NULL;
		only = c->sources.items[i];
	}
	for (size_t i = 0; i < c->series.n; i++) {
		const char *name = before_slash(a, c->series.items[i]);

		if (only != NULL && !str_eq(only, name))
			return NULL;
		only = name;
	}
	return only;
}

/* A headline that is called like a source is its. */
static const char *source_of(const struct plan_panel *p, struct arena *a)
{
	if ((p->kind->needs & NEEDS_ANCHORS) != 0)
		return NULL;
	return p->kind->needs == NEEDS_NOTHING ? p->title : only_source(p, a);
}

/* Those on this page, or those on all others. */
struct search {
	const struct plan *plan;
	const char *page;
	struct arena *arena;
	struct names known;
	struct panel_anchor *found;
	size_t n, cap;
};

static void look_at(
    struct search *s, const struct plan_page *page, const struct plan_panel *p)
{
	const char *source = source_of(p, s->arena), *href;

	if (source == NULL || plan_source(s->plan, source) == NULL ||
	    !names_add(s->arena, &s->known, source, 0))
		return;
	href = arena_printf(s->arena, "%s#%s",
	    str_eq(page->name, s->page) ? ""
					: plan_page_file(s->arena, page, 0),
	    p->id);
	*arena_push(s->arena, &s->found, &s->n, &s->cap) =
	    (struct panel_anchor){source, href};
}

static void look(struct search *s, bool own)
{
	for (size_t i = 0; i < s->plan->n_pages; i++) {
		const struct plan_page *page = &s->plan->pages[i];

		if (str_eq(page->name, s->page) != own)
			continue;
		for (size_t k = 0; k < page->n_panels; k++)
			look_at(s, page, &page->panels[k]);
	}
}

struct panel_anchor *anchors_of(
    const struct plan *plan, const char *page, struct arena *a, size_t *n)
{
	struct search s = {.plan = plan, .page = page, .arena = a};

	look(&s, true);
	look(&s, false);
	*n = s.n;
	return s.found;
}
