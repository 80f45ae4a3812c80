/* The rows of a query into bytes, bounded; and the cursor of since:. */
#include "source/sql.h"
#include "source/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sql_sink_init(
    struct sql_sink *s, struct buf *out, const struct sql_conf *conf)
{
	*s = (struct sql_sink){.out = out, .conf = conf, .since = -1};
	buf_init(&s->newest, SQL_VALUE_MAX);
	buf_init(&s->whole, SQL_VALUE_MAX);
}

void sql_sink_free(struct sql_sink *s)
{
	buf_free(&s->newest);
	buf_free(&s->whole);
}

static int too_many_bytes(const struct sql_sink *s, struct err *e)
{
	char size[WORDS_SIZE_MAX];

	return err_code(e, OUTCOME_TOO_LARGE, "the rows are more than %s",
	    words_size(size, s->out->max));
}

static int too_many_rows(const struct sql_sink *s, struct err *e)
{
	err_code(e, OUTCOME_TOO_LARGE, "more than %lld rows",
	    (long long)s->conf->rows);
	return err_hint(e, "add a LIMIT to the query, or raise rows:");
}

int sql_sink_query(struct sql_sink *s, const char *name,
    const char *const *columns, size_t n, struct err *e)
{
	const char *since = s->conf->since;

	rowset_put(s->out, ROWSET_QUERY, name, strlen(name));
	for (size_t i = 0; i < n; i++) {
		rowset_put(
		    s->out, ROWSET_COLUMN, columns[i], strlen(columns[i]));
		if (since != NULL && str_eq(columns[i], since))
			s->since = (int)i;
	}
	s->n_columns = n;
	s->at = 0;
	s->rows = 0;
	return s->out->failed ? too_many_bytes(s, e) : 0;
}

/* Back to where the rows of the newest value begin: there may be more. */
static int cut(struct sql_sink *s, struct err *e)
{
	if (s->groups < 2)
		return err_code(e, OUTCOME_TOO_LARGE,
		    "since: too many rows share one %.80s", s->conf->since);
	s->out->len = s->group;
	s->out->data[s->group] = '\0';
	s->out->failed = false;
	s->enough = true;
	return 1;
}

static int too_large(struct sql_sink *s, struct err *e)
{
	if (s->since >= 0)
		return cut(s, e);
	return s->out->failed ? too_many_bytes(s, e) : too_many_rows(s, e);
}

/* Rows come in the order of since: one whose value is new begins a group. */
static int note_since(struct sql_sink *s, enum rowset_tag tag, const char *p,
    size_t n, struct err *e)
{
	struct buf value;

	buf_init(&value, SQL_VALUE_MAX);
	buf_char(&value, (char)tag);
	buf_add(&value, p, n);
	if (value.failed) {
		buf_free(&value);
		return err_code(e, OUTCOME_TOO_LARGE,
		    "since: a value of %.80s is longer than %d bytes",
		    s->conf->since, SQL_VALUE_MAX);
	}
	if (s->groups > 0 && str_eq(buf_text(&value), buf_text(&s->newest))) {
		buf_free(&value);
		return 0;
	}
	buf_free(&s->whole);
	s->whole = s->newest;
	s->newest = value;
	s->group = s->row;
	s->groups++;
	return 0;
}

int sql_sink_cell(struct sql_sink *s, enum rowset_tag tag, const char *p,
    size_t n, struct err *e)
{
	if (s->at == 0)
		s->row = s->out->len;
	if ((int)s->at == s->since && note_since(s, tag, p, n, e) != 0)
		return -1;
	rowset_put(s->out, tag, p, n);
	if (s->out->failed)
		return too_large(s, e);
	if (++s->at < s->n_columns)
		return 0;
	s->at = 0;
	return ++s->rows > s->conf->rows ? too_large(s, e) : 0;
}

int sql_sink_real(struct sql_sink *s, double v, struct err *e)
{
	char text[32];
	int n = 0;

	if (!isfinite(v))
		return sql_sink_cell(s, ROWSET_NULL, "", 0, e);
	for (int digits = 15; digits <= 17; digits++) {
		n = snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	return sql_sink_cell(s, ROWSET_NUMBER, text, (size_t)n, e);
}

const struct buf *sql_sink_cursor(const struct sql_sink *s)
{
	return s->enough ? &s->whole : &s->newest;
}

int sql_no_bytes(const char *column, const char *type, struct err *e)
{
	err_code(e, OUTCOME_PARSE, "column '%.80s' holds bytes (%s), not text",
	    column, type);
	return err_hint(e, "leave it out, or make text of it in the query");
}
