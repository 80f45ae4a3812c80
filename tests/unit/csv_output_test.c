/* The numbers behind a panel as comma-separated values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "output/csv.h"
#include "sample_report.h"

static void assert_csv(const struct numbers *n, const char *expected)
{
	struct buf b;

	buf_init(&b, 10000);
	csv_numbers(n, &b);
	assert_string_equal(expected, buf_text(&b));
	buf_free(&b);
}

static void times_are_iso_and_holes_empty(void **state)
{
	const char *columns[] = {"time", "app1/disk{mount=\"/\"}", "a,b"};
	double r0[] = {SAMPLE_NOW, 1.5, NAN};
	double r1[] = {SAMPLE_NOW + 60, INFINITY, 1e21};
	double r2[] = {SAMPLE_NOW + 120, -0.1, 1234567.25};
	double *rows[] = {r0, r1, r2};
	struct numbers n = {
	    .columns = columns, .n_columns = 3, .values = rows, .n_rows = 3};

	(void)state;
	assert_csv(&n, "time,\"app1/disk{mount=\"\"/\"\"}\",\"a,b\"\r\n"
		       "2026-11-22T03:14:00Z,1.5,\r\n"
		       "2026-11-22T03:15:00Z,,1e+21\r\n"
		       "2026-11-22T03:16:00Z,-0.1,1234567.25\r\n");
}

static void numbers_need_no_time(void **state)
{
	const char *columns[] = {"x"};
	double r0[] = {3};
	double *rows[] = {r0};
	struct numbers n = {
	    .columns = columns, .n_columns = 1, .values = rows, .n_rows = 1};

	(void)state;
	assert_csv(&n, "x\r\n3\r\n");
}

static void text_is_quoted_where_it_must_be(void **state)
{
	const char *columns[] = {"process", "user"};
	const char *r0[] = {"a \"b\", c", NULL};
	const char *r1[] = {"two\nlines", ""};
	const char **rows[] = {r0, r1};
	struct numbers n = {.columns = columns,
	    .n_columns = 2,
	    .text = true,
	    .cells = rows,
	    .n_rows = 2};

	(void)state;
	assert_csv(&n, "process,user\r\n\"a \"\"b\"\", c\",\r\n"
		       "\"two\nlines\",\r\n");
}

static void formulas_are_made_text(void **state)
{
	const char *columns[] = {"=1+1", "b"};
	const char *r0[] = {"=HYPERLINK(\"http://x\")", "+1+cmd"};
	const char *r1[] = {"@SUM(A1)", "-rw-r--r--"};
	const char *r2[] = {"-5", "+3.2e4"};
	const char **rows[] = {r0, r1, r2};
	struct numbers n = {.columns = columns,
	    .n_columns = 2,
	    .text = true,
	    .cells = rows,
	    .n_rows = 3};

	(void)state;
	assert_csv(&n, "'=1+1,b\r\n"
		       "\"'=HYPERLINK(\"\"http://x\"\")\",'+1+cmd\r\n"
		       "'@SUM(A1),'-rw-r--r--\r\n"
		       "-5,+3.2e4\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times_are_iso_and_holes_empty),
	    cmocka_unit_test(numbers_need_no_time),
	    cmocka_unit_test(text_is_quoted_where_it_must_be),
	    cmocka_unit_test(formulas_are_made_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
