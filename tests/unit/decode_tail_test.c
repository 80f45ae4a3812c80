/*
 * Following a file with the real command in real shells: no line lost, none
 * doubled.
 */
#include "decode_with.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/proc.h"
#include "model/outcome.h"

struct shell {
	const char *name;
	const char *argv[4];
};

static const struct shell shells[] = {
    {"dash", {"dash", "-c"}},
    {"bash", {"bash", "--posix", "-c"}},
    {"busybox", {"sh", "-c"}},
};

static const struct shell *shell;
static char dir[64], path[96], bin[96];

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/broadsheet-tail-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/it's a.log", dir);
	snprintf(bin, sizeof(bin), "%s/bin", dir);
	assert_int_equal(mkdir(bin, 0755), 0);
	return 0;
}

static void run(const char *const *argv, struct buf *out)
{
	struct proc_result result;
	struct buf diag;
	struct err e;

	buf_init(&diag, 4096);
	buf_reset(out);
	assert_int_equal(proc_run(argv, 20, out, &diag, &result, &e), 0);
	assert_int_equal(result.status, 0);
	assert_string_equal(buf_text(&diag), "");
	buf_free(&diag);
}

static int tear_down(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	run((const char *const[]){"rm", "-rf", dir, NULL}, &out);
	buf_free(&out);
	return 0;
}

/* busybox has only itself in PATH, as sh and all else. */
static void fetch(const char *command, struct buf *out)
{
	const char *argv[8] = {"env"};
	size_t n = 1;
	char var[256];

	snprintf(var, sizeof(var), "PATH=%s/shim:/usr/bin:/bin", dir);
	argv[n++] = var;
	if (str_eq(shell->name, "busybox")) {
		run((const char *const[]){"busybox", "--install", "-s", bin,
			NULL},
		    out);
		snprintf(var, sizeof(var), "PATH=%s/shim:%s", dir, bin);
	}
	for (size_t i = 0; i < 4 && shell->argv[i] != NULL; i++)
		argv[n++] = shell->argv[i];
	argv[n++] = command;
	argv[n] = NULL;
	run(argv, out);
}

static const char *yaml(struct arena *a, const char *more)
{
	return arena_printf(a, "tail: \"%s\"\n%s", path, more);
}

/* What one run brings: the lines as "a|b|c". */
static const char *news(struct with *w)
{
	struct buf out;
	int rc;

	buf_init(&out, 16 << 20);
	fetch(w->decoder->command(w->conf, w->in.state, w->arena), &out);
	rc = with_bytes(w, buf_text(&out), out.len);
	buf_free(&out);
	if (rc != 0)
		return w->e.text;
	return with_lines(w);
}

static void put(const char *file, const char *mode, const char *text)
{
	FILE *f = fopen(file, mode);

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static const char *beside(const char *suffix)
{
	static char name[160];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return name;
}

static struct with start(const char *more)
{
	struct arena *a = arena_new();
	struct with w = with("lines", yaml(a, more));

	assert_null(w.fault);
	arena_free(a);
	return w;
}

static void starts_at_the_end(void)
{
	struct with w = start("");

	put(path, "w", "old 1\nold 2\n");
	assert_string_equal(news(&w), "");
	put(path, "a", "new 1\nnew 2\n");
	assert_string_equal(news(&w), "new 1|new 2");
	assert_string_equal(news(&w), "");
	put(path, "a", "new 3\n");
	assert_string_equal(news(&w), "new 3");
	with_end(&w);
}

static void starts_within_a_line(void)
{
	struct with w = start("");

	put(path, "w", "begun bef");
	assert_string_equal(news(&w), "");
	put(path, "a", "ore\nnew\n");
	assert_string_equal(news(&w), "new");
	with_end(&w);
}

static void waits_for_whole_lines(void)
{
	struct with w = start("");

	put(path, "w", "");
	assert_string_equal(news(&w), "");
	put(path, "a", "one\ntw");
	assert_string_equal(news(&w), "one");
	assert_string_equal(news(&w), "");
	put(path, "a", "o\r\n\nfour\n");
	assert_string_equal(news(&w), "two||four");
	with_end(&w);
}

static void rotation(void)
{
	struct with w = start("");

	put(path, "w", "0\n");
	assert_string_equal(news(&w), "");
	put(path, "a", "1\n2\n");
	assert_string_equal(news(&w), "1|2");
	put(path, "a", "3\n4 without an end");
	assert_int_equal(rename(path, beside(".1")), 0);
	assert_string_equal(news(&w), "");
	assert_string_equal(news(&w), "");
	put(path, "w", "5\n6");
	assert_string_equal(news(&w), "3|5");
	put(path, "a", "\n7\n");
	assert_string_equal(news(&w), "4 without an end|6|7");
	assert_string_equal(news(&w), "");
	/* A program goes on with the old file until it is told. */
	put(path, "a", "7.1\n7.");
	assert_int_equal(rename(path, beside(".2")), 0);
	put(path, "w", "");
	assert_string_equal(news(&w), "7.1");
	put(beside(".2"), "a", "2\n7.3\n");
	put(path, "a", "7.4\n");
	assert_string_equal(news(&w), "7.2|7.3|7.4");
	put(beside(".2"), "a", "too late\n");
	assert_string_equal(news(&w), "");
	/* Again, to a name that puts the date inside. */
	put(path, "a", "8\n");
	char name[128];
	snprintf(name, sizeof(name), "%s/a-2026-11-22.log", dir);
	assert_int_equal(rename(path, name), 0);
	put(path, "w", "9\n");
	assert_string_equal(news(&w), "8|9");
	/* And to a place where it can't be found. */
	snprintf(name, sizeof(name), "%s/bin/a.log", dir);
	assert_int_equal(rename(path, name), 0);
	put(path, "w", "10\n");
	assert_string_equal(news(&w), "10");
	with_end(&w);
}

static void truncation(void)
{
	struct with w = start("");

	put(path, "w", "0\n");
	assert_string_equal(news(&w), "");
	put(path, "a", "1\n2\n3\n");
	assert_string_equal(news(&w), "1|2|3");
	assert_int_equal(truncate(path, 0), 0);
	assert_string_equal(news(&w), "");
	put(path, "a", "4\n");
	assert_string_equal(news(&w), "4");
	/* Grown beyond the old place before we look again. */
	assert_int_equal(truncate(path, 0), 0);
	put(path, "a", "5\n6\n7\n8\n9\n10\n");
	assert_string_equal(news(&w), "5|6|7|8|9|10");
	put(path, "a", "11\n");
	assert_string_equal(news(&w), "11");
	with_end(&w);
}

/* logrotate's copytruncate: what was not yet read is in the copy. */
static void copy_and_truncation(void)
{
	struct with w = start("");
	char name[128];

	put(path, "w", "0\n");
	put(beside(".9"), "w", "0\nof another time\n");
	assert_string_equal(news(&w), "");
	put(path, "a", "1\n2\n");
	assert_string_equal(news(&w), "1|2");
	put(path, "a", "3\n");
	put(beside(".1"), "w", "0\n1\n2\n3\n4\n");
	assert_int_equal(truncate(path, 0), 0);
	assert_string_equal(news(&w), "3|4");
	assert_string_equal(news(&w), "");
	put(path, "a", "5\n6\n7\n");
	assert_string_equal(news(&w), "5|6|7");
	/* To a name with a date, and the log grows beyond the old place. */
	snprintf(name, sizeof(name), "%s/it's a-2026.log", dir);
	put(name, "w", "5\n6\n7\n8\n");
	assert_int_equal(truncate(path, 0), 0);
	put(path, "a", "9\n10\n11\n12\n");
	assert_string_equal(news(&w), "8|9|10|11|12");
	/* Copied and removed. */
	put(beside(".2"), "w", "9\n10\n11\n12\n13\n");
	assert_int_equal(unlink(path), 0);
	put(path, "w", "14\n");
	assert_string_equal(news(&w), "13|14");
	/* A copy that is shorter than what was read is none. */
	put(beside(".3"), "w", "14\n");
	put(path, "a", "15\n16\n");
	assert_string_equal(news(&w), "15|16");
	assert_int_equal(truncate(path, 0), 0);
	assert_string_equal(news(&w), "");
	with_end(&w);
}

static void removal(void)
{
	struct with w = start("");

	put(path, "w", "0\n");
	assert_string_equal(news(&w), "");
	put(path, "a", "1\n");
	assert_string_equal(news(&w), "1");
	assert_int_equal(unlink(path), 0);
	assert_string_equal(news(&w), "");
	/* The file system may well give it the same inode. */
	put(path, "w", "2\n3\n4\n");
	assert_string_equal(news(&w), "2|3|4");
	with_end(&w);
}

static void long_files(void)
{
	struct with w = start("max_bytes: 4096\nmax_lines: 5\n");
	char line[64];

	put(path, "w", "");
	assert_string_equal(news(&w), "");
	for (int i = 0; i < 4000; i++) {
		snprintf(line, sizeof(line), "line %04d\n", i);
		put(path, "a", line);
	}
	assert_string_equal(
	    news(&w), "line 3995|line 3996|line 3997|line 3998|line 3999");
	/* All are counted, those as well that did not travel. */
	assert_int_equal(w.out.lines_left_out, 4000 - 5);
	assert_string_equal(w.out.samples[0].metric, "lines");
	assert_true(w.out.samples[0].value == 4000);
	put(path, "a", "on we go\n");
	assert_string_equal(news(&w), "on we go");
	assert_true(w.out.samples[0].value == 1);
	assert_int_equal(w.out.lines_left_out, 0);
	with_end(&w);
}

/* A burst of 100,000 lines, most of them in the file that was rotated. */
static void burst(void)
{
	struct with w = start("max_lines: 100\nmax_bytes: 64KB\n");
	char *text = arena_alloc(w.arena, 80000 * 12 + 1), line[64];

	put(path, "w", "");
	assert_string_equal(news(&w), "");
	for (int i = 0; i < 80000; i++) {
		snprintf(line, sizeof(line), "a line %04d\n", i % 10000);
		memcpy(text + i * 12, line, 13);
	}
	put(path, "a", text);
	assert_int_equal(rename(path, beside(".1")), 0);
	text[20000 * 12] = '\0';
	put(path, "w", text);
	news(&w);
	assert_int_equal(w.out.n_lines, 100);
	assert_string_equal(w.out.lines[99].text, "a line 9999");
	assert_true(w.out.samples[0].value == 100000);
	assert_int_equal(w.out.lines_left_out, 100000 - 100);
	with_end(&w);
}

static void says_what_was_too_much(void)
{
	struct with w = start("max_bytes: 4096\n");
	char want[256];

	put(path, "w", "");
	assert_string_equal(news(&w), "");
	for (int i = 0; i < 500; i++)
		put(path, "a", "0123456789\n");
	put(path, "a", "last\n");
	news(&w);
	snprintf(want, sizeof(want),
	    "(1419 bytes of %s left out: more than max_bytes)", path);
	assert_string_equal(w.out.lines[0].text, want);
	assert_string_equal(w.out.lines[1].text, "0123456789");
	assert_string_equal(w.out.lines[w.out.n_lines - 1].text, "last");
	assert_int_equal(w.out.n_lines, 1 + 371 + 1);
	with_end(&w);
}

static void endless_line(void)
{
	struct with w = start("max_bytes: 4096\n");
	char x[5001];

	memset(x, 'x', 5000);
	x[5000] = '\0';
	put(path, "w", "");
	assert_string_equal(news(&w), "");
	put(path, "a", x);
	news(&w);
	assert_int_equal(w.out.n_lines, 2);
	assert_int_equal(strlen(w.out.lines[1].text), 4096);
	put(path, "a", "still the same line\nthe next\n");
	assert_string_equal(news(&w), "the next");
	with_end(&w);
}

static void absent(void)
{
	struct with w = start("");
	char want[160];

	snprintf(want, sizeof(want), "tail %s: No such file", path);
	assert_string_equal(news(&w), want);
	assert_int_equal(w.e.code, OUTCOME_FAILED);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(want, sizeof(want), "tail %s: not a regular file", path);
	assert_string_equal(news(&w), want);
	assert_int_equal(rmdir(path), 0);
	with_end(&w);
}

static void bytes_of_any_kind(void)
{
	struct with w = start("");
	static const char text[] = "a\0b\n\033[31mred\033[0m\n\xff\n"
				   "<script>\n=== after 1 2\n";
	FILE *f;

	put(path, "w", "");
	assert_string_equal(news(&w), "");
	f = fopen(path, "a");
	assert_non_null(f);
	assert_int_equal(
	    fwrite(text, 1, sizeof(text) - 1, f), sizeof(text) - 1);
	assert_int_equal(fclose(f), 0);
	assert_string_equal(news(&w),
	    "a\xef\xbf\xbd"
	    "b|red|\xef\xbf\xbd|<script>|=== after 1 2");
	with_end(&w);
}

/* Has the shell do this just before the command sums up or sends bytes. */
enum { SENDS = 2, SUMS_UP = 3 };

static void meanwhile(int when, const char *script)
{
	char name[128], text[512];

	snprintf(name, sizeof(name), "%s/shim", dir);
	mkdir(name, 0755);
	snprintf(name, sizeof(name), "%s/shim/head", dir);
	snprintf(text, sizeof(text),
	    "#!/bin/sh\nPATH=${PATH#*:}\nif [ $# = %d ]; then\nrm '%s'\n"
	    "f=\"%s\"\n%s\nfi\nexec head \"$@\"\n",
	    when, name, path, script);
	put(name, "w", text);
	assert_int_equal(chmod(name, 0755), 0);
}

static void rotated_while_reading(void)
{
	struct with w = start("");

	put(path, "w", "0\n");
	assert_string_equal(news(&w), "");
	for (int when = SENDS; when <= SUMS_UP; when++) {
		put(path, "a", "1\n");
		meanwhile(when, "echo 2 >>\"$f\"; mv \"$f\" \"$f.1\"\n"
				"echo 3 >\"$f\"");
		assert_string_equal(news(&w), "1");
		assert_string_equal(news(&w), "2|3");
	}
	with_end(&w);
}

static void truncated_while_reading(void)
{
	static const char script[] =
	    ": >\"$f\"; echo 3 >>\"$f\"; echo 4 >>\"$f\"";
	struct with w = start("");

	put(path, "w", "");
	assert_string_equal(news(&w), "");
	put(path, "a", "1\n2\n");
	meanwhile(SENDS, script);
	/* What was read is half of this and half of that: not taken. */
	assert_string_equal(news(&w), "");
	assert_string_equal(news(&w), "3|4");
	put(path, "a", "5\n");
	meanwhile(SUMS_UP, script);
	assert_string_equal(news(&w), "");
	assert_string_equal(news(&w), "");
	with_end(&w);
}

/* The whole story again at every step of a writer that never rests. */
static void many_rotations(void)
{
	struct with w = start("");
	int written = 0, seen = 0;
	char line[64], from[160], to[160];

	put(path, "w", "");
	news(&w);
	for (int round = 0; round < 12; round++) {
		for (int i = 0; i < 50; i++) {
			if (i == round * 4) {
				for (int k = 3; k > 0; k--) {
					snprintf(from, sizeof(from), "%s.%d",
					    path, k);
					snprintf(to, sizeof(to), "%s.%d", path,
					    k + 1);
					rename(from, to);
				}
				rename(path, beside(".1"));
			}
			snprintf(line, sizeof(line), "%d\n", written++);
			put(path, "a", line);
		}
		news(&w);
		for (size_t i = 0; i < w.out.n_lines; i++)
			assert_int_equal(
			    strtol(w.out.lines[i].text, NULL, 10), seen++);
	}
	assert_int_equal(seen, written);
	with_end(&w);
}

static void in_every_shell(void (*story)(void))
{
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		shell = &shells[i];
		print_message("%s\n", shell->name);
		set_up(NULL);
		story();
		tear_down(NULL);
	}
}

#define STORIES(X)                                                             \
	X(starts_at_the_end)                                                   \
	X(starts_within_a_line)                                                \
	X(waits_for_whole_lines)                                               \
	X(rotation)                                                            \
	X(truncation)                                                          \
	X(copy_and_truncation)                                                 \
	X(removal)                                                             \
	X(long_files)                                                          \
	X(burst)                                                               \
	X(says_what_was_too_much)                                              \
	X(endless_line)                                                        \
	X(absent)                                                              \
	X(bytes_of_any_kind)                                                   \
	X(rotated_while_reading)                                               \
	X(truncated_while_reading)                                             \
	X(many_rotations)

#define X(story)                                                               \
	static void test_##story(void **state)                                 \
	{                                                                      \
		(void)state;                                                   \
		in_every_shell(story);                                         \
	}
STORIES(X)
#undef X

int main(void)
{
	const struct CMUnitTest tests[] = {
#define X(story) cmocka_unit_test(test_##story),
	    STORIES(X)
#undef X
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
