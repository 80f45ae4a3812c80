/* Running commands: bounds that hold, and nothing left behind. */
#include "base/clock.h"
#include "base/proc.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define OUT_MAX	 65536
#define DIAG_MAX 64

struct run {
	struct buf out, diag;
	struct proc_result r;
	struct err e;
	int rc;
};

static void run_vector(struct run *t, const char *const *argv, double timeout)
{
	buf_init(&t->out, OUT_MAX);
	buf_init(&t->diag, DIAG_MAX);
	err_clear(&t->e);
	t->rc = proc_run(argv, timeout, &t->out, &t->diag, &t->r, &t->e);
}

static void run(struct run *t, const char *script, double timeout)
{
	run_vector(t, (const char *const[]){"sh", "-c", script, NULL}, timeout);
	assert_int_equal(t->rc, 0);
}

static void done(struct run *t)
{
	buf_free(&t->out);
	buf_free(&t->diag);
}

/* Dead, whether or not init has got round to it. */
static bool is_gone(pid_t pid)
{
	char path[64], text[256] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	if (f == NULL)
		return true;
	(void)!fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	return text[0] == '\0' || strstr(text, ") Z ") != NULL;
}

/* Waits for the process to be gone; the assertion is that it ever is. */
static void assert_gone(pid_t pid)
{
	const struct timespec pause = {0, 10000000};

	assert_true(pid > 1);
	while (!is_gone(pid))
		nanosleep(&pause, NULL);
}

static void both_streams_and_status(void **state)
{
	struct run t;

	(void)state;
	run(&t, "echo out; echo diag >&2; exit 7", 30);
	assert_string_equal(buf_text(&t.out), "out\n");
	assert_string_equal(buf_text(&t.diag), "diag\n");
	assert_int_equal(t.r.status, 7);
	assert_int_equal(t.r.signal, 0);
	assert_false(t.r.timed_out);
	assert_false(t.r.overflow);
	done(&t);
}

static void missing_program(void **state)
{
	static const char *const argv[] = {"frobnicate", NULL};
	struct run t;

	(void)state;
	run_vector(&t, argv, 30);
	assert_int_equal(t.rc, -1);
	assert_int_equal(t.e.code, ENOENT);
	assert_string_equal(t.e.text, "frobnicate: No such file or directory");
	done(&t);
}

static void ended_by_signal(void **state)
{
	struct run t;

	(void)state;
	run(&t, "kill -SEGV $$", 30);
	assert_int_equal(t.r.status, -1);
	assert_int_equal(t.r.signal, SIGSEGV);
	assert_false(t.r.timed_out);
	done(&t);
}

static void no_end(void **state)
{
	struct run t;

	(void)state;
	run(&t, "echo begun; trap '' TERM; while :; do sleep 1; done", 2);
	assert_true(t.r.timed_out);
	assert_int_equal(t.r.signal, SIGKILL);
	assert_string_equal(buf_text(&t.out), "begun\n");
	done(&t);
}

static void closes_its_streams_but_goes_on(void **state)
{
	struct run t;

	(void)state;
	run(&t, "exec >&- 2>&-; while :; do sleep 1; done", 0.3);
	assert_true(t.r.timed_out);
	assert_int_equal(t.r.signal, SIGKILL);
	done(&t);
}

static void too_much_output(void **state)
{
	struct run t;

	(void)state;
	run(&t, "yes", 30);
	assert_true(t.r.overflow);
	assert_false(t.r.timed_out);
	assert_int_equal(t.out.len, OUT_MAX);
	assert_int_equal(t.r.signal, SIGKILL);
	done(&t);
}

static void exactly_the_limit(void **state)
{
	struct run t;

	(void)state;
	run(&t, "head -c 65536 /dev/zero", 30);
	assert_false(t.r.overflow);
	assert_int_equal(t.out.len, OUT_MAX);
	assert_int_equal(t.r.status, 0);
	done(&t);
}

static void endless_stderr(void **state)
{
	struct run t;

	(void)state;
	run(&t, "yes >&2", 2);
	assert_true(t.r.timed_out);
	assert_int_equal(t.diag.len, DIAG_MAX);
	done(&t);
}

static void stderr_keeps_its_end(void **state)
{
	struct run t;
	const char *text;

	(void)state;
	run(&t, "seq 200000 >&2; echo that is why >&2; echo out", 30);
	text = buf_text(&t.diag);
	assert_int_equal(t.diag.len, DIAG_MAX);
	assert_string_equal(text + DIAG_MAX - strlen("200000\nthat is why\n"),
	    "200000\nthat is why\n");
	assert_string_equal(buf_text(&t.out), "out\n");
	done(&t);
}

static void background_child_does_not_hold_it(void **state)
{
	struct run t;

	(void)state;
	run(&t, "sleep 1000 & echo $!", 900);
	assert_false(t.r.timed_out);
	assert_int_equal(t.r.status, 0);
	assert_gone((pid_t)atol(buf_text(&t.out)));
	done(&t);
}

static void group_dies_at_timeout(void **state)
{
	struct run t;

	(void)state;
	run(&t, "sleep 1000 & echo $!; wait", 2);
	assert_true(t.r.timed_out);
	assert_gone((pid_t)atol(buf_text(&t.out)));
	done(&t);
}

/* A caller that is killed takes the command and its children along. */
static void group_dies_with_the_caller(void **state)
{
	char path[] = "/tmp/proc_test.XXXXXX", script[128], text[32] = "";
	int fd = mkstemp(path);
	const char *const args[] = {"sh", "-c", script, NULL};
	const struct timespec pause = {0, 10000000};
	pid_t caller;

	(void)state;
	assert_true(fd >= 0);
	snprintf(
	    script, sizeof(script), "sleep 1000 & echo $! >%s; wait", path);
	caller = fork();
	if (caller == 0) {
		struct run t;

		run_vector(&t, args, 900);
		_exit(0);
	}
	while (pread(fd, text, sizeof(text) - 1, 0) <= 0 ||
	       strchr(text, '\n') == NULL)
		nanosleep(&pause, NULL);
	kill(caller, SIGKILL);
	waitpid(caller, NULL, 0);
	assert_gone((pid_t)atol(text));
	close(fd);
	unlink(path);
}

static void fresh_signals_and_descriptors(void **state)
{
	struct run t;
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0); /* not close-on-exec */
	run(&t, "ls /proc/self/fd | wc -l; yes | head -n 1", 30);
	/* 0, 1, 2 and the directory that ls reads */
	assert_string_equal(buf_text(&t.out), "4\ny\n");
	/* yes would complain if SIGPIPE had not ended it */
	assert_string_equal(buf_text(&t.diag), "");
	close(fds[0]);
	close(fds[1]);
	done(&t);
}

static void stdin_is_empty(void **state)
{
	struct run t;

	(void)state;
	run(&t, "cat; echo end", 30);
	assert_string_equal(buf_text(&t.out), "end\n");
	done(&t);
}

/* More than a pipe holds, to one who reads it and one who does not. */
static void stdin_is_what_is_given(void **state)
{
	static char input[300000];
	const char *const count[] = {"wc", "-c", NULL};
	const char *const ignore[] = {"true", NULL};
	struct span all = {input, sizeof(input)};
	struct run t = {0};

	(void)state;
	memset(input, 'x', sizeof(input));
	buf_init(&t.out, OUT_MAX);
	buf_init(&t.diag, DIAG_MAX);
	assert_int_equal(
	    proc_feed(count, all, 60, &t.out, &t.diag, &t.r, &t.e), 0);
	assert_string_equal(buf_text(&t.out), "300000\n");
	buf_reset(&t.out);
	assert_int_equal(
	    proc_feed(ignore, all, 60, &t.out, &t.diag, &t.r, &t.e), 0);
	assert_int_equal(t.r.status, 0);
	done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_streams_and_status),
	    cmocka_unit_test(missing_program),
	    cmocka_unit_test(ended_by_signal),
	    cmocka_unit_test(no_end),
	    cmocka_unit_test(closes_its_streams_but_goes_on),
	    cmocka_unit_test(too_much_output),
	    cmocka_unit_test(exactly_the_limit),
	    cmocka_unit_test(endless_stderr),
	    cmocka_unit_test(stderr_keeps_its_end),
	    cmocka_unit_test(background_child_does_not_hold_it),
	    cmocka_unit_test(group_dies_at_timeout),
	    cmocka_unit_test(group_dies_with_the_caller),
	    cmocka_unit_test(fresh_signals_and_descriptors),
	    cmocka_unit_test(stdin_is_empty),
	    cmocka_unit_test(stdin_is_what_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
