/*
 * Which page comes next. Four ways, told apart by what is given:
 *
 *	parameter		1, 2, 3… or first, first + step…, until a page
 *				has fewer items than per_page, or none
 *	parameter, next		the value is in the answer (a cursor, an offset)
 *	next			the address is in the answer
 *	neither			it is in the header Link (RFC 8288, rel=next)
 *
 * Each run reads so many pages, and the next one goes on where it stopped.
 */
#include "base/crypto.h"
#include "base/json.h"
#include "source/http.h"

#include <math.h>
#include <string.h>

#define NEXT_MAX 8192 /* bytes, of a cursor or an address */

#define AT(member) offsetof(struct http_paging, member)

const struct option http_paging_options[] = {
    {"parameter", OPTION_TEXT, AT(parameter),
	.help = "the parameter that says which page, or from where"},
    {"first", OPTION_INT, AT(first), .deflt = "1", .min = 0, .max = 1e9,
	.help = "its value for the first page"},
    {"step", OPTION_INT, AT(step), .deflt = "1", .min = 1, .max = 1e6,
	.help = "what it grows by with each page"},
    {"size", OPTION_TEXT, AT(size),
	.help = "the parameter that says how many items a page has"},
    {"per_page", OPTION_INT, AT(per_page), .min = 1, .max = 100000,
	.help = "its value; a page with fewer items is the last one"},
    {"items", OPTION_TEXT, AT(items), .deflt = "$",
	.help = "path of the list that a page holds, to count its items"},
    {"next", OPTION_TEXT, AT(next),
	.help = "path of the parameter's value for the next page, or of the "
		"next page's address, where there is no parameter"},
    {"more", OPTION_TEXT, AT(more),
	.help = "path of what says whether there is more: true or a number "
		"that is not 0"},
    {"pages", OPTION_INT, AT(pages), .deflt = "20", .min = 1, .max = 1000,
	.help = "most pages in one run; the next run goes on"},
    {0},
};

void http_paging_check(
    struct http_conf *conf, const struct node *node, struct faults *f)
{
	const struct http_paging *c = &conf->paging;

	http_check_path("paging: items", c->items, false, node, f);
	http_check_path("paging: next", c->next, false, node, f);
	http_check_path("paging: more", c->more, false, node, f);
	if (c->size != NULL && c->per_page == 0)
		fault_at(f, node, "paging: size: needs per_page:");
}

static bool counts(const struct http_paging *c)
{
	return c->parameter != NULL && c->next == NULL;
}

bool http_needs_json(const struct http_conf *conf)
{
	const struct http_paging *c = &conf->paging;

	return conf->errors_node != NULL ||
	       (conf->since_node != NULL && conf->since.from != NULL) ||
	       (conf->paging_node != NULL &&
		   (counts(c) || c->next != NULL || c->more != NULL));
}

void http_paging_ask(struct arena *a, const struct http_conf *conf,
    const struct http_place *place, struct buf *form)
{
	const struct http_paging *c = &conf->paging;

	if (conf->paging_node == NULL)
		return;
	if (c->size != NULL)
		http_form_add(form, c->size,
		    arena_printf(a, "%lld", (long long)c->per_page));
	if (c->parameter == NULL)
		return;
	if (place->next != NULL)
		http_form_add(form, c->parameter, place->next);
	else if (c->next == NULL)
		http_form_add(form, c->parameter,
		    arena_printf(a, "%lld", (long long)c->first));
}

/* The number of the next page; NULL after a page that is not full. */
static const char *next_number(struct arena *a, const struct http_paging *c,
    struct http_json *doc, const char *now)
{
	int64_t n = http_json_count(doc, c->items), v = c->first;

	if (n == 0 || n < c->per_page)
		return NULL;
	if (now != NULL && !str_int(now, &v))
		return NULL;
	return arena_printf(a, "%lld", (long long)v + (long long)c->step);
}

/* "0", "", "false" and what is not there are none. */
static bool says_more(const char *text)
{
	double v;

	if (text == NULL || text[0] == '\0' || str_eq(text, "false"))
		return false;
	return !str_number(text, &v) || v != 0;
}

static int next_address(struct arena *a, const char *from, const char *to,
    const char **next, struct err *e)
{
	*next = http_onward(a, from, to);
	if (*next != NULL)
		return 0;
	return err_code(e, OUTCOME_PROTOCOL,
	    "the next page's address leads elsewhere: %s", http_show(a, to));
}

int http_paging_next(struct arena *a, const struct http_conf *conf,
    struct http_json *doc, const char *link, const char *url,
    struct http_place *place, struct err *e)
{
	const struct http_paging *c = &conf->paging;
	const char *before = place->next, *next = link;

	place->next = NULL;
	if (conf->paging_node == NULL ||
	    (c->more != NULL && !says_more(http_json_text(doc, c->more))))
		return 0;
	if (counts(c))
		next = next_number(a, c, doc, before);
	else if (c->next != NULL)
		next = http_json_text(doc, c->next);
	if (next == NULL || next[0] == '\0')
		return 0;
	if (c->parameter == NULL && next_address(a, url, next, &next, e) != 0)
		return -1;
	if (strlen(next) > NEXT_MAX || str_eq(next, before))
		return err_code(e, OUTCOME_PROTOCOL,
		    "the page leads to itself as the next one");
	place->next = next;
	return 1;
}

static void digest_pairs(struct buf *b, const struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		buf_printf(b, "%s=%s\n", p->items[i].key, p->items[i].value);
}

static const char *or_none(const char *s)
{
	return s != NULL ? s : "";
}

/* Of what decides what is asked for: another request begins anew. */
static void digest(const struct http_conf *c, char out[CRYPTO_SHA256_HEX])
{
	struct buf b;

	buf_init(&b, 16 * 1024 * 1024);
	buf_printf(
	    &b, "%d %s\n%s\n", c->method, or_none(c->http), or_none(c->body));
	digest_pairs(&b, &c->headers);
	if (c->paging_node != NULL)
		buf_printf(&b, "paging %s %s %lld %lld %lld\n",
		    or_none(c->paging.parameter), or_none(c->paging.next),
		    (long long)c->paging.first, (long long)c->paging.step,
		    (long long)c->paging.per_page);
	if (c->since_node != NULL)
		buf_printf(&b, "since %s %s %s\n", or_none(c->since.parameter),
		    or_none(c->since.from), or_none(c->since.first));
	crypto_sha256_hex(buf_text(&b), b.len, out);
	buf_free(&b);
}

static int64_t time_of(const struct json *j, const char *key)
{
	double v = json_number_of(json_get(j, key));

	return isnan(v) || v < 0 || v > 1e12 ? 0 : (int64_t)v;
}

void http_place_read(struct arena *a, const struct http_conf *conf,
    struct span state, struct http_place *place)
{
	char hex[CRYPTO_SHA256_HEX];
	struct json *j;
	struct err e;

	*place = (struct http_place){0};
	if (state.n == 0 || (j = json_parse(state.p, state.n, &e)) == NULL)
		return;
	digest(conf, hex);
	if (str_eq(json_text_of(json_get(j, "request")), hex))
		*place = (struct http_place){
		    .since = time_of(j, "since"),
		    .newest = time_of(j, "newest"),
		    .begun = time_of(j, "begun"),
		    .next = arena_strdup(a, json_text_of(json_get(j, "next"))),
		};
	json_free(j);
}

void http_place_write(const struct http_conf *conf,
    const struct http_place *place, struct buf *out)
{
	struct json *j = json_object_new();
	char hex[CRYPTO_SHA256_HEX];

	digest(conf, hex);
	json_put_text(j, "request", hex);
	json_put_int(j, "since", place->since);
	json_put_int(j, "newest", place->newest);
	json_put_int(j, "begun", place->begun);
	json_put_text(j, "next", place->next);
	json_write(j, 0, out);
	json_free(j);
}
