/*
 * Sources that take more than one request: a token where one is needed, then
 * page after page. One after the other, in one child for all that share a
 * login, so that no two ever refresh it at once.
 */
#include "source/http_session.h"
#include "base/clock.h"

#include <string.h>

#define PATIENCE 0.6 /* of the timeout: after it no further page is asked */
#define WARN_S	 (14 * 86400.0)

bool http_converses(const struct http_conf *c)
{
	return c->auth == HTTP_OAUTH2 || c->auth == HTTP_ACCOUNT ||
	       c->auth == HTTP_KEY || c->paging_node != NULL ||
	       c->since_node != NULL || c->errors_node != NULL ||
	       c->rate_windows.n > 0;
}

static double left(const struct turn *t)
{
	double s = t->begun + t->job->timeout - clock_monotonic();

	return s > 0.001 ? s : 0.001;
}

struct http_exchange session_exchange(struct turn *t)
{
	return (struct http_exchange){
	    .conf = t->conf,
	    .name = t->job->name,
	    .timeout = left(t),
	    .now = t->job->now,
	    .budget = &t->s->login,
	    .share = t->s->share,
	};
}

static void put_key(struct turn *t, struct http_conf *page, struct buf *query)
{
	const struct http_conf *c = t->conf;
	struct pairs headers = {0};

	page->auth = HTTP_NONE;
	if (c->key_parameter != NULL) {
		http_form_add(query, c->key_parameter, t->secret);
		return;
	}
	for (size_t i = 0; i < c->headers.n; i++)
		http_add(t->s->arena, &headers, c->headers.items[i].key,
		    c->headers.items[i].value);
	http_add(t->s->arena, &headers, c->key_header, t->secret);
	page->headers = headers;
}

/* The parameters that change, where those that don't are. */
static int put_parameters(
    struct turn *t, struct http_conf *page, struct buf *query)
{
	struct arena *a = t->s->arena;
	struct buf form;
	int rc;

	buf_init(&form, 1024 * 1024);
	http_paging_ask(a, t->conf, &t->place, &form);
	rc = http_since_ask(
	    a, t->conf, &t->place, t->job->now, &form, &t->job->err);
	if (rc == 0 && form.len > 0) {
		if (page->method == HTTP_POST && page->form)
			page->body = arena_printf(a, "%s%s%s",
			    page->body != NULL ? page->body : "",
			    page->body != NULL && page->body[0] ? "&" : "",
			    buf_text(&form));
		else
			page->http = http_with_query(a, page->http, &form);
	}
	buf_free(&form);
	if (rc == 0)
		page->http = http_with_query(a, page->http, query);
	return rc;
}

/* The request for the page at t->place. */
static int compose(struct turn *t, struct http_conf *page)
{
	bool address =
	    t->place.next != NULL && t->conf->paging.parameter == NULL;
	struct buf query;
	int rc = 0;

	buf_init(&query, 65536);
	*page = *t->conf;
	page->conditional = false;
	if (t->conf->auth == HTTP_OAUTH2 || t->conf->auth == HTTP_ACCOUNT)
		page->auth = HTTP_BEARER;
	else if (t->conf->auth == HTTP_KEY)
		put_key(t, page, &query);
	if (address)
		page->http =
		    http_with_query(t->s->arena, t->place.next, &query);
	else
		rc = put_parameters(t, page, &query);
	buf_free(&query);
	return rc;
}

static bool is_key(const struct turn *t)
{
	return t->conf->auth == HTTP_KEY;
}

static int ask_page(struct turn *t, struct http_exchange *x)
{
	struct http_conf page;
	int rc;

	if (compose(t, &page) != 0)
		return -1;
	*x = session_exchange(t);
	x->conf = &page;
	x->secret = is_key(t) ? NULL : t->secret;
	x->limit = t->job->body.max - t->job->body.len;
	rc = http_exchange(x, t->s->arena);
	if (rc != 0)
		t->job->err = x->err;
	x->conf = t->conf; /* the page's own ends here */
	t->url = page.http;
	return rc;
}

/* The refusal of a token, by status or inside of the answer. */
static int check_page(
    struct turn *t, struct http_exchange *x, struct http_json **doc)
{
	struct span text = {buf_text(&x->body), x->body.len};
	struct err *e = &t->job->err;

	if (!http_needs_json(t->conf))
		return 0;
	if (http_json_open(doc, t->s->arena, text, e) != 0 ||
	    http_said_well(t->conf, *doc, e) != 0) {
		if (e->code == OUTCOME_RATE_LIMITED)
			http_budget_strike(
			    t->job->name, t->job->now, &t->s->login);
		return err_context(e, "%s", http_show(t->s->arena, t->url));
	}
	return 0;
}

/* A token that is not accepted before its time: once a turn a new one. */
static bool may_renew(const struct turn *t, const struct http_exchange *x)
{
	bool tokens =
	    t->conf->auth == HTTP_OAUTH2 || t->conf->auth == HTTP_ACCOUNT;

	return tokens && !t->renewed &&
	       (x->status == 401 || t->job->err.code == OUTCOME_REAUTH);
}

static int refused(struct turn *t, const struct http_exchange *x)
{
	const char *email;

	if (t->conf->auth == HTTP_OAUTH2 &&
	    (x->status == 401 || t->job->err.code == OUTCOME_REAUTH))
		return session_ask_person(t);
	if (t->job->err.code == OUTCOME_REAUTH)
		t->job->err.code = OUTCOME_AUTH;
	if (t->conf->auth == HTTP_ACCOUNT && x->status == 403 &&
	    (email = http_jwt_email(t->s->arena, t->conf)) != NULL)
		err_hint(&t->job->err, "is it shared with %.200s?", email);
	return -1;
}

static void take_page(struct turn *t, const struct http_exchange *x)
{
	struct fetch *job = t->job;

	buf_add(&job->body, buf_text(&x->body), x->body.len);
	*arena_push(t->s->arena, &t->ends, &t->n, &t->cap) = job->body.len;
	if (x->body.len > t->largest)
		t->largest = x->body.len;
}

/* 1: there are more, 0: this was the last, -1. */
static int read_page(struct turn *t)
{
	struct http_json *doc = NULL;
	struct http_exchange x = {0};
	int rc;

	rc = ask_page(t, &x);
	if (rc == 0)
		rc = check_page(t, &x, &doc);
	if (rc == 0) {
		take_page(t, &x);
		http_since_take(t->conf, doc, t->job->now, &t->place);
		rc = http_paging_next(t->s->arena, t->conf, doc, x.next, t->url,
		    &t->place, &t->job->err);
	} else if (may_renew(t, &x)) {
		err_clear(&t->job->err);
		rc = session_renew(t);
		t->secret = t->s->login.access;
		rc = rc == 0 ? 1 : rc;
	} else {
		rc = refused(t, &x);
	}
	http_json_close(doc);
	buf_free(&x.body);
	return rc;
}

/* Is there time, room and leave for one more page in this run? */
static bool may_go_on(const struct turn *t)
{
	double spent = clock_monotonic() - t->begun;
	size_t room = t->job->body.max - t->job->body.len;

	return (int64_t)t->n < t->conf->paging.pages &&
	       spent < t->job->timeout * PATIENCE && room >= t->largest &&
	       t->s->login.until <= t->job->now;
}

/*
 * What came before a page that failed is good and is kept; the next run
 * begins with that page, and says what is wrong with it.
 */
static int sweep(struct turn *t)
{
	struct http_place at;
	int rc;

	if (t->place.next == NULL)
		t->place.begun = t->job->now;
	do {
		at = t->place;
		rc = read_page(t);
		if (rc < 0)
			t->place = at;
	} while (rc == 1 && (t->n == 0 || may_go_on(t)));
	if (rc < 0 && t->n == 0)
		return -1;
	if (rc < 0)
		err_clear(&t->job->err);
	if (rc == 0) {
		if (t->place.newest > t->place.since)
			t->place.since = t->place.newest;
		t->place.next = NULL;
	}
	return 0;
}

/* A login that nobody renews in time ends; told while there is time. */
static void warn_ahead(struct turn *t)
{
	const struct http_login *l = &t->s->login;
	double s = (double)(l->refresh_until - t->job->now);
	double early = t->conf->refresh_lasts * 0.3;

	if (t->conf->auth != HTTP_OAUTH2 || l->refresh_until == 0)
		return;
	if (early <= 0 || early > WARN_S)
		early = WARN_S;
	if (s < early)
		t->job->warning = arena_printf(t->s->arena,
		    "its access ends %s%s; to give it again: broadsheet auth "
		    "%s",
		    s > 0 ? "in " : "now",
		    s > 0 ? clock_duration(t->s->arena, s) : "", t->job->name);
}

static int leave_alone(struct turn *t)
{
	return err_code(&t->job->err, OUTCOME_RATE_LIMITED,
	    "the service is to be left alone until %s",
	    clock_format(t->s->arena, "%Y-%m-%d %H:%M", t->s->login.until));
}

/* When it comes back, which the headers or we ourselves said. */
static void say_until(struct turn *t)
{
	if (t->job->err.code == OUTCOME_RATE_LIMITED &&
	    t->s->login.until > t->job->now &&
	    strstr(t->job->err.text, "left alone") == NULL)
		err_code(&t->job->err, OUTCOME_RATE_LIMITED,
		    "%s; it is left alone until %s",
		    arena_strdup(t->s->arena, t->job->err.text),
		    clock_format(
			t->s->arena, "%Y-%m-%d %H:%M", t->s->login.until));
}

static bool same_budget(
    const struct http_login *a, const struct http_login *b, int64_t now)
{
	bool quiet = a->until <= now && b->until <= now;

	return (quiet || a->until == b->until) && a->strikes == b->strikes;
}

static int take_turn(struct turn *t)
{
	struct http_login before = t->s->login;
	int rc;

	if (before.until > t->job->now)
		return leave_alone(t);
	rc = session_equip(t);
	if (rc == 0)
		rc = sweep(t);
	if (!same_budget(&before, &t->s->login, t->job->now)) {
		struct err why = t->job->err;

		if (session_keep(t, &t->s->login) != 0)
			t->job->err = why; /* it is learnt again */
	}
	if (rc != 0)
		say_until(t);
	return rc;
}

static void serve(struct session *s, struct fetch *job)
{
	struct turn t = {
	    .s = s, .job = job, .conf = job->conf, .begun = clock_monotonic()};

	http_place_read(s->arena, t.conf, job->state, &t.place);
	job->rc = take_turn(&t);
	if (job->rc == 0) {
		http_place_write(t.conf, &t.place, &job->new_state);
		job->ends = t.ends;
		job->n_ends = t.n;
		warn_ahead(&t);
	}
	job->ms = (clock_monotonic() - t.begun) * 1000;
	s->sink->done(s->sink->ctx, job);
	buf_free(&job->body);
	buf_free(&job->new_state);
}

void http_session(struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	struct session s = {.arena = arena_new(), .sink = sink};

	s.share = curl_share_init();
	if (s.share != NULL)
		curl_share_setopt(
		    s.share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
	http_login_read(s.arena, jobs[0].vault, &s.login);
	for (size_t i = 0; i < n; i++)
		serve(&s, &jobs[i]);
	curl_share_cleanup(s.share);
	arena_free(s.arena);
}
