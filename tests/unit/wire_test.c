/* Messages of children: whole or refused, never believed. */
#include "wire_message.h"

#include "source/source.h"
#include "test.h"

static const char broken[] = "its child process sent a broken message";

struct frame {
	struct buf buf;
	size_t n; /* of its body */
};

static void make_frame(struct frame *f, const struct wire_message *m)
{
	struct err e;

	buf_init(&f->buf, WIRE_FRAME_MAX);
	wire_put(&f->buf, m);
	assert_false(f->buf.failed);
	assert_int_equal(
	    wire_length((const unsigned char *)f->buf.data, &f->n, &e), 0);
	assert_int_equal(f->n + WIRE_HEAD, f->buf.len);
}

/* From a block of its own, so that a read past its end is seen. */
static int get(const char *body, size_t n, struct wire_message *m)
{
	struct arena *a = arena_new();
	char *copy = malloc(n > 0 ? n : 1);
	struct err e = {0};
	int rc;

	memcpy(copy, body, n);
	rc = wire_get(a, (struct span){copy, n}, m, &e);
	free(copy);
	arena_free(a);
	if (rc == 0)
		return 0;
	assert_string_equal(e.text, broken);
	assert_int_equal(e.code, OUTCOME_CRASHED);
	return -1;
}

static void same_span(struct span a, struct span b)
{
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.p, b.p, a.n);
}

static void same_text(const char *a, const char *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a != NULL)
		assert_string_equal(a, b);
}

static void same_samples(const struct readings *a, const struct readings *b)
{
	assert_int_equal(a->n_samples, b->n_samples);
	for (size_t i = 0; i < a->n_samples; i++) {
		same_text(a->samples[i].metric, b->samples[i].metric);
		same_text(a->samples[i].unit, b->samples[i].unit);
		assert_memory_equal(
		    &a->samples[i].value, &b->samples[i].value, sizeof(double));
		assert_int_equal(a->samples[i].ts, b->samples[i].ts);
		assert_int_equal(a->samples[i].counter, b->samples[i].counter);
	}
}

static void same_records(const struct readings *a, const struct readings *b)
{
	assert_int_equal(a->n_records, b->n_records);
	for (size_t i = 0; i < a->n_records; i++) {
		const struct record *x = &a->records[i], *y = &b->records[i];

		same_text(x->key, y->key);
		assert_int_equal(x->ts, y->ts);
		assert_int_equal(x->n, y->n);
		for (size_t j = 0; j < x->n; j++) {
			same_text(x->fields[j].name, y->fields[j].name);
			same_text(x->fields[j].value, y->fields[j].value);
			assert_int_equal(
			    x->fields[j].number, y->fields[j].number);
		}
	}
}

static void same_tables(const struct readings *a, const struct readings *b)
{
	assert_int_equal(a->n_tables, b->n_tables);
	for (size_t i = 0; i < a->n_tables; i++) {
		const struct table *x = &a->tables[i], *y = &b->tables[i];

		same_text(x->name, y->name);
		assert_int_equal(x->n_columns, y->n_columns);
		for (size_t j = 0; j < x->n_columns; j++) {
			same_text(x->columns[j].name, y->columns[j].name);
			same_text(x->columns[j].unit, y->columns[j].unit);
		}
		assert_int_equal(x->n_rows, y->n_rows);
		for (size_t j = 0; j < x->n_rows; j++)
			for (size_t k = 0; k < x->n_columns; k++)
				same_text(x->rows[j][k], y->rows[j][k]);
		assert_int_equal(x->left_out, y->left_out);
	}
}

static void same_lines(const struct readings *a, const struct readings *b)
{
	assert_int_equal(a->n_lines, b->n_lines);
	for (size_t i = 0; i < a->n_lines; i++) {
		assert_int_equal(a->lines[i].ts, b->lines[i].ts);
		same_text(a->lines[i].text, b->lines[i].text);
	}
	assert_int_equal(a->lines_left_out, b->lines_left_out);
}

static void everything_comes_back(void **state)
{
	struct wire_message m, back;
	struct frame f;
	struct err e;

	full_message(&m, *state);
	make_frame(&f, &m);
	assert_int_equal(
	    wire_get(
		*state, (struct span){f.buf.data + WIRE_HEAD, f.n}, &back, &e),
	    0);
	assert_int_equal(back.job, 3);
	assert_int_equal(back.outcome, OUTCOME_TIMEOUT);
	assert_string_equal(back.message, "no answer in 10 s");
	assert_string_equal(back.hint, "one\ntwo");
	assert_true(back.ms == 12.5);
	assert_int_equal(back.bytes, 4096);
	same_span(back.fetch_state, m.fetch_state);
	same_span(back.readings.state, m.readings.state);
	same_samples(&m.readings, &back.readings);
	same_records(&m.readings, &back.readings);
	same_tables(&m.readings, &back.readings);
	same_lines(&m.readings, &back.readings);
	buf_free(&f.buf);
}

static void every_cut_is_seen(void **state)
{
	struct wire_message m;
	struct frame f;

	full_message(&m, *state);
	make_frame(&f, &m);
	for (size_t n = 0; n < f.n; n++)
		assert_int_equal(get(f.buf.data + WIRE_HEAD, n, &m), -1);
	assert_int_equal(get(f.buf.data + WIRE_HEAD, f.n, &m), 0);
	buf_char(&f.buf, '\0');
	assert_int_equal(get(f.buf.data + WIRE_HEAD, f.n + 1, &m), -1);
	buf_free(&f.buf);
}

/* Whatever is changed, it is an error or a message that holds. */
static void flipped_bytes(void **state)
{
	struct wire_message m;
	struct frame f;
	char *body;

	srand(1);
	full_message(&m, *state);
	make_frame(&f, &m);
	body = f.buf.data + WIRE_HEAD;
	for (int i = 0; i < 100000; i++) {
		size_t at = (size_t)rand() % f.n, again = (size_t)rand() % f.n;
		char old = body[at], other = body[again];

		body[at] = (char)rand();
		if (i % 2 == 0)
			body[again] = (char)rand();
		if (get(body, f.n, &m) == 0)
			assert_true(m.outcome <= OUTCOME_CRASHED &&
				    m.outcome != OUTCOME_NOT_DUE && m.ms >= 0);
		body[again] = other;
		body[at] = old;
	}
	assert_int_equal(get(body, f.n, &m), 0);
	buf_free(&f.buf);
}

static void lengths_that_can_not_be(void **state)
{
	unsigned char head[WIRE_HEAD] = {0};
	struct err e;
	size_t n;

	(void)state;
	assert_int_equal(wire_length(head, &n, &e), -1);
	assert_string_equal(e.text, broken);
	head[0] = 1;
	assert_int_equal(wire_length(head, &n, &e), 0);
	assert_int_equal(n, 1);
	head[7] = 0x80;
	assert_int_equal(wire_length(head, &n, &e), -1);
	memset(head, 0, sizeof(head));
	head[3] = 0x10;
	assert_int_equal(wire_length(head, &n, &e), 0);
	assert_int_equal(n, WIRE_FRAME_MAX);
	head[0] = 1;
	assert_int_equal(wire_length(head, &n, &e), -1);
}

/* What a child that means ill could say well-formed. */
static void refused(struct wire_message *m)
{
	struct wire_message back;
	struct frame f;

	make_frame(&f, m);
	assert_int_equal(get(f.buf.data + WIRE_HEAD, f.n, &back), -1);
	buf_free(&f.buf);
}

static void things_that_no_child_says(void **state)
{
	struct wire_message m;

	full_message(&m, *state);
	m.outcome = OUTCOME_NOT_DUE;
	refused(&m);
	m.outcome = (enum outcome)(OUTCOME_CRASHED + 1);
	refused(&m);
	full_message(&m, *state);
	m.message = "\033[2J";
	refused(&m);
	m.message = "\xed\xa0\x80";
	refused(&m);
	m.message = NULL;
	refused(&m);
	full_message(&m, *state);
	m.ms = NAN;
	refused(&m);
	m.ms = -1;
	refused(&m);
	full_message(&m, *state);
	m.bytes = UINT64_MAX;
	refused(&m);
	full_message(&m, *state);
	m.readings.lines_left_out = SIZE_MAX;
	refused(&m);
}

/* Rows without cells would cost no bytes, and so have no bound. */
static void rows_without_columns(void **state)
{
	struct wire_message m;
	struct table *t;

	full_message(&m, *state);
	t = &m.readings.tables[1];
	assert_int_equal(t->n_columns, 0);
	table_row(&m.readings, t);
	refused(&m);
}

static void too_many_columns(void **state)
{
	struct column columns[READINGS_COLUMNS_MAX + 1];
	struct wire_message m;

	full_message(&m, *state);
	for (size_t i = 0; i < READINGS_COLUMNS_MAX + 1; i++)
		columns[i] = (struct column){"c", ""};
	m.readings.tables[1].columns = columns;
	m.readings.tables[1].n_columns = READINGS_COLUMNS_MAX + 1;
	refused(&m);
}

/* A question of the child: its own bytes, and nothing else. */
static void what_is_to_be_kept(void **state)
{
	struct wire_message m = {.keep = true,
	    .job = 7,
	    .vault = {"tok\0\xff", 5},
	    .message = "is not sent"};
	struct wire_message back;
	struct arena *a = *state;
	struct frame f;
	struct err e;

	make_frame(&f, &m);
	for (size_t n = 0; n < f.n; n++)
		assert_int_equal(get(f.buf.data + WIRE_HEAD, n, &back), -1);
	assert_int_equal(
	    wire_get(a, (struct span){f.buf.data + WIRE_HEAD, f.n}, &back, &e),
	    0);
	assert_true(back.keep);
	assert_int_equal(back.job, 7);
	same_span(back.vault, m.vault);
	f.buf.data[WIRE_HEAD] = 2;
	assert_int_equal(get(f.buf.data + WIRE_HEAD, f.n, &back), -1);
	buf_free(&f.buf);
	m.vault.n = FETCH_VAULT_MAX + 1;
	m.vault.p = arena_alloc(a, m.vault.n);
	refused(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(everything_comes_back),
	    arena_test(every_cut_is_seen),
	    arena_test(flipped_bytes),
	    cmocka_unit_test(lengths_that_can_not_be),
	    arena_test(things_that_no_child_says),
	    arena_test(rows_without_columns),
	    arena_test(too_many_columns),
	    arena_test(what_is_to_be_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
