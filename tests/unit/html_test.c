/* Pages from reports: hostile text, pictures, states, and a golden page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "output/html.h"
#include "sample_report.h"

#define GOLDEN "tests/golden/page.html"

struct rig {
	struct arena *arena;
	const char *dir; /* assets, and overriding templates */
	struct html *html;
	struct err err;
};

static void put(const struct rig *r, const char *name, const char *text)
{
	struct err e;

	assert_int_equal(
	    0, file_replace(arena_printf(r->arena, "%s/%s", r->dir, name), text,
		   strlen(text), &e));
}

static int setup(void **state)
{
	struct arena *a = arena_new();
	struct rig *r = arena_make(a, struct rig);
	char dir[] = "/tmp/html-test-XXXXXX";

	assert_non_null(mkdtemp(dir));
	assert_int_equal(0, clock_set_zone("Europe/London", &r->err));
	r->arena = a;
	r->dir = arena_strdup(a, dir);
	put(r, "broadsheet.css", "p { color: red }\n");
	put(r, "broadsheet.js", "\"x\";\n");
	put(r, "forecast.js", "\"y\";\n");
	sample_text = NULL;
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct rig *r = *state;
	const char *const known[] = {
	    "broadsheet.css", "broadsheet.js", "forecast.js", "page.tpl"};

	html_close(r->html);
	for (size_t i = 0; i < 4; i++)
		unlink(arena_printf(r->arena, "%s/%s", r->dir, known[i]));
	rmdir(r->dir);
	arena_free(r->arena);
	return 0;
}

static int open_html(struct rig *r, bool overrides)
{
	struct html_conf c = {.templates = "templates",
	    .overrides = overrides ? r->dir : NULL,
	    .assets = r->dir};

	return html_open(&r->html, &c, &r->err);
}

static const char *printed(struct rig *r, const struct report *report,
    const struct html_pictures *pictures)
{
	const char *text;
	struct buf b;

	if (r->html == NULL)
		assert_int_equal(0, open_html(r, false));
	buf_init(&b, 1 << 24);
	assert_int_equal(0, html_page(r->html, report, &report->pages[0],
				pictures, &b, &r->err));
	text = arena_strdup(r->arena, buf_text(&b));
	buf_free(&b);
	return text;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what)) != NULL)
		text++, n++;
	return n;
}

#define assert_has(text, what)	 assert_non_null(strstr(text, what))
#define assert_hasnt(text, what) assert_null(strstr(text, what))

static void no_text_becomes_markup(void **state)
{
	struct rig *r = *state;
	const char *page;

	sample_text = "<script>alert(1)</script>";
	page = printed(r, sample_report(r->arena, SAMPLE_NOW), NULL);
	assert_hasnt(page, "<script>alert");
	assert_true(count(page, "&lt;script&gt;alert(1)") > 150);

	sample_text = "\" onmouseover=\"x()\" '><img src=x onerror=x()>";
	page = printed(r, sample_report(r->arena, SAMPLE_NOW), NULL);
	assert_hasnt(page, "<img src=x");
	assert_hasnt(page, "\" onmouseover=\"");
	assert_hasnt(page, "'>&lt;img");
	assert_true(count(page, "&lt;img src=x") > 150);

	sample_text = "{{TITLE}} <!-- ]]> </style></title> \033[1m";
	page = printed(r, sample_report(r->arena, SAMPLE_NOW), NULL);
	assert_hasnt(page, "<!-- ]]");
	assert_int_equal(1, count(page, "</style>"));
	assert_hasnt(page, "\033");
}

/* sha256sum and base64 say the same of the script "x";\n */
static void only_its_own_script_may_run(void **state)
{
	struct rig *r = *state;
	const char *page =
	    printed(r, sample_report(r->arena, SAMPLE_NOW), NULL);

	assert_has(page, "<script>\"x\";\n</script>");
	assert_has(page, "content=\"default-src 'none'; style-src 'sha256-");
	assert_has(page,
	    "script-src 'sha256-x8HapRfaOGIiAW+mgt3BImKy6yJcJCrk031g2j3JYqM='");
	assert_int_equal(1, count(page, "<script"));
	assert_hasnt(page, " style=");
	assert_hasnt(page, "unsafe");
}

/* Only pages that have one carry a forecast's script; hostile text in it. */
static void a_forecast_brings_its_script(void **state)
{
	struct rig *r = *state;
	struct report *report = sample_report(r->arena, SAMPLE_NOW);
	struct block *b = &report->pages[0].blocks[1];
	struct block_forecast f = {.model = "{\"a\":\"</div>'&\\u0007\"}"};
	const char *page;

	strings_add(r->arena, &f.answers, "<i>weight</i> in 8 weeks");
	b->kind = "forecast";
	b->forecast = &f;
	page = printed(r, report, NULL);
	assert_has(page, "<script>\"x\";\n\"y\";\n</script>");
	assert_has(page,
	    "script-src 'sha256-vxispbwyjxOw2LduhNC+nu+QKu6kPOPNoQ2tsZgAJ2o='");
	assert_has(page, "data-model=\"{&quot;a&quot;:&quot;&lt;/div&gt;");
	assert_has(page, "&lt;i&gt;weight&lt;/i&gt; in 8 weeks");
	assert_hasnt(page, "<i>weight");
}

static void assets_cant_leave_their_element(void **state)
{
	struct rig *r = *state;

	put(r, "broadsheet.js", "var a = '</SCRIPT><b>'");
	assert_int_equal(-1, open_html(r, false));
	assert_string_equal(
	    arena_printf(r->arena,
		"%s/broadsheet.js: holds \"</script\" or a NUL, and so can't "
		"be part of a page",
		r->dir),
	    r->err.text);
	unlink(arena_printf(r->arena, "%s/broadsheet.css", r->dir));
	assert_int_equal(-1, open_html(r, false));
	assert_has(r->err.text, "broadsheet.css");
}

static void shipped_templates_stand_in_for_broken_ones(void **state)
{
	struct rig *r = *state;
	struct report *report = sample_report(r->arena, SAMPLE_NOW);

	put(r, "page.tpl", "<p>{{TITLE}}</p>");
	assert_int_equal(-1, open_html(r, true));
	report->warning = r->err.text;
	assert_has(printed(r, report, NULL),
	    "<p class=\"warning\"><b>Warning:</b> /tmp/html-test-");
}

struct shelf {
	char names[20][64];
	size_t n;
	bool full;
};

static int shelve(void *ctx, const char *name, const struct buf *svg,
    const char **href, struct err *e)
{
	struct shelf *s = ctx;

	if (s->full)
		return err_set(e, "charts/%s.svg: no space left", name);
	assert_memory_equal(svg->data, "<svg xmlns=", 11);
	assert_true(s->n < 20);
	snprintf(s->names[s->n++], sizeof(s->names[0]), "%s", name);
	*href = "charts/some-0123.svg";
	return 0;
}

static void many_charts_become_pictures(void **state)
{
	struct rig *r = *state;
	struct report *report = sample_report(r->arena, SAMPLE_NOW);
	struct shelf shelf = {.n = 0};
	struct html_pictures pictures = {0, shelve, &shelf};
	const char *page = printed(r, report, &pictures);

	assert_int_equal(10, shelf.n);
	assert_string_equal("index.cpu", shelf.names[0]);
	assert_string_equal("index.cpu.narrow", shelf.names[1]);
	assert_int_equal(
	    10, count(page, "<img src=\"charts/some-0123.svg\" width=\""));
	assert_int_equal(10, count(page, "alt=\"Lines over the last"));
	assert_int_equal(0, count(page, "data-t0="));

	pictures.inline_max = strlen(page);
	shelf.n = 0;
	page = printed(r, report, &pictures);
	assert_in_range(shelf.n, 1, 9);
	assert_int_equal(10 - shelf.n, count(page, "data-t0="));
}

static void a_picture_that_fails_is_named(void **state)
{
	struct rig *r = *state;
	struct report *report = sample_report(r->arena, SAMPLE_NOW);
	struct shelf shelf = {.full = true};
	struct html_pictures pictures = {0, shelve, &shelf};
	struct buf b;

	assert_int_equal(0, open_html(r, false));
	buf_init(&b, 1 << 24);
	assert_int_equal(-1, html_page(r->html, report, &report->pages[0],
				 &pictures, &b, &r->err));
	assert_string_equal(
	    "index.html: charts/index.cpu.svg: no space left", r->err.text);
	buf_free(&b);
}

static void a_page_has_a_maximum(void **state)
{
	struct rig *r = *state;
	struct report *report = sample_report(r->arena, SAMPLE_NOW);
	struct buf b;

	assert_int_equal(0, open_html(r, false));
	buf_init(&b, 1000);
	assert_int_equal(-1,
	    html_page(r->html, report, &report->pages[0], NULL, &b, &r->err));
	assert_string_equal(
	    "index.html: page.tpl: larger than 1000 bytes", r->err.text);
	buf_free(&b);
}

static void states_have_words_and_shapes(void **state)
{
	struct rig *r = *state;
	const char *page =
	    printed(r, sample_report(r->arena, SAMPLE_NOW), NULL);

	assert_has(page, "id=\"cpu\" data-kind=\"line\" data-state=\"alert\"");
	assert_has(page, "id=\"disk\" data-kind=\"line\" data-state=\"late\"");
	assert_has(page, "data-kind=\"line\" data-state=\"failed\"");
	assert_has(page, "data-kind=\"stat\" data-state=\"empty\"");
	assert_has(page, "data-kind=\"table\" data-state=\"ok\"");
	assert_has(page,
	    "<h3><span class=\"mark\" aria-hidden=\"true\">▲</span>"
	    "<span class=\"vh\">alert: </span><span class=\"name\">CPU: app2 "
	    "above 75 % for 29 min</span>");
	assert_has(page, "<b>late:</b> app2&#39;s newest value is 12 min old");
	assert_has(page, "<b>failed:</b> source db1: no answer in 10 s");
	assert_has(page, "<title>▲ 1 Field operations: Operations</title>");
}

static void parts_know_their_panel(void **state)
{
	struct rig *r = *state;
	const char *page =
	    printed(r, sample_report(r->arena, SAMPLE_NOW), NULL);

	assert_has(page, "<details class=\"numbers\" id=\"cpu-numbers\">");
	assert_has(page, "role=\"group\" aria-label=\"CPU: numbers\"");
	assert_has(page, "aria-label=\"Processes on app2\"");
	assert_has(page, "aria-label=\"app1 and app2\"");
	assert_has(page, "Every value: <a href=\"data/index.cpu.csv\">CSV</a>");
}

static void numbers_without_a_legend_are_files(void **state)
{
	struct rig *r = *state;
	struct report *report = sample_report(r->arena, SAMPLE_NOW);
	const char *page;

	report->pages[0].blocks[5].n_legend = 0;
	report->pages[0].blocks[6].legend_open = true;
	page = printed(r, report, NULL);
	assert_hasnt(page, "id=\"cpu-numbers\"");
	assert_has(
	    page, "<p class=\"foot\"><a href=\"data/index.cpu.csv\">CSV</a>");
	assert_has(
	    page, "<details class=\"numbers\" id=\"memory-numbers\" open>");
}

static void sources_that_failed_are_told_once(void **state)
{
	struct rig *r = *state;
	struct report *report = sample_report(r->arena, SAMPLE_NOW);
	const char *page = printed(r, report, NULL);

	assert_has(page, "<a href=\"#faults\">7 of 8 sources answered</a>");
	assert_has(page, "<b>db1</b> timeout: no answer in 10 s ");
	assert_has(page, "since 03:02, last answer 12 min ago");
	assert_has(page, "<code>ssh -v monitor@db1 true</code>");

	report->sources[7].last_ok = 0;
	assert_has(printed(r, report, NULL), "has not answered yet");

	report->pages[0].blocks[13].kind = "status";
	page = printed(r, report, NULL);
	assert_has(page, "<a href=\"#versions\">7 of 8 sources answered</a>");
	assert_hasnt(page, "id=\"faults\"");

	report->sources[7].outcome = OUTCOME_NOT_DUE;
	assert_has(printed(r, report, NULL), "all 8 sources answered");
	report->n_sources = 1;
	assert_has(printed(r, report, NULL), "1 source answered");
	report->n_sources = 0;
	assert_has(printed(r, report, NULL), "no sources");
}

static void an_empty_report_is_a_page(void **state)
{
	struct rig *r = *state;
	struct page page = {
	    .name = "index", .file = "index.html", .title = "Nothing"};
	struct block bare = {.id = "a", .kind = "text", .title = "A"};
	struct report report = {.version = "1",
	    .title = "Nothing",
	    .started = SAMPLE_NOW,
	    .every = 60,
	    .zone = "UTC",
	    .pages = &page,
	    .n_pages = 1};

	assert_has(printed(r, &report, NULL), "<title>Nothing</title>");
	page.blocks = &bare;
	page.n_blocks = 1;
	assert_has(printed(r, &report, NULL), "<span class=\"name\">A</span>");
}

/* Pictures have tests of their own: here each is one rectangle. */
static void simplify_scenes(struct rig *r, struct page *p)
{
	for (size_t i = 0; i < p->n_blocks; i++) {
		struct block *b = &p->blocks[i];
		struct scene *s = scene_new(r->arena, 30, 20);

		scene_rect(s, 1, 2, 3, 4, INK_SERIES_1);
		b->wide = b->wide == NULL ? NULL : s;
		b->narrow = b->narrow == NULL ? NULL : s;
		for (size_t k = 0; k < b->n_figures; k++)
			b->figures[k].spark = s;
	}
}

/* GOLDEN_WRITE=1 in the environment writes it anew, to be looked at. */
static void the_page_is_as_it_was(void **state)
{
	struct rig *r = *state;
	struct report *report = sample_report(r->arena, SAMPLE_NOW);
	struct span golden;
	const char *page;

	simplify_scenes(r, &report->pages[0]);
	page = printed(r, report, NULL);
	if (getenv("GOLDEN_WRITE") != NULL)
		assert_int_equal(
		    0, file_replace(GOLDEN, page, strlen(page), &r->err));
	assert_int_equal(
	    0, file_read(r->arena, GOLDEN, 1 << 20, &golden, &r->err));
	assert_string_equal(golden.p, page);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(no_text_becomes_markup),
	    TEST(only_its_own_script_may_run),
	    TEST(a_forecast_brings_its_script),
	    TEST(assets_cant_leave_their_element),
	    TEST(shipped_templates_stand_in_for_broken_ones),
	    TEST(many_charts_become_pictures),
	    TEST(a_picture_that_fails_is_named),
	    TEST(a_page_has_a_maximum),
	    TEST(states_have_words_and_shapes),
	    TEST(parts_know_their_panel),
	    TEST(numbers_without_a_legend_are_files),
	    TEST(sources_that_failed_are_told_once),
	    TEST(an_empty_report_is_a_page),
	    TEST(the_page_is_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
