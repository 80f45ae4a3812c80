/* import: samples from elsewhere, or from another store. */
#include "import.h"
#include "base/clock.h"
#include "base/file.h"
#include "chart/unit.h"
#include "cmd.h"
#include "import_compare.h"
#include "run/lock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BAD_SHOWN   20	/* where nothing is imported because of them */
#define LOCK_WAIT   120 /* seconds: a run is going, it ends soon */
#define LOCK_PAUSE  100 /* milliseconds */
#define BAR_WIDTH   30
#define BAR_EVERY   0.2 /* seconds */
#define SPOOL_BLOCK 65536

/* A file is read twice: nothing is stored before every row was looked at. */
struct import {
	struct invocation *in;
	struct plan plan;
	const char *name; /* of the file, for messages */
	FILE *file;
	uint64_t size;
	struct store *store; /* NULL: there is none yet */
	struct arena *arena; /* of a pass */
	struct tally tally;
	size_t bad;
	bool storing;
	double shown; /* when the progress was */
	int lock;
};

static bool on_terminal(const struct import *m)
{
	return !m->in->quiet && isatty(STDERR_FILENO);
}

static void progress(void *ctx, uint64_t bytes)
{
	struct import *m = ctx;
	double now = clock_monotonic();
	double share = m->size > 0 ? (double)bytes / (double)m->size : 1;
	int full;

	if (!on_terminal(m) || now - m->shown < BAR_EVERY)
		return;
	m->shown = now;
	full = (int)((share < 1 ? share : 1) * BAR_WIDTH);
	fprintf(stderr, "\r%s [%.*s%*s] %3d %%",
	    m->storing ? "importing" : "checking ", full,
	    "##############################", BAR_WIDTH - full, "",
	    full * 100 / BAR_WIDTH);
}

static void end_progress(const struct import *m)
{
	if (on_terminal(m))
		fprintf(stderr, "\r\033[K");
}

static int say_bad(void *ctx, size_t line, const char *why, struct err *e)
{
	struct import *m = ctx;

	(void)e;
	m->bad++;
	if (m->storing || (!m->in->skip_bad && m->bad > BAD_SHOWN))
		return 0;
	end_progress(m);
	fprintf(stderr, "%s:%zu: %s\n", m->name, line, why);
	return 0;
}

static int check_rows(
    void *ctx, const struct import_row *rows, size_t n, struct err *e)
{
	struct import *m = ctx;

	tally_rows(m->arena, &m->tally, rows, n);
	if (!m->in->dry_run)
		return 0;
	tally_tiers(&m->tally, &m->plan.keep, m->in->now, rows, n);
	return tally_compare(&m->tally, m->store, rows, n, e);
}

static int store_rows(
    void *ctx, const struct import_row *rows, size_t n, struct err *e)
{
	struct import *m = ctx;

	return store_import(m->store, rows, n, m->in->now, e);
}

static int pass(struct import *m, bool storing, struct err *e)
{
	const struct import_sink sink = {
	    .rows = storing ? store_rows : check_rows,
	    .bad = say_bad,
	    .progress = progress,
	    .ctx = m,
	};
	int rc;

	m->storing = storing;
	m->bad = 0;
	m->arena = arena_new();
	rewind(m->file);
	rc = import_read(m->file, m->name, m->in->now, &sink, m->arena, e);
	arena_free(m->arena);
	end_progress(m);
	return rc;
}

/* Standard input can be read once: what it brings is put aside first. */
static int spool(struct import *m, struct err *e)
{
	char *block = arena_alloc(m->in->arena, SPOOL_BLOCK);
	size_t n;

	if ((m->file = tmpfile()) == NULL)
		return err_set(e, "temporary file: %s", strerror(errno));
	while ((n = fread(block, 1, SPOOL_BLOCK, stdin)) > 0)
		if (fwrite(block, 1, n, m->file) != n)
			return err_set(
			    e, "temporary file: %s", strerror(errno));
	return ferror(stdin) ? err_set(e, "standard input: %s", strerror(errno))
			     : 0;
}

static int open_file(struct import *m, struct err *e)
{
	const char *path = m->in->argv[0];
	struct stat st;

	m->name = path;
	if (str_eq(path, "-")) {
		m->name = "standard input";
		if (spool(m, e) != 0 || fflush(m->file) != 0)
			return -1;
	} else if ((m->file = fopen(path, "re")) == NULL) {
		return err_set(e, "%s: %s", path, strerror(errno));
	}
	if (fstat(fileno(m->file), &st) != 0 || !S_ISREG(st.st_mode))
		return err_set(e, "%s: not a regular file", path);
	m->size = (uint64_t)st.st_size;
	return 0;
}

static int wait_for_lock(struct import *m, struct err *e)
{
	const struct timespec pause = {0, LOCK_PAUSE * 1000000};
	const char *path = m->plan.common.store;
	double end = clock_monotonic() + LOCK_WAIT;
	int rc;

	if (file_make_dirs(file_dir(m->in->arena, path), e) != 0)
		return EXIT_FATAL;
	while (
	    (rc = lock_take(path, &m->lock, e)) == 0 && clock_monotonic() < end)
		nanosleep(&pause, NULL);
	if (rc > 0)
		return EXIT_WELL;
	if (rc == 0)
		err_set(e, "another run holds the lock %s.lock", path);
	return rc < 0 ? EXIT_FATAL : EXIT_LOCKED;
}

static void say_rows(const struct import *m)
{
	const struct tally *t = &m->tally;
	struct arena *a = m->in->arena;

	printf("%s: %s rows of %s series", m->name,
	    unit_whole(a, (double)t->rows), unit_whole(a, (double)t->series));
	if (t->rows > 0)
		printf(", %s to %s",
		    clock_format(a, "%Y-%m-%d %H:%M", t->first),
		    clock_format(a, "%Y-%m-%d %H:%M", t->last));
	if (m->bad > 0)
		printf("; %s bad ones are left out",
		    unit_whole(a, (double)m->bad));
	printf("\n");
}

static void say_plan(const struct import *m)
{
	const struct tally *t = &m->tally;
	struct arena *a = m->in->arena;

	say_rows(m);
	printf("%s new, %s changed, %s there already\n",
	    unit_whole(a, (double)t->fresh), unit_whole(a, (double)t->changed),
	    unit_whole(a, (double)(t->rows - t->fresh - t->changed)));
	printf("by their age %s are kept as they are, %s by five minutes, "
	       "%s by the hour, %s by the day\n",
	    unit_whole(a, (double)t->tier[0]),
	    unit_whole(a, (double)t->tier[1]),
	    unit_whole(a, (double)t->tier[2]),
	    unit_whole(a, (double)t->tier[3]));
	if (t->tier[4] > 0)
		printf("%s are older than anything that is kept\n",
		    unit_whole(a, (double)t->tier[4]));
	printf("nothing was stored\n");
}

/* A store that is not there yet has nothing. */
static int check(struct import *m, struct err *e)
{
	const char *path = m->plan.common.store;

	if (m->in->dry_run && file_exists(path) &&
	    store_open_read(&m->store, path, e) != 0)
		return -1;
	if (pass(m, false, e) != 0)
		return -1;
	if (m->bad == 0 || m->in->skip_bad)
		return 0;
	if (m->bad > BAD_SHOWN)
		fprintf(stderr, "and %zu more\n", m->bad - BAD_SHOWN);
	err_set(e, "%s: %zu bad %s; nothing was imported", m->name, m->bad,
	    m->bad == 1 ? "row" : "rows");
	return err_hint(e, "--skip-bad leaves them out");
}

static int import(struct import *m, struct err *e)
{
	int status;

	if (open_file(m, e) != 0 || check(m, e) != 0)
		return EXIT_FATAL;
	if (m->in->dry_run) {
		say_plan(m);
		return EXIT_WELL;
	}
	if ((status = wait_for_lock(m, e)) != EXIT_WELL)
		return status;
	if (store_open(&m->store, m->plan.common.store, e) != 0 ||
	    pass(m, true, e) != 0)
		return EXIT_FATAL;
	if (!m->in->quiet)
		say_rows(m);
	return EXIT_WELL;
}

int verb_import(struct invocation *in)
{
	struct import m = {.in = in, .lock = -1};
	struct err e = {0};
	int status;

	if ((status = load_plan(in, &m.plan)) != 0)
		return status;
	status = import(&m, &e);
	store_close(m.store);
	tally_free(&m.tally);
	if (m.file != NULL)
		fclose(m.file);
	if (m.lock >= 0)
		close(m.lock);
	return status == EXIT_WELL ? status : complain(&e, status);
}
