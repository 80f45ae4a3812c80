#include "decode/text.h"

#include <string.h>

#define NUMBER_LEN 64

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

size_t text_fields(struct span line, struct span *fields, size_t max)
{
	size_t n = 0;

	for (size_t i = 0, start; i < line.n;) {
		for (; i < line.n && blank(line.p[i]); i++)
			;
		start = i;
		for (; i < line.n && !blank(line.p[i]); i++)
			;
		if (i == start)
			break;
		if (n < max)
			fields[n] = (struct span){line.p + start, i - start};
		n++;
	}
	return n;
}

/* With a NUL; false if it is too long for a number or has one inside. */
static bool terminated(struct span s, char buf[NUMBER_LEN])
{
	if (s.n == 0 || s.n >= NUMBER_LEN || memchr(s.p, '\0', s.n) != NULL)
		return false;
	memcpy(buf, s.p, s.n);
	buf[s.n] = '\0';
	return true;
}

bool text_number(struct span s, double *out)
{
	char buf[NUMBER_LEN];

	return terminated(s, buf) && str_number(buf, out);
}

bool text_int(struct span s, int64_t *out)
{
	char buf[NUMBER_LEN];

	return terminated(s, buf) && str_int(buf, out);
}

bool text_after(struct span *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->n < n || memcmp(s->p, prefix, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

struct span text_unquoted(struct span s)
{
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') &&
	    s.p[s.n - 1] == s.p[0]) {
		s.p++;
		s.n -= 2;
	}
	return s;
}
