#include "run/plan_each.h"

#include <string.h>

#include "base/file.h"

#define FILE_BYTES_MAX (16 * 1024 * 1024)

static struct each_member *add_member(
    struct each *each, const struct node *at, struct faults *faults)
{
	struct each_member *m;

	if (each->n == EACH_MAX) {
		fault_at(faults, at, "each: more than %d", EACH_MAX);
		return NULL;
	}
	m = arena_push(faults->arena, &each->members, &each->n, &each->cap);
	m->n = 0;
	m->words =
	    arena_array(faults->arena, EACH_COLUMNS_MAX, sizeof(struct node *));
	return m;
}

static bool list(const struct node *n, struct each *each, struct faults *faults)
{
	for (size_t i = 0; i < n->n; i++) {
		struct each_member *m;

		if (n->items[i]->kind != NODE_SCALAR) {
			fault_at(
			    faults, n->items[i], "each: a word is wanted here");
			return false;
		}
		if ((m = add_member(each, n, faults)) == NULL)
			return false;
		m->words[m->n++] = n->items[i];
	}
	return true;
}

/* The next word of a line; false at its end or at a comment. */
static bool next_word(struct span *rest, struct span *word)
{
	while (rest->n > 0 && (*rest->p == ' ' || *rest->p == '\t')) {
		rest->p++;
		rest->n--;
	}
	*word = (struct span){rest->p, 0};
	while (word->n < rest->n && word->p[word->n] != ' ' &&
	       word->p[word->n] != '\t')
		word->n++;
	rest->p += word->n;
	rest->n -= word->n;
	return word->n > 0 && word->p[0] != '#';
}

/* The place of what is read from a file is in that file. */
static struct node *word_node(struct faults *faults, const struct node *line,
    const char *start, struct span word)
{
	struct node *n = node_new(faults->arena, line, NODE_SCALAR,
	    arena_strndup(faults->arena, word.p, word.n));

	n->col = (int)(word.p - start) + 1;
	return n;
}

static bool add_line(struct each *each, const struct node *at, struct span text,
    struct faults *faults)
{
	struct each_member *m = NULL;
	struct span rest = text, word;

	if (!str_is_clean(text.p, text.n) &&
	    memchr(text.p, '\t', text.n) == NULL) {
		fault_at(faults, at, "each: not clean text");
		return false;
	}
	while (next_word(&rest, &word)) {
		if (m == NULL && (m = add_member(each, at, faults)) == NULL)
			return false;
		if (m->n == EACH_COLUMNS_MAX) {
			fault_at(faults, at, "each: more than %d words",
			    EACH_COLUMNS_MAX);
			return false;
		}
		m->words[m->n++] = word_node(faults, at, text.p, word);
	}
	if (m != NULL && each->columns != NULL && m->n < each->columns->n) {
		fault_at(faults, at,
		    "each: %zu words, but there are %zu columns", m->n,
		    each->columns->n);
		return false;
	}
	return true;
}

static bool file(const struct node *n, struct each *each, struct faults *faults)
{
	struct arena *a = faults->arena;
	const char *path = file_resolve(a, file_dir(a, n->file), n->text);
	struct span text, line;
	struct err e;
	struct node at;

	if (file_read(a, path, FILE_BYTES_MAX, &text, &e) != 0) {
		fault_at(faults, n, "each: %s", e.text);
		return false;
	}
	at = *node_new(a, n, NODE_SCALAR, "");
	at.file = path;
	at.line = 0;
	at.col = 1;
	while (str_line(&text, &line)) {
		at.line++;
		if (!add_line(each, &at, line, faults))
			return false;
	}
	if (each->n == 0)
		fault_at(faults, n, "each: no words in %s", path);
	return each->n > 0;
}

static bool mapping(
    const struct node *n, struct each *each, struct faults *faults)
{
	const struct node *f = node_get(n, "file");

	each->columns = node_get(n, "columns");
	if (f == NULL || f->kind != NODE_SCALAR ||
	    n->n != 1 + (each->columns != NULL) ||
	    (each->columns != NULL &&
		(each->columns->kind != NODE_LIST ||
		    each->columns->n > EACH_COLUMNS_MAX))) {
		fault_at(faults, n,
		    "each: {file: …, columns: [name, …]} is wanted here");
		return false;
	}
	return file(f, each, faults);
}

bool plan_each(const struct node *n, struct each *each, struct faults *faults)
{
	*each = (struct each){0};
	if (n->kind == NODE_LIST)
		return list(n, each, faults);
	if (n->kind == NODE_MAP)
		return mapping(n, each, faults);
	if (n->text[0] != '\0')
		return file(n, each, faults);
	fault_at(
	    faults, n, "each: a list, or the name of a file, is wanted here");
	return false;
}

struct node *each_replace(struct arena *a, const struct node *n,
    const struct each *each, const struct each_member *m)
{
	struct node *copy = node_replace(a, n, "each", m->words[0]->text);

	for (size_t i = 1; i < m->n; i++)
		copy = node_replace(
		    a, copy, arena_printf(a, "%zu", i + 1), m->words[i]->text);
	for (size_t i = 0; each->columns != NULL && i < each->columns->n; i++)
		copy = node_replace(
		    a, copy, each->columns->items[i]->text, m->words[i]->text);
	return copy;
}
