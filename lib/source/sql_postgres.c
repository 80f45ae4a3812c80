/*
 * PostgreSQL, by libpq. Everything is asked without blocking, so that a
 * server that says nothing costs the job's time and no more.
 */
#include "source/sql_postgres.h"

#include "base/clock.h"
#include "base/file.h"

#include <ctype.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define PASSFILE_MAX (1024 * 1024)

/* The server stops by itself a little before we would stop waiting. */
#define AHEAD	   0.9
#define ROLLBACK_S 1.0

/* Types by their number (pg_type.dat), which never change. */
enum {
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_OID = 26,
	TYPE_FLOAT4 = 700,
	TYPE_FLOAT8 = 701,
	TYPE_DATE = 1082,
	TYPE_TIMESTAMP = 1114,
	TYPE_TIMESTAMPTZ = 1184,
	TYPE_NUMERIC = 1700,
};

static int late(struct postgres *l, const char *doing, struct err *e)
{
	l->lost = true;
	return err_code(e, OUTCOME_TIMEOUT, "%s: no answer %s in %g s",
	    l->url->place, doing, l->time.allowed);
}

/* Waits for the server; false once the time is over. */
static bool wait_for(const struct postgres *l, short events)
{
	double left = l->time.deadline - clock_monotonic();
	struct pollfd p = {PQsocket(l->conn), events, 0};

	return left > 0 && poll(&p, 1, (int)(left * 1000) + 1) > 0;
}

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static int connect_all(struct postgres *l, struct err *e)
{
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;

	if (PQstatus(l->conn) == CONNECTION_BAD)
		return postgres_not_connected(l, e);
	PQsetErrorVerbosity(l->conn, PQERRORS_VERBOSE);
	PQsetNoticeProcessor(l->conn, ignore, NULL);
	while (next != PGRES_POLLING_OK) {
		if (next == PGRES_POLLING_FAILED)
			return postgres_not_connected(l, e);
		if (!wait_for(
			l, next == PGRES_POLLING_READING ? POLLIN : POLLOUT))
			return late(l, "while connecting", e);
		next = PQconnectPoll(l->conn);
	}
	return 0;
}

/*
 * The password, or where libpq looks for it. libpq would only print on stderr
 * that it does not take a file that others can read.
 */
static int secret(const struct sql_conf *conf, struct arena *a,
    const char **password, const char **passfile, struct err *e)
{
	struct span content;
	int rc = 0;

	*password = NULL;
	*passfile = file_resolve(a, ".", "~/.pgpass");
	if (conf->password_file != NULL)
		rc = file_read_secret(a, conf->password_file, password, e);
	else if (file_exists(*passfile))
		rc = file_read_private(a, *passfile, PASSFILE_MAX, &content, e);
	if (rc != 0)
		e->code = OUTCOME_AUTH;
	return rc;
}

static PGconn *start(const struct sql_conf *conf, const char *password,
    const char *passfile, struct arena *a)
{
	static const char *const modes[] = {
	    "disable", "require", "verify-ca", "verify-full"};
	const struct sql_url *u = &conf->url;
	bool verify = u->tls >= SQL_TLS_VERIFY_CA;
	const char *const names[] = {"host", "port", "user", "dbname",
	    "password", "passfile", "sslmode", "sslrootcert",
	    "application_name", "gssencmode", NULL};
	const char *const values[] = {
	    u->host != NULL ? u->host : u->socket,
	    u->port > 0 ? arena_printf(a, "%d", u->port) : NULL,
	    u->user,
	    u->database,
	    password,
	    passfile,
	    modes[u->tls],
	    !verify	       ? NULL
	    : conf->ca != NULL ? conf->ca
			       : SQL_BUNDLE,
	    "broadsheet",
	    "disable",
	    NULL,
	};

	return PQconnectStartParams(names, values, 0);
}

static void close_link(void *p)
{
	struct postgres *l = p;

	PQfinish(l->conn);
}

static void *open_link(const struct sql_conf *conf, struct sql_time time,
    struct arena *a, struct err *e)
{
	struct postgres *l = arena_make(a, struct postgres);
	const char *password, *passfile;

	l->url = &conf->url;
	l->time = time;
	if (secret(conf, a, &password, &passfile, e) != 0)
		return NULL;
	l->conn = start(conf, password, passfile, a);
	if (l->conn != NULL && connect_all(l, e) == 0)
		return l;
	if (l->conn == NULL)
		err_code(e, OUTCOME_FAILED, "libpq has no memory");
	PQfinish(l->conn);
	return NULL;
}

static int broke(struct postgres *l, struct err *e)
{
	l->lost = true;
	return err_code(
	    e, OUTCOME_UNREACHABLE, "%s: the connection broke", l->url->place);
}

/* All that has ever come; 0 by a socket of this machine, which is trusted. */
static uint64_t received(const struct postgres *l)
{
	struct tcp_info info = {0};
	socklen_t n = sizeof(info);

	if (getsockopt(PQsocket(l->conn), IPPROTO_TCP, TCP_INFO, &info, &n))
		return 0;
	return info.tcpi_bytes_received;
}

/* Bounded, since libpq would take a row of 1 GB. */
static void expect(struct postgres *l, uint64_t bytes)
{
	l->most = received(l) + bytes;
}

static int receive(struct postgres *l, struct err *e)
{
	if (PQconsumeInput(l->conn) == 0)
		return broke(l, e);
	if (received(l) <= l->most)
		return 0;
	l->lost = true;
	return err_code(e, OUTCOME_TOO_LARGE, "the server sends too much");
}

/* The next result, NULL in *out after the last one. */
static int next(struct postgres *l, PGresult **out, struct err *e)
{
	*out = NULL;
	while (PQisBusy(l->conn)) {
		if (!wait_for(l, POLLIN))
			return late(l, "to the query", e);
		if (receive(l, e) != 0)
			return -1;
	}
	*out = PQgetResult(l->conn);
	return 0;
}

/* Statements of our own, all of which must go well. */
static int command(struct postgres *l, const char *sql, struct err *e)
{
	PGresult *result;
	int rc = 0;

	expect(l, 1024 * 1024);
	if (PQsendQuery(l->conn, sql) == 0)
		return broke(l, e);
	while (!l->lost) {
		int more = next(l, &result, e);

		if (more != 0 || result == NULL)
			return more != 0 ? -1 : rc;
		if (rc == 0 && PQresultStatus(result) != PGRES_COMMAND_OK)
			rc = postgres_said(l, result, e);
		PQclear(result);
	}
	return -1;
}

/*
 * Settings are those of the transaction, so that nothing stays with a
 * connection that a pooler lends to others. A database without an encoding
 * gives its bytes as they are; the server would refuse what is not UTF-8.
 */
static int begin(void *p, struct sql_time time, struct err *e)
{
	struct postgres *l = p;
	const char *encoding = PQparameterStatus(l->conn, "server_encoding");
	char sql[300];

	l->time = time;
	snprintf(sql, sizeof(sql),
	    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
	    "SET LOCAL client_encoding = '%s';"
	    "SET LOCAL TimeZone = 'UTC';"
	    "SET LOCAL DateStyle = 'ISO'",
	    str_eq(encoding, "SQL_ASCII") ? "SQL_ASCII" : "UTF8");
	return command(l, sql, e);
}

static int limit_time(struct postgres *l, struct err *e)
{
	double left = (l->time.deadline - clock_monotonic()) * 1000 * AHEAD;
	char sql[80];

	snprintf(sql, sizeof(sql), "SET LOCAL statement_timeout = %d",
	    left < 1 ? 1 : (int)left);
	return command(l, sql, e);
}

static int columns(const PGresult *result, const char *name,
    struct sql_sink *sink, struct err *e)
{
	int n = PQnfields(result);
	struct arena *a = arena_new();
	const char **names = arena_array(a, (size_t)n, sizeof(*names));
	int rc = 0;

	for (int i = 0; i < n && rc == 0; i++) {
		names[i] = PQfname(result, i);
		if (PQftype(result, i) == TYPE_BYTEA)
			rc = sql_no_bytes(names[i], "bytea", e);
	}
	if (rc == 0)
		rc = sql_sink_query(sink, name, names, (size_t)n, e);
	arena_free(a);
	return rc;
}

static bool is_finite(const char *text)
{
	return isdigit((unsigned char)text[text[0] == '-']) != 0;
}

static int cell(
    const PGresult *result, int i, struct sql_sink *sink, struct err *e)
{
	const char *text = PQgetvalue(result, 0, i);
	size_t n = (size_t)PQgetlength(result, 0, i);
	enum rowset_tag tag = ROWSET_TEXT;

	switch (PQftype(result, i)) {
	case TYPE_BOOL:
		text = text[0] == 't' ? "1" : "0";
		tag = ROWSET_NUMBER;
		break;
	case TYPE_INT8:
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_OID:
	case TYPE_FLOAT4:
	case TYPE_FLOAT8:
	case TYPE_NUMERIC:
		tag = is_finite(text) ? ROWSET_NUMBER : ROWSET_NULL;
		break;
	case TYPE_DATE:
	case TYPE_TIMESTAMP:
	case TYPE_TIMESTAMPTZ:
		tag = is_finite(text) ? ROWSET_TIME : ROWSET_NULL;
		break;
	}
	if (PQgetisnull(result, 0, i))
		tag = ROWSET_NULL;
	return sql_sink_cell(sink, tag, text, tag == ROWSET_NULL ? 0 : n, e);
}

static int row(const PGresult *result, struct sql_sink *sink, struct err *e)
{
	int rc = 0;

	for (int i = 0; i < PQnfields(result) && rc == 0; i++)
		rc = cell(result, i, sink, e);
	return rc;
}

/*
 * The columns come with the first row, or alone where there is no row. What
 * we refuse is not read to its end.
 */
static int take(struct postgres *l, const PGresult *result, bool first,
    const char *name, struct sql_sink *sink, struct err *e)
{
	ExecStatusType status = PQresultStatus(result);
	int rc = 0;

	if (status == PGRES_FATAL_ERROR)
		return postgres_said(l, result, e);
	if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK)
		rc = err_code(e, OUTCOME_FAILED,
		    "the statement yields no rows: a SELECT is wanted");
	if (rc == 0 && first)
		rc = columns(result, name, sink, e);
	if (rc == 0 && status == PGRES_SINGLE_TUPLE)
		rc = row(result, sink, e);
	l->lost = l->lost || rc != 0;
	return rc;
}

static int take_all(
    struct postgres *l, const char *name, struct sql_sink *sink, struct err *e)
{
	struct err later;
	PGresult *result;
	bool first = true;
	int rc = 0;

	while (!l->lost) {
		if (next(l, &result, rc == 0 ? e : &later) != 0)
			return -1;
		if (result == NULL)
			break;
		if (rc == 0)
			rc = take(l, result, first, name, sink, e);
		first = false;
		PQclear(result);
	}
	return rc < 0 ? -1 : 0;
}

static int query(void *p, const char *name, const char *sql,
    const struct sql_value *since, struct sql_sink *sink, struct err *e)
{
	struct postgres *l = p;
	const char *values[] = {since != NULL ? since->text : NULL};

	if (limit_time(l, e) != 0)
		return -1;
	expect(l, 4 * sink->out->max + 1024 * 1024);
	/* the extended protocol takes one statement only */
	if (PQsendQueryParams(
		l->conn, sql, since != NULL, NULL, values, NULL, NULL, 0) == 0)
		return broke(l, e);
	PQsetSingleRowMode(l->conn);
	return take_all(l, name, sink, e);
}

static int end(void *p)
{
	struct postgres *l = p;
	struct err e;

	if (l->lost)
		return -1;
	l->time.deadline = clock_monotonic() + ROLLBACK_S;
	return command(l, "ROLLBACK", &e);
}

const struct sql_driver sql_postgres = {
    .scheme = "postgres",
    .port = 5432,
    .quote = '"',
    .parameter = "$1",
    .open = open_link,
    .close = close_link,
    .begin = begin,
    .query = query,
    .end = end,
};
