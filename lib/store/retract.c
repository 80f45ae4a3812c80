/*
 * Samples of records that are no longer as they were: at the old time of one
 * that was edited, or of one that is gone, nothing was measured. Which of a
 * record's fields are samples too is told by the series of their names. A
 * record that has no time of its own has that of the run that saw it last:
 * what it was before stays true.
 */
#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

/* Of records r, those of their numbers that are series. */
#define SAMPLES                                                                \
	"SELECT r.ts, s.metric FROM record r, json_each(r.fields) j, series s" \
	" WHERE r.source = ?1 AND r.gone IS NULL AND s.source = ?1"            \
	" AND s.metric = j.key AND j.type IN ('integer', 'real')"

int retract_begin(
    struct store *st, int64_t source, struct retractions *list, struct err *e)
{
	static const char sql[] =
	    "SELECT 1 FROM series WHERE source = ? LIMIT 1";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	int rc;

	list->wanted = false;
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	rc = db_step(s, e);
	list->wanted = rc == 1;
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

static int note_all(struct retractions *list, struct db_stmt *s, struct err *e)
{
	int rc;

	while ((rc = db_step(s, e)) == 1)
		*arena_push(list->arena, &list->items, &list->n, &list->cap) =
		    (struct retraction){
			.ts = db_int(s, 0),
			.metric = arena_strdup(list->arena, db_text(s, 1)),
		    };
	return rc;
}

int retract_replaced(struct store *st, int64_t source, const struct record *r,
    const char *fields, struct retractions *list, struct err *e)
{
	static const char sql[] =
	    SAMPLES " AND r.key = ?2 AND (r.ts <> ?3 OR r.fields <> ?4)";
	struct db_stmt *s;

	if (!list->wanted || r->ts == 0)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_text(s, 2, r->key);
	db_bind_int(s, 3, r->ts);
	db_bind_text(s, 4, fields);
	return note_all(list, s, e);
}

int retract_unlisted(struct store *st, int64_t source, int64_t now,
    struct retractions *list, struct err *e)
{
	static const char sql[] =
	    SAMPLES " AND r.seen <> ?2 AND r.ts <> r.seen";
	struct db_stmt *s;

	if (!list->wanted)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_int(s, 2, now);
	return note_all(list, s, e);
}

static int compare(const void *a, const void *b)
{
	const struct retraction *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return strcmp(x->metric, y->metric);
}

static void keep(struct retractions *list, const struct db_stmt *s)
{
	struct retraction key = {.ts = db_int(s, 0), .metric = db_text(s, 1)};
	struct retraction *first =
	    bsearch(&key, list->items, list->n, sizeof(*list->items), compare);

	if (first != NULL)
		first->kept = true;
}

/* Each once, so that a search finds it. */
static void sort(struct retractions *list)
{
	size_t n = 0;

	qsort(list->items, list->n, sizeof(*list->items), compare);
	for (size_t i = 0; i < list->n; i++)
		if (n == 0 ||
		    compare(&list->items[n - 1], &list->items[i]) != 0)
			list->items[n++] = list->items[i];
	list->n = n;
}

int retract_end(
    struct store *st, int64_t source, struct retractions *list, struct err *e)
{
	static const char sql[] = SAMPLES " AND r.ts BETWEEN ?2 AND ?3";
	struct db_stmt *s;
	int rc;

	if (list->n == 0)
		return 0;
	if ((s = db_stmt(st->db, sql, e)) == NULL)
		return -1;
	sort(list);
	db_bind_int(s, 1, source);
	db_bind_int(s, 2, list->items[0].ts);
	db_bind_int(s, 3, list->items[list->n - 1].ts);
	while ((rc = db_step(s, e)) == 1)
		keep(list, s);
	return rc;
}
