/*
 * lines(source, ts, text) and tables(source, name, ts, until) for SQL: rows
 * of their own and packs as one table each.
 */
#ifndef STORE_SQL_TEXTS_H
#define STORE_SQL_TEXTS_H

#include "base/db_table.h"
#include "store/store_private.h"

/* Filled in, to be added; the rows come from the store. */
void sql_lines_table(struct db_table *, struct store *);
void sql_tables_table(struct db_table *, struct store *);

#endif
