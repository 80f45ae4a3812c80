/* status.json, word for word, and the numbers behind panels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "output/json.h"
#include "sample_report.h"

static void assert_status(const struct report *r, const char *expected)
{
	struct buf b;

	buf_init(&b, 100000);
	json_status(r, &b);
	assert_string_equal(expected, buf_text(&b));
	buf_free(&b);
}

static void status_is_as_promised(void **state)
{
	struct source_status sources[] = {
	    {.name = "app1",
		.outcome = OUTCOME_OK,
		.message = "",
		.hint = "",
		.ms = 93.4,
		.bytes = 4180,
		.last_ok = SAMPLE_NOW},
	    {.name = "db1",
		.outcome = OUTCOME_TIMEOUT,
		.message = "no answer in 10 s",
		.hint = "try\nthis",
		.ms = 10000,
		.last_ok = SAMPLE_NOW - 720},
	    {.name = "new",
		.outcome = OUTCOME_HOST_KEY,
		.message = "source new: unknown host key"},
	};
	struct page pages[] = {
	    {.file = "index.html"}, {.file = "index-24h.html"}};
	struct report r = {.version = "0.1.0",
	    .title = "Field operations",
	    .started = SAMPLE_NOW,
	    .ms = 2412,
	    .sources = sources,
	    .n_sources = 3,
	    .pages = pages,
	    .n_pages = 2};

	(void)state;
	assert_status(&r, "{\n"
			  " \"broadsheet\": \"0.1.0\",\n"
			  " \"title\": \"Field operations\",\n"
			  " \"started\": \"2026-11-22T03:14:00Z\",\n"
			  " \"finished\": \"2026-11-22T03:14:02Z\",\n"
			  " \"ms\": 2412,\n"
			  " \"sources\": {\n"
			  "  \"app1\": {\n"
			  "   \"outcome\": \"ok\",\n"
			  "   \"ms\": 93,\n"
			  "   \"bytes\": 4180,\n"
			  "   \"last_ok\": \"2026-11-22T03:14:00Z\"\n"
			  "  },\n"
			  "  \"db1\": {\n"
			  "   \"outcome\": \"timeout\",\n"
			  "   \"message\": \"source db1: no answer in 10 s\",\n"
			  "   \"hint\": \"try\\nthis\",\n"
			  "   \"ms\": 10000,\n"
			  "   \"bytes\": 0,\n"
			  "   \"last_ok\": \"2026-11-22T03:02:00Z\"\n"
			  "  },\n"
			  "  \"new\": {\n"
			  "   \"outcome\": \"host key\",\n"
			  "   \"message\": \"source new: unknown host key\",\n"
			  "   \"ms\": 0,\n"
			  "   \"bytes\": 0\n"
			  "  }\n"
			  " },\n"
			  " \"alerts\": [],\n"
			  " \"pages\": [\n"
			  "  \"index.html\",\n"
			  "  \"index-24h.html\"\n"
			  " ]\n"
			  "}\n");
}

static void no_text_leaves_its_string(void **state)
{
	struct arena *a = arena_new();
	struct report *r;
	struct buf b;
	struct err e;

	(void)state;
	sample_text = "\",\"outcome\":\"ok\"}\\\",\n\xff\001</script>";
	r = sample_report(a, SAMPLE_NOW);
	buf_init(&b, 100000);
	json_status(r, &b);
	assert_int_equal(0, json_check(b.data, b.len, &e));
	assert_non_null(
	    strstr(b.data, "\"title\": \"\\\",\\\"outcome\\\":\\\"ok\\\"}"));
	buf_reset(&b);
	json_numbers(&r->pages[0].blocks[5], &b);
	assert_int_equal(0, json_check(b.data, b.len, &e));
	buf_free(&b);
	sample_text = NULL;
	arena_free(a);
}

static void assert_numbers(const struct block *block, const char *expected)
{
	struct buf b;

	buf_init(&b, 100000);
	json_numbers(block, &b);
	assert_string_equal(expected, buf_text(&b));
	buf_free(&b);
}

static void numbers_keep_times_and_holes(void **state)
{
	const char *columns[] = {"time", "cpu"};
	double r0[] = {SAMPLE_NOW, 25.3}, r1[] = {SAMPLE_NOW + 60, NAN};
	double *rows[] = {r0, r1};
	struct numbers n = {.columns = columns,
	    .n_columns = 2,
	    .values = rows,
	    .n_rows = 2,
	    .unit = "percent"};
	struct block b = {.title = "CPU", .numbers = &n};

	(void)state;
	assert_numbers(&b,
	    "{\"title\":\"CPU\",\"unit\":\"percent\",\"columns\":[\"time\","
	    "\"cpu\"],\"rows\":[[\"2026-11-22T03:14:00Z\",25.3],"
	    "[\"2026-11-22T03:15:00Z\",null]]}\n");
}

static void text_cells_are_texts(void **state)
{
	const char *columns[] = {"process", "user"};
	const char *r0[] = {"nginx", NULL};
	const char **rows[] = {r0};
	struct numbers n = {.columns = columns,
	    .n_columns = 2,
	    .text = true,
	    .cells = rows,
	    .n_rows = 1};
	struct block b = {.title = "Processes", .numbers = &n};

	(void)state;
	assert_numbers(&b, "{\"title\":\"Processes\",\"unit\":\"\","
			   "\"columns\":[\"process\",\"user\"],"
			   "\"rows\":[[\"nginx\",null]]}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(status_is_as_promised),
	    cmocka_unit_test(no_text_leaves_its_string),
	    cmocka_unit_test(numbers_keep_times_and_holes),
	    cmocka_unit_test(text_cells_are_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
