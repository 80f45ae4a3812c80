/* YAML: trees with places, faults in words. */
#include "base/buf.h"
#include "conf/node.h"
#include "test.h"

/* The faults as they are printed, a line each. */
static const char *said(struct arena *a, struct faults *f)
{
	const char *text = "";

	fault_sort(f);
	for (size_t i = 0; i < f->n; i++)
		text =
		    arena_printf(a, "%s%s:%d:%d: %s\n", text, f->items[i].file,
			f->items[i].line, f->items[i].col, f->items[i].text);
	return text;
}

static struct node *parse(
    struct arena *a, const char *text, size_t n, const char **faults)
{
	struct faults f = {.arena = a};
	struct node *root = node_parse(a, "f.yaml", text, n, &f);

	*faults = said(a, &f);
	assert_true(root != NULL || f.n > 0);
	return root;
}

static struct node *good(struct arena *a, const char *text)
{
	const char *faults;
	struct node *root = parse(a, text, strlen(text), &faults);

	assert_string_equal(faults, "");
	assert_non_null(root);
	return root;
}

static void bad_n(struct arena *a, const char *text, size_t n, const char *why)
{
	const char *faults;

	parse(a, text, n, &faults);
	assert_string_equal(faults, why);
}

static void bad(struct arena *a, const char *text, const char *why)
{
	bad_n(a, text, strlen(text), why);
}

static void at(const struct node *n, int line, int col)
{
	assert_non_null(n);
	assert_string_equal(n->file, "f.yaml");
	assert_int_equal(n->line, line);
	assert_int_equal(n->col, col);
}

static void everything_has_its_place(void **state)
{
	struct node *root = good(*state, "# comment\n"
					 "title: Ops\n"
					 "list:\n"
					 "  - one\n"
					 "  - {k: \xc3\xa9, l: x}\n"
					 "empty:\n");
	const struct node *list = node_get(root, "list");

	at(root, 2, 1);
	at(node_get(root, "title"), 2, 8);
	assert_string_equal(node_get(root, "title")->text, "Ops");
	assert_int_equal(list->kind, NODE_LIST);
	at(list, 4, 3);
	at(list->items[0], 4, 5);
	at(list->items[1]->keys[0], 5, 6);
	at(node_get(list->items[1], "l"), 5, 15);
	assert_string_equal(node_get(root, "empty")->text, "");
	at(node_key(root, "empty"), 6, 1);
	assert_null(node_get(root, "none"));
	assert_null(node_key(root, "none"));
	assert_null(node_get(list, "one"));
	assert_null(node_get(NULL, "x"));
}

static void scalars_stay_text(void **state)
{
	struct node *root = good(*state,
	    "a: 010\nb: yes\nc: \"null\"\nd: null\ne: ~\nf: 'it''s'\n"
	    "g: |\n  two\n  lines\nh: \"\\u20ac\"\n");

	assert_string_equal(node_get(root, "a")->text, "010");
	assert_string_equal(node_get(root, "b")->text, "yes");
	assert_string_equal(node_get(root, "c")->text, "null");
	assert_string_equal(node_get(root, "d")->text, "");
	assert_string_equal(node_get(root, "e")->text, "");
	assert_string_equal(node_get(root, "f")->text, "it's");
	assert_string_equal(node_get(root, "g")->text, "two\nlines\n");
	assert_string_equal(node_get(root, "h")->text, "\xe2\x82\xac");
}

static void anchors_are_shared(void **state)
{
	struct node *root =
	    good(*state, "a: &x [1, 2]\nb: *x\nc: &x three\nd: *x\n");

	assert_ptr_equal(node_get(root, "a"), node_get(root, "b"));
	assert_string_equal(node_get(root, "d")->text, "three");
}

static void a_bare_pattern(void **state)
{
	bad(*state, "series: */cpu\n",
	    "f.yaml:1:9: a bare '*' or '&' starts a YAML alias: quote the "
	    "text (\"*/cpu\")\n");
	bad(*state, "series: [a, *]\n",
	    "f.yaml:1:13: a bare '*' or '&' starts a YAML alias: quote the "
	    "text (\"*/cpu\")\n");
	bad(*state, "a: 1\nseries: *cpu\n",
	    "f.yaml:2:9: '*cpu' is a YAML alias that nothing defines: if a "
	    "pattern is meant, quote it (\"*cpu\")\n");
}

static void tabs(void **state)
{
	const char *why = "this character can't start a value: indent with "
			  "spaces, not tabs, and quote texts that begin with "
			  "@ ` or %\n";

	bad(*state, "a:\n\tb: 1\n",
	    arena_printf(*state, "f.yaml:2:1: %s", why));
	bad(*state, "a: @x\n", arena_printf(*state, "f.yaml:1:4: %s", why));
	good(*state, "a: 1\t# comment after a tab\n");
}

static void keys_twice(void **state)
{
	bad(*state, "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na:\n  x: 1\n",
	    "f.yaml:5:3: 'c' is here twice (line 3 too)\n"
	    "f.yaml:6:1: 'a' is here twice (line 1 too)\n");
	/* The line of the key, not of the value or of an anchor. */
	bad(*state, "x: &x\n  y: 1\nk:\n  - 1\nz: *x\nk: 2\nz: 3\n",
	    "f.yaml:6:1: 'k' is here twice (line 3 too)\n"
	    "f.yaml:7:1: 'z' is here twice (line 5 too)\n");
	bad(*state, "[a]: 1\n", "f.yaml:1:1: a key must be a plain word\n");
}

static void keys_twice_among_thousands(void **state)
{
	struct node *root;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "k%d: %d\n", i, i);
	root = good(*state, buf_text(&b));
	for (int i = 0; i < 5000; i++) {
		const char *key = arena_printf(*state, "k%d", i);

		assert_string_equal(node_get(root, key)->text, key + 1);
	}
	assert_null(node_get(root, "k5000"));
	buf_str(&b, "k4321: again\n");
	bad(*state, buf_text(&b),
	    "f.yaml:5001:1: 'k4321' is here twice (line 4322 too)\n");
	buf_free(&b);
}

static void nothing_in_it(void **state)
{
	bad(*state, "", "f.yaml:1:1: the file is empty\n");
	bad(*state, "# only a comment\n", "f.yaml:1:1: the file is empty\n");
}

static void two_documents(void **state)
{
	bad(*state, "a: 1\n---\nb: 2\n",
	    "f.yaml:2:1: a second document: one file is one document\n");
	good(*state, "---\na: 1\n...\n");
}

static void not_text(void **state)
{
	bad_n(*state, "a: \0x\n", 6,
	    "f.yaml:1:4: not plain UTF-8 text: control characters are not "
	    "allowed\n");
	bad(*state, "a: \"\\0\"\n", "f.yaml:1:4: a NUL byte in a text\n");
	bad(*state, "a: 1\n\xc3\xa9: \xff\n",
	    "f.yaml:2:4: not plain UTF-8 text: invalid leading UTF-8 octet\n");
	bad_n(*state,
	    "\xff\xfe"
	    "a\0:\0",
	    6,
	    "f.yaml:1:1: not plain UTF-8 text: invalid leading UTF-8 octet\n");
	good(*state, "\xef\xbb\xbf"
		     "a: 1\n");
	good(*state, "a: 1\r\nb: 2\r\n");
}

static void not_yaml(void **state)
{
	bad(*state, "a: [1, 2\n",
	    "f.yaml:2:1: while parsing a flow sequence, did not find expected "
	    "',' or ']'\n");
	bad(*state, "a: 1\n  b: 2\n",
	    "f.yaml:2:4: mapping values are not allowed in this context\n");
	bad(*state, "a: 'open\n",
	    "f.yaml:2:1: while scanning a quoted scalar, found unexpected end "
	    "of stream\n");
}

static void nested_too_deeply(void **state)
{
	char text[20000];

	memset(text, '[', 10000);
	memset(text + 10000, ']', 10000);
	bad_n(*state, text, sizeof(text), "f.yaml:1:33: nested too deeply\n");
	memset(text, ' ', 2);
	bad_n(*state, text, sizeof(text), "f.yaml:1:35: nested too deeply\n");
	bad_n(*state, text + 9980, 40, "");
}

/* 10 levels of 9 aliases each are 3,486,784,401 nodes. */
static void a_bomb_of_aliases(void **state)
{
	struct buf b;

	buf_init(&b, 65536);
	buf_str(&b, "l0: &l0 x\n");
	for (int i = 1; i < 11; i++) {
		buf_printf(&b, "l%d: &l%d [*l%d", i, i, i - 1);
		for (int j = 1; j < 9; j++)
			buf_printf(&b, ", *l%d", i - 1);
		buf_str(&b, "]\n");
	}
	bad(*state, buf_text(&b),
	    "f.yaml:8:5: too large, with every alias written out\n");
	buf_free(&b);
}

static void a_tower_of_aliases(void **state)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_str(&b, "- &l0 x\n");
	for (int i = 1; i < 100; i++)
		buf_printf(&b, "- &l%d [*l%d]\n", i, i - 1);
	bad(*state, buf_text(&b),
	    "f.yaml:34:3: nested too deeply, with every alias written out\n");
	buf_free(&b);
}

static void an_alias_inside_itself(void **state)
{
	bad(*state, "a: &a [*a]\n",
	    "f.yaml:1:8: '*a' is a YAML alias that nothing defines: if a "
	    "pattern is meant, quote it (\"*a\")\n");
}

static void names_of_a_family(void **state)
{
	struct node *root = good(*state,
	    "\"{each}\": ['x-{each}-{each}', {\"k{each}\": '{other}'}]\n");
	struct node *copy = node_replace(*state, root, "each", "app1");
	const struct node *list = node_get(copy, "app1");

	assert_string_equal(list->items[0]->text, "x-app1-app1");
	assert_string_equal(node_get(list->items[1], "kapp1")->text, "{other}");
	at(list->items[0], 1, 12);
	assert_string_equal(root->keys[0]->text, "{each}");
}

static void faults_are_said_once_and_in_order(void **state)
{
	struct faults f = {.arena = *state};
	struct node late = {.file = "f.yaml", .line = 9, .col = 1};
	struct node early = {.file = "f.yaml", .line = 2, .col = 7};

	fault_at(&f, &late, "b%d", 1);
	fault_at(&f, &early, "x");
	fault_at(&f, &late, "a\nline");
	fault_at(&f, &late, "b1");
	fault_at(&f, &early, "x");
	assert_string_equal(said(*state, &f), "f.yaml:2:7: x\n"
					      "f.yaml:9:1: a line\n"
					      "f.yaml:9:1: b1\n");
	for (int i = 0; i < FAULTS_MAX; i++)
		fault_at(&f, &late, "n%d", i);
	assert_int_equal(f.n, FAULTS_MAX);
	assert_int_equal(f.left_out, 3);
	fault_at(&f, &early, "x");
	assert_int_equal(f.left_out, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(everything_has_its_place),
	    arena_test(scalars_stay_text),
	    arena_test(anchors_are_shared),
	    arena_test(a_bare_pattern),
	    arena_test(tabs),
	    arena_test(keys_twice),
	    arena_test(keys_twice_among_thousands),
	    arena_test(nothing_in_it),
	    arena_test(two_documents),
	    arena_test(not_text),
	    arena_test(not_yaml),
	    arena_test(nested_too_deeply),
	    arena_test(a_bomb_of_aliases),
	    arena_test(a_tower_of_aliases),
	    arena_test(an_alias_inside_itself),
	    arena_test(names_of_a_family),
	    arena_test(faults_are_said_once_and_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
