/*
 * SQL over the store, for people and panels: a connection that only reads,
 * of a bounded number of steps for each statement, over
 *
 *	samples(series, ts, value)	as of store_each_sample()
 *	lines(source, ts, text)
 *	records(source, key, ts, fields)	fields as JSON
 *	tables(source, name, ts, until)	when there was one
 *	cells(source, name, ts, row, column, value)	of those
 *
 * a view for each source that has records, called as it is, of key, ts and
 * its fields (those of its newest SQL_RECORDS), numbers as numbers, and
 * the views that are added. Besides SQLite's own functions there are those
 * of base/db.h for the local calendar. Nothing else of the file is there.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "base/arena.h"
#include "base/db.h"
#include "model/answer.h"

/* Records that are looked at for what their source's fields are. */
#define SQL_RECORDS 5000

struct store_sql;

struct store_sql_conf {
	const char *path;  /* NULL: a store that has nothing, in memory */
	const char *label; /* what messages begin with; NULL: the path */
	uint64_t max_steps;
	int64_t at; /* as of then: see store_as_of(); 0: now */
	/*
	 * Sources of records that may have none yet, so that nobody knows
	 * their fields: their views have key and ts. May be NULL; outlives
	 * the connection.
	 */
	const struct strings *sources;
};

must_use int store_sql_open(
    struct store_sql **, const struct store_sql_conf *, struct err *);
void store_sql_close(struct store_sql *); /* accepts NULL */

/* Is it one of the names above, that views may not have? */
bool store_sql_reserved(const char *name);

/*
 * Adds a view of one SELECT. Only its syntax is looked at: what it names may
 * come later. Both texts outlive the connection.
 */
must_use int store_sql_add_view(
    struct store_sql *, const char *name, const char *sql, struct err *);

/* A statement: exactly one, that only reads; ended by db_finalize(). */
must_use int store_sql_prepare(
    struct store_sql *, const char *sql, struct db_stmt **, struct err *);

/*
 * Why something failed, in err->code: a column is unknown, and a source whose
 * fields nobody knows yet is named, so that it may be one of them.
 */
#define SQL_UNKNOWN_YET 1000

/* One question: :from and :to may be used in it, and a word of its own. */
struct store_question {
	const char *sql;
	int64_t from, to;
	const char *name, *word;    /* :name; NULL: there is none */
	size_t max_rows, max_bytes; /* more is an error, and says so */
};

must_use int store_sql_ask(struct store_sql *, const struct store_question *,
    struct arena *, struct answer **, struct err *);

#endif
