/* sql: what URLs mean, and what is wrong with them, in exact words. */
#include "test.h"

#include "source/sql.h"

#include <stdio.h>
#include <string.h>

static const char *or_dash(const char *s)
{
	return s != NULL ? s : "-";
}

/* "scheme place user database socket port tls", or the fault. */
static const char *reads(const char *text)
{
	static char out[2048];
	struct arena *a = arena_new();
	struct sql_url u;
	struct err e;

	if (sql_url_parse(a, text, &u, &e) != 0)
		snprintf(out, sizeof(out), "%s", e.text);
	else
		snprintf(out, sizeof(out), "%s %s %s %s %s %d %d",
		    u.driver->scheme, u.place, or_dash(u.user),
		    or_dash(u.database), or_dash(u.socket), u.port, u.tls);
	arena_free(a);
	return out;
}

#define READS(text, what) assert_string_equal(reads(text), what)

static void parts(void **state)
{
	(void)state;
	READS(
	    "postgres://u@db1:5433/prod", "postgres db1:5433 u prod - 5433 -1");
	READS("postgresql://db1/prod", "postgres db1:5432 - prod - 0 -1");
	READS("mysql://u@db1", "mysql db1:3306 u - - 0 -1");
	READS("mariadb://[::1]:33/x", "mysql [::1]:33 - x - 33 -1");
	READS(
	    "postgres://u%40x@h/a%2Fb%20c", "postgres h:5432 u@x a/b c - 0 -1");
	READS("postgres://%2Frun%2Fpg/x", "postgres /run/pg - x /run/pg 0 -1");
	READS("postgres:///x?socket=/run/pg",
	    "postgres /run/pg - x /run/pg 0 -1");
	READS("mysql:///x", "mysql the socket of this machine - x - 0 -1");
	READS("postgres://h/x?sslmode=disable", "postgres h:5432 - x - 0 0");
	READS(
	    "postgres://h/x?sslmode=verify-full", "postgres h:5432 - x - 0 3");
	READS("sqlite:a b.db", "sqlite a b.db - a b.db - 0 -1");
	READS("sqlite:///var/x.db", "sqlite /var/x.db - /var/x.db - 0 -1");
}

#define NO_PASSWORD                                                            \
	"sql: a URL holds no password; write it into a file that only you "    \
	"can read, and password_file:"

static void no_passwords(void **state)
{
	(void)state;
	READS("postgres://u:secret@h/x", NO_PASSWORD);
	READS("mysql://:secret@h/x", NO_PASSWORD);
	READS("postgres://u:p@ss@h/x", NO_PASSWORD);
	READS("postgres://h/x?password=secret", NO_PASSWORD);
	/* its '/' ends the host: no part of it is said */
	READS("postgres://u:se/cret@h/x",
	    "sql: the port of the URL is not a number from 1 to 65535");
}

static void faults(void **state)
{
	(void)state;
	READS("oracle://x",
	    "sql: a URL begins with postgres://, mysql://, mariadb:// or "
	    "sqlite:");
	READS("postgres", "sql: a URL begins with postgres://, mysql://, "
			  "mariadb:// or sqlite:");
	READS("postgres:x",
	    "sql: a URL of a server begins as postgres://host/database");
	READS("postgres://h:0/x",
	    "sql: the port of the URL is not a number from 1 to 65535");
	READS("postgres://h:99999999999/x",
	    "sql: the port of the URL is not a number from 1 to 65535");
	READS("postgres://[::1/x", "sql: the host has no ']'");
	READS("postgres://[::1]5/x", "sql: a port is wanted behind the host");
	READS(
	    "postgres://h%/x", "sql: the host of the URL is not encoded right");
	READS("postgres://h/%0a", "sql: the database of the URL is not encoded "
				  "right");
	READS("postgres://h/a/b", "sql: the database of the URL is not encoded "
				  "right");
	READS("postgres://h/x#y", "sql: a URL of a database has no '#'");
	READS("postgres://h/x?sslmode=prefer",
	    "sql: sslmode is disable, require, verify-ca or verify-full, not "
	    "'prefer'");
	READS("postgres://h/x?options=-c",
	    "sql: 'options' is not a parameter: sslmode or socket is wanted");
	READS("mysql://h/x?socket=/y",
	    "sql: socket is the full path of a socket, in place of a host");
	READS("sqlite:", "sql: sqlite: is followed by a path");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts),
	    cmocka_unit_test(no_passwords),
	    cmocka_unit_test(faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
