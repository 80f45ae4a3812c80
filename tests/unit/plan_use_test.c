/* Recipes: what a source takes from them, and what is said of theirs. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "run/plan.h"
#include "test.h"

#define HEAD	  "title: T\ntimezone: UTC\npages: {index: {panels: []}}\n"
#define CONF_SIZE 256

struct rig {
	struct arena *arena;
	char dir[64];
};

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void recipe(struct rig *r, const char *name, const char *text)
{
	write_file(
	    arena_printf(r->arena, "%s/assets/recipes/%s.yaml", r->dir, name),
	    text);
}

static int setup(void **state)
{
	static struct rig r;
	struct err e;

	r.arena = arena_new();
	strcpy(r.dir, "/tmp/broadsheet-use-XXXXXX");
	assert_non_null(mkdtemp(r.dir));
	assert_int_equal(
	    file_make_dirs(
		arena_printf(r.arena, "%s/assets/recipes", r.dir), &e),
	    0);
	*state = &r;
	recipe(&r, "sheet",
	    "parameters: {sheet: , range: A:Z, base: http://127.0.0.1}\n"
	    "http: '{+base}/{sheet}/{range}?all'\n"
	    "decode: csv\n"
	    "time: Date\n"
	    "units: {kg: kg, km: km}\n"
	    "every: 3h\n");
	return 0;
}

static int teardown(void **state)
{
	struct rig *r = *state;
	char command[CONF_SIZE];

	snprintf(command, sizeof(command), "rm -rf '%s'", r->dir);
	arena_free(r->arena);
	return system(command);
}

/* "" or the faults of a configuration with these sources, from line 5 on. */
static const char *load(struct rig *r, struct plan *plan, const char *sources)
{
	struct faults f = {.arena = r->arena};
	const char *path = arena_printf(r->arena, "%s/f.yaml", r->dir);
	const char *said = "";
	struct err e = {0};

	write_file(path, arena_printf(r->arena, HEAD "sources:\n%s", sources));
	if (plan_load(plan, path, r->dir, &f, &e) != 0)
		assert_true(f.n > 0);
	for (size_t i = 0; i < f.n; i++) {
		assert_string_equal(f.items[i].file, path);
		said = arena_printf(r->arena, "%s%d:%d: %s\n", said,
		    f.items[i].line, f.items[i].col, f.items[i].text);
	}
	return said;
}

/* The value of a key of the first source; its mapping in {}. */
static const char *value(
    struct rig *r, const struct plan *plan, const char *key)
{
	const struct node *n = node_get(plan->sources[0].node, key);
	const char *all = "";

	if (n == NULL || n->kind == NODE_SCALAR)
		return n != NULL ? n->text : NULL;
	for (size_t i = 0; i < n->n; i++)
		all = arena_printf(r->arena, "%s{%s=%s}", all, n->keys[i]->text,
		    n->items[i]->text);
	return all;
}

static void what_is_left_out_is_the_recipes(void **state)
{
	struct plan p;

	assert_string_equal(
	    load(*state, &p,
		"  gym: {use: sheet, sheet: a b/c, range: \"'Log'!A:E\"}\n"),
	    "");
	assert_string_equal(value(*state, &p, "http"),
	    "http://127.0.0.1/a%20b%2Fc/%27Log%27%21A%3AE?all");
	assert_int_equal(p.sources[0].every, 3 * 3600);
	assert_string_equal(
	    load(*state, &p,
		"  gym: {use: sheet, sheet: x, base: http://h/p, time: Day,\n"
		"    every: 1h, units: {kg: lb, min: min}}\n"),
	    "");
	assert_string_equal(
	    value(*state, &p, "http"), "http://h/p/x/A%3AZ?all");
	assert_string_equal(value(*state, &p, "time"), "Day");
	assert_string_equal(
	    value(*state, &p, "units"), "{kg=lb}{min=min}{km=km}");
	assert_int_equal(p.sources[0].every, 3600);
}

static void a_key_without_a_value_takes_away(void **state)
{
	struct plan p;

	assert_string_equal(
	    load(
		*state, &p, "  gym: {use: sheet, sheet: x, units: , time: }\n"),
	    "");
	assert_null(value(*state, &p, "units"));
	assert_null(value(*state, &p, "time"));
}

static void families_build_on_recipes(void **state)
{
	struct plan p;

	assert_string_equal(load(*state, &p,
				"  \"{each}\": {each: [a, b], use: sheet, "
				"sheet: \"{each}1\"}\n"),
	    "");
	assert_int_equal(p.n_sources, 2);
	assert_int_equal(p.n_recipes, 1);
	assert_string_equal(node_get(p.sources[1].node, "http")->text,
	    "http://127.0.0.1/b1/A%3AZ?all");
}

static void own_recipes_and_recipes_of_recipes(void **state)
{
	struct rig *r = *state;
	struct plan p;

	write_file(arena_printf(r->arena, "%s/mine.yaml", r->dir),
	    "use: sheet\nsheet: mine\nparameters: {unit: kg}\n"
	    "units: {reps: '{unit}'}\n");
	assert_string_equal(
	    load(r, &p, "  gym: {use: mine.yaml, unit: lb, range: B}\n"), "");
	assert_string_equal(
	    value(r, &p, "http"), "http://127.0.0.1/mine/B?all");
	assert_string_equal(value(r, &p, "units"), "{reps=lb}{kg=kg}{km=km}");
	recipe(r, "round", "use: round\n");
	assert_string_equal(load(r, &p, "  gym: {use: round}\n"),
	    "5:14: recipe round, line 1: use: more than 8 recipes on top of "
	    "each other\n");
}

static void faults_say_where_they_are(void **state)
{
	struct rig *r = *state;
	struct plan p;

	assert_string_equal(load(r, &p, "  gym: {use: sheet}\n"),
	    "5:8: 'sheet' is missing (recipe sheet)\n");
	assert_string_equal(
	    load(r, &p, "  gym: {use: sheet, shet: x, sheet: [1]}\n"),
	    "5:21: unknown key 'shet'; did you mean 'sheet'? (recipe sheet)\n"
	    "5:37: sheet: a plain value is wanted here (recipe sheet)\n");
	assert_string_equal(load(r, &p, "  gym: {use: shet}\n"),
	    "5:14: use: there is no recipe 'shet'; did you mean 'sheet'?\n");
	assert_string_equal(load(r, &p, "  gym: {use: no/such.yaml}\n"),
	    arena_printf(r->arena,
		"5:14: use: %s/no/such.yaml: No such file or directory\n",
		r->dir));
	assert_string_equal(load(r, &p, "  gym: {use: }\n"),
	    "5:14: use: the name of a recipe is wanted here\n");
	assert_string_equal(load(r, &p,
				"  gym: {use: sheet, sheet: x,"
				" file: x}\n"),
	    "5:8: both 'file' and 'http': a source has one transport"
	    " (recipe sheet)\n");
	recipe(r, "bad", "http: http://x\ndecode: csv\nevery: often\n");
	assert_string_equal(load(r, &p, "  gym: {use: bad}\n"),
	    "5:14: recipe bad, line 3: every: 'often' is not a length of time"
	    " such as 30s, 5m, 2h or 14d\n");
	recipe(r, "list", "- a\n");
	assert_string_equal(load(r, &p, "  gym: {use: list}\n"),
	    "5:14: recipe list, line 1: a mapping of keys is wanted here\n");
}

#define use_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    use_test(what_is_left_out_is_the_recipes),
	    use_test(a_key_without_a_value_takes_away),
	    use_test(families_build_on_recipes),
	    use_test(own_recipes_and_recipes_of_recipes),
	    use_test(faults_say_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
