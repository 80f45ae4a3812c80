/* test --report: the newest report that there can be, into a file or out. */
#include "base/crypto.h"
#include "base/file.h"
#include "cmd.h"
#include "run/reports.h"

#include <stdio.h>

#define TEST_S	    60.0
#define UID	    16 /* bytes */
#define PREVIEW_MAX ((size_t)64 * 1024 * 1024)

static const struct plan_report *find(
    const struct plan *plan, const char *name, struct err *e)
{
	const struct plan_report *r = plan_report(plan, name);
	struct strings known = {0};
	const char *near;

	for (size_t i = 0; i < plan->n_reports; i++)
		strings_add(plan->arena, &known, plan->reports[i].name);
	if (r != NULL)
		return r;
	err_set(e, "%s: there is no report '%.80s'", plan->file, name);
	near = str_nearest(name, &known);
	if (near != NULL)
		err_hint(e, "did you mean '%s'?", near);
	return NULL;
}

static int write_out(
    const struct invocation *in, const struct letter *letter, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, PREVIEW_MAX);
	letter_preview(letter, &b);
	rc = file_replace(in->output, buf_text(&b), b.len, e);
	buf_free(&b);
	return rc == 0 ? EXIT_WELL : EXIT_FATAL;
}

/* With an id of its own: what is meant to go out is not to be a copy of it. */
static int hand_out(struct invocation *in, const struct plan *plan,
    const struct plan_report *r, const struct letter *letter, struct err *e)
{
	struct notify_trial trial = {in->arena, EXIT_WELL};
	struct notify_watch watch = {say_tried, &trial};
	struct dispatch *d = arena_array(in->arena, r->n_channels, sizeof(*d));
	struct message m;
	char *id;

	if (crypto_random_hex(in->arena, UID, &id, e) != 0)
		return EXIT_FATAL;
	m = reports_message(letter, id, in->now);
	for (size_t i = 0; i < r->n_channels; i++)
		d[i] = (struct dispatch){.uid = id,
		    .channel = r->channel,
		    .recipient = r->channels[i].recipients.items[0],
		    .made = in->now};
	if (notify_letter(plan, NULL, d, r->n_channels, &m, NULL, in->now,
		TEST_S, &watch, e) != 0)
		return EXIT_FATAL;
	return trial.status;
}

static int make(struct invocation *in, const struct plan *plan,
    const struct plan_report *r, struct store *store, struct err *e)
{
	struct term t = schedule_last(&r->schedule, in->now);
	const struct report_wanted wanted = {
	    .report = r,
	    .from = t.from,
	    .to = t.to,
	    .made = in->now,
	    .note = in->output == NULL ? "This is only a test." : NULL,
	};
	struct letter letter;
	struct buf file;
	int status = EXIT_FATAL;

	buf_init(&file, PREVIEW_MAX);
	if (reports_letter(plan, store, in->data, &wanted, in->arena, &letter,
		&file, e) == 0)
		status = in->output != NULL ? write_out(in, &letter, e)
					    : hand_out(in, plan, r, &letter, e);
	buf_free(&file);
	return status;
}

int test_report(struct invocation *in)
{
	const struct plan_report *r;
	struct store *store = NULL;
	struct plan plan;
	struct err e = {0};
	int rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	if ((r = find(&plan, in->report, &e)) == NULL)
		return complain(&e, EXIT_USAGE);
	rc = EXIT_FATAL;
	if (store_open_read(&store, plan.common.store, &e) == 0)
		rc = make(in, &plan, r, store, &e);
	store_close(store);
	return rc == EXIT_FATAL ? complain(&e, rc) : rc;
}
