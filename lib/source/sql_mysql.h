/*
 * For the files of the MariaDB and MySQL driver only: rows as the library
 * gives them.
 */
#ifndef SOURCE_SQL_MYSQL_H
#define SOURCE_SQL_MYSQL_H

#include <mysql.h>

#include "source/sql.h"

#define MYSQL_PACKET_MAX (64 * 1024 * 1024)

/* A column of the row that is being read. */
struct mysql_column {
	const char *name;
	enum enum_field_types type;
	union {
		long long whole;
		double real;
		float single;
		MYSQL_TIME time;
	} value;
	my_bool is_null;
	unsigned long length;
};

struct mysql_cursor {
	MYSQL_STMT *stmt;
	struct mysql_column *columns;
	MYSQL_BIND *binds;
	unsigned n;
	struct arena *arena, *row;
};

/* Binds the columns, and tells the sink their names. */
must_use int mysql_columns(struct mysql_cursor *, MYSQL_RES *meta,
    const char *name, struct sql_sink *, struct err *);

/* A cell of the row that was fetched; as sql_sink_cell(). */
must_use int mysql_cell(
    struct mysql_cursor *, unsigned i, struct sql_sink *, struct err *);

#endif
