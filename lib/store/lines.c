#include "store/linepack.h"
#include "store/pack.h"

#include <stdlib.h>

static int append_gap(
    struct store *st, int64_t source, const struct delivery *d, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO line_gap (ts, source, n) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET n = n + ?3";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, d->now);
	db_bind_int(s, 2, source);
	db_bind_int(s, 3, (int64_t)d->readings->lines_left_out);
	return db_run(s, e);
}

int lines_append(struct store *st, const struct source_row *source,
    const struct delivery *d, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO line (source, ts, text) VALUES (?, ?, ?)";
	const struct readings *r = d->readings;
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	for (size_t i = 0; i < r->n_lines; i++) {
		int64_t ts = r->lines[i].ts;

		db_reset(s);
		db_bind_int(s, 1, source->id);
		db_bind_int(s, 2, store_time_ok(ts, d->now) ? ts : d->now);
		db_bind_text(s, 3, r->lines[i].text);
		st->appended++;
		if (db_run(s, e) != 0)
			return -1;
	}
	return r->lines_left_out == 0 ? 0 : append_gap(st, source->id, d, e);
}

/* A line before its text is fetched. */
struct found {
	int64_t id, ts;
	int64_t place; /* in the order of time: see arrange() */
	const char *source;
	const char *text; /* NULL: in its row */
};

struct search {
	struct arena *arena, *scratch;
	const struct strings *sources;
	int64_t from, to;
	size_t max;
	size_t first; /* of those found: the first of the source */
	struct found *found;
	size_t n, cap;
	size_t total;
	struct log_line *lines;
};

static int newest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? 1 : -1;
	return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

static int as_they_came(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/*
 * Lines of one source stay in the order in which they came, whatever its
 * clock did: one whose time is before its predecessor's is placed at that.
 */
static void arrange(struct found *f, size_t n)
{
	int64_t place = INT64_MIN;

	if (n > 1)
		qsort(f, n, sizeof(*f), as_they_came);
	for (size_t i = 0; i < n; i++) {
		place = f[i].ts > place ? f[i].ts : place;
		f[i].place = place;
	}
}

static int later_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? 1 : -1;
	return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

/* The newest of one source stay. */
static void tidy(struct search *q)
{
	size_t n = q->n - q->first;

	if (n > 1)
		qsort(q->found + q->first, n, sizeof(*q->found), later_first);
	if (n > q->max)
		q->n = q->first + q->max;
}

static int find_rows(struct store *st, struct search *q, int64_t source,
    const char *name, struct err *e)
{
	static const char sql[] =
	    "SELECT ts, id FROM line WHERE source = ? AND ts BETWEEN ? AND ?"
	    " ORDER BY ts DESC, id DESC LIMIT ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_int(s, 2, q->from);
	db_bind_int(s, 3, q->to);
	db_bind_int(s, 4, q->max > INT32_MAX ? INT32_MAX : (int64_t)q->max);
	while ((rc = db_step(s, e)) == 1)
		*arena_push(q->scratch, &q->found, &q->n, &q->cap) =
		    (struct found){db_int(s, 1), db_int(s, 0), 0, name, NULL};
	return rc;
}

/* Whole, and with nothing among the newest that are found already. */
static bool may_be_skipped(const struct search *q, const struct pack *p)
{
	return p->first >= q->from && p->last <= q->to &&
	       q->n == q->first + q->max &&
	       (q->max == 0 || q->found[q->n - 1].ts > p->last);
}

static int find_packed(struct store *st, struct search *q,
    const struct pack_key *k, const struct pack *p, const char *name,
    struct err *e)
{
	struct packed_line *l;
	struct span bytes;
	size_t n;

	if (may_be_skipped(q, p)) {
		q->total += (size_t)p->n;
		return 0;
	}
	if (pack_load(st, q->scratch, k, p, &bytes, e) != 0)
		return -1;
	if (bytes.p != NULL && !linepack_get(q->scratch, bytes, &l, &n)) {
		pack_damaged(st, k, p);
		bytes.p = NULL;
	}
	if (bytes.p == NULL) {
		q->total += (size_t)p->n;
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (l[i].ts < q->from || l[i].ts > q->to)
			continue;
		q->total++;
		*arena_push(q->scratch, &q->found, &q->n, &q->cap) =
		    (struct found){l[i].id, l[i].ts, 0, name, l[i].text};
	}
	tidy(q);
	return 0;
}

/* The newest of one source. */
static int find(struct store *st, struct search *q, int64_t source,
    const char *name, struct err *e)
{
	struct pack_key k = {PACK_LINES, source, ""};
	struct pack *packs;
	size_t n;

	q->first = q->n;
	if (find_rows(st, q, source, name, e) != 0 ||
	    packs_find(st, q->scratch, &k, q->from, q->to, &packs, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (find_packed(st, q, &k, &packs[i], name, e) != 0)
			return -1;
	if (q->n > q->first)
		arrange(q->found + q->first, q->n - q->first);
	return 0;
}

/* How many there were, those among them that were never kept. */
static int count(
    struct store *st, struct search *q, int64_t source, struct err *e)
{
	static const char sql[] =
	    "SELECT (SELECT count(*) FROM line WHERE source = ?1"
	    " AND ts BETWEEN ?2 AND ?3) + (SELECT total(n) FROM line_gap"
	    " WHERE source = ?1 AND ts BETWEEN ?2 AND ?3)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_int(s, 2, q->from);
	db_bind_int(s, 3, q->to);
	if (db_step(s, e) != 1)
		return -1;
	q->total += (size_t)db_int(s, 0);
	db_reset(s);
	return 0;
}

static bool is_asked(const struct strings *sources, const char *name)
{
	for (size_t i = 0; i < sources->n; i++)
		if (str_eq(sources->items[i], name))
			return true;
	return str_glob_any(sources, name);
}

static int find_all(struct store *st, struct search *q, struct err *e)
{
	static const char sql[] = "SELECT id, name FROM source";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1) {
		int64_t id = db_int(s, 0);
		const char *name;

		if (!is_asked(q->sources, db_text(s, 1)))
			continue;
		name = arena_strdup(q->arena, db_text(s, 1));
		if (find(st, q, id, name, e) != 0 || count(st, q, id, e) != 0) {
			db_reset(s);
			return -1;
		}
	}
	return rc;
}

static int fetch(struct store *st, struct arena *a, const struct found *f,
    struct log_line *line, struct err *e)
{
	static const char sql[] = "SELECT text FROM line WHERE id = ?";
	struct db_stmt *s;

	*line = (struct log_line){f->source, f->ts, arena_strdup(a, f->text)};
	if (f->text != NULL)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, f->id);
	if (db_step(s, e) != 1)
		return -1;
	line->text = arena_strdup(a, db_text(s, 0));
	db_reset(s);
	return 0;
}

static int search(struct store *st, void *ctx, struct err *e)
{
	struct search *q = ctx;

	if (find_all(st, q, e) != 0)
		return -1;
	if (q->n > 0)
		qsort(q->found, q->n, sizeof(*q->found), newest_first);
	if (q->n > q->max)
		q->n = q->max;
	q->lines = arena_array(q->arena, q->n, sizeof(*q->lines));
	for (size_t i = 0; i < q->n; i++)
		if (fetch(st, q->arena, &q->found[q->n - 1 - i], &q->lines[i],
			e) != 0)
			return -1;
	return 0;
}

int store_lines(struct store *st, struct arena *a,
    const struct strings *sources, int64_t from, int64_t to, size_t max,
    struct log_line **out, size_t *n, size_t *left_out, struct err *e)
{
	struct search q = {.arena = a,
	    .scratch = arena_new(),
	    .sources = sources,
	    .from = from,
	    .to = to,
	    .max = max};
	int rc = store_read(st, search, &q, e);

	arena_free(q.scratch);
	*out = rc == 0 ? q.lines : NULL;
	*n = rc == 0 ? q.n : 0;
	*left_out = rc == 0 ? q.total - q.n : 0;
	return rc;
}

/*
 * By the order in which they came, which needs no index of times: a line
 * that names a time before its neighbours' goes when they go.
 */
int lines_prune(struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char lines[] =
	    "DELETE FROM line WHERE id IN"
	    " (SELECT id FROM line ORDER BY id LIMIT ?2) AND ts < ?1";
	static const char gaps[] =
	    "DELETE FROM line_gap WHERE (ts, source) IN (SELECT ts, source"
	    " FROM line_gap WHERE ts < ?1 ORDER BY ts, source LIMIT ?2)";

	int64_t n;

	if (prune_rows(st, lines, cut, limit, e) != 0 ||
	    packs_prune(st, PACK_LINES, cut, limit, &n, e) != 0)
		return -1;
	return prune_rows(st, gaps, cut, limit, e);
}
