/* From the columns and values of MariaDB's library to cells. */
#include "source/sql_mysql.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_text(enum enum_field_types type)
{
	return type == MYSQL_TYPE_STRING || type == MYSQL_TYPE_VAR_STRING ||
	       type == MYSQL_TYPE_VARCHAR ||
	       (type >= MYSQL_TYPE_TINY_BLOB && type <= MYSQL_TYPE_BLOB);
}

/* As what the library is to give a column's values. */
static void bind_column(
    MYSQL_BIND *b, struct mysql_column *c, const MYSQL_FIELD *field)
{
	b->buffer = &c->value;
	b->buffer_length = sizeof(c->value);
	b->is_null = &c->is_null;
	b->length = &c->length;
	b->is_unsigned = (field->flags & UNSIGNED_FLAG) != 0;
	switch (field->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
	case MYSQL_TYPE_YEAR:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		break;
	case MYSQL_TYPE_FLOAT:
	case MYSQL_TYPE_DOUBLE:
	case MYSQL_TYPE_DATE:
	case MYSQL_TYPE_DATETIME:
	case MYSQL_TYPE_TIMESTAMP:
		b->buffer_type = field->type;
		break;
	default: /* fetched when its length is known */
		b->buffer_type = MYSQL_TYPE_STRING;
		b->buffer = NULL;
		b->buffer_length = 0;
	}
	c->type = b->buffer_type;
	if (field->type == MYSQL_TYPE_NEWDECIMAL ||
	    field->type == MYSQL_TYPE_DECIMAL)
		c->type = MYSQL_TYPE_NEWDECIMAL;
}

/* 63: bytes, in no character set. */
static int check_column(const MYSQL_FIELD *field, struct err *e)
{
	if (is_text(field->type) && field->charsetnr == 63)
		return sql_no_bytes(field->name, "binary", e);
	if (field->type == MYSQL_TYPE_GEOMETRY)
		return sql_no_bytes(field->name, "a geometry", e);
	if (field->type == MYSQL_TYPE_BIT)
		return sql_no_bytes(field->name, "bits", e);
	return 0;
}

int mysql_columns(struct mysql_cursor *c, MYSQL_RES *meta, const char *name,
    struct sql_sink *sink, struct err *e)
{
	const MYSQL_FIELD *fields = mysql_fetch_fields(meta);
	const char **names;

	c->n = mysql_num_fields(meta);
	c->columns = arena_array(c->arena, c->n, sizeof(*c->columns));
	c->binds = arena_array(c->arena, c->n, sizeof(*c->binds));
	names = arena_array(c->arena, c->n, sizeof(*names));
	for (unsigned i = 0; i < c->n; i++) {
		if (check_column(&fields[i], e) != 0)
			return -1;
		names[i] = arena_strdup(c->arena, fields[i].name);
		bind_column(&c->binds[i], &c->columns[i], &fields[i]);
	}
	return sql_sink_query(sink, name, names, c->n, e);
}

static int put_text(
    struct mysql_cursor *c, unsigned i, struct sql_sink *sink, struct err *e)
{
	const struct mysql_column *col = &c->columns[i];
	enum rowset_tag tag =
	    col->type == MYSQL_TYPE_NEWDECIMAL ? ROWSET_NUMBER : ROWSET_TEXT;
	unsigned long n = col->length;
	MYSQL_BIND b = {.buffer_type = MYSQL_TYPE_STRING, .length = &n};

	if (n > MYSQL_PACKET_MAX)
		return err_code(
		    e, OUTCOME_TOO_LARGE, "the server sends too much");
	b.buffer = arena_alloc(c->row, n + 1);
	b.buffer_length = n + 1;
	if (n > 0 && mysql_stmt_fetch_column(c->stmt, &b, i, 0) != 0)
		return err_code(
		    e, OUTCOME_FAILED, "%s", mysql_stmt_error(c->stmt));
	return sql_sink_cell(sink, tag, b.buffer, n, e);
}

/* The zero dates of MySQL are holes. */
static int put_time(
    const struct mysql_column *c, struct sql_sink *sink, struct err *e)
{
	const MYSQL_TIME *t = &c->value.time;
	char text[64];
	int n;

	if (t->year == 0 || t->month == 0 || t->day == 0)
		return sql_sink_cell(sink, ROWSET_NULL, "", 0, e);
	n = snprintf(
	    text, sizeof(text), "%04u-%02u-%02u", t->year, t->month, t->day);
	if (c->type != MYSQL_TYPE_DATE)
		n = snprintf(text, sizeof(text),
		    "%04u-%02u-%02u %02u:%02u:%02u.%06lu", t->year, t->month,
		    t->day, t->hour, t->minute, t->second, t->second_part);
	return sql_sink_cell(sink, ROWSET_TIME, text, (size_t)n, e);
}

static int put_whole(const struct mysql_cursor *c, unsigned i,
    struct sql_sink *sink, struct err *e)
{
	long long v = c->columns[i].value.whole;
	char text[32];
	int n =
	    c->binds[i].is_unsigned
		? snprintf(text, sizeof(text), "%llu", (unsigned long long)v)
		: snprintf(text, sizeof(text), "%lld", v);

	return sql_sink_cell(sink, ROWSET_NUMBER, text, (size_t)n, e);
}

/* A float has seven digits, not the seventeen of its double. */
static int put_float(float v, struct sql_sink *sink, struct err *e)
{
	char text[32];

	snprintf(text, sizeof(text), "%.7g", (double)v);
	return sql_sink_real(sink, strtod(text, NULL), e);
}

int mysql_cell(
    struct mysql_cursor *c, unsigned i, struct sql_sink *sink, struct err *e)
{
	const struct mysql_column *col = &c->columns[i];

	if (col->is_null)
		return sql_sink_cell(sink, ROWSET_NULL, "", 0, e);
	switch (col->type) {
	case MYSQL_TYPE_LONGLONG:
		return put_whole(c, i, sink, e);
	case MYSQL_TYPE_FLOAT:
		return put_float(col->value.single, sink, e);
	case MYSQL_TYPE_DOUBLE:
		return sql_sink_real(sink, col->value.real, e);
	case MYSQL_TYPE_DATE:
	case MYSQL_TYPE_DATETIME:
	case MYSQL_TYPE_TIMESTAMP:
		return put_time(col, sink, e);
	default:
		return put_text(c, i, sink, e);
	}
}
