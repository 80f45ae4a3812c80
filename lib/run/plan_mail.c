/* How mail leaves, and where the page is that it leads to. */
#include "run/plan.h"

#include <string.h>

/* What must be written otherwise in a URL (RFC 3986). */
static bool is_url(const char *s)
{
	const char *host = strstr(s, "://");

	if (!str_starts(s, "https://") && !str_starts(s, "http://"))
		return false;
	host += strlen("://");
	if (host[0] == '\0' || host[0] == '/' || strpbrk(host, "?#@") != NULL)
		return false;
	for (; *s != '\0'; s++)
		if (*s <= 0x20 || *s > 0x7e || strchr("\"<>\\^`{|}", *s))
			return false;
	return true;
}

/* A directory, so that names of pages can be put behind it. */
static void bind_url(
    struct plan *plan, const struct node *root, struct faults *faults)
{
	const char *url = plan->common.url;

	if (url == NULL)
		return;
	if (!is_url(url))
		fault_at(faults, node_get(root, "url"),
		    "url: '%.80s' is not the address of a page, such as "
		    "https://dash.example.net/",
		    url);
	else if (url[strlen(url) - 1] != '/')
		plan->common.url = arena_printf(plan->arena, "%s/", url);
}

void plan_bind_mail(
    struct plan *plan, const struct node *root, struct faults *faults)
{
	const struct node *n = plan->common.mail;
	struct binding b = {mail_options, &plan->mail};

	bind_url(plan, root, faults);
	if (n == NULL)
		return;
	if (n->kind != NODE_MAP) {
		fault_at(faults, n,
		    "mail: a mapping (smtp: …, from: …) is wanted here");
		return;
	}
	option_bind(n, &b, 1, faults);
	mail_check(&plan->mail, n, faults);
}
