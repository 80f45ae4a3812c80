#include "run/plan_choose.h"

#include <ctype.h>
#include <string.h>

#define NAME_MAX 40

static const struct option options[] = {
    {"name", OPTION_TEXT, offsetof(struct plan_choose, name), .required = true,
	.help = "what queries call it, behind a colon"},
    {"query", OPTION_TEXT, offsetof(struct plan_choose, query),
	.help = "a SELECT of the words"},
    {"values", OPTION_LIST, offsetof(struct plan_choose, values),
	.help = "the words"},
    {0},
};

static bool is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n > 0 && n <= NAME_MAX && s[n] == '\0' &&
	       !isdigit((unsigned char)s[0]) && !str_eq(s, "from") &&
	       !str_eq(s, "to");
}

void plan_bind_choose(
    struct plan_page *page, const struct plan_panel *p, struct faults *faults)
{
	const struct node *n = node_get(p->node, "choose");
	struct plan_choose c = {.section = p->id};
	struct binding b = {options, &c};

	if (n == NULL || !str_eq(p->kind->name, "section"))
		return; /* which was said */
	if (n->kind != NODE_MAP) {
		fault_at(faults, n,
		    "choose: a mapping of name and query, or of name and "
		    "values, is wanted here");
		return;
	}
	option_bind(n, &b, 1, faults);
	c.node = n;
	if (page->choose.node != NULL)
		fault_at(faults, n,
		    "choose: a page has one choice, and this "
		    "one has another");
	if (c.name != NULL && !is_name(c.name))
		fault_at(faults, node_get(n, "name"),
		    "choose: '%.80s' is no name for queries: up to %d "
		    "letters, digits and underscores, not from or to",
		    c.name, NAME_MAX);
	if ((c.query == NULL) == (c.values.n == 0))
		fault_at(faults, n,
		    "choose: either a query or values is wanted here");
	page->choose = c;
}
