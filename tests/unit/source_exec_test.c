/* exec: every way for a command to go wrong, in its exact words. */
#include "fetch_one.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

extern const struct source_kind source_exec;

/* As the option table binds it: nothing but the list. */
struct conf {
	struct strings exec;
};

#define VECTOR(...)                                                            \
	(&(struct conf){{(const char *[]){__VA_ARGS__},                        \
	    sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), 0}})

static const struct conf here;

static struct fetch command(const char *script)
{
	struct fetch job = fetch_job(&here);

	job.command = script;
	return job;
}

static void a_vector_without_a_shell(void **state)
{
	struct fetch job = fetch_job(VECTOR("echo", "$HOME;", "*"));

	(void)state;
	assert_yields(&source_exec, &job, "$HOME; *\n");
}

static void a_command_by_the_shell(void **state)
{
	struct fetch job = command("for i in 1 2; do echo $i; done | tac");

	(void)state;
	assert_yields(&source_exec, &job, "2\n1\n");
}

static void nothing_to_run(void **state)
{
	struct fetch job = fetch_job(&here);

	(void)state;
	assert_fails(&source_exec, &job, OUTCOME_FAILED,
	    "the list is empty, and there is no command to run here", "");
}

static void missing(void **state)
{
	struct fetch bare = fetch_job(VECTOR("frobnicate"));
	struct fetch path = fetch_job(VECTOR("/no/such/frobnicate", "-x"));
	struct fetch words = fetch_job(VECTOR("frobnicate -x"));

	(void)state;
	assert_fails(&source_exec, &bare, OUTCOME_FAILED,
	    "exec frobnicate: No such file or directory",
	    "is it installed? programs are looked for in PATH, which is short "
	    "under cron: the full path works everywhere");
	assert_fails(&source_exec, &path, OUTCOME_FAILED,
	    "exec /no/such/frobnicate: No such file or directory", "");
	assert_fails(&source_exec, &words, OUTCOME_FAILED,
	    "exec frobnicate -x: No such file or directory",
	    "write each word as an item of the list, or use run: for a line "
	    "of shell");
}

static void not_executable(void **state)
{
	struct fetch job = fetch_job(VECTOR("/etc/passwd"));

	(void)state;
	assert_fails(&source_exec, &job, OUTCOME_FAILED,
	    "exec /etc/passwd: Permission denied", "chmod +x /etc/passwd");
}

static void missing_in_the_shell(void **state)
{
	struct fetch job = command("frobnicate");

	(void)state;
	assert_fails(&source_exec, &job, OUTCOME_FAILED,
	    "exit status 127: /bin/sh: 1: frobnicate: not found",
	    "a program is missing; under cron PATH is short: the full path "
	    "works everywhere");
}

static void exit_status(void **state)
{
	struct fetch silent = fetch_job(VECTOR("false"));
	struct fetch said = command("echo first >&2; echo ' the reason ' >&2;"
				    "echo >&2; exit 3");

	(void)state;
	assert_fails(&source_exec, &silent, OUTCOME_FAILED,
	    "exec false: exit status 1", "");
	assert_fails(&source_exec, &said, OUTCOME_FAILED,
	    "exit status 3: the reason", "");
}

static void stderr_is_cleaned_and_cut(void **state)
{
	struct fetch ansi = command(
	    "printf '\\033[31mred\\033[0m <b>\\001\\377\\n' >&2; exit 1");
	struct fetch longer = command("printf '%0300d\\n' 7 >&2; exit 1");
	char text[256] = "exit status 1: ";

	(void)state;
	assert_fails(&source_exec, &ansi, OUTCOME_FAILED,
	    "exit status 1: red <b>\xef\xbf\xbd\xef\xbf\xbd", "");
	memset(text + strlen(text), '0', 200);
	assert_fails(&source_exec, &longer, OUTCOME_FAILED, text, "");
}

static void killed(void **state)
{
	struct fetch segv = command("echo oops >&2; kill -SEGV $$");
	struct fetch realtime = command("kill -40 $$");

	(void)state;
	assert_fails(&source_exec, &segv, OUTCOME_FAILED,
	    "killed by SIGSEGV (Segmentation fault): oops", "");
	assert_fails(
	    &source_exec, &realtime, OUTCOME_FAILED, "killed by signal 40", "");
}

static void no_end(void **state)
{
	struct fetch job = fetch_job(VECTOR("sleep", "1000"));

	(void)state;
	job.timeout = 0.2;
	assert_fails(&source_exec, &job, OUTCOME_TIMEOUT,
	    "exec sleep: no end in 0.2 s: killed", "");
}

static void too_large(void **state)
{
	struct fetch job = fetch_job(VECTOR("yes"));
	struct fetch odd = command("printf '%s' 1234567890");

	(void)state;
	assert_fails(&source_exec, &job, OUTCOME_TOO_LARGE,
	    "exec yes: printed more than 1 MB: killed", "");
	odd.body.max = 9;
	assert_fails(&source_exec, &odd, OUTCOME_TOO_LARGE,
	    "printed more than 9 bytes: killed", "");
}

static void fills_stderr(void **state)
{
	struct fetch ends = command("seq 300000 >&2; echo 42");
	struct fetch endless = command("yes >&2");

	(void)state;
	assert_yields(&source_exec, &ends, "42\n");
	endless.timeout = 0.2;
	assert_fails(&source_exec, &endless, OUTCOME_TIMEOUT,
	    "no end in 0.2 s: killed", "");
}

static void background_children(void **state)
{
	struct fetch job = command("sleep 1000 & echo 42");

	(void)state;
	assert_yields(&source_exec, &job, "42\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_vector_without_a_shell),
	    cmocka_unit_test(a_command_by_the_shell),
	    cmocka_unit_test(nothing_to_run),
	    cmocka_unit_test(missing),
	    cmocka_unit_test(not_executable),
	    cmocka_unit_test(missing_in_the_shell),
	    cmocka_unit_test(exit_status),
	    cmocka_unit_test(stderr_is_cleaned_and_cut),
	    cmocka_unit_test(killed),
	    cmocka_unit_test(no_end),
	    cmocka_unit_test(too_large),
	    cmocka_unit_test(fills_stderr),
	    cmocka_unit_test(background_children),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
