/* Files: whole, bounded, replaced at once; secrets that are secret. */
#include "base/file.h"
#include "test.h"

#include <sys/stat.h>

struct place {
	struct arena *a;
	const char *dir;
	struct err e;
};

static int setup(void **state)
{
	struct arena *a = arena_new();
	struct place *p = arena_make(a, struct place);

	p->a = a;
	p->dir = make_dir(a);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	remove_dir(p->a, p->dir);
	arena_free(p->a);
	return 0;
}

static const char *in(struct place *p, const char *name)
{
	return arena_printf(p->a, "%s/%s", p->dir, name);
}

static const char *make(struct place *p, const char *name, const char *text)
{
	const char *path = in(p, name);

	assert_int_equal(file_replace(path, text, strlen(text), &p->e), 0);
	return path;
}

static void read_whole_and_bounded(void **state)
{
	struct place *p = *state;
	const char *path = make(p, "f", "12345");
	struct span text;

	assert_int_equal(file_read(p->a, path, 5, &text, &p->e), 0);
	assert_true(span_eq(text, "12345"));
	assert_int_equal(text.p[5], '\0');
	assert_int_equal(file_read(p->a, path, 4, &text, &p->e), -1);
	assert_string_equal(
	    p->e.text, arena_printf(p->a, "%s: larger than 4 bytes", path));
	assert_int_equal(file_read(p->a, p->dir, 4, &text, &p->e), -1);
	assert_string_equal(
	    p->e.text, arena_printf(p->a, "%s: Is a directory", p->dir));
	assert_int_equal(file_read(p->a, in(p, "no"), 4, &text, &p->e), -1);
	assert_string_equal(p->e.text,
	    arena_printf(p->a, "%s/no: No such file or directory", p->dir));
}

static void replaced_with_nothing_left_over(void **state)
{
	struct place *p = *state;
	const char *path = make(p, "f", "old");

	make(p, "f.new", "left by a kill, and longer");
	make(p, "f", "new");
	assert_true(file_same(path, "new", 3));
	assert_false(file_exists(in(p, "f.new")));
	assert_int_equal(file_sync_dir(p->dir, &p->e), 0);
	assert_int_equal(file_replace(in(p, "x/f"), "", 0, &p->e), -1);
	assert_string_equal(
	    p->e.text, arena_printf(p->a,
			   "%s/x/f.new: No such file or directory", p->dir));
}

static void same_means_every_byte(void **state)
{
	struct place *p = *state;
	const char *path = make(p, "f", "abc");

	assert_true(file_same(path, "abc", 3));
	assert_false(file_same(path, "abd", 3));
	assert_false(file_same(path, "ab", 2));
	assert_false(file_same(path, "abcd", 4));
	assert_false(file_same(in(p, "no"), "", 0));
	assert_true(file_same(make(p, "empty", ""), "", 0));
}

static void a_secret_is_the_first_line(void **state)
{
	struct place *p = *state;
	const char *path = make(p, "s", "hunter2\r\nmore\n"), *secret;

	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(file_read_secret(p->a, path, &secret, &p->e), 0);
	assert_string_equal(secret, "hunter2");
	make(p, "s", "\nsecond");
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(file_read_secret(p->a, path, &secret, &p->e), -1);
	assert_string_equal(
	    p->e.text, arena_printf(p->a, "%s: the secret is empty", path));
}

static void a_secret_that_others_can_read_is_refused(void **state)
{
	static const unsigned modes[] = {0640, 0604, 0660, 0644, 0620};
	struct place *p = *state;
	const char *path = make(p, "s", "x"), *secret;
	struct span text;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		assert_int_equal(
		    file_read_secret(p->a, path, &secret, &p->e), -1);
		assert_string_equal(p->e.text,
		    arena_printf(p->a,
			"%s: others can read this secret (mode %04o)", path,
			modes[i]));
		assert_string_equal(
		    p->e.hint, arena_printf(p->a, "chmod 600 %s", path));
		assert_int_equal(
		    file_read_private(p->a, path, 10, &text, &p->e), -1);
	}
}

static void a_secret_is_a_regular_file(void **state)
{
	struct place *p = *state;
	const char *path = in(p, "fifo"), *secret;

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(file_read_secret(p->a, path, &secret, &p->e), -1);
	assert_string_equal(
	    p->e.text, arena_printf(p->a, "%s: not a regular file", path));
}

static void directories(void **state)
{
	struct place *p = *state;

	assert_int_equal(file_make_dirs(in(p, "a//b/c/"), &p->e), 0);
	assert_int_equal(file_make_dirs(in(p, "a/b/c"), &p->e), 0);
	make(p, "a/b/c/f", "");
	assert_int_equal(file_make_dirs(in(p, "a/b/c/f"), &p->e), -1);
	assert_string_equal(p->e.text,
	    arena_printf(p->a, "%s/a/b/c/f: Not a directory", p->dir));
	assert_int_equal(file_make_dirs(in(p, "a/b/c/f/g"), &p->e), -1);
	assert_string_equal(p->e.text,
	    arena_printf(p->a, "%s/a/b/c/f/g: Not a directory", p->dir));
	assert_int_equal(file_make_dirs("", &p->e), -1);
	assert_string_equal(p->e.text, ": bad directory name");
}

static void paths(void **state)
{
	struct arena *a = ((struct place *)*state)->a;

	assert_string_equal(file_resolve(a, "/etc/x", "f"), "/etc/x/f");
	assert_string_equal(file_resolve(a, "conf", "../f"), "conf/../f");
	assert_string_equal(file_resolve(a, ".", "f"), "f");
	assert_string_equal(file_resolve(a, "/etc", "/f"), "/f");
	assert_int_equal(file_resolve(a, "/etc", "~/f")[0], '/');
	assert_null(strchr(file_resolve(a, "/etc", "~/f"), '~'));
	assert_string_equal(file_resolve(a, "/etc", "~user"), "/etc/~user");
	assert_string_equal(file_dir(a, "/etc/x/f"), "/etc/x");
	assert_string_equal(file_dir(a, "/f"), "/");
	assert_string_equal(file_dir(a, "f"), ".");
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    test(read_whole_and_bounded),
	    test(replaced_with_nothing_left_over),
	    test(same_means_every_byte),
	    test(a_secret_is_the_first_line),
	    test(a_secret_that_others_can_read_is_refused),
	    test(a_secret_is_a_regular_file),
	    test(directories),
	    test(paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
