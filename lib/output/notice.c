#include "output/notice.h"

#include <string.h>

#include "output/markup.h"

#define OPEN  "\n<p class=\"warning\" role=\"alert\" id=\"notice\">"
#define CLOSE "</p>"

/* Where the page goes on behind its <body> tag; its start if it has none. */
static size_t body_start(struct span page)
{
	const char *body = memmem(page.p, page.n, "<body", 5), *end;

	if (body == NULL)
		return 0;
	end = memchr(body, '>', page.n - (size_t)(body - page.p));
	return end == NULL ? 0 : (size_t)(end + 1 - page.p);
}

/* Length of the notice that the rest of a page begins with, or 0. */
static size_t notice_length(struct span rest)
{
	const char *end;

	if (rest.n < sizeof(OPEN) ||
	    memcmp(rest.p, OPEN, sizeof(OPEN) - 1) != 0)
		return 0;
	end = memmem(rest.p, rest.n, CLOSE, sizeof(CLOSE) - 1);
	return end == NULL ? 0 : (size_t)(end - rest.p) + sizeof(CLOSE) - 1;
}

int notice_put(struct span page, const char *text, struct buf *out)
{
	size_t start = body_start(page);
	struct span rest = {page.p + start, page.n - start};
	size_t old = notice_length(rest);
	struct buf fresh;
	int same;

	buf_init(&fresh, 65536);
	buf_str(&fresh, OPEN);
	markup_text(&fresh, text);
	buf_str(&fresh, CLOSE);
	same = fresh.len == old && memcmp(fresh.data, rest.p, old) == 0;
	if (!same) {
		buf_add(out, page.p, start);
		buf_add(out, fresh.data, fresh.len);
		buf_add(out, rest.p + old, rest.n - old);
	}
	buf_free(&fresh);
	return same;
}
