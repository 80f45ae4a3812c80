/* snapshot. */
#include "base/clock.h"
#include "base/file.h"
#include "cmd.h"
#include "output/paper.h"
#include "output/signature.h"
#include "run/archive.h"
#include "snapshot_mail.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_SIZE   ((uint64_t)10 * 1000 * 1000)
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

static int print(struct invocation *in, const struct run_snapshot *how,
    struct snapshot *s, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, BUFFER_MAX);
	rc = snapshot_print(s, how->format, &b, e);
	if (rc == 0)
		rc = write_out(in->output, &b, e);
	buf_free(&b);
	if (rc == 0 && in->sign != NULL)
		rc = signature_make(in->arena, in->output, in->sign, e);
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
	const char *path;

	if (archive_take(plan, store, how, reason, &taken, e) != 0)
		return -1;
	if (taken.warning != NULL)
		fprintf(stderr, "broadsheet: %s\n", taken.warning);
	path =
	    arena_printf(in->arena, "%s/%s", plan->common.output, taken.path);
	if (!in->quiet)
		printf("%s\n", path);
	if (in->sign != NULL)
		return signature_make(in->arena, path, in->sign, e);
	return 0;
}

/* Taken once, for the file and for the letters. */
static int take_out(struct invocation *in, const struct plan *plan,
    struct store *store, const struct run_snapshot *how,
    const struct capsule_kind *attached)
{
	struct snapshot *s = NULL;
	struct err e = {0};
	int status = EXIT_WELL;

	if (snapshot_take(&s, plan, store, how, &e) != 0 ||
	    (in->output != NULL && print(in, how, s, &e) != 0))
		status = complain(&e, EXIT_FATAL);
	else if (attached != NULL)
		status = mail_snapshot(in, plan, s, attached);
	snapshot_end(s);
	return status;
}

static int take(struct invocation *in, const struct plan *plan,
    const struct run_snapshot *how, const struct capsule_kind *attached)
{
	struct err e = {0};
	struct store *store;
	int status = EXIT_WELL;

	if (store_open_read(&store, plan->common.store, &e) != 0)
		return complain(&e, EXIT_FATAL);
	if (in->output != NULL || attached != NULL)
		status = take_out(in, plan, store, how, attached);
	else if (take_in(in, plan, store, how, &e) != 0)
		status = complain(&e, EXIT_FATAL);
	store_close(store);
	return status;
}

/* What is printed, and where; -1: the command line contradicts itself. */
static int choose_output(
    struct invocation *in, struct run_snapshot *how, struct err *e)
{
	const char *file = in->output != NULL ? in->output : "";

	if (in->output != NULL && in->note != NULL && in->mail.n == 0)
		return err_set(e,
		    "snapshot: --note is for the archive, where a snapshot "
		    "goes without --output, and for --mail");
	if (in->sign != NULL &&
	    (str_eq(file, "-") || (in->output == NULL && in->mail.n > 0)))
		return err_set(e, "snapshot: --sign signs a file: -o FILE");
	how->format = in->format != NULL ? capsule_kind(in->format, e)
					 : capsule_kind_of(file);
	if (how->format != NULL && in->paper != NULL)
		how->paper = paper_size(in->paper, e);
	return how->format == NULL || (in->paper != NULL && how->paper == NULL)
		   ? -1
		   : 0;
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
	struct run_snapshot how = {
	    .data = in->data, .page = in->page, .redact = in->redact};
	const struct capsule_kind *attached = NULL;
	struct plan plan;
	struct err e = {0};
	int status;

	if (in->mark != NULL || in->unmark != NULL)
		return mark(in);
	if (choose_output(in, &how, &e) != 0)
		return complain(&e, EXIT_USAGE);
	if ((status = load_plan(in, &plan)) != 0)
		return status;
	if (in->mail.n > 0 && mail_prepare(in, &plan, &attached, &e) != 0)
		return complain(&e, EXIT_USAGE);
	how.taken = how.now = in->now;
	how.past = in->at != NULL;
	how.max_size = (size_t)(in->max_size > 0 ? in->max_size : MAX_SIZE);
	if (in->panels != NULL)
		strings_add(in->arena, &how.panels, in->panels);
	if (in->at != NULL && clock_parse(in->at, in->now, &how.now, &e) != 0)
		return complain(&e, EXIT_USAGE);
	if (in->last > 0)
		plan_narrow(&plan, in->last, in->last_text);
	return take(in, &plan, &how, attached);
}
