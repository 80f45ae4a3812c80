#include "diff/pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "decode/timestamp.h"

#define HEX_MIN 6
#define MIX_MIN 16
#define UUID	36

struct scan {
	const char *p, *end;
	char *dst;
	bool no_more[2]; /* no " or ' closes what is yet to come */
};

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static void put(struct scan *s, const char *text, size_t taken)
{
	size_t n = strlen(text);

	memcpy(s->dst, text, n);
	s->dst += n;
	s->p += taken;
}

static size_t run(const struct scan *s, const char *extra, int (*is)(int))
{
	const char *p = s->p;

	while (p < s->end && *p != '\0' &&
	       (is((unsigned char)*p) || strchr(extra, *p) != NULL))
		p++;
	return (size_t)(p - s->p);
}

static bool quoted(struct scan *s)
{
	size_t which = *s->p == '\'';
	const char *close;

	if ((*s->p != '"' && *s->p != '\'') || s->no_more[which])
		return false;
	close = memchr(s->p + 1, *s->p, (size_t)(s->end - s->p) - 1);
	if (close == NULL) {
		s->no_more[which] = true;
		return false;
	}
	put(s, "<text>", (size_t)(close - s->p) + 1);
	return true;
}

static bool uuid(struct scan *s)
{
	if (s->end - s->p < UUID)
		return false;
	for (int i = 0; i < UUID; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s->p[i] != '-' : !isxdigit((unsigned char)s->p[i]))
			return false;
	}
	if (s->p + UUID < s->end && word_char(s->p[UUID]))
		return false;
	put(s, "<uuid>", UUID);
	return true;
}

/* Addresses of IPv6 and of cards, and times. */
static bool colons(struct scan *s)
{
	size_t n = run(s, ":", isxdigit), found = 0, digits = 0;

	for (size_t i = 0; i < n; i++) {
		found += s->p[i] == ':';
		digits += isdigit((unsigned char)s->p[i]) != 0;
	}
	if (found < 2 || digits == 0 ||
	    (s->p + n < s->end && word_char(s->p[n])))
		return false;
	put(s, "<n>", n);
	return true;
}

static int path_char(int c)
{
	return c > ' ' && strchr("\"'<>|,;()[]{}", c) == NULL;
}

/* "/x", "C:\x" */
static bool path(struct scan *s)
{
	size_t left = (size_t)(s->end - s->p);

	if (left < 2 || !((*s->p == '/' && word_char(s->p[1])) ||
			    (left > 3 && isalpha((unsigned char)*s->p) &&
				s->p[1] == ':' && s->p[2] == '\\')))
		return false;
	put(s, "<path>", run(s, "", path_char));
	return true;
}

static bool url(struct scan *s)
{
	size_t n = run(s, "", isalpha);

	if (n == 0 || s->end - s->p < (ptrdiff_t)n + 4 ||
	    memcmp(s->p + n, "://", 3) != 0)
		return false;
	put(s, "<url>", run(s, "", path_char));
	return true;
}

/* 4.2, 1,204 and 10.0.0.1:80 are one number each. */
static void number(struct scan *s)
{
	const char *p = s->p;

	while (p < s->end && (isdigit((unsigned char)*p) ||
				 (strchr(".,:", *p) != NULL && p + 1 < s->end &&
				     isdigit((unsigned char)p[1]))))
		p++;
	put(s, "<n>", (size_t)(p - s->p));
}

static void plain(struct scan *s, size_t n)
{
	const char *end = s->p + n;

	while (s->p < end)
		if (isdigit((unsigned char)*s->p))
			number(s);
		else
			*s->dst++ = *s->p++;
}

static void word(struct scan *s)
{
	size_t n = 0, digits = 0, hex = 0;

	for (; s->p + n < s->end && word_char(s->p[n]); n++) {
		digits += isdigit((unsigned char)s->p[n]) != 0;
		hex += isxdigit((unsigned char)s->p[n]) != 0;
	}
	if ((n > 2 && s->p[0] == '0' && s->p[1] == 'x' && hex == n - 1) ||
	    (n >= HEX_MIN && hex == n && digits > 0 && digits < n))
		put(s, "<hex>", n);
	else if (n >= MIX_MIN && digits > 1 && digits < n)
		put(s, "<id>", n);
	else
		plain(s, n);
}

void pattern_of(const char *line, char *dst)
{
	struct span text = {line, strlen(line)};
	struct scan s = {.p = line + timestamp_length(text), .dst = dst};
	size_t left = text.n - (size_t)(s.p - line);
	bool within = false; /* a word goes on before this */

	if (left > PATTERN_LINE_MAX)
		left = str_whole(s.p, PATTERN_LINE_MAX);
	s.end = s.p + left;
	while (s.p < s.end) {
		if (!within && (quoted(&s) || uuid(&s) || colons(&s) ||
				   url(&s) || path(&s))) {
			within = true;
		} else if (word_char(*s.p)) {
			word(&s);
			within = true;
		} else {
			within = false;
			*s.dst++ = *s.p++;
		}
	}
	*s.dst = '\0';
}

void patterns_add(struct patterns *all, const struct log_line *line,
    const char *level, bool in_window)
{
	char text[PATTERN_MAX];
	struct gist_pattern *p;
	size_t at;

	pattern_of(line->text, text);
	if (!names_find(&all->known, text, &at)) {
		if (all->n == PATTERNS_MAX) {
			all->left_out++;
			return;
		}
		at = all->n;
		p = arena_push(all->arena, &all->items, &all->n, &all->cap);
		p->text = arena_strdup(all->arena, text);
		(void)names_add(all->arena, &all->known, p->text, at);
	}
	p = &all->items[at];
	p->source = line->source;
	p->example = line->text;
	p->level = level;
	if (in_window)
		p->n++;
	else
		p->known++;
}

static int by_count(const void *a, const void *b)
{
	const struct gist_pattern *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	if (x->known != y->known)
		return x->known < y->known ? 1 : -1;
	return strcmp(x->text, y->text);
}

void patterns_sort(struct patterns *all)
{
	if (all->n > 1)
		qsort(all->items, all->n, sizeof(*all->items), by_count);
}
