/* What libpq and the server say, and what it means. */
#include "source/sql_postgres.h"

#include <ctype.h>
#include <string.h>

#define SAID_MAX 300 /* bytes of what a server says */

/* What is known of a fault by its SQLSTATE or by libpq's own words. */
struct reason {
	const char *sign;
	enum outcome outcome;
	const char *hint;
};

static const struct reason states[] = {
    {"28", OUTCOME_AUTH, ""},
    {"53300", OUTCOME_REFUSED,
	"raise max_connections, or find who keeps them: pg_stat_activity"},
    {"57014", OUTCOME_TIMEOUT, ""},
    {"57P", OUTCOME_REFUSED, ""}, /* it starts or shuts down */
    {"08", OUTCOME_UNREACHABLE, ""},
    {"42501", OUTCOME_FAILED, "GRANT SELECT ON the table TO the user"},
    {"25006", OUTCOME_FAILED, "a source only reads"},
    {"", OUTCOME_FAILED, ""},
};

static const struct reason words[] = {
    {"could not translate host name", OUTCOME_DNS, ""},
    {"Connection refused", OUTCOME_REFUSED, ""},
    {"No such file or directory", OUTCOME_REFUSED, ""},
    {"no password supplied", OUTCOME_AUTH,
	"name a file with the password by password_file:, or write a line "
	"into ~/.pgpass"},
    {"root certificate file", OUTCOME_TLS, ""},
    {"does not support SSL", OUTCOME_TLS,
	"?sslmode=disable goes without, on a network that you trust"},
    {"certificate verify failed", OUTCOME_TLS,
	"name the file of its authority by ca:"},
    {"does not match host name", OUTCOME_TLS,
	"?sslmode=verify-ca takes any name that the authority has signed"},
    {"SSL", OUTCOME_TLS, ""},
    {"certificate", OUTCOME_TLS, ""},
    {"received invalid", OUTCOME_PROTOCOL, ""},
    {"expected authentication request", OUTCOME_PROTOCOL, ""},
    {"unsupported", OUTCOME_PROTOCOL, ""},
    {"", OUTCOME_UNREACHABLE, ""},
};

/* " 28P01: " behind the severity, as PQERRORS_VERBOSE has it. */
static const char *state_in(const char *line)
{
	const char *p = strstr(line, ":  ");
	size_t n = 0;

	while (p != NULL && n < 5 &&
	       (isdigit((unsigned char)p[3 + n]) ||
		   isupper((unsigned char)p[3 + n])))
		n++;
	return n == 5 && p[8] == ':' && p[9] == ' ' ? p + 3 : NULL;
}

/* Of the last address that was tried, the line that says why it failed. */
static struct span reason_line(const char *text)
{
	struct span rest, line = {"", 0};

	for (const char *p; (p = strstr(text, " failed: ")) != NULL;)
		text = p + strlen(" failed: ");
	rest = (struct span){text, strlen(text)};
	while (line.n == 0 && str_line(&rest, &line))
		line = str_trim(line);
	return line;
}

int postgres_not_connected(struct postgres *l, struct err *e)
{
	struct span line = reason_line(PQerrorMessage(l->conn));
	const struct reason *r = words;
	char said[SAID_MAX];
	const char *state, *text = said;

	str_clean_into(said, sizeof(said), line.p, line.n);
	if ((state = state_in(said)) != NULL) {
		for (r = states; !str_starts(state, r->sign);)
			r++;
		text = state + strlen("28P01: ");
	} else {
		while (strstr(said, r->sign) == NULL)
			r++;
	}
	err_code(e, (int)r->outcome, "%s: %s", l->url->place, text);
	return r->hint[0] != '\0' ? err_hint(e, "%s", r->hint) : -1;
}

int postgres_said(struct postgres *l, const PGresult *result, struct err *e)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const struct reason *r = states;

	if (PQstatus(l->conn) == CONNECTION_BAD)
		l->lost = true;
	if (state == NULL || text == NULL)
		return err_code(e, OUTCOME_UNREACHABLE,
		    "%s: the server has closed the connection", l->url->place);
	while (!str_starts(state, r->sign))
		r++;
	if (r->outcome == OUTCOME_TIMEOUT)
		return err_code(e, OUTCOME_TIMEOUT, "no end in %g s: %.*s",
		    l->time.allowed, SAID_MAX, text);
	err_code(e, (int)r->outcome, "%.*s", SAID_MAX, text);
	return r->hint[0] != '\0' ? err_hint(e, "%s", r->hint) : -1;
}
