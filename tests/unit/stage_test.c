/* Stages: together, in order, whole at any instant. */
#include "base/file.h"
#include "run/stage.h"
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

struct place {
	struct arena *a;
	const char *dir;
	struct stage *s;
	struct err e;
};

static int setup(void **state)
{
	struct arena *a = arena_new();
	struct place *p = arena_make(a, struct place);

	p->a = a;
	p->dir = make_dir(a);
	*state = p;
	return stage_open(&p->s, p->dir, &p->e);
}

static int teardown(void **state)
{
	struct place *p = *state;

	stage_close(p->s);
	remove_dir(p->a, p->dir);
	arena_free(p->a);
	return 0;
}

static const char *in(struct place *p, const char *name)
{
	return arena_printf(p->a, "%s/%s", p->dir, name);
}

static void put(struct place *p, const char *name, const char *text)
{
	assert_int_equal(stage_put(p->s, name, text, strlen(text), &p->e), 0);
}

static void again(struct place *p)
{
	stage_close(p->s);
	assert_int_equal(stage_open(&p->s, p->dir, &p->e), 0);
}

static void commit(struct place *p)
{
	assert_int_equal(stage_commit(p->s, &p->e), 0);
	again(p);
}

static void holds(struct place *p, const char *name, const char *text)
{
	assert_true(file_same(in(p, name), text, strlen(text)));
	assert_false(file_exists(arena_printf(p->a, "%s.new", in(p, name))));
}

static void nothing_is_there_before_the_commit(void **state)
{
	struct place *p = *state;

	put(p, "charts/a.svg", "A");
	put(p, "index.html", "I");
	assert_false(file_exists(in(p, "charts/a.svg")));
	assert_true(file_exists(in(p, "charts/a.svg.new")));
	commit(p);
	holds(p, "charts/a.svg", "A");
	holds(p, "index.html", "I");
}

static void what_is_not_committed_is_gone(void **state)
{
	struct place *p = *state;

	put(p, "index.html", "old");
	commit(p);
	put(p, "index.html", "new");
	put(p, "other.html", "new");
	again(p);
	holds(p, "index.html", "old");
	assert_false(file_exists(in(p, "other.html")));
	assert_false(file_exists(in(p, "other.html.new")));
}

/* The last rename can't work: what was put before is there already. */
static void renamed_in_the_order_of_putting(void **state)
{
	struct place *p = *state;

	assert_int_equal(mkdir(in(p, "c"), 0755), 0);
	put(p, "a", "1");
	put(p, "b", "2");
	put(p, "c", "3");
	put(p, "d", "4");
	assert_int_equal(stage_commit(p->s, &p->e), -1);
	assert_string_equal(
	    p->e.text, arena_printf(p->a, "%s/c: Is a directory", p->dir));
	again(p);
	holds(p, "a", "1");
	holds(p, "b", "2");
	assert_false(file_exists(in(p, "d")));
	assert_false(file_exists(in(p, "d.new")));
}

static void what_is_the_same_is_not_written(void **state)
{
	const struct timespec long_ago[2] = {{1000, 0}, {1000, 0}};
	struct place *p = *state;
	struct stat before, after;

	put(p, "data/x", "same");
	commit(p);
	assert_int_equal(utimensat(AT_FDCWD, in(p, "data/x"), long_ago, 0), 0);
	assert_int_equal(stat(in(p, "data/x"), &before), 0);
	put(p, "data/x", "same");
	assert_false(file_exists(in(p, "data/x.new")));
	commit(p);
	assert_int_equal(stat(in(p, "data/x"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_true(after.st_mtime > 1000); /* used now */
}

static void a_path_put_twice(void **state)
{
	struct place *p = *state;

	put(p, "a", "one");
	put(p, "b", "between");
	put(p, "a", "two");
	commit(p);
	holds(p, "a", "two");
	holds(p, "b", "between");
	put(p, "a", "two");
	put(p, "a", "three");
	commit(p);
	holds(p, "a", "three");
}

/* More files than a process may have open. */
static void thousands_of_files(void **state)
{
	struct place *p = *state;

	for (int i = 0; i < 3000; i++)
		put(p, arena_printf(p->a, "data/%d", i), "x");
	commit(p);
	holds(p, "data/0", "x");
	holds(p, "data/2999", "x");
}

/* A page that cannot take its place: what it refers to is there before it. */
static void folders_come_before_pages(void **state)
{
	struct place *p = *state;

	assert_int_equal(mkdir(in(p, "page"), 0755), 0);
	put(p, "page", "1");
	put(p, "charts/later", "2");
	assert_int_equal(stage_commit(p->s, &p->e), -1);
	again(p);
	holds(p, "charts/later", "2");
}

static void sweeping(void **state)
{
	const struct timespec long_ago[2] = {{1000, 0}, {1000, 0}};
	struct place *p = *state;

	put(p, "charts/old", "x");
	put(p, "charts/put", "x");
	put(p, "charts/young", "x");
	commit(p);
	assert_int_equal(mkdir(in(p, "charts/dir"), 0755), 0);
	put(p, "charts/put", "x");
	assert_int_equal(
	    utimensat(AT_FDCWD, in(p, "charts/old"), long_ago, 0), 0);
	assert_int_equal(
	    utimensat(AT_FDCWD, in(p, "charts/put"), long_ago, 0), 0);
	assert_int_equal(
	    utimensat(AT_FDCWD, in(p, "charts/dir"), long_ago, 0), 0);
	put(p, "charts/killed", "half");
	assert_int_equal(
	    rename(in(p, "charts/killed.new"), in(p, "charts/other.new")), 0);
	put(p, "charts/killed", "whole");
	assert_int_equal(stage_commit(p->s, &p->e), 0);
	assert_int_equal(stage_sweep(p->s, "charts", 2000, NULL, &p->e), 0);
	assert_int_equal(stage_sweep(p->s, "none", 2000, NULL, &p->e), 0);
	assert_false(file_exists(in(p, "charts/old")));
	assert_false(file_exists(in(p, "charts/other.new")));
	assert_true(file_exists(in(p, "charts/put")));
	assert_true(file_exists(in(p, "charts/young")));
	assert_true(file_exists(in(p, "charts/dir")));
}

/* As a user who is not root, in a process of its own. */
static void a_directory_that_is_not_writable(void **state)
{
	struct place *p = *state;
	struct stage *s;
	int status;
	pid_t pid;

	assert_int_equal(chmod(p->dir, 0555), 0);
	stage_close(p->s);
	p->s = NULL;
	pid = fork();
	if (pid == 0) {
		const char *why = arena_printf(
		    p->a, "%s/index.html.new: Permission denied", p->dir);

		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(1);
		if (stage_open(&s, p->dir, &p->e) != 0)
			_exit(2);
		_exit(stage_put(s, "index.html", "x", 1, &p->e) != -1 ||
		      strcmp(p->e.text, why) != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(chmod(p->dir, 0755), 0);
}

static void a_directory_that_is_a_file(void **state)
{
	struct place *p = *state;
	struct stage *s;

	put(p, "file", "x");
	commit(p);
	assert_int_equal(stage_open(&s, in(p, "file"), &p->e), -1);
	assert_string_equal(
	    p->e.text, arena_printf(p->a, "%s/file: Not a directory", p->dir));
	assert_null(s);
}

/* Another process has a stage: this one begins when that has ended. */
static void one_stage_at_a_time(void **state)
{
	struct place *p = *state;
	const struct timespec pause = {0, 50000000};
	struct stage *s;
	int status;
	pid_t pid;

	stage_close(p->s);
	p->s = NULL;
	assert_int_equal(stage_open(&s, p->dir, &p->e), 0);
	pid = fork();
	if (pid == 0) {
		struct stage *other;

		/* The lock came with fork(): only the parent's counts. */
		close_range(3, ~0u, 0);
		if (stage_open(&other, p->dir, &p->e) != 0)
			_exit(1);
		_exit(!file_exists(in(p, "first")));
	}
	nanosleep(&pause, NULL);
	assert_int_equal(stage_put(s, "first", "x", 1, &p->e), 0);
	assert_int_equal(stage_commit(s, &p->e), 0);
	stage_close(s);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define VERSIONS 60
#define PARTS	 4

/* Publishes version after version, until it is killed. */
static _Noreturn void publish_for_ever(struct place *p)
{
	static char text[100000];
	struct stage *s;

	for (unsigned v = 1;; v++) {
		memset(text, 'a' + (int)(v % 26), sizeof(text));
		if (stage_open(&s, p->dir, &p->e) != 0)
			_exit(1);
		for (int i = 0; i < PARTS; i++)
			if (stage_put(s, arena_printf(p->a, "f%d", i), text,
				sizeof(text), &p->e) != 0)
				_exit(1);
		if (stage_commit(s, &p->e) != 0)
			_exit(1);
		stage_close(s);
	}
}

static void is_whole(struct place *p, int part)
{
	struct span text;

	assert_int_equal(file_read(p->a, in(p, arena_printf(p->a, "f%d", part)),
			     200000, &text, &p->e),
	    0);
	assert_int_equal(text.n, 100000);
	for (size_t i = 0; i < text.n; i++)
		assert_int_equal(text.p[i], text.p[0]);
}

static void killed_at_any_instant(void **state)
{
	struct place *p = *state;
	int status;

	stage_close(p->s);
	p->s = NULL;
	srand(1);
	for (int n = 0; n < VERSIONS; n++) {
		struct timespec pause = {0, rand() % 8000000};
		pid_t pid = fork();

		if (pid == 0)
			publish_for_ever(p);
		/* The first publishes once at least. */
		while (n == 0 && !file_exists(in(p, "f3")))
			nanosleep(&pause, NULL);
		nanosleep(&pause, NULL);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		for (int i = 0; i < PARTS; i++)
			is_whole(p, i);
	}
	/* What a kill left over is overwritten. */
	assert_int_equal(stage_open(&p->s, p->dir, &p->e), 0);
	for (int i = 0; i < PARTS; i++)
		put(p, arena_printf(p->a, "f%d", i), "end");
	commit(p);
	for (int i = 0; i < PARTS; i++)
		holds(p, arena_printf(p->a, "f%d", i), "end");
}

static void what_is_kept_is_used_now(void **state)
{
	struct place *p = *state;
	struct stat st;

	put(p, "data/a.csv", "A");
	put(p, "data/b.csv", "B");
	commit(p);
	stage_date(p->s, 1000);
	assert_true(stage_keep(p->s, "data/a.csv"));
	assert_false(stage_keep(p->s, "data/none.csv"));
	assert_int_equal(stat(in(p, "data/a.csv"), &st), 0);
	assert_int_equal(st.st_mtime, 1000);
	commit(p);
	assert_true(stage_keep(p->s, "data/a.csv"));
	assert_int_equal(stage_sweep(p->s, "data", INT64_MAX, NULL, &p->e), 0);
	holds(p, "data/a.csv", "A");
	assert_false(file_exists(in(p, "data/b.csv")));
	assert_false(file_exists(in(p, "data/none.csv")));
}

static void very_many_appear_as_well(void **state)
{
	struct place *p = *state;

	for (int i = 0; i < 600; i++)
		put(p, arena_printf(p->a, "data/%d.csv", i), "A");
	commit(p);
	for (int i = 0; i < 600; i++)
		holds(p, arena_printf(p->a, "data/%d.csv", i), "A");
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    test(nothing_is_there_before_the_commit),
	    test(what_is_kept_is_used_now),
	    test(very_many_appear_as_well),
	    test(what_is_not_committed_is_gone),
	    test(renamed_in_the_order_of_putting),
	    test(what_is_the_same_is_not_written),
	    test(a_path_put_twice),
	    test(thousands_of_files),
	    test(folders_come_before_pages),
	    test(sweeping),
	    test(a_directory_that_is_not_writable),
	    test(a_directory_that_is_a_file),
	    test(one_stage_at_a_time),
	    test(killed_at_any_instant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
