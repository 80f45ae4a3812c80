#include "run/plan.h"

static void narrow_page(struct plan_page *p, double last, const char *name)
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
		narrow_page(&plan->pages[i], last, name);
}
