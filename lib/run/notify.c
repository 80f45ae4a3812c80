#include "run/notify.h"
#include "base/child.h"
#include "base/clock.h"
#include "run/enclose.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define AT_ONCE	     8	 /* recipients */
#define EACH_MAX     20	 /* dispatches of one recipient in a run */
#define GRACE_S	     5.0 /* beyond its timeouts, before a child is killed */
#define PING_MESSAGE "the page was printed"

/* What is to be handed to one recipient, in its order. */
struct errand {
	const struct channel *channel;
	const char *recipient;
	const struct dispatch *dispatches; /* of a ping one without alerts */
	const struct message *message; /* of a report; else made from each */
	size_t n, done;
	bool failed; /* the rest waits for another run */
	struct child child;
	struct buf in;
	double kill_at;
};

/* What a child says of each. */
struct verdict {
	bool sent, never;
	int64_t retry_at;
	struct err err;
};

struct notifier {
	const struct plan *plan;
	struct store *store; /* NULL: nothing is remembered */
	struct arena *arena;
	const struct notify_watch *watch;
	struct errand *errands;
	size_t n, cap, started;
	struct errand *running[AT_ONCE];
	size_t n_running;
	int64_t now;
	double stop_at;
};

/* In the child, which may take its time. */
static struct message message_of(
    const struct notifier *n, const struct channel *c, const struct dispatch *d)
{
	struct arena *a = n->arena;
	struct news_site site = enclose_site(n->plan, d, a);
	struct message m;

	if (d->n == 0)
		return news_plain(a, d, &site, PING_MESSAGE);
	m = news_message(a, d, &site);
	if (c->kind->attaches)
		m.parts = enclose_file(d, &site, a);
	m.n_parts = m.parts != NULL;
	return m;
}

/* --- in the child */

struct work {
	const struct notifier *notifier;
	const struct errand *errand;
};

static bool say(int fd, const struct verdict *v)
{
	const char *p = (const char *)v;
	size_t left = sizeof(*v);

	while (left > 0) {
		ssize_t n = write(fd, p, left);

		if (n < 0 && errno != EINTR)
			return false;
		p += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

static int work(void *ctx, int fd)
{
	const struct work *w = ctx;
	const struct errand *x = w->errand;
	struct verdict v;

	for (size_t i = 0; i < x->n; i++) {
		struct message m = x->message != NULL
				       ? *x->message
				       : message_of(w->notifier, x->channel,
					     &x->dispatches[i]);
		struct sending s = {.channel = x->channel,
		    .recipient = x->recipient,
		    .message = &m,
		    .now = w->notifier->now,
		    .left = fmax(
			x->kill_at - clock_monotonic() - GRACE_S / 2, 0.1)};

		memset(&v, 0, sizeof(v));
		v.sent =
		    x->channel->kind->send(&s, w->notifier->arena, &v.err) == 0;
		v.never = s.never;
		v.retry_at = s.retry_at;
		if (!say(fd, &v))
			return 1;
		if (!v.sent && !v.never)
			break;
	}
	return 0;
}

/* --- in the parent */

static enum dispatch_fate fate_of(const struct notifier *n,
    const struct errand *x, const struct dispatch *d, const struct verdict *v)
{
	if (v->sent)
		return DISPATCH_SENT;
	if (v->never ||
	    (double)(n->now - d->made) >= x->channel->common.give_up)
		return DISPATCH_LOST;
	return DISPATCH_LATER;
}

/* Pings leave no trace while all is as it was. */
static int remember(const struct notifier *n, const struct dispatch_end *end,
    struct recipient *was, struct err *e)
{
	struct recipient *all;
	size_t n_all;

	*was = (struct recipient){.channel = end->channel,
	    .recipient = end->recipient,
	    .message = ""};
	if (n->store == NULL)
		return 0;
	if (end->id == 0) {
		if (store_recipients(n->store, n->arena, &all, &n_all, e) != 0)
			return -1;
		for (size_t i = 0; i < n_all; i++)
			if (str_eq(all[i].channel, end->channel))
				*was = all[i];
		if (was->sent != 0 &&
		    (was->failing != 0) == (end->fate != DISPATCH_SENT))
			return 0;
	}
	return store_dispatch_end(n->store, n->arena, end, n->now, was, e);
}

static int end_one(const struct notifier *n, struct errand *x,
    const struct verdict *v, struct err *e)
{
	const struct dispatch *d = &x->dispatches[x->done++];
	struct dispatch_end end = {.id = d->id,
	    .channel = x->channel->name,
	    .recipient = x->recipient,
	    .fate = fate_of(n, x, d, v),
	    .message = v->err.text,
	    .retry_at = v->retry_at};
	struct recipient was = {0};
	struct notify_event event = {.channel = end.channel,
	    .recipient = end.recipient,
	    .fate = end.fate,
	    .message = end.message,
	    .hint = v->err.hint,
	    .was = &was};

	x->failed = end.fate == DISPATCH_LATER;
	if (remember(n, &end, &was, e) != 0)
		return -1;
	n->watch->tried(n->watch->ctx, &event);
	return 0;
}

/* A sentence that was made elsewhere may hold anything. */
static void clean(char *text, size_t size)
{
	struct arena *a = arena_new();

	text[size - 1] = '\0';
	str_clean_into(text, size, arena_strdup(a, text), strlen(text));
	arena_free(a);
}

/* False at the end of what the child says. */
static bool read_some(struct errand *x)
{
	char chunk[8192];
	ssize_t n = read(x->child.fd, chunk, sizeof(chunk));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	buf_add(&x->in, chunk, (size_t)n);
	return n > 0 && !x->in.failed;
}

static int take_verdicts(
    const struct notifier *n, struct errand *x, struct err *e)
{
	struct verdict v;
	size_t used = 0;

	for (; x->in.len - used >= sizeof(v) && x->done < x->n && !x->failed;
	     used += sizeof(v)) {
		memcpy(&v, x->in.data + used, sizeof(v));
		clean(v.err.text, sizeof(v.err.text));
		clean(v.err.hint, sizeof(v.err.hint));
		if (end_one(n, x, &v, e) != 0)
			return -1;
	}
	if (used > 0) {
		memmove(x->in.data, x->in.data + used, x->in.len - used);
		x->in.len -= used;
	}
	return 0;
}

static double timeout_of(const struct errand *x)
{
	double each = x->channel->common.timeout;

	/* Mail has a server's timeout, which may be longer. */
	if (x->channel->mail != NULL && x->channel->mail->smtp.timeout > each)
		each = x->channel->mail->smtp.timeout;
	return each * (double)x->n + GRACE_S;
}

static int start(struct notifier *n, struct errand *x, struct err *e)
{
	struct work w = {n, x};
	struct verdict v = {0};

	x->kill_at = fmin(clock_monotonic() + timeout_of(x), n->stop_at);
	if (child_start(&x->child, work, &w) != 0) {
		err_set(&v.err, "no child process could be started: %s",
		    strerror(errno));
		return end_one(n, x, &v, e);
	}
	buf_init(&x->in, (EACH_MAX + 1) * sizeof(v));
	n->running[n->n_running++] = x;
	return 0;
}

/* The one that the child was at when it ended, or was ended. */
static int finish(struct notifier *n, size_t at, bool late, struct err *e)
{
	struct errand *x = n->running[at];
	struct verdict v = {0};
	int rc = 0;

	(void)child_end(&x->child);
	n->running[at] = n->running[--n->n_running];
	buf_free(&x->in);
	if (x->done < x->n && !x->failed) {
		err_set(&v.err, "%s",
		    late ? "there was no time left to wait for an answer"
			 : "its child process ended without an answer");
		rc = end_one(n, x, &v, e);
	}
	return rc;
}

static double next_deadline(const struct notifier *n)
{
	double t = n->stop_at;

	for (size_t i = 0; i < n->n_running; i++)
		t = fmin(t, n->running[i]->kill_at);
	return t;
}

static int turn(struct notifier *n, struct err *e)
{
	double left = next_deadline(n) - clock_monotonic();
	struct pollfd fds[AT_ONCE];

	for (size_t i = 0; i < n->n_running; i++)
		fds[i] = (struct pollfd){n->running[i]->child.fd, POLLIN, 0};
	poll(fds, n->n_running, left > 0 ? (int)(left * 1000) + 1 : 0);
	/* From the last: finish() puts the last one into the gap. */
	for (size_t i = n->n_running; i > 0; i--) {
		struct errand *x = n->running[i - 1];
		bool late = clock_monotonic() >= x->kill_at;
		bool over = fds[i - 1].revents != 0 && !read_some(x);

		if (take_verdicts(n, x, e) != 0)
			return -1;
		if ((over || late) && finish(n, i - 1, !over, e) != 0)
			return -1;
	}
	return 0;
}

static int run_errands(struct notifier *n, struct err *e)
{
	int rc = 0;

	do {
		while (rc == 0 && n->started < n->n && n->n_running < AT_ONCE &&
		       clock_monotonic() < n->stop_at)
			rc = start(n, &n->errands[n->started++], e);
		if (rc == 0 && n->n_running > 0)
			rc = turn(n, e);
	} while (rc == 0 &&
		 (n->n_running > 0 ||
		     (n->started < n->n && clock_monotonic() < n->stop_at)));
	for (size_t i = 0; i < n->n_running; i++) {
		(void)child_end(&n->running[i]->child);
		buf_free(&n->running[i]->in);
	}
	return rc;
}

static struct errand *add_errand(struct notifier *n, const struct channel *c,
    const char *recipient, const struct dispatch *d)
{
	struct errand *x = arena_push(n->arena, &n->errands, &n->n, &n->cap);

	*x = (struct errand){
	    .channel = c, .recipient = recipient, .dispatches = d, .n = 1};
	return x;
}

/* The configuration knows it no more. */
static int drop(
    const struct notifier *n, const struct dispatch *d, struct err *e)
{
	struct recipient was = {0};
	struct dispatch_end end = {.id = d->id,
	    .channel = d->channel,
	    .recipient = d->recipient,
	    .fate = DISPATCH_LOST,
	    .message = "it is no longer in the configuration"};

	return store_dispatch_end(n->store, n->arena, &end, n->now, &was, e);
}

static int gather(struct notifier *n, struct err *e)
{
	struct dispatch *all;
	struct errand *x = NULL;
	size_t n_all;

	if (store_dispatches(
		n->store, n->arena, n->now, EACH_MAX, &all, &n_all, e) != 0)
		return -1;
	for (size_t i = 0; i < n_all; i++) {
		struct dispatch *d = &all[i];
		const struct channel *c =
		    plan_channel_to(n->plan, d->channel, d->recipient);

		if (c != NULL && d->to != 0) {
			x = NULL; /* reports.c */
		} else if (c == NULL || d->n == 0) {
			if (drop(n, d, e) != 0)
				return -1;
			x = NULL;
		} else if (x != NULL && x->channel == c &&
			   str_eq(x->recipient, d->recipient)) {
			x->n++;
		} else {
			x = add_errand(n, c, d->recipient, d);
			/* Only the oldest says when they may go again. */
			if (store_dispatch_try(n->store, d, 1, n->now, e) != 0)
				return -1;
		}
	}
	return 0;
}

static void add_ping(struct notifier *n)
{
	struct dispatch *d = arena_make(n->arena, struct dispatch);

	*d = (struct dispatch){.uid = "", .made = n->now};
	add_errand(n, n->plan->ping, "", d);
}

int notify_send(const struct plan *plan, struct store *store, int64_t now,
    bool ping, double seconds, const struct notify_watch *watch, struct err *e)
{
	struct notifier n = {.plan = plan,
	    .store = store,
	    .arena = arena_new(),
	    .watch = watch,
	    .now = now,
	    .stop_at = clock_monotonic() + seconds};
	int rc = gather(&n, e);

	if (rc == 0 && ping && plan->ping != NULL)
		add_ping(&n);
	if (rc == 0)
		rc = run_errands(&n, e);
	arena_free(n.arena);
	return rc;
}

static int add_letter(struct notifier *n, const struct dispatch *d,
    const struct message *m, const struct err *why, struct err *e)
{
	struct verdict v = {0};
	struct errand *x =
	    add_errand(n, plan_channel_to(n->plan, d->channel, d->recipient),
		d->recipient, d);

	x->message = m;
	if (n->store != NULL &&
	    store_dispatch_try(n->store, d, 1, n->now, e) != 0)
		return -1;
	if (m != NULL)
		return 0;
	n->n--;
	v.err = *why;
	return end_one(n, x, &v, e);
}

int notify_letter(const struct plan *plan, struct store *store,
    const struct dispatch *d, size_t n_dispatches, const struct message *m,
    const struct err *why, int64_t now, double seconds,
    const struct notify_watch *watch, struct err *e)
{
	struct notifier n = {.plan = plan,
	    .store = store,
	    .arena = arena_new(),
	    .watch = watch,
	    .now = now,
	    .stop_at = clock_monotonic() + seconds};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n_dispatches; i++)
		rc = add_letter(&n, &d[i], m, why, e);
	if (rc == 0)
		rc = run_errands(&n, e);
	arena_free(n.arena);
	return rc;
}

int notify_test(const struct plan *plan, const struct channel *c, int64_t now,
    double seconds, const struct notify_watch *watch, struct err *e)
{
	struct notifier n = {.plan = plan,
	    .arena = arena_new(),
	    .watch = watch,
	    .now = now,
	    .stop_at = clock_monotonic() + seconds};
	struct dispatch *d = news_test(n.arena, c->name, now, e);
	int rc = d != NULL ? 0 : -1;

	if (rc == 0 && c == plan->ping)
		add_ping(&n);
	for (size_t i = 0; rc == 0 && c != plan->ping && i < c->recipients.n;
	     i++)
		add_errand(&n, c, c->recipients.items[i], d)->n =
		    c->common.grouped ? 1 : 2;
	if (rc == 0)
		rc = run_errands(&n, e);
	arena_free(n.arena);
	return rc;
}
