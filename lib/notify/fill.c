#include "notify/fill.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

#define VALUE_MAX (256 * 1024)

/* The next "{word}" of a text: its begin and the length of the word. */
static const char *next_word(const char *text, size_t *n)
{
	for (; (text = strchr(text, '{')) != NULL; text++) {
		*n = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_");
		if (*n > 0 && text[1 + *n] == '}')
			return text;
	}
	return NULL;
}

static const struct fill_value *find(
    const struct fill *f, const char *word, size_t n)
{
	for (size_t i = 0; i < f->n; i++)
		if (strlen(f->values[i].name) == n &&
		    memcmp(f->values[i].name, word, n) == 0)
			return &f->values[i];
	return NULL;
}

static void put_entities(const char *s, struct buf *out)
{
	for (; *s != '\0'; s++)
		if (*s == '&')
			buf_str(out, "&amp;");
		else if (*s == '<')
			buf_str(out, "&lt;");
		else if (*s == '>')
			buf_str(out, "&gt;");
		else
			buf_char(out, *s);
}

/* Within quotes that are there already. */
static void put_json(const char *s, struct buf *out)
{
	struct buf quoted;

	buf_init(&quoted, 8 * VALUE_MAX);
	json_text(s, &quoted);
	if (quoted.len > 2)
		buf_add(out, quoted.data + 1, quoted.len - 2);
	out->failed |= quoted.failed;
	buf_free(&quoted);
}

static void put_percent(const char *s, struct buf *out)
{
	struct arena *a = arena_new();

	buf_str(out, str_percent(a, s));
	arena_free(a);
}

static void put_header(const char *s, struct buf *out)
{
	for (; *s != '\0'; s++)
		buf_char(out, *s < 0x20 || *s > 0x7e ? '?' : *s);
}

static void put(const struct fill *f, const char *s, struct buf *out)
{
	switch (f->as) {
	case FILL_TEXT:
		buf_str(out, s);
		break;
	case FILL_JSON:
		put_json(s, out);
		break;
	case FILL_FORM:
		put_percent(s, out);
		break;
	case FILL_HEADER:
		put_header(s, out);
		break;
	}
}

static void put_value(
    const struct fill *f, const struct fill_value *v, struct buf *out)
{
	struct buf text;

	if (v->raw && f->as != FILL_FORM) {
		buf_str(out, v->value);
		return;
	}
	buf_init(&text, 5 * VALUE_MAX);
	if (f->entities)
		put_entities(v->value, &text);
	else
		buf_str(&text, v->value);
	put(f, buf_text(&text), out);
	buf_free(&text);
}

void fill_in(const struct fill *f, const char *text, struct buf *out)
{
	const struct fill_value *v;
	const char *at;
	size_t n;

	for (; (at = next_word(text, &n)) != NULL; text = at + n + 2) {
		buf_add(out, text, (size_t)(at - text));
		v = find(f, at + 1, n);
		if (v != NULL)
			put_value(f, v, out);
		else
			buf_add(out, at, n + 2);
	}
	buf_str(out, text);
}

bool fill_has(const char *text, const char *name)
{
	const char *at;
	size_t n;

	for (; (at = next_word(text, &n)) != NULL; text = at + n + 2)
		if (strlen(name) == n && memcmp(at + 1, name, n) == 0)
			return true;
	return false;
}

void fill_check(const struct fill *f, const char *text, const char *key,
    const struct node *node, struct faults *faults)
{
	struct strings known = {0};
	const char *at, *near;
	size_t n;

	for (size_t i = 0; i < f->n; i++)
		strings_add(faults->arena, &known, f->values[i].name);
	for (; (at = next_word(text, &n)) != NULL; text = at + n + 2) {
		const char *word = arena_strndup(faults->arena, at + 1, n);

		if (find(f, at + 1, n) != NULL)
			continue;
		near = str_nearest(word, &known);
		fault_at(faults, node, "%s: nothing is known as {%.80s}%s%s%s",
		    key, word, near != NULL ? "; did you mean {" : "",
		    near != NULL ? near : "", near != NULL ? "}?" : "");
	}
}
