#include "model/rowset.h"

#include <string.h>

void rowset_put(struct buf *b, enum rowset_tag tag, const char *p, size_t n)
{
	buf_char(b, (char)tag);
	while (n > 0) {
		size_t part = strnlen(p, n);

		buf_add(b, p, part);
		if (part < n)
			buf_char(b, '\1');
		part += part < n;
		p += part;
		n -= part;
	}
	buf_char(b, '\0');
}

static bool is_tag(char c)
{
	return c != '\0' && strchr("QC0NTD", c) != NULL;
}

int rowset_next(struct span *rest, struct rowset_item *item)
{
	const char *end = rest->n > 0 ? memchr(rest->p, '\0', rest->n) : NULL;
	size_t n;

	if (rest->n == 0)
		return 0;
	if (end == NULL || !is_tag(rest->p[0]))
		return -1;
	*item = (struct rowset_item){(enum rowset_tag)rest->p[0], rest->p + 1};
	n = (size_t)(end - rest->p) + 1;
	rest->p += n;
	rest->n -= n;
	return 1;
}
