/* Templates: what is refused and in which words, escaping, overriding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "page/template.h"

#define HEAD "{{%AUTOESCAPE context=\"HTML\"}}\n"

static const char *const files[] = {"page.tpl", "part.tpl", NULL};

static const struct template_name names[] = {
    {"TITLE", TEMPLATE_TEXT},
    {"MARKUP", TEMPLATE_MARKUP},
    {"ITEM", TEMPLATE_SECTION},
    {"PART", TEMPLATE_INCLUDE},
    {NULL, TEMPLATE_TEXT},
};

struct rig {
	struct arena *arena;
	const char *shipped, *own;
	struct template_set *set;
	struct err err;
};

static void put(const char *dir, const char *name, const char *text)
{
	struct arena *a = arena_new();
	struct err e;

	assert_int_equal(0, file_replace(arena_printf(a, "%s/%s", dir, name),
				text, strlen(text), &e));
	arena_free(a);
}

static int setup(void **state)
{
	struct rig *r;
	struct arena *a = arena_new();
	char dir[] = "/tmp/template-test-XXXXXX";
	struct err e;

	assert_non_null(mkdtemp(dir));
	r = arena_make(a, struct rig);
	r->arena = a;
	r->shipped = arena_printf(a, "%s/shipped", dir);
	r->own = arena_printf(a, "%s/own", dir);
	assert_int_equal(0, file_make_dirs(r->shipped, &e));
	assert_int_equal(0, file_make_dirs(r->own, &e));
	put(r->shipped, "page.tpl",
	    HEAD "<p title=\"{{TITLE}}\">{{TITLE}}</p>"
		 "{{#ITEM}}[{{TITLE}}]{{/ITEM}}{{MARKUP:none}}{{>PART}}");
	put(r->shipped, "part.tpl", HEAD "part {{TITLE}}");
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct rig *r = *state;
	const char *const dirs[] = {r->shipped, r->own};
	const char *const known[] = {"page.tpl", "part.tpl", "pgae.tpl"};

	template_close(r->set);
	for (size_t d = 0; d < 2; d++) {
		for (size_t f = 0; f < 3; f++)
			unlink(
			    arena_printf(r->arena, "%s/%s", dirs[d], known[f]));
		rmdir(dirs[d]);
	}
	rmdir(file_dir(r->arena, r->shipped));
	arena_free(r->arena);
	return 0;
}

static int open_set(struct rig *r)
{
	struct template_conf c = {r->shipped, r->own, files, names};

	template_close(r->set);
	r->set = NULL;
	return template_open(&r->set, &c, &r->err);
}

/* A page.tpl of this text is refused with these words, after its path. */
static void refused(struct rig *r, const char *text, const char *words)
{
	put(r->own, "page.tpl", text);
	assert_int_equal(-1, open_set(r));
	assert_string_equal(
	    arena_printf(r->arena, "%s/page.tpl%s", r->own, words),
	    r->err.text);
}

static const char *expanded(struct rig *r, const struct dict *d)
{
	struct buf b;
	const char *text;

	buf_init(&b, 100000);
	assert_int_equal(
	    0, template_expand(r->set, "page.tpl", d, &b, &r->err));
	text = arena_strdup(r->arena, buf_text(&b));
	buf_free(&b);
	return text;
}

static void values_are_escaped_for_their_place(void **state)
{
	struct rig *r = *state;
	struct dict *d = dict_new(), *part;

	assert_int_equal(0, open_set(r));
	dict_text(d, "TITLE", "\"<script>'&\033[31m");
	dict_text(dict_section(d, "ITEM"), "TITLE", "<1>");
	dict_text(dict_section(d, "ITEM"), "TITLE", "<2>");
	dict_markup(d, "MARKUP", "<b>", 3);
	part = dict_include(d, "PART", "part.tpl");
	dict_text(part, "TITLE", "<i>");
	assert_string_equal(
	    "<p title=\"&quot;&lt;script&gt;&#39;&amp;\">"
	    "&quot;&lt;script&gt;&#39;&amp;</p>[&lt;1&gt;][&lt;2&gt;]<b>"
	    "part &lt;i&gt;",
	    expanded(r, d));
	dict_free(d);
}

static void addresses_of_scripts_are_defused(void **state)
{
	struct rig *r = *state;
	struct dict *d = dict_new();

	put(r->own, "page.tpl", HEAD "<a href=\"{{TITLE}}\">x</a>");
	assert_int_equal(0, open_set(r));
	dict_text(d, "TITLE", "javascript:alert(1)");
	assert_string_equal("<a href=\"#\">x</a>", expanded(r, d));
	dict_text(d, "TITLE", "data/cpu.csv");
	assert_string_equal("<a href=\"data/cpu.csv\">x</a>", expanded(r, d));
	dict_free(d);
}

static void what_is_not_set_is_empty(void **state)
{
	struct rig *r = *state;
	struct dict *d = dict_new();

	assert_int_equal(0, open_set(r));
	dict_text(d, "TITLE", NULL);
	assert_string_equal("<p title=\"\"></p>", expanded(r, d));
	dict_show(d, "ITEM");
	assert_string_equal("<p title=\"\"></p>[]", expanded(r, d));
	dict_free(d);
}

static void one_file_overrides_alone(void **state)
{
	struct rig *r = *state;
	struct dict *d = dict_new();

	put(r->own, "part.tpl", HEAD "mine");
	assert_int_equal(0, open_set(r));
	dict_include(d, "PART", "part.tpl");
	assert_string_equal("<p title=\"\"></p>mine", expanded(r, d));
	dict_free(d);
}

static void a_page_has_a_maximum(void **state)
{
	struct rig *r = *state;
	struct dict *d = dict_new();
	struct buf b;

	assert_int_equal(0, open_set(r));
	buf_init(&b, 10);
	assert_int_equal(
	    -1, template_expand(r->set, "page.tpl", d, &b, &r->err));
	assert_string_equal("page.tpl: larger than 10 bytes", r->err.text);
	buf_free(&b);
	dict_free(d);
}

static void unescaped_files_are_refused(void **state)
{
	struct rig *r = *state;
	static const char *const words =
	    ":1: the file must begin with {{%AUTOESCAPE context=\"HTML\"}}, "
	    "or values would be printed unescaped";

	refused(r, "<p>{{TITLE}}</p>", words);
	refused(r, "nothing to fill in", words);
	refused(r, "", words);
	refused(r, "{{TITLE}}" HEAD, words);
	refused(r, "{{%AUTOESCAPE context=\"JAVASCRIPT\"}}", words);
}

static void text_is_never_unescaped(void **state)
{
	struct rig *r = *state;

	refused(r, HEAD "\n{{TITLE:none}}",
	    ":3: TITLE must not be printed unescaped");
	refused(r, HEAD "{{TITLE:h:none}}",
	    ":2: TITLE must not be printed unescaped");
	refused(r, HEAD "{{MARKUP}}", ":2: MARKUP is markup: {{MARKUP:none}}");
}

static void unknown_names_are_refused(void **state)
{
	struct rig *r = *state;

	refused(r, HEAD "<p>\n\n{{TITEL}}",
	    ":4: nothing is called TITEL (did you mean TITLE?)");
	refused(r, HEAD "{{#XYZZY_Q}}{{/XYZZY_Q}}",
	    ":2: nothing is called XYZZY_Q");
	refused(
	    r, HEAD "{{#TITLE}}{{/TITLE}}", ":2: TITLE is a value: {{TITLE}}");
	refused(
	    r, HEAD "{{ITEM}}", ":2: ITEM is a section: {{#ITEM}}…{{/ITEM}}");
	refused(r, HEAD "{{PART}}", ":2: PART is an include: {{>PART}}");
}

static void broken_files_are_refused_with_their_line(void **state)
{
	struct rig *r = *state;

	refused(r, HEAD "\n{{TITLE", ":3: {{ without }}");
	refused(r, HEAD "{{}}", ":2: {{}} has no name");
	refused(r, HEAD "{{#ITEM}}\n", ":2: {{#ITEM}} is never closed");
	refused(r, HEAD "{{/ITEM}}", ":2: {{/ITEM}} closes nothing");
	refused(r, HEAD "{{#ITEM}}\n{{/PART}}",
	    ":3: PART is an include: {{>PART}}");
	refused(r, HEAD "{{#ITEM}}\n{{#ITEM_separator}}{{/ITEM}}",
	    ":3: {{/ITEM}} where {{/ITEM_separator}} of line 3 is due");
	refused(r, HEAD "{{=<% %>=}}", ":2: markers must stay {{ and }}");
	refused(r, HEAD "{{%FOO}}", ":2: {{%FOO}} is not allowed");
	refused(r, HEAD "caf\xe9", ":1: not UTF-8");
}

/* What only ctemplate finds: its words, which it writes to stderr. */
static void the_librarys_complaints_are_kept(void **state)
{
	struct rig *r = *state;

	refused(r, HEAD "{{TITLE:bogus}}",
	    ": Unknown modifier for variable TITLE: 'bogus'");
	refused(r, HEAD "<p <p>{{TITLE}}",
	    ": Auto-Escape: Failed parsing: <p <p> In: __{{MAIN}}__");
}

static void misnamed_overrides_are_refused(void **state)
{
	struct rig *r = *state;

	put(r->own, "pgae.tpl", HEAD);
	assert_int_equal(-1, open_set(r));
	assert_string_equal(
	    arena_printf(r->arena,
		"%s/pgae.tpl overrides no template (did you mean page.tpl?)",
		r->own),
	    r->err.text);
	unlink(arena_printf(r->arena, "%s/pgae.tpl", r->own));
	rmdir(r->own);
	assert_int_equal(-1, open_set(r));
	assert_string_equal(
	    arena_printf(r->arena, "%s: No such file or directory", r->own),
	    r->err.text);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(values_are_escaped_for_their_place),
	    TEST(addresses_of_scripts_are_defused),
	    TEST(what_is_not_set_is_empty),
	    TEST(one_file_overrides_alone),
	    TEST(a_page_has_a_maximum),
	    TEST(unescaped_files_are_refused),
	    TEST(text_is_never_unescaped),
	    TEST(unknown_names_are_refused),
	    TEST(broken_files_are_refused_with_their_line),
	    TEST(the_librarys_complaints_are_kept),
	    TEST(misnamed_overrides_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
