/*
 * Refusals inside of answers whose HTTP status is a good one, and what token
 * services say when they refuse (RFC 6749, 5.2, and services that have words
 * of their own).
 */
#include "source/http.h"

#include <string.h>
#include <strings.h>

#define SAID_SHOWN 120

#define AT(member) offsetof(struct http_errors, member)

const struct option http_errors_options[] = {
    {"status", OPTION_TEXT, AT(status),
	.help = "path of the status in the answer; an answer without one is "
		"good",
	.required = true},
    {"ok", OPTION_LIST, AT(ok), .help = "the good ones; 0 if left out"},
    {"unauthorised", OPTION_LIST, AT(unauthorised),
	.help = "those that mean that the token is not accepted"},
    {"limited", OPTION_LIST, AT(limited),
	.help = "those that mean that too much was asked"},
    {"message", OPTION_TEXT, AT(message), .help = "path of the sentence"},
    {0},
};

void http_errors_check(
    struct http_conf *conf, const struct node *node, struct faults *f)
{
	struct http_errors *c = &conf->errors;

	http_check_path("errors: status", c->status, false, node, f);
	http_check_path("errors: message", c->message, false, node, f);
	if (c->ok.n == 0)
		strings_add(f->arena, &c->ok, "0");
}

static bool has(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->items[i], s))
			return true;
	return false;
}

/* ": its words", on one line, or "". */
static void words(char out[SAID_SHOWN + 3], const char *p, size_t n)
{
	out[0] = '\0';
	if (n == 0)
		return;
	memcpy(out, ": ", 2);
	str_clean_into(out + 2, SAID_SHOWN + 1, p, n);
	str_one_line(out);
}

int http_said_well(
    const struct http_conf *conf, struct http_json *j, struct err *e)
{
	const struct http_errors *c = &conf->errors;
	const char *status, *message;
	char said[SAID_SHOWN + 3];
	int outcome = OUTCOME_HTTP_STATUS;

	if (conf->errors_node == NULL)
		return 0;
	status = http_json_text(j, c->status);
	if (status == NULL || has(&c->ok, status))
		return 0;
	if (has(&c->unauthorised, status))
		outcome = OUTCOME_REAUTH;
	else if (has(&c->limited, status))
		outcome = OUTCOME_RATE_LIMITED;
	message = http_json_text(j, c->message);
	words(said, message, message != NULL ? strlen(message) : 0);
	return err_code(
	    e, outcome, "the answer says status %.20s%s", status, said);
}

/* The first that is found decides. */
static const struct {
	const char *word;
	enum outcome outcome;
	const char *text;
} refusals[] = {
    {"invalid_grant", OUTCOME_REAUTH, "the access was withdrawn or has ended"},
    {"access_denied", OUTCOME_REAUTH, "the access was refused"},
    {"invalid_client", OUTCOME_AUTH,
	"client_id or the client secret is not accepted"},
    {"unauthorized_client", OUTCOME_AUTH,
	"client_id or the client secret is not accepted"},
    {"client_secret", OUTCOME_AUTH,
	"client_id or the client secret is not accepted"},
    {"client_id", OUTCOME_AUTH,
	"client_id or the client secret is not accepted"},
    {"client secret", OUTCOME_AUTH,
	"client_id or the client secret is not accepted"},
    {"RefreshToken", OUTCOME_REAUTH, "the access was withdrawn or has ended"},
    {"refresh_token", OUTCOME_REAUTH, "the access was withdrawn or has ended"},
    {"refresh token", OUTCOME_REAUTH, "the access was withdrawn or has ended"},
    {"AuthorizationCode", OUTCOME_REAUTH, "the access was not given"},
    {"invalid code", OUTCOME_REAUTH, "the access was not given"},
    {"invalid_scope", OUTCOME_AUTH, "scope: is not one of the service's"},
};

int http_token_refused(struct arena *a, const struct http_conf *conf, bool code,
    long status, struct span text, struct err *e)
{
	const char *body = arena_strndup(a, text.p, text.n);
	const char *url = http_show(a, conf->token_url);
	char said[SAID_SHOWN + 3];

	words(said, body, strlen(body));
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strcasestr(body, refusals[i].word) != NULL)
			return err_code(e, (int)refusals[i].outcome, "%s: %s%s",
			    url,
			    code && refusals[i].outcome == OUTCOME_REAUTH
				? "the code is too old, or was used before"
				: refusals[i].text,
			    said);
	return err_code(e, OUTCOME_AUTH, "%s: no token, but status %ld%s", url,
	    status, said);
}
