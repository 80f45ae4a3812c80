/* Option tables: what is written is what is bound, or a fault says why. */
#include "conf/option.h"
#include "test.h"

struct conf {
	const char *text, *path, *needed;
	bool flag;
	int64_t whole;
	double number, duration;
	uint64_t size;
	int choice;
	struct strings list;
	struct pairs map;
	const struct node *node;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"needed", OPTION_TEXT, AT(needed), .required = true, .help = "it is"},
    {"text", OPTION_TEXT, AT(text), .deflt = "none", .help = "words"},
    {"path", OPTION_PATH, AT(path), .deflt = "here", .help = "a file"},
    {"flag", OPTION_BOOL, AT(flag), .help = "or not"},
    {"whole", OPTION_INT, AT(whole), .min = 1, .max = 10, .help = "few"},
    {"number", OPTION_NUMBER, AT(number), .deflt = "1.5", .help = "some"},
    {"duration", OPTION_DURATION, AT(duration), .min = 0.1, .max = 7200,
	.deflt = "10s", .help = "so long"},
    {"size", OPTION_SIZE, AT(size), .min = 1, .max = 1 << 30,
	.help = "so many"},
    {"choice", OPTION_CHOICE, AT(choice), .choices = "red|green|blue",
	.deflt = "green", .help = "a colour"},
    {"list", OPTION_LIST, AT(list), .deflt = "one", .help = "several"},
    {"map", OPTION_MAP, AT(map), .help = "pairs"},
    {"node", OPTION_NODE, AT(node), .help = "anything"},
    {0},
};

static const char *bind(struct arena *a, const char *yaml, struct conf *conf)
{
	struct faults f = {.arena = a};
	struct binding b = {options, conf};
	const char *said = "";
	struct node *map = node_parse(a, "/etc/f.yaml", yaml, strlen(yaml), &f);

	memset(conf, 0, sizeof(*conf));
	assert_non_null(map);
	option_bind(map, &b, 1, &f);
	fault_sort(&f);
	for (size_t i = 0; i < f.n; i++)
		said = arena_printf(a, "%s%d:%d: %s\n", said, f.items[i].line,
		    f.items[i].col, f.items[i].text);
	return said;
}

static void is_bad(struct arena *a, const char *line, const char *why)
{
	struct conf conf;

	assert_string_equal(
	    bind(a, arena_printf(a, "needed: x\n%s\n", line), &conf),
	    arena_printf(a, "2:%s\n", why));
}

static void defaults(void **state)
{
	struct conf c;

	assert_string_equal(bind(*state, "needed: x", &c), "");
	assert_string_equal(c.needed, "x");
	assert_string_equal(c.text, "none");
	assert_string_equal(c.path, "/etc/here");
	assert_false(c.flag);
	assert_int_equal(c.whole, 0);
	assert_true(c.number == 1.5 && c.duration == 10);
	assert_int_equal(c.choice, 1);
	assert_int_equal(c.list.n, 1);
	assert_string_equal(c.list.items[0], "one");
	assert_int_equal(c.map.n, 0);
	assert_null(c.node);
}

static void every_type(void **state)
{
	struct conf c;

	assert_string_equal(bind(*state,
				"needed: ''\ntext: a b\npath: /x\nflag: on\n"
				"whole: 10\nnumber: -2e3\nduration: 2h\n"
				"size: 64KB\nchoice: blue\nlist: [a, '', c]\n"
				"map: {z: 1, y: 2}\nnode: [1]\n",
				&c),
	    "");
	assert_string_equal(c.text, "a b");
	assert_string_equal(c.path, "/x");
	assert_true(c.flag);
	assert_int_equal(c.whole, 10);
	assert_true(c.number == -2000 && c.duration == 7200);
	assert_int_equal(c.size, 65536);
	assert_int_equal(c.choice, 2);
	assert_int_equal(c.list.n, 3);
	assert_string_equal(c.list.items[1], "");
	assert_int_equal(c.map.n, 2);
	assert_string_equal(c.map.items[0].key, "z");
	assert_string_equal(c.map.items[1].value, "2");
	assert_int_equal(c.node->kind, NODE_LIST);
}

static void words_for_yes_and_no(void **state)
{
	static const char *const yes[] = {"true", "yes", "on"};
	static const char *const no[] = {"false", "no", "off"};
	struct conf c;

	for (int i = 0; i < 3; i++) {
		bind(*state, arena_printf(*state, "flag: %s", yes[i]), &c);
		assert_true(c.flag);
		bind(*state, arena_printf(*state, "flag: %s", no[i]), &c);
		assert_false(c.flag);
	}
	is_bad(*state, "flag: maybe", "7: flag: 'maybe' is not yes or no");
	is_bad(*state, "flag:", "6: flag: '' is not yes or no");
}

static void a_list_of_one(void **state)
{
	struct conf c;

	assert_string_equal(bind(*state, "{needed: x, list: a b}", &c), "");
	assert_int_equal(c.list.n, 1);
	assert_string_equal(c.list.items[0], "a b");
	assert_string_equal(bind(*state, "{needed: x, list: []}", &c), "");
	assert_int_equal(c.list.n, 0);
}

static void values_that_do_not_fit(void **state)
{
	struct arena *a = *state;

	is_bad(a, "whole: 1.5", "8: whole: '1.5' is not a whole number");
	is_bad(a, "number: much", "9: number: 'much' is not a number");
	is_bad(a, "number: 0x10", "9: number: '0x10' is not a number");
	is_bad(a, "duration: soon",
	    "11: duration: 'soon' is not a length of time such as 30s, 5m, 2h "
	    "or 14d");
	is_bad(a, "size: big",
	    "7: size: 'big' is not a size such as 512, 64KB or 1MB");
	is_bad(a, "choice: pink",
	    "9: choice: 'pink' is not one of red|green|blue");
	is_bad(a, "choice: red|green",
	    "9: choice: 'red|green' is not one of red|green|blue");
	is_bad(a, "path: ''", "7: path: '' is not a path");
	is_bad(a, "text: [a]", "7: text: a plain value is wanted here");
	is_bad(a, "list: {a: b}", "7: list: a list is wanted here");
	is_bad(
	    a, "list: [[a]]", "8: list: a list of plain texts is wanted here");
	is_bad(a, "map: a", "6: map: a mapping (key: value) is wanted");
	is_bad(a, "map: {a: [b]}", "10: map: a plain value is wanted here");
}

static void values_out_of_range(void **state)
{
	struct arena *a = *state;

	is_bad(a, "whole: 0", "8: whole: 0 is out of range (1 to 10)");
	is_bad(a, "whole: 11", "8: whole: 11 is out of range (1 to 10)");
	is_bad(a, "duration: 10ms",
	    "11: duration: 10ms is out of range (0.1s to 2h)");
	is_bad(
	    a, "duration: 3h", "11: duration: 3h is out of range (0.1s to 2h)");
	is_bad(a, "size: 0", "7: size: 0 is out of range (1 to 1GB)");
	is_bad(a, "size: 2GB", "7: size: 2GB is out of range (1 to 1GB)");
}

static void keys_that_nothing_knows(void **state)
{
	is_bad(*state, "duratoin: 1s",
	    "1: unknown key 'duratoin'; did you mean 'duration'?");
	is_bad(*state, "frobnicate: 1", "1: unknown key 'frobnicate'");
	is_bad(*state, "'': 1", "1: unknown key ''");
}

static void keys_that_are_missing(void **state)
{
	struct conf c;

	assert_string_equal(
	    bind(*state, "# c\n\ntext: a\n", &c), "3:1: 'needed' is missing\n");
	assert_string_equal(
	    bind(*state, "{}", &c), "1:1: 'needed' is missing\n");
}

static void a_fault_leaves_the_default(void **state)
{
	struct conf c;

	bind(*state, "duration: never", &c);
	assert_true(c.duration == 10);
}

static void a_key_belongs_to_the_first_table(void **state)
{
	static const struct option other[] = {
	    {"text", OPTION_INT, 0, .help = "hidden"},
	    {"extra", OPTION_INT, 0, .help = "its own"},
	    {0},
	};
	static const char yaml[] = "{needed: x, text: t, extra: 5}";
	int64_t extra = 0;
	struct conf c = {0};
	struct binding b[] = {{options, &c}, {other, &extra}, {NULL, NULL}};
	struct faults f = {.arena = *state};

	option_bind(
	    node_parse(*state, "f", yaml, sizeof(yaml) - 1, &f), b, 3, &f);
	assert_int_equal(f.n, 0);
	assert_string_equal(c.text, "t");
	assert_int_equal(extra, 5);
}

static void the_manual(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	option_manual(options, &b);
	assert_non_null(
	    strstr(b.data, ".It Cm needed : Ar text\nIt is (required).\n"));
	assert_non_null(strstr(b.data,
	    ".It Cm duration : Ar length of time\nSo long (default 10s); from "
	    "0.1s to 2h.\n"));
	assert_non_null(strstr(b.data,
	    ".It Cm choice : Ar red|green|blue\nA colour (default green).\n"));
	assert_non_null(strstr(b.data, "So many; from 1 to 1GB.\n"));
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(defaults),
	    arena_test(every_type),
	    arena_test(words_for_yes_and_no),
	    arena_test(a_list_of_one),
	    arena_test(values_that_do_not_fit),
	    arena_test(values_out_of_range),
	    arena_test(keys_that_nothing_knows),
	    arena_test(keys_that_are_missing),
	    arena_test(a_fault_leaves_the_default),
	    arena_test(a_key_belongs_to_the_first_table),
	    cmocka_unit_test(the_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
