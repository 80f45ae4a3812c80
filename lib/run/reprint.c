#include "run/reprint.h"
#include "base/crypto.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>

#define PAGE_MAX_BYTES (256u * 1024 * 1024)
#define MARK	       "<!--kept "
#define DIGEST	       16 /* digits */

struct reprint_part {
	unsigned state;
	size_t svg_bytes;
	struct span html, whole; /* without its mark, and with it */
	char digest[DIGEST + 1];
};

static void digest(
    const char *key, const struct reprint_part *p, char out[CRYPTO_SHA256_HEX])
{
	char html[CRYPTO_SHA256_HEX], all[3 * CRYPTO_SHA256_HEX];

	crypto_sha256_hex(p->html.p, p->html.n, html);
	snprintf(all, sizeof(all), "%.64s %u %zu %s", key, p->state,
	    p->svg_bytes, html);
	crypto_sha256_hex(all, strlen(all), out);
	out[DIGEST] = '\0';
}

/* The mark at `at`, and what it stands before; false if that isn't one. */
static bool read_part(struct arena *a, struct span page, size_t at,
    const char **id, struct reprint_part *part)
{
	char name[128], line[256];
	size_t size, left = page.n - at;
	int used = 0;

	snprintf(line, sizeof(line), "%.*s",
	    (int)(left < sizeof(line) - 1 ? left : sizeof(line) - 1),
	    page.p + at);
	if (sscanf(line, MARK "%127s %u %zu %zu %16[0-9a-f]-->%n", name,
		&part->state, &part->svg_bytes, &size, part->digest,
		&used) != 5 ||
	    used == 0 || size > left - (size_t)used)
		return false;
	part->html = (struct span){page.p + at + used, size};
	part->whole = (struct span){page.p + at, (size_t)used + size};
	*id = arena_strdup(a, name);
	return true;
}

void reprint_open(struct reprint *r, struct arena *a, const char *path)
{
	const char *at, *id;
	struct err ignored;
	struct span page;

	*r = (struct reprint){0};
	if (file_read(a, path, PAGE_MAX_BYTES, &page, &ignored) != 0)
		return;
	for (size_t i = 0; i < page.n;) {
		struct reprint_part part;

		at = memmem(page.p + i, page.n - i, MARK, strlen(MARK));
		if (at == NULL)
			return;
		i = (size_t)(at - page.p);
		if (!read_part(a, page, i, &id, &part)) {
			i += strlen(MARK);
			continue;
		}
		i += part.whole.n;
		if (names_add(a, &r->ids, id, r->n))
			*arena_push(a, &r->parts, &r->n, &r->cap) = part;
	}
}

bool reprint_find(const struct reprint *r, const char *key, struct block *b)
{
	const struct reprint_part *part;
	char now[CRYPTO_SHA256_HEX];
	size_t at;

	if (!names_find(&r->ids, b->id, &at))
		return false;
	part = &r->parts[at];
	digest(key, part, now);
	if (!str_eq(now, part->digest))
		return false;
	b->state = (enum panel_state)part->state;
	b->html = part->whole;
	b->svg_bytes = part->svg_bytes;
	return true;
}

void reprint_mark(struct arena *a, const char *key, struct block *b)
{
	struct reprint_part part = {b->state, b->svg_bytes, .html = b->html};
	char sum[CRYPTO_SHA256_HEX], *text;
	size_t n;

	digest(key, &part, sum);
	text = arena_printf(a, MARK "%s %u %zu %zu %s-->", b->id, part.state,
	    b->svg_bytes, b->html.n, sum);
	n = strlen(text);
	text = memcpy(arena_alloc(a, n + b->html.n), text, n);
	memcpy(text + n, b->html.p, b->html.n);
	b->html = (struct span){text, n + b->html.n};
}
