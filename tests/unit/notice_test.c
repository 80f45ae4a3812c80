/* Notices in pages that were printed before. */
#include "base/file.h"
#include "output/notice.h"
#include "run/run.h"
#include "test.h"

#define OPEN "\n<p class=\"warning\" role=\"alert\" id=\"notice\">"

static void puts_notice(
    const char *page, const char *text, const char *expected)
{
	struct buf out;

	buf_init(&out, 10000);
	assert_int_equal(
	    notice_put((struct span){page, strlen(page)}, text, &out), 0);
	assert_string_equal(buf_text(&out), expected);
	/* The same again changes nothing. */
	assert_int_equal(
	    notice_put((struct span){expected, strlen(expected)}, text, &out),
	    1);
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
}

static void below_the_body_tag(void **state)
{
	(void)state;
	puts_notice("<html><body class=\"x\"><h1>Hi</h1></body>", "no",
	    "<html><body class=\"x\">" OPEN "no</p><h1>Hi</h1></body>");
	puts_notice("no tag", "no", OPEN "no</p>no tag");
	puts_notice("cut <body", "no", OPEN "no</p>cut <body");
	puts_notice("", "no", OPEN "no</p>");
}

static void in_place_of_the_one_before(void **state)
{
	(void)state;
	puts_notice("<body>" OPEN "old</p>\n<p>text</p>", "new",
	    "<body>" OPEN "new</p>\n<p>text</p>");
	puts_notice("<body>" OPEN "never closed", "new",
	    "<body>" OPEN "new</p>" OPEN "never closed");
}

static void escaped(void **state)
{
	(void)state;
	puts_notice("<body>", "a<script>&amp;</p>",
	    "<body>" OPEN "a&lt;script&gt;&amp;amp;&lt;/p&gt;</p>");
}

static void put_file(
    struct arena *a, const char *dir, const char *name, const char *text)
{
	struct err e;

	assert_int_equal(file_replace(arena_printf(a, "%s/%s", dir, name), text,
			     strlen(text), &e),
	    0);
}

static void page_is(
    struct arena *a, const char *dir, const char *name, const char *text)
{
	assert_true(
	    file_same(arena_printf(a, "%s/%s", dir, name), text, strlen(text)));
}

static void in_every_page_once(void **state)
{
	struct arena *a = *state;
	const char *dir = make_dir(a);
	struct plan plan = {.common.output = dir};
	struct faults faults = {.arena = a};
	const struct node at = {.file = "f.yaml", .line = 3, .col = 7};
	struct err e;

	put_file(a, dir, "index.html", "<body>1");
	put_file(a, dir, "index-24h.html", "<body>2");
	put_file(a, dir, "notes.txt", "<body>3");
	fault_at(&faults, &at, "bad <thing>");
	err_set(&e, "f.yaml: 1 fault in the configuration");
	/* A directory that nothing was printed into is left alone. */
	assert_int_equal(run_notice(&plan, &faults, &e), 0);
	page_is(a, dir, "index.html", "<body>1");
	put_file(a, dir, "status.json", "{}");
	assert_int_equal(run_notice(&plan, &faults, &e), 0);
	page_is(a, dir, "index.html",
	    "<body>" OPEN
	    "this page is not being printed any more: f.yaml: 1 fault in the "
	    "configuration: f.yaml:3:7: bad &lt;thing&gt;</p>1");
	page_is(a, dir, "index-24h.html",
	    "<body>" OPEN
	    "this page is not being printed any more: f.yaml: 1 fault in the "
	    "configuration: f.yaml:3:7: bad &lt;thing&gt;</p>2");
	page_is(a, dir, "notes.txt", "<body>3");
	assert_int_equal(run_notice(&plan, &faults, &e), 1);
	assert_int_equal(run_notice(&plan, NULL, &e), 0);
	page_is(a, dir, "index.html",
	    "<body>" OPEN
	    "this page is not being printed any more: f.yaml: 1 fault in the "
	    "configuration</p>1");
	remove_dir(a, dir);
	assert_int_equal(run_notice(&plan, NULL, &e), 0);
	plan.common.output = NULL;
	assert_int_equal(run_notice(&plan, NULL, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(below_the_body_tag),
	    cmocka_unit_test(in_place_of_the_one_before),
	    cmocka_unit_test(escaped),
	    arena_test(in_every_page_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
