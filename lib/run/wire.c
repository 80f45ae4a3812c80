#include "run/wire.h"
#include "source/source.h"

#include <string.h>

#define TEXT_MAX   (64u * 1024)
#define STATE_MAX  (16u * 1024 * 1024)
#define AMOUNT_MAX (UINT64_C(1) << 53)

static void put_int(struct buf *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_char(b, (char)(v | 0x80));
	buf_char(b, (char)v);
}

static void put_bytes(struct buf *b, struct span s)
{
	put_int(b, s.n);
	buf_add(b, s.p, s.n);
}

/* NULL and "" differ: a length more than the text's. */
static void put_text(struct buf *b, const char *s)
{
	put_int(b, s == NULL ? 0 : strlen(s) + 1);
	if (s != NULL)
		buf_add(b, s, strlen(s));
}

static void put_real(struct buf *b, double v)
{
	buf_add(b, &v, sizeof(v));
}

static void put_samples(struct buf *b, const struct readings *r)
{
	put_int(b, r->n_samples);
	for (size_t i = 0; i < r->n_samples; i++) {
		put_text(b, r->samples[i].metric);
		put_text(b, r->samples[i].unit);
		put_real(b, r->samples[i].value);
		put_int(b, (uint64_t)r->samples[i].ts);
		put_int(b, r->samples[i].counter);
	}
}

static void put_records(struct buf *b, const struct readings *r)
{
	put_int(b, r->n_records);
	for (size_t i = 0; i < r->n_records; i++) {
		const struct record *rec = &r->records[i];

		put_text(b, rec->key);
		put_int(b, (uint64_t)rec->ts);
		put_int(b, rec->n);
		for (size_t j = 0; j < rec->n; j++) {
			put_text(b, rec->fields[j].name);
			put_text(b, rec->fields[j].value);
			put_int(b, rec->fields[j].number);
		}
	}
}

static void put_table(struct buf *b, const struct table *t)
{
	put_text(b, t->name);
	put_int(b, t->n_columns);
	for (size_t i = 0; i < t->n_columns; i++) {
		put_text(b, t->columns[i].name);
		put_text(b, t->columns[i].unit);
	}
	put_int(b, t->n_rows);
	for (size_t i = 0; i < t->n_rows; i++)
		for (size_t j = 0; j < t->n_columns; j++)
			put_text(b, t->rows[i][j]);
	put_int(b, t->left_out);
}

static void put_lines(struct buf *b, const struct readings *r)
{
	put_int(b, r->n_lines);
	for (size_t i = 0; i < r->n_lines; i++) {
		put_int(b, (uint64_t)r->lines[i].ts);
		put_text(b, r->lines[i].text);
	}
	put_int(b, r->lines_left_out);
}

static void put_body(struct buf *b, const struct wire_message *m)
{
	const struct readings *r = &m->readings;

	put_int(b, m->keep);
	put_int(b, m->job);
	if (m->keep) {
		put_bytes(b, m->vault);
		return;
	}
	put_int(b, m->outcome);
	put_text(b, m->message);
	put_text(b, m->hint);
	put_real(b, m->ms);
	put_int(b, m->bytes);
	put_bytes(b, m->fetch_state);
	put_bytes(b, r->state);
	put_samples(b, r);
	put_records(b, r);
	put_int(b, r->n_tables);
	for (size_t i = 0; i < r->n_tables; i++)
		put_table(b, &r->tables[i]);
	put_lines(b, r);
}

void wire_put(struct buf *out, const struct wire_message *m)
{
	unsigned char head[WIRE_HEAD];
	size_t start = out->len;

	buf_add(out, "\0\0\0\0\0\0\0\0", WIRE_HEAD);
	put_body(out, m);
	if (out->failed)
		return;
	for (size_t i = 0; i < WIRE_HEAD; i++)
		head[i] =
		    (unsigned char)((out->len - start - WIRE_HEAD) >> (8 * i));
	memcpy(out->data + start, head, WIRE_HEAD);
}

int wire_length(const unsigned char head[WIRE_HEAD], size_t *n, struct err *e)
{
	uint64_t v = 0;

	for (size_t i = WIRE_HEAD; i > 0; i--)
		v = v << 8 | head[i - 1];
	if (v == 0 || v > WIRE_FRAME_MAX)
		return err_code(e, OUTCOME_CRASHED,
		    "its child process sent a broken message");
	*n = v;
	return 0;
}

/* A reader with a sticky error. */
struct reader {
	struct arena *arena;
	struct span rest;
	bool failed;
};

static uint64_t get_int(struct reader *r)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64 && r->rest.n > 0; shift += 7) {
		unsigned char c = (unsigned char)r->rest.p[0];

		r->rest.p++, r->rest.n--;
		v |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return v;
	}
	r->failed = true;
	return 0;
}

/* A number of bytes or of things, exact in every type that holds one. */
static uint64_t get_amount(struct reader *r)
{
	uint64_t v = get_int(r);

	if (v > AMOUNT_MAX)
		r->failed = true;
	return r->failed ? 0 : v;
}

static enum outcome get_outcome(struct reader *r)
{
	uint64_t v = get_int(r);

	if (v > OUTCOME_CRASHED || v == OUTCOME_NOT_DUE)
		r->failed = true;
	return r->failed ? OUTCOME_CRASHED : (enum outcome)v;
}

/* A number of things of which each takes at least `least` bytes. */
static size_t get_count(struct reader *r, size_t max, size_t least)
{
	uint64_t n = get_int(r);

	if (n > max || n > r->rest.n / least)
		r->failed = true;
	return r->failed ? 0 : (size_t)n;
}

static struct span get_bytes(struct reader *r, size_t max)
{
	struct span s = {0};
	uint64_t n = get_int(r);

	if (r->failed || n > max || n > r->rest.n) {
		r->failed = true;
		return s;
	}
	s.p = arena_strndup(r->arena, r->rest.p, n);
	s.n = n;
	r->rest.p += n;
	r->rest.n -= n;
	return s;
}

static const char *get_maybe(struct reader *r)
{
	uint64_t n = get_int(r);
	const char *s;

	if (r->failed || n == 0)
		return NULL;
	if (n - 1 > TEXT_MAX || n - 1 > r->rest.n ||
	    !str_is_clean(r->rest.p, n - 1)) {
		r->failed = true;
		return NULL;
	}
	s = arena_strndup(r->arena, r->rest.p, n - 1);
	r->rest.p += n - 1;
	r->rest.n -= n - 1;
	return s;
}

static const char *get_text(struct reader *r)
{
	const char *s = get_maybe(r);

	if (s == NULL)
		r->failed = true;
	return s != NULL ? s : "";
}

static double get_real(struct reader *r)
{
	double v = NAN;

	if (r->rest.n < sizeof(v)) {
		r->failed = true;
		return v;
	}
	memcpy(&v, r->rest.p, sizeof(v));
	r->rest.p += sizeof(v);
	r->rest.n -= sizeof(v);
	return v;
}

static void get_samples(struct reader *r, struct readings *out)
{
	size_t n = get_count(r, READINGS_MAX, 12);

	out->samples = arena_array(r->arena, n, sizeof(*out->samples));
	for (; out->n_samples < n && !r->failed; out->n_samples++) {
		struct sample *s = &out->samples[out->n_samples];

		s->metric = get_text(r);
		s->unit = get_text(r);
		s->value = get_real(r);
		s->ts = (int64_t)get_int(r);
		s->counter = get_int(r) != 0;
	}
}

static void get_record(struct reader *r, struct record *rec)
{
	size_t n;

	rec->key = get_text(r);
	rec->ts = (int64_t)get_int(r);
	n = get_count(r, READINGS_COLUMNS_MAX, 3);
	rec->fields = arena_array(r->arena, n, sizeof(*rec->fields));
	for (; rec->n < n && !r->failed; rec->n++) {
		rec->fields[rec->n].name = get_text(r);
		rec->fields[rec->n].value = get_maybe(r);
		rec->fields[rec->n].number = get_int(r) != 0;
	}
}

static void get_records(struct reader *r, struct readings *out)
{
	size_t n = get_count(r, READINGS_MAX, 3);

	out->records = arena_array(r->arena, n, sizeof(*out->records));
	for (; out->n_records < n && !r->failed; out->n_records++)
		get_record(r, &out->records[out->n_records]);
}

static void get_rows(struct reader *r, struct table *t)
{
	/* Rows without cells take no bytes, so nothing would bound them. */
	size_t max = t->n_columns > 0 ? READINGS_MAX : 0;
	size_t n = get_count(r, max, t->n_columns > 0 ? t->n_columns : 1);

	t->rows = arena_array(r->arena, n, sizeof(*t->rows));
	for (; t->n_rows < n && !r->failed; t->n_rows++) {
		t->rows[t->n_rows] =
		    arena_array(r->arena, t->n_columns, sizeof(**t->rows));
		for (size_t i = 0; i < t->n_columns; i++)
			t->rows[t->n_rows][i] = get_maybe(r);
	}
}

static void get_table(struct reader *r, struct table *t)
{
	size_t n;

	t->name = get_text(r);
	n = get_count(r, READINGS_COLUMNS_MAX, 2);
	t->columns = arena_array(r->arena, n, sizeof(*t->columns));
	for (; t->n_columns < n && !r->failed; t->n_columns++) {
		t->columns[t->n_columns].name = get_text(r);
		t->columns[t->n_columns].unit = get_text(r);
	}
	get_rows(r, t);
	t->left_out = get_amount(r);
}

static void get_tables(struct reader *r, struct readings *out)
{
	size_t n = get_count(r, READINGS_MAX, 3);

	out->tables = arena_array(r->arena, n, sizeof(*out->tables));
	for (; out->n_tables < n && !r->failed; out->n_tables++)
		get_table(r, &out->tables[out->n_tables]);
}

static void get_lines(struct reader *r, struct readings *out)
{
	size_t n = get_count(r, READINGS_MAX, 2);

	out->lines = arena_array(r->arena, n, sizeof(*out->lines));
	for (; out->n_lines < n && !r->failed; out->n_lines++) {
		out->lines[out->n_lines].ts = (int64_t)get_int(r);
		out->lines[out->n_lines].text = get_text(r);
	}
	out->lines_left_out = get_amount(r);
}

static void get_outcome_of(struct reader *r, struct wire_message *m)
{
	m->outcome = get_outcome(r);
	m->message = get_text(r);
	m->hint = get_text(r);
	m->ms = get_real(r);
	if (!isfinite(m->ms) || m->ms < 0)
		r->failed = true;
	m->bytes = get_amount(r);
	m->fetch_state = get_bytes(r, STATE_MAX);
	m->readings.state = get_bytes(r, STATE_MAX);
	get_samples(r, &m->readings);
	get_records(r, &m->readings);
	get_tables(r, &m->readings);
	get_lines(r, &m->readings);
}

int wire_get(
    struct arena *a, struct span body, struct wire_message *m, struct err *e)
{
	struct reader r = {.arena = a, .rest = body};
	uint64_t keep;

	*m = (struct wire_message){0};
	readings_init(&m->readings, a);
	keep = get_int(&r);
	m->keep = keep == 1;
	m->job = get_int(&r);
	if (keep > 1)
		r.failed = true;
	else if (m->keep)
		m->vault = get_bytes(&r, FETCH_VAULT_MAX);
	else
		get_outcome_of(&r, m);
	if (!r.failed && r.rest.n == 0)
		return 0;
	return err_code(
	    e, OUTCOME_CRASHED, "its child process sent a broken message");
}
