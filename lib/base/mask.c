#include "base/mask.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/mask_address.h"
#include "base/mask_regex.h"
#include "base/names.h"

/* 32 letters, none like another; so many of them, more where two are alike. */
#define LETTERS	     "0123456789abcdefghjkmnpqrstvwxyz"
#define LETTERS_N    4
#define PATTERNS_MAX 100
#define WORD_MAX     256 /* that could be a host or a pseudonym */
#define TEXT_MAX     ((size_t)64 * 1024 * 1024)

static const char *const kind_words[MASK_KINDS] = {
    [MASK_PATTERN] = "pattern",
    [MASK_WORD] = "word",
    [MASK_USER] = "user",
    [MASK_HOST] = "host",
    [MASK_MAIL] = "mail",
    [MASK_ADDRESS] = "address",
};

struct word {
	enum mask_kind kind;
	const char *text; /* in small letters */
	const char *same;
	size_t n;
	size_t next; /* with the same first part, + 1; or 0 */
	bool spared;
};

struct match {
	size_t from, to;
	enum mask_kind kind;
	bool spared;
	const char *same; /* that its pseudonym is made from */
};

struct mask {
	struct arena *arena;
	struct span key;
	struct word *words;
	size_t n_words, cap_words;
	struct names known; /* words */
	struct names heads; /* their first parts */
	size_t *foreign;    /* words with letters beyond ASCII */
	size_t n_foreign, cap_foreign;
	struct names domains;
	bool addresses;
	regex_t *patterns;
	size_t n_patterns;

	struct names given;   /* pseudonyms: who has it */
	struct names by_word; /* "KIND WORD": its pseudonym */
	const char **pseudonyms;
	size_t n_pseudonyms, cap_pseudonyms;
	struct mask_seen *seen;
	size_t n_seen, cap_seen;
	struct names seen_words;

	struct match *found; /* in the text at hand */
	size_t n_found, cap_found;
};

struct mask *mask_open(struct arena *a, struct span key)
{
	struct mask *m = arena_make(a, struct mask);

	m->arena = a;
	m->key = (struct span){arena_strndup(a, key.p, key.n), key.n};
	m->patterns = arena_array(a, PATTERNS_MAX, sizeof(*m->patterns));
	return m;
}

void mask_close(struct mask *m)
{
	for (size_t i = 0; m != NULL && i < m->n_patterns; i++)
		regfree(&m->patterns[i]);
	if (m != NULL)
		m->n_patterns = 0;
}

static char *lower(struct arena *a, const char *s, size_t n)
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

static const char *folded(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1);

	fold(copy, s, n);
	return copy;
}

/* The letters at the start of a text. */
static size_t head(const char *s)
{
	size_t n = 0;

	while (mask_is_letter(s[n]))
		n++;
	return n;
}

static struct span letters_of(const char *s)
{
	struct span t = {s, strlen(s)};

	while (t.n > 0 && !mask_is_letter(t.p[0])) {
		t.p++;
		t.n--;
	}
	while (t.n > 0 && !mask_is_letter(t.p[t.n - 1]))
		t.n--;
	return t;
}

static bool is_foreign(const char *s)
{
	while (*s != '\0' && (unsigned char)*s < 0x80)
		s++;
	return *s != '\0';
}

static void add_word(struct mask *m, const struct word *w)
{
	const char *first = arena_strndup(m->arena, w->text, head(w->text));
	struct word *added;
	size_t at = m->n_words, other;

	if (!names_add(m->arena, &m->known, w->text, at))
		return;
	added = arena_push(m->arena, &m->words, &m->n_words, &m->cap_words);
	*added = *w;
	if (is_foreign(w->text)) {
		*arena_push(
		    m->arena, &m->foreign, &m->n_foreign, &m->cap_foreign) = at;
	} else if (!names_add(m->arena, &m->heads, first, at)) {
		names_find(&m->heads, first, &other);
		added->next = m->words[other].next;
		m->words[other].next = at + 1;
	}
}

static void add(struct mask *m, enum mask_kind kind, const char *word,
    const char *same, bool spared)
{
	struct span s = letters_of(word);
	struct word w = {.kind = kind, .n = s.n, .spared = spared};

	if (s.n == 0)
		return;
	w.text = lower(m->arena, s.p, s.n);
	w.same = same != NULL ? folded(m->arena, same, strlen(same))
			      : folded(m->arena, s.p, s.n);
	add_word(m, &w);
}

void mask_word(
    struct mask *m, enum mask_kind kind, const char *word, const char *same)
{
	add(m, kind, word, same, false);
}

void mask_spare(struct mask *m, const char *word)
{
	add(m, MASK_WORD, word, NULL, true);
}

void mask_domain(struct mask *m, const char *domain)
{
	struct span s = letters_of(domain);

	if (s.n > 0)
		(void)names_add(
		    m->arena, &m->domains, folded(m->arena, s.p, s.n), 0);
	mask_word(m, MASK_HOST, domain, NULL);
}

void mask_addresses(struct mask *m)
{
	m->addresses = true;
}

int mask_pattern(struct mask *m, const char *regex, struct err *e)
{
	regex_t *re = &m->patterns[m->n_patterns];

	if (m->n_patterns == PATTERNS_MAX)
		return err_set(e, "more than %d patterns", PATTERNS_MAX);
	if (mask_regex(re, regex, e) != 0)
		return -1;
	m->n_patterns++;
	if (regexec(re, "", 0, NULL, 0) == 0)
		return err_set(
		    e, "pattern '%.80s': it matches nothing at all", regex);
	return 0;
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
		n = head(p);
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
			found(m, text, p, n, MASK_HOST, folded(m->arena, p, n));
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
			lower(m->arena, from, (size_t)(sign - from)),
			lower(m->arena, sign + sign_n,
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

static void find_matches(struct mask *m, const char *text, const regex_t *re)
{
	const char *p = text;
	regmatch_t at;

	while (*p != '\0' &&
	       regexec(re, p, 1, &at, p == text ? 0 : REG_NOTBOL) == 0) {
		size_t n = (size_t)(at.rm_eo - at.rm_so);

		p += at.rm_so;
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
		size_t n = strlen(kind_words[k]);

		if (strncmp(p, kind_words[k], n) != 0 || p[n] != '-')
			continue;
		n += 1 + head(p + n + 1);
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

static bool find(struct mask *m, const char *text)
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

/* The shortest that nobody else has. */
static const char *make(struct mask *m, enum mask_kind kind, const char *name)
{
	unsigned char sum[CRYPTO_SHA1_SIZE];
	char letters[CRYPTO_SHA1_SIZE + 1];
	const char *text = NULL;

	crypto_hmac_sha1(m->key, (struct span){name, strlen(name)}, sum);
	for (size_t i = 0; i < CRYPTO_SHA1_SIZE; i++)
		letters[i] = LETTERS[sum[i] % 32];
	for (int n = LETTERS_N; n <= CRYPTO_SHA1_SIZE; n++) {
		text = arena_printf(
		    m->arena, "%s-%.*s", kind_words[kind], n, letters);
		if (names_add(m->arena, &m->given,
			folded(m->arena, text, strlen(text)), 0))
			break;
	}
	return text;
}

static const char *pseudonym(
    struct mask *m, enum mask_kind kind, const char *word)
{
	const char *name = arena_printf(m->arena, "%d %s", (int)kind, word);
	size_t at = m->n_pseudonyms;

	if (names_add(m->arena, &m->by_word, name, at))
		*arena_push(m->arena, &m->pseudonyms, &m->n_pseudonyms,
		    &m->cap_pseudonyms) = make(m, kind, name);
	else
		names_find(&m->by_word, name, &at);
	return m->pseudonyms[at];
}

static void remember(struct mask *m, enum mask_kind kind, const char *word)
{
	if (names_add(m->arena, &m->seen_words, word, m->n_seen))
		*arena_push(m->arena, &m->seen, &m->n_seen, &m->cap_seen) =
		    (struct mask_seen){kind, word};
}

static void put(
    struct mask *m, const char *text, const struct match *x, struct buf *b)
{
	struct arena *a = arena_new();
	size_t n = x->to - x->from;
	char *word = arena_strndup(a, text + x->from, n);

	if (!names_find(&m->seen_words, word, NULL))
		remember(m, x->kind, arena_strdup(m->arena, word));
	buf_str(b, pseudonym(m, x->kind,
		       x->same != NULL		 ? x->same
		       : x->kind == MASK_PATTERN ? word
						 : lower(a, word, n)));
	arena_free(a);
}

const char *mask_text(struct mask *m, struct arena *a, const char *text)
{
	size_t at = 0;
	struct buf b;

	if (text == NULL || !find(m, text))
		return text;
	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < m->n_found; i++) {
		buf_add(&b, text + at, m->found[i].from - at);
		put(m, text, &m->found[i], &b);
		at = m->found[i].to;
	}
	buf_str(&b, text + at);
	text = arena_strndup(a, buf_text(&b), b.len);
	buf_free(&b);
	return text;
}

bool mask_is_match(struct mask *m, const char *text)
{
	return text != NULL && find(m, text) && m->n_found == 1 &&
	       m->found[0].from == 0 && text[m->found[0].to] == '\0';
}

const struct mask_seen *mask_seen(const struct mask *m, size_t *n)
{
	*n = m->n_seen;
	return m->seen;
}
