/*
 * Tables of which a program makes the rows: SQL reads them like any other,
 * and what it asks of their columns is told, so that only that need be made.
 */
#ifndef BASE_DB_TABLE_H
#define BASE_DB_TABLE_H

#include "base/db.h"

enum db_operator { DB_EQ, DB_LT, DB_LE, DB_GT, DB_GE, DB_GLOB, DB_LIKE };

/* What rows have to meet; SQLite checks it again, so it is only a hint. */
struct db_term {
	int column;
	enum db_operator op;
	const char *text; /* NULL if it is no text */
	double number;	  /* NaN if it is no number */
};

/* A value of the current row. Text must live until the next row. */
struct db_value {
	enum db_type type; /* DB_NULL, DB_INTEGER, DB_REAL or DB_TEXT */
	int64_t integer;
	double real;
	const char *text;
};

struct db_table {
	const char *name;
	const char *columns; /* "series TEXT, ts INTEGER" */
	/* Begins a scan; the terms live as long as it does. */
	int (*open)(void *ctx, const struct db_term *, size_t n, void **scan,
	    struct err *);
	int (*next)(void *scan, struct err *); /* 1: a row; 0: end; -1 */
	struct db_value (*value)(void *scan, int column);
	void (*close)(void *scan);
	void *ctx;
};

/* Before db_restrict(). The table and what it names outlive the db. */
must_use int db_add_table(struct db *, const struct db_table *, struct err *);

/* May a row with this text in a column meet all that is said of it? */
bool db_terms_match(
    const struct db_term *, size_t n, int column, const char *text);

/*
 * Narrows [*from, *to], both small enough to be exact as doubles, to what is
 * asked of a column of whole numbers; *from > *to: nothing can meet it.
 */
void db_terms_narrow(
    const struct db_term *, size_t n, int column, int64_t *from, int64_t *to);

#endif
