#include "output/capsule_read.h"

#include <string.h>

#include "base/buf.h"
#include "output/capsule.h"
#include "output/gist.h"

#define PART  "<!--part gist-->"
#define BEGIN "<pre>"
#define END   "</pre>"

static bool after(struct span *rest, const char *what)
{
	const char *at =
	    rest->n == 0 ? NULL : memmem(rest->p, rest->n, what, strlen(what));

	if (at == NULL)
		return false;
	at += strlen(what);
	*rest = (struct span){at, rest->n - (size_t)(at - rest->p)};
	return true;
}

/* As capsule_html escapes it: nothing but these three. */
static void unescape(struct span s, struct buf *b)
{
	static const struct {
		const char *entity;
		char is;
	} known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

	for (size_t i = 0, n; i < s.n; i += n) {
		char c = s.p[i];

		n = 1;
		for (size_t k = 0; c == '&' && k < 3; k++) {
			size_t length = strlen(known[k].entity);

			if (s.n - i >= length &&
			    memcmp(s.p + i, known[k].entity, length) == 0) {
				n = length;
				buf_char(b, known[k].is);
				break;
			}
		}
		if (n == 1)
			buf_char(b, c);
	}
}

static int check(struct arena *a, const struct capsule_kind *kind,
    struct span file, struct err *e)
{
	struct manifest m;

	if (kind->check(a, file, &m, e) != 0)
		return -1;
	if (m.broken == NULL)
		return 0;
	err_set(e, "changed: %s", m.broken);
	return err_hint(e, "--force compares it even so");
}

static int read_page(
    struct arena *a, struct span page, struct gist *out, struct err *e)
{
	struct span rest = page, end;
	struct buf b;
	int rc;

	if (!after(&rest, PART) || !after(&rest, BEGIN))
		return err_set(e, "nothing is in it that could be compared");
	end = rest;
	if (!after(&end, END))
		return err_set(e, "it ends in the midst");
	rest.n = (size_t)(end.p - rest.p) - strlen(END);
	buf_init(&b, GIST_MAX);
	unescape(rest, &b);
	rc = b.failed
		 ? err_set(e, "what it has for comparison is too large")
		 : gist_parse(a, (struct span){buf_text(&b), b.len}, out, e);
	buf_free(&b);
	return rc;
}

int capsule_read_gist(struct arena *a, struct span file, bool force,
    struct gist *out, struct err *e)
{
	const struct capsule_kind *kind = capsule_kind_at(file);
	struct span page;

	if (kind->check == NULL || kind->page == NULL) {
		err_set(e, "%s has nothing that could be compared", kind->name);
		return err_hint(e, "snapshots as html and zip have");
	}
	if (!force && check(a, kind, file, e) != 0)
		return -1;
	if (kind->page(a, file, &page, e) != 0)
		return -1;
	return read_page(a, page, out, e);
}
