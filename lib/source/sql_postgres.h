/*
 * For the files of the PostgreSQL driver only.
 */
#ifndef SOURCE_SQL_POSTGRES_H
#define SOURCE_SQL_POSTGRES_H

#include <libpq-fe.h>

#include "source/sql.h"

/* A connection. */
struct postgres {
	PGconn *conn;
	const struct sql_url *url;
	struct sql_time time;
	uint64_t most; /* bytes that may have come by now */
	bool lost;
};

/* Why there is no connection; of PQERRORS_VERBOSE words. Always -1. */
int postgres_not_connected(struct postgres *, struct err *);

/* Why a statement failed; says also if that was the connection's end. */
int postgres_said(struct postgres *, const PGresult *, struct err *);

#endif
