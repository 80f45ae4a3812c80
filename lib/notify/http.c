/*
 * http: a call of a web service, with a body from a template. Recipes for
 * services that many use build on it.
 */
#include "base/file.h"
#include "base/json.h"
#include "notify/channel.h"
#include "notify/fill.h"
#include "source/http_call.h"

#include <string.h>
#include <strings.h>

#define BODY_MAX   (1024 * 1024)
#define SECRET_MIN 6 /* parts of a path that are shorter are none */

enum format { FORMAT_JSON, FORMAT_TEXT, FORMAT_FORM };

struct conf {
	const char *http, *url_file, *body, *token_file, *ca;
	int method, format;
	bool entities;
	struct pairs headers, events, levels;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"http", OPTION_TEXT, AT(http),
	.help = "the URL; in it, in headers and in body {subject} and other "
		"words in braces stand for parts of the message, see "
		"Notices"},
    {"url_file", OPTION_PATH, AT(url_file),
	.help = "the file that holds the URL, where whoever knows it may "
		"call; only its owner may be able to read it"},
    {"method", OPTION_CHOICE, AT(method), .choices = HTTP_CALL_METHODS,
	.deflt = "POST", .help = "the method of the request"},
    {"headers", OPTION_MAP, AT(headers), .help = "headers of the request"},
    {"body", OPTION_TEXT, AT(body), .help = "what is sent; {json} if left out"},
    {"format", OPTION_CHOICE, AT(format), .choices = "json|text|form",
	.deflt = "json",
	.help = "what the body is: how what is filled in is escaped, and its "
		"Content-Type unless headers has one"},
    {"entities", OPTION_BOOL, AT(entities), .deflt = "no",
	.help = "write &, < and > of what is filled into body as &amp;, &lt; "
		"and &gt;"},
    {"token_file", OPTION_PATH, AT(token_file),
	.help = "the file that holds what {token} stands for; only its owner "
		"may be able to read it"},
    {"events", OPTION_MAP, AT(events),
	.help = "the service's words for begins, lasts and ended: {event}"},
    {"levels", OPTION_MAP, AT(levels),
	.help = "its words for warning and critical: {level}"},
    {"ca", OPTION_PATH, AT(ca),
	.help = "certificates of the authorities to trust, PEM, instead of "
		"the machine's own"},
    {0},
};

/* The word that a mapping has, or the word itself. */
static const char *translate(const struct pairs *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_eq(words->items[i].key, word))
			return words->items[i].value;
	return word;
}

#define X(name, help) FIELD_##name,
enum field { MESSAGE_FIELDS(X) N_FIELDS };
#undef X

static void get_values(const struct conf *conf, const struct message *m,
    const char *token, struct fill_value *v)
{
	const char *const subject = m->subject, *const text = m->text;
	const char *const title = m->title, *const url = m->url;
	const char *const event = translate(&conf->events, m->event);
	const char *const severity = m->severity, *const rule = m->rule;
	const char *const level = translate(&conf->levels, m->severity);
	const char *const series = m->series, *const source = m->source;
	const char *const value = m->value, *const message = m->advice;
	const char *const time = m->time, *const id = m->id,
			  *const key = m->key;
	const char *const json = m->json, *const snapshot = m->snapshot;

#define X(name, help) v[FIELD_##name] = (struct fill_value){#name, name, false};
	MESSAGE_FIELDS(X)
#undef X
	v[FIELD_json].raw = true;
}

/* Header, URL and body differ in how they are escaped. */
static char *filled(struct arena *a, const char *text, enum fill_as as,
    bool entities, const struct fill_value *v)
{
	struct fill f = {v, N_FIELDS, as, entities};
	struct buf b;
	char *out;

	buf_init(&b, BODY_MAX);
	fill_in(&f, text, &b);
	out = b.failed ? NULL : arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return out;
}

static enum fill_as body_as(const struct conf *conf)
{
	static const enum fill_as as[] = {
	    [FORMAT_JSON] = FILL_JSON,
	    [FORMAT_TEXT] = FILL_TEXT,
	    [FORMAT_FORM] = FILL_FORM,
	};

	return as[conf->format];
}

static const char *content_type(const struct conf *conf)
{
	static const char *const types[] = {
	    [FORMAT_JSON] = "application/json",
	    [FORMAT_TEXT] = "text/plain; charset=utf-8",
	    [FORMAT_FORM] = "application/x-www-form-urlencoded",
	};

	return types[conf->format];
}

/* What a template is tried with: nothing worse can come. */
static const struct message sample = {
    .id = "0",
    .title = "\"\\\n{",
    .url = "\"\\\n{",
    .subject = "\"\\\n{",
    .text = "\"\\\n{",
    .json = "{}",
    .snapshot = "\"\\\n{",
    .time = "0",
    .key = "0",
    .event = "begins",
    .severity = "warning",
    .rule = "\"\\\n{",
    .series = "\"\\\n{",
    .source = "\"\\\n{",
    .value = "\"\\\n{",
    .advice = "\"\\\n{",
};

struct checker {
	const struct conf *conf;
	const struct node *node;
	struct faults *faults;
	struct fill_value values[N_FIELDS];
};

static const struct node *place(const struct checker *c, const char *key)
{
	const struct node *n = node_get(c->node, key);

	return n != NULL ? n : c->node;
}

static void check_words(
    const struct checker *c, const char *key, const char *text)
{
	struct fill f = {c->values, N_FIELDS, FILL_TEXT, false};

	fill_check(&f, text, key, place(c, key), c->faults);
}

static void check_url(const struct checker *c)
{
	const struct conf *conf = c->conf;
	const char *fault, *url;

	if (conf->http == NULL || conf->url_file != NULL) {
		if (conf->http != NULL)
			fault_at(c->faults, place(c, "url_file"),
			    "url_file: 'http' has the URL already");
		return;
	}
	check_words(c, "http", conf->http);
	url = filled(c->faults->arena, conf->http, FILL_FORM, false, c->values);
	fault = http_url_fault(c->faults->arena, url != NULL ? url : "");
	if (fault != NULL)
		fault_at(c->faults, place(c, "http"), "http: %s", fault);
}

static void check_body(const struct checker *c)
{
	const struct conf *conf = c->conf;
	const struct node *at = place(c, "body");
	const char *body;
	struct err e = {0};

	if (conf->body == NULL)
		return;
	if (conf->method == 0)
		fault_at(
		    c->faults, at, "body: only method: POST or PUT sends one");
	check_words(c, "body", conf->body);
	body = filled(c->faults->arena, conf->body, body_as(conf),
	    conf->entities, c->values);
	if (body == NULL)
		fault_at(c->faults, at, "body: too long");
	else if (conf->format == FORMAT_JSON &&
		 json_check(body, strlen(body), &e) != 0)
		fault_at(c->faults, at,
		    "body: this is not JSON once it is filled in (%s); words "
		    "in braces belong within quotes, or say format: text",
		    e.text);
}

static bool uses_token(const struct conf *conf)
{
	for (size_t i = 0; i < conf->headers.n; i++)
		if (fill_has(conf->headers.items[i].value, "token"))
			return true;
	return (conf->http != NULL && fill_has(conf->http, "token")) ||
	       (conf->body != NULL && fill_has(conf->body, "token"));
}

static void check_token(const struct checker *c)
{
	bool uses = uses_token(c->conf);

	if (uses && c->conf->token_file == NULL)
		fault_at(c->faults, c->node,
		    "'token_file' is missing: what {token} stands for");
	else if (!uses && c->conf->token_file != NULL)
		fault_at(c->faults, place(c, "token_file"),
		    "token_file: nothing holds {token}: headers, body or "
		    "http must");
}

static void check_map(const struct checker *c, const char *key,
    const struct pairs *words, const char *const *known)
{
	for (size_t i = 0; i < words->n; i++) {
		size_t k = 0;

		while (
		    known[k] != NULL && !str_eq(known[k], words->items[i].key))
			k++;
		if (known[k] == NULL)
			fault_at(c->faults, place(c, key),
			    "%s: nothing is called '%.80s'", key,
			    words->items[i].key);
	}
}

static void check(void *p, const struct node *node, struct faults *faults)
{
	static const char *const events[] = {"begins", "lasts", "ended", NULL};
	static const char *const levels[] = {"warning", "critical", NULL};
	const struct conf *conf = p;
	struct checker c = {.conf = conf, .node = node, .faults = faults};

	get_values(conf, &sample, "0", c.values);
	check_url(&c);
	check_body(&c);
	check_token(&c);
	check_map(&c, "events", &conf->events, events);
	check_map(&c, "levels", &conf->levels, levels);
	http_check_headers(&conf->headers, node, faults);
	for (size_t i = 0; i < conf->headers.n; i++)
		check_words(&c, "headers", conf->headers.items[i].value);
}

/* What no error may hold: parts of a secret URL, the token. */
static void add_secrets(struct http_call *call, struct arena *a,
    const struct conf *conf, const char *token)
{
	const char *p = strstr(call->url, "://");
	size_t n;

	if (token[0] != '\0') {
		strings_add(a, &call->secrets, token);
		strings_add(a, &call->secrets, str_percent(a, token));
	}
	if (conf->url_file == NULL || p == NULL)
		return;
	strings_add(a, &call->secrets, call->url);
	for (p += 3 + strcspn(p + 3, "/"); *p != '\0'; p += n) {
		p += strspn(p, "/?&=");
		n = strcspn(p, "/?&=");
		if (n >= SECRET_MIN)
			strings_add(a, &call->secrets, arena_strndup(a, p, n));
	}
}

static void header(
    struct arena *a, struct pairs *headers, const char *key, const char *value)
{
	*arena_push(a, &headers->items, &headers->n, &headers->cap) =
	    (struct pair){key, value};
}

static void add_headers(struct http_call *call, struct arena *a,
    const struct conf *conf, const struct fill_value *v)
{
	bool typed = false;

	for (size_t i = 0; i < conf->headers.n; i++) {
		const struct pair *own = &conf->headers.items[i];
		const char *value =
		    filled(a, own->value, FILL_HEADER, false, v);

		typed |= strcasecmp(own->key, "Content-Type") == 0;
		header(a, &call->headers, own->key, value != NULL ? value : "");
	}
	if (!typed && call->body != NULL)
		header(a, &call->headers, "Content-Type", content_type(conf));
}

static int read_url(
    const struct conf *conf, struct arena *a, const char **url, struct err *e)
{
	const char *fault;

	if (file_read_secret(a, conf->url_file, url, e) != 0)
		return -1;
	fault = http_url_fault(a, *url);
	return fault != NULL ? err_set(e, "%s: %s", conf->url_file, fault) : 0;
}

static int make_call(struct http_call *call, const struct sending *s,
    struct arena *a, struct err *e)
{
	const struct conf *conf = s->channel->conf;
	struct fill_value values[N_FIELDS];
	const char *token = "";

	if (conf->token_file != NULL &&
	    file_read_secret(a, conf->token_file, &token, e) != 0)
		return -1;
	get_values(conf, s->message, token, values);
	if (conf->url_file == NULL)
		call->url = filled(a, conf->http, FILL_FORM, false, values);
	else if (read_url(conf, a, &call->url, e) != 0)
		return -1;
	if (conf->method != 0) {
		call->body = filled(a,
		    conf->body != NULL ? conf->body : "{json}", body_as(conf),
		    conf->entities && conf->body != NULL, values);
		if (call->body == NULL)
			return err_set(e, "the body is too long");
	}
	add_headers(call, a, conf, values);
	add_secrets(call, a, conf, token);
	return 0;
}

/*
 * The service has understood and will not have it, nor will it later. What a
 * person can mend there or here (a login, a path) is no such refusal.
 */
static bool is_final(long status)
{
	static const long mended[] = {401, 403, 404, 407, 408, 425, 429};

	for (size_t i = 0; i < sizeof(mended) / sizeof(mended[0]); i++)
		if (status == mended[i])
			return false;
	return status / 100 == 4;
}

static int send(struct sending *s, struct arena *a, struct err *e)
{
	const struct conf *conf = s->channel->conf;
	struct http_call call = {.name = s->channel->name,
	    .method = conf->method,
	    .ca = conf->ca,
	    .timeout = channel_timeout(s),
	    .now = s->now};

	if (make_call(&call, s, a, e) != 0)
		return -1;
	if (http_call(&call, a, e) == 0)
		return 0;
	s->never = is_final(call.status);
	s->retry_at = call.retry_at;
	return -1;
}

const struct channel_kind channel_http = {
    .name = "http",
    .also = "url_file",
    .help = "a call of a web service",
    .options = options,
    .conf_size = sizeof(struct conf),
    .check = check,
    .send = send,
};
