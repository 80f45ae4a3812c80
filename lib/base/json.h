/*
 * JSON documents to be written, and the check of those that came; by
 * jansson, whose only home this is. (What is *in* a document that came is
 * asked by SQL, see decode/json.)
 *
 * Nodes are made, put into their parent, and freed with the root. Text is
 * cleaned (str_clean), NaN and infinities become null, so that what is
 * written can always be read.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct json;

struct json *json_object_new(void);
struct json *json_array_new(void);
void json_free(struct json *); /* roots only; accepts NULL */

/* Into an object, under a key. A NULL text is left out. */
void json_put_text(struct json *, const char *key, const char *);
void json_put_int(struct json *, const char *key, int64_t);
void json_put_real(struct json *, const char *key, double);
void json_put_bool(struct json *, const char *key, bool);
struct json *json_put_object(struct json *, const char *key);
struct json *json_put_array(struct json *, const char *key);

/* At the end of an array. */
void json_add_text(struct json *, const char *);
void json_add_int(struct json *, int64_t);
void json_add_real(struct json *, double);
struct json *json_add_object(struct json *);
struct json *json_add_array(struct json *);

/* Compact (indent 0) or indented; keys in the order they were put. */
void json_write(const struct json *, int indent, struct buf *);

/* A text alone, in quotes, for what is put together by hand. */
void json_text(const char *, struct buf *);

/* Is this one JSON document? If not, the message has line and column. */
must_use int json_check(const char *, size_t n, struct err *);

#endif
