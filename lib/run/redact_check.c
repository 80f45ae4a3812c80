#include "run/redact_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define PART_MAX 80

/* While a page is looked over. */
struct look {
	struct redact *r;
	struct mask *sought;
	struct arena *arena; /* of a text */
	struct buf text;     /* decoded */
	char part[PART_MAX];
	struct err *e;
};

/* What may stand on a page though the profile hides it elsewhere. */
static bool may_stay(const struct mask_seen *s)
{
	const char *p = s->word;

	if (s->kind == MASK_PATTERN)
		return strspn(p, "0123456789.,:- ") == strlen(p);
	while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))
		p++;
	return (s->kind == MASK_HOST || s->kind == MASK_USER) && *p == '\0';
}

static struct mask *sought(struct redact *r)
{
	struct mask *m = mask_open(r->arena, (struct span){"", 0});
	size_t n;
	const struct mask_seen *seen = mask_seen(r->mask, &n);

	for (size_t i = 0; i < n; i++)
		if (!may_stay(&seen[i]))
			mask_word(m, MASK_WORD, seen[i].word, NULL);
	return m;
}

/* One of the few that HTML is written with; its length, 0: it is none. */
static size_t entity(const char *p, size_t n, char *out)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
	    {"&quot;", '"'}, {"&#39;", '\''}, {"&#x27;", '\''}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t len = strlen(known[i].name);

		if (len <= n && memcmp(p, known[i].name, len) == 0) {
			*out = known[i].c;
			return len;
		}
	}
	return 0;
}

static int look_at(struct look *l, const char *p, size_t n)
{
	const struct mask_seen *left;
	size_t len, n_left;

	buf_reset(&l->text);
	for (size_t i = 0; i < n; i += len) {
		char c = p[i];

		len = c == '&' ? entity(p + i, n - i, &c) : 0;
		len += len == 0;
		buf_char(&l->text, c);
	}
	arena_reset(l->arena);
	(void)mask_text(l->sought, l->arena, buf_text(&l->text));
	left = mask_seen(l->sought, &n_left);
	if (n_left == 0)
		return 0;
	err_set(l->e, "profile %s hides '%.80s', but part %s shows it",
	    l->r->profile->name, left->word, l->part);
	return err_hint(
	    l->e, "a word under its keep: stays wherever it stands");
}

/* Attributes that people read, or that files and places are called by. */
static bool is_read(const char *name, size_t n)
{
	static const char *const names[] = {"id", "href", "title", "alt",
	    "aria-label", "content", "src", "for", "name"};

	if (n > 5 && memcmp(name, "data-", 5) == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == n && memcmp(names[i], name, n) == 0)
			return true;
	return false;
}

/* Between < and >. */
static int look_at_tag(struct look *l, const char *p, const char *end)
{
	const char *value, *quote;

	while ((value = memchr(p, '=', (size_t)(end - p))) != NULL) {
		const char *name = value;

		while (name > p && strchr(" \t\n", name[-1]) == NULL)
			name--;
		p = value + 1;
		if (p == end || *p != '"')
			continue;
		quote = memchr(p + 1, '"', (size_t)(end - p - 1));
		if (quote == NULL)
			return 0;
		if (is_read(name, (size_t)(value - name)) &&
		    strncmp(p + 1, "data:", 5) != 0 &&
		    look_at(l, p + 1, (size_t)(quote - p - 1)) != 0)
			return -1;
		p = quote + 1;
	}
	return 0;
}

/* The end of a tag: quoted values may hold what looks like one. */
static const char *tag_end(const char *p, const char *end)
{
	for (bool quoted = false; p < end; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '>' && !quoted)
			return p;
	}
	return end;
}

static bool is_tag(const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);

	return (size_t)(end - p) >= n && memcmp(p, name, n) == 0;
}

static void enter_part(struct look *l, const char *p, const char *end)
{
	size_t n = (size_t)(end - p);

	n = n < PART_MAX ? n : PART_MAX - 1;
	memcpy(l->part, p, n);
	l->part[n] = '\0';
}

/* What begins with <; the position after it, NULL: something is left. */
static const char *look_at_markup(
    struct look *l, const char *p, const char *end)
{
	const char *close;

	if (is_tag(p, end, "<!--")) {
		close = memmem(p, (size_t)(end - p), "-->", 3);
		close = close != NULL ? close : end;
		if (is_tag(p, end, "<!--part "))
			enter_part(l, p + 9, close);
		return look_at(l, p + 4, (size_t)(close - p - 4)) == 0 ? close
								       : NULL;
	}
	if (is_tag(p, end, "<style")) {
		close = memmem(p, (size_t)(end - p), "</style", 7);
		return close != NULL ? close : end;
	}
	close = tag_end(p, end);
	return look_at_tag(l, p + 1, close) == 0 ? close : NULL;
}

static int look_over(struct look *l, struct span html)
{
	const char *p = html.p, *end = html.p + html.n, *next;

	while (p < end) {
		if (*p == '<') {
			if ((p = look_at_markup(l, p, end)) == NULL)
				return -1;
			p += p < end && *p != '<';
			continue;
		}
		next = memchr(p, '<', (size_t)(end - p));
		next = next != NULL ? next : end;
		if (look_at(l, p, (size_t)(next - p)) != 0)
			return -1;
		p = next;
	}
	return 0;
}

int redact_check(struct redact *r, struct span html, struct err *e)
{
	struct look l = {
	    .r = r,
	    .sought = sought(r),
	    .arena = arena_new(),
	    .part = "style",
	    .e = e,
	};
	int rc;

	buf_init(&l.text, html.n + 1);
	rc = look_over(&l, html);
	buf_free(&l.text);
	arena_free(l.arena);
	mask_close(l.sought);
	return rc;
}
