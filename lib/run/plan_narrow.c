#include "run/plan.h"

void plan_narrow_to(struct plan_page *p, double last, const char *name)
{
	p->n_periods = 1;
	p->periods[0] = last;
	p->spans[0] = SPAN_LENGTH;
	p->period_names[0] = name;
	for (size_t i = 0; i < p->n_panels; i++)
		if (p->panels[i].common.period > last)
			p->panels[i].common.period = last;
}

void plan_narrow(struct plan *plan, double last, const char *name)
{
	for (size_t i = 0; i < plan->n_pages; i++)
		plan_narrow_to(&plan->pages[i], last, name);
}

static const struct plan_page *find_page(
    const struct plan *plan, const char *name, struct arena *a, struct err *e)
{
	struct strings known = {0};
	const char *near;

	for (size_t i = 0; i < plan->n_pages; i++) {
		if (name == NULL || str_eq(plan->pages[i].name, name))
			return &plan->pages[i];
		strings_add(a, &known, plan->pages[i].name);
	}
	err_set(e, "there is no page '%.80s'", name == NULL ? "" : name);
	near = name == NULL ? NULL : str_nearest(name, &known);
	if (near != NULL)
		err_hint(e, "did you mean '%s'?", near);
	return NULL;
}

static bool is_wanted(const struct strings *panels, const struct plan_panel *p)
{
	return panels->n == 0 || str_glob_any(panels, p->title) ||
	       str_glob_any(panels, p->id);
}

int plan_narrow_page(const struct plan *all, const char *name,
    const struct strings *panels, struct arena *a, struct plan *out,
    struct err *e)
{
	const struct plan_page *from = find_page(all, name, a, e);
	struct plan_page *page = arena_make(a, struct plan_page);

	if (from == NULL)
		return -1;
	*page = *from;
	page->n_periods = 1;
	page->periods = arena_copy(a, from->periods, sizeof(*page->periods));
	page->spans = arena_copy(a, from->spans, sizeof(*page->spans));
	page->period_names =
	    arena_copy(a, from->period_names, sizeof(*page->period_names));
	page->n_panels = 0;
	page->panels = arena_array(a, from->n_panels, sizeof(*page->panels));
	for (size_t i = 0; i < from->n_panels; i++)
		if (is_wanted(panels, &from->panels[i]))
			page->panels[page->n_panels++] = from->panels[i];
	if (page->n_panels == 0)
		return err_set(e, "page %s: no panel is called '%.80s'",
		    page->name, panels->n > 0 ? panels->items[0] : "");
	*out = *all;
	out->pages = page;
	out->n_pages = 1;
	out->common.explore = false;
	return 0;
}
