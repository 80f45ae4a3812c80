/* Separated values, in pieces. */
#include "test.h"

#include "base/csv.h"

struct seen {
	struct arena *arena;
	const char *all; /* cells by |, rows by ; with their lines */
};

static int take(void *ctx, struct csv_row *row, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	s->all = arena_printf(s->arena, "%s%zu:", s->all, row->line);
	for (size_t i = 0; i < row->n; i++)
		s->all = arena_printf(s->arena, "%s%s%s", s->all,
		    i > 0 ? "|" : "", csv_cell(row, i));
	s->all = arena_printf(s->arena, "%s;", s->all);
	return 0;
}

struct rig {
	struct seen seen;
	struct csv_reader *csv;
	struct err e;
};

static void open_rig(struct rig *r, bool one_line)
{
	struct csv_spec spec = {.separator = ',',
	    .one_line = one_line,
	    .max_row = 40,
	    .take = take,
	    .ctx = &r->seen};

	*r = (struct rig){.seen = {arena_new(), ""}};
	assert_int_equal(csv_reader_open(&r->csv, &spec, &r->e), 0);
}

static void close_rig(struct rig *r)
{
	csv_reader_close(r->csv);
	arena_free(r->seen.arena);
}

static int feed(struct rig *r, const char *text)
{
	return csv_reader_feed(
	    r->csv, (struct span){text, strlen(text)}, &r->e);
}

static void rows_know_their_lines(void **state)
{
	struct rig r;

	(void)state;
	open_rig(&r, false);
	assert_int_equal(feed(&r, "a,\"b\nc\"\r\n\n d ,\n"), 0);
	assert_int_equal(feed(&r, "\"x\"\"y\",\"\""), 0);
	assert_int_equal(csv_reader_end(r.csv, &r.e), 0);
	assert_string_equal(r.seen.all, "1:a|b\nc;4:d|;5:x\"y|;");
	close_rig(&r);
}

static void what_is_broken_is_left_behind(void **state)
{
	struct rig r;

	(void)state;
	open_rig(&r, true);
	assert_int_equal(feed(&r, "a,b\n"), 0);
	assert_int_equal(feed(&r, "c,\"d\n"), -1);
	assert_int_equal(r.e.code, CSV_BROKEN);
	assert_string_equal(r.e.text, "a quoted field without its end");
	assert_int_equal(csv_reader_line(r.csv), 2);
	assert_int_equal(feed(&r, "e\"f\n"), -1);
	assert_string_equal(
	    r.e.text, "a quote within a field, or text behind its end");
	assert_int_equal(
	    feed(&r, "0123456789012345678901234567890123456789\n"), -1);
	assert_int_equal(r.e.code, CSV_LONG);
	assert_string_equal(r.e.text, "too long");
	assert_int_equal(csv_reader_line(r.csv), 4);
	assert_int_equal(feed(&r, "g,h\n"), 0);
	assert_int_equal(feed(&r, "\"i"), 0);
	assert_int_equal(csv_reader_end(r.csv, &r.e), -1);
	assert_int_equal(csv_reader_line(r.csv), 6);
	assert_string_equal(r.seen.all, "1:a|b;5:g|h;");
	close_rig(&r);
}

/* A field that never ends takes no more memory than a row may. */
static void a_row_is_bounded(void **state)
{
	struct rig r;

	(void)state;
	open_rig(&r, false);
	assert_int_equal(feed(&r, "\"0123456789\n0123456789\n"), 0);
	assert_int_equal(feed(&r, "0123456789\n0123456789\n"), -1);
	assert_int_equal(r.e.code, CSV_LONG);
	assert_int_equal(csv_reader_line(r.csv), 1);
	assert_int_equal(feed(&r, "ok\n"), 0);
	assert_string_equal(r.seen.all, "5:ok;");
	close_rig(&r);
	csv_reader_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_know_their_lines),
	    cmocka_unit_test(what_is_broken_is_left_behind),
	    cmocka_unit_test(a_row_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
