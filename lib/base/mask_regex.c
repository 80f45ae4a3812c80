#include "base/mask_regex.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

#define BYTES_MAX 65536

/* A backslash and what is behind it; the position after them, or NULL. */
static const char *escaped(
    const char *p, const char *whole, struct buf *out, struct err *e)
{
	char c = p[1];

	if (c == 'd')
		buf_str(out, "[0-9]");
	else if (c == 'D')
		buf_str(out, "[^0-9]");
	else if (isalpha((unsigned char)c) && strchr("wWsSbB", c) == NULL) {
		(void)err_set(e,
		    "pattern '%.80s': \\%c means nothing in a regular "
		    "expression",
		    whole, c);
		return NULL;
	} else {
		buf_printf(out, "\\%c", c);
	}
	return c == '\0' ? p + 1 : p + 2;
}

/* "[:alpha:]" within brackets; its length, 0 if it is none. */
static size_t named_class(const char *p)
{
	const char *end;

	if (p[0] != '[' || p[1] == '\0' || strchr(":.=", p[1]) == NULL)
		return 0;
	end = strchr(p + 2, p[1]);
	return end != NULL && end[1] == ']' ? (size_t)(end - p) + 2 : 0;
}

/* All between brackets; the position after them, or NULL. */
static const char *brackets(
    const char *p, const char *whole, struct buf *out, struct err *e)
{
	size_t n = p[1] == '^' ? 2 : 1;

	n += p[n] == ']';
	buf_add(out, p, n);
	for (p += n; *p != '\0' && *p != ']'; p += n) {
		n = named_class(p);
		if (n > 0) {
			buf_add(out, p, n);
		} else if (p[0] == '\\' && p[1] == 'd') {
			buf_str(out, "0-9");
			n = 2;
		} else if (p[0] == '\\') {
			(void)err_set(e,
			    "pattern '%.80s': a \\ in brackets stands for "
			    "itself; only \\d is known there",
			    whole);
			return NULL;
		} else {
			buf_char(out, *p);
			n = 1;
		}
	}
	return p;
}

static int translate(const char *whole, struct buf *out, struct err *e)
{
	const char *p = whole;

	while (p != NULL && *p != '\0') {
		if (*p == '\\')
			p = escaped(p, whole, out, e);
		else if (*p == '[')
			p = brackets(p, whole, out, e);
		else
			buf_char(out, *p++);
		if (p != NULL && *p == ']')
			buf_char(out, *p++);
	}
	return p == NULL ? -1 : 0;
}

int mask_regex(regex_t *re, const char *text, struct err *e)
{
	char why[200];
	struct buf b;
	int rc;

	buf_init(&b, BYTES_MAX);
	rc = translate(text, &b, e);
	if (rc == 0 && b.failed)
		rc = err_set(e, "pattern '%.80s': too long", text);
	if (rc == 0 && (rc = regcomp(re, buf_text(&b), REG_EXTENDED)) != 0) {
		regerror(rc, re, why, sizeof(why));
		rc = err_set(e, "pattern '%.80s': %s", text, why);
	}
	buf_free(&b);
	return rc;
}
