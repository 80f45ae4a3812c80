/*
 * JSON documents to be written, and those that came; by jansson, whose only
 * home this is. (Of what a source sends is asked by SQL, see decode/json.)
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
#include "base/str.h"

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

void json_put_texts(struct json *, const char *key, const struct strings *);

/* At the end of an array. */
void json_add_null(struct json *);
void json_add_text(struct json *, const char *);
void json_add_int(struct json *, int64_t);
void json_add_real(struct json *, double);
struct json *json_add_object(struct json *);
struct json *json_add_array(struct json *);

/* Compact (indent 0) or indented; keys in the order they were put. */
void json_write(const struct json *, int indent, struct buf *);

/* A text alone, in quotes, for what is put together by hand. */
void json_text(const char *, struct buf *);

/* A document that came; NULL: it is none, and the message has line and column.
 */
struct json *json_parse(const char *, size_t n, struct err *);

/* Parts of one, of NULL as well: NULL, 0 or NaN where there is no such part. */
const struct json *json_get(const struct json *, const char *key);
const struct json *json_at(const struct json *, size_t i);
size_t json_count(const struct json *); /* of an array */
const char *json_text_of(const struct json *);
double json_number_of(const struct json *);
bool json_true_of(const struct json *);

/* Is this one JSON document? If not, the message has line and column. */
must_use int json_check(const char *, size_t n, struct err *);

#endif
