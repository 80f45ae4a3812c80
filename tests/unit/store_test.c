/* Opening: what is made, what is refused and in which words. */
#include "store_rig.h"

#include "store/store_private.h"

#include <fcntl.h>

static void make(const char *sql)
{
	struct err e = {0};
	struct db *db;

	rig_ok(db_open(&db, rig_path, DB_WRITE, &e));
	rig_ok(db_exec(db, sql, &e));
	db_close(db);
}

typedef int opener(struct store **, const char *, struct err *);

static void refused(opener *open_store, const char *text, const char *hint)
{
	struct err e = {0};
	struct store *st = NULL;
	char whole[512];

	assert_int_equal(open_store(&st, rig_path, &e), -1);
	assert_null(st);
	snprintf(whole, sizeof(whole), "%s: %s", rig_path, text);
	assert_string_equal(e.text, whole);
	if (strchr(hint, '%') != NULL)
		snprintf(whole, sizeof(whole),
		    "move %s aside and a new one is made; sqlite3 FILE "
		    ".recover gets out of the old one what can still be read",
		    rig_path);
	else
		snprintf(whole, sizeof(whole), "%s", hint);
	assert_string_equal(e.hint, whole);
}

#define ASIDE "%"

static void a_new_store_is_private_and_empty(void **state)
{
	struct store *st = rig_open();
	struct err e = {0};
	struct source_status *sources;
	struct stat file;
	struct run_history runs;
	size_t n;

	(void)state;
	assert_int_equal(stat(rig_path, &file), 0);
	assert_int_equal(file.st_mode & 07777, 0600);
	rig_ok(store_history(st, T0 + 86400, &runs, &e));
	assert_int_equal(runs.first, 0);
	rig_ok(store_status(st, rig_arena, &sources, &n, &e));
	assert_int_equal(n, 0);
	store_close(st);
	assert_int_equal(rig_ask("PRAGMA application_id"), 0x62736874);
	assert_int_equal(rig_ask("PRAGMA auto_vacuum"), 2);
}

static void it_opens_again_with_what_it_held(void **state)
{
	struct store *st = rig_open();
	struct err e = {0};
	struct series s;

	(void)state;
	rig_sample(st, T0, 42);
	store_close(st);
	st = rig_open();
	rig_sample(st, T0 + 60, 43);
	store_close(st);
	rig_ok(store_open_read(&st, rig_path, &e));
	s = rig_one(st, "s/m", T0, T0 + 60, 10);
	assert_int_equal(s.n, 2);
	assert_true(s.points[0].mean == 42 && s.points[1].mean == 43);
	store_close(st);
	store_close(NULL);
}

static void a_reader_needs_a_store(void **state)
{
	(void)state;
	refused(store_open_read, "no such file or directory",
	    "broadsheet run makes it");
	assert_int_equal(access(rig_path, F_OK), -1);
	close(open(rig_path, O_WRONLY | O_CREAT, 0600));
	refused(store_open_read, "nothing is stored yet",
	    "broadsheet run brings it up to date");
}

static void a_kill_between_the_file_and_its_tables(void **state)
{
	(void)state;
	close(open(rig_path, O_WRONLY | O_CREAT, 0600));
	store_close(rig_open());
	assert_int_equal(unlink(rig_path), 0);
	make("PRAGMA user_version;");
	store_close(rig_open());
	assert_int_equal(rig_ask("PRAGMA application_id"), 0x62736874);
}

static void no_directory(void **state)
{
	(void)state;
	snprintf(rig_path, sizeof(rig_path), "%s/none/x.db", rig_dir);
	refused(store_open, "its directory does not exist", "");
	refused(store_open_read, "no such file or directory",
	    "broadsheet run makes it");
	snprintf(rig_path, sizeof(rig_path), "%s", rig_dir);
	refused(store_open, "is a directory", "");
}

static void not_a_database(void **state)
{
	FILE *f = fopen(rig_path, "w");

	(void)state;
	assert_true(fputs("title: Field operations\n", f) > 0);
	fclose(f);
	refused(store_open, "file is not a database", ASIDE);
	refused(store_open_read, "file is not a database", ASIDE);
}

static void anothers_database(void **state)
{
	(void)state;
	make("CREATE TABLE letters (a);");
	refused(store_open, "not a broadsheet store",
	    "it is another program's database: name a file of its own");
	refused(store_open_read, "not a broadsheet store",
	    "it is another program's database: name a file of its own");
	assert_int_equal(rig_ask("SELECT count(*) FROM sqlite_master"), 1);
	assert_int_equal(unlink(rig_path), 0);
	make("PRAGMA application_id = 7;");
	refused(store_open, "not a broadsheet store",
	    "it is another program's database: name a file of its own");
}

static void a_newer_store(void **state)
{
	char text[128];

	(void)state;
	store_close(rig_open());
	make("PRAGMA user_version = 99;");
	snprintf(text, sizeof(text),
	    "written by a newer broadsheet (layout 99, this one knows %zu)",
	    store_n_steps);
	refused(store_open, text, "install the newer broadsheet again");
	refused(store_open_read, text, "install the newer broadsheet again");
}

/* The kernel lets root do anything, so these are asked as nobody. */
static void rights(void **state)
{
	static const char reads[] =
	    "the user who runs broadsheet must be able to read it";
	static const char writes[] =
	    "the user who runs broadsheet must be able to write it and its "
	    "directory";

	(void)state;
	store_close(rig_open());
	if (getuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	else
		assert_int_equal(chmod(rig_path, 0), 0);
	refused(store_open, "permission denied", writes);
	refused(store_open_read, "permission denied", reads);
	if (getuid() == 0) {
		assert_int_equal(seteuid(0), 0);
		assert_int_equal(chown(rig_path, 65534, 65534), 0);
		assert_int_equal(seteuid(65534), 0);
	} else {
		assert_int_equal(chmod(rig_path, 0600), 0);
		assert_int_equal(chmod(rig_dir, 0555), 0);
	}
	refused(store_open, "its directory: permission denied", writes);
	if (getuid() != 0)
		assert_int_equal(chmod(rig_dir, 0555), 0);
	snprintf(rig_path, sizeof(rig_path), "%s/new.db", rig_dir);
	refused(store_open, "permission denied", writes);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(rig_dir, 0755), 0);
}

static void a_reader_cannot_deliver(void **state)
{
	struct delivery d = rig_delivery("s", T0, rig_readings());
	struct err e = {0};
	struct store *st;
	char text[256];

	(void)state;
	store_close(rig_open());
	rig_ok(store_open_read(&st, rig_path, &e));
	assert_int_equal(store_deliver(st, &d, 1, &e), -1);
	snprintf(text, sizeof(text), "%s: attempt to write a readonly database",
	    rig_path);
	assert_string_equal(e.text, text);
	store_close(st);
}

static void a_damaged_store_says_what_to_do(void **state)
{
	struct strings globs = {0};
	struct store *st = rig_open();
	struct err e = {0};
	struct series *series;
	char junk[4096], text[256];
	int64_t root;
	size_t n;
	int fd;

	(void)state;
	for (int i = 0; i < 2000; i++)
		rig_sample(st, T0 + 60 * i, i);
	store_close(st);
	memset(junk, 0x5a, sizeof(junk));
	root = rig_ask("SELECT rootpage FROM sqlite_master WHERE name = 'hot'");
	fd = open(rig_path, O_WRONLY);
	assert_int_equal(pwrite(fd, junk, 4096, (root - 1) * 4096), 4096);
	close(fd);
	rig_ok(store_open_read(&st, rig_path, &e));
	strings_add(rig_arena, &globs, "s/m");
	assert_int_equal(store_series(st, rig_arena, &globs, T0, T0 + 86400,
			     100, &series, &n, &e),
	    -1);
	snprintf(text, sizeof(text), "%s: database disk image is malformed",
	    rig_path);
	assert_string_equal(e.text, text);
	snprintf(text, sizeof(text),
	    "move %s aside and a new one is made; sqlite3 FILE .recover gets "
	    "out of the old one what can still be read",
	    rig_path);
	assert_string_equal(e.hint, text);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(a_new_store_is_private_and_empty),
	    RIG_TEST(it_opens_again_with_what_it_held),
	    RIG_TEST(a_reader_needs_a_store),
	    RIG_TEST(a_kill_between_the_file_and_its_tables),
	    RIG_TEST(no_directory),
	    RIG_TEST(not_a_database),
	    RIG_TEST(anothers_database),
	    RIG_TEST(a_newer_store),
	    RIG_TEST(rights),
	    RIG_TEST(a_reader_cannot_deliver),
	    RIG_TEST(a_damaged_store_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
