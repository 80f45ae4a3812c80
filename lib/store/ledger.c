#include "store/store_private.h"

#include <ctype.h>
#include <string.h>

/*
 * After so many spells in a row that differ only in the digits of their
 * message ("no answer in 312 ms"), the newest row takes the next ones as
 * well: otherwise a source that never says the same twice would get a row
 * each minute for years.
 */
#define SIMILAR_MAX 10

int source_find(
    struct store *st, const char *name, struct source_row *row, struct err *e)
{
	static const char sql[] =
	    "SELECT id, tried, last_ok, failures, spell, similar FROM source"
	    " WHERE name = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*row = (struct source_row){0};
	if (s == NULL)
		return -1;
	db_bind_text(s, 1, name);
	if ((rc = db_step(s, e)) == 1) {
		row->id = db_int(s, 0);
		row->tried = db_int(s, 1);
		row->last_ok = db_int(s, 2);
		row->failures = db_int(s, 3);
		row->spell = db_int(s, 4);
		row->similar = db_int(s, 5);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

int source_find_or_make(
    struct store *st, const char *name, struct source_row *row, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO source (name, every, tried, last_ok, failures, spell,"
	    " similar) VALUES (?, 0, 0, 0, 0, 0, 0)";
	struct db_stmt *s;

	if (source_find(st, name, row, e) != 0)
		return -1;
	if (row->id != 0)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_text(s, 1, name);
	if (db_run(s, e) != 0)
		return -1;
	row->id = db_last_id(st->db);
	return 0;
}

/* How what is delivered compares with the current spell. */
enum likeness { DIFFERENT, SIMILAR, SAME };

static bool same_but_digits(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			a += strspn(a, "0123456789");
			b += strspn(b, "0123456789");
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return *a == *b;
}

static enum likeness likeness(const struct db_stmt *s, const struct delivery *d)
{
	const char *message = db_text(s, 1);

	if (!str_eq(db_text(s, 0), outcome_word(d->outcome)) || message == NULL)
		return DIFFERENT;
	if (strcmp(message, d->message) == 0)
		return SAME;
	return same_but_digits(message, d->message) ? SIMILAR : DIFFERENT;
}

static int compare(struct store *st, int64_t spell, const struct delivery *d,
    enum likeness *like, struct err *e)
{
	static const char sql[] =
	    "SELECT outcome, message FROM spell WHERE id = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	*like = DIFFERENT;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, spell);
	if ((rc = db_step(s, e)) == 1) {
		*like = likeness(s, d);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

static void bind_spell(struct db_stmt *s, int64_t id, const struct delivery *d)
{
	db_bind_int(s, 1, id);
	db_bind_text(s, 2, d->message);
	db_bind_text(s, 3, d->hint);
	db_bind_int(s, 4, d->now);
	db_bind_real(s, 5, d->ms);
	db_bind_int(s, 6, (int64_t)d->bytes);
}

static int lengthen(
    struct store *st, int64_t spell, const struct delivery *d, struct err *e)
{
	static const char sql[] =
	    "UPDATE spell SET message = ?2, hint = ?3, until = max(until, ?4),"
	    " ms = ?5, bytes = ?6 WHERE id = ?1";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	bind_spell(s, spell, d);
	return db_run(s, e);
}

static int begin(struct store *st, int64_t source, const struct delivery *d,
    int64_t *spell, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO spell (source, outcome, message, hint, since, until,"
	    " ms, bytes) VALUES (?1, ?7, ?2, ?3, ?4, ?4, ?5, ?6)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	bind_spell(s, source, d);
	db_bind_text(s, 7, outcome_word(d->outcome));
	if (db_run(s, e) != 0)
		return -1;
	*spell = db_last_id(st->db);
	return 0;
}

static int update_source(struct store *st, const struct source_row *row,
    int64_t every, struct err *e)
{
	static const char sql[] =
	    "UPDATE source SET every = ?2, tried = ?3, last_ok = ?4,"
	    " failures = ?5, spell = ?6, similar = ?7 WHERE id = ?1";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, row->id);
	db_bind_int(s, 2, every);
	db_bind_int(s, 3, row->tried);
	db_bind_int(s, 4, row->last_ok);
	db_bind_int(s, 5, row->failures);
	db_bind_int(s, 6, row->spell);
	db_bind_int(s, 7, row->similar);
	return db_run(s, e);
}

int ledger_append(struct store *st, const struct source_row *before,
    const struct delivery *d, struct err *e)
{
	struct source_row row = *before;
	bool ok = d->outcome == OUTCOME_OK;
	enum likeness like;
	int rc;

	if (compare(st, row.spell, d, &like, e) != 0)
		return -1;
	if (like != SAME)
		row.similar = like == SIMILAR ? row.similar + 1 : 0;
	if (like == SAME || row.similar >= SIMILAR_MAX)
		rc = lengthen(st, row.spell, d, e);
	else
		rc = begin(st, row.id, d, &row.spell, e);
	row.tried = d->now;
	row.last_ok = ok ? d->now : row.last_ok;
	row.failures = ok ? 0 : row.failures + 1;
	return rc != 0 ? -1 : update_source(st, &row, d->every, e);
}

/* A word that a newer version wrote is some failure. */
enum outcome ledger_outcome(const struct db_stmt *s, int i)
{
	const char *word = db_text(s, i);
	enum outcome o;

	return word != NULL && outcome_parse(word, &o) ? o : OUTCOME_FAILED;
}

int store_status(struct store *st, struct arena *a, struct source_status **out,
    size_t *n, struct err *e)
{
	static const char sql[] =
	    "SELECT o.name, p.outcome, p.message, p.hint, p.since, o.tried,"
	    " o.last_ok, o.every, p.ms, p.bytes FROM source o"
	    " JOIN spell p ON p.id = o.spell ORDER BY o.name";
	struct db_stmt *s;
	size_t cap = 0;
	int rc;

	if (st->at != INT64_MAX)
		return past_status(st, a, out, n, e);
	*out = NULL;
	*n = 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1) {
		*arena_push(a, out, n, &cap) = (struct source_status){
		    .name = arena_strdup(a, db_text(s, 0)),
		    .outcome = ledger_outcome(s, 1),
		    .message = arena_strdup(a, db_text(s, 2)),
		    .hint = arena_strdup(a, db_text(s, 3)),
		    .since = db_int(s, 4),
		    .tried = db_int(s, 5),
		    .last_ok = db_int(s, 6),
		    .every = db_int(s, 7),
		    .ms = db_real(s, 8),
		    .bytes = (uint64_t)db_int(s, 9),
		};
	}
	return rc;
}

int store_spells(struct store *st, struct arena *a, int64_t from, int64_t to,
    struct spell **out, size_t *n, struct err *e)
{
	static const char sql[] =
	    "SELECT o.name, p.outcome, p.message, p.since, p.until, p.ms,"
	    " p.bytes, o.every FROM spell p JOIN source o ON o.id = p.source"
	    " WHERE p.outcome <> 'ok' AND p.until >= ?1 AND p.since <= ?2"
	    " ORDER BY p.since, p.id";
	struct db_stmt *s;
	struct past past;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	if (past_open(st, a, st->at, &past, e) != 0 ||
	    (s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, from);
	db_bind_int(s, 2, to < st->at ? to : st->at);
	while ((rc = db_step(s, e)) == 1) {
		*arena_push(a, out, n, &cap) = (struct spell){
		    .source = arena_strdup(a, db_text(s, 0)),
		    .outcome = ledger_outcome(s, 1),
		    .message = arena_strdup(a, db_text(s, 2)),
		    .from = db_int(s, 3),
		    .to = past_asked(
			&past, db_int(s, 3), db_int(s, 4), db_int(s, 7)),
		    .ms = db_real(s, 5),
		    .bytes = (uint64_t)db_int(s, 6),
		};
	}
	return rc;
}

/* The current spells stay, however long ago a source was last asked. */
int ledger_prune(struct store *st, int64_t cut, int64_t limit, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM spell WHERE id IN (SELECT id FROM spell"
	    " WHERE since < ?1 AND until < ?1"
	    " AND id NOT IN (SELECT spell FROM source) LIMIT ?2)";

	return prune_rows(st, sql, cut, limit, e);
}
