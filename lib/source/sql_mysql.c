/*
 * MariaDB and MySQL, by MariaDB's client library. It waits by itself, in
 * whole seconds: a server that is silent for longer than the time of the
 * connection's first job has gone. Statements are prepared: the server takes
 * one at a time only, and says before it runs one whether it yields rows.
 */
#include "source/sql_mysql.h"

#include "base/clock.h"
#include "base/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define SAID_MAX 300 /* bytes of what a server says */
#define CNF_MAX	 (1024 * 1024)

/* The server stops by itself a little before we would stop waiting. */
#define AHEAD 0.9

/* Not the one that hands the password to whoever asks for it. */
#define PLUGINS "mysql_native_password,client_ed25519,caching_sha2_password"

struct link {
	MYSQL *conn;
	const struct sql_url *url;
	struct sql_time time;
	bool lost;
};

static const struct reason {
	unsigned first, last;
	enum outcome outcome;
	const char *hint;
} reasons[] = {
    {1040, 1040, OUTCOME_REFUSED,
	"raise max_connections, or find who keeps them: SHOW PROCESSLIST"},
    {1203, 1203, OUTCOME_REFUSED, ""},
    {1226, 1226, OUTCOME_REFUSED, ""},
    {1044, 1045, OUTCOME_AUTH, ""},
    {1130, 1130, OUTCOME_AUTH, ""},
    {1698, 1698, OUTCOME_AUTH, ""},
    {2059, 2059, OUTCOME_AUTH, ""}, /* a plugin that we don't take */
    {1142, 1143, OUTCOME_FAILED, "GRANT SELECT ON the table TO the user"},
    {1792, 1792, OUTCOME_FAILED, "a source only reads"},
    {1969, 1969, OUTCOME_TIMEOUT, ""},
    {3024, 3024, OUTCOME_TIMEOUT, ""},
    {2002, 2003, OUTCOME_REFUSED, ""},
    {2005, 2005, OUTCOME_DNS, ""},
    {2006, 2006, OUTCOME_UNREACHABLE, ""},
    {2013, 2013, OUTCOME_UNREACHABLE, ""},
    {2007, 2007, OUTCOME_PROTOCOL, ""},
    {2012, 2012, OUTCOME_PROTOCOL, ""},
    {2027, 2027, OUTCOME_PROTOCOL, ""},
    {2020, 2020, OUTCOME_TOO_LARGE, ""},
    {2026, 2026, OUTCOME_TLS,
	"name the file of its authority by ca:, or see "
	"sslmode in broadsheet.yaml(5)"},
    {1053, 1053, OUTCOME_UNREACHABLE, ""},
    {0, ~0u, OUTCOME_FAILED, ""},
};

/* What the library's or server's number and words mean. */
static int failed(
    struct link *l, unsigned number, const char *text, struct err *e)
{
	const struct reason *r = reasons;
	bool ours = number >= 2000 && number < 3000;

	while (number < r->first || number > r->last)
		r++;
	l->lost = l->lost || ours;
	if (r->outcome == OUTCOME_UNREACHABLE &&
	    clock_monotonic() >= l->time.deadline)
		return err_code(e, OUTCOME_TIMEOUT, "%s: no answer in %g s",
		    l->url->place, l->time.allowed);
	if (r->outcome == OUTCOME_TIMEOUT)
		return err_code(e, OUTCOME_TIMEOUT, "no end in %g s: %.*s",
		    l->time.allowed, SAID_MAX, text);
	if (ours || r->outcome == OUTCOME_AUTH || r->outcome == OUTCOME_REFUSED)
		err_code(e, (int)r->outcome, "%s: %.*s", l->url->place,
		    SAID_MAX, text);
	else
		err_code(e, (int)r->outcome, "%.*s", SAID_MAX, text);
	return r->hint[0] != '\0' ? err_hint(e, "%s", r->hint) : -1;
}

static int conn_failed(struct link *l, struct err *e)
{
	return failed(l, mysql_errno(l->conn), mysql_error(l->conn), e);
}

/* A fault in the midst of rows is sometimes only the connection's. */
static int stmt_failed(struct link *l, MYSQL_STMT *stmt, struct err *e)
{
	if (mysql_stmt_errno(stmt) == 0)
		return conn_failed(l, e);
	return failed(l, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), e);
}

/* A server may ask for any file of ours in answer to any query. */
static int no_file(void **ctx, const char *name, void *user)
{
	(void)ctx, (void)name, (void)user;
	return 1;
}

static int no_bytes(void *ctx, char *data, unsigned n)
{
	(void)ctx, (void)data, (void)n;
	return -1;
}

static void no_end(void *ctx)
{
	(void)ctx;
}

static int no_words(void *ctx, char *text, unsigned n)
{
	(void)ctx;
	if (n > 0)
		text[0] = '\0';
	return 1;
}

static void set_tls(MYSQL *m, const struct sql_conf *conf)
{
	my_bool on = 1, full = conf->url.tls == SQL_TLS_VERIFY_FULL;

	if (conf->url.tls == SQL_TLS_DISABLE)
		return;
	mysql_options(m, MYSQL_OPT_SSL_ENFORCE, &on);
	if (conf->url.tls < SQL_TLS_VERIFY_CA)
		return;
	mysql_options(
	    m, MYSQL_OPT_SSL_CA, conf->ca != NULL ? conf->ca : SQL_BUNDLE);
	mysql_options(m, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &full);
}

static void set_options(MYSQL *m, const struct sql_conf *conf, double allowed)
{
	unsigned seconds = (unsigned)ceil(allowed), none = 0;
	unsigned tcp = MYSQL_PROTOCOL_TCP;
	size_t most = MYSQL_PACKET_MAX;

	mysql_options(m, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
	mysql_options(m, MYSQL_OPT_READ_TIMEOUT, &seconds);
	mysql_options(m, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
	mysql_options(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(m, MYSQL_OPT_LOCAL_INFILE, &none);
	mysql_options(m, MYSQL_OPT_MAX_ALLOWED_PACKET, &most);
	mysql_optionsv(m, MARIADB_OPT_RESTRICTED_AUTH, PLUGINS);
	mysql_set_local_infile_handler(
	    m, no_file, no_bytes, no_end, no_words, NULL);
	if (conf->url.host != NULL) /* or "localhost" would be a socket */
		mysql_options(m, MYSQL_OPT_PROTOCOL, &tcp);
	set_tls(m, conf);
}

/* The password; or the client's own file, which is to be as private. */
static int secret(struct link *l, const struct sql_conf *conf, struct arena *a,
    const char **password, struct err *e)
{
	const char *own = file_resolve(a, ".", "~/.my.cnf");
	struct span content;
	int rc = 0;

	*password = NULL;
	if (conf->password_file != NULL) {
		rc = file_read_secret(a, conf->password_file, password, e);
	} else if (file_exists(own)) {
		rc = file_read_private(a, own, CNF_MAX, &content, e);
		mysql_options(l->conn, MYSQL_READ_DEFAULT_FILE, own);
	}
	if (rc != 0)
		e->code = OUTCOME_AUTH;
	return rc;
}

static int set_session(struct link *l, struct err *e)
{
	if (mysql_query(l->conn, "SET time_zone = '+00:00'") != 0)
		return conn_failed(l, e);
	return 0;
}

static void close_link(void *p)
{
	struct link *l = p;

	if (l->lost && mysql_get_socket(l->conn) != MARIADB_INVALID_SOCKET)
		shutdown(mysql_get_socket(l->conn), SHUT_RDWR);
	mysql_close(l->conn);
}

static int dial(
    struct link *l, const struct sql_conf *conf, struct arena *a, struct err *e)
{
	const struct sql_url *u = &conf->url;
	const char *password;

	if (secret(l, conf, a, &password, e) != 0)
		return -1;
	set_options(l->conn, conf, l->time.allowed);
	if (mysql_real_connect(l->conn, u->host, u->user, password, u->database,
		(unsigned)u->port, u->socket, 0) == NULL)
		return conn_failed(l, e);
	return set_session(l, e);
}

static void *open_link(const struct sql_conf *conf, struct sql_time time,
    struct arena *a, struct err *e)
{
	struct link *l = arena_make(a, struct link);

	l->url = &conf->url;
	l->time = time;
	l->conn = mysql_init(NULL);
	if (l->conn == NULL) {
		err_code(e, OUTCOME_FAILED, "libmariadb has no memory");
		return NULL;
	}
	if (dial(l, conf, a, e) == 0)
		return l;
	close_link(l);
	return NULL;
}

static int begin(void *p, struct sql_time time, struct err *e)
{
	struct link *l = p;

	l->time = time;
	if (mysql_query(l->conn,
		"START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY") != 0)
		return conn_failed(l, e);
	return 0;
}

/* MariaDB counts in seconds, MySQL in milliseconds. */
static int limit_time(struct link *l, struct err *e)
{
	double left = (l->time.deadline - clock_monotonic()) * AHEAD;
	char sql[80];

	if (left < 0.001)
		left = 0.001;
	if (mariadb_connection(l->conn))
		snprintf(
		    sql, sizeof(sql), "SET max_statement_time = %.3f", left);
	else
		snprintf(sql, sizeof(sql), "SET max_execution_time = %.0f",
		    left * 1000);
	return mysql_query(l->conn, sql) == 0 ? 0 : conn_failed(l, e);
}

/* What we refuse is not read to its end: the connection is given up. */
static int rows(struct link *l, struct mysql_cursor *c, struct sql_sink *sink,
    struct err *e)
{
	int more, rc = 0;

	while ((more = mysql_stmt_fetch(c->stmt)) == 0 ||
	       more == MYSQL_DATA_TRUNCATED) {
		for (unsigned i = 0; i < c->n && rc == 0; i++)
			rc = mysql_cell(c, i, sink, e);
		arena_reset(c->row);
		if (rc == 0)
			continue;
		l->lost = true;
		return rc < 0 ? -1 : 0;
	}
	return more == MYSQL_NO_DATA ? 0 : stmt_failed(l, c->stmt, e);
}

/* The value of since: is bound, as a number where it is one. */
static int execute(struct link *l, struct mysql_cursor *c,
    const struct sql_value *since, struct err *e)
{
	int64_t whole = 0;
	MYSQL_BIND b = {.buffer_type = MYSQL_TYPE_STRING};

	if (since != NULL && mysql_stmt_param_count(c->stmt) != 1)
		return err_code(
		    e, OUTCOME_FAILED, "since: the query may hold no '?'");
	if (since != NULL) {
		b.buffer = arena_strdup(c->arena, since->text);
		b.buffer_length = strlen(since->text);
		if (since->tag == ROWSET_NUMBER &&
		    str_int(since->text, &whole)) {
			b.buffer_type = MYSQL_TYPE_LONGLONG;
			b.buffer = &whole;
		}
		if (mysql_stmt_bind_param(c->stmt, &b) != 0)
			return stmt_failed(l, c->stmt, e);
	}
	return mysql_stmt_execute(c->stmt) == 0 ? 0
						: stmt_failed(l, c->stmt, e);
}

static int ask(struct link *l, struct mysql_cursor *c, const char *name,
    const struct sql_value *since, struct sql_sink *sink, struct err *e)
{
	MYSQL_RES *meta = mysql_stmt_result_metadata(c->stmt);
	int rc;

	if (meta == NULL)
		return err_code(e, OUTCOME_FAILED,
		    "the statement yields no rows: a SELECT is wanted");
	rc = mysql_columns(c, meta, name, sink, e);
	mysql_free_result(meta);
	if (rc == 0)
		rc = execute(l, c, since, e);
	if (rc == 0 && mysql_stmt_bind_result(c->stmt, c->binds) != 0)
		rc = stmt_failed(l, c->stmt, e);
	return rc == 0 ? rows(l, c, sink, e) : -1;
}

static int query(void *p, const char *name, const char *sql,
    const struct sql_value *since, struct sql_sink *sink, struct err *e)
{
	struct link *l = p;
	struct mysql_cursor c = {.arena = arena_new(), .row = arena_new()};
	int rc = limit_time(l, e);

	c.stmt = rc == 0 ? mysql_stmt_init(l->conn) : NULL;
	if (c.stmt != NULL && mysql_stmt_prepare(c.stmt, sql, strlen(sql)) != 0)
		rc = stmt_failed(l, c.stmt, e);
	if (rc == 0 && c.stmt != NULL)
		rc = ask(l, &c, name, since, sink, e);
	if (l->lost) /* or what is left of the rows would be waited for */
		shutdown(mysql_get_socket(l->conn), SHUT_RDWR);
	if (c.stmt != NULL)
		mysql_stmt_close(c.stmt);
	arena_free(c.arena);
	arena_free(c.row);
	return rc;
}

static int end(void *p)
{
	struct link *l = p;

	return l->lost || mysql_query(l->conn, "ROLLBACK") != 0 ? -1 : 0;
}

const struct sql_driver sql_mysql = {
    .scheme = "mysql",
    .port = 3306,
    .quote = '`',
    .parameter = "?",
    .open = open_link,
    .close = close_link,
    .begin = begin,
    .query = query,
    .end = end,
};
