/* file: every way for a file not to be one, in its exact words. */
#include "fetch_one.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

extern const struct source_kind source_file;

/* As the option table binds it. */
struct conf {
	const char *file;
	double max_age;
};

static char dir[] = "/tmp/source_file_test.XXXXXX";
static char path[128], sentence[512];

static int setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/x", dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return rmdir(dir);
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_file(const char *text, size_t times)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	while (times-- > 0)
		fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static const char *about(const char *what)
{
	snprintf(sentence, sizeof(sentence), "%s: %s", path, what);
	return sentence;
}

static void whole(void **state)
{
	const struct conf conf = {path, 0};
	struct fetch job = fetch_job(&conf);

	(void)state;
	write_file("42\n", 2);
	assert_yields(&source_file, &job, "42\n42\n");
}

static void at_and_over_the_limit(void **state)
{
	const struct conf conf = {path, 0};
	struct fetch at = fetch_job(&conf), over = fetch_job(&conf);

	(void)state;
	write_file("0123456789abcdef", 65536);
	assert_int_equal(fetch_one(&source_file, &at).len, 1024 * 1024);
	assert_int_equal(at.rc, 0);
	over.body.max--;
	assert_fails(&source_file, &over, OUTCOME_TOO_LARGE,
	    about("larger than 1048575 bytes"), "");
}

static void proc_files(void **state)
{
	const struct conf conf = {"/proc/uptime", 0};
	struct fetch job = fetch_job(&conf);

	(void)state;
	assert_true(fetch_one(&source_file, &job).len > 4);
	assert_int_equal(job.rc, 0);
}

static void missing(void **state)
{
	const struct conf conf = {path, 0};
	struct fetch job = fetch_job(&conf);

	(void)state;
	assert_fails(&source_file, &job, OUTCOME_FAILED,
	    about("No such file or directory"), "");
}

static void directory(void **state)
{
	const struct conf conf = {"/tmp", 0};
	struct fetch job = fetch_job(&conf);

	(void)state;
	assert_fails(&source_file, &job, OUTCOME_FAILED,
	    "/tmp: this is a directory, not a file", "");
}

static void pipe_without_a_writer(void **state)
{
	const struct conf conf = {path, 0};
	struct fetch job = fetch_job(&conf);

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_fails(&source_file, &job, OUTCOME_FAILED,
	    about("this is a pipe, not a file"), "");
}

static void device(void **state)
{
	const struct conf conf = {"/dev/zero", 0};
	struct fetch job = fetch_job(&conf);

	(void)state;
	assert_fails(&source_file, &job, OUTCOME_FAILED,
	    "/dev/zero: this is a device, not a file", "");
}

static void unreadable(void **state)
{
	const struct conf conf = {path, 0};
	struct fetch job = fetch_job(&conf);
	bool root = geteuid() == 0;

	(void)state;
	write_file("secret\n", 1);
	assert_int_equal(chmod(path, 0), 0);
	/* root can read everything: be somebody else for a moment */
	assert_int_equal(chmod(dir, 0711), 0);
	assert_false(root && seteuid(65534) != 0);
	fetch_one(&source_file, &job);
	assert_false(root && seteuid(0) != 0);
	assert_int_equal(job.rc, -1);
	assert_int_equal(job.err.code, OUTCOME_FAILED);
	assert_string_equal(job.err.text, about("Permission denied"));
	assert_string_equal(job.err.hint,
	    "the user who runs broadsheet must be able to read it");
}

static void too_old(void **state)
{
	const struct conf conf = {path, 3600};
	struct fetch old = fetch_job(&conf), fresh = fetch_job(&conf);
	struct stat st;

	(void)state;
	write_file("42\n", 1);
	assert_int_equal(stat(path, &st), 0);
	fresh.now = st.st_mtime + 3600;
	assert_yields(&source_file, &fresh, "42\n");
	old.now = st.st_mtime + 3 * 3600 + 300;
	assert_fails(&source_file, &old, OUTCOME_FAILED,
	    about("not written for 3 h 05"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(whole, remove_path),
	    cmocka_unit_test_teardown(at_and_over_the_limit, remove_path),
	    cmocka_unit_test(proc_files),
	    cmocka_unit_test(missing),
	    cmocka_unit_test(directory),
	    cmocka_unit_test_teardown(pipe_without_a_writer, remove_path),
	    cmocka_unit_test(device),
	    cmocka_unit_test_teardown(unreadable, remove_path),
	    cmocka_unit_test_teardown(too_old, remove_path),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
