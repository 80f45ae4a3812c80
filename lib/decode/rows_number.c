/* Cells that are numbers. */
#include "decode/rows_private.h"

#include <ctype.h>
#include <string.h>

/* "1.234,5" becomes "1234.5"; points may only part thousands. */
static bool comma_to_point(const char *s, char out[ROWS_NUMBER_MAX])
{
	size_t comma = strcspn(s, ","), first = strcspn(s, ".,"), n = 0;

	if (strlen(s) >= ROWS_NUMBER_MAX)
		return false;
	for (size_t i = 0; s[i] != '\0'; i++) {
		if (s[i] == '.' && (i > comma || first > 3u + (*s == '-') ||
				       strspn(s + i + 1, "0123456789") != 3))
			return false;
		if (s[i] == ',' && i != comma)
			return false;
		if (s[i] != '.')
			out[n++] = s[i] == ',' ? '.' : s[i];
	}
	out[n] = '\0';
	return true;
}

const char *rows_number(
    const struct rows *r, const struct cell *c, char buf[ROWS_NUMBER_MAX])
{
	const char *s = c->text;
	double v;

	if (s == NULL)
		return NULL;
	if (r->spec->rules.comma == 1 && !c->number) {
		if (!comma_to_point(s, buf))
			return NULL;
		s = buf;
	}
	return str_number(s, &v) ? s : NULL;
}

bool rows_is_plain(const char *s)
{
	const char *p = s + (*s == '-');
	int64_t whole;

	if (*s == '+' || (p[0] == '0' && isdigit((unsigned char)p[1])))
		return false;
	return p[strspn(p, "0123456789")] != '\0' || str_int(s, &whole);
}
