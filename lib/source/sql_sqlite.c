/* SQLite files of this machine. */
#include "base/db.h"
#include "source/sql.h"

#include <string.h>

/* The clock is what bounds a query; this only bounds the clock's own fault. */
#define STEPS_MAX (1000ull * 1000 * 1000 * 1000)

struct link {
	struct db *db;
	struct sql_time time;
};

static int failed(const struct link *l, struct err *e)
{
	bool busy = e->code == DB_BUSY;

	if (e->code == DB_INTERRUPTED)
		return err_code(e, OUTCOME_TIMEOUT, "no end in %g s: stopped",
		    l->time.allowed);
	e->code = OUTCOME_FAILED;
	if (busy)
		err_hint(e, "another program keeps it locked; in WAL mode "
			    "readers need not wait");
	return -1;
}

static void *open_file(const struct sql_conf *conf, struct sql_time time,
    struct arena *a, struct err *e)
{
	struct link *l = arena_make(a, struct link);

	if (db_open(&l->db, conf->url.database, DB_GUEST, e) != 0) {
		failed(l, e);
		return NULL;
	}
	db_deadline(l->db, time.deadline); /* also of what follows */
	db_restrict(l->db, STEPS_MAX);
	return l;
}

static void close_file(void *p)
{
	struct link *l = p;

	db_close(l->db);
}

static int begin(void *p, struct sql_time time, struct err *e)
{
	struct link *l = p;

	(void)e;
	l->time = time;
	db_deadline(l->db, time.deadline);
	return 0;
}

static int end(void *p)
{
	(void)p;
	return 0;
}

static void bind(struct db_stmt *s, const struct sql_value *since)
{
	int64_t whole;
	double real;

	if (since->tag == ROWSET_NUMBER && str_int(since->text, &whole))
		db_bind_int(s, 1, whole);
	else if (since->tag == ROWSET_NUMBER && str_number(since->text, &real))
		db_bind_real(s, 1, real);
	else
		db_bind_text(s, 1, since->text);
}

static int columns(struct db_stmt *s, const char *name, struct sql_sink *sink,
    struct arena *a, struct err *e)
{
	size_t n = (size_t)db_columns(s);
	const char **names = arena_array(a, n, sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i] = db_column_name(s, (int)i);
	return sql_sink_query(sink, name, names, n, e);
}

static int cell(struct db_stmt *s, int i, struct sql_sink *sink, struct err *e)
{
	struct span text;

	enum db_type type = db_type(s, i);

	switch (type) {
	case DB_NULL:
		return sql_sink_cell(sink, ROWSET_NULL, "", 0, e);
	case DB_REAL:
		return sql_sink_real(sink, db_real(s, i), e);
	case DB_BLOB:
		return sql_no_bytes(db_column_name(s, i), "a blob", e);
	case DB_INTEGER:
	case DB_TEXT:
		break;
	}
	db_text(s, i);
	text = db_blob(s, i);
	return sql_sink_cell(sink,
	    type == DB_TEXT ? ROWSET_TEXT : ROWSET_NUMBER, text.p, text.n, e);
}

static int row(struct db_stmt *s, struct sql_sink *sink, struct err *e)
{
	int rc = 0;

	for (int i = 0; i < db_columns(s) && rc == 0; i++)
		rc = cell(s, i, sink, e);
	return rc;
}

static int query(void *p, const char *name, const char *sql,
    const struct sql_value *since, struct sql_sink *sink, struct err *e)
{
	struct link *l = p;
	struct arena *a = arena_new();
	struct db_stmt *s;
	int rc = db_prepare(l->db, sql, &s, e), more = 1;

	if (rc != 0)
		failed(l, e);
	if (rc == 0 && since != NULL)
		bind(s, since);
	if (rc == 0)
		rc = columns(s, name, sink, a, e);
	while (rc == 0 && (more = db_step(s, e)) == 1)
		rc = row(s, sink, e);
	if (rc == 0 && more < 0)
		rc = failed(l, e);
	db_finalize(s);
	arena_free(a);
	return rc < 0 ? -1 : 0;
}

const struct sql_driver sql_sqlite = {
    .scheme = "sqlite",
    .quote = '"',
    .parameter = "?",
    .open = open_file,
    .close = close_file,
    .begin = begin,
    .query = query,
    .end = end,
};
