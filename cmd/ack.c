/* ack: somebody sees to an alert, so nobody is told again; and test --notify.
 */
#include "base/clock.h"
#include "cmd.h"
#include "run/lock.h"
#include "run/notify.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOCK_S	 60.0 /* for a run that is going on */
#define TEST_S	 60.0
#define NOTE_MAX 500 /* bytes */

/* The alerts that fire, and those of them that are meant. */
struct acking {
	struct invocation *in;
	struct alert *live;
	size_t n_live, done;
};

static bool is_meant(const struct invocation *in, const struct alert *x)
{
	return x->state == ALERT_FIRING && str_eq(x->rule, in->argv[0]) &&
	       (in->argc < 2 || str_glob(in->argv[1], x->series));
}

/* Those that fire, on lines of their own: what there is to choose from. */
static const char *list(const struct acking *k)
{
	struct arena *a = k->in->arena;
	const char *text = "";

	for (size_t i = 0; i < k->n_live; i++)
		if (k->live[i].state == ALERT_FIRING)
			text = arena_printf(a, "%s\n  broadsheet ack %s %s",
			    text, k->live[i].rule, k->live[i].series);
	return text;
}

static int no_such_alert(const struct acking *k, struct err *e)
{
	struct strings rules = {0};
	const char *near, *all = list(k);

	for (size_t i = 0; i < k->n_live; i++)
		if (k->live[i].state == ALERT_FIRING)
			strings_add(k->in->arena, &rules, k->live[i].rule);
	if (k->in->argc > 1)
		err_set(e, "no alert '%.80s' fires on '%.80s'", k->in->argv[0],
		    k->in->argv[1]);
	else
		err_set(e, "no alert '%.80s' fires", k->in->argv[0]);
	near = str_nearest(k->in->argv[0], &rules);
	if (all[0] == '\0')
		return err_hint(e, "no alert fires at all");
	if (near != NULL && !str_eq(near, k->in->argv[0]))
		return err_hint(
		    e, "did you mean '%s'? these fire:%s", near, all);
	return err_hint(e, "these fire:%s", all);
}

static void say(const struct invocation *in, const struct alert *x)
{
	if (in->quiet)
		return;
	if (in->undo)
		printf("%s %s: taken back\n", x->rule, x->series);
	else if (x->ack_until != 0)
		printf("%s %s: acknowledged until %s\n", x->rule, x->series,
		    clock_format(in->arena, "%Y-%m-%d %H:%M", x->ack_until));
	else
		printf(
		    "%s %s: acknowledged until it ends\n", x->rule, x->series);
}

static void set(const struct invocation *in, struct alert *x)
{
	const char *note = in->note != NULL ? in->note : "";
	char *clean = str_clean(in->arena, note, strlen(note), NOTE_MAX);

	str_one_line(clean);
	x->acked = in->undo ? 0 : in->now;
	x->ack_until =
	    in->undo || in->hold == 0 ? 0 : in->now + (int64_t)in->hold;
	x->note = in->undo ? "" : clean;
}

static int ack_all(struct acking *k, struct store *store, struct err *e)
{
	int64_t judged;

	if (store_alerts_live(
		store, k->in->arena, &k->live, &k->n_live, &judged, e) != 0)
		return -1;
	for (size_t i = 0; i < k->n_live; i++) {
		struct alert *x = &k->live[i];

		if (!is_meant(k->in, x))
			continue;
		set(k->in, x);
		if (store_alert_ack(store, x, e) != 0)
			return -1;
		say(k->in, x);
		k->done++;
	}
	return 0;
}

int verb_ack(struct invocation *in)
{
	struct acking k = {.in = in};
	struct store *store = NULL;
	struct plan plan;
	struct err e = {0};
	int lock = -1, rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	/* A reader first: who has no store should not get one by this. */
	if (store_open_read(&store, plan.common.store, &e) != 0)
		return complain(&e, EXIT_FATAL);
	store_close(store);
	store = NULL;
	if (lock_wait(plan.common.store, LOCK_S, &lock, &e) != 0 ||
	    store_open(&store, plan.common.store, &e) != 0 ||
	    ack_all(&k, store, &e) != 0)
		rc = complain(&e, EXIT_FATAL);
	else if (k.done == 0) {
		no_such_alert(&k, &e);
		rc = complain(&e, EXIT_USAGE);
	}
	store_close(store);
	if (lock >= 0)
		close(lock);
	return rc;
}

static const char *who(struct arena *a, const struct notify_event *n)
{
	const char *words = dispatch_words(a, n->channel);

	return n->recipient[0] != '\0'
		   ? arena_printf(a, "%s (%s)", words, n->recipient)
		   : words;
}

static void say_fault(struct arena *a, const struct notify_event *n)
{
	fprintf(stderr, "%s: %s%s\n", who(a, n),
	    n->fate == DISPATCH_LOST ? "given up: " : "", n->message);
	if (n->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", n->hint);
}

void say_notified(void *ctx, const struct notify_event *n)
{
	const struct invocation *in = ctx;
	const struct recipient *was = n->was;
	bool first_loss = n->fate == DISPATCH_LOST &&
			  (was->failing == 0 || was->lost < was->failing);

	if (n->fate != DISPATCH_SENT && (was->failing == 0 || first_loss))
		say_fault(in->arena, n);
	else if (n->fate == DISPATCH_SENT && was->failing != 0)
		fprintf(stderr, "%s: taken again, after %s\n",
		    who(in->arena, n),
		    clock_duration(
			in->arena, (double)(in->now - was->failing)));
}

void say_tried(void *ctx, const struct notify_event *n)
{
	struct notify_trial *t = ctx;

	if (n->fate == DISPATCH_SENT) {
		printf("%s: taken\n", who(t->arena, n));
		return;
	}
	t->status = EXIT_SOURCES;
	fprintf(stderr, "%s: %s\n", who(t->arena, n), n->message);
	if (n->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", n->hint);
}

static int no_such_channel(const struct plan *plan, const char *name)
{
	struct strings known = {0};
	struct err e = {0};
	const char *near;

	for (size_t i = 0; i < plan->n_channels; i++)
		strings_add(plan->arena, &known, plan->channels[i].name);
	if (plan->ping != NULL)
		strings_add(plan->arena, &known, PLAN_PING);
	near = str_nearest(name, &known);
	err_set(&e, "%s: there is no channel '%.80s'", plan->file, name);
	if (near != NULL)
		err_hint(&e, "did you mean '%s'?", near);
	return complain(&e, EXIT_USAGE);
}

int test_channel(struct invocation *in)
{
	struct notify_trial t = {in->arena, EXIT_WELL};
	struct notify_watch watch = {say_tried, &t};
	const struct channel *c;
	struct plan plan;
	struct err e = {0};
	int rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	c = plan_channel(&plan, in->notify);
	if (c == NULL && str_eq(in->notify, PLAN_PING))
		c = plan.ping;
	if (c == NULL)
		return no_such_channel(&plan, in->notify);
	if (notify_test(&plan, c, in->now, TEST_S, &watch, &e) != 0)
		return complain(&e, EXIT_FATAL);
	return t.status;
}
