#include "store/linepack.h"
#include "store/pack.h"
#include "store/tablepack.h"

/*
 * Closing, in turn: what a source had in an hour becomes a pack so many
 * minutes after it ended as its number says. What waits from before, as a
 * store of an older layout has it, is worked off bit by bit over many runs.
 */
#define HOUR   INT64_C(3600)
#define STAGES 60

/* A pack holds no more than this, unless one table alone is larger. */
#define FULL_BYTES ((size_t)2 * 1024 * 1024)

/* Packs that one run makes: so many, and four times a minute's share. */
#define PACKS_MIN   8
#define PACKS_SHARE 15

/* Of a packing's buffer: see PACK_BYTES_MAX. */
#define BYTES_MAX (2 * TABLE_BLOB_MAX)

/* What waits: the rows of a source, and of tables of a name. */
struct pen {
	struct pack_key key;
	int64_t first;
};

struct closing {
	struct store *st;
	struct arena *arena; /* reset after each pack */
	int64_t now;
	size_t packs; /* that may still be made */
};

static int list_pens(struct store *st, struct arena *a, enum pack_kind kind,
    struct pen **out, size_t *n, size_t *cap, struct err *e)
{
	static const char *const sql[] = {
	    [PACK_LINES] =
		"SELECT id, '', (SELECT min(ts) FROM line WHERE source = o.id)"
		" AS t FROM source o WHERE t IS NOT NULL",
	    [PACK_TABLES] = "SELECT source, name, min(ts) FROM snapshot"
			    " GROUP BY source, name HAVING count(*) > 1",
	};
	struct db_stmt *s = db_stmt(st->db, sql[kind], e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(a, out, n, cap) = (struct pen){
		    {kind, db_int(s, 0), arena_strdup(a, db_text(s, 1))},
		    db_int(s, 2)};
	return rc;
}

static int drop(
    struct store *st, enum pack_kind kind, int64_t id, struct err *e)
{
	static const char *const sql[] = {
	    [PACK_LINES] = "DELETE FROM line WHERE id = ?",
	    [PACK_TABLES] = "DELETE FROM snapshot WHERE id = ?",
	};
	struct db_stmt *s = db_stmt(st->db, sql[kind], e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, id);
	return db_run(s, e);
}

/* Rows on their way into a pack. */
struct load {
	struct packed_line *lines;
	struct table_version *versions;
	int64_t *ids;
	size_t n, cap_lines, cap_versions, cap_ids;
	size_t bytes;
	bool more; /* the pack is full, rows are left */
};

static void add_line(struct closing *x, struct load *l, struct db_stmt *s)
{
	size_t n = l->n;

	*arena_push(x->arena, &l->lines, &n, &l->cap_lines) =
	    (struct packed_line){db_int(s, 0), db_int(s, 1),
		arena_strdup(x->arena, db_text(s, 3))};
}

/* One that is damaged goes, and is told of; what it was is lost. */
static bool add_version(struct closing *x, struct load *l,
    const struct pack_key *k, struct db_stmt *s)
{
	struct table *t = table_decode(x->arena, db_blob(s, 3));
	size_t n = l->n;

	if (t == NULL) {
		pack_damaged(x->st, k,
		    &(struct pack){.id = -db_int(s, 0),
			.first = db_int(s, 1),
			.last = db_int(s, 2)});
		return false;
	}
	*arena_push(x->arena, &l->versions, &n, &l->cap_versions) =
	    (struct table_version){db_int(s, 1), db_int(s, 2), t};
	return true;
}

/*
 * The newest of all lines stays, so that no number is given twice; so does
 * the newest table of each name, which may go on.
 */
static int load(struct closing *x, const struct pack_key *k, int64_t end,
    struct load *l, struct err *e)
{
	static const char *const sql[] = {
	    [PACK_LINES] = "SELECT id, ts, ts, text FROM line WHERE source = ?1"
			   " AND ts < ?3 AND id < (SELECT max(id) FROM line)"
			   " AND ?2 = '' ORDER BY ts, id",
	    [PACK_TABLES] =
		"SELECT id, ts, until, content FROM snapshot t WHERE"
		" source = ?1 AND name = ?2 AND ts < ?3 AND ts < (SELECT"
		" max(ts) FROM snapshot WHERE source = ?1 AND name = ?2)"
		" ORDER BY ts",
	};
	struct db_stmt *s = db_stmt(x->st->db, sql[k->kind], e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, k->source);
	db_bind_text(s, 2, k->name);
	db_bind_int(s, 3, end);
	while ((rc = db_step(s, e)) == 1) {
		size_t size = db_blob(s, 3).n, n = l->n;

		l->more = n > 0 && l->bytes + size > FULL_BYTES;
		if (l->more)
			break;
		if (k->kind == PACK_LINES)
			add_line(x, l, s);
		else if (!add_version(x, l, k, s))
			continue;
		*arena_push(x->arena, &l->ids, &n, &l->cap_ids) = db_int(s, 0);
		l->n = n;
		l->bytes += size;
	}
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

static struct pack measure(
    const struct pack_key *k, const struct load *l, int64_t end)
{
	struct pack p = {.closed = l->more ? 0 : end,
	    .n = (int64_t)l->n,
	    .first = INT64_MAX};

	for (size_t i = 0; i < l->n; i++) {
		bool lines = k->kind == PACK_LINES;
		int64_t first = lines ? l->lines[i].ts : l->versions[i].ts;
		int64_t last = lines ? first : l->versions[i].until;

		p.first = first < p.first ? first : p.first;
		p.last = last > p.last ? last : p.last;
	}
	return p;
}

static int make_pack(struct closing *x, const struct pack_key *k,
    const struct load *l, int64_t end, struct err *e)
{
	struct pack p = measure(k, l, end);
	struct buf b;
	int rc = 0;

	buf_init(&b, BYTES_MAX);
	if (k->kind == PACK_LINES)
		linepack_put(&b, l->lines, l->n);
	else
		tablepack_put(&b, l->versions, l->n);
	if (b.failed)
		rc = err_set(e, "%s: out of memory", x->st->path);
	if (rc == 0)
		rc = pack_add(x->st, k, &p, (struct span){b.data, b.len}, e);
	for (size_t i = 0; i < l->n && rc == 0; i++)
		rc = drop(x->st, k->kind, l->ids[i], e);
	buf_free(&b);
	return rc;
}

static int close_pen(
    struct closing *x, const struct pack_key *k, int64_t end, struct err *e)
{
	struct load l = {.more = true};

	while (l.more && x->packs > 0) {
		l = (struct load){0};
		if (load(x, k, end, &l, e) != 0 ||
		    (l.n > 0 && make_pack(x, k, &l, end, e) != 0))
			return -1;
		x->packs--;
		arena_reset(x->arena);
	}
	return 0;
}

static int close_due(struct closing *x, const struct pen *p, struct err *e)
{
	int64_t late = p->key.source % STAGES * (HOUR / STAGES);
	int64_t end = x->now - late;
	bool closed;

	end -= end % HOUR;
	if (p->first >= end || x->packs == 0)
		return 0;
	if (pack_is_closed(x->st, &p->key, end, &closed, e) != 0)
		return -1;
	return closed ? 0 : close_pen(x, &p->key, end, e);
}

int texts_close(struct store *st, int64_t now, struct err *e)
{
	struct arena *list = arena_new();
	struct closing x = {.st = st, .arena = arena_new(), .now = now};
	struct pen *pens = NULL;
	size_t n = 0, cap = 0;
	int rc = list_pens(st, list, PACK_LINES, &pens, &n, &cap, e);

	if (rc == 0)
		rc = list_pens(st, list, PACK_TABLES, &pens, &n, &cap, e);
	x.packs = PACKS_MIN + n / PACKS_SHARE;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = close_due(&x, &pens[i], e);
	arena_free(x.arena);
	arena_free(list);
	return rc;
}
