/* snapshot and verify. */
#include "base/clock.h"
#include "base/file.h"
#include "cmd.h"
#include "output/manifest.h"
#include "output/paper.h"
#include "run/archive.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_SIZE   ((uint64_t)10 * 1000 * 1000)
#define FILE_MAX   ((size_t)1 << 30)
#define BUFFER_MAX ((size_t)1 << 29)

static int write_out(const char *path, const struct buf *b, struct err *e)
{
	if (!str_eq(path, "-"))
		return file_replace(path, buf_text(b), b->len, e);
	if (fwrite(buf_text(b), 1, b->len, stdout) != b->len ||
	    fflush(stdout) != 0)
		return err_set(e, "standard output: could not be written");
	return 0;
}

static int take_file(const struct invocation *in, const struct plan *plan,
    struct store *store, const struct run_snapshot *how, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, BUFFER_MAX);
	rc = run_snapshot(plan, store, how, &b, e);
	if (rc == 0)
		rc = write_out(in->output, &b, e);
	buf_free(&b);
	return rc;
}

/* Into the archive, which names it. */
static int take_in(const struct invocation *in, const struct plan *plan,
    struct store *store, const struct run_snapshot *how, struct err *e)
{
	const char *reason =
	    in->note == NULL ? "by hand"
			     : arena_printf(in->arena, "by hand: %s", in->note);
	struct archive_taken taken;

	if (archive_take(plan, store, how, reason, &taken, e) != 0)
		return -1;
	if (taken.warning != NULL)
		fprintf(stderr, "broadsheet: %s\n", taken.warning);
	if (!in->quiet)
		printf("%s/%s\n", plan->common.output, taken.path);
	return 0;
}

static int take(const struct invocation *in, const struct plan *plan,
    const struct run_snapshot *how, struct err *e)
{
	struct store *store;
	int rc;

	if (store_open_read(&store, plan->common.store, e) != 0)
		return -1;
	rc =
	    (in->output != NULL ? take_file : take_in)(in, plan, store, how, e);
	store_close(store);
	return rc;
}

static int mark(struct invocation *in)
{
	const char *file = in->mark != NULL ? in->mark : in->unmark;
	struct err e = {0};
	struct plan plan;
	int status;

	if (in->mark != NULL && in->unmark != NULL) {
		err_set(&e, "snapshot: --mark and --unmark are one too many");
		return complain(&e, EXIT_USAGE);
	}
	if ((status = load_plan(in, &plan)) != 0)
		return status;
	if (archive_mark(
		&plan, in->data, file, in->mark != NULL, in->now, &e) != 0)
		return complain(&e, EXIT_FATAL);
	return EXIT_WELL;
}

int verb_snapshot(struct invocation *in)
{
	const char *file = in->output;
	struct run_snapshot how = {.data = in->data, .page = in->page};
	struct plan plan;
	struct err e = {0};
	int status;

	if (in->mark != NULL || in->unmark != NULL)
		return mark(in);
	if (file != NULL && in->note != NULL) {
		err_set(&e, "snapshot: --note is for the archive, where a "
			    "snapshot goes without --output");
		return complain(&e, EXIT_USAGE);
	}
	how.format = in->format != NULL
			 ? capsule_kind(in->format, &e)
			 : capsule_kind_of(file != NULL ? file : "");
	if (in->paper != NULL)
		how.paper = paper_size(in->paper, &e);
	if (how.format == NULL || (in->paper != NULL && how.paper == NULL))
		return complain(&e, EXIT_USAGE);
	if ((status = load_plan(in, &plan)) != 0)
		return status;
	how.taken = how.now = in->now;
	how.past = in->at != NULL;
	how.max_size = (size_t)(in->max_size > 0 ? in->max_size : MAX_SIZE);
	if (in->panels != NULL)
		strings_add(in->arena, &how.panels, in->panels);
	if (in->at != NULL && clock_parse(in->at, in->now, &how.now, &e) != 0)
		return complain(&e, EXIT_USAGE);
	if (in->last > 0)
		plan_narrow(&plan, in->last, in->last_text);
	if (take(in, &plan, &how, &e) != 0)
		return complain(&e, EXIT_FATAL);
	return EXIT_WELL;
}

int verb_verify(struct invocation *in)
{
	const char *path = in->argv[0];
	struct manifest m;
	struct span file;
	struct err e = {0};

	if (file_read(in->arena, path, FILE_MAX, &file, &e) != 0)
		return complain(&e, EXIT_FATAL);
	if (manifest_check(in->arena, file, &m, &e) != 0) {
		(void)err_context(&e, "%s", path);
		return complain(&e, EXIT_FATAL);
	}
	if (m.broken != NULL) {
		err_set(&e, "%s: changed: %s", path, m.broken);
		return complain(&e, EXIT_FATAL);
	}
	if (!in->quiet)
		printf("%s: whole: %zu parts\n", path, m.parts);
	return EXIT_WELL;
}
