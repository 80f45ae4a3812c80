/*
 * Parameters as forms and queries have them, and answers in JSON asked by
 * paths, which are SQLite's: $.body.list[0].date
 */
#include "base/db.h"
#include "base/json.h"
#include "source/http.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define STEPS_MAX  20000000
#define SAID_SHOWN 60 /* bytes of what is no JSON */

void http_add(
    struct arena *a, struct pairs *p, const char *key, const char *value)
{
	*arena_push(a, &p->items, &p->n, &p->cap) = (struct pair){key, value};
}

void http_form_add(struct buf *b, const char *name, const char *value)
{
	struct arena *a = arena_new();

	buf_printf(b, "%s%s=%s", b->len > 0 ? "&" : "", str_percent(a, name),
	    str_percent(a, value));
	arena_free(a);
}

void http_form_pairs(struct buf *b, const struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		http_form_add(b, p->items[i].key, p->items[i].value);
}

const char *http_with_query(
    struct arena *a, const char *url, const struct buf *form)
{
	size_t n = strcspn(url, "#");
	const char *q = memchr(url, '?', n);
	const char *mark = q == NULL ? "?" : q + 1 < url + n ? "&" : "";

	if (form->len == 0)
		return url;
	return arena_printf(a, "%.*s%s%s", (int)n, url, mark, buf_text(form));
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *decoded(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n + 1), *to = out;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%' && i + 2 < n && hex(s[i + 1]) >= 0 &&
		    hex(s[i + 2]) >= 0) {
			*to++ = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		} else {
			*to++ = (char)(s[i] == '+' ? ' ' : s[i]);
		}
	}
	return out;
}

const char *http_form_get(struct arena *a, const char *query, const char *name)
{
	size_t len = strlen(name);

	while (*query != '\0') {
		size_t n = strcspn(query, "&#");

		if (n > len && strncmp(query, name, len) == 0 &&
		    query[len] == '=')
			return decoded(a, query + len + 1, n - len - 1);
		if (query[n] != '&')
			break;
		query += n + 1;
	}
	return NULL;
}

/* Behind one step of a path; NULL if it is none. */
static const char *path_step(const char *p, bool all)
{
	size_t n;

	if (p[0] == '.') {
		n = strcspn(p + 1, ".[]\"'");
		return n > 0 ? p + 1 + n : NULL;
	}
	if (all && strncmp(p, "[*]", 3) == 0)
		return p + 3;
	if (p[0] != '[')
		return NULL;
	n = strspn(p + 1, "0123456789");
	return n > 0 && p[1 + n] == ']' ? p + n + 2 : NULL;
}

void http_check_path(const char *key, const char *path, bool all,
    const struct node *n, struct faults *f)
{
	const char *p = path != NULL && path[0] == '$' ? path + 1 : NULL;
	int each = 0;

	if (path == NULL)
		return;
	while (p != NULL && *p != '\0') {
		each += strncmp(p, "[*]", 3) == 0;
		p = path_step(p, all && each <= 1);
	}
	if (p == NULL)
		fault_at(f, n, "%s: '%.80s' is not a path such as %s", key,
		    path, all ? "$.list[*].date" : "$.body.offset");
}

struct http_json {
	struct arena *arena;
	struct db *db;
	const char *text;
};

static int no_json(struct arena *a, struct span text, struct err *e)
{
	char shown[SAID_SHOWN + 1];

	str_clean_into(shown, sizeof(shown), text.p, text.n);
	str_one_line(shown);
	if (text.n == 0)
		return err_code(e, OUTCOME_PARSE, "not JSON: it is empty");
	return err_code(e, OUTCOME_PARSE, "not JSON but '%s%s'",
	    arena_strdup(a, shown), text.n > SAID_SHOWN ? "…" : "");
}

int http_json_open(
    struct http_json **out, struct arena *a, struct span text, struct err *e)
{
	struct http_json *j = arena_make(a, struct http_json);
	struct err why;

	*out = NULL;
	if (memchr(text.p, '\0', text.n) != NULL ||
	    json_check(text.p, text.n, &why) != 0)
		return no_json(a, text, e);
	if (db_open(&j->db, "the answer", DB_MEMORY, e) != 0) {
		e->code = OUTCOME_FAILED;
		return -1;
	}
	db_restrict(j->db, STEPS_MAX);
	j->arena = a;
	j->text = text.p;
	*out = j;
	return 0;
}

void http_json_close(struct http_json *j)
{
	if (j != NULL)
		db_close(j->db);
}

/* One value of a statement with the document and one path or two. */
static struct db_stmt *ask(struct http_json *j, const char *sql,
    const char *path, const char *rest, struct err *e)
{
	struct db_stmt *s = db_stmt(j->db, sql, e);

	if (s == NULL)
		return NULL;
	db_bind_text(s, 1, j->text);
	db_bind_text(s, 2, path);
	if (rest != NULL)
		db_bind_text(s, 3, rest);
	return s;
}

const char *http_json_text(struct http_json *j, const char *path)
{
	static const char sql[] = "SELECT json_extract(?1, ?2)";
	const char *text = NULL;
	struct err e;
	struct db_stmt *s;

	if (j == NULL || path == NULL)
		return NULL;
	s = ask(j, sql, path, NULL, &e);
	if (s != NULL && db_step(s, &e) == 1) {
		text = arena_strdup(j->arena, db_text(s, 0));
		db_reset(s);
	}
	return text;
}

int64_t http_json_count(struct http_json *j, const char *path)
{
	static const char sql[] = "SELECT json_array_length(?1, ?2)";
	struct err e;
	struct db_stmt *s = ask(j, sql, path, NULL, &e);
	int64_t n = 0;

	if (s != NULL && db_step(s, &e) == 1) {
		n = db_int(s, 0);
		db_reset(s);
	}
	return n;
}

void http_json_each(struct http_json *j, const char *path,
    void (*take)(void *ctx, const char *text), void *ctx)
{
	static const char sql[] =
	    "SELECT CASE WHEN ?3 = '$' THEN value ELSE"
	    " json_extract(value, ?3) END FROM json_each(?1, ?2)"
	    " WHERE ?3 = '$' OR type IN ('object', 'array')";
	const char *all = strstr(path, "[*]");
	struct db_stmt *s;
	struct err e;

	if (all == NULL) {
		const char *text = http_json_text(j, path);

		if (text != NULL)
			take(ctx, text);
		return;
	}
	s = ask(j, sql, arena_strndup(j->arena, path, (size_t)(all - path)),
	    arena_printf(j->arena, "$%s", all + 3), &e);
	while (s != NULL && db_step(s, &e) == 1)
		if (db_text(s, 0) != NULL)
			take(ctx, db_text(s, 0));
}
