/* Which reports are due, for whom, and when the next ones are. */
#include "base/crypto.h"
#include "run/reports.h"

#include <string.h>

/* So many periods are looked at for one that is not empty. */
#define LOOK_BACK 62

#define UID 32 /* hexadecimal digits */

struct due {
	const struct plan *plan;
	struct store *store;
	struct arena *arena;
	const struct report_state *states;
	size_t n;
	int64_t now;
};

static const struct report_state *state_of(
    const struct due *d, const struct plan_report *r)
{
	for (size_t i = 0; i < d->n; i++)
		if (str_eq(d->states[i].name, r->name))
			return &d->states[i];
	return NULL;
}

/* The same at each try, and of no other report or time. */
static const char *uid_of(
    struct arena *a, const char *name, int64_t from, int64_t to)
{
	const char *all = arena_printf(
	    a, "report %lld %lld %s", (long long)from, (long long)to, name);
	char hex[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(all, strlen(all), hex);
	return arena_strndup(a, hex, UID);
}

/*
 * The newest of those that are due and were not seen to, of which there may
 * be something to say; false: of none.
 */
static int choose(const struct due *d, const struct plan_report *r,
    int64_t until, struct term *t, bool *found, struct err *e)
{
	int64_t to = t->to;

	*found = true;
	if (r->empty == EMPTY_SEND)
		return 0;
	for (int i = 0; i < LOOK_BACK && to > until; i++) {
		*t = schedule_term(&r->schedule, to);
		if (reports_any(d->plan, d->store, r->page, t->from, t->to,
			found, e) != 0)
			return -1;
		if (*found)
			return 0;
		to = schedule_before(&r->schedule, to);
	}
	*found = false;
	return 0;
}

static int queue(
    const struct due *d, const struct plan_report *r, struct err *e)
{
	struct term t = schedule_last(&r->schedule, d->now);
	const struct report_state *state = state_of(d, r);
	struct report_turn turn = {
	    .name = r->name, .channel = r->channel, .until = t.to};
	bool found;

	/* A new one waits for its time; so does each if a clock was ahead. */
	if (state == NULL || state->until > d->now)
		return store_report_turn(d->store, &turn, d->now, e);
	if (t.to <= state->until)
		return 0;
	if (choose(d, r, state->until, &t, &found, e) != 0)
		return -1;
	turn.uid = uid_of(d->arena, r->name, t.from, t.to);
	turn.from = t.from;
	turn.to = t.to;
	if (schedule_before(&r->schedule, t.to) > state->until)
		turn.missed = state->until;
	for (size_t i = 0; found && i < r->n_channels; i++)
		strings_add(d->arena, &turn.recipients,
		    r->channels[i].recipients.items[0]);
	return store_report_turn(d->store, &turn, d->now, e);
}

/* One that is taken out of the configuration begins anew in it. */
static int forget(const struct due *d, struct err *e)
{
	for (size_t i = 0; i < d->n; i++)
		if (plan_report(d->plan, d->states[i].name) == NULL &&
		    store_report_forget(d->store, d->states[i].name, e) != 0)
			return -1;
	return 0;
}

int reports_queue(
    const struct plan *plan, struct store *store, int64_t now, struct err *e)
{
	struct due d = {
	    .plan = plan, .store = store, .arena = arena_new(), .now = now};
	struct report_state *states;
	int rc = store_reports(store, d.arena, &states, &d.n, e);

	d.states = states;
	if (rc == 0)
		rc = forget(&d, e);
	for (size_t i = 0; rc == 0 && i < plan->n_reports; i++)
		rc = queue(&d, &plan->reports[i], e);
	arena_free(d.arena);
	return rc;
}

void reports_recipients(const struct plan *plan, int64_t now, struct arena *a,
    struct recipient **list, size_t *n)
{
	struct recipient *all = NULL, *x;
	size_t known = *n, cap = 0, k;

	*n = 0;
	for (size_t i = 0; i < known; i++)
		*arena_push(a, &all, n, &cap) = (*list)[i];
	for (size_t i = 0; i < plan->n_reports; i++)
		for (size_t j = 0; j < plan->reports[i].n_channels; j++) {
			const struct plan_report *r = &plan->reports[i];
			const char *to = r->channels[j].recipients.items[0];

			for (k = 0; k < known; k++)
				if (str_eq(all[k].channel, r->channel) &&
				    str_eq(all[k].recipient, to))
					break;
			x = k < known ? &all[k] : arena_push(a, &all, n, &cap);
			if (k == known)
				*x = (struct recipient){.channel = r->channel,
				    .recipient = to,
				    .message = ""};
			x->next = schedule_next(&r->schedule, now).due;
		}
	*list = all;
}
