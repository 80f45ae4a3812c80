/*
 * What the files of the sql source share. sql.c has the options and runs the
 * queries, sql_url.c reads URLs, sql_sink.c takes rows, and each database has
 * a file that ends in its driver.
 */
#ifndef SOURCE_SQL_H
#define SOURCE_SQL_H

#include "model/rowset.h"
#include "source/source.h"

/* In the order of what they protect from; libpq's words. */
enum sql_tls {
	SQL_TLS_DISABLE,
	SQL_TLS_REQUIRE,     /* whoever answers is believed */
	SQL_TLS_VERIFY_CA,   /* whoever has a certificate of the authority */
	SQL_TLS_VERIFY_FULL, /* and it is of this host */
};

/* Whom to trust where ca: does not say. */
#define SQL_BUNDLE "/etc/ssl/certs/ca-certificates.crt"

#define SQL_VALUE_MAX 4096 /* bytes of a cursor */

struct sql_driver;

/* A URL's parts, decoded; NULL or 0 what it does not say. */
struct sql_url {
	const struct sql_driver *driver;
	const char *place;  /* for messages: "db1:5432", a path */
	const char *host;   /* a name or an address */
	const char *socket; /* or a path: of a directory for postgres */
	int port;
	const char *user, *database; /* database: or the file of sqlite */
	int tls;		     /* enum sql_tls; -1: the default */
};

struct sql_conf {
	const char *sql, *query, *since, *password_file, *ca;
	struct pairs queries;
	int64_t rows;
	struct sql_url url; /* tls settled by check() */
};

/* Where the cursor of since: stands: a cell as it came. */
struct sql_value {
	enum rowset_tag tag;
	const char *text;
};

/*
 * -1 with the fault in words, which never hold the text of a URL that may
 * hold a password.
 */
must_use int sql_url_parse(
    struct arena *, const char *text, struct sql_url *, struct err *);

/*
 * What takes the rows of one source. Drivers give the columns' names of each
 * query, then cells; a row ends with its last cell.
 */
struct sql_sink {
	struct buf *out;
	const struct sql_conf *conf;
	size_t n_columns, at; /* of the cell to come */
	int64_t rows;

	/*
	 * With since: rows of equal value are taken all or none, so that
	 * the next run goes on behind them. Where the limits are met, those
	 * of the newest value wait for it.
	 */
	int since;		  /* the column, or -1 */
	struct buf newest, whole; /* values: of this group, of the last */
	size_t row, group;	  /* where in out they begin */
	size_t groups;
	bool enough; /* the newest group was left out */
};

void sql_sink_init(struct sql_sink *, struct buf *out, const struct sql_conf *);
void sql_sink_free(struct sql_sink *);
must_use int sql_sink_query(struct sql_sink *, const char *name,
    const char *const *columns, size_t n, struct err *);

/* 0: go on; 1: enough, no more is wanted; -1: too large. */
must_use int sql_sink_cell(
    struct sql_sink *, enum rowset_tag, const char *, size_t n, struct err *);

/* Behind which value the next run goes on: a tag and a text; or empty. */
const struct buf *sql_sink_cursor(const struct sql_sink *);

/* A number that is not finite is a hole. */
must_use int sql_sink_real(struct sql_sink *, double, struct err *);

/* The error for a column of bytes. */
int sql_no_bytes(const char *column, const char *type, struct err *);

/* A job's time. */
struct sql_time {
	double deadline; /* of clock_monotonic() */
	double allowed;	 /* seconds, for messages */
};

/*
 * A database. Errors are enum outcome and a sentence in the server's words,
 * cleaned and bounded; what a connection has cost is freed by close().
 */
struct sql_driver {
	const char *scheme; /* of its URLs */
	int port;	    /* 0: none, it is a file */

	/* For since: of a query that is wrapped into another. */
	char quote;
	const char *parameter;

	/* A connection on which nothing can be written. */
	void *(*open)(const struct sql_conf *, struct sql_time, struct arena *,
	    struct err *);
	void (*close)(void *);

	/*
	 * What follows sees one state of the database where the server can;
	 * it ends by the deadline, on the server too.
	 */
	int (*begin)(void *, struct sql_time, struct err *);

	/* One statement; since is its parameter, or NULL. */
	int (*query)(void *, const char *name, const char *sql,
	    const struct sql_value *since, struct sql_sink *, struct err *);

	/* -1: the connection is of no use any more. */
	int (*end)(void *);
};

extern const struct sql_driver sql_sqlite, sql_postgres, sql_mysql;

#endif
