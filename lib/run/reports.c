#include "run/reports.h"

#include <string.h>

#include "base/clock.h"
#include "run/post.h"
#include "run/snapshot.h"

#define FILE_MAX_SIZE ((size_t)10 * 1000 * 1000) /* of what is attached */
#define EACH_MAX      20 /* dispatches of one recipient that are looked at */
#define NAMED_MAX     5	 /* periods that were missed */

/* "Not sent …: week of 2 Nov 2026, week of 9 Nov 2026", the oldest first */
static const char *missed_words(struct arena *a, const struct report_wanted *w)
{
	const struct schedule *s = &w->report->schedule;
	int64_t to = schedule_before(s, w->to);
	const char *list = "";
	size_t n = 0;

	if (w->missed == 0)
		return "";
	for (; to > w->missed; to = schedule_before(s, to)) {
		struct term t = schedule_term(s, to);

		if (n++ < NAMED_MAX)
			list = arena_printf(a, "%s%s%s",
			    schedule_words(a, s, t.from, t.to),
			    n > 1 ? ", " : "", list);
	}
	if (n > NAMED_MAX)
		list =
		    arena_printf(a, "%zu before them, %s", n - NAMED_MAX, list);
	return arena_printf(
	    a, "Not sent, as nothing ran when they were due: %s\n", list);
}

static const char *note_of(struct arena *a, const struct report_wanted *w)
{
	const struct plan_report *r = w->report;

	return arena_printf(a, "%s report: %s, from %s to the end of %s\n%s%s",
	    r->name, schedule_words(a, &r->schedule, w->from, w->to),
	    clock_format(a, "%-d %b %H:%M", w->from),
	    clock_format(a, "%-d %b", w->to - 1), missed_words(a, w),
	    w->note != NULL ? w->note : "");
}

int reports_letter(const struct plan *plan, struct store *store,
    const char *data, const struct report_wanted *w, struct arena *a,
    struct letter *letter, struct buf *file, struct err *e)
{
	const struct plan_report *r = w->report;
	const char *words = schedule_words(a, &r->schedule, w->from, w->to);
	const struct run_snapshot how = {
	    .data = data,
	    .now = w->to - 1,
	    .taken = w->made,
	    .past = true,
	    .page = r->page,
	    .last = (double)(w->to - 1 - w->from),
	    .last_name = words,
	    .max_size = FILE_MAX_SIZE,
	};
	const struct letter_conf conf = {
	    .url = plan->common.url, .note = note_of(a, w), .period = words};
	struct snapshot *s;
	int rc;

	if (snapshot_take(&s, plan, store, &how, e) != 0)
		return -1;
	rc = post_compose(
	    s, a, r->snapshot ? post_kind() : NULL, conf, letter, file, e);
	snapshot_end(s);
	return rc;
}

struct message reports_message(
    const struct letter *l, const char *id, int64_t made)
{
	return (struct message){
	    .made = made,
	    .id = id,
	    .subject = l->subject,
	    .text = l->text,
	    .html = l->html,
	    .parts = l->parts,
	    .n_parts = l->n_parts,
	};
}

/* Those of one report and time. */
struct waiting {
	const struct plan_report *report;
	struct dispatch *items;
	size_t n;
};

static bool together(const struct dispatch *a, const struct dispatch *b)
{
	return str_eq(a->channel, b->channel) && a->to == b->to &&
	       a->from == b->from;
}

/* The report that has waited longest; n is 0 if none may be tried. */
static int find(const struct plan *plan, struct store *store, int64_t now,
    struct arena *a, struct waiting *w, struct err *e)
{
	const struct dispatch *oldest = NULL;
	struct dispatch *all;
	size_t n;

	*w = (struct waiting){0};
	if (store_dispatches(store, a, now, EACH_MAX, &all, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (all[i].to != 0 &&
		    plan_channel_to(plan, all[i].channel, all[i].recipient) !=
			NULL &&
		    (oldest == NULL || all[i].id < oldest->id))
			oldest = &all[i];
	if (oldest == NULL)
		return 0;
	w->report =
	    plan_report(plan, oldest->channel + strlen(DISPATCH_REPORT));
	w->items = arena_array(a, n, sizeof(*w->items));
	for (size_t i = 0; i < n; i++)
		if (together(&all[i], oldest) &&
		    plan_channel_to(plan, all[i].channel, all[i].recipient) !=
			NULL)
			w->items[w->n++] = all[i];
	return 0;
}

int reports_send(const struct plan *plan, struct store *store, const char *data,
    int64_t now, double seconds, const struct notify_watch *watch,
    struct err *e)
{
	struct arena *a = arena_new();
	struct report_wanted wanted;
	struct letter letter;
	struct message m;
	struct waiting w;
	struct buf file;
	struct err why = {0};
	bool written;
	int rc = reports_queue(plan, store, now, e);

	if (rc == 0)
		rc = find(plan, store, now, a, &w, e);
	if (rc != 0 || w.n == 0) {
		arena_free(a);
		return rc;
	}
	wanted = (struct report_wanted){.report = w.report,
	    .from = w.items[0].from,
	    .to = w.items[0].to,
	    .missed = w.items[0].missed,
	    .made = w.items[0].made};
	buf_init(&file, POST_FILE_MAX);
	written = reports_letter(
		      plan, store, data, &wanted, a, &letter, &file, &why) == 0;
	store_as_of(store, INT64_MAX);
	if (written)
		m = reports_message(&letter, w.items[0].uid, wanted.made);
	rc = notify_letter(plan, store, w.items, w.n, written ? &m : NULL, &why,
	    now, seconds, watch, e);
	buf_free(&file);
	arena_free(a);
	return rc;
}
