/* Readings: bounded and clean, whatever a decoder is given. */
#include "model/outcome.h"
#include "model/reading.h"
#include "test.h"

static void names_with_labels(void **state)
{
	const struct label labels[] = {{"b", "2"}, {"a", "q\"\\\n"}};

	assert_string_equal(metric_name(*state, "cpu", NULL, 0), "cpu");
	assert_string_equal(metric_name(*state, "disk", labels, 2),
	    "disk{a=\"q\\\"\\\\\\n\",b=\"2\"}");
	assert_string_equal(labels[0].name, "b");
}

static void samples(void **state)
{
	struct readings r;
	struct sample *s;
	char big[READING_NAME_MAX + 10];

	readings_init(&r, *state);
	s = readings_sample(&r, "a\nb\033[1m\xff", 1.5, "");
	assert_string_equal(s->metric, "a b\xef\xbf\xbd");
	assert_true(s->value == 1.5 && s->ts == 0 && !s->counter);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	s = readings_sample(&r, big, 0, big);
	assert_int_equal(strlen(s->metric), READING_NAME_MAX);
	assert_int_equal(r.n_samples, 2);
}

static void more_than_may_be(void **state)
{
	struct readings r;

	readings_init(&r, *state);
	for (size_t i = 0; i < READINGS_MAX; i++)
		assert_true(readings_line(&r, 1, "x", 1));
	assert_false(readings_line(&r, 1, "x", 1));
	assert_false(readings_line(&r, 1, "x", 1));
	assert_int_equal(r.n_lines, READINGS_MAX);
	assert_int_equal(r.lines_left_out, 2);
	r.n_samples = r.n_records = r.n_tables = READINGS_MAX;
	assert_null(readings_sample(&r, "a", 0, ""));
	assert_null(readings_record(&r, "a", 0));
	assert_null(readings_table(&r, "a", 0));
}

static void records(void **state)
{
	struct readings r;
	struct record *rec;

	readings_init(&r, *state);
	assert_null(readings_record(&r, "k", READINGS_COLUMNS_MAX + 1));
	rec = readings_record(&r, "k\x01", 2);
	record_field(&r, rec, 0, "n", "1", true);
	record_field(&r, rec, 1, "t", NULL, false);
	assert_string_equal(rec->key, "k\xef\xbf\xbd");
	assert_string_equal(rec->fields[0].value, "1");
	assert_true(rec->fields[0].number);
	assert_null(rec->fields[1].value);
}

static void tables(void **state)
{
	struct readings r;
	struct table *t;
	const char **row;

	readings_init(&r, *state);
	assert_null(readings_table(&r, "t", READINGS_COLUMNS_MAX + 1));
	t = readings_table(&r, "t", 2);
	table_column(&r, t, 0, "a", "");
	table_column(&r, t, 1, "b", UNIT_BYTES);
	row = table_row(&r, t);
	assert_null(row[0]);
	table_cell(&r, row, 1, "two\0words", 9);
	assert_string_equal(t->rows[0][1], "two\xef\xbf\xbdwords");
	t->n_rows = READINGS_MAX;
	assert_null(table_row(&r, t));
}

static void warnings(void **state)
{
	struct readings r;

	readings_init(&r, *state);
	for (int i = 0; i < READINGS_WARNINGS_MAX + 3; i++)
		readings_warn(&r, "row %d: \033[1mbad", i);
	assert_int_equal(r.warnings.n, READINGS_WARNINGS_MAX);
	assert_int_equal(r.warnings_left_out, 3);
	assert_string_equal(r.warnings.items[7], "row 7: bad");
}

static void outcomes_have_words(void **state)
{
	enum outcome o;

	(void)state;
	for (int i = 0; i <= OUTCOME_CRASHED; i++) {
		assert_true(outcome_parse(outcome_word((enum outcome)i), &o));
		assert_int_equal(o, i);
	}
	assert_string_equal(outcome_word(OUTCOME_HOST_KEY), "host key");
	assert_string_equal(outcome_word((enum outcome)99), "unknown");
	assert_false(outcome_parse("fine", &o));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(names_with_labels),
	    arena_test(samples),
	    arena_test(more_than_may_be),
	    arena_test(records),
	    arena_test(tables),
	    arena_test(warnings),
	    cmocka_unit_test(outcomes_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
