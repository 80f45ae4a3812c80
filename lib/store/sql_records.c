/* A view for each source that has records, its fields as columns. */
#include "store/sql_private.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define FIELDS_MAX 400 /* SQLite takes 500 columns of us */
#define VIEW_MAX   ((size_t)1024 * 1024)

const char *sql_records(struct arena *a, int64_t at)
{
	const char *then = arena_printf(a, "%lld", (long long)at);

	if (at == 0)
		return "SELECT source, key, ts, fields FROM main.record"
		       " WHERE gone IS NULL";
	return arena_printf(a,
	    "SELECT source, key, min(ts, %s) AS ts, fields FROM main.record"
	    " WHERE since <= %s AND (gone IS NULL OR gone > %s)"
	    " UNION ALL SELECT r.source, r.key, min(p.ts, %s), p.fields"
	    " FROM main.record_past p JOIN main.record r ON r.id = p.record"
	    " WHERE p.since <= %s AND p.until > %s",
	    then, then, then, then, then, then);
}

bool sql_take_name(struct store_sql *q, const char *name)
{
	char *small = arena_strdup(q->arena, name);

	for (char *p = small; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return names_add(q->arena, &q->taken, small, 0);
}

int sql_find_sources(struct store_sql *q, struct err *e)
{
	static const char sql[] =
	    "SELECT o.name FROM main.source o WHERE EXISTS"
	    " (SELECT 1 FROM main.record r WHERE r.source = o.id)";
	const struct strings *given = q->conf.sources;
	struct names known = {0};
	struct db_stmt *s = db_stmt(q->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = db_step(s, e)) == 1)
		strings_add(q->arena, &q->sources,
		    arena_strdup(q->arena, db_text(s, 0)));
	for (size_t i = 0; i < q->sources.n; i++)
		names_add(q->arena, &known, q->sources.items[i], i);
	for (size_t i = 0; given != NULL && i < given->n; i++)
		if (!names_find(&known, given->items[i], NULL))
			strings_add(q->arena, &q->sources, given->items[i]);
	return rc;
}

/* Quoted as SQL wants it: 'it''s', "a""b". */
static void put_quoted(struct buf *b, char quote, const char *text)
{
	buf_char(b, quote);
	for (; *text != '\0'; text++) {
		if (*text == quote)
			buf_char(b, quote);
		buf_char(b, *text);
	}
	buf_char(b, quote);
}

/*
 * A path can't hold a quote, which JSON escapes; such a field is searched
 * for.
 */
static void put_field(struct buf *b, struct arena *a, const char *name)
{
	buf_str(b, ", ");
	if (strpbrk(name, "\"\\") == NULL) {
		buf_str(b, "fields ->> ");
		put_quoted(b, '\'', arena_printf(a, "$.\"%s\"", name));
	} else {
		buf_str(b, "(SELECT value FROM json_each(fields) WHERE key = ");
		put_quoted(b, '\'', name);
		buf_char(b, ')');
	}
	buf_str(b, " AS ");
	put_quoted(b, '"', name);
}

/* In the order in which they first appear. */
static int find_fields(struct store_sql *q, const char *source,
    struct strings *fields, struct err *e)
{
	static const char sql[] =
	    "SELECT j.key FROM (SELECT fields FROM main.record"
	    " WHERE source = (SELECT id FROM main.source WHERE name = ?1)"
	    " ORDER BY id DESC LIMIT ?2) r, json_each(r.fields) j";
	struct names known = {0};
	struct db_stmt *s = db_stmt(q->db, sql, e);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, source);
	db_bind_int(s, 2, SQL_RECORDS);
	while ((rc = db_step(s, e)) == 1) {
		const char *name = db_text(s, 0);

		if (name == NULL || fields->n == FIELDS_MAX ||
		    names_find(&known, name, NULL))
			continue;
		name = arena_strdup(q->arena, name);
		names_add(q->arena, &known, name, 0);
		if (strcasecmp(name, "key") != 0 && strcasecmp(name, "ts") != 0)
			strings_add(q->arena, fields, name);
	}
	return rc;
}

static int add_source(struct store_sql *q, const char *source, struct err *e)
{
	struct strings fields = {0};
	struct buf b;
	int rc;

	if (find_fields(q, source, &fields, e) != 0)
		return -1;
	if (fields.n == 0)
		strings_add(q->arena, &q->bare, source);
	buf_init(&b, VIEW_MAX);
	buf_str(&b, "SELECT key, ts");
	for (size_t i = 0; i < fields.n; i++)
		put_field(&b, q->arena, fields.items[i]);
	buf_printf(&b, " FROM (%s)", q->records);
	buf_str(&b, " WHERE source ="
		    " (SELECT id FROM main.source WHERE name = ");
	put_quoted(&b, '\'', source);
	buf_char(&b, ')');
	rc = b.failed ? err_set(e, "source %s: too many fields", source)
		      : db_add_view(q->db, source, buf_text(&b), e);
	buf_free(&b);
	return rc;
}

int sql_add_sources(struct store_sql *q, const char *sql, struct err *e)
{
	for (size_t i = 0; i < q->sources.n; i++) {
		const char *source = q->sources.items[i];

		if (strcasestr(sql, source) == NULL ||
		    store_sql_reserved(source) || !sql_take_name(q, source))
			continue;
		if (add_source(q, source, e) != 0)
			return -1;
	}
	return 0;
}
