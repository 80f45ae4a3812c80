/* URLs of databases (RFC 3986), with libpq's words for what is asked of TLS. */
#include "source/sql.h"

#include <ctype.h>
#include <string.h>

#define TLS_WORDS "disable, require, verify-ca or verify-full"

struct scheme {
	const char *name;
	const struct sql_driver *driver;
};

static const struct scheme schemes[] = {
    {"postgres", &sql_postgres},
    {"postgresql", &sql_postgres},
    {"mysql", &sql_mysql},
    {"mariadb", &sql_mysql},
    {"sqlite", &sql_sqlite},
};

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-encoding away; NULL where it is wrong or hides a control. */
static const char *decode(struct arena *a, struct span s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int c = (unsigned char)s.p[i];

		if (c == '%') {
			if (i + 2 >= s.n)
				return NULL;
			if (hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0)
				return NULL;
			c = hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]);
			i += 2;
		}
		if (c < 0x20 || c == 0x7f)
			return NULL;
		out[n++] = (char)c;
	}
	return n > 0 ? out : "";
}

/* What is before the first of these; *rest begins with it, or is empty. */
static struct span before(struct span *rest, const char *any)
{
	struct span s = {rest->p, 0};

	while (s.n < rest->n && strchr(any, s.p[s.n]) == NULL)
		s.n++;
	rest->p += s.n;
	rest->n -= s.n;
	return s;
}

/* Skips one character. */
static void skip(struct span *s)
{
	s->p++;
	s->n--;
}

static int bad_part(const char *what, struct err *e)
{
	return err_set(e, "sql: the %s of the URL is not encoded right", what);
}

static int take(struct arena *a, struct span s, const char *what,
    const char **out, struct err *e)
{
	if (s.n == 0)
		return 0;
	*out = decode(a, s);
	return *out != NULL ? 0 : bad_part(what, e);
}

static int take_user(
    struct arena *a, struct span s, struct sql_url *u, struct err *e)
{
	if (memchr(s.p, ':', s.n) != NULL)
		return err_set(e,
		    "sql: a URL holds no password; write it into a file that "
		    "only you can read, and password_file:");
	return take(a, s, "user", &u->user, e);
}

static int take_port(struct span s, struct sql_url *u, struct err *e)
{
	u->port = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (!isdigit((unsigned char)s.p[i]))
			u->port = 65536;
		if (u->port < 65536)
			u->port = u->port * 10 + (s.p[i] - '0');
	}
	/* not the text itself, which may be of a password with a '/' */
	if (s.n > 0 && (u->port < 1 || u->port > 65535))
		return err_set(e,
		    "sql: the port of the URL is not a number from 1 to 65535");
	return 0;
}

/* A host; or, encoded, the path of a socket. */
static int take_host(
    struct arena *a, struct span s, struct sql_url *u, struct err *e)
{
	const char *host = NULL;

	if (take(a, s, "host", &host, e) != 0)
		return -1;
	if (host != NULL && host[0] == '/')
		u->socket = host;
	else
		u->host = host;
	return 0;
}

/* [user@][host][:port] */
static int take_authority(
    struct arena *a, struct span s, struct sql_url *u, struct err *e)
{
	const char *at = memrchr(s.p, '@', s.n);
	struct span host;

	if (at != NULL) {
		size_t n = (size_t)(at - s.p);

		if (take_user(a, (struct span){s.p, n}, u, e) != 0)
			return -1;
		s.p += n + 1;
		s.n -= n + 1;
	}
	if (s.n > 0 && s.p[0] == '[') {
		skip(&s);
		host = before(&s, "]");
		if (s.n == 0)
			return err_set(e, "sql: the host has no ']'");
		skip(&s);
	} else {
		host = before(&s, ":");
	}
	if (s.n > 0 && s.p[0] != ':')
		return err_set(e, "sql: a port is wanted behind the host");
	if (s.n > 0) {
		skip(&s);
		if (take_port(s, u, e) != 0)
			return -1;
	}
	return take_host(a, host, u, e);
}

static int take_tls(const char *word, struct sql_url *u, struct err *e)
{
	static const char *const words[] = {
	    "disable", "require", "verify-ca", "verify-full"};

	for (int i = 0; i < 4; i++)
		if (str_eq(word, words[i])) {
			u->tls = i;
			return 0;
		}
	return err_set(e, "sql: sslmode is " TLS_WORDS ", not '%.40s'", word);
}

/* name=value */
static int take_parameter(
    struct arena *a, struct span s, struct sql_url *u, struct err *e)
{
	struct span key = before(&s, "=");
	const char *value = NULL;

	if (s.n > 0)
		skip(&s);
	if (take(a, s, "query", &value, e) != 0)
		return -1;
	if (span_eq(key, "sslmode"))
		return take_tls(value != NULL ? value : "", u, e);
	if (span_eq(key, "password"))
		return take_user(a, (struct span){":", 1}, u, e);
	if (!span_eq(key, "socket") && !span_eq(key, "host"))
		return err_set(e,
		    "sql: '%.*s' is not a parameter: sslmode or socket is "
		    "wanted",
		    (int)(key.n < 40 ? key.n : 40), key.p);
	if (value == NULL || value[0] != '/' || u->host != NULL)
		return err_set(e,
		    "sql: socket is the full path of a socket, in place of a "
		    "host");
	u->socket = value;
	return 0;
}

static int take_parameters(
    struct arena *a, struct span rest, struct sql_url *u, struct err *e)
{
	while (rest.n > 0) {
		skip(&rest); /* ? or & */
		if (take_parameter(a, before(&rest, "&"), u, e) != 0)
			return -1;
	}
	return 0;
}

static const char *make_place(struct arena *a, const struct sql_url *u)
{
	int port = u->port > 0 ? u->port : u->driver->port;

	if (u->host == NULL)
		return u->socket != NULL ? u->socket
					 : "the socket of this machine";
	return arena_printf(a,
	    strchr(u->host, ':') != NULL ? "[%s]:%d" : "%s:%d", u->host, port);
}

/* //authority[/database][?parameters] */
static int parse_server(
    struct arena *a, struct span rest, struct sql_url *u, struct err *e)
{
	struct span authority;

	if (rest.n < 2 || memcmp(rest.p, "//", 2) != 0)
		return err_set(e,
		    "sql: a URL of a server begins as %s://host/database",
		    u->driver->scheme);
	rest.p += 2;
	rest.n -= 2;
	authority = before(&rest, "/?#");
	if (take_authority(a, authority, u, e) != 0)
		return -1;
	if (rest.n > 0 && rest.p[0] == '/') {
		struct span name;

		skip(&rest);
		name = before(&rest, "?#");
		/* an unencoded '@' or '/' in a password ends up here */
		if (memchr(name.p, '/', name.n) != NULL ||
		    memchr(name.p, '@', name.n) != NULL)
			return bad_part("database", e);
		if (take(a, name, "database", &u->database, e) != 0)
			return -1;
	}
	if (rest.n > 0 && rest.p[0] == '#')
		return err_set(e, "sql: a URL of a database has no '#'");
	if (take_parameters(a, rest, u, e) != 0)
		return -1;
	u->place = make_place(a, u);
	return 0;
}

/* sqlite:path, as it is: names of files are not encoded. */
static int parse_file(struct span rest, struct sql_url *u, struct err *e)
{
	if (rest.n > 2 && memcmp(rest.p, "//", 2) == 0)
		rest.p += 2; /* sqlite:///path */
	if (rest.p[0] == '\0')
		return err_set(e, "sql: sqlite: is followed by a path");
	u->database = u->place = rest.p;
	return 0;
}

int sql_url_parse(
    struct arena *a, const char *text, struct sql_url *u, struct err *e)
{
	struct span rest = {text, strlen(text)}, scheme = before(&rest, ":");

	*u = (struct sql_url){.tls = -1};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (rest.n > 0 && span_eq(scheme, schemes[i].name))
			u->driver = schemes[i].driver;
	if (u->driver == NULL)
		return err_set(e,
		    "sql: a URL begins with postgres://, mysql://, mariadb:// "
		    "or sqlite:");
	skip(&rest);
	if (u->driver->port == 0)
		return parse_file(rest, u, e);
	return parse_server(a, rest, u, e);
}
