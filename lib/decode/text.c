#include "decode/text.h"

#include "model/reading.h"

#include <string.h>

#define NUMBER_LEN  64
#define EXCERPT_LEN 80

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

bool text_quantity(struct span s, double *out, const char **unit)
{
	static const struct {
		const char *word, *unit;
		double factor;
	} units[] = {
	    {"", "", 1},
	    {"%", UNIT_PERCENT, 1},
	    {"B", UNIT_BYTES, 1},
	    {"bytes", UNIT_BYTES, 1},
	    {"kB", UNIT_BYTES, 1024},
	    {"KB", UNIT_BYTES, 1024},
	    {"KiB", UNIT_BYTES, 1024},
	    {"MB", UNIT_BYTES, 1024.0 * 1024},
	    {"MiB", UNIT_BYTES, 1024.0 * 1024},
	    {"GB", UNIT_BYTES, 1024.0 * 1024 * 1024},
	    {"GiB", UNIT_BYTES, 1024.0 * 1024 * 1024},
	    {"s", UNIT_SECONDS, 1},
	    {"sec", UNIT_SECONDS, 1},
	    {"seconds", UNIT_SECONDS, 1},
	    {"ms", UNIT_SECONDS, 0.001},
	};
	struct span number = str_trim(s), word;
	size_t n = 0;

	while (n < number.n && strchr("+-.0123456789", number.p[n]) != NULL &&
	       number.p[n] != '\0')
		n++;
	if (text_number(number, out)) {
		*unit = "";
		return true;
	}
	word = str_trim((struct span){number.p + n, number.n - n});
	number.n = n;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!span_eq(word, units[i].word))
			continue;
		*unit = units[i].unit;
		if (!text_number(number, out))
			return false;
		*out *= units[i].factor;
		return true;
	}
	return false;
}

const char *text_metric(struct arena *a, struct span s)
{
	char *name = str_slug(a, str_clean(a, s.p, s.n, READING_NAME_MAX / 2));

	for (char *p = name; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

const char *text_excerpt(struct arena *a, struct span s)
{
	char *text = str_clean(a, s.p, s.n, EXCERPT_LEN);

	for (char *p = text; *p != '\0'; p++)
		if (*p == '\n')
			*p = ' ';
	return text;
}
