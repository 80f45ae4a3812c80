#include "store/damage.h"

#include <stdlib.h>

/* Told apart at once; a disk that damages more needs no longer list. */
#define NOTES_MAX 1000

struct damage_list {
	struct damaged notes[NOTES_MAX];
	size_t n;
	size_t count;
};

int64_t damage_id(int table, int64_t row)
{
	return (int64_t)table << 60 | (row & ((INT64_C(1) << 60) - 1));
}

void damage_note(struct store *st, const struct damaged *d)
{
	struct damage_list *l = st->damage;

	if (l == NULL)
		l = st->damage = calloc(1, sizeof(*l));
	if (l == NULL)
		return;
	l->count++;
	for (size_t i = 0; i < l->n; i++)
		if (l->notes[i].id == d->id)
			return;
	if (l->n < NOTES_MAX)
		l->notes[l->n++] = *d;
}

void damage_forget(struct store *st)
{
	free(st->damage);
	st->damage = NULL;
}

size_t damage_count(const struct store *st)
{
	return st->damage == NULL ? 0 : st->damage->count;
}

static int owner_name(struct store *st, struct arena *a,
    const struct damaged *d, const char **name, struct err *e)
{
	static const char *const sql[] = {
	    [DAMAGED_SERIES] =
		"SELECT o.name || '/' || s.metric FROM series s"
		" JOIN source o ON o.id = s.source WHERE s.id = ?",
	    [DAMAGED_SOURCE] = "SELECT name FROM source WHERE id = ?",
	};
	struct db_stmt *s = db_stmt(st->db, sql[d->owner], e);
	int rc;

	*name = "what is no longer known";
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, d->owner_id);
	if ((rc = db_step(s, e)) == 1) {
		*name = arena_strdup(a, db_text(s, 0));
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

static int describe(struct store *st, struct arena *a, const struct damaged *d,
    struct damage *out, struct err *e)
{
	const char *name;

	if (owner_name(st, a, d, &name, e) != 0)
		return -1;
	*out = (struct damage){
	    .what = arena_printf(a, "%s of %s", d->words, name),
	    .from = d->from,
	    .to = d->to,
	};
	return 0;
}

static int keep_one(struct store *st, const struct damaged *d,
    const struct damage *told, int64_t now, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO damage (id, what, since, until, found)"
	    " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, d->id);
	db_bind_text(s, 2, told->what);
	db_bind_int(s, 3, told->from);
	db_bind_int(s, 4, told->to);
	db_bind_int(s, 5, now);
	return db_run(s, e);
}

int damage_keep(struct store *st, int64_t now, struct err *e)
{
	const struct damage_list *l = st->damage;
	struct arena *a = arena_new();
	int rc = 0;

	for (size_t i = 0; l != NULL && i < l->n && rc == 0; i++) {
		struct damage told;

		rc = describe(st, a, &l->notes[i], &told, e);
		if (rc == 0)
			rc = keep_one(st, &l->notes[i], &told, now, e);
	}
	arena_free(a);
	return rc;
}

int damage_prune(struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM damage WHERE id IN"
	    " (SELECT id FROM damage WHERE found < ?1 LIMIT ?2)";

	return prune_rows(st, sql, cut, limit, e);
}

struct listing {
	struct arena *arena;
	struct damage *items;
	size_t n, cap;
};

static int is_kept(struct store *st, int64_t id, bool *kept, struct err *e)
{
	static const char sql[] = "SELECT 1 FROM damage WHERE id = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*kept = false;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, id);
	rc = db_step(s, e);
	*kept = rc == 1;
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

static int list_new(struct store *st, struct listing *q, struct err *e)
{
	const struct damage_list *l = st->damage;
	bool kept;

	for (size_t i = 0; l != NULL && i < l->n; i++) {
		if (is_kept(st, l->notes[i].id, &kept, e) != 0)
			return -1;
		if (!kept &&
		    describe(st, q->arena, &l->notes[i],
			arena_push(q->arena, &q->items, &q->n, &q->cap),
			e) != 0)
			return -1;
	}
	return 0;
}

static int list_all(struct store *st, void *ctx, struct err *e)
{
	static const char sql[] = "SELECT what, since, until, found FROM damage"
				  " ORDER BY found DESC, until DESC, what";
	struct listing *q = ctx;
	struct db_stmt *s;
	int rc;

	if (list_new(st, q, e) != 0 || (s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1)
		*arena_push(q->arena, &q->items, &q->n, &q->cap) =
		    (struct damage){arena_strdup(q->arena, db_text(s, 0)),
			db_int(s, 1), db_int(s, 2), db_int(s, 3)};
	return rc;
}

int store_damages(struct store *st, struct arena *a, struct damage **out,
    size_t *n, struct err *e)
{
	struct listing q = {.arena = a};
	int rc = store_read(st, list_all, &q, e);

	*out = rc == 0 ? q.items : NULL;
	*n = rc == 0 ? q.n : 0;
	return rc;
}
