/* Setting a snapshot on paper: the flow of boxes over pages, as data. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "output/paper_private.h"

static const struct paper_size small = {"small", 300, 200, 20};
static const struct paper_frame frame = {
    .size = &small, .title = "T", .when = "W", .foot = "F"};

static struct paper_flow begin(struct arena *a)
{
	return (struct paper_flow){
	    .arena = a, .ruler = &ruler_approximate, .w = 260};
}

static struct strings wrap(
    const struct paper_flow *f, const char *text, double w, size_t max)
{
	struct paper_style mono = {10, .mono = true, .ink = INK_TEXT};

	return paper_wrap(f, text, &mono, w, max);
}

static void test_words_are_wrapped(void **state)
{
	struct arena *a = arena_new();
	struct paper_flow f = begin(a);
	double ten = 10 * 10 * FONT_MONO_WIDTH + 0.01;
	struct strings l = wrap(&f, "one two three", ten, 9);

	(void)state;
	assert_int_equal(l.n, 2);
	assert_string_equal(l.items[0], "one two");
	assert_string_equal(l.items[1], "three");
	l = wrap(&f, "aaaaaaaaaabbbbb c", ten, 9);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.items[0], "aaaaaaaaaa");
	assert_string_equal(l.items[1], "bbbbb c");
	l = wrap(&f, "a\n\nb", ten, 9);
	assert_int_equal(l.n, 3);
	assert_string_equal(l.items[1], "");
	l = wrap(&f, "", ten, 9);
	assert_int_equal(l.n, 1);
	l = wrap(&f, "ääääääääää öö", ten, 9);
	assert_string_equal(l.items[0], "ääääääääää");
	assert_string_equal(l.items[1], "öö");
	l = wrap(&f, "one two three four five six", ten, 2);
	assert_int_equal(l.n, 2);
	assert_true(str_utf8_valid(l.items[1], strlen(l.items[1])));
	assert_non_null(strstr(l.items[1], "…"));
	l = wrap(&f, "wide", 1, 9); /* no room at all: a character a line */
	assert_int_equal(l.n, 4);
	arena_free(a);
}

static struct paper_box *add(struct paper_flow *f, double h, const char *text)
{
	struct paper_box *b = paper_box(f, h);

	scene_text(b->scene, 0, 5, ANCHOR_START, 5, INK_TEXT, text);
	return b;
}

/* The texts of a page that are no head and foot, one after another. */
static const char *texts(struct arena *a, const struct canvas_page *page)
{
	const char *all = "";

	for (size_t i = 0; i < page->scene->n; i++) {
		const struct scene_item *it = &page->scene->items[i];

		if (it->kind == SCENE_TEXT && it->size < 8)
			all = arena_printf(a, "%s%s ", all, it->text);
	}
	return all;
}

static bool says(const struct canvas_page *page, const char *text)
{
	for (size_t i = 0; i < page->scene->n; i++)
		if (page->scene->items[i].kind == SCENE_TEXT &&
		    str_eq(page->scene->items[i].text, text))
			return true;
	return false;
}

/* A page has room for 138 pixels, later ones for 112. */
static void test_what_belongs_together_stays_together(void **state)
{
	struct arena *a = arena_new();
	struct paper_flow f = begin(a);
	struct canvas_document d = {0};
	struct paper_box *b;

	(void)state;
	add(&f, 100, "a");
	b = add(&f, 20, "head");
	b->keeps = true;
	paper_name(b, "x", "Head", 1);
	add(&f, 30, "b")->before = 10;
	add(&f, 40, "c");
	paper_pages(&f, &frame, &d);
	assert_int_equal(d.n, 2);
	assert_string_equal(texts(a, &d.pages[0]), "a ");
	assert_string_equal(texts(a, &d.pages[1]), "head b c ");
	assert_true(says(&d.pages[0], "page 1 of 2"));
	assert_true(says(&d.pages[1], "page 2 of 2"));
	assert_false(says(&d.pages[0], "W"));
	assert_true(says(&d.pages[1], "W") && says(&d.pages[1], "F"));
	assert_int_equal(d.pages[1].n, 1);
	assert_string_equal(d.pages[1].places[0].text, "Head");
	assert_float_equal(d.pages[1].places[0].from.y, 46, 0.01);
	arena_free(a);
}

static void test_what_is_too_high_is_parted(void **state)
{
	struct arena *a = arena_new();
	struct paper_flow f = begin(a);
	struct canvas_document d = {0};

	(void)state;
	add(&f, 100, "a")->keeps = true;
	add(&f, 100, "b")->keeps = true;
	add(&f, 300, "c");
	paper_pages(&f, &frame, &d);
	assert_int_equal(d.n, 3);
	assert_string_equal(texts(a, &d.pages[2]), "c ");
	arena_free(a);
}

static void test_a_header_comes_again(void **state)
{
	struct arena *a = arena_new();
	struct paper_flow f = begin(a);
	struct canvas_document d = {0};
	struct paper_box *head = add(&f, 10, "head");

	(void)state;
	head->keeps = true;
	head = arena_copy(a, head, sizeof(*head));
	for (int i = 0; i < 5; i++)
		add(&f, 40, "row")->head = head;
	paper_pages(&f, &frame, &d);
	assert_int_equal(d.n, 2);
	assert_string_equal(texts(a, &d.pages[0]), "head row row row ");
	assert_string_equal(texts(a, &d.pages[1]), "head row row ");
	arena_free(a);
}

static void test_links_lead_to_what_comes_later(void **state)
{
	struct arena *a = arena_new();
	struct paper_flow f = begin(a), part = begin(a);
	struct canvas_document d = {0};
	struct paper_box *b = add(&part, 30, "from");

	(void)state;
	*arena_push(a, &b->links, &b->n_links, &b->cap_links) =
	    (struct paper_link){0, 0, 50, 10, "there"};
	*arena_push(a, &b->links, &b->n_links, &b->cap_links) =
	    (struct paper_link){0, 0, 50, 10, "nowhere"};
	paper_paste(paper_box(&f, 100), 5, 7, &part);
	paper_name(add(&f, 100, "to"), "there", NULL, 2);
	paper_pages(&f, &frame, &d);
	assert_int_equal(d.n, 2);
	assert_int_equal(d.pages[0].n, 1);
	assert_int_equal(d.pages[0].places[0].kind, PLACE_LINK);
	assert_int_equal(d.pages[0].places[0].page, 1);
	assert_float_equal(d.pages[0].places[0].from.x, 25, 0.01);
	assert_float_equal(d.pages[0].places[0].from.y, 27, 0.01);
	arena_free(a);
}

static void test_an_endless_page_is_as_long_as_it_takes(void **state)
{
	static const struct paper_size endless = {"endless", 300, 0, 20};
	struct paper_frame one = frame;
	struct arena *a = arena_new();
	struct paper_flow f = begin(a);
	struct canvas_document d = {0};

	(void)state;
	one.size = &endless;
	for (int i = 0; i < 50; i++)
		add(&f, 40, "row");
	paper_pages(&f, &one, &d);
	assert_int_equal(d.n, 1);
	assert_float_equal(d.pages[0].scene->h, 20 + 2000 + 22 + 20, 0.01);
	arena_free(a);
}

static double reach(const struct paper_flow *f)
{
	double x = 0;

	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->boxes[i].scene->n; k++) {
			const struct scene_item *it =
			    &f->boxes[i].scene->items[k];
			double w =
			    it->kind != SCENE_TEXT || it->anchor == ANCHOR_END
				? 0
				: ruler_width(
				      f->ruler, it->text, it->size, it->bold);

			x = fmax(x, it->points[0].x + w);
		}
	return x;
}

static void test_a_table_stays_within_its_width(void **state)
{
	struct arena *a = arena_new();
	struct grid_column columns[] = {
	    {"name", false}, {"count", true}, {"a long note", false}};
	struct grid_cell cells[] = {{.text = "first"},
	    {.text = "12", .hot = true},
	    {.text =
		    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"}};
	struct grid_cell *rows[] = {cells};
	struct grid g = {.columns = columns,
	    .n_columns = 3,
	    .rows = rows,
	    .n_rows = 1,
	    .foot = "and 3 more"};
	struct paper_flow f = begin(a);

	(void)state;
	paper_grid(&f, &g);
	assert_int_equal(f.n, 3); /* header, row, foot */
	assert_true(reach(&f) <= f.w + 0.5);
	assert_true(f.boxes[0].keeps);
	assert_string_equal(f.boxes[1].scene->items[1].text, "▲ 12");
	assert_int_equal(f.boxes[1].scene->items[1].ink, INK_RED);
	assert_ptr_not_equal(f.boxes[1].head, NULL);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words_are_wrapped),
	    cmocka_unit_test(test_what_belongs_together_stays_together),
	    cmocka_unit_test(test_what_is_too_high_is_parted),
	    cmocka_unit_test(test_a_header_comes_again),
	    cmocka_unit_test(test_links_lead_to_what_comes_later),
	    cmocka_unit_test(test_an_endless_page_is_as_long_as_it_takes),
	    cmocka_unit_test(test_a_table_stays_within_its_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
