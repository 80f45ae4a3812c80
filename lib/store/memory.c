#include "store/store_private.h"

static struct span keep(struct arena *a, struct span s)
{
	return (struct span){arena_strndup(a, s.p, s.n), s.n};
}

static void read_memory(
    struct arena *a, const struct db_stmt *s, struct memory *m)
{
	const char *word = db_text(s, 3);

	m->tried = db_int(s, 0);
	m->last_ok = db_int(s, 1);
	m->failures = (int)db_int(s, 2);
	if (word == NULL || !outcome_parse(word, &m->outcome))
		m->outcome = OUTCOME_FAILED;
	m->fetch_state = keep(a, db_blob(s, 4));
	m->decode_state = keep(a, db_blob(s, 5));
}

int store_memory(struct store *st, struct arena *a, const char *source,
    struct memory *m, struct err *e)
{
	static const char sql[] =
	    "SELECT o.tried, o.last_ok, o.failures, p.outcome, m.fetch,"
	    " m.decode FROM source o LEFT JOIN spell p ON p.id = o.spell"
	    " LEFT JOIN memory m ON m.source = o.id WHERE o.name = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*m = (struct memory){0};
	if (s == NULL)
		return -1;
	db_bind_text(s, 1, source);
	if ((rc = db_step(s, e)) == 1) {
		read_memory(a, s, m);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

int memory_replace(struct store *st, const struct source_row *source,
    const struct delivery *d, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO memory (source, fetch, decode) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET fetch = ?2, decode = ?3"
	    " WHERE fetch <> ?2 OR decode <> ?3";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source->id);
	db_bind_blob(s, 2, d->fetch_state);
	db_bind_blob(s, 3, d->readings->state);
	return db_run(s, e);
}
