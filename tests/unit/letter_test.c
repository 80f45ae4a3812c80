/* Letters: what mail clients can show, hostile text, and their bounds. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "output/letter.h"
#include "sample_report.h"

#define XSS "<img src=x onerror=alert(1)>\"' style=\"&amp;</td>"

struct rig {
	struct arena *arena;
	struct canvas *canvas;
	struct report *report;
	struct capsule capsule;
	struct letter_conf conf;
	struct letter letter;
};

static int setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct err e;

	*state = r;
	r->arena = arena_new();
	r->canvas = canvas_open(NULL, NULL);
	sample_text = NULL;
	return clock_set_zone("Europe/London", &e);
}

static int teardown(void **state)
{
	struct rig *r = *state;

	canvas_close(r->canvas);
	arena_free(r->arena);
	free(r);
	sample_text = NULL;
	return 0;
}

static void write_letter(struct rig *r)
{
	struct err e = {0};

	r->report->printed = r->report->started;
	r->capsule =
	    (struct capsule){.report = r->report, .page = r->report->pages};
	r->conf.capsule = &r->capsule;
	if (letter_write(r->arena, r->canvas, &r->conf, &r->letter, &e) != 0)
		fail_msg("%s", e.text);
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text += strlen(word))
		n++;
	return n;
}

/* Every picture of the letter is shown, once, and none that it has not. */
static void check_pictures(const struct rig *r)
{
	assert_int_equal(count(r->letter.html, "cid:"), r->letter.n_parts);
	for (size_t i = 0; i < r->letter.n_parts; i++) {
		const char *src = arena_printf(
		    r->arena, "src=\"cid:%s\"", r->letter.parts[i].cid);

		assert_int_equal(count(r->letter.html, src), 1);
	}
}

static void says(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("'%s' is not in:\n%s", words, text);
}

static void test_what_a_letter_says(void **state)
{
	struct rig *r = *state;

	r->report = sample_report(r->arena, SAMPLE_NOW);
	r->conf.url = "https://dash.example.net/";
	r->conf.note = "Look at\napp2.";
	r->conf.attached = "a.zip";
	write_letter(r);
	assert_string_equal(
	    r->letter.subject, "Field operations, 22 Nov 03:14: ▲ app2 busy");
	check_pictures(r);
	assert_true(r->letter.n_parts > 3);
	says(r->letter.html, "▲ critical: app2 busy</b>");
	says(r->letter.html, "Look at<br>app2.");
	says(r->letter.html, "href=\"https://dash.example.net/index.html\"");
	says(r->letter.text, "\n▲ critical: app2 busy\n  cpu 96 %, above 75 %");
	says(r->letter.text,
	    "The page as it is now: https://dash.example.net/index.html\n"
	    "Attached is all of it: a.zip\n");
	says(r->letter.text, "\nLook at\napp2.\n");
}

static void test_only_what_mail_clients_show(void **state)
{
	static const char *const not_shown[] = {"<svg", "<script",
	    "display:grid", "display:flex", "data:", "var(--",
	    "position:", "url("};
	struct rig *r = *state;

	r->report = sample_report(r->arena, SAMPLE_NOW);
	write_letter(r);
	for (size_t i = 0; i < sizeof(not_shown) / sizeof(not_shown[0]); i++)
		if (strstr(r->letter.html, not_shown[i]) != NULL)
			fail_msg("there is %s", not_shown[i]);
}

/* Without a link, a note and an attachment nothing is said of them. */
static void test_what_is_not_there_is_not_said(void **state)
{
	struct rig *r = *state;

	r->report = sample_report(r->arena, SAMPLE_NOW);
	r->report->n_alerts = 0;
	write_letter(r);
	assert_string_equal(
	    r->letter.subject, "Field operations, 22 Nov 03:14");
	assert_null(strstr(r->letter.html, "<a "));
	assert_null(strstr(r->letter.html, "Attached"));
	assert_null(strstr(r->letter.text, "Attached"));
	says(r->letter.text, "no alert fires, ");
}

static void test_hostile_text_stays_text(void **state)
{
	struct rig *r = *state;

	sample_text = XSS;
	r->report = sample_report(r->arena, SAMPLE_NOW);
	r->report->warning = XSS;
	r->report->alerts[0].rule = r->report->alerts[0].source = XSS;
	r->conf.note = XSS;
	write_letter(r);
	assert_int_equal(count(r->letter.html, "<img"), r->letter.n_parts);
	assert_null(strstr(r->letter.html, "onerror=alert(1)>"));
	assert_null(strstr(r->letter.html, "&amp;</td></"));
	says(r->letter.html, "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;");
	check_pictures(r);
}

/* A page of many large blocks: the last ones are left out, and counted. */
static void test_a_huge_page(void **state)
{
	struct rig *r = *state;
	struct page *page;
	struct block *all;
	size_t n;

	r->report = sample_report(r->arena, SAMPLE_NOW);
	page = r->report->pages;
	n = page->n_blocks;
	all = arena_array(r->arena, 40 * n, sizeof(*all));
	for (size_t i = 0; i < 40 * n; i++)
		all[i] = page->blocks[i % n];
	page->blocks = all;
	page->n_blocks = 40 * n;
	r->conf.attached = "a.zip";
	write_letter(r);
	assert_in_range(strlen(r->letter.html), 50000, LETTER_MAX);
	assert_in_range(strlen(r->letter.text), 10000, LETTER_MAX);
	check_pictures(r);
	says(r->letter.html,
	    "panels are not in this letter; see what is attached</p>");
	says(r->letter.html, "</body></html>");
	says(r->letter.text, "panels are not in this letter");
}

/* One block alone that is as large and as hostile as can be. */
static void test_a_huge_block(void **state)
{
	struct rig *r = *state;
	char *quotes = arena_alloc(r->arena, 100001);

	memset(quotes, '"', 100000);
	sample_text = quotes;
	r->report = sample_report(r->arena, SAMPLE_NOW);
	r->report->warning = quotes;
	r->conf.note = quotes;
	write_letter(r);
	assert_in_range(strlen(r->letter.html), 1, LETTER_MAX);
	assert_in_range(strlen(r->letter.text), 1, LETTER_MAX);
	assert_in_range(strlen(r->letter.subject), 1, 200);
	check_pictures(r);
}

static struct block table_of(struct arena *a, size_t rows, size_t columns)
{
	struct grid *g = arena_make(a, struct grid);

	g->columns = arena_array(a, columns, sizeof(*g->columns));
	g->rows = arena_array(a, rows, sizeof(*g->rows));
	g->n_columns = columns;
	g->n_rows = rows;
	for (size_t c = 0; c < columns; c++)
		g->columns[c] =
		    (struct grid_column){arena_printf(a, "c%zu", c), c > 0};
	for (size_t r = 0; r < rows; r++) {
		g->rows[r] = arena_array(a, columns, sizeof(**g->rows));
		for (size_t c = 0; c < columns; c++)
			g->rows[r][c].text =
			    c == 0 ? arena_printf(a, "é%zu", r) : "1,234";
	}
	return (struct block){
	    .id = "t", .kind = "table", .title = "Many", .grid = g};
}

static void test_tables_are_cut_and_aligned(void **state)
{
	struct rig *r = *state;
	struct block b = table_of(r->arena, 50, 8);

	r->report = sample_report(r->arena, SAMPLE_NOW);
	r->report->pages->blocks = &b;
	r->report->pages->n_blocks = 1;
	write_letter(r);
	says(r->letter.text, "\nMany\n"
			     "  c0      c1     c2     c3     c4     c5\n"
			     "  é0   1,234  1,234  1,234  1,234  1,234\n");
	says(r->letter.text, "  é11  1,234  1,234  1,234  1,234  1,234\n"
			     "  and 38 rows, 2 columns more\n");
	says(r->letter.html, "and 38 rows, 2 columns more</p>");
	assert_null(strstr(r->letter.text, "é12"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_what_a_letter_says, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_only_what_mail_clients_show, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_what_is_not_there_is_not_said, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_hostile_text_stays_text, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_a_huge_page, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_a_huge_block, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_tables_are_cut_and_aligned, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
