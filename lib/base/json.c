#include "base/json.h"
#include "base/arena.h"
#include "base/str.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (1024 * 1024)

/* struct json is jansson's json_t under our name. */
static json_t *in(struct json *j)
{
	return (json_t *)j;
}

static struct json *out(json_t *j)
{
	return (struct json *)j;
}

static json_t *text(const char *s)
{
	struct arena *a;
	json_t *j;

	if (str_is_clean(s, strlen(s)))
		return json_string(s);
	a = arena_new();
	j = json_string(str_clean(a, s, strlen(s), TEXT_MAX));
	arena_free(a);
	return j;
}

/* Takes the child, also under a key that is not fit to be one. */
static void put(struct json *j, const char *key, json_t *child)
{
	struct arena *a;

	if (str_is_clean(key, strlen(key))) {
		json_object_set_new(in(j), key, child);
		return;
	}
	a = arena_new();
	json_object_set_new(
	    in(j), str_clean(a, key, strlen(key), TEXT_MAX), child);
	arena_free(a);
}

static json_t *real(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

struct json *json_object_new(void)
{
	return out(json_object());
}

struct json *json_array_new(void)
{
	return out(json_array());
}

void json_free(struct json *j)
{
	json_decref(in(j));
}

void json_put_text(struct json *j, const char *key, const char *s)
{
	if (s != NULL)
		put(j, key, text(s));
}

void json_put_int(struct json *j, const char *key, int64_t v)
{
	put(j, key, json_integer(v));
}

void json_put_real(struct json *j, const char *key, double v)
{
	put(j, key, real(v));
}

void json_put_bool(struct json *j, const char *key, bool v)
{
	put(j, key, json_boolean(v));
}

struct json *json_put_object(struct json *j, const char *key)
{
	json_t *child = json_object();

	put(j, key, child);
	return out(child);
}

struct json *json_put_array(struct json *j, const char *key)
{
	json_t *child = json_array();

	put(j, key, child);
	return out(child);
}

void json_put_texts(struct json *j, const char *key, const struct strings *s)
{
	struct json *all = json_put_array(j, key);

	for (size_t i = 0; i < s->n; i++)
		json_add_text(all, s->items[i]);
}

void json_add_null(struct json *j)
{
	json_array_append_new(in(j), json_null());
}

void json_add_text(struct json *j, const char *s)
{
	json_array_append_new(in(j), text(s));
}

void json_add_int(struct json *j, int64_t v)
{
	json_array_append_new(in(j), json_integer(v));
}

void json_add_real(struct json *j, double v)
{
	json_array_append_new(in(j), real(v));
}

struct json *json_add_object(struct json *j)
{
	json_t *child = json_object();

	json_array_append_new(in(j), child);
	return out(child);
}

struct json *json_add_array(struct json *j)
{
	json_t *child = json_array();

	json_array_append_new(in(j), child);
	return out(child);
}

static int to_buf(const char *p, size_t n, void *ctx)
{
	buf_add(ctx, p, n);
	return 0;
}

void json_write(const struct json *j, int indent, struct buf *b)
{
	size_t flags = JSON_REAL_PRECISION(15);

	flags |= indent > 0 ? JSON_INDENT((size_t)indent) : JSON_COMPACT;
	json_dump_callback((const json_t *)j, to_buf, b, flags);
}

void json_text(const char *s, struct buf *b)
{
	json_t *j = text(s);

	json_dump_callback(j, to_buf, b, JSON_ENCODE_ANY);
	json_decref(j);
}

int json_check(const char *p, size_t n, struct err *e)
{
	json_error_t fault;
	json_t *j = json_loadb(p, n,
	    JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, &fault);

	if (j == NULL)
		return err_set(e, "not JSON: line %d, column %d: %s",
		    fault.line, fault.column, fault.text);
	json_decref(j);
	return 0;
}

struct json *json_parse(const char *p, size_t n, struct err *e)
{
	json_error_t fault;
	json_t *j = json_loadb(
	    p, n, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, &fault);

	if (j == NULL)
		err_set(e, "not JSON: line %d, column %d: %s", fault.line,
		    fault.column, fault.text);
	return out(j);
}

const struct json *json_get(const struct json *j, const char *key)
{
	return (const struct json *)json_object_get((const json_t *)j, key);
}

const struct json *json_at(const struct json *j, size_t i)
{
	return (const struct json *)json_array_get((const json_t *)j, i);
}

size_t json_count(const struct json *j)
{
	return json_array_size((const json_t *)j);
}

const char *json_text_of(const struct json *j)
{
	return json_string_value((const json_t *)j);
}

double json_number_of(const struct json *j)
{
	return json_is_number((const json_t *)j)
		   ? json_number_value((const json_t *)j)
		   : NAN;
}

bool json_true_of(const struct json *j)
{
	return json_is_true((const json_t *)j);
}
