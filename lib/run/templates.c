#include "run/templates.h"

int templates_open(struct html **out, const struct plan *plan, const char *data,
    struct report *r, struct arena *a, struct err *e)
{
	struct html_conf conf = {
	    .templates = arena_printf(a, "%s/templates", data),
	    .assets = arena_printf(a, "%s/assets", data),
	    .overrides = plan->common.templates,
	};

	if (html_open(out, &conf, e) == 0)
		return 0;
	if (conf.overrides == NULL)
		return -1;
	r->warning = arena_strdup(a, e->text);
	conf.overrides = NULL;
	return html_open(out, &conf, e);
}
