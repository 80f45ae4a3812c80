#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

/*
 * All series with their names, read once and kept while nothing changes: a
 * page asks for tens of globs, and its series may be thousands.
 */
struct catalog {
	struct arena *arena;
	struct entry *entries; /* by name */
	size_t n, cap;
};

#define ENTRY                                                                  \
	"SELECT s.id, o.every, o.name, s.metric, s.unit, s.ts, s.value,"       \
	" s.created"                                                           \
	" FROM series s JOIN source o ON o.id = s.source"

const char *series_name(struct arena *a, const char *source, const char *metric)
{
	size_t head = strlen(source), tail = strlen(metric);
	char *name = arena_alloc(a, head + tail + 2);

	memcpy(name, source, head + 1);
	name[head] = '/';
	memcpy(name + head + 1, metric, tail + 1);
	return name;
}

static struct entry read_entry(struct arena *a, const struct db_stmt *s)
{
	const char *source = arena_strdup(a, db_text(s, 2));
	const char *name = series_name(a, source, db_text(s, 3));

	return (struct entry){
	    .id = db_int(s, 0),
	    .every = db_int(s, 1),
	    .ts = db_int(s, 5),
	    .value = db_real(s, 6),
	    .created = db_int(s, 7),
	    .name = name,
	    .source = source,
	    .metric = name + strlen(source) + 1,
	    .unit = arena_strdup(a, db_text(s, 4)),
	};
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* They most often are in order. */
static void sort(struct entry *entries, size_t n)
{
	size_t i = 1;

	while (i < n && by_name(&entries[i - 1], &entries[i]) <= 0)
		i++;
	if (i < n)
		qsort(entries, n, sizeof(*entries), by_name);
}

void catalog_forget(struct store *st)
{
	if (st->catalog == NULL)
		return;
	arena_free(st->catalog->arena);
	free(st->catalog);
	st->catalog = NULL;
}

static int load(struct store *st, struct catalog *c, struct err *e)
{
	static const char sql[] = ENTRY " ORDER BY o.name, s.metric";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(c->arena, &c->entries, &c->n, &c->cap) =
		    read_entry(c->arena, s);
	sort(c->entries, c->n);
	return rc;
}

static int freshen(struct store *st, struct err *e)
{
	if (st->catalog != NULL)
		return 0;
	st->catalog = calloc(1, sizeof(*st->catalog));
	if (st->catalog == NULL)
		return err_set(e, "%s: out of memory", st->path);
	st->catalog->arena = arena_new();
	return load(st, st->catalog, e);
}

/* A bracket or a backslash may just as well be part of a name. */
static bool is_wild(const char *glob)
{
	return strpbrk(glob, "*?[\\") != NULL;
}

struct matches {
	struct arena *arena;
	struct entry *entries;
	size_t n, cap;
};

/* A name leads to its row by the index. */
static int add_exact(
    struct store *st, const char *name, struct matches *m, struct err *e)
{
	static const char sql[] = ENTRY " WHERE o.name = ? AND s.metric = ?";
	const char *slash = strchr(name, '/');
	struct db_stmt *s;
	int rc;

	if (slash == NULL)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_text(
	    s, 1, arena_strndup(m->arena, name, (size_t)(slash - name)));
	db_bind_text(s, 2, slash + 1);
	while ((rc = db_step(s, e)) == 1)
		*arena_push(m->arena, &m->entries, &m->n, &m->cap) =
		    read_entry(m->arena, s);
	return rc;
}

static struct entry copy(struct arena *a, const struct entry *from)
{
	struct entry to = *from;

	to.name = arena_strdup(a, from->name);
	to.source = arena_strdup(a, from->source);
	to.metric = to.name + (from->metric - from->name);
	to.unit = arena_strdup(a, from->unit);
	return to;
}

static int add_wild(struct store *st, const struct strings *globs,
    struct matches *m, struct err *e)
{
	if (freshen(st, e) != 0)
		return -1;
	for (size_t i = 0; i < st->catalog->n; i++)
		if (str_glob_any(globs, st->catalog->entries[i].name))
			*arena_push(m->arena, &m->entries, &m->n, &m->cap) =
			    copy(m->arena, &st->catalog->entries[i]);
	return 0;
}

static void sort_and_unite(struct matches *m)
{
	size_t n = 0;

	sort(m->entries, m->n);
	for (size_t i = 0; i < m->n; i++)
		if (n == 0 || m->entries[n - 1].id != m->entries[i].id)
			m->entries[n++] = m->entries[i];
	m->n = n;
}

int catalog_match(struct store *st, struct arena *a,
    const struct strings *globs, struct entry **out, size_t *n, struct err *e)
{
	struct matches m = {.arena = a};
	bool wild = false;

	for (size_t i = 0; i < globs->n; i++) {
		wild |= is_wild(globs->items[i]);
		if (add_exact(st, globs->items[i], &m, e) != 0)
			return -1;
	}
	if (wild && add_wild(st, globs, &m, e) != 0)
		return -1;
	sort_and_unite(&m);
	*out = m.entries;
	*n = m.n;
	return 0;
}
