#include "base/mask_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 256 /* that could be a host or a pseudonym */

char *mask_lower(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_strndup(a, s, n);

	for (char *p = copy; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

/* As it is compared: in small letters, and whatever is none is a dot. */
static void fold(char *to, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = mask_is_letter(s[i])
			    ? (char)tolower((unsigned char)s[i])
			    : '.';
	to[n] = '\0';
}

const char *mask_folded(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1);

	fold(copy, s, n);
	return copy;
}

/* The letters at the start of a text. */
size_t mask_head(const char *s)
{
	size_t n = 0;

	while (mask_is_letter(s[n]))
		n++;
	return n;
}

static void found(struct mask *m, const char *text, const char *from, size_t n,
    enum mask_kind kind, const char *same)
{
	size_t at = (size_t)(from - text);

	*arena_push(m->arena, &m->found, &m->n_found, &m->cap_found) =
	    (struct match){
		.from = at, .to = at + n, .kind = kind, .same = same};
}

static void found_word(
    struct mask *m, const char *text, const char *from, const struct word *w)
{
	found(m, text, from, w->n, w->kind, w->same);
	m->found[m->n_found - 1].spared = w->spared;
}

/* What is between the letters of a word may be anything: db1_example_net. */
static bool is_there(const struct word *w, const char *text)
{
	for (size_t i = 0; i < w->n; i++) {
		if (text[i] == '\0')
			return false;
		if (mask_is_letter(w->text[i])
			? tolower((unsigned char)text[i]) !=
			      (unsigned char)w->text[i]
			: mask_is_letter(text[i]))
			return false;
	}
	return !mask_is_letter(text[w->n]);
}

static const struct word *longest(
    const struct mask *m, size_t at, const char *text)
{
	const struct word *best = NULL;

	for (size_t i = at + 1; i > 0; i = m->words[i - 1].next) {
		const struct word *w = &m->words[i - 1];

		if ((best == NULL || w->n > best->n) && is_there(w, text))
			best = w;
	}
	return best;
}

/* Whoever is longer than any word is in no set. */
static bool is_in(const struct names *set, const char *s, size_t n, size_t *at)
{
	char text[WORD_MAX];

	if (n == 0 || n >= sizeof(text))
		return false;
	fold(text, s, n);
	return names_find(set, text, at);
}

static void find_words(struct mask *m, const char *text)
{
	const struct word *w;
	size_t at, n;

	for (const char *p = text; *p != '\0'; p += n > 0 ? n : 1) {
		n = mask_head(p);
		if (!is_in(&m->heads, p, n, &at))
			continue;
		if ((w = longest(m, at, p)) == NULL)
			continue;
		found_word(m, text, p, w);
		n = w->n;
	}
	for (size_t i = 0; i < m->n_foreign; i++) {
		w = &m->words[m->foreign[i]];
		for (const char *p = text; (p = strcasestr(p, w->text)) != NULL;
		     p += w->n)
			found_word(m, text, p, w);
	}
}

static bool in_host(char c)
{
	return mask_is_letter(c) || c == '.' || c == '-' || c == '_';
}

static void find_below(
    struct mask *m, const char *text, const char *p, size_t n)
{
	for (size_t i = 1; i + 1 < n; i++)
		if (!mask_is_letter(p[i]) &&
		    is_in(&m->domains, p + i + 1, n - i - 1, NULL)) {
			found(m, text, p, n, MASK_HOST,
			    mask_folded(m->arena, p, n));
			return;
		}
}

/* Names that end in a domain, whatever is before it. */
static void find_hosts(struct mask *m, const char *text)
{
	size_t n, whole;

	if (m->domains.n == 0)
		return;
	for (const char *p = text; *p != '\0'; p += n > 0 ? n : 1) {
		for (n = 0; in_host(p[n]);)
			n++;
		for (whole = n; whole > 0 && !mask_is_letter(p[whole - 1]);)
			whole--;
		find_below(m, text, p, whole);
	}
}

static size_t find_address(struct mask *m, const char *text, const char *p)
{
	static size_t (*const forms[])(const char *, const char *, char *) = {
	    mask_ipv6, mask_mac, mask_ipv4};
	char canon[MASK_ADDRESS_MAX];

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t n = forms[i](text, p, canon);

		if (n == 0)
			continue;
		found(
		    m, text, p, n, MASK_ADDRESS, arena_strdup(m->arena, canon));
		return n;
	}
	return 0;
}

static void find_mail(
    struct mask *m, const char *text, const char *sign, size_t sign_n)
{
	const char *from;
	size_t n = mask_mail(text, sign, sign_n, &from);

	if (n > 0)
		found(m, text, from, n, MASK_MAIL,
		    arena_printf(m->arena, "%s@%s",
			mask_lower(m->arena, from, (size_t)(sign - from)),
			mask_lower(m->arena, sign + sign_n,
			    n - (size_t)(sign - from) - sign_n)));
}

static void find_addresses(struct mask *m, const char *text)
{
	size_t n;

	for (const char *p = text; *p != '\0'; p += n > 0 ? n : 1) {
		n = 0;
		if (isxdigit((unsigned char)*p) || *p == ':')
			n = find_address(m, text, p);
		else if (*p == '@')
			find_mail(m, text, p, 1);
		else if (strncmp(p, "%40", 3) == 0)
			find_mail(m, text, p, 3);
	}
}

/* Of a letter of several bytes a dot may have matched one. */
static size_t whole_letters(const char *text, const char **from, size_t n)
{
	const char *to = *from + n;

	while (*from > text && ((unsigned char)**from & 0xc0) == 0x80)
		(*from)--;
	while (((unsigned char)*to & 0xc0) == 0x80)
		to++;
	return (size_t)(to - *from);
}

static void find_matches(struct mask *m, const char *text, const regex_t *re)
{
	const char *p = text;
	regmatch_t at;

	while (*p != '\0' &&
	       regexec(re, p, 1, &at, p == text ? 0 : REG_NOTBOL) == 0) {
		size_t n = (size_t)(at.rm_eo - at.rm_so);

		p += at.rm_so;
		n = n > 0 ? whole_letters(text, &p, n) : 0;
		if (n > 0)
			found(m, text, p, n, MASK_PATTERN, NULL);
		else if (*p == '\0')
			return;
		p += n > 0 ? n : 1;
	}
}

/* "host-4k7q": a kind, and letters that were given to someone. */
static size_t pseudonym_length(const struct mask *m, const char *p)
{
	for (size_t k = 0; k < MASK_KINDS; k++) {
		size_t n = strlen(mask_kind_words[k]);

		if (!str_starts(p, mask_kind_words[k]) || p[n] != '-')
			continue;
		n += 1 + mask_head(p + n + 1);
		if (is_in(&m->given, p, n, NULL))
			return n;
	}
	return 0;
}

/* Pseudonyms that are in the text already stay as they are. */
static void find_given(struct mask *m, const char *text)
{
	for (const char *p = text; m->given.n > 0 && *p != '\0'; p++) {
		size_t n = p > text && mask_is_letter(p[-1])
			       ? 0
			       : pseudonym_length(m, p);

		if (n == 0)
			continue;
		found(m, text, p, n, MASK_KINDS, NULL);
		m->found[m->n_found - 1].spared = true;
	}
}

static int by_place(const void *x, const void *y)
{
	const struct match *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to > b->to ? -1 : 1;
	if (a->spared != b->spared)
		return a->spared ? -1 : 1;
	return (int)b->kind - (int)a->kind;
}

/*
 * What overlaps becomes one, called after the longest of them; what is within
 * a word that is spared is spared.
 */
static void join(struct mask *m)
{
	struct match *all = m->found, *last;
	size_t kept = 0;

	if (m->n_found > 1)
		qsort(all, m->n_found, sizeof(*all), by_place);
	for (size_t i = 0; i < m->n_found; i++) {
		last = kept > 0 ? &all[kept - 1] : NULL;
		if (last == NULL || all[i].from >= last->to) {
			all[kept++] = all[i];
			continue;
		}
		if (all[i].to <= last->to)
			continue;
		if (all[i].to - all[i].from > last->to - last->from)
			last->kind = all[i].kind;
		last->to = all[i].to;
		last->same = NULL;
		last->spared = false;
	}
	m->n_found = kept;
}

bool mask_find(struct mask *m, const char *text)
{
	size_t kept = 0;

	m->n_found = 0;
	find_given(m, text);
	find_words(m, text);
	find_hosts(m, text);
	if (m->addresses)
		find_addresses(m, text);
	for (size_t i = 0; i < m->n_patterns; i++)
		find_matches(m, text, &m->patterns[i]);
	join(m);
	for (size_t i = 0; i < m->n_found; i++)
		if (!m->found[i].spared)
			m->found[kept++] = m->found[i];
	m->n_found = kept;
	return kept > 0;
}
