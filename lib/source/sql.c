/*
 * sql: what queries of a database yield. All the sources of a database go
 * through one connection, one after the other.
 */
#include "source/sql.h"

#include "base/clock.h"
#include "base/file.h"

#include <string.h>

#define BATCH_MAX 100

#define AT(member) offsetof(struct sql_conf, member)

static const struct option options[] = {
    {"sql", OPTION_TEXT, AT(sql),
	.help = "a database as a URL: postgres://, mysql:// or mariadb:// "
		"user@host:port/name, or sqlite:path; sslmode=disable, "
		"require, verify-ca or verify-full (the default for other "
		"machines) may follow a '?', and socket=/path",
	.required = true},
    {"query", OPTION_TEXT, AT(query),
	.help = "one SELECT; its columns key, ts, metric, value and text mean "
		"what they are called"},
    {"queries", OPTION_MAP, AT(queries),
	.help = "several SELECTs of one moment, each with a name, which "
		"comes before its metrics or is the table's"},
    {"since", OPTION_TEXT, AT(since),
	.help = "a column of the query that only grows, such as an id: only "
		"rows beyond those of the last run are asked for"},
    {"rows", OPTION_INT, AT(rows), .deflt = "10000", .min = 1, .max = 200000,
	.help = "the most rows that a query may yield; with since: the rest "
		"is taken in the next runs"},
    {"password_file", OPTION_PATH, AT(password_file),
	.help = "the file that holds the password; only its owner may be able "
		"to read it. Without it the database's own is asked: "
		"~/.pgpass, or ~/.my.cnf"},
    {"ca", OPTION_PATH, AT(ca),
	.help = "certificates of the authorities to trust, PEM, instead of "
		"the machine's own: for an authority of one's own"},
    {0},
};

/* The jobs of one connection. */
struct work {
	const struct sql_driver *driver;
	void *link;
	struct fetch *jobs;
	size_t n;
	const struct fetch_sink *sink;
	struct arena *arena; /* of the connection */
};

static const struct node *at(const struct node *source, const char *key)
{
	const struct node *value = node_get(source, key);

	return value != NULL ? value : source;
}

static bool is_local(const struct sql_url *u)
{
	return u->host == NULL || str_eq(u->host, "localhost") ||
	       str_eq(u->host, "::1") || str_starts(u->host, "127.");
}

static void check_file(
    struct sql_conf *conf, const struct node *node, struct faults *f)
{
	static const char *const others[] = {"password_file", "ca"};

	for (size_t i = 0; i < 2; i++)
		if (node_get(node, others[i]) != NULL)
			fault_at(f, at(node, others[i]),
			    "%s: sqlite has no use for it", others[i]);
	conf->url.database = conf->url.place = file_resolve(
	    f->arena, file_dir(f->arena, node->file), conf->url.database);
}

static void check_server(
    struct sql_conf *conf, const struct node *node, struct faults *f)
{
	struct sql_url *u = &conf->url;

	if (u->tls < 0)
		u->tls = conf->ca != NULL || !is_local(u) ? SQL_TLS_VERIFY_FULL
							  : SQL_TLS_DISABLE;
	if (conf->ca != NULL && u->tls < SQL_TLS_VERIFY_CA)
		fault_at(f, at(node, "ca"),
		    "ca: goes only with sslmode=verify-ca or verify-full");
}

static void check_queries(
    const struct sql_conf *conf, const struct node *node, struct faults *f)
{
	const struct node *as = node_get(node, "as");

	if ((conf->query != NULL) == (conf->queries.n > 0))
		fault_at(f, node, "either 'query' or 'queries' is wanted");
	if (conf->since != NULL && conf->query == NULL)
		fault_at(f, at(node, "since"), "since: goes only with 'query'");
	if (as != NULL && str_eq(as->text, "records") && conf->queries.n > 0)
		fault_at(f, at(node, "queries"),
		    "queries: records are those of one 'query'");
}

static void check(void *p, const struct node *node, struct faults *f)
{
	struct sql_conf *conf = p;
	struct err e;

	check_queries(conf, node, f);
	if (conf->sql == NULL)
		return;
	if (sql_url_parse(f->arena, conf->sql, &conf->url, &e) != 0)
		fault_at(f, at(node, "sql"), "%s", e.text);
	else if (conf->url.driver->port == 0)
		check_file(conf, node, f);
	else
		check_server(conf, node, f);
}

static const char *endpoint(const void *p, struct arena *a)
{
	const struct sql_conf *conf = p;

	if (conf->url.driver == NULL)
		return NULL;
	return arena_printf(a, "%s %s %s %s %s", conf->url.driver->scheme,
	    conf->url.place, conf->sql,
	    conf->password_file != NULL ? conf->password_file : "",
	    conf->ca != NULL ? conf->ca : "");
}

/* The query without the blanks and semicolons at its end. */
static struct span bare(const char *sql)
{
	struct span s = str_trim((struct span){sql, strlen(sql)});

	while (s.n > 0 && s.p[s.n - 1] == ';')
		s = str_trim((struct span){s.p, s.n - 1});
	return s;
}

/* An identifier as the database quotes it. */
static const char *quote(struct arena *a, const char *name, char mark)
{
	char *out = arena_alloc(a, 2 * strlen(name) + 3), *p = out;

	*p++ = mark;
	for (; *name != '\0'; name++) {
		if (*name == mark)
			*p++ = mark;
		*p++ = *name;
	}
	*p = mark;
	return out;
}

/* The rows beyond the cursor, in its order, and one more than may come. */
static const char *wrap(
    struct arena *a, const struct sql_conf *conf, bool known)
{
	const struct sql_driver *d = conf->url.driver;
	struct span sql = bare(conf->query);
	const char *column = quote(a, conf->since, d->quote);

	return arena_printf(a,
	    "SELECT * FROM (%.*s\n) AS q WHERE q.%s %s%s ORDER BY q.%s LIMIT "
	    "%lld",
	    (int)sql.n, sql.p, column, known ? "> " : "IS NOT NULL",
	    known ? d->parameter : "", column, (long long)conf->rows + 1);
}

/* What the state belongs to; another cursor begins from the start. */
static const char *state_head(struct arena *a, const struct sql_conf *conf)
{
	return arena_printf(a, "%s\n%s\n", conf->sql, conf->since);
}

/* The cursor, if the state holds one of these. */
static bool read_state(
    struct arena *a, const struct fetch *job, struct sql_value *value)
{
	const char *head = state_head(a, job->conf);
	size_t n = strlen(head);

	if (job->state.n <= n || memcmp(job->state.p, head, n) != 0)
		return false;
	value->tag = (enum rowset_tag)job->state.p[n];
	value->text =
	    arena_strndup(a, job->state.p + n + 1, job->state.n - n - 1);
	return true;
}

static int run_since(
    struct work *w, struct fetch *job, struct sql_sink *sink, struct arena *a)
{
	const struct sql_conf *conf = job->conf;
	const struct buf *cursor;
	struct sql_value value;
	bool known = read_state(a, job, &value);

	if (w->driver->query(w->link, "", wrap(a, conf, known),
		known ? &value : NULL, sink, &job->err) != 0)
		return -1;
	cursor = sql_sink_cursor(sink);
	if (cursor->len > 0) {
		buf_str(&job->new_state, state_head(a, conf));
		buf_add(&job->new_state, cursor->data, cursor->len);
	} else {
		buf_add(&job->new_state, job->state.p, job->state.n);
	}
	return 0;
}

static int run_queries(struct work *w, struct fetch *job, struct sql_sink *sink)
{
	const struct sql_conf *conf = job->conf;

	for (size_t i = 0; i < conf->queries.n; i++) {
		const struct pair *q = &conf->queries.items[i];

		if (w->driver->query(
			w->link, q->key, q->value, NULL, sink, &job->err) != 0)
			return err_context(&job->err, "%s", q->key);
	}
	return 0;
}

static int run(struct work *w, struct fetch *job, struct sql_time time)
{
	const struct sql_conf *conf = job->conf;
	struct arena *a = arena_new();
	struct sql_sink sink;
	int rc = w->driver->begin(w->link, time, &job->err);

	sql_sink_init(&sink, &job->body, conf);
	if (rc == 0 && conf->since != NULL)
		rc = run_since(w, job, &sink, a);
	else if (rc == 0 && conf->query != NULL)
		rc = w->driver->query(
		    w->link, "", conf->query, NULL, &sink, &job->err);
	else if (rc == 0)
		rc = run_queries(w, job, &sink);
	sql_sink_free(&sink);
	arena_free(a);
	return rc;
}

static void done(struct work *w, struct fetch *job, double begun)
{
	job->ms = (clock_monotonic() - begun) * 1000;
	w->sink->done(w->sink->ctx, job);
	buf_free(&job->body);
	buf_free(&job->new_state);
}

static void disconnect(struct work *w)
{
	if (w->link != NULL)
		w->driver->close(w->link);
	w->link = NULL;
	arena_reset(w->arena);
}

/* One job, and those after it where there is no connection to be had. */
static size_t one(struct work *w, size_t i)
{
	struct fetch *job = &w->jobs[i];
	double begun = clock_monotonic();
	struct sql_time time = {begun + job->timeout, job->timeout};
	struct err e = {0};

	if (w->link == NULL)
		w->link = w->driver->open(job->conf, time, w->arena, &e);
	if (w->link == NULL) {
		for (; i < w->n; i++) {
			w->jobs[i].err = e;
			w->jobs[i].rc = -1;
			done(w, &w->jobs[i], begun);
		}
		arena_reset(w->arena);
		return i;
	}
	job->rc = run(w, job, time);
	if (w->driver->end(w->link) != 0)
		disconnect(w);
	done(w, job, begun);
	return i + 1;
}

static void fetch(struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	const struct sql_conf *conf = jobs[0].conf;
	struct work w = {
	    .driver = conf->url.driver,
	    .jobs = jobs,
	    .n = n,
	    .sink = sink,
	    .arena = arena_new(),
	};

	for (size_t i = 0; i < n;)
		i = one(&w, i);
	disconnect(&w);
	arena_free(w.arena);
}

const struct source_kind source_sql = {
    .name = "sql",
    .help = "what queries of a database yield: PostgreSQL, MariaDB, MySQL or "
	    "SQLite",
    .options = options,
    .conf_size = sizeof(struct sql_conf),
    .batch = BATCH_MAX,
    .endpoint = endpoint,
    .check = check,
    .decoder = "sql",
    .fetch = fetch,
};
