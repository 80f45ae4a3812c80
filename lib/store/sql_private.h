/*
 * For the files of store/sql only.
 */
#ifndef STORE_SQL_PRIVATE_H
#define STORE_SQL_PRIVATE_H

#include "base/db_table.h"
#include "base/names.h"
#include "store/sql.h"
#include "store/store_private.h"

#define SQL_TABLES 4

struct store_sql {
	struct store_sql_conf conf;
	struct arena *arena;
	struct store *st; /* where the rows come from; NULL: nowhere */
	struct db *db;	  /* where the SQL is run */
	struct db_table tables[SQL_TABLES];
	struct strings views, names; /* those that were added */
	const char *records;	     /* a SELECT: source, key, ts, fields */
	struct names taken;	     /* of views, in small letters */
	struct strings sources;	     /* a view is made once one is named */
	struct strings bare;	     /* those that were named: no records yet */
};

/* The tables that are made as they are read; ctx is the store. */
extern const struct db_table sql_samples_table, sql_cells_table;

/* sql_records.c: the records there were at the moment; 0: there are now. */
const char *sql_records(struct arena *, int64_t at);

/* Views of the sources that a text names. */
/* False if a view has it already: case does not matter to SQL. */
bool sql_take_name(struct store_sql *, const char *name);
must_use int sql_find_sources(struct store_sql *, struct err *);
must_use int sql_add_sources(struct store_sql *, const char *sql, struct err *);

#endif
