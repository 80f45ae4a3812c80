#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void strings_add(struct arena *a, struct strings *s, const char *text)
{
	*arena_push(a, &s->items, &s->n, &s->cap) = text;
}

bool str_eq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_glob(const char *pattern, const char *name)
{
	return strcmp(pattern, name) == 0 || fnmatch(pattern, name, 0) == 0;
}

bool str_glob_any(const struct strings *patterns, const char *name)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (str_glob(patterns->items[i], name))
			return true;
	return false;
}

bool str_line(struct span *rest, struct span *line)
{
	const char *end;

	if (rest->n == 0)
		return false;
	end = memchr(rest->p, '\n', rest->n);
	line->p = rest->p;
	line->n = end != NULL ? (size_t)(end - rest->p) : rest->n;
	rest->n -= line->n + (end != NULL);
	rest->p += line->n + (end != NULL);
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

struct span str_trim(struct span s)
{
	while (s.n > 0 && isspace((unsigned char)s.p[0]))
		s.p++, s.n--;
	while (s.n > 0 && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	return s;
}

bool span_eq(struct span s, const char *text)
{
	return strlen(text) == s.n && memcmp(s.p, text, s.n) == 0;
}

/* Only what a decimal number is made of; strtod() takes more. */
static bool decimal_chars(const char *s)
{
	return s[0] != '\0' && strspn(s, "0123456789+-.eE") == strlen(s);
}

bool str_number(const char *s, double *out)
{
	char *end;
	double v;

	if (!decimal_chars(s))
		return false;
	v = strtod(s, &end);
	if (*end != '\0' || end == s || !isfinite(v))
		return false;
	*out = v;
	return true;
}

bool str_real(const char *s, double *out)
{
	const char *word = s[0] == '+' || s[0] == '-' ? s + 1 : s;

	if (strcasecmp(s, "nan") == 0) {
		*out = NAN;
		return true;
	}
	if (strcasecmp(word, "inf") == 0 || strcasecmp(word, "infinity") == 0) {
		*out = s[0] == '-' ? -INFINITY : INFINITY;
		return true;
	}
	return str_number(s, out);
}

bool str_int(const char *s, int64_t *out)
{
	char *end;
	long long v;

	if (s[0] == '\0' || strspn(s, "0123456789+-") != strlen(s))
		return false;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (*end != '\0' || errno != 0)
		return false;
	*out = v;
	return true;
}

struct suffix {
	const char *name;
	double factor;
};

/* A number and one of the suffixes ("" among them, if it may be bare). */
static bool scaled(const char *s, const struct suffix *suffixes, double *out)
{
	size_t digits = strspn(s, "0123456789.");
	char number[32];
	double v;

	if (digits == 0 || digits >= sizeof(number))
		return false;
	memcpy(number, s, digits);
	number[digits] = '\0';
	if (!str_number(number, &v))
		return false;
	for (; suffixes->name != NULL; suffixes++) {
		if (strcmp(s + digits, suffixes->name) == 0) {
			*out = v * suffixes->factor;
			return true;
		}
	}
	return false;
}

bool str_duration(const char *s, double *seconds)
{
	static const struct suffix units[] = {
	    {"", 1},
	    {"ms", 0.001},
	    {"s", 1},
	    {"m", 60},
	    {"h", 3600},
	    {"d", 86400},
	    {"w", 7 * 86400},
	    {"mo", 30 * 86400},
	    {"y", 365 * 86400},
	    {NULL, 0},
	};

	return scaled(s, units, seconds);
}

bool str_size(const char *s, uint64_t *bytes)
{
	static const struct suffix units[] = {
	    {"", 1},
	    {"B", 1},
	    {"KB", 1024},
	    {"MB", 1024 * 1024},
	    {"GB", 1024.0 * 1024 * 1024},
	    {"TB", 1024.0 * 1024 * 1024 * 1024},
	    {NULL, 0},
	};
	double v;

	if (!scaled(s, units, &v) || v > 9e18)
		return false;
	*bytes = (uint64_t)v;
	return true;
}

bool str_quantity(const char *s, double *out)
{
	static const struct suffix percent[] = {{"%", 1}, {NULL, 0}};
	uint64_t bytes;

	if (str_number(s, out) || scaled(s, percent, out))
		return true;
	if (!str_size(s, &bytes))
		return str_duration(s, out);
	*out = (double)bytes;
	return true;
}

/*
 * Length of the well-formed UTF-8 character at p, 0 if there is none:
 * Unicode 15, table 3-7 (no overlong forms, no surrogates).
 */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80   ? 1
		     : p[0] < 0xc2 ? 0
		     : p[0] < 0xe0 ? 2
		     : p[0] < 0xf0 ? 3
		     : p[0] < 0xf5 ? 4
				   : 0;

	if (len == 0 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

bool str_utf8_valid(const char *s, size_t n)
{
	size_t len;

	for (; n > 0; s += len, n -= len)
		if ((len = utf8_length((const unsigned char *)s, n)) == 0)
			return false;
	return true;
}

/* How many bytes from i on are in [low, high]. */
static size_t run_of(const char *s, size_t n, size_t i, char low, char high)
{
	size_t first = i;

	while (i < n && s[i] >= low && s[i] <= high)
		i++;
	return i - first;
}

/*
 * Length of a control string (OSC, DCS, SOS, PM, APC) that begins before i:
 * up to its terminator, the next control character, or the end.
 */
static size_t string_length(const char *s, size_t n, size_t i)
{
	while (i < n && ((unsigned char)s[i] >= 0x20 || s[i] == '\t'))
		i++;
	if (i < n && s[i] == '\a')
		return i + 1;
	return i + 1 < n && s[i] == '\033' && s[i + 1] == '\\' ? i + 2 : i;
}

/*
 * Length of an ANSI escape sequence (ECMA-48), 0 if there is none. One that
 * is broken off ends where something else begins.
 */
static size_t escape_length(const char *s, size_t n)
{
	size_t i = 2;

	if (n < 2 || s[0] != '\033')
		return 0;
	if (s[1] == '[') {
		i += run_of(s, n, i, 0x20, 0x3f);
		return i + (i < n && s[i] >= 0x40 && s[i] <= 0x7e);
	}
	if (s[1] != '\0' && strchr("]PX^_", s[1]) != NULL)
		return string_length(s, n, i);
	if (s[1] < 0x20 || s[1] > 0x7e)
		return 0;
	i = 1 + run_of(s, n, 1, 0x20, 0x2f);
	return i + (i < n && s[i] >= 0x30 && s[i] <= 0x7e);
}

/*
 * What makes text read otherwise than it is written: embeddings, overrides
 * (U+202A to U+202E) and isolates (U+2066 to U+2069).
 */
static bool is_bidi(const unsigned char *p, size_t len)
{
	return len == 3 && p[0] == 0xe2 &&
	       ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
		   (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

/* C0 (but tab and line feed), DEL, C1 and what turns text around. */
static bool is_control(const unsigned char *p, size_t len)
{
	return (len == 1 && (p[0] < 0x20 || p[0] == 0x7f)) ||
	       (len == 2 && p[0] == 0xc2 && p[1] < 0xa0) || is_bidi(p, len);
}

/* How much may be copied as it is: most text is nothing else. */
static size_t plain_length(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= 0x20 && s[i] < 0x7f)
		i++;
	return i;
}

void str_clean_into(char *dst, size_t size, const char *s, size_t n)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t used = 0, skip, len;

	if (size == 0)
		return;
	for (size_t i = 0; i < n; i += skip) {
		const unsigned char *p = (const unsigned char *)s + i;
		const char *out = s + i;

		if ((skip = plain_length(out, n - i)) > 0) {
			len = size - used > skip ? skip : size - used - 1;
			memcpy(dst + used, out, len);
			used += len;
			if (len < skip)
				break;
			continue;
		}
		if ((skip = escape_length(s + i, n - i)) > 0)
			continue;
		len = skip = utf8_length(p, n - i);
		if (len == 0) {
			skip = 1;
			out = replacement;
		} else if (p[0] == '\t' || p[0] == '\n') {
			out = p[0] == '\t' ? " " : "\n";
		} else if (is_control(p, len)) {
			out = replacement;
		}
		if (out == replacement)
			len = sizeof(replacement) - 1;
		if (used + len >= size)
			break;
		memcpy(dst + used, out, len);
		used += len;
	}
	dst[used] = '\0';
}

char *str_clean(struct arena *a, const char *s, size_t n, size_t max)
{
	size_t worst = n < max / 3 ? n * 3 : max;
	char *out = arena_alloc(a, worst + 1);

	str_clean_into(out, worst + 1, s, n);
	return out;
}

bool str_is_clean(const char *s, size_t n)
{
	size_t len;

	for (; n > 0; s += len, n -= len) {
		const unsigned char *p = (const unsigned char *)s;

		len = utf8_length(p, n);
		if (len == 0 || (is_control(p, len) && p[0] != '\n'))
			return false;
	}
	return true;
}

void str_one_line(char *s)
{
	for (; *s != '\0'; s++)
		if (*s == '\n')
			*s = ' ';
}

size_t str_whole(const char *s, size_t n)
{
	size_t i = n;

	while (i > 0 && n - i < 3 && ((unsigned char)s[i - 1] & 0xc0) == 0x80)
		i--;
	if (i == 0 || (unsigned char)s[i - 1] < 0xc0)
		return n;
	return utf8_length((const unsigned char *)s + i - 1, n - i + 1) == 0
		   ? i - 1
		   : n;
}

/* Levenshtein distance of two short words, at most 63 characters. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], la = strlen(a), lb = strlen(b);

	if (la > 63 || lb > 63)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t up = row[j];
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			if (up + 1 < best)
				best = up + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = up;
			row[j] = best;
		}
	}
	return row[lb];
}

const char *str_nearest(const char *word, const struct strings *candidates)
{
	size_t limit = strlen(word) / 3 + 1, best = limit + 1;
	const char *nearest = NULL;

	for (size_t i = 0; i < candidates->n; i++) {
		size_t d = distance(word, candidates->items[i]);

		if (d < best) {
			best = d;
			nearest = candidates->items[i];
		}
	}
	return nearest;
}

char *str_slug(struct arena *a, const char *s)
{
	char *slug = arena_alloc(a, strlen(s) + 2);
	size_t n = 0;

	for (; *s != '\0' && n < STR_SLUG_MAX; s++) {
		unsigned char c = (unsigned char)tolower((unsigned char)*s);

		if (c < 0x80 && isalnum(c))
			slug[n++] = (char)c;
		else if (n > 0 && slug[n - 1] != '-')
			slug[n++] = '-';
	}
	while (n > 0 && slug[n - 1] == '-')
		n--;
	slug[n] = '\0';
	if (n == 0)
		slug[0] = 'x';
	return slug;
}

char *str_percent(struct arena *a, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, 3 * strlen(s) + 1), *p = out;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c < 0x80 && isalnum(c)) || strchr("-._~", c) != NULL) {
			*p++ = (char)c;
			continue;
		}
		*p++ = '%';
		*p++ = hex[c >> 4];
		*p++ = hex[c & 15];
	}
	*p = '\0';
	return out;
}

uint32_t str_hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}
