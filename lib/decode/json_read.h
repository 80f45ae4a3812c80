/*
 * From a JSON document to readings. What is in it is asked by SQL, with
 * SQLite's own JSON functions in a locked-down database in memory; the
 * document, and every path in it, is a bound parameter.
 */
#ifndef DECODE_JSON_READ_H
#define DECODE_JSON_READ_H

#include "base/db.h"
#include "decode/rows.h"

struct json_conf {
	struct pairs values, units;
	struct strings counters;
	const char *unit, *extract, *items, *key, *time, *time_format;
	struct rows_rules rules;
	bool optional;	      /* items may be missing */
	enum decode_as deflt; /* without as:; AS_DEFAULT if it is there */
};

/* Says what is wrong with an extract: of json or csv. */
void json_check_extract(const char *sql, const struct node *, struct faults *);

/* A locked-down connection whose messages begin with the name. */
must_use int json_open(struct db **, const char *name, struct err *);

/*
 * By extract: the rows of a SELECT; by values: a number at each path;
 * otherwise by items: an array of objects, each a row, or of arrays, the
 * first of which names the columns. The body was checked by json_check().
 */
must_use int json_read(const struct json_conf *, enum decode_as,
    const char *body, struct readings *out, struct err *);

#endif
