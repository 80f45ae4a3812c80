#include "store/store_private.h"

#include <math.h>

#include "base/json.h"

/* 256 fields of the longest text, each byte escaped. */
#define FIELDS_MAX ((size_t)32 * 1024 * 1024)

/* A number stays one, whole ones exactly; what claims to be one is text. */
static void put(struct json *object, const struct field *f)
{
	int64_t whole;
	double real;

	if (f->value == NULL)
		json_put_real(object, f->name, NAN);
	else if (f->number && str_int(f->value, &whole))
		json_put_int(object, f->name, whole);
	else if (f->number && str_number(f->value, &real))
		json_put_real(object, f->name, real);
	else
		json_put_text(object, f->name, f->value);
}

static void write_fields(const struct record *r, struct buf *b)
{
	struct json *object = json_object_new();

	for (size_t i = 0; i < r->n; i++)
		if (r->fields[i].name != NULL)
			put(object, &r->fields[i]);
	json_write(object, 0, b);
	json_free(object);
}

static int upsert(struct store *st, int64_t source, const struct record *r,
    int64_t ts, const char *fields, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO record (source, key, ts, fields)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (source, key)"
	    " DO UPDATE SET ts = ?3, fields = ?4";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, source);
	db_bind_text(s, 2, r->key);
	db_bind_int(s, 3, ts);
	db_bind_text(s, 4, fields);
	st->appended++;
	return db_run(s, e);
}

int records_append(struct store *st, const struct source_row *source,
    const struct delivery *d, struct err *e)
{
	struct buf b;
	int rc = 0;

	buf_init(&b, FIELDS_MAX);
	for (size_t i = 0; i < d->readings->n_records && rc == 0; i++) {
		const struct record *r = &d->readings->records[i];
		int64_t ts = r->ts == 0 ? d->now : r->ts;

		buf_reset(&b);
		write_fields(r, &b);
		rc = b.failed ? err_set(e, "record %s: too large", r->key)
			      : upsert(st, source->id, r, ts, buf_text(&b), e);
	}
	buf_free(&b);
	return rc;
}
