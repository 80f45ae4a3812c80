#include "base/mask_private.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"

/* 32 letters, none like another; so many of them, more where two are alike. */
#define LETTERS	     "0123456789abcdefghjkmnpqrstvwxyz"
#define LETTERS_N    4
#define PATTERNS_MAX 100
#define TEXT_MAX     ((size_t)64 * 1024 * 1024)

const char *const mask_kind_words[MASK_KINDS] = {
    [MASK_PATTERN] = "pattern",
    [MASK_WORD] = "word",
    [MASK_USER] = "user",
    [MASK_HOST] = "host",
    [MASK_MAIL] = "mail",
    [MASK_ADDRESS] = "address",
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
	const char *first =
	    arena_strndup(m->arena, w->text, mask_head(w->text));
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
	w.text = mask_lower(m->arena, s.p, s.n);
	w.same = same != NULL ? mask_folded(m->arena, same, strlen(same))
			      : mask_folded(m->arena, s.p, s.n);
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
		    m->arena, &m->domains, mask_folded(m->arena, s.p, s.n), 0);
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
		    m->arena, "%s-%.*s", mask_kind_words[kind], n, letters);
		if (names_add(m->arena, &m->given,
			mask_folded(m->arena, text, strlen(text)), 0))
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
						 : mask_lower(a, word, n)));
	arena_free(a);
}

const char *mask_text(struct mask *m, struct arena *a, const char *text)
{
	size_t at = 0;
	struct buf b;

	if (text == NULL || !mask_find(m, text))
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
	return text != NULL && mask_find(m, text) && m->n_found == 1 &&
	       m->found[0].from == 0 && text[m->found[0].to] == '\0';
}

const struct mask_seen *mask_seen(const struct mask *m, size_t *n)
{
	*n = m->n_seen;
	return m->seen;
}
