#include "output/letter.h"

#include <string.h>

#include "base/crypto.h"

#define SRC "src=\"cid:"

/* What the pictures' own end at is a quote, which none of them has. */
static const struct mail_part *picture(
    const struct letter *l, const char *cid, size_t n)
{
	for (size_t i = 0; i < l->n_parts; i++)
		if (l->parts[i].cid != NULL && strlen(l->parts[i].cid) == n &&
		    memcmp(l->parts[i].cid, cid, n) == 0)
			return &l->parts[i];
	return NULL;
}

void letter_preview(const struct letter *l, struct buf *b)
{
	const char *rest = l->html, *at;

	while ((at = strstr(rest, SRC)) != NULL) {
		const char *cid = at + strlen(SRC);
		size_t n = strcspn(cid, "\"");
		const struct mail_part *p = picture(l, cid, n);

		buf_add(b, rest, (size_t)(at - rest));
		buf_str(b, "src=\"");
		if (p != NULL) {
			buf_printf(b, "data:%s;base64,", p->type);
			crypto_base64(p->bytes.p, p->bytes.n, b);
		}
		rest = cid + n;
	}
	buf_str(b, rest);
}
