#include "run/enclose.h"

#include <string.h>

#include "base/file.h"
#include "output/capsule_wrap.h"

#define FILE_MAX ((size_t)32 * 1000 * 1000)
#define MAIL_MAX ((size_t)5 * 1000 * 1000)

/* Of the worst, as they are in that order. */
static const char *find(
    const struct plan *plan, const struct dispatch *d, struct arena *a)
{
	const char *path;

	for (size_t i = 0; i < d->n; i++) {
		path = d->items[i].alert.snapshot;
		if (path[0] != '\0' && file_exists(arena_printf(a, "%s/%s",
					   plan->common.output, path)))
			return path;
	}
	return NULL;
}

struct news_site enclose_site(
    const struct plan *plan, const struct dispatch *d, struct arena *a)
{
	const char *url = plan->common.url, *path = find(plan, d, a);
	struct news_site site = {.title = plan->common.title,
	    .url = url != NULL ? url : "",
	    .snapshot = "",
	    .snapshot_url = ""};

	if (path == NULL)
		return site;
	site.snapshot = arena_printf(a, "%s/%s", plan->common.output, path);
	if (url != NULL)
		site.snapshot_url = arena_printf(a, "%s%s", url, path);
	return site;
}

static bool begins(const struct dispatch *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->items[i].event == DISPATCH_BEGINS &&
		    d->items[i].alert.snapshot[0] != '\0')
			return true;
	return false;
}

const struct mail_part *enclose_file(
    const struct dispatch *d, const struct news_site *site, struct arena *a)
{
	struct mail_part *part = NULL;
	const char *name = strrchr(site->snapshot, '/');
	struct span file;
	struct err ignored;
	struct buf b;

	if (name == NULL || !begins(d) ||
	    file_read(a, site->snapshot, FILE_MAX, &file, &ignored) != 0)
		return NULL;
	name++;
	buf_init(&b, MAIL_MAX);
	if (capsule_wrap(name, file, d->made, &b, &ignored) == 0 && !b.failed) {
		part = arena_make(a, struct mail_part);
		*part = (struct mail_part){
		    .name = arena_printf(a, "%.*s" CAPSULE_WRAP_SUFFIX,
			(int)strcspn(name, "."), name),
		    .type = CAPSULE_WRAP_MEDIA,
		    .bytes = {arena_copy(a, buf_text(&b), b.len), b.len},
		};
	}
	buf_free(&b);
	return part;
}
