#include "run/plan_public.h"

#include <string.h>

bool plan_hides(const struct plan *plan, const char *source)
{
	size_t at;

	return plan->public && !names_find(&plan->source_names, source, &at);
}

size_t plan_shown(const struct plan *plan, struct series *s, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!plan_hides(plan, s[i].source))
			s[kept++] = s[i];
	return kept;
}

/* "*" names nobody. */
static bool names_private(const struct plan *plan, const char *glob)
{
	for (size_t i = 0; i < plan->n_sources && !str_eq(glob, "*"); i++)
		if (plan->sources[i].common.private &&
		    str_glob(glob, plan->sources[i].name))
			return true;
	return false;
}

static bool any_private(
    const struct plan *plan, const struct strings *globs, struct arena *a)
{
	for (size_t i = 0; i < globs->n; i++) {
		const char *glob = globs->items[i];

		if (names_private(
			plan, arena_strndup(a, glob, strcspn(glob, "/"))))
			return true;
	}
	return false;
}

static bool has_private_source(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_sources; i++)
		if (plan->sources[i].common.private)
			return true;
	return false;
}

static bool is_private(
    const struct plan *plan, const struct plan_panel *p, struct arena *a)
{
	const struct panel_common *c = &p->common;
	bool asks = p->query != NULL || node_get(p->node, "choose") != NULL;

	if (c->private || (c->source != NULL && names_private(plan, c->source)))
		return true;
	if (any_private(plan, &c->series, a) ||
	    any_private(plan, &c->sources, a))
		return true;
	return asks && has_private_source(plan) &&
	       node_get(p->node, "private") == NULL;
}

static bool is_section(const struct plan_panel *p)
{
	return str_eq(p->kind->name, "section");
}

/* A headline is shown if anything is below it. */
static bool leads_to_any(const struct plan *plan, const struct plan_page *page,
    size_t section, struct arena *a)
{
	for (size_t i = section + 1;
	     i < page->n_panels && !is_section(&page->panels[i]); i++)
		if (!is_private(plan, &page->panels[i], a))
			return true;
	return false;
}

static void take_page(
    const struct plan *plan, const struct plan_page *page, struct plan *out)
{
	struct arena *a = out->arena;
	struct plan_page p = *page;

	p.panels = arena_array(a, page->n_panels, sizeof(*p.panels));
	p.n_panels = 0;
	p.choose = (struct plan_choose){0};
	for (size_t i = 0; i < page->n_panels; i++) {
		const struct plan_panel *panel = &page->panels[i];

		if (is_private(plan, panel, a) ||
		    (is_section(panel) && !leads_to_any(plan, page, i, a)))
			continue;
		if (str_eq(panel->id, page->choose.section))
			p.choose = page->choose;
		p.panels[p.n_panels++] = *panel;
	}
	out->pages[out->n_pages++] = p;
}

const struct plan *plan_public(const struct plan *plan, struct arena *a)
{
	struct plan *out;

	if (plan->common.public == NULL)
		return NULL;
	out = arena_copy(a, plan, sizeof(*plan));
	out->arena = a;
	out->public = true;
	out->common.output = plan->common.public;
	out->sources = arena_array(a, plan->n_sources, sizeof(*out->sources));
	out->source_names = (struct names){0};
	out->n_sources = out->n_pages = 0;
	for (size_t i = 0; i < plan->n_sources; i++) {
		if (plan->sources[i].common.private)
			continue;
		names_add(a, &out->source_names, plan->sources[i].name,
		    out->n_sources);
		out->sources[out->n_sources++] = plan->sources[i];
	}
	out->pages = arena_array(a, plan->n_pages, sizeof(*out->pages));
	for (size_t i = 0; i < plan->n_pages; i++)
		if (!plan->pages[i].private)
			take_page(plan, &plan->pages[i], out);
	return out;
}

static const char *plain(const char *path)
{
	while (str_starts(path, "./"))
		path += 2;
	return path;
}

/* Is the path the folder, or below it? */
static bool within(const char *path, const char *folder)
{
	size_t n;

	path = plain(path);
	folder = plain(folder);
	if (str_eq(folder, ".") || str_eq(folder, ""))
		return path[0] != '/';
	n = strlen(folder);
	while (n > 0 && folder[n - 1] == '/')
		n--;
	return strncmp(path, folder, n) == 0 &&
	       (path[n] == '/' || path[n] == '\0');
}

void plan_check_public(const struct plan *plan, struct faults *faults)
{
	const struct plan_common *c = &plan->common;

	if (c->public == NULL)
		return;
	if (within(c->output, c->public))
		fault_at(faults, plan->common.pages,
		    "public: output: %s is in it, so that everybody could "
		    "see it",
		    c->output);
	else if (within(c->store, c->public))
		fault_at(faults, plan->common.pages,
		    "public: store: %s is in it, so that everybody could "
		    "see it",
		    c->store);
}
