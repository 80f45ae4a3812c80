/* Letters that go out by the calendar. */
#include "run/plan_use.h"

#include <string.h>
#include <strings.h>

#include "alert/window.h"

#define AT(member) offsetof(struct plan_report, member)

const struct option plan_report_options[] = {
    {"page", OPTION_TEXT, AT(page), .deflt = "index",
	.help = "the page that it shows"},
    {"every", OPTION_CHOICE, AT(every), .choices = "day|week|month",
	.help = "of which time of the calendar it is; a report that is called "
		"daily, weekly or monthly need not say"},
    {"at", OPTION_TEXT, AT(at), .deflt = "07:00",
	.help = "when it is sent, in the page's time zone"},
    {"on", OPTION_TEXT, AT(on),
	.help = "on which day: of the week, or of the month 1 to 31 (in a "
		"shorter month its last); the first if left out"},
    {"to", OPTION_LIST, AT(to),
	.help = "names of channels of mail under notify:, whose people get it"},
    {"mail", OPTION_NODE, AT(mail), .help = "an address or a list of them"},
    {"period", OPTION_DURATION, AT(period), .min = 3600, .max = 3660 * 86400.0,
	.help = "how far it reaches back from the end of its time; all of the "
		"day, week or month if left out"},
    {"empty", OPTION_CHOICE, AT(empty), .choices = "send|skip", .deflt = "send",
	.help = "whether it is sent if nothing came of the page's sources in "
		"its time and none of its alerts fired"},
    {"snapshot", OPTION_BOOL, AT(snapshot), .deflt = "yes",
	.help = "attach the snapshot, which has all of it"},
    {0},
};

/* The key's own place, or that of the report. */
static const struct node *at(const struct node *n, const char *key)
{
	const struct node *own = node_get(n, key);

	return own != NULL ? own : n;
}

static void bind_every(
    struct plan_report *r, const struct node *n, struct faults *faults)
{
	static const char *const names[] = {"daily", "weekly", "monthly"};

	if (node_get(n, "every") == NULL) {
		for (r->every = 0; r->every < 3; r->every++)
			if (str_eq(r->name, names[r->every]))
				break;
		if (r->every == 3) {
			fault_at(faults, n,
			    "report %.80s: 'every' is missing: day, week or "
			    "month",
			    r->name);
			r->every = 0;
		}
	}
	r->schedule.every = (enum calendar)(CALENDAR_DAY + r->every);
	r->schedule.length = (int64_t)r->period;
}

/* 0 is Monday. */
static bool weekday(const char *text, int *day)
{
	static const char *const names[] = {"monday", "tuesday", "wednesday",
	    "thursday", "friday", "saturday", "sunday"};

	for (*day = 0; *day < 7; (*day)++)
		if (strcasecmp(text, names[*day]) == 0 ||
		    (strlen(text) == 3 &&
			strncasecmp(text, names[*day], 3) == 0))
			return true;
	return false;
}

static void bind_on(
    struct plan_report *r, const struct node *n, struct faults *faults)
{
	int64_t day = 1;

	if (r->on == NULL)
		return;
	if (r->schedule.every == CALENDAR_DAY)
		fault_at(faults, at(n, "on"),
		    "on: a report of every day has no day of its own");
	else if (r->schedule.every == CALENDAR_WEEK &&
		 !weekday(r->on, &r->schedule.day))
		fault_at(faults, at(n, "on"),
		    "on: '%.80s' is no day of the week, such as monday", r->on);
	else if (r->schedule.every == CALENDAR_MONTH &&
		 (!str_int(r->on, &day) || day < 1 || day > 31))
		fault_at(faults, at(n, "on"),
		    "on: '%.80s' is no day of the month, 1 to 31", r->on);
	else if (r->schedule.every == CALENDAR_MONTH)
		r->schedule.day = (int)day - 1;
}

static void check_page(const struct plan *plan, const struct plan_report *r,
    const struct node *n, struct faults *faults)
{
	struct strings known = {0};
	const char *near;

	for (size_t i = 0; i < plan->n_pages; i++) {
		if (str_eq(plan->pages[i].name, r->page))
			return;
		strings_add(plan->arena, &known, plan->pages[i].name);
	}
	near = str_nearest(r->page, &known);
	if (near != NULL)
		fault_at(faults, at(n, "page"),
		    "page: there is no page '%.80s'; did you mean '%s'?",
		    r->page, near);
	else
		fault_at(faults, at(n, "page"),
		    "page: there is no page '%.80s'", r->page);
}

static bool is_known(
    const struct plan *plan, const struct plan_report *r, const char *address)
{
	struct mailbox new, old;
	struct err e;

	if (mailbox_parse(plan->arena, address, &new, &e) != 0)
		return true; /* which was said */
	for (size_t i = 0; i < r->n_channels; i++)
		if (mailbox_parse(plan->arena,
			r->channels[i].recipients.items[0], &old, &e) == 0 &&
		    str_eq(old.address, new.address))
			return true;
	return false;
}

/* A channel for each of its people, which is called as the report is. */
static void add_people(
    struct plan *plan, struct plan_report *r, const struct channel *from)
{
	for (size_t i = 0; i < from->recipients.n; i++) {
		const char *address = from->recipients.items[i];
		struct channel *c;

		if (is_known(plan, r, address))
			continue;
		c = arena_push(plan->arena, &r->channels, &r->n_channels,
		    &r->cap_channels);
		*c = *from;
		c->name = r->channel;
		c->recipients = (struct strings){0};
		strings_add(plan->arena, &c->recipients, address);
	}
}

static void bind_to(struct plan *plan, struct plan_report *r,
    const struct node *n, struct faults *faults)
{
	const struct node *list = node_get(n, "to");

	for (size_t i = 0; list != NULL && i < r->to.n; i++) {
		const struct node *item =
		    list->kind == NODE_LIST ? list->items[i] : list;
		const struct channel *c = plan_named_channel(
		    plan, "to", r->to.items[i], item, faults);

		if (c == NULL || c->kind == NULL)
			continue;
		if (c->kind != &channel_mail)
			fault_at(faults, item,
			    "to: channel '%.80s' is one of %s: a report is a "
			    "letter",
			    c->name, c->kind->name);
		else
			add_people(plan, r, c);
	}
}

/* As if there were a channel of its own. */
static void bind_mail(struct plan *plan, struct plan_report *r,
    const struct node *n, struct faults *faults)
{
	struct arena *a = plan->arena;
	struct node *map = node_new(a, n, NODE_MAP, "");
	size_t before = faults->n;
	struct channel c;

	if (r->mail == NULL)
		return;
	node_add(a, map, node_new(a, r->mail, NODE_SCALAR, "mail"),
	    (struct node *)(uintptr_t)r->mail);
	channel_bind(&c, r->channel, map, &plan->mail, NULL, faults);
	if (faults->n == before)
		add_people(plan, r, &c);
}

static void add_report(struct plan *plan, const struct node *key,
    const struct node *n, struct faults *faults)
{
	struct plan_report r = {.name = key->text};
	struct binding b = {plan_report_options, &r};
	size_t before = faults->n;

	if (!plan_channel_name(key->text)) {
		fault_at(
		    faults, key, "'%.80s' is no name for a report", key->text);
		return;
	}
	if (n->kind != NODE_MAP) {
		fault_at(faults, n,
		    "report %.80s: a mapping (page: …, to: …) is wanted here",
		    key->text);
		return;
	}
	option_bind(n, &b, 1, faults);
	r.channel = arena_printf(plan->arena, DISPATCH_REPORT "%s", r.name);
	bind_every(&r, n, faults);
	bind_on(&r, n, faults);
	if (r.at != NULL && !window_time(r.at, &r.schedule.minute))
		fault_at(faults, at(n, "at"),
		    "at: '%.80s' is no time of day, such as 07:00", r.at);
	check_page(plan, &r, n, faults);
	bind_to(plan, &r, n, faults);
	bind_mail(plan, &r, n, faults);
	if (r.n_channels == 0 && faults->n == before)
		fault_at(faults, n,
		    "report %.80s: nobody gets it: to: or mail: is missing",
		    r.name);
	*arena_push(plan->arena, &plan->reports, &plan->n_reports,
	    &plan->cap_reports) = r;
}

void plan_bind_reports(struct plan *plan, struct faults *faults)
{
	const struct node *all = plan->common.reports;

	if (all == NULL)
		return;
	if (all->kind != NODE_MAP) {
		fault_at(faults, all,
		    "reports: a mapping of names to reports is wanted here");
		return;
	}
	for (size_t i = 0; i < all->n; i++)
		add_report(plan, all->keys[i], all->items[i], faults);
}

const struct plan_report *plan_report(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_reports; i++)
		if (str_eq(plan->reports[i].name, name))
			return &plan->reports[i];
	return NULL;
}

static const struct channel *reader(
    const struct plan_report *r, const char *recipient)
{
	for (size_t i = 0; r != NULL && i < r->n_channels; i++)
		if (str_eq(r->channels[i].recipients.items[0], recipient))
			return &r->channels[i];
	return NULL;
}

const struct channel *plan_channel_to(
    const struct plan *plan, const char *name, const char *recipient)
{
	const struct channel *c = plan_channel(plan, name);

	if (str_starts(name, DISPATCH_REPORT))
		return reader(plan_report(plan, name + strlen(DISPATCH_REPORT)),
		    recipient);
	for (size_t i = 0; c != NULL && i < c->recipients.n; i++)
		if (str_eq(c->recipients.items[i], recipient))
			return c;
	return NULL;
}
